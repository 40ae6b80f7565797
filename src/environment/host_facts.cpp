#include "host_facts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "dpkg_status.hpp"
#include "host_cache.hpp"
#include "realized.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/environment/doctor.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::array default_programs{"cc", "c++", "cmake", "ninja"};
constexpr std::array binary_tools{"as", "ld", "ar", "ranlib", "strip", "objcopy"};
constexpr std::array compiler_parts{"cc1", "cc1plus", "collect2", "lto1", "as", "ld"};
constexpr std::array compiler_files{
    "libc.so.6",   "libc.so", "libm.so.6", "libstdc++.so", "libstdc++.a", "libgcc.a",   "libgcc_s.so.1",
    "libgcc_eh.a", "crt1.o",  "Scrt1.o",   "crti.o",       "crtbegin.o",  "crtbeginS.o"};
constexpr const char* dpkg_status_file = "/var/lib/dpkg/status";

bool is_compiler(const std::string& program) {
  for (const char* name : {"cc", "c++", "gcc", "g++", "clang", "clang++"})
    if (program == name || program.starts_with(std::string(name) + "-")) return true;
  return false;
}

// Packages whose headers or start-up files every compilation sees.
bool brings_headers(const std::string& package) {
  return package == "libc6-dev" || package == "linux-libc-dev" || package == "libc6" ||
         (package.ends_with("-dev") && (package.starts_with("libstdc++-") || package.starts_with("libgcc-")));
}

std::vector<std::string> wanted_programs(const EnvironmentSpec& spec) {
  std::vector<std::string> programs = spec.programs;
  if (programs.empty()) programs.assign(default_programs.begin(), default_programs.end());
  return programs;
}

Result<std::vector<std::string>> locate(const std::vector<std::string>& programs,
                                        const std::string& environment) {
  std::vector<std::string> paths;
  std::vector<std::string> missing;
  for (const auto& program : programs) {
    if (const auto path = find_program(program, sandbox_path))
      paths.push_back(path->string());
    else
      missing.push_back(program);
  }
  if (missing.empty()) return paths;
  return fail_with_hint(
      ErrorKind::missing,
      fmt::format("environment {}: not found in {}: {}", environment, sandbox_path, join(missing, ", ")),
      install_command(missing));
}

