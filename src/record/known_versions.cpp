#include "ortforge/record/known_versions.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

using Versions = std::map<std::string, std::string>;

constexpr std::string_view kUnknown = "unknown: ";

// What the file has for the environment; nothing when it is for another one, damaged or absent.
Versions read_known(const std::filesystem::path& file, const Digest& environment) {
  const auto json = read_json(file);
  if (!json) return {};
  const JsonPlace root(*json, file.string());
  const auto digest = root.string("environment");
  const auto place = root.at("versions");
  if (!digest || *digest != environment.sri() || !place) return {};
  const auto members = place->members();
  if (!members) return {};
  Versions known;
  for (const auto& [program, line] : *members) {
    if (const auto text = line.string()) known[program] = *text;
  }
  return known;
}

}  // namespace

Result<Versions> known_tool_versions(const std::filesystem::path& file, const Digest& environment,
                                     const std::vector<std::string>& programs,
                                     const std::function<bool(const std::string&)>& covered,
                                     const RunTool& run) {
  Versions known = read_known(file, environment);
  std::vector<std::string> asked;
  for (const std::string& program : programs) {
    if (!covered(program) || !known.contains(program)) asked.push_back(program);
  }
  ORTFORGE_TRY(Versions versions, tool_versions(asked, run));
  const std::size_t before = known.size();
  for (const auto& [program, line] : versions) {
    if (covered(program) && !line.starts_with(kUnknown)) known[program] = line;
  }
  if (known.size() != before) {
    const Json json{{"environment", environment.sri()}, {"versions", known}};
    (void)write_file(file, json.dump(2) + "\n");
  }
  for (const std::string& program : programs) {
    if (const auto found = known.find(program); found != known.end())
      versions.emplace(program, found->second);
  }
  return versions;
}

}  // namespace ortforge
