// run-tests.sh, which packed tests run with on other machines, and the Python half of the checks.
#include "support/json_schema.hpp"
#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/process/runner.hpp"
#include "ortforge/record/test_results.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kTemplates = fs::path(TEST_SOURCE_DIR) / "templates";

class RunTests : public testing::Test {
 protected:
  // A variant with one library and the given tests; `facts` come before those that every one has.
  void lay_out(const std::string& facts, const std::string& tests) {
    const fs::path place = directory_.path() / "variants" / "1.0-demo";
    const std::string digest(64, 'a');
    const std::string common = "product=demo\nbranch=1.0\nvariant=demo-cpu\nresult_key=" + digest +
                               "\nresult_scope=demo-package\ntest_key=" + digest +
                               "\ntest_scope=demo-test\nplatform=" + machine() + "-linux\n";
    ASSERT_TRUE(write_file(place / "variant.txt", facts + common));
    ASSERT_TRUE(write_file(place / "result/lib/libdemo.so", "demo"));
    ASSERT_TRUE(write_file(place / "kit/tests.txt", tests));
  }

  static std::string machine() {
    return trim(run_captured({{"uname", "-m"}, own_environment(), "/"})->output);
  }

  Captured run() {
    const auto script = read_file(kTemplates / "kit" / "run-tests.sh");
    EXPECT_TRUE(script && write_file(directory_.path() / "run-tests.sh", *script));
    return run_captured({{"sh", (directory_.path() / "run-tests.sh").string(), "--out", out().string()},
                         own_environment(),
                         directory_.path()})
        .value();
  }

  TestedVariant results() {
    const std::string text = read_file(out()).value_or("");
    EXPECT_EQ(schema_violations("test-results", text), "") << text;
    const auto parsed = parse_test_results(text, "results.json");
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed ? parsed->variants.at(0) : TestedVariant{};
  }

  fs::path out() const { return directory_.path() / "results.json"; }

  TemporaryDirectory directory_;
};

TEST_F(RunTests, WritesWhatEveryTestCameTo) {
  lay_out("",
          "good\t-\ttest -f \"$RESULT/lib/libdemo.so\" && test -d \"$WORK\"\n"
          "bad\t-\techo noise; printf '%s\\n' 'FAIL x: \"a\\b\"'; exit 1\n"
          "gpu.skip\t-\techo 'skipped: no GPU here: none'; exit 77\n"
          "wheel\tpython\t\"$PYTHON\" -V\n"
          "crash\t-\tkill -KILL $$\n");
  const Captured done = run();
  EXPECT_EQ(done.outcome.ending, Ending(Exited{1})) << done.output;
  EXPECT_THAT(done.output, HasSubstr("demo-cpu: 1 passed, 2 failed, 2 skipped\n"));
  const TestedVariant tested = results();
  ASSERT_EQ(tested.tests.size(), 5U);
  EXPECT_EQ(tested.tests[0].status, "passed");
  EXPECT_EQ(tested.tests[1].status, "failed");
  EXPECT_EQ(tested.tests[1].message, "FAIL x: \"a\\b\"");
  EXPECT_EQ(tested.tests[2].status, "skipped");
  EXPECT_EQ(tested.tests[2].message, "no GPU here: none");
  EXPECT_EQ(tested.tests[3].message, "the wheel is not here");
  EXPECT_EQ(tested.tests[4].status, "failed");
  ASSERT_EQ(tested.files.size(), 1U);
  EXPECT_EQ(tested.files[0].path, "lib/libdemo.so");
  EXPECT_EQ(tested.files[0].sha256, sha256("demo").hex());
}

TEST_F(RunTests, SaysWhyNothingRunsHere) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"glibc=99.1\n", "needs glibc 99.1, this machine has "},
      {"features=no_such_feature\n", "host lacks no_such_feature"},
      {"platform=vax-linux\n", "built for vax-linux, this is "}};
  for (const auto& [fact, reason] : cases) {
    lay_out(fact, "good\t-\ttrue\n");
    EXPECT_EQ(run().outcome.ending, Ending(Exited{0}));
    const TestedVariant tested = results();
    ASSERT_EQ(tested.tests.size(), 1U);
    EXPECT_EQ(tested.tests[0].status, "skipped");
    EXPECT_THAT(tested.tests[0].message, HasSubstr(reason));
  }
}

TEST_F(RunTests, RefusesWhatItDoesNotKnow) {
  const auto done = run_captured({{"sh", (kTemplates / "kit" / "run-tests.sh").string(), "--fast"},
                                  own_environment(),
                                  directory_.path()});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome.ending, Ending(Exited{2}));
  EXPECT_EQ(done->output, "usage: run-tests.sh [--out FILE]\n");
}

TEST(WheelCheck, KnowsProfilesAndErrors) {
  ORTFORGE_NEEDS(has_program("python3"), "no python3");
  const fs::path script = fs::path(TEST_SOURCE_DIR) / "tests/unit/templates/wheel_check.py";
  const auto done = run_captured(
      {{"python3", script.string(), (kTemplates / "onnxruntime" / "test").string()}, own_environment(), "/"});
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->outcome.success()) << done->output;
}

}  // namespace
}  // namespace ortforge