// One answer of a compiler; empty when it knows no such part.
Result<std::string> ask_compiler(const std::string& compiler, const std::string& question,
                                 const EnvironmentContext& context) {
  const Command command{{compiler, question}, {{"PATH", sandbox_path}, {"LC_ALL", "C"}}, "/"};
  ORTFORGE_TRY(const auto asked, run_captured(command, Milliseconds{20000}, context.interrupt));
  if (asked.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (!asked.outcome.success()) return std::string();
  const auto answer = trim(asked.output);
  if (answer.starts_with("/")) return answer;
  const auto found = find_program(answer, sandbox_path);
  return found ? found->string() : std::string();
}

Result<std::set<std::string>> files_of(const std::vector<std::string>& program_paths,
                                       const EnvironmentContext& context) {
  std::set<std::string> files(program_paths.begin(), program_paths.end());
  for (const char* tool : binary_tools)
    if (const auto found = find_program(tool, sandbox_path)) files.insert(found->string());
  std::set<fs::path> asked;
  for (const auto& path : program_paths) {
    std::error_code error;
    if (!is_compiler(fs::path(path).filename()) || !asked.insert(fs::canonical(path, error)).second) continue;
    for (const char* part : compiler_parts) {
      ORTFORGE_TRY(const auto file, ask_compiler(path, std::string("-print-prog-name=") + part, context));
      if (!file.empty()) files.insert(file);
    }
    for (const char* name : compiler_files) {
      ORTFORGE_TRY(const auto file, ask_compiler(path, std::string("-print-file-name=") + name, context));
      if (!file.empty()) files.insert(fs::path(file).lexically_normal().string());
    }
  }
  return files;
}

std::vector<Ingredient> package_versions(const EnvironmentSpec& spec) {
  std::vector<Ingredient> versions;
  const auto packages = installed_packages("/");
  if (!packages) return versions;
  for (const auto& package : *packages)
    if (brings_headers(package.name) ||
        std::find(spec.packages.begin(), spec.packages.end(), package.name) != spec.packages.end())
      versions.push_back({package.name, package.version});
  return versions;
}

// Where PATH has what compilers call by its bare name: a tool put before another takes its place, though no
// file that is known has changed.
std::map<std::string, std::string> tools_in_path() {
  std::map<std::string, std::string> tools;
  const auto look_up = [&tools](const char* name) {
    const auto found = find_program(name, sandbox_path);
    tools[name] = found ? found->string() : std::string();
  };
  std::for_each(binary_tools.begin(), binary_tools.end(), look_up);
  std::for_each(compiler_parts.begin(), compiler_parts.end(), look_up);
  return tools;
}

bool current(const HostCache& cache, const EnvironmentSpec& spec,
             const std::vector<std::string>& program_paths) {
  if (cache.programs != wanted_programs(spec) || cache.program_paths != program_paths ||
      cache.tools != tools_in_path() || cache.packages != spec.packages ||
      file_state(dpkg_status_file).value_or(FileState{}) != cache.dpkg)
    return false;
  return std::all_of(cache.files.begin(), cache.files.end(),
                     [](const auto& file) { return file_state(file.state.path) == file.state; });
}

Result<HostCache> look_at_host(const EnvironmentSpec& spec, const std::vector<std::string>& program_paths,
                               const std::optional<HostCache>& before, const EnvironmentContext& context) {
  HostCache cache;
  cache.programs = wanted_programs(spec);
  cache.program_paths = program_paths;
  cache.tools = tools_in_path();
  cache.packages = spec.packages;
  cache.dpkg = file_state(dpkg_status_file).value_or(FileState{});
  cache.package_versions = package_versions(spec);
  ORTFORGE_TRY(const auto files, files_of(program_paths, context));
  for (const auto& path : files) {
    const auto state = file_state(path);
    if (!state) continue;
    std::string known;
    if (before)
      for (const auto& file : before->files)
        if (file.state == *state) known = file.sha256;
    if (known.empty()) {
      ORTFORGE_TRY(const auto digest, sha256_file(path));
      known = digest.hex();
    }
    cache.files.push_back({*state, std::move(known)});
  }
  return cache;
}

HostFacts facts_of(const HostCache& cache) {
  HostFacts facts;
  facts.ingredients = cache.package_versions;
  for (const auto& file : cache.files)
    facts.ingredients.push_back({fs::path(file.state.path).filename().string(), "sha256:" + file.sha256});
  std::sort(facts.ingredients.begin(), facts.ingredients.end(),
            [](const Ingredient& left, const Ingredient& right) {
              return std::tie(left.name, left.version) < std::tie(right.name, right.version);
            });
  facts.ingredients.erase(std::unique(facts.ingredients.begin(), facts.ingredients.end()),
                          facts.ingredients.end());
  std::string text = "ortforge-host 1\n";
  for (const auto& ingredient : facts.ingredients) text += ingredient.name + " " + ingredient.version + "\n";
  facts.digest = sha256(text);
  return facts;
}

}  // namespace

Result<HostFacts> host_facts(const EnvironmentSpec& spec, const EnvironmentContext& context) {
  ORTFORGE_TRY(const auto program_paths, locate(wanted_programs(spec), spec.name));
  const auto cache_file = environments_folder(context) / (spec.name + ".json");
  const auto before = read_host_cache(cache_file);
  if (before && current(*before, spec, program_paths)) return facts_of(*before);
  ORTFORGE_TRY(const auto cache, look_at_host(spec, program_paths, before, context));
  // A home that cannot be written costs the time of looking again, nothing else.
  (void)write_file(cache_file, host_cache_text(cache));
  return facts_of(cache);
}

}  // namespace ortforge
