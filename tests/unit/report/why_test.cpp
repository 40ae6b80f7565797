#include "ortforge/report/why.hpp"

#include "unit/record/json_schema_check.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

WhyInput some_input() {
  WhyInput input;
  input.scope = "onnxruntime-1.21.0-core-cpu-avx512";
  input.state = "run";
  input.before_key = std::string(64, 'a');
  input.after_key = std::string(64, 'b');
  input.before = {{"environment", "sha256-AAAAAAAAAAAAAAAAAAAA="},
                  {"environment-name", "debian-trixie"},
                  {"recipe/old.cmake", "0123456789abcdef0123"},
                  {"recipe/toolchain/core.cmake", "aaaaaaaaaaaaaaaaaaaa"},
                  {"source/onnx", "sha256-BBBBBBBBBBBBBBBBBBBB="},
                  {"source/re2", "same"}};
  input.after = {{"environment", "sha256-AAAAAAAAAAAAAAAAAAAB="},
                 {"environment-name", "debian-trixie"},
                 {"needs/prepare", "11111111111111111111"},
                 {"recipe/toolchain/core.cmake", "cccccccccccccccccccc"},
                 {"source/onnx", "sha256-DDDDDDDDDDDDDDDDDDDD="},
                 {"source/re2", "same"}};
  return input;
}

TEST(Why, NamesEveryInputThatDiffers) {
  EXPECT_EQ(why_text(some_input()),
            "onnxruntime-1.21.0-core-cpu-avx512: runs; 5 inputs changed since it was built\n"
            "  the environment debian-trixie changed: sha256-AAAAAAAAAAAAAAAAAAAA= → "
            "sha256-AAAAAAAAAAAAAAAAAAAB=\n"
            "  the step prepare is new: 111111111111…\n"
            "  the recipe file old.cmake is gone: 0123456789ab…\n"
            "  the recipe file toolchain/core.cmake changed: aaaaaaaaaaaa… → cccccccccccc…\n"
            "  the source onnx changed: sha256-BBBBBBBBBBBB… → sha256-DDDDDDDDDDDD…\n");
}

TEST(Why, SaysWhetherItRuns) {
  const auto verdict = [](const WhyInput& input) {
    const std::string text = why_text(input);
    EXPECT_TRUE(text.starts_with(input.scope + ": ")) << text;
    return text.substr(input.scope.size() + 2);
  };
  WhyInput input = some_input();
  input.state = "stored";
  EXPECT_EQ(verdict(input), "in the store; does not run\n");
  input.state = "not needed";
  EXPECT_EQ(verdict(input), "does not run; what reads its output is in the store\n");
  input.state = "run";
  input.after = *input.before;
  EXPECT_EQ(verdict(input), "runs; its output is no longer in the store\n");
  input.after["toolkit"] = "other";
  EXPECT_EQ(verdict(input), "runs; 1 input changed since it was built\n  the CUDA toolkit is new: other\n");
  input.unknown = "the environment debian-trixie is not made yet";
  EXPECT_EQ(verdict(input), "runs; the environment debian-trixie is not made yet\n");
  input.unknown.clear();
  input.before.reset();
  EXPECT_EQ(verdict(input), "runs; what it was made from last time is no longer on record\n");
  input.before_key.clear();
  EXPECT_EQ(verdict(input), "runs; it has never been built\n");
}

TEST(Why, WritesTheDocumentedJson) {
  WhyInput input = some_input();
  EXPECT_THAT(schema_findings("why.schema.json", why_json(input)), testing::IsEmpty());
  const Json json = parse_json(why_json(input), "why").value();
  EXPECT_EQ(json["changes"].size(), 5U);
  EXPECT_EQ(json["changes"][1]["change"], "added");
  EXPECT_TRUE(json["changes"][1]["before"].is_null());
  EXPECT_EQ(json["changes"][2]["change"], "removed");
  input.before.reset();
  input.before_key.clear();
  EXPECT_THAT(schema_findings("why.schema.json", why_json(input)), testing::IsEmpty());
}

}  // namespace
}  // namespace ortforge
