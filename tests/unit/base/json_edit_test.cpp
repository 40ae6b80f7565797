#include "ortforge/base/json_edit.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

constexpr const char* kText = R"({
  "a": {"x": [1, {"b": "}"}], "b": {
    "first": "\"1\\",
    "second": {"y": true}
  }}, "c" : 2.5
}
)";

TEST(JsonEdit, InsertsBehindAMember) {
  EXPECT_EQ(insert_member(kText, {"a", "b"}, "first", "new", "v\"").value(), R"({
  "a": {"x": [1, {"b": "}"}], "b": {
    "first": "\"1\\",
    "new": "v\"",
    "second": {"y": true}
  }}, "c" : 2.5
}
)");
  EXPECT_EQ(insert_member(kText, {"a", "b", "second"}, "y", "z", "1").value(), R"({
  "a": {"x": [1, {"b": "}"}], "b": {
    "first": "\"1\\",
    "second": {"y": true, "z": "1"}
  }}, "c" : 2.5
}
)");
  EXPECT_EQ(insert_member("{\"c\" : 2.5\n}", {}, "c", "d", "e").value(), "{\"c\" : 2.5, \"d\": \"e\"\n}");
}

TEST(JsonEdit, ReplacesAMember) {
  EXPECT_EQ(replace_member(kText, {"a", "b"}, "second", "new", "v").value(), R"({
  "a": {"x": [1, {"b": "}"}], "b": {
    "first": "\"1\\",
    "new": "v"
  }}, "c" : 2.5
}
)");
}

TEST(JsonEdit, NamesWhatIsNotThere) {
  EXPECT_EQ(replace_member(kText, {"a", "b"}, "third", "new", "v").error().message,
            "the document has no member a.b.third");
  EXPECT_FALSE(insert_member("[1]", {}, "a", "b", "c"));
  EXPECT_FALSE(insert_member("", {"a"}, "a", "b", "c"));
}

}  // namespace
}  // namespace ortforge
