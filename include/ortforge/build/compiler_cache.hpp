// The compiler cache of a home: ccache, in front of the compilers of "build" steps where their environment
// has it. See docs/cache.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/environment/environment.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

// How large it may grow unless the user says otherwise.
inline constexpr std::uint64_t kCompilerCacheBytes = std::uint64_t{20} << 30;

std::filesystem::path compiler_cache_folder(const std::filesystem::path& home);

// Makes its folder, and finds out whether it can be written: a folder that cannot, or is full, would fail or
// slow down every compile. Error: missing, naming what cannot be made or written.
Result<void> prepare_compiler_cache(const std::filesystem::path& home);

// Those of the caches that ortforge knows ("ccache", "sccache") which an environment has.
std::set<std::string> caches_of(const Environment& environment);

// The launcher of each language's compiler, by CMake's name of the language ("C", "CXX", "CUDA"), given the
// caches that the environment has; empty: none.
std::map<std::string, std::string> compiler_launchers(const std::set<std::string>& caches);

// Whether a step runs with the cache: it compiles, and its environment has one.
bool uses_cache(const Step& step, const Environment& environment);

// CCACHE_NAMESPACE of a step: its recipe's namespace, and a digest of what ccache does not look at:
// everything in the environment (assembler, parts of the compiler) and, with a toolkit, that and the recipe's
// presets and toolchain file, in which compilers get their options. Its scripts, which take the outcome out
// of the build tree, do not count.
std::string cache_namespace(const Step& step);

// Environment variables with which a command of a step uses the cache. `configured`: its build tree is there
// already and keeps the launchers it has, so that nothing in it is compiled again for their sake.
std::map<std::string, std::string> cache_variables(const Step& step, const std::set<std::string>& caches,
                                                   std::uint64_t max_bytes, bool configured);

// Environment variables without which a build tree that was configured with the cache would use it.
std::map<std::string, std::string> no_cache_variables();

// The mount through which a step sees the cache of a home.
Mount cache_mount(const std::filesystem::path& home);

// Where ccache notes what it did for a step, below its work directory.
inline constexpr const char* kCacheLog = "compiler-cache.log";

// Sums such a log up (CCACHE_STATSLOG, as ccache 4.7 and 4.11 write it): "# source file", then the names of
// counters, one a line. What CMake compiles to try the compiler is left out.
CacheUse parse_cache_log(std::string_view text);

}  // namespace ortforge
