// Values of a Nix text that are plain to see: strings, lists of strings, and names that stand for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nix_text.hpp"

namespace ortforge::nix_text {

// Looks values up in one document, which must outlive it. Gives up on a name that leads in a circle and after
// many steps, as if the value were computed.
class Values {
 public:
  explicit Values(const Document& document) : document_(document) {}

  // The string that the tokens begin..end are; nothing where they are something else.
  std::optional<std::string> text(std::size_t begin, std::size_t end);
  // The strings of a list, of lists joined by ++, or the one string they are.
  std::optional<std::vector<std::string>> list(std::size_t begin, std::size_t end);
  // A string with what is interpolated put in; "${...}" stays where it is computed.
  std::string expanded(const Token& token, std::size_t place);

 private:
  const Binding* find(const std::string& name, std::size_t place) const;
  std::optional<std::vector<std::string>> element(std::size_t token);
  std::optional<std::string> interpolated(const std::string& inside, std::size_t place);
  // One past the bracket that closes the one at `token`.
  std::size_t past_bracket(std::size_t token, std::size_t end) const;
  bool may_go_on() { return depth_ < 16 && ++steps_ < 2'000; }

  const Document& document_;
  std::size_t depth_ = 0;
  std::size_t steps_ = 0;
};

}  // namespace ortforge::nix_text
