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
  input.before_key = std::string(64, 'a');
  input.after_key = std::string(64, 'b');
  input.before = {{"environment", "sha256-AAAAAAAAAAAAAAAAAAAA="},
                  {"recipe/old.cmake", "0123456789abcdef0123"},
                  {"recipe/toolchain/core.cmake", "aaaaaaaaaaaaaaaaaaaa"},
                  {"source/onnx", "sha256-BBBBBBBBBBBBBBBBBBBB="},
                  {"source/re2", "same"}};
  input.after = {{"environment", "sha256-AAAAAAAAAAAAAAAAAAAB="},
                 {"needs/prepare", "11111111111111111111"},
                 {"recipe/toolchain/core.cmake", "cccccccccccccccccccc"},
                 {"source/onnx", "sha256-DDDDDDDDDDDDDDDDDDDD="},
                 {"source/re2", "same"}};
  return input;
}

TEST(Why, NamesEveryInputThatDiffers) {
  EXPECT_EQ(why_text(some_input()),
            "onnxruntime-1.21.0-core-cpu-avx512: 5 inputs changed since it ran\n"
            "  environment changed: sha256-AAAAAAAAAAAAAAAAAAAA= → sha256-AAAAAAAAAAAAAAAAAAAB=\n"
            "  needs/prepare is new: 111111111111…\n"
            "  recipe/old.cmake is gone: 0123456789ab…\n"
            "  recipe/toolchain/core.cmake changed: aaaaaaaaaaaa… → cccccccccccc…\n"
            "  source/onnx changed: sha256-BBBBBBBBBBBB… → sha256-DDDDDDDDDDDD…\n");
}

TEST(Why, SaysWhenNothingChangedAndWhenNothingIsKnown) {
  WhyInput input = some_input();
  input.after = *input.before;
  EXPECT_EQ(why_text(input), "onnxruntime-1.21.0-core-cpu-avx512: no input changed since it ran\n");
  input.after["source/re2"] = "other";
  EXPECT_EQ(why_text(input),
            "onnxruntime-1.21.0-core-cpu-avx512: 1 input changed since it ran\n"
            "  source/re2 changed: same → other\n");
  input.before.reset();
  EXPECT_EQ(why_text(input),
            "onnxruntime-1.21.0-core-cpu-avx512: not on record; it runs because it never has\n");
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
