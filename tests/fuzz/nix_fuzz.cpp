// Any text as a hand-kept Nix recipe: it is read, or is an error with words and a line.
#include <cstdlib>
#include <string_view>

#include "ortforge/matrix/nix_recipe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto recipe = ortforge::read_nix_recipe(text);
  if (!recipe && !recipe.error().message.starts_with("line ")) std::abort();
  return 0;
}
