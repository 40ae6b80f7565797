#include "ortforge/base/json_reader.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

TEST(JsonReader, SyntaxErrorsNameLineAndColumn) {
  const auto result = parse_json("{\n  \"a\": 1,\n  \"b\" 2\n}", "matrix.json");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(result.error().message.substr(0, 17), "matrix.json:3:7: ") << result.error().message;
}

TEST(JsonReader, DuplicateKeysAreErrors) {
  EXPECT_EQ(parse_json(R"({"a":{"b":1},"c":{"b":1,"b":2}})", "m.json").error().message,
            "m.json: the key 'b' stands twice in one object");
  EXPECT_TRUE(parse_json(R"({"a":{"b":1},"c":{"b":1}})", "m.json"));
}

TEST(JsonReader, DepthIsLimited) {
  EXPECT_TRUE(parse_json(std::string(100, '[') + std::string(100, ']'), "m.json"));
  for (const int depth : {101, 100000}) {
    const auto count = static_cast<std::size_t>(depth);
    const auto result = parse_json(std::string(count, '[') + std::string(count, ']'), "m.json");
    ASSERT_FALSE(result) << depth;
    EXPECT_EQ(result.error().message, "m.json: values nest deeper than 100");
  }
}

TEST(JsonReader, WrongTypesNameFileAndPath) {
  const Json json = parse_json(R"({"lines":{"cuda13_0":{"sm":[75,"80"]}},"odd key":{}})", "m.json").value();
  const JsonPlace root(json, "m.json");
  const auto line = root.at("lines").value().at("cuda13_0").value();
  EXPECT_EQ(line.at("sm").value().elements().value()[1].integer().error().message,
            "m.json: $.lines.cuda13_0.sm[1]: expected an integer, found a string");
  EXPECT_EQ(line.string("python").error().message,
            "m.json: $.lines.cuda13_0: the member 'python' is missing");
  EXPECT_EQ(root.at("odd key").value().path(), "$[\"odd key\"]");
  EXPECT_EQ(line.only({"sms", "isa"}).error().message,
            "m.json: $.lines.cuda13_0: unknown member 'sm' (did you mean 'sms'?)");
}

TEST(JsonReader, AbsentMembersTakeTheFallback) {
  const Json json = parse_json(R"({"a":true})", "m.json").value();
  const JsonPlace root(json, "m.json");
  EXPECT_EQ(root.string_or("b", "x").value(), "x");
  EXPECT_TRUE(root.boolean_or("a", false).value());
  EXPECT_FALSE(root.string_or("a", "x"));
}

}  // namespace
}  // namespace ortforge
