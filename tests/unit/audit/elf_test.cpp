#include "ortforge/audit/elf.hpp"

#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/audit/glibc_floor.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;

// A small library made by this machine's C compiler.
class ElfTest : public testing::Test {
 protected:
  void SetUp() override { ORTFORGE_NEEDS(has_program("cc"), "no C compiler"); }

  fs::path compile(const std::string& name, const std::vector<std::string>& options,
                   const std::string& code = "#include <stdio.h>\nint demo(void) { return puts(\"\"); }\n") {
    const fs::path source = directory_.path() / "demo.c";
    const fs::path library = directory_.path() / "lib" / name;
    EXPECT_TRUE(write_file(source, code));
    EXPECT_TRUE(make_directories(library.parent_path()));
    Command command{{"cc", "-shared", "-fPIC"}, own_environment(), "/"};
    command.argv.insert(command.argv.end(), options.begin(), options.end());
    command.argv.insert(command.argv.end(), {"-o", library.string(), source.string()});
    const auto done = run_captured(command);
    EXPECT_TRUE(done && done->outcome.success()) << (done ? done->output : done.error().message);
    return library;
  }

  TemporaryDirectory directory_;
};

TEST_F(ElfTest, ReadsNamesPathsAndVersions) {
  const auto library = read_shared_library(compile(
      "libdemo.so", {"-Wl,-soname,libdemo.so.1", "-Wl,-rpath,$ORIGIN/../lib", "-Wl,--enable-new-dtags"}));
  ASSERT_TRUE(library) << library.error().message;
  EXPECT_EQ(library->soname, "libdemo.so.1");
  EXPECT_THAT(library->needed, ElementsAre("libc.so.6"));
  EXPECT_EQ(library->runpath, "$ORIGIN/../lib");
  EXPECT_EQ(library->rpath, "");
  EXPECT_THAT(library->glibc, AnyOf("2.2.5", "2.17")) << "of x86-64 and of aarch64";
  EXPECT_EQ(library->libstdcxx, "");
  const auto old =
      read_shared_library(compile("libold.so", {"-Wl,-rpath,/opt/a:/opt/b", "-Wl,--disable-new-dtags"}));
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old->soname, "");
  EXPECT_EQ(old->rpath, "/opt/a:/opt/b");
  EXPECT_EQ(old->runpath, "");
}

TEST_F(ElfTest, ALibraryWithoutNeedsAsksForNothing) {
  const auto library =
      read_shared_library(compile("libalone.so", {"-nostdlib"}, "int demo(void) { return 1; }\n"));
  ASSERT_TRUE(library) << library.error().message;
  EXPECT_EQ(*library, SharedLibrary());
}

// As texts 2.4 is higher than 2.34, and 3.4.9 than 3.4.30; a program in C++ asks for versions of both kinds.
TEST(Elf, VersionsCompareAsNumbers) {
  const auto program = read_shared_library("/proc/self/exe");
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_GE(compare_versions(program->glibc, "2.14"), 0) << program->glibc;
  EXPECT_GE(compare_versions(program->libstdcxx, "3.4.21"), 0) << program->libstdcxx;
  EXPECT_THAT(program->needed, Contains("libc.so.6"));
}

TEST_F(ElfTest, EveryTruncationIsAnError) {
  const std::string bytes = read_file(compile("libdemo.so", {"-s"})).value();
  ASSERT_TRUE(parse_shared_library(bytes, "demo"));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(parse_shared_library(std::string_view(bytes).substr(0, size), "demo")) << size;
  const fs::path half = directory_.path() / "half.so";
  ASSERT_TRUE(write_file(half, std::string_view(bytes).substr(0, bytes.size() / 2)));
  const auto read = read_shared_library(half);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(read.error().message, half.string() + ": damaged or cut short");
}

TEST_F(ElfTest, AnyChangedByteIsReadOrRefused) {
  const std::string bytes = read_file(compile("libdemo.so", {"-s"})).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char other : {'\x00', '\xff'}) {
      std::string changed = bytes;
      changed[at] = other;
      const auto library = parse_shared_library(changed, "demo");
      if (!library) {
        ASSERT_EQ(library.error().message.substr(0, 6), "demo: ") << at;
      }
    }
  }
}

TEST(Elf, OtherFilesAreRefused) {
  const TemporaryDirectory directory;
  const fs::path text = directory.path() / "libdemo.so";
  ASSERT_TRUE(write_file(text, "INPUT(libdemo.so.1)\n"));
  EXPECT_EQ(read_shared_library(text).error().message, text.string() + ": is no ELF file");
  const auto absent = read_shared_library("/absent/libdemo.so");
  EXPECT_EQ(absent.error().kind, ErrorKind::missing);
  EXPECT_EQ(absent.error().message, "/absent/libdemo.so: cannot be read: No such file or directory");
}

TEST_F(ElfTest, TheFloorIsThatOfTheLibrariesInAFolder) {
  EXPECT_EQ(glibc_floor(directory_.path() / "absent").value(), "");
  const fs::path library = compile("libdemo.so.1.2", {});
  const fs::path folder = library.parent_path();
  EXPECT_EQ(glibc_floor(folder).value(), read_shared_library(library)->glibc);
  ASSERT_TRUE(write_file(folder / "libdemo.so.1.2.debug", "no library"));
  ASSERT_TRUE(write_file(folder / "notes.sox", "no library"));
  fs::create_symlink("/absent", folder / "libgone.so");
  EXPECT_TRUE(glibc_floor(folder));
  ASSERT_TRUE(write_file(folder / "python" / "module.so", "no library"));
  EXPECT_EQ(glibc_floor(folder).error().message,
            (folder / "python" / "module.so").string() + ": is no ELF file");
}

}  // namespace
}  // namespace ortforge
