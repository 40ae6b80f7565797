#include <algorithm>

#include "support/archive_maker.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Wheels with the layout of the real ones, a few bytes each, from file addresses.
class Toolkit : public testing::Test {
 protected:
  void SetUp() override {
    context_.home = directory_.path() / "home";
    wheels_ = {
        wheel("nvcc",
              {a_file("nvidia/__init__.py", ""), a_file("nvidia/cu13/bin/nvcc", "nvcc", 0744),
               a_file("nvidia/cu13/bin/ptxas", "ptxas", 0644), a_file("nvcc-1.dist-info/METADATA", "x")}),
        wheel("nvvm", {a_file("nvidia/cu13/nvvm/bin/cicc", "cicc", 0644),
                       a_file("nvidia/cu13/lib/libnvvm.so.4", "v")}),
        wheel("runtime",
              {a_file("nvidia/cu13/include/cuda.h", "int;"), a_file("nvidia/cu13/lib/libcudart.so.13", "rt"),
               a_file("nvidia/cu13/lib/libcudart_static.a", "static")}),
        wheel("cudnn", {a_file("nvidia/cudnn/__init__.py", ""), a_file("nvidia/cudnn/include/cudnn.h", "h"),
                        a_file("nvidia/cudnn/lib/libcudnn.so.9", "dnn")})};
  }

  Source wheel(const std::string& name, const std::vector<ArchiveMember>& members) {
    const fs::path file = directory_.path() / (name + "-1-py3-none-any.whl");
    make_archive(file, members);
    SourceOrigin origin;
    origin.kind = SourceOrigin::Kind::archive;
    origin.url = "file://" + file.string();
    Source source;
    source.name = name;
    source.digest = *sha256_file(file);
    source.origins = {origin};
    return source;
  }

  TemporaryDirectory directory_;
  SourceContext context_;
  std::vector<Source> wheels_;
};

TEST_F(Toolkit, BecomesOnePrefixWithWhatTheWheelsLeaveOut) {
  const auto toolkit = assemble_toolkit(wheels_, context_);
  ASSERT_TRUE(toolkit) << toolkit.error().message;
  const fs::path& prefix = toolkit->path;
  EXPECT_EQ(prefix, context_.home / "toolkits" / (toolkit->digest.hex().substr(0, 12) + "-cuda") / "prefix");
  for (const char* program : {"bin/nvcc", "bin/ptxas", "nvvm/bin/cicc"})
    EXPECT_TRUE(is_executable(prefix / program)) << program;
  EXPECT_EQ(fs::read_symlink(prefix / "lib64"), "lib");
  EXPECT_EQ(fs::read_symlink(prefix / "lib/libcudart.so"), "libcudart.so.13");
  EXPECT_EQ(fs::read_symlink(prefix / "lib/libcudnn.so"), "libcudnn.so.9");
  EXPECT_EQ(*read_file(prefix / "nvvm/lib64/libnvvm.so"), "v");
  EXPECT_EQ(*read_file(prefix / "include/cudnn.h"), "h");
  EXPECT_FALSE(fs::exists(prefix / "__init__.py"));
  EXPECT_FALSE(fs::exists(prefix / "include/__init__.py"));
}

TEST_F(Toolkit, SharesFilesWithTheCacheButLeavesTheCacheAlone) {
  const auto toolkit = assemble_toolkit(wheels_, context_);
  ASSERT_TRUE(toolkit) << toolkit.error().message;
  const fs::path wheel = find_source(wheels_.at(0), context_)->value().tree / "nvidia/cu13/bin";
  EXPECT_TRUE(fs::equivalent(wheel / "nvcc", toolkit->path / "bin/nvcc"));
  EXPECT_FALSE(is_executable(wheel / "ptxas")) << "got its execute bit in the prefix only";
}

