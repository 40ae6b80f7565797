#include "ortforge/report/test.hpp"

#include "support/json_schema.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

TestSummary some_summary() {
  TestSummary summary;
  summary.run_id = 7;
  summary.machine = machine_words({{"gpu", "NVIDIA H200"}, {"driver", "580.126.16"}});
  summary.rows = {{"demo", "1", "demo-sm90-avx2", {"built", "40 passed, 2 skipped", 40, 0, 2}},
                  {"demo", "1", "demo-sm80-avx2", {"skipped", "no GPU here: none", 5, 0, 4}}};
  return summary;
}

TEST(TestSummaryView, SaysWhatTestsCameTo) {
  TestSummary summary = some_summary();
  EXPECT_EQ(test_text(summary, 80),
            "demo-sm90-avx2: passed: 40 passed, 2 skipped\n"
            "demo-sm80-avx2: skipped: no GPU here: none\n"
            "run 7 on NVIDIA H200, driver 580.126.16\n");
  EXPECT_EQ(schema_violations("test", test_json(summary)), "");
  EXPECT_TRUE(summary.success());
  summary.rows[0].verdict.status = "failed";
  EXPECT_FALSE(summary.success());
  EXPECT_EQ(schema_violations("test", test_json(summary)), "");
  EXPECT_EQ(machine_words({{"cpu", "x"}}), "a machine without a GPU");
}

TEST(TestSummaryView, SaysWhatWasPacked) {
  TestSummary summary;
  summary.archive = "tests.tar.zst";
  summary.bytes = 2048;
  summary.rows = {{"demo", "1", "demo-sm90-avx2", {}}};
  EXPECT_EQ(test_text(summary, 80), "tests.tar.zst: 1 variant, 2.0 KiB\n  demo-sm90-avx2\n");
  EXPECT_EQ(schema_violations("test", test_json(summary)), "");
}

}  // namespace
}  // namespace ortforge
