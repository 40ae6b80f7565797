#include "ortforge/build/compiler_cache.hpp"

#include <algorithm>
#include <array>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "compiler-cache";
constexpr std::size_t kProbeBytes = std::size_t{1} << 16;  // an empty file fits on a full disk

// Sources of CMake's own try_compile() projects; they lie in these folders, or among CMake's modules
// (CMakeCXXCompilerABI.cpp).
bool is_trial(std::string_view source) {
  constexpr std::array<std::string_view, 3> folders{"/CMakeScratch/", "/CMakeTmp/", "/share/cmake-"};
  return std::any_of(folders.begin(), folders.end(),
                     [&](std::string_view folder) { return source.find(folder) != std::string_view::npos; });
}

}  // namespace

fs::path compiler_cache_folder(const fs::path& home) {
  return home / kFolder;
}

Result<void> prepare_compiler_cache(const fs::path& home) {
  const fs::path folder = compiler_cache_folder(home);
  const fs::path probe = folder / ".probe";
  ORTFORGE_CHECK(make_directories(folder));
  ORTFORGE_CHECK(write_file(probe, std::string(kProbeBytes, '\0')));
  return remove_tree(probe);
}

std::set<std::string> caches_of(const Environment& environment) {
  std::set<std::string> caches;
  std::error_code error;
  for (const char* name : {"ccache", "sccache"}) {
    if (fs::exists(environment.root() / "usr" / "bin" / name, error)) caches.insert(name);
  }
  return caches;
}

std::map<std::string, std::string> compiler_launchers(const std::set<std::string>& caches) {
  // sccache, which splits the work of nvcc by architecture, would be the better one for CUDA. It compiles in
  // a server process that outlives the command; what that uses is not on record and ends with the sandbox.
  if (!caches.contains("ccache")) return {};
  return {{"C", "ccache"}, {"CXX", "ccache"}, {"CUDA", "ccache"}};
}

bool uses_cache(const Step& step, const Environment& environment) {
  return step.recipe.kind == "build" && !compiler_launchers(caches_of(environment)).empty();
}

std::string cache_namespace(const Step& step) {
  KeyParts parts;
  for (const auto& [name, value] : step.parts) {
    const bool has_options = name == "recipe/CMakePresets.json" || name.starts_with("recipe/toolchain/");
    const bool of_toolkit = step.recipe.toolkit && (name == "toolkit" || has_options);
    if (name == "environment" || of_toolkit) parts[name] = value;
  }
  return step.recipe.cache_namespace + "-" + key_of(parts).substr(0, 16);
}

std::map<std::string, std::string> cache_variables(const Step& step, const std::set<std::string>& caches,
                                                   std::uint64_t max_bytes, bool configured) {
  const auto launchers = compiler_launchers(caches);
  if (launchers.empty()) return {};
  std::map<std::string, std::string> variables;
  variables["CCACHE_DIR"] = fmt::format("/w/{}", kFolder);
  variables["CCACHE_CONFIGPATH"] = "/dev/null";  // neither the machine's configuration nor one in the cache
  variables["CCACHE_COMPILERCHECK"] = "content";
  variables["CCACHE_MAXSIZE"] = fmt::format("{}Ki", std::max<std::uint64_t>(max_bytes / 1024, 1));
  variables["CCACHE_NAMESPACE"] = cache_namespace(step);
  variables["CCACHE_STATSLOG"] = fmt::format("/w/{}", kCacheLog);
  if (configured) return variables;
  for (const auto& [language, launcher] : launchers)
    variables[fmt::format("CMAKE_{}_COMPILER_LAUNCHER", language)] = launcher;
  return variables;
}

std::map<std::string, std::string> no_cache_variables() {
  return {{"CCACHE_DISABLE", "1"}};
}

Mount cache_mount(const fs::path& home) {
  return {compiler_cache_folder(home), kFolder, true};
}

CacheUse parse_cache_log(std::string_view text) {
  CacheUse use;
  bool trial = false;
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with("#")) {
      trial = is_trial(line);
    } else if (trial) {
      continue;
    } else if (line == "direct_cache_hit" || line == "preprocessed_cache_hit") {
      ++use.hits;
    } else if (line == "cache_miss") {
      ++use.misses;
    }
  }
  return use;
}

}  // namespace ortforge
