// Nix expressions out of what the matrix says.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ortforge/matrix/matrix.hpp"
#include "ortforge/recipe/placeholder.hpp"

namespace ortforge::recipe_detail {

// One layer of one variant, with the branch whose sources, options and substitutions it means.
struct NixPlace {
  const Matrix& matrix;
  const Product& product;  // of the layer
  const Branch& branch;    // of the layer
  const Variant& variant;
};

// What placeholders of a text stand for inside a quoted Nix string: escaped texts, or "${expression}".
PlaceholderValues nix_placeholders(const NixPlace& place);

// The name in `sources` of a recipe that a source of the layer's branch has: with the product in front where
// that is not the variant's.
std::string nix_source_name(const NixPlace& place, const std::string& source);

// A quoted Nix string. `used` gets the names of the sources that it speaks of. Errors: bad_input for an
// unknown placeholder.
Result<std::string> nix_string(const std::string& text, const NixPlace& place, const std::string& where,
                               std::set<std::string>* used = nullptr);

// The same for a text that goes into a shell command as one word.
Result<std::string> nix_shell_word(const std::string& text, const NixPlace& place, const std::string& where);

// An attribute of `set`: "pkgs.python313Packages.onnxruntime". Errors: bad_input, also for a text that is no
// attribute path.
Result<std::string> nix_attribute(const std::string& set, const std::string& path, const NixPlace& place,
                                  const std::string& where);

// Any value. Errors: bad_input.
Result<std::string> nix_value(const NixValue& value, const NixPlace& place, const std::string& where,
                              std::set<std::string>* used = nullptr);

// [ "a" "b" ] of texts that hold no placeholders.
std::string nix_list(const std::vector<std::string>& texts);

// A name that an attribute or a binding can have, and that is no word of the language.
bool is_nix_name(const std::string& name);

// Whether a `when` lets the variant in; empty: always. Error: bad_input, naming `where`.
Result<bool> nix_applies(const std::string& when, const NixPlace& place, const std::string& where);

// An expression that fetches a source and verifies it. Error: bad_input when no origin is of a kind that Nix
// can fetch.
Result<std::string> nix_fetch(const std::string& set, const Source& source, const NixPlace& place);

}  // namespace ortforge::recipe_detail
