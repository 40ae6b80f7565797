#include <algorithm>

#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

// Every element of a string array must be one of `known`.
Result<std::vector<std::string>> words_of(const JsonPlace& place, const char* key,
                                          const std::vector<std::string>& known) {
  if (!place.has(key)) return std::vector<std::string>{};
  ORTFORGE_TRY(const JsonPlace list, place.at(key));
  ORTFORGE_TRY(const std::vector<JsonPlace> items, list.elements());
  std::vector<std::string> result;
  for (const JsonPlace& item : items) {
    ORTFORGE_TRY(std::string word, item.string());
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      return item.error(
          fmt::format("unknown '{}'; known: {}{}", word, join(known, ", "), did_you_mean(word, known)));
    }
    result.push_back(std::move(word));
  }
  return result;
}

Result<CommandTemplate> read_command(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"argv", "environment", "directory", "output", "when"}));
  CommandTemplate command;
  ORTFORGE_TRY(const JsonPlace argv, place.at("argv"));
  ORTFORGE_TRY(command.argv, argv.strings());
  if (command.argv.empty()) return argv.error("a command needs at least its program");
  if (place.has("environment")) {
    ORTFORGE_TRY(const JsonPlace environment, place.at("environment"));
    ORTFORGE_TRY(const auto members, environment.members());
    for (const auto& [name, value] : members) {
      ORTFORGE_TRY(command.environment[name], value.string());
    }
  }
  ORTFORGE_TRY(command.directory, place.string_or("directory", ""));
  ORTFORGE_TRY(command.output, place.string_or("output", ""));
  ORTFORGE_TRY(command.when, read_when(place));
  return command;
}

Result<std::uint64_t> read_bytes(const JsonPlace& place, const char* key) {
  ORTFORGE_TRY(const long long bytes, place.integer_or(key, 0));
  if (bytes >= 0) return static_cast<std::uint64_t>(bytes);
  ORTFORGE_TRY(const JsonPlace member, place.at(key));
  return member.error(fmt::format("expected a number of bytes, found {}", bytes));
}

Result<HeavyTargets> read_heavy(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"targets", "peak_bytes", "when"}));
  HeavyTargets heavy;
  ORTFORGE_TRY(const JsonPlace targets, place.at("targets"));
  ORTFORGE_TRY(heavy.targets, targets.strings());
  if (heavy.targets.empty()) return targets.error("expected the names of one or more CMake targets");
  ORTFORGE_TRY(const JsonPlace peak, place.at("peak_bytes"));
  ORTFORGE_TRY(const long long bytes, peak.integer());
  if (bytes <= 0) return peak.error(fmt::format("expected a number of bytes, found {}", bytes));
  heavy.peak_bytes = static_cast<std::uint64_t>(bytes);
  ORTFORGE_TRY(heavy.when, read_when(place));
  return heavy;
}

// What runs CMake: the component's presets, or setup.py, which knows no presets, targets of its own or other
// build trees.
Result<void> read_front_end(const JsonPlace& place, Component& component) {
  if (!place.has("front_end")) return {};
  ORTFORGE_TRY(const JsonPlace member, place.at("front_end"));
  ORTFORGE_TRY(component.front_end, member.string());
  const std::vector<std::string> known{"cmake", "setup.py"};
  if (std::find(known.begin(), known.end(), component.front_end) == known.end()) {
    return member.error(fmt::format("unknown front end '{}'; known: {}{}", component.front_end,
                                    join(known, ", "), did_you_mean(component.front_end, known)));
  }
  if (component.kind != "build") return member.error("only a build component has a front end");
  if (component.front_end == "cmake") return {};
  for (const char* other : {"targets", "continues", "heavy"}) {
    if (!place.has(other)) continue;
    ORTFORGE_TRY(const JsonPlace refused, place.at(other));
    return refused.error(fmt::format("a component with the front end setup.py has no '{}'", other));
  }
  return {};
}

}  // namespace

Result<Component> read_component(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "axes", "needs", "kind", "front_end", "files", "tools",
                             "source_directory", "targets", "baseline", "continues", "options", "commands",
                             "outputs", "when", "expected_cpu_ms", "peak_bytes", "heavy", "disk_bytes"}));
  Component component;
  ORTFORGE_TRY(component.name, place.string("name"));
  ORTFORGE_TRY(component.kind, place.string("kind"));
  const std::vector<std::string> kinds{"prepare", "build", "package", "test"};
  if (std::find(kinds.begin(), kinds.end(), component.kind) == kinds.end()) {
    ORTFORGE_TRY(const JsonPlace kind, place.at("kind"));
    return kind.error(fmt::format("unknown kind of component '{}'; known: {}{}", component.kind,
                                  join(kinds, ", "), did_you_mean(component.kind, kinds)));
  }
  ORTFORGE_CHECK(read_front_end(place, component));
  ORTFORGE_TRY(component.axes,
               words_of(place, "axes", {"isa", "sm", "cuda", "python", "platform", "accelerator"}));
  ORTFORGE_TRY(component.needs, place.strings_or("needs"));
  ORTFORGE_TRY(component.files, place.strings_or("files"));
  ORTFORGE_TRY(component.tools, place.strings_or("tools"));
  ORTFORGE_TRY(component.source_directory, place.string_or("source_directory", ""));
  ORTFORGE_TRY(component.targets, place.strings_or("targets"));
  ORTFORGE_TRY(component.baseline, place.boolean_or("baseline", false));
  ORTFORGE_TRY(component.continues, place.string_or("continues", ""));
  ORTFORGE_TRY(component.options, read_list(place, "options", read_option));
  ORTFORGE_TRY(component.commands, read_list(place, "commands", read_command));
  ORTFORGE_TRY(component.outputs, words_of(place, "outputs", {"lib", "wheel"}));
  ORTFORGE_TRY(component.when, read_when(place));
  ORTFORGE_TRY(component.expected_cpu_ms, place.integer_or("expected_cpu_ms", 0));
  ORTFORGE_TRY(component.peak_bytes, read_bytes(place, "peak_bytes"));
  if (place.has("heavy")) {
    ORTFORGE_TRY(const JsonPlace heavy, place.at("heavy"));
    if (component.kind != "build") return heavy.error("only a build component has heavy targets");
    ORTFORGE_TRY(component.heavy, read_heavy(heavy));
  }
  ORTFORGE_TRY(component.disk_bytes, read_bytes(place, "disk_bytes"));
  return component;
}

}  // namespace ortforge::matrix_reader
