#include "ortforge/source/debian.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

// The value of a field in a stanza, continuation lines included; nothing when it is absent.
std::optional<std::string> field(std::string_view stanza, std::string_view name) {
  std::optional<std::string> value;
  for (const std::string& line : split(stanza, '\n')) {
    if (value) {
      if (!line.starts_with(' ') && !line.starts_with('\t')) break;
      *value += "\n" + line;
    } else if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':') {
      value = trim(std::string_view(line).substr(name.size() + 1));
    }
  }
  return value;
}

// Lines of "Files" and "Checksums-Sha256" are "<digest> <size> <name>".
bool lists_file(std::string_view lines, const std::string& file) {
  const std::vector<std::string> all = split(lines, '\n');
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& line) { return line.ends_with(" " + file); });
}

Command apt(std::vector<std::string> argv, const std::map<std::string, std::string>& variables) {
  Command command{std::move(argv), variables, "/"};
  command.environment["LC_ALL"] = "C.UTF-8";
  return command;
}

}  // namespace

std::vector<std::string> parse_index_targets(std::string_view text) {
  std::vector<std::string> mirrors;
  for (const std::string& line : split(text, '\n')) {
    std::string mirror = trim(line);
    while (mirror.ends_with('/')) mirror.pop_back();
    const bool usable =
        mirror.starts_with("http://") || mirror.starts_with("https://") || mirror.starts_with("file:/");
    if (usable && std::find(mirrors.begin(), mirrors.end(), mirror) == mirrors.end())
      mirrors.push_back(mirror);
  }
  return mirrors;
}

Result<std::vector<std::string>> debian_mirrors(const std::map<std::string, std::string>& variables,
                                                const Interrupt* interrupt) {
  const std::string hint =
      "run on a machine whose apt has a source list, or name a mirror in ORTFORGE_DEBIAN_MIRROR";
  if (const auto named = variables.find("ORTFORGE_DEBIAN_MIRROR");
      named != variables.end() && !named->second.empty()) {
    std::string lines = named->second;
    std::replace(lines.begin(), lines.end(), ' ', '\n');
    std::vector<std::string> mirrors = parse_index_targets(lines);
    if (mirrors.empty()) {
      return fail_with_hint(ErrorKind::bad_input, "ORTFORGE_DEBIAN_MIRROR: no http, https or file address",
                            hint);
    }
    return mirrors;
  }
  ORTFORGE_TRY(const Captured targets,
               run_captured(apt({"apt-get", "indextargets", "--format", "$(REPO_URI)"}, variables),
                            Milliseconds{30000}, interrupt));
  if (targets.outcome.interrupted) return fail(ErrorKind::interrupted, "apt-get indextargets: interrupted");
  if (!targets.outcome.success()) {
    return fail_with_hint(
        ErrorKind::missing,
        fmt::format("apt-get indextargets: {}: {}", describe(targets.outcome.ending), trim(targets.output)),
        hint);
  }
  std::vector<std::string> mirrors = parse_index_targets(targets.output);
  if (mirrors.empty())
    return fail_with_hint(ErrorKind::missing, "apt has no mirror in its source lists", hint);
  return mirrors;
}

std::string apt_proxy(const std::string& scheme, const std::map<std::string, std::string>& variables,
                      const Interrupt* interrupt) {
  const auto dump = run_captured(
      apt({"apt-config", "dump", "--format", "%v%n", "Acquire::" + scheme + "::Proxy"}, variables),
      Milliseconds{30000}, interrupt);
  if (!dump || !dump->outcome.success()) return {};
  const std::string proxy = trim(dump->output.substr(0, dump->output.find('\n')));
  return proxy == "DIRECT" ? std::string() : proxy;
}

std::string pool_path(const std::string& component, const std::string& package, const std::string& file) {
  const std::string prefix = package.starts_with("lib") ? package.substr(0, 4) : package.substr(0, 1);
  return "pool/" + component + "/" + prefix + "/" + package + "/" + file;
}

bool SourcesSearch::feed(std::string_view piece) {
  rest_ += piece;
  std::size_t start = 0;
  for (std::size_t end = rest_.find("\n\n"); end != std::string::npos && !path_;
       end = rest_.find("\n\n", start)) {
    take_stanza(std::string_view(rest_).substr(start, end - start));
    start = end + 2;
  }
  rest_.erase(0, start);
  return !path_;
}

void SourcesSearch::take_stanza(std::string_view stanza) {
  if (field(stanza, "Package") != package_) return;
  const std::optional<std::string> directory = field(stanza, "Directory");
  const std::string files =
      field(stanza, "Checksums-Sha256").value_or("") + "\n" + field(stanza, "Files").value_or("");
  if (directory && lists_file(files, file_)) {
    path_ = *directory + "/" + file_;
  } else {
    other_versions_.push_back(field(stanza, "Version").value_or("?"));
  }
}

}  // namespace ortforge
