#include "ortforge/cli/packed_python.hpp"

#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

TEST(PackedPython, IsNotTakenFromTheHost) {
  const TemporaryDirectory directory;
  EXPECT_TRUE(lay_out_python("/", "3.13", directory.path() / "python"));
  EXPECT_TRUE(lay_out_python(directory.path() / "no-root", "3.13", directory.path() / "python"));
  EXPECT_FALSE(fs::exists(directory.path() / "python"));
}

TEST(PackedPython, BringsLibrariesThatTheRootHas) {
  ORTFORGE_NEEDS(has_program("cc"), "no C compiler");
  const TemporaryDirectory directory;
  const fs::path root = fs::canonical(directory.path()) / "root";
  const fs::path libraries = root / "usr/lib/x86_64-linux-gnu";
  const fs::path numpy = root / "usr/lib/python3/dist-packages/numpy";
  for (const char* file :
       {"usr/lib/python3.13/os.py", "usr/lib/python3.13/test/t.py", "usr/lib/python3.13/x.pyc"})
    ASSERT_TRUE(write_file(root / file, ""));
  ASSERT_TRUE(write_file(numpy / "tests/t.py", ""));
  ASSERT_TRUE(write_file(root / "demo.c", "int demo(void) { return 1; }\n"));
  ASSERT_TRUE(write_file(root / "main.c", "int demo(void);\nint main(void) { return demo(); }\n"));
  ASSERT_TRUE(make_directories(libraries / "blas"));
  ASSERT_TRUE(make_directories(root / "usr/bin"));
  const auto cc = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "cc");
    const auto done = run_captured({arguments, own_environment(), root});
    ASSERT_TRUE(done && done->outcome.success()) << (done ? done->output : done.error().message);
  };
  const std::string library = (libraries / "blas/libblas.so.3").string();
  cc({"-shared", "-fPIC", "-Wl,-soname,libblas.so.3", "-o", library, "demo.c"});
  cc({"-shared", "-fPIC", "-o", (numpy / "_core.so").string(), "demo.c", "-Wl,--no-as-needed", library});
  cc({"-o", (root / "usr/bin/python3.13").string(), "main.c", library});

  const fs::path folder = directory.path() / "python";
  const auto done = lay_out_python(root, "3.13", folder);
  ASSERT_TRUE(done) << done.error().message;
  for (const char* file : {"python", "bin/python3.13", "lib/python3.13/os.py", "libs/libblas.so.3",
                           "lib/python3/dist-packages/numpy/_core.so"})
    EXPECT_TRUE(fs::exists(folder / file)) << file;
  for (const char* file : {"lib/python3.13/test", "lib/python3.13/x.pyc",
                           "lib/python3/dist-packages/numpy/tests", "libs/libc.so.6"})
    EXPECT_FALSE(fs::exists(folder / file)) << file;
}

}  // namespace
}  // namespace ortforge
