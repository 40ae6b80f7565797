// Text templates (mustache), with values escaped for the language of the file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

// Values of a template: texts, switches, and lists of rows for sections.
struct TemplateValues {
  std::map<std::string, std::string> texts;
  std::map<std::string, bool> switches;
  std::map<std::string, std::vector<TemplateValues>> lists;
};

// A row of a list that holds texts alone.
inline TemplateValues row(std::map<std::string, std::string> texts) {
  return {std::move(texts), {}, {}};
}

// How "{{name}}" is escaped ("{{{name}}}" never is).
enum class TemplateLanguage {
  plain,  // not at all
  cmake,  // for use inside a quoted CMake argument: backslash, quote and dollar sign
  nix,    // for use inside a quoted Nix string: backslash, quote and "${"
};

// The text inside a quoted CMake argument that stands for `text` (cmake-language(7), Quoted Argument).
std::string escape_cmake(std::string_view text);

// The text between the quotes of a Nix string that stands for `text` (Nix manual, Values, String).
std::string escape_nix(std::string_view text);

// Renders a template. `name` stands in errors. Errors: bad_input for a syntax fault, for a partial, and for
// every key that has no value ("NAME:LINE: unknown key 'x' (did you mean ...)").
Result<std::string> render_template(std::string_view text, const std::string& name, TemplateLanguage language,
                                    const TemplateValues& values);

}  // namespace ortforge
