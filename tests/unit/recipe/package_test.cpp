// package.cmake of ONNX Runtime as CMake really runs it, on a small library that stands in for the built one.
#include <cstdlib>

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/recipe/recipe.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class Package : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path repository = TEST_SOURCE_DIR;
    const auto matrix = load_matrix(repository / "matrix");
    ASSERT_TRUE(matrix) << matrix.error().message;
    const Product& product = matrix->products.at("onnxruntime");
    for (const Variant& variant : variants_of(*matrix, product, product.branches.at("ort-1.21"))) {
      if (variant.short_name != "cpu-avx2") continue;
      const auto recipe = render_cmake_recipe(*matrix, variant, repository / "templates", {});
      ASSERT_TRUE(recipe) << recipe.error().message;
      for (const RecipeStep& step : recipe->steps) {
        if (step.kind != "package") continue;
        for (const auto& [path, content] : step.files)
          ASSERT_TRUE(write_file(root() / "recipe" / path, content));
      }
    }
    ASSERT_TRUE(write_file(root() / "src" / "onnxruntime" / "LICENSE", "MIT"));
    ASSERT_TRUE(write_file(core() / "include" / "onnxruntime" / "onnxruntime_c_api.h", ""));
    ASSERT_TRUE(
        write_file(core() / "lib" / "pkgconfig" / "libonnxruntime.pc", "prefix=" + core().string() + "\n"));
    ASSERT_TRUE(write_file(root() / "onnxruntime" / "__init__.py", "__version__ = '1.21.0'\n"));
    fs::create_directories(core() / "dist");
    ASSERT_TRUE(run("cd '" + root().string() + "' && python3 -m zipfile -c '" +
                    (core() / "dist" / "onnxruntime-1.21.0.whl").string() + "' onnxruntime"))
        << said_;
    ASSERT_TRUE(
        write_file(root() / "src" / "onnxruntime" / "a.c", "const char* where(void) { return __FILE__; }\n"));
  }

  const fs::path& root() const { return directory_.path(); }
  fs::path core() const { return root() / "out" / "core"; }
  fs::path result() const { return root() / "out" / "package"; }

  // Compiles the library and its links; `map` is the compiler's path map.
  void compile(const std::string& map) {
    fs::create_directories(core() / "lib");
    run("gcc -g1 -shared -fPIC " + map + " -o '" + (core() / "lib" / "libonnxruntime.so.1.21.0").string() +
        "' '" + (root() / "src" / "onnxruntime" / "a.c").string() + "'");
    fs::create_symlink("libonnxruntime.so.1.21.0", core() / "lib" / "libonnxruntime.so.1");
    fs::create_symlink("libonnxruntime.so.1", core() / "lib" / "libonnxruntime.so");
  }

  bool package() { return run("cmake -P '" + (root() / "recipe" / "package.cmake").string() + "'"); }

  bool run(const std::string& command) {
    const fs::path log = root() / "log";
    const bool good = std::system((command + " > '" + log.string() + "' 2>&1").c_str()) == 0;
    said_ = read_file(log).value_or("");
    return good;
  }

  TemporaryDirectory directory_;
  std::string said_;
};

TEST_F(Package, HoldsLibraryHeadersPackageFilesWheelAndLicences) {
  compile("-ffile-prefix-map='" + root().string() + "/'=");
  ASSERT_TRUE(package()) << said_;
  EXPECT_EQ(fs::read_symlink(result() / "lib" / "libonnxruntime.so"), "libonnxruntime.so.1");
  EXPECT_EQ(fs::read_symlink(result() / "lib" / "libonnxruntime.so.1"), "libonnxruntime.so.1.21.0");
  for (const char* file : {"include/onnxruntime/onnxruntime_c_api.h", "dist/onnxruntime-1.21.0.whl",
                           "share/licenses/onnxruntime/LICENSE", "lib/libonnxruntime.so.1.21.0.debug",
                           "lib/python3.13/site-packages/onnxruntime/__init__.py"}) {
    EXPECT_TRUE(fs::exists(result() / file)) << file;
  }
  const std::string description = read_file(result() / "lib/pkgconfig/libonnxruntime.pc").value();
  EXPECT_TRUE(description.starts_with("prefix=${pcfiledir}/../..\n")) << description;
  EXPECT_EQ(description.find(root().string()), std::string::npos);
  ASSERT_TRUE(
      run("readelf --wide --sections '" + (result() / "lib/libonnxruntime.so.1.21.0").string() + "'"));
  EXPECT_EQ(said_.find(".debug_line"), std::string::npos);
  EXPECT_NE(said_.find(".gnu_debuglink"), std::string::npos);
  EXPECT_TRUE(package()) << "again, over the first result: " << said_;
}

TEST_F(Package, RefusesALibraryThatNamesTheWorkFolder) {
  compile("");
  EXPECT_FALSE(package());
  EXPECT_NE(said_.find("libonnxruntime.so.1.21.0 holds"), std::string::npos) << said_;
}

}  // namespace
}  // namespace ortforge
