#include "ortforge/cli/build_outcomes.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

constexpr const char* kReport =
    R"xml(<testsuite><testcase name="capi.version" status="run"></testcase>
<testcase name="gpu.selftest" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>
<system-out>skipped: no GPU here: no CUDA driver</system-out></testcase></testsuite>)xml";

TEST(BuildOutcomes, AReportSaysHowMuchWasTested) {
  const TemporaryDirectory output;
  std::vector<PlanRequest> requests(1);
  requests[0].variant.name = "demo-sm90";
  requests[0].variant.sm = 90;
  Step test;
  test.variants = {"demo-sm90"};
  EXPECT_EQ(tested_by(requests, test, output.path()), "") << "no report";
  ASSERT_TRUE(write_file(output.path() / "junit.xml", kReport));
  EXPECT_EQ(tested_by(requests, test, output.path()), kTestedOnCpu);
  requests[0].variant.sm.reset();
  EXPECT_EQ(tested_by(requests, test, output.path()), kTestedFully);
  ASSERT_TRUE(write_file(output.path() / "junit.xml", "<html>"));
  EXPECT_EQ(tested_by(requests, test, output.path()), "");
}

}  // namespace
}  // namespace ortforge
