// What a command of the command line is. One file per command under src/cli/commands/, no logic: they read
// options, call the modules and print.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

class Session;

// The options of one command; a thin face of the command-line library, so that it is compiled once.
// Names are written as "-j,--jobs" or "--jobs"; positionals without dashes.
class OptionSet {
 public:
  virtual ~OptionSet() = default;
  virtual void flag(const std::string& names, bool& value, const std::string& help) = 0;
  virtual void option(const std::string& names, std::string& value, const std::string& help,
                      const std::string& type) = 0;
  virtual void option(const std::string& names, long long& value, const std::string& help,
                      const std::string& type) = 0;
  virtual void list(const std::string& names, std::vector<std::string>& values, const std::string& help,
                    const std::string& type) = 0;
  virtual void positional(const std::string& name, std::string& value, const std::string& help,
                          bool required) = 0;
  virtual void positionals(const std::string& name, std::vector<std::string>& values, const std::string& help,
                           bool required) = 0;
};

class CliCommand {
 public:
  virtual ~CliCommand() = default;
  virtual std::string name() const = 0;
  virtual std::string summary() const = 0;
  virtual void add_options(OptionSet& options) = 0;
  // Does it. The value is the exit code: 0, or 1 when a build, test or check did not pass.
  virtual Result<int> run(Session& session) = 0;
};

// Every command in the order help shows them.
std::vector<std::unique_ptr<CliCommand>> all_commands();

}  // namespace ortforge
