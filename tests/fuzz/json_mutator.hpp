// Changes JSON as JSON: bytes changed at random hardly ever get past the syntax.
#pragma once

#include <string>
#include <string_view>

namespace ortforge {

// `text` with one to four values removed, replaced (by a value from elsewhere in it, or one off the beaten
// track) or given a new key; the same for the same seed. Empty when it is no JSON.
std::string mutated_json(std::string_view text, unsigned seed);

}  // namespace ortforge
