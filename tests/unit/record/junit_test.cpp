#include "ortforge/record/junit.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

// As ctest 3.31 writes it.
constexpr const char* kReport = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="(empty)"
	tests="4"
	skipped="2"
	>
	<testcase name="selftest.cpu" classname="selftest.cpu" time="0.08" status="run">
		<system-out>ok    3 &lt; 4
skipped: is a word that a test may print
</system-out>
	</testcase>
	<testcase name="gpu.selftest" classname="gpu.selftest" time="0.005" status="notrun">
		<skipped message="SKIP_RETURN_CODE=77"/>
		<properties/>
		<system-out>skipped: not yet
skipped: no GPU here: provider &quot;cuda&quot; &amp; more
</system-out>
	</testcase>
	<testcase name="silent" classname="silent" time="0" status="disabled">
		<skipped message="Disabled"/>
		<system-out/>
	</testcase>
	<testcase name="broken" classname="broken" time="1" status="fail">
		<failure message="Failed"/>
		<system-out>no</system-out>
	</testcase>
</testsuite>
)xml";

TEST(Junit, GivesOutcomesAndReasons) {
  const auto tests = parse_junit(kReport, "junit.xml");
  ASSERT_TRUE(tests) << tests.error().message;
  std::vector<std::string> words;
  for (const TestOutcome& test : *tests)
    words.push_back(test.name + ": " + test.status + ": " + test.message);
  EXPECT_EQ(words, (std::vector<std::string>{
                       "selftest.cpu: passed: ",
                       "gpu.selftest: skipped: no GPU here: provider \"cuda\" & more",
                       "silent: skipped: Disabled",
                       "broken: failed: ",
                   }));
}

TEST(Junit, RefusesWhatItDoesNotKnow) {
  const auto message = [](const std::string& text) {
    const auto tests = parse_junit(text, "junit.xml");
    if (tests) return std::string("no error");
    EXPECT_EQ(tests.error().kind, ErrorKind::bad_input);
    return tests.error().message;
  };
  EXPECT_EQ(message(""), "junit.xml: names no test");
  EXPECT_EQ(message("<testcase name=\"a\" status=\"run\">"), "junit.xml: is cut short");
  EXPECT_EQ(message("<testcase name=\"a\" status=\"odd\"></testcase>"),
            "junit.xml: test a: unknown status 'odd'");
}

}  // namespace
}  // namespace ortforge
