// Reads the includes of the tree: modules depend on each other in the direction ARCHITECTURE.md gives, and
// nothing stands between the layers.
#include <fstream>
#include <map>
#include <set>

#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Rules = std::map<std::string, std::set<std::string>>;

// module -> what it may include beside itself; "process/command" is one header of a module. The reasons for
// what differs from a plain stack stand in ARCHITECTURE.md ("Who may know whom").
const Rules& rules() {
  static const Rules table{
      {"base", {}},
      {"process", {"base"}},
      {"matrix", {"base"}},
      {"hardware", {"base", "matrix"}},
      {"recipe", {"base", "matrix", "process/command"}},
      {"plan", {"base", "matrix", "recipe", "process/command"}},
      {"source", {"base", "matrix", "process"}},
      {"environment", {"base", "matrix", "process"}},
      {"audit", {"base", "matrix"}},
      {"build", {"base", "process", "matrix", "hardware", "recipe", "plan", "source", "environment"}},
      {"record", {"base", "process", "matrix", "plan", "source", "environment", "build"}},
      {"report",
       {"base", "process/command", "matrix", "hardware", "recipe", "plan", "source", "environment", "audit",
        "build", "record"}},
      {"cli",
       {"base", "process", "matrix", "hardware", "recipe", "plan", "source", "environment", "audit", "build",
        "record", "report"}},
  };
  return table;
}

struct Include {
  std::string from;    // module of the file
  std::string header;  // "plan/plan", without "ortforge/" and ".hpp"
  std::string place;   // "src/plan/plan.cpp:3"
};

// Every `#include "ortforge/..."` below <root>/include/ortforge and <root>/src, in order.
std::vector<Include> read_includes(const fs::path& root) {
  std::vector<Include> includes;
  for (const char* folder : {"include/ortforge", "src"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension();
      if (extension != ".hpp" && extension != ".cpp") continue;
      const fs::path place = fs::relative(entry.path(), root);
      const std::string module = *fs::relative(entry.path(), root / folder).begin();
      std::ifstream stream(entry.path());
      std::string line;
      for (int number = 1; std::getline(stream, line); ++number) {
        const std::string_view opening = "#include \"ortforge/";
        if (!line.starts_with(opening)) continue;
        const std::string header = line.substr(opening.size(), line.rfind(".hpp\"") - opening.size());
        includes.push_back({module, header, fmt::format("{}:{}", place.string(), number)});
      }
    }
  }
  return includes;
}

std::string module_of(const std::string& header) {
  return header.substr(0, header.find('/'));
}

// One line for every include the table does not allow.
std::vector<std::string> violations(const fs::path& root, const Rules& table) {
  std::vector<std::string> found;
  for (const Include& include : read_includes(root)) {
    const auto rule = table.find(include.from);
    const std::string target = module_of(include.header);
    if (rule == table.end()) {
      found.push_back(fmt::format("{}: '{}' is no module of the table", include.place, include.from));
    } else if (target != include.from && !rule->second.contains(target) &&
               !rule->second.contains(include.header)) {
      found.push_back(
          fmt::format("{}: {} may not include {}.hpp", include.place, include.from, include.header));
    }
  }
  return found;
}

TEST(Architecture, ModulesIncludeOnlyWhatTheTableAllows) {
  const fs::path root = TEST_SOURCE_DIR;
  EXPECT_GT(read_includes(root).size(), 100U) << "the includes were not found";
  EXPECT_THAT(violations(root, rules()), IsEmpty());
}

// The table itself must not allow a circle: each module stands after all it may include.
TEST(Architecture, TheTableHasAnOrder) {
  std::set<std::string> placed;
  while (placed.size() < rules().size()) {
    const std::size_t before = placed.size();
    for (const auto& [module, allowed] : rules()) {
      const bool ready = std::all_of(allowed.begin(), allowed.end(), [&](const std::string& name) {
        return placed.contains(module_of(name));
      });
      if (ready) placed.insert(module);
    }
    ASSERT_GT(placed.size(), before) << "a circle among the modules that are not among: "
                                     << testing::PrintToString(placed);
  }
}

TEST(Architecture, EveryFolderIsAModule) {
  std::set<std::string> modules;
  for (const auto& [module, allowed] : rules()) modules.insert(module);
  for (const char* folder : {"include/ortforge", "src"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(TEST_SOURCE_DIR) / folder)) {
      EXPECT_THAT(modules, Contains(entry.path().filename().string())) << folder;
    }
  }
}

TEST(Architecture, EveryModuleIsExplained) {
  const auto text = read_file(fs::path(TEST_SOURCE_DIR) / "ARCHITECTURE.md");
  ASSERT_TRUE(text) << text.error().message;
  for (const auto& entry : fs::directory_iterator(fs::path(TEST_SOURCE_DIR) / "src")) {
    EXPECT_THAT(*text, HasSubstr("| `" + entry.path().filename().string() + "` |"));
  }
}

TEST(Architecture, AWrongIncludeIsFound) {
  const TemporaryDirectory tree;
  fs::create_directories(tree.path() / "include/ortforge/base");
  fs::create_directories(tree.path() / "src/recipe");
  ASSERT_TRUE(write_file(tree.path() / "include/ortforge/base/text.hpp",
                         "#pragma once\n#include <string>\n#include \"ortforge/matrix/name.hpp\"\n"));
  ASSERT_TRUE(
      write_file(tree.path() / "src/recipe/presets.cpp",
                 "#include \"ortforge/process/command.hpp\"\n#include \"ortforge/process/runner.hpp\"\n"));
  EXPECT_THAT(violations(tree.path(), rules()),
              ElementsAre("include/ortforge/base/text.hpp:3: base may not include matrix/name.hpp",
                          "src/recipe/presets.cpp:2: recipe may not include process/runner.hpp"));
}

}  // namespace
}  // namespace ortforge
