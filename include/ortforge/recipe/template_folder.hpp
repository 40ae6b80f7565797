// The templates folder, read once: many recipes are rendered from the same few files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/recipe/template.hpp"

namespace ortforge {

// Every regular file below a folder, by its path relative to the folder
// ("onnxruntime/package.cmake.mustache").
class TemplateFolder {
 public:
  // Reads all of them. Error: missing (no such folder, unreadable file).
  static Result<TemplateFolder> load(const std::filesystem::path& folder);

  // What a recipe gets for a file: `name` as it is, or `name`.mustache rendered with the values. Errors:
  // missing when there is neither; bad_input as render_template.
  Result<std::string> render(const std::string& name, const TemplateValues& values) const;

  // Names below `folder` (without ".mustache") that fit a pattern (fnmatch(3), where * crosses slashes),
  // relative to it, in order.
  std::vector<std::string> matching(const std::string& folder, const std::string& pattern) const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> files_;
};

}  // namespace ortforge