TEST_F(Toolkit, IsIdentifiedByItsWheelsInAnyOrder) {
  const auto digest = toolkit_digest(wheels_, context_);
  ASSERT_TRUE(digest);
  std::reverse(wheels_.begin(), wheels_.end());
  EXPECT_EQ(*toolkit_digest(wheels_, context_), *digest);
  const fs::path own = directory_.path() / "own";
  ASSERT_TRUE(write_file(own / "nvidia/cu13/bin/nvcc", "mine", true));
  context_.overrides["nvcc"] = own;
  EXPECT_NE(*toolkit_digest(wheels_, context_), *digest) << "an override makes another toolkit";
  wheels_.pop_back();
  context_.overrides.clear();
  EXPECT_NE(*toolkit_digest(wheels_, context_), *digest);
}

TEST_F(Toolkit, CopiesAnOverrideSoThatItsOwnerMayChangeIt) {
  const fs::path own = directory_.path() / "own";
  ASSERT_TRUE(write_file(own / "nvidia/cu13/bin/nvcc", "mine", true));
  ASSERT_TRUE(write_file(own / "nvidia/.git/config", "x"));
  ASSERT_TRUE(write_file(own / "nvidia/cu13/bin/.git", "x"));
  context_.overrides["nvcc"] = own;
  const auto toolkit = assemble_toolkit(wheels_, context_);
  ASSERT_TRUE(toolkit) << toolkit.error().message;
  EXPECT_EQ(*read_file(toolkit->path / "bin/nvcc"), "mine");
  EXPECT_FALSE(fs::equivalent(own / "nvidia/cu13/bin/nvcc", toolkit->path / "bin/nvcc"));
  EXPECT_FALSE(fs::exists(toolkit->path / "config"));
  EXPECT_FALSE(fs::exists(toolkit->path / "bin/.git"));
  EXPECT_TRUE(fs::exists(toolkit->path / "include/cuda.h")) << "the other wheels are there";
}

TEST_F(Toolkit, IsThereOfflineOnceItIsMade) {
  context_.offline = true;
  EXPECT_FALSE(assemble_toolkit(wheels_, context_));
  context_.offline = false;
  ASSERT_TRUE(assemble_toolkit(wheels_, context_));
  context_.offline = true;
  ASSERT_TRUE(remove_tree(context_.home / "sources"));
  EXPECT_TRUE(assemble_toolkit(wheels_, context_));
}

TEST_F(Toolkit, RefusesWheelsThatContradictEachOther) {
  wheels_.push_back(
      wheel("same", {a_file("nvidia/cu13/include/cuda.h", "int;"), a_file("nvidia/cu13/lib/libx.so.1", "")}));
  EXPECT_TRUE(assemble_toolkit(wheels_, context_));
  wheels_.push_back(wheel("other", {a_file("nvidia/cu13/include/cuda.h", "char;")}));
  const auto toolkit = assemble_toolkit(wheels_, context_);
  ASSERT_FALSE(toolkit);
  EXPECT_EQ(toolkit.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(toolkit.error().message, "two wheels of the toolkit differ in include/cuda.h");
}

TEST_F(Toolkit, RefusesAWheelWithoutTheFilesItIsNeededFor) {
  wheels_.at(3).holds = {"include/cudnn.h", "lib/libcudnn.so.9"};
  ASSERT_TRUE(assemble_toolkit(wheels_, context_));
  const fs::path own = directory_.path() / "own";
  ASSERT_TRUE(write_file(own / "nvidia/cudnn/lib/libcudnn.so.9", "dnn"));
  context_.overrides["cudnn"] = own;
  const auto toolkit = assemble_toolkit(wheels_, context_);
  ASSERT_FALSE(toolkit);
  EXPECT_EQ(toolkit.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(toolkit.error().message, "toolkit: wheel cudnn has no include/cudnn.h in nvidia/*");
  EXPECT_FALSE(fs::exists(toolkit_prefix(context_.home, *toolkit_digest(wheels_, context_))));
}

TEST_F(Toolkit, RefusesAWheelWithoutToolkitFiles) {
  wheels_.push_back(wheel("plain", {a_file("plain/__init__.py", "")}));
  const auto toolkit = assemble_toolkit(wheels_, context_);
  ASSERT_FALSE(toolkit);
  EXPECT_THAT(toolkit.error().message, HasSubstr("wheel plain has no folder nvidia/*"));
  EXPECT_FALSE(toolkit_digest({}, context_));
}

}  // namespace
}  // namespace ortforge
