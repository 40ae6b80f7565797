// One call of ortforge inside the test process, with a home of its own.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ortforge/cli/application.hpp"

namespace ortforge {

struct CallResult {
  int code = 0;
  std::string out;
  std::string err;
};

// What the tests give a call: the home and current folder, and environment variables beside PATH and HOME.
struct CallPlace {
  std::filesystem::path home;
  std::filesystem::path directory;
  std::map<std::string, std::string> variables;
  Interrupt* interrupt = nullptr;
};

CallResult call(const CallPlace& place, std::vector<std::string> arguments);

}  // namespace ortforge
