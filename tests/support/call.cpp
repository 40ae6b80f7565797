#include "support/call.hpp"

#include <cstdlib>
#include <sstream>

namespace ortforge {

CallResult call(const CallPlace& place, std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Interrupt interrupt;
  Surroundings surroundings;
  surroundings.arguments = {"ortforge"};
  surroundings.arguments.insert(surroundings.arguments.end(), arguments.begin(), arguments.end());
  surroundings.variables = place.variables;
  for (const char* name : {"PATH", "HOME"}) {
    if (const char* value = std::getenv(name)) surroundings.variables.emplace(name, value);
  }
  surroundings.variables["ORTFORGE_HOME"] = place.home.string();
  surroundings.directory = place.directory.empty() ? place.home : place.directory;
  surroundings.program = TEST_PROGRAM;
  surroundings.out = &out;
  surroundings.err = &err;
  surroundings.interrupt = place.interrupt != nullptr ? place.interrupt : &interrupt;
  CallResult result;
  result.code = run_application(surroundings);
  result.out = out.str();
  result.err = err.str();
  return result;
}

}  // namespace ortforge
