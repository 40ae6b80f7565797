// Homes on a small disk of their own: full before work starts, full while a step runs, read-only; and a
// compiler cache on one.
#include <filesystem>

#include "support/call.hpp"
#include "support/needs.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/compiler_cache.hpp"
#include "ortforge/build/store.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariant = "simdkernels/cpu-avx2";

// An ext4 file system in a file, mounted through a loop device.
class BuildDisk : public testing::Test {
 protected:
  void TearDown() override {
    if (!mounted_.empty()) {
      EXPECT_TRUE(succeeds({"umount", mounted_.string()}));
    }
  }

  fs::path home() const { return directory_.path() / "home"; }

  // False where this machine or user may not mount.
  bool mount_home(const char* size) { return mount_at(home(), size); }
  bool mount_at(const fs::path& place, const char* size) {
    const std::string image = (directory_.path() / "disk").string();
    fs::create_directories(place);
    const bool mounted = ::geteuid() == 0 && succeeds({"truncate", "-s", size, image}) &&
                         succeeds({"mkfs.ext4", "-q", "-m", "0", image}) &&
                         succeeds({"mount", "-o", "loop", image, place.string()});
    if (mounted) mounted_ = place;
    return mounted;
  }

  bool succeeds(std::vector<std::string> argv) const {
    const auto done = run_captured({std::move(argv), own_environment(), directory_.path()});
    return done && done->outcome.success();
  }

  CallResult run(std::vector<std::string> arguments) const {
    return call({home(), directory_.path(), {}, nullptr}, std::move(arguments));
  }

  TemporaryDirectory directory_;
  fs::path mounted_;
};

TEST_F(BuildDisk, ASmallDiskIsRefusedBeforeWorkStarts) {
  ORTFORGE_NEEDS(mount_home("8M"), "a loop mount, as root");
  ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
  const CallResult built = run({"build", kVariant});
  EXPECT_EQ(built.code, 3);
  EXPECT_NE(built.err.find(home().string() + ": the build needs "), std::string::npos) << built.err;
  EXPECT_NE(built.err.find(" are free"), std::string::npos) << built.err;
  EXPECT_FALSE(fs::exists(home() / "store"));
}

TEST_F(BuildDisk, ADiskThatFillsUpStopsTheStepAndKeepsTheStoreWhole) {
  ORTFORGE_NEEDS(mount_home("64M"), "a loop mount, as root");
  ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
  const fs::path sources = directory_.path() / "sources";
  ASSERT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "examples" / "simdkernels", sources));
  const std::string project = read_file(sources / "CMakeLists.txt").value();
  ASSERT_TRUE(write_file(sources / "CMakeLists.txt",
                         project +
                             "\nexecute_process(COMMAND head -c 1000000000 /dev/zero OUTPUT_FILE "
                             "\"${CMAKE_CURRENT_BINARY_DIR}/big\" ERROR_VARIABLE why RESULT_VARIABLE code)\n"
                             "if(NOT code EQUAL 0)\n  message(FATAL_ERROR \"${why}\")\nendif()\n"));
  const CallResult full = run({"build", kVariant, "--source", "simdkernels=" + sources.string()});
  // The record cannot be written any more either: ortforge itself stops.
  EXPECT_EQ(full.code, 3) << full.err;
  EXPECT_NE(full.err.find("state.db: cannot be written: database or disk is full"), std::string::npos)
      << full.err;

  const Store store(home());
  const auto entries = store.entries();
  ASSERT_TRUE(entries) << entries.error().message;
  for (const StoreEntry& entry : *entries) EXPECT_EQ(store.verify(entry).value(), std::vector<std::string>{});
  ASSERT_EQ(run({"gc", "--work"}).code, 0);
  const CallResult again = run({"build", kVariant});
  EXPECT_EQ(again.code, 0) << again.err;
}

TEST_F(BuildDisk, ACompilerCacheThatIsFullOrReadOnlyIsLeftOut) {
  ORTFORGE_NEEDS(fs::exists("/usr/bin/ccache"), "package ccache");
  const fs::path cache = compiler_cache_folder(home());
  ORTFORGE_NEEDS(mount_at(cache, "2M"), "a loop mount, as root");
  ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
  const std::string said =
      "building without the compiler cache: " + cache.string() + "/.probe: cannot be written: ";
  ASSERT_FALSE(succeeds({"dd", "if=/dev/zero", "of=" + (cache / "full").string(), "bs=64k", "count=1000"}));
  const CallResult full = run({"build", kVariant, "--no-test", "--no-link"});
  EXPECT_EQ(full.code, 0) << full.err;
  EXPECT_NE(full.err.find(said + "No space left on device\n"), std::string::npos) << full.err;
  ASSERT_TRUE(succeeds({"mount", "-o", "remount,ro", cache.string()}));
  const CallResult read_only = run({"build", kVariant, "--no-test", "--no-link"});
  EXPECT_EQ(read_only.code, 0) << read_only.err;
  EXPECT_NE(read_only.err.find(said + "Read-only file system\n"), std::string::npos) << read_only.err;
}

TEST_F(BuildDisk, AReadOnlyHomeSaysSo) {
  ORTFORGE_NEEDS(mount_home("8M"), "a loop mount, as root");
  ASSERT_TRUE(succeeds({"mount", "-o", "remount,ro", home().string()}));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"build", kVariant}, {"fetch", "simdkernels/sm90-avx2"}}) {
    const CallResult refused = run(arguments);
    EXPECT_EQ(refused.code, 3) << arguments.front() << ": " << refused.err;
    const std::string said = refused.err + refused.out;  // `fetch` reports source by source
    EXPECT_NE(said.find("Read-only file system"), std::string::npos) << said;
    EXPECT_NE(said.find(home().string()), std::string::npos) << said;
  }
  EXPECT_EQ(run({"list", "--product", "simdkernels"}).code, 0) << "reading needs no home";
}

}  // namespace
}  // namespace ortforge
