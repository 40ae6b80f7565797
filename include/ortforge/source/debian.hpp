// Debian source packages: which mirrors this machine uses, and where in them a tarball lies.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// Addresses of the mirrors that apt is configured to use ("https://host/debian", no slash at the end), in its
// order, each once: of the variable ORTFORGE_DEBIAN_MIRROR (separated by blanks) when set, else of `apt-get
// indextargets`. Error: missing when there is none.
Result<std::vector<std::string>> debian_mirrors(const std::map<std::string, std::string>& variables,
                                                const Interrupt* interrupt);

// The proxy that apt is configured to use for http or https, or nothing ("DIRECT" counts as nothing).
std::string apt_proxy(const std::string& scheme, const std::map<std::string, std::string>& variables,
                      const Interrupt* interrupt);

// The mirrors among the lines of `apt-get indextargets --format '$(REPO_URI)'`.
std::vector<std::string> parse_index_targets(std::string_view text);

// Where the archive keeps a file of a source package by its naming rule (Debian's archive layout, "pool"):
// "pool/main/h/howardhinnant-date/<file>", "pool/main/libd/libdate/<file>".
std::string pool_path(const std::string& component, const std::string& package, const std::string& file);

// Looks a file of a source package up in a Sources index that is fed in pieces (deb822, Debian policy 5.6).
class SourcesSearch {
 public:
  SourcesSearch(std::string package, std::string file)
      : package_(std::move(package)), file_(std::move(file)) {}

  // Takes the next piece of the index; false as soon as the file is found.
  bool feed(std::string_view piece);
  // Takes what is left after the last piece.
  void finish() { feed("\n\n"); }

  // Path of the file below the mirror ("pool/main/.../x.orig.tar.xz") once it is found.
  const std::optional<std::string>& path() const { return path_; }
  // Versions of the package that the index lists without the file.
  const std::vector<std::string>& other_versions() const { return other_versions_; }

 private:
  void take_stanza(std::string_view stanza);
  std::string package_;
  std::string file_;
  std::string rest_;
  std::optional<std::string> path_;
  std::vector<std::string> other_versions_;
};

}  // namespace ortforge
