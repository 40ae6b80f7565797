#include "ortforge/cli/application.hpp"

#include <algorithm>
#include <exception>
#include <iostream>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ortforge/base/text.hpp"
#include "ortforge/cli/command.hpp"

namespace ortforge {
namespace {

class Cli11Options : public OptionSet {
 public:
  explicit Cli11Options(CLI::App& app) : app_(app) {}

  void flag(const std::string& names, bool& value, const std::string& help) override {
    app_.add_flag(names, value, help);
  }
  void option(const std::string& names, std::string& value, const std::string& help,
              const std::string& type) override {
    app_.add_option(names, value, help)->type_name(type);
  }
  void option(const std::string& names, long long& value, const std::string& help,
              const std::string& type) override {
    app_.add_option(names, value, help)->type_name(type);
  }
  void list(const std::string& names, std::vector<std::string>& values, const std::string& help,
            const std::string& type) override {
    app_.add_option(names, values, help)->type_name(type)->allow_extra_args(false);
  }
  void positional(const std::string& name, std::string& value, const std::string& help,
                  bool required) override {
    app_.add_option(name, value, help)->required(required)->type_name("");
  }
  void positionals(const std::string& name, std::vector<std::string>& values, const std::string& help,
                   bool required) override {
    app_.add_option(name, values, help)->required(required)->type_name("");
  }

 private:
  CLI::App& app_;
};

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.add_option("--matrix", options.matrix, "Matrix folder (ORTFORGE_MATRIX)")->type_name("DIR");
  app.add_option("--home", options.home, "Store, sources and records (ORTFORGE_HOME)")->type_name("DIR");
  app.add_option("--product", options.product, "Product")->type_name("NAME");
  app.add_option("--branch", options.branch, "Branch (ORTFORGE_BRANCH)")->type_name("NAME");
  app.add_option("--cuda", options.cuda, "CUDA toolkit of the line, such as 12.4")->type_name("VERSION");
  app.add_option("--python", options.python, "Python of the line, such as 3.13")->type_name("VERSION");
  app.add_flag("--json", options.json, "Print data as JSON");
  app.add_flag("-v,--verbose", options.verbose, "Say more; show the output of builds");
  app.add_flag("-q,--quiet", options.quiet, "Say only what went wrong");
}

void print_error(std::ostream& err, const Error& error, bool colours) {
  err << (colours ? "\033[1;31merror:\033[0m " : "error: ") << error.message << '\n';
  if (!error.hint.empty()) err << "  " << error.hint << '\n';
}

void add_long_names(const CLI::App& app, std::vector<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
}

// What was wrong with a call that could not be parsed: the first word that nobody took, else what the parser
// says. The hint names the help that lists what there is.
Error usage_error(const CLI::App& app, const std::vector<std::unique_ptr<CliCommand>>& commands,
                  const CLI::ParseError& fault) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  const CLI::App* command = parsed.empty() ? nullptr : parsed.front();
  Error error{ErrorKind::bad_input, fault.what(),
              command == nullptr ? "see 'ortforge --help'"
                                 : fmt::format("see 'ortforge {} --help'", command->get_name())};
  const std::vector<std::string> left_over = app.remaining(true);
  const auto found = std::find_if(left_over.begin(), left_over.end(),
                                  [](const std::string& word) { return word != "--"; });
  if (found == left_over.end()) return error;
  std::vector<std::string> names;
  if (found->starts_with("-")) {
    add_long_names(app, names);
    if (command != nullptr) add_long_names(*command, names);
    const std::string option = found->substr(0, found->find('='));
    error.message = fmt::format("unknown option '{}'{}", option, did_you_mean(option, names));
  } else if (command == nullptr) {
    for (const auto& known : commands) names.push_back(known->name());
    error.message = fmt::format("unknown command '{}'{}", *found, did_you_mean(*found, names));
  } else {
    error.message = fmt::format("{} does not take '{}'", command->get_name(), *found);
  }
  return error;
}

}  // namespace

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failed:
      return 1;
    case ErrorKind::bad_input:
      return 2;
    case ErrorKind::missing:
      return 3;
    case ErrorKind::internal:
      return 4;
    case ErrorKind::interrupted:
      return 130;
  }
  return 4;
}

std::string ortforge_version() {
  return ORTFORGE_VERSION;
}

int run_application(const Surroundings& surroundings) {
  const auto commands = all_commands();
  GlobalOptions options;
  CLI::App app{"Plans, builds, tests and records variants of ONNX Runtime.", "ortforge"};
  app.set_version_flag("--version", "ortforge " + ortforge_version());
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->column_width(34);
  add_global_options(app, options);
  std::vector<CLI::App*> parsers;
  for (const auto& command : commands) {
    CLI::App* parser = app.add_subcommand(command->name(), command->summary());
    parser->fallthrough();
    Cli11Options set(*parser);
    command->add_options(set);
    parsers.push_back(parser);
  }
  std::vector<std::string> arguments(surroundings.arguments.rbegin(), surroundings.arguments.rend());
  if (!arguments.empty()) arguments.pop_back();
  const auto report = [&](const Error& error) {
    Session session(surroundings, options);
    print_error(*surroundings.err, error, session.colours());
    return exit_code(error.kind);
  };
  try {
    app.parse(arguments);
  } catch (const CLI::Success& help) {
    app.exit(help, *surroundings.out, *surroundings.err);
    return 0;
  } catch (const CLI::ParseError& fault) {
    return report(usage_error(app, commands, fault));
  }
  try {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      if (!parsers[i]->parsed()) continue;
      Session session(surroundings, options);
      const Result<int> code = commands[i]->run(session);
      return code ? *code : report(code.error());
    }
  } catch (const std::exception& fault) {
    return report({ErrorKind::internal, fmt::format("internal fault: {}", fault.what()), "please report it"});
  }
  return exit_code(ErrorKind::internal);
}

}  // namespace ortforge
