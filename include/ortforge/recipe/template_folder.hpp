// The templates folder, each file read once: many recipes are rendered from the same few files.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/recipe/template.hpp"

namespace ortforge {

// Every regular file below a folder, by its path relative to the folder
// ("onnxruntime/package.cmake.mustache").
class TemplateFolder {
 public:
  // Lists them; each is read when it is rendered for the first time. Error: missing (no such folder).
  static Result<TemplateFolder> load(const std::filesystem::path& folder);

  // What a recipe gets for a file: `name` as it is, or `name`.mustache rendered with the values. Errors:
  // missing when there is neither or it cannot be read; bad_input as render_template.
  Result<std::string> render(const std::string& name, const TemplateValues& values) const;

  // What follows `prefix` ("onnxruntime/", or nothing) in names that begin with it (without ".mustache") and
  // fits a pattern there (fnmatch(3), where * crosses slashes), in order.
  std::vector<std::string> matching(const std::string& prefix, const std::string& pattern) const;

 private:
  using File = std::pair<const std::string, std::optional<std::string>>;
  Result<std::string> content(File& file) const;

  std::filesystem::path folder_;
  mutable std::map<std::string, std::optional<std::string>> files_;  // content once it was read
};

}  // namespace ortforge
