// Wheels by way of pip, which knows the user's index, proxy, credentials and certificates.
#include <algorithm>
#include <optional>
#include <variant>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/source/origin.hpp"
#include "ortforge/source/wheel.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// "cp311" -> implementation "cp", version "311"; "py3" -> "py", "3".
std::pair<std::string, std::string> split_python_tag(const std::string& tag) {
  const std::size_t digits = std::min(tag.find_first_of("0123456789"), tag.size());
  return {tag.substr(0, digits), tag.substr(digits)};
}

// Runs a command to its end while the folder it downloads into is watched for progress.
Result<Captured> run_watched(const Command& command, const Source& source, const fs::path& folder,
                             const SourceContext& context) {
  Captured captured;
  const auto runner = make_process_runner(context.interrupt);
  RunOptions options;
  options.on_output = [&](std::string_view text) { captured.output += text; };
  ORTFORGE_TRY(const ProcessId id, runner->start(command, std::move(options)));
  static_cast<void>(id);
  while (true) {
    ORTFORGE_TRY(const std::optional<Finished> finished, runner->wait(Milliseconds{250}));
    if (finished) {
      captured.outcome = finished->outcome;
      return captured;
    }
    // pip moves files while it works: a failed look is no failure.
    if (const auto bytes = tree_bytes(folder); bytes && context.listener != nullptr)
      context.listener->progress(source, *bytes, 0);
  }
}

bool pip_is_absent(const Captured& captured) {
  return std::holds_alternative<NotStarted>(captured.outcome.ending) ||
         captured.output.find("No module named pip") != std::string::npos;
}

// Runs pip with the arguments, in the first of its usual forms that is here.
Result<Captured> run_pip(const std::vector<std::string>& arguments, const Source& source,
                         const fs::path& scratch, const SourceContext& context) {
  Command command{{}, context.variables, scratch};
  command.environment["TMPDIR"] = (scratch / "pip").string();  // where it puts what is not complete yet
  command.environment["PYTHONWARNINGS"] = "ignore";
  ORTFORGE_CHECK(make_directories(scratch / "pip"));
  const std::vector<std::vector<std::string>> forms = {{"python3", "-m", "pip"}, {"pip3"}, {"pip"}};
  for (const std::vector<std::string>& form : forms) {
    command.argv = form;
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    ORTFORGE_TRY(Captured captured, run_watched(command, source, scratch, context));
    if (!pip_is_absent(captured)) return captured;
  }
  return fail_with_hint(ErrorKind::missing,
                        "pip is not here: wheels come from the index it is configured to use",
                        "install the package python3-pip");
}

// pip's own words for what went wrong.
std::string pip_reason(const std::string& output) {
  std::vector<std::string> errors;
  for (const std::string& line : split(output, '\n')) {
    if (line.starts_with("ERROR: ") && line.find("Ignored the following") == std::string::npos) {
      errors.push_back(trim(std::string_view(line).substr(7)));
    }
  }
  return errors.empty() ? trim(output).substr(0, 400) : join(errors, "; ");
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  return names;
}

}  // namespace

Result<WheelName> parse_wheel_name(const std::string& file) {
  if (file.ends_with(".whl") && file.find('/') == std::string::npos) {
    const std::vector<std::string> parts = split(file.substr(0, file.size() - 4), '-');
    const bool filled =
        std::none_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
    if (filled && (parts.size() == 5 || parts.size() == 6)) {
      const std::size_t tags = parts.size() - 3;
      return WheelName{parts[0], parts[1], split(parts[tags], '.'), split(parts[tags + 1], '.'),
                       split(parts[tags + 2], '.')};
    }
  }
  return fail(ErrorKind::bad_input, "'{}' is no wheel: expected name-version-python-abi-platform.whl", file);
}

Result<std::vector<std::string>> pip_download_arguments(const std::string& requirement,
                                                        const std::string& file, const fs::path& folder) {
  ORTFORGE_TRY(const WheelName wheel, parse_wheel_name(file));
  const auto [implementation, version] = split_python_tag(wheel.pythons.back());
  if (implementation.empty() || version.empty()) {
    return fail(ErrorKind::bad_input, "'{}': Python tag '{}' has no version", file, wheel.pythons.back());
  }
  std::vector<std::string> arguments = {"download",
                                        "--no-deps",
                                        "--only-binary=:all:",
                                        "--no-cache-dir",
                                        "--progress-bar",
                                        "off",
                                        "--no-input",
                                        "--disable-pip-version-check",
                                        "--ignore-requires-python",
                                        "--implementation",
                                        implementation,
                                        "--python-version",
                                        version};
  for (const std::string& abi : wheel.abis) arguments.insert(arguments.end(), {"--abi", abi});
  for (const std::string& platform : wheel.platforms)
    arguments.insert(arguments.end(), {"--platform", platform});
  arguments.insert(arguments.end(), {"--dest", folder.string(), requirement});
  return arguments;
}

Result<Obtained> obtain_wheel(const Source& source, const SourceOrigin& origin, const fs::path& scratch,
                              const SourceContext& context) {
  const fs::path folder = scratch / "wheels";
  ORTFORGE_TRY(const auto arguments,
               pip_download_arguments(origin.package + "==" + origin.version, origin.file, folder));
  ORTFORGE_CHECK(make_directories(folder));
  ORTFORGE_TRY(const Captured captured, run_pip(arguments, source, scratch, context));
  if (captured.outcome.interrupted || (context.interrupt != nullptr && context.interrupt->requested())) {
    return fail(ErrorKind::interrupted, "{}: download interrupted", origin.file);
  }
  if (!captured.outcome.success()) {
    return fail(ErrorKind::missing, "pip: {}: {}", describe(captured.outcome.ending),
                pip_reason(captured.output));
  }
  Obtained obtained;
  obtained.file = folder / origin.file;
  std::error_code error;
  if (!fs::is_regular_file(obtained.file, error)) {
    return fail(ErrorKind::missing, "the index gives {} instead of {}", join(names_in(folder), ", "),
                origin.file);
  }
  ORTFORGE_TRY(obtained.file_digest, sha256_file(obtained.file));
  obtained.bytes = fs::file_size(obtained.file, error);
  return obtained;
}

}  // namespace ortforge
