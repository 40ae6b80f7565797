#include "ortforge/cli/toolkit_option.hpp"

#include <algorithm>
#include <system_error>

namespace ortforge {
namespace {

// Whether the folders of this machine are seen where the variant is built. An unknown environment is told of
// by others.
Result<void> check_shows_folders(const Matrix& matrix, const Variant& variant, const std::string& instead) {
  const Branch& branch = matrix.products.at(variant.product).branches.at(variant.branch);
  std::vector<std::string> names{instead};
  if (instead.empty()) {
    names = {branch.environment};
    for (const auto& [component, name] : branch.lines.at(variant.line).environments) names.push_back(name);
  }
  for (const std::string& name : names) {
    const auto spec = matrix.environments.find(name);
    if (spec == matrix.environments.end() || spec->second.kind == "host") continue;
    return fail_with_hint(
        ErrorKind::bad_input,
        fmt::format("{} is built in {}, which does not show the folders of an installed toolkit",
                    variant.name, name),
        "say --environment host, or name no toolkit: --toolkit, ORTFORGE_TOOLKIT, \"toolkit\" in "
        "ortforge.json");
  }
  return {};
}

// The first file that the line's wheels are named for and the toolkit lacks; empty: none.
std::string lacking(const Line& line, const InstalledToolkit& installed) {
  for (const Source& wheel : line.toolkit_sources) {
    for (const std::string& file : wheel.holds) {
      const bool there = std::any_of(installed.folders.begin(), installed.folders.end(),
                                     [&](const std::filesystem::path& folder) {
                                       std::error_code error;
                                       return std::filesystem::exists(folder / file, error);
                                     });
      if (!there) return file;
    }
  }
  return {};
}

}  // namespace

void add_toolkit_option(OptionSet& options, std::vector<std::string>& folders) {
  options.list("--toolkit", folders, "CUDA installed on the host (ORTFORGE_TOOLKIT)", "DIR");
}

Result<std::optional<InstalledToolkit>> installed_toolkit(Session& session,
                                                          const std::vector<std::string>& option,
                                                          const std::vector<Variant>& variants,
                                                          const std::string& environment) {
  std::optional<InstalledToolkit> found;
  ORTFORGE_TRY(const std::vector<std::filesystem::path> folders, session.toolkit(option));
  if (folders.empty()) return found;
  ORTFORGE_TRY(const Matrix* matrix, session.matrix());
  bool counts = !option.empty();
  for (const Variant& variant : variants) {
    if (option.empty() && !variant.is_cuda()) continue;
    counts = true;
    ORTFORGE_CHECK(check_shows_folders(*matrix, variant, environment));
  }
  if (!counts) return found;
  ORTFORGE_TRY(found, find_installed_toolkit(folders, session.surroundings().interrupt));
  return found;
}

namespace {

// Whether a line names wheels that run on the platform: "...-manylinux_2_17_x86_64.whl" on "x86_64-linux".
bool has_wheels(const Line& line, const std::string& platform) {
  const std::string machine = platform.substr(0, platform.find('-'));
  return !line.toolkit_sources.empty() &&
         std::all_of(line.toolkit_sources.begin(), line.toolkit_sources.end(), [&](const Source& wheel) {
           return std::any_of(wheel.origins.begin(), wheel.origins.end(), [&](const SourceOrigin& origin) {
             return origin.kind != SourceOrigin::Kind::wheel || origin.file.ends_with("-any.whl") ||
                    origin.file.find(machine) != std::string::npos;
           });
         });
}

}  // namespace

std::optional<Error> lack_of_toolkit(const Matrix& matrix, const Variant& variant,
                                     const std::optional<InstalledToolkit>& installed) {
  const Branch& branch = matrix.products.at(variant.product).branches.at(variant.branch);
  const Line& line = branch.lines.at(variant.line);
  if (!variant.is_cuda()) return std::nullopt;
  if (installed && installed->release() != variant.cuda) {
    return Error{ErrorKind::missing,
                 fmt::format("{} needs CUDA {}, and the toolkit in {} is {}", variant.name, variant.cuda,
                             installed->compiler.string(), installed->version),
                 fmt::format("name the folder of a CUDA {}, or choose a line of CUDA {}", variant.cuda,
                             installed->release())};
  }
  if (const std::string file = installed ? lacking(line, *installed) : std::string(); !file.empty()) {
    return Error{
        ErrorKind::missing,
        fmt::format("{} needs {}, and the toolkit in {} has none", variant.name, file, installed->places()),
        "name the folder that has it as well: --toolkit DIR"};
  }
  if (installed || has_wheels(line, variant.platform)) return std::nullopt;
  return Error{ErrorKind::missing,
               fmt::format("{} needs CUDA {}, and line {} names no wheels of it for {}", variant.name,
                           variant.cuda, variant.line, variant.platform),
               "choose a line with a toolkit (see 'ortforge list'), add its wheels to the matrix, or name an "
               "installed one with --toolkit"};
}

}  // namespace ortforge
