#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include <sys/ioctl.h>
#include <unistd.h>

#include "ortforge/cli/application.hpp"
#include "ortforge/process/signals.hpp"

extern char** environ;

namespace {

// Columns of the terminal behind a descriptor; 80 where there is none.
std::size_t columns_of(int descriptor) {
  winsize size{};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::size_t{size.ws_col} : std::size_t{80};
}

}  // namespace

int main(int argc, char** argv) {
  ortforge::Interrupt interrupt;
  const auto handlers = ortforge::SignalHandlers::install(interrupt);
  if (!handlers) {
    std::cerr << "error: " << handlers.error().message << '\n';
    return ortforge::exit_code(handlers.error().kind);
  }
  ortforge::Surroundings surroundings;
  surroundings.arguments.assign(argv, argv + argc);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      surroundings.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  std::error_code error;
  surroundings.directory = std::filesystem::current_path(error);
  surroundings.program = std::filesystem::read_symlink("/proc/self/exe", error);
  surroundings.out = &std::cout;
  surroundings.err = &std::cerr;
  surroundings.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  surroundings.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  surroundings.out_width = columns_of(STDOUT_FILENO);
  surroundings.terminal_width = columns_of(STDERR_FILENO);
  surroundings.interrupt = &interrupt;
  const int code = ortforge::run_application(surroundings);
  std::cout.flush();
  return std::cout.fail() && code == 0 ? ortforge::exit_code(ortforge::ErrorKind::missing) : code;
}
