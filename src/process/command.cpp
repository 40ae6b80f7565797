#include "ortforge/process/command.hpp"

#include <cstring>

#include <fmt/core.h>

namespace ortforge {
namespace {

struct Describer {
  std::string operator()(const NotStarted& ending) const { return "not started: " + ending.reason; }
  std::string operator()(const Exited& ending) const { return fmt::format("exit code {}", ending.code); }
  std::string operator()(const Signaled& ending) const {
    const char* name = sigabbrev_np(ending.signal);
    return name != nullptr ? fmt::format("killed by SIG{}", name)
                           : fmt::format("killed by signal {}", ending.signal);
  }
  std::string operator()(const TimedOut& ending) const {
    return "timed out after " + format_duration(ending.limit);
  }
};

}  // namespace

std::string describe(const Ending& ending) {
  return std::visit(Describer{}, ending);
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += R"('\'')";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string shell_text(const Command& command) {
  std::vector<std::string> words;
  for (const auto& [name, value] : command.environment) words.push_back(name + "=" + shell_word(value));
  const std::size_t program = words.size();
  for (const std::string& argument : command.argv) words.push_back(shell_word(argument));
  // A plain word with '=' in the program's place would be read as one more assignment.
  if (program < words.size() && words[program].find('=') != std::string::npos &&
      words[program] == command.argv.front()) {
    words[program] = "'" + words[program] + "'";
  }
  return join(words, " ");
}

}  // namespace ortforge
