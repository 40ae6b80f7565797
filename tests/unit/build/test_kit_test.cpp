#include "ortforge/build/test_kit.hpp"

#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class TestKitTest : public testing::Test {
 protected:
  TestKitTest() {
    variant_.product = "demo";
    variant_.branch = "1";
    variant_.name = "demo-cpu-avx2";
    variant_.platform = "x86_64-linux";
    plan_.steps.resize(2);
    for (std::size_t i = 0; i < 2; ++i) {
      Step& step = plan_.steps[i];
      step.recipe.scope = i == 0 ? "demo-package" : "demo-test";
      step.key = sha256(step.recipe.scope).hex();
    }
    plan_.steps[1].recipe.features = {"avx2", "fma"};
    plan_.results = {{"demo-cpu-avx2", 0, 1}};
  }

  void enter(std::size_t step, const std::vector<std::string>& files) {
    const fs::path output = directory_.path() / "output";
    ASSERT_TRUE(make_directories(output));
    for (const std::string& file : files) ASSERT_TRUE(write_file(output / file, file));
    StoreEntry entry;
    entry.key = plan_.steps[step].key;
    entry.scope = plan_.steps[step].recipe.scope;
    entry.content_key = entry.key;
    const auto committed = store_.commit(entry, output);
    ASSERT_TRUE(committed) << committed.error().message;
  }

  Result<TestKit> find() const { return find_test_kit(plan_, plan_.results[0], variant_, store_); }

  TemporaryDirectory directory_;
  Store store_{directory_.path()};
  Plan plan_;
  Variant variant_;
};

TEST_F(TestKitTest, NeedsResultAndTestsInTheStore) {
  auto kit = find();
  ASSERT_FALSE(kit);
  EXPECT_EQ(kit.error().kind, ErrorKind::missing);
  EXPECT_EQ(kit.error().message, "demo-cpu-avx2: its result is not in the store");
  EXPECT_EQ(kit.error().hint, "run 'ortforge build demo/1:demo-cpu-avx2'");
  enter(0, {"lib/libdemo.so"});
  EXPECT_EQ(find().error().message,
            "demo-cpu-avx2: its tests have not passed here: they are not in the store");
  enter(1, {"junit.xml"});
  EXPECT_EQ(find().error().message,
            "demo-cpu-avx2: its test step leaves no tests.txt, so its tests run nowhere else");
}

TEST_F(TestKitTest, IsLaidOutWithWhatTestsRead) {
  enter(0, {"lib/libdemo.so", "lib/libdemo.so.debug", "lib/cmake/x.cmake", "include/x.h", "bin/python",
            "bin/selftest", "lib/python3.13/site-packages/demo/__init__.py", "dist/demo.whl"});
  enter(1, {"junit.xml", "tests.txt", "models/a.onnx"});
  auto kit = find();
  ASSERT_TRUE(kit) << kit.error().message;
  kit->glibc = "2.38";
  kit->libraries = {"libcudart.so.13", "libcudnn.so.9"};
  ASSERT_TRUE(write_file(directory_.path() / "run-tests.sh", "#!/bin/sh\n"));
  const fs::path folder = directory_.path() / "laid-out";
  const auto done = lay_out_tests({*kit}, directory_.path() / "run-tests.sh", folder);
  ASSERT_TRUE(done) << done.error().message;

  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder).generic_string());
  }
  const std::string place = "variants/1-demo-cpu-avx2/";
  EXPECT_THAT(files,
              testing::UnorderedElementsAre("run-tests.sh", place + "variant.txt", place + "kit/tests.txt",
                                            place + "kit/models/a.onnx", place + "result/lib/libdemo.so",
                                            place + "result/bin/selftest",
                                            place + "result/lib/python3.13/site-packages/demo/__init__.py"));
  EXPECT_EQ(read_file(folder / place / "variant.txt").value(),
            "product=demo\nbranch=1\nvariant=demo-cpu-avx2\nplatform=x86_64-linux\npython=\nglibc=2.38\n"
            "features=avx2 fma\nlibraries=libcudart.so.13 libcudnn.so.9\nresult_key=" +
                plan_.steps[0].key + "\nresult_scope=demo-package\ntest_key=" + plan_.steps[1].key +
                "\ntest_scope=demo-test\n");
  EXPECT_EQ(fs::hard_link_count(folder / place / "result/lib/libdemo.so"), 2U);
}

}  // namespace
}  // namespace ortforge
