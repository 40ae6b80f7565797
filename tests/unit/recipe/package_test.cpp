// The scripts that put ONNX Runtime's outputs together, as CMake really runs them, on a small library that
// stands in for the built one.
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
  // Writes the recipe of a branch's cpu-avx2.
  void write_recipe(const std::string& branch) {
    const fs::path repository = TEST_SOURCE_DIR;
    const auto matrix = load_matrix(repository / "matrix");
    ASSERT_TRUE(matrix) << matrix.error().message;
    const Product& product = matrix->products.at("onnxruntime");
    for (const Variant& variant : variants_of(*matrix, product, product.branches.at(branch))) {
      if (variant.short_name != "cpu-avx2") continue;
      const auto recipe = render_cmake_recipe(*matrix, variant, repository / "templates", {});
      ASSERT_TRUE(recipe) << recipe.error().message;
      for (const auto& [path, content] : recipe->files)
        ASSERT_TRUE(write_file(root() / "recipe" / path, content));
    }
  }

  void SetUp() override {
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

  bool script(const std::string& name) {
    return run("cmake -P '" + (root() / "recipe" / name).string() + "'");
  }

  // What steps before the composition leave: the core's second library, the binding, and a setup.py that
  // makes a wheel of what lies in its folder.
  void make_binding() {
    fs::copy(core() / "lib" / "libonnxruntime.so.1.21.0",
             core() / "lib" / "libonnxruntime_providers_shared.so");
    const fs::path package = root() / "out" / "binding" / "onnxruntime";
    ASSERT_TRUE(write_file(package / "__init__.py", "__version__ = '1.21.0'\n"));
    ASSERT_TRUE(write_file(package / "capi" / "onnxruntime_pybind11_state.so", "module"));
    ASSERT_TRUE(write_file(root() / "out" / "binding" / "debug" / "onnxruntime_pybind11_state.so.debug", ""));
    const fs::path source = root() / "src" / "onnxruntime";
    ASSERT_TRUE(write_file(source / "VERSION_NUMBER", "1.21.0"));
    ASSERT_TRUE(write_file(source / "requirements.txt", ""));
    ASSERT_TRUE(
        write_file(source / "setup.py",
                   "import os, sys, zipfile\n"
                   "os.makedirs(sys.argv[-1], exist_ok=True)\n"
                   "zipfile.main(['-c', sys.argv[-1] + '/onnxruntime-1.21.0.whl', 'onnxruntime'])\n"));
  }

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
  write_recipe("ort-1.24");
  compile("-ffile-prefix-map='" + root().string() + "/'=");
  ASSERT_TRUE(script("package.cmake")) << said_;
  EXPECT_EQ(fs::read_symlink(result() / "lib" / "libonnxruntime.so"), "libonnxruntime.so.1");
  EXPECT_EQ(fs::read_symlink(result() / "lib" / "libonnxruntime.so.1"), "libonnxruntime.so.1.21.0");
  for (const char* file :
       {"include/onnxruntime/onnxruntime_c_api.h", "dist/onnxruntime-1.21.0.whl",
        "share/licenses/onnxruntime/LICENSE", "lib/libonnxruntime.so.1.21.0.debug",
        "lib/python3.13/site-packages/onnxruntime/__init__.py", "include/onnxruntime/ort_wrapper.hpp",
        "include/onnxruntime/ort_wrapper/session.hpp", "share/onnxruntime/rust/ort-wrapper/src/lib.rs"}) {
    EXPECT_TRUE(fs::exists(result() / file)) << file;
  }
  const std::string crate = read_file(result() / "share/onnxruntime/rust/ort-wrapper/Cargo.toml").value();
  EXPECT_NE(crate.find("\nversion = \"1.24.2\"\n"), std::string::npos) << crate;
  EXPECT_NE(crate.find("\"api-24\""), std::string::npos) << crate;
  const std::string description = read_file(result() / "lib/pkgconfig/libonnxruntime.pc").value();
  EXPECT_TRUE(description.starts_with("prefix=${pcfiledir}/../..\n")) << description;
  EXPECT_EQ(description.find(root().string()), std::string::npos);
  ASSERT_TRUE(
      run("readelf --wide --sections '" + (result() / "lib/libonnxruntime.so.1.21.0").string() + "'"));
  EXPECT_EQ(said_.find(".debug_line"), std::string::npos);
  EXPECT_NE(said_.find(".gnu_debuglink"), std::string::npos);
  EXPECT_TRUE(script("package.cmake")) << "again, over the first result: " << said_;
}

TEST_F(Package, RefusesALibraryThatNamesTheWorkFolder) {
  write_recipe("ort-1.24");
  compile("");
  EXPECT_FALSE(script("package.cmake"));
  EXPECT_NE(said_.find("libonnxruntime.so.1.21.0 holds"), std::string::npos) << said_;
}

TEST_F(Package, IsComposedOfACoreAndABinding) {
  write_recipe("ort-1.21");
  compile("-ffile-prefix-map='" + root().string() + "/'=");
  ASSERT_TRUE(script("core.cmake")) << said_;
  EXPECT_TRUE(fs::exists(core() / "lib" / "libonnxruntime.so.1.21.0.debug"));
  make_binding();
  ASSERT_TRUE(script("compose.cmake")) << said_;
  for (const char* file :
       {"include/onnxruntime/onnxruntime_c_api.h", "dist/onnxruntime-1.21.0.whl",
        "dist/onnxruntime_pybind11_state.so.debug", "share/licenses/onnxruntime/LICENSE",
        "lib/libonnxruntime.so.1.21.0.debug", "lib/pkgconfig/libonnxruntime.pc",
        "lib/python3.13/site-packages/onnxruntime/capi/onnxruntime_pybind11_state.so",
        "lib/python3.13/site-packages/onnxruntime/capi/libonnxruntime_providers_shared.so",
        "include/onnxruntime/ort_wrapper.hpp", "share/onnxruntime/rust/ort-wrapper/Cargo.toml"}) {
    EXPECT_TRUE(fs::exists(result() / file)) << file;
  }
  EXPECT_EQ(fs::read_symlink(result() / "lib" / "libonnxruntime.so.1"), "libonnxruntime.so.1.21.0");
  EXPECT_TRUE(script("compose.cmake")) << "again, over the first result: " << said_;
}

TEST_F(Package, ACoreThatNamesTheWorkFolderIsRefused) {
  write_recipe("ort-1.21");
  compile("");
  EXPECT_FALSE(script("core.cmake"));
  EXPECT_NE(said_.find("libonnxruntime.so.1.21.0 holds"), std::string::npos) << said_;
}

}  // namespace
}  // namespace ortforge
