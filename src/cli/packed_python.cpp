#include "ortforge/cli/packed_python.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>
#include <vector>

#include "ortforge/audit/elf.hpp"
#include "ortforge/audit/outside_libraries.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/build/test_kit.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLauncher = R"sh(#!/bin/sh
# Python@version@ with NumPy, wherever this folder lies.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 3
LD_LIBRARY_PATH=$here/libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}$here/lib/python3/dist-packages
PYTHONHOME=$here
export LD_LIBRARY_PATH PYTHONPATH PYTHONHOME
exec "$here/bin/python@version@" "$@"
)sh";

// What checks of a wheel never import: tests, what compiles extensions, modules with many libraries, byte
// code.
bool is_used(const std::string& path) {
  static constexpr std::array<std::string_view, 9> kBeginnings{"tests/",
                                                               "test/",
                                                               "idlelib/",
                                                               "ensurepip/",
                                                               "turtledemo/",
                                                               "pydoc_data/",
                                                               "config-",
                                                               "lib-dynload/_sqlite3",
                                                               "lib-dynload/readline"};
  static constexpr std::array<std::string_view, 4> kParts{"/tests/", "/_curses", "dbm.", "/_tkinter"};
  static constexpr std::array<std::string_view, 4> kEnds{".pyc", ".pyi", ".a", ".h"};
  const auto begins = [&](std::string_view text) { return path.starts_with(text); };
  const auto holds = [&](std::string_view text) { return path.find(text) != std::string::npos; };
  const auto ends = [&](std::string_view text) { return path.ends_with(text); };
  return std::none_of(kBeginnings.begin(), kBeginnings.end(), begins) &&
         std::none_of(kParts.begin(), kParts.end(), holds) && std::none_of(kEnds.begin(), kEnds.end(), ends);
}

// The file of a library in a root; alternatives are links to absolute paths, so their folders are looked
// into. Empty: there is none.
fs::path find_library(const fs::path& root, const std::string& name) {
  std::error_code error;
  for (fs::directory_iterator item(root / "usr/lib", error), end; !error && item != end;
       item.increment(error)) {
    if (!item->path().filename().string().ends_with("-linux-gnu")) continue;
    for (const char* folder : {"", "blas", "lapack"}) {
      const fs::path file = item->path() / folder / name;
      std::error_code ignored;
      fs::path real = fs::canonical(file, ignored);
      if (!ignored && real.string().starts_with(root.string() + "/")) return real;
    }
  }
  return {};
}

// Puts the libraries that those in `folder` and `first` need into libs/, until nothing is needed any more.
Result<void> add_libraries(const fs::path& root, std::vector<std::string> needed, const fs::path& folder) {
  std::set<std::string> seen;
  while (!needed.empty()) {
    const std::string name = needed.back();
    needed.pop_back();
    if (!seen.insert(name).second) continue;
    const fs::path file = find_library(root, name);
    if (file.empty()) continue;
    const fs::path place = folder / "libs" / name;
    ORTFORGE_CHECK(make_directories(place.parent_path()));
    std::error_code error;
    fs::create_hard_link(file, place, error);
    if (error) return fail(ErrorKind::missing, "{}: {}", place.string(), error.message());
    ORTFORGE_TRY(const auto more, outside_libraries(folder / "libs"));
    needed.insert(needed.end(), more.begin(), more.end());
  }
  return {};
}

}  // namespace

Result<void> lay_out_python(const fs::path& root, const std::string& version, const fs::path& folder) {
  const std::string name = "python" + version;
  const fs::path program = root / "usr/bin" / name;
  const fs::path numpy = root / "usr/lib/python3/dist-packages/numpy";
  std::error_code error;
  if (root == "/" || !fs::exists(program, error) || !fs::exists(numpy, error)) return {};
  ORTFORGE_CHECK(make_directories(folder / "bin"));
  fs::create_hard_link(program, folder / "bin" / name, error);
  if (error) return fail(ErrorKind::missing, "{}: {}", (folder / "bin").string(), error.message());
  ORTFORGE_CHECK(link_tree(root / "usr/lib" / name, folder / "lib" / name, is_used));
  ORTFORGE_CHECK(link_tree(numpy, folder / "lib/python3/dist-packages/numpy", is_used));
  ORTFORGE_TRY(std::vector<std::string> needed, outside_libraries(folder / "lib"));
  ORTFORGE_TRY(const SharedLibrary python, read_shared_library(program));
  needed.insert(needed.end(), python.needed.begin(), python.needed.end());
  std::erase_if(needed, [](const std::string& library) {
    return library.starts_with("libc.so.") || library.starts_with("libm.so.") ||
           library.starts_with("ld-linux");
  });
  ORTFORGE_CHECK(add_libraries(fs::canonical(root, error), std::move(needed), folder));
  std::string launcher = kLauncher;
  constexpr std::string_view kMark = "@version@";
  for (auto at = launcher.find(kMark); at != std::string::npos;
       at = launcher.find(kMark, at + version.size()))
    launcher.replace(at, kMark.size(), version);
  return write_file(folder / "python", launcher, true);
}

}  // namespace ortforge
