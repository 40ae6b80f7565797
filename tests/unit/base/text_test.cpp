#include "ortforge/base/text.hpp"

#include <gtest/gtest.h>

#include "ortforge/base/table.hpp"

namespace ortforge {
namespace {

TEST(Text, SplitsJoinsTrims) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(trim("  a b\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, FindsNearNames) {
  const std::vector<std::string> names{"sm80-avx2", "sm90-avx2", "sm90-avx512", "cpu-avx2"};
  EXPECT_EQ(nearest("sm90-avx521", names, 1), (std::vector<std::string>{"sm90-avx512"}));
  EXPECT_EQ(nearest("zzz", names), std::vector<std::string>{});
  EXPECT_EQ(did_you_mean("CPU-avx2", {"cpu-avx2"}), " (did you mean 'cpu-avx2'?)");
  EXPECT_EQ(did_you_mean("ab", {"aa", "ac"}), " (did you mean 'aa' or 'ac'?)");
  EXPECT_EQ(did_you_mean("zzz", names), "");
}

TEST(Text, FormatsBytesAndDurations) {
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes(1024ULL * 1024 * 1024 * 2), "2.0 GiB");
  EXPECT_EQ(format_bytes(1024ULL * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(format_duration(Milliseconds{850}), "850 ms");
  EXPECT_EQ(format_duration(Milliseconds{12300}), "12.3 s");
  EXPECT_EQ(format_duration(Milliseconds{59970}), "1 min 00 s");
  EXPECT_EQ(format_duration(Milliseconds{245000}), "4 min 05 s");
  EXPECT_EQ(format_duration(Milliseconds{3720000}), "1 h 02 min");
}

TEST(Text, ReadsSizes) {
  EXPECT_EQ(parse_bytes("0"), 0U);
  EXPECT_EQ(parse_bytes("1024"), 1024U);
  EXPECT_EQ(parse_bytes("7B"), 7U);
  EXPECT_EQ(parse_bytes("2K"), 2048U);
  EXPECT_EQ(parse_bytes("500M"), 500ULL << 20U);
  EXPECT_EQ(parse_bytes("1.5GiB"), 3ULL << 29U);
  EXPECT_EQ(parse_bytes("2T"), 2ULL << 40U);
  for (const char* text : {"", "G", "-1G", "+1G", "1GB", "1g", "1 G", " 1G", "1G ", ".5G", "1e3", "0x10",
                           "nan", "inf", "1KK", "1P", "99999999T", "much"}) {
    EXPECT_FALSE(parse_bytes(text)) << "'" << text << "'";
  }
}

TEST(Text, ReadsDurations) {
  EXPECT_EQ(parse_duration("1s"), Milliseconds{1000});
  EXPECT_EQ(parse_duration("90s"), Milliseconds{90000});
  EXPECT_EQ(parse_duration("30min"), Milliseconds{1800000});
  EXPECT_EQ(parse_duration("2h"), Milliseconds{7200000});
  EXPECT_EQ(parse_duration("876000h"), Milliseconds{876000LL * 3600000}) << "a century";
  for (const char* text : {"", "s", "30", "0s", "-5s", "+5s", "5m", "5 s", " 5s", "5s ", "1.5h", "5S",
                           "0x10s", "1h30min", "soon", "876001h", "99999999999999999999s"}) {
    EXPECT_FALSE(parse_duration(text)) << "'" << text << "'";
  }
}

TEST(Text, ComparesVersions) {
  EXPECT_LT(compare_versions("550.54.14", "550.54.15"), 0);
  EXPECT_GT(compare_versions("13.0", "12.10"), 0);
  EXPECT_EQ(compare_versions("13", "13.0.0"), 0);
}

TEST(Table, AlignsAndShrinks) {
  const std::string text = format_table({{"name", false, true}, {"n", true, false}},
                                        {{"short", "1"}, {"a much longer cell", "20"}}, 16);
  EXPECT_EQ(text,
            "name           n\n"
            "short          1\n"
            "a much long…  20\n");
}

TEST(Table, ShowsControlCharactersAsQuestionMarks) {
  EXPECT_EQ(format_table({{"a"}}, {{"x\ny"}}), "a\nx?y\n");
}

TEST(Table, WhatAColumnKeepsGoesLast) {
  const std::vector<Column> columns{{"A", false, true}, {"B", false, true, 9}};
  const std::vector<std::vector<std::string>> rows{{"0123456789", "0123456789"}};
  EXPECT_EQ(format_table(columns, rows, 18), "A        B\n012345…  01234567…\n");
  EXPECT_EQ(format_table(columns, rows, 15), "A       B\n01234…  012345…\n");
}

TEST(Text, CountsNouns) {
  EXPECT_EQ(counted(0, "variant"), "0 variants");
  EXPECT_EQ(counted(1, "variant"), "1 variant");
  EXPECT_EQ(counted(66, "variant"), "66 variants");
  EXPECT_EQ(counted(1, "branch", "branches"), "1 branch");
  EXPECT_EQ(counted(2, "branch", "branches"), "2 branches");
}

}  // namespace
}  // namespace ortforge
