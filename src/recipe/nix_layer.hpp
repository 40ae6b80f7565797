// The values of one layer for package.nix.mustache.
#pragma once

#include <set>
#include <string>

#include "nix_text.hpp"

#include "ortforge/recipe/template.hpp"

namespace ortforge::recipe_detail {

// Name, attribute, arguments and everything that overrideAttrs changes. `used` gets the names of the sources
// of the layer's branch that it takes. Errors: bad_input.
Result<TemplateValues> nix_layer_values(const NixLayer& layer, const std::string& name, const NixPlace& place,
                                        std::set<std::string>& used);

// A fetchpatch of each patch that applies, as rows with `why` and `value`. `set` is what the package set is
// called there.
Result<std::vector<TemplateValues>> nix_patch_rows(const std::vector<NixPatch>& patches,
                                                   const std::string& set, const NixPlace& place);

// Settings that apply as rows with `name` and `value`, the later of two with one name.
Result<std::vector<TemplateValues>> nix_setting_rows(const std::vector<NixSetting>& settings,
                                                     const NixPlace& place, const std::string& where,
                                                     std::set<std::string>* used = nullptr);

// A text of one or more lines as the rest of a comment that is indented by so many blanks.
std::string nix_comment(const std::string& text, std::size_t indent);

}  // namespace ortforge::recipe_detail
