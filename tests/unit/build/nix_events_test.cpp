#include "ortforge/build/nix_events.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace ortforge {
namespace {

using EventKind = NixEvent::Kind;

NixEvent nix_event(EventKind kind, std::uint64_t activity, std::string text = {}) {
  NixEvent wanted;
  wanted.kind = kind;
  wanted.activity = activity;
  wanted.text = std::move(text);
  return wanted;
}

// Lines as Nix 2.8 writes them.
TEST(NixEvents, ABuildStartsSaysSomethingAndEnds) {
  EXPECT_EQ(
      parse_nix_line(R"(@nix {"action":"start","fields":["/nix/store/abc-core-1.0.drv","",1,1],"id":41,)"
                     R"("level":3,"text":"building '/nix/store/abc-core-1.0.drv'","type":105})"),
      nix_event(EventKind::building, 41, "/nix/store/abc-core-1.0.drv"));
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"result","fields":["buildPhase"],"id":41,"type":104})"),
            nix_event(EventKind::phase, 41, "buildPhase"));
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"result","fields":["\u001b[01m\u001b[Ka.c:1:23:\u001b[m"],)"
                           R"("id":41,"type":101})"),
            nix_event(EventKind::log_line, 41, "a.c:1:23:"));
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"stop","id":41})"), nix_event(EventKind::stopped, 41));
}

TEST(NixEvents, CountsAreThoseOfAnActivity) {
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"start","id":7,"level":0,"text":"","type":104})"),
            nix_event(EventKind::builds, 7));
  NixEvent counts = nix_event(EventKind::counts, 7);
  counts.done = 2;
  counts.expected = 5;
  counts.failed = 1;
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"result","fields":[2,5,1,1],"id":7,"type":105})"), counts);
}

TEST(NixEvents, APathOfABinaryCache) {
  NixEvent wanted = nix_event(EventKind::fetching, 9, "/nix/store/abc-zlib-1.3");
  wanted.from = "https://cache.example.org";
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"start","fields":["/nix/store/abc-zlib-1.3",)"
                           R"("https://cache.example.org"],"id":9,"level":3,"text":"","type":108})"),
            wanted);
}

TEST(NixEvents, AnErrorIsNoWarning) {
  NixEvent wanted = nix_event(EventKind::message, 0, "attribute 'x' missing");
  wanted.error = true;
  wanted.file = "/r/a.nix";
  wanted.line = 14;
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"msg","column":10,"file":"/r/a.nix","level":0,"line":14,)"
                           R"("msg":"\u001b[31;1merror:\u001b[0m attribute 'x' missing\n\n  at /r/a.nix",)"
                           R"("raw_msg":"attribute '\u001b[35;1mx\u001b[0m' missing"})"),
            wanted);
  // It has the level of an error.
  EXPECT_EQ(
      parse_nix_line(R"(@nix {"action":"msg","level":0,"msg":"warning: the group 'nixbld' is missing"})"),
      nix_event(EventKind::message, 0, "warning: the group 'nixbld' is missing"));
}

TEST(NixEvents, WhatIsNotOfThatFormatIsPlain) {
  for (const char* line : {"/nix/store/abc-core-1.0", "", "@nix", "@nix ", "@nix {\"action\":\"sta",
                           "@nix [1,2]", "@nix 7", "@nix {\"action\":\"start\",\"id\":1} and more"}) {
    EXPECT_EQ(parse_nix_line(line), nix_event(EventKind::plain, 0, line)) << line;
  }
}

TEST(NixEvents, MembersOfAnotherTypeCountAsAbsent) {
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":7,"id":"x"})"), nix_event(EventKind::other, 0));
  EXPECT_EQ(parse_nix_line(R"(@nix {})"), nix_event(EventKind::other, 0));
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"start","id":3,"type":105,"fields":{"a":1}})"),
            nix_event(EventKind::building, 3));
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"result","id":3,"type":101,"fields":[]})"),
            nix_event(EventKind::log_line, 3));
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"result","id":3,"type":105,"fields":["a",1.5]})"),
            nix_event(EventKind::counts, 3));
  EXPECT_EQ(parse_nix_line(R"(@nix {"action":"msg","msg":null,"line":"x"})"),
            nix_event(EventKind::message, 0));
}

TEST(NixEvents, ColoursGoAway) {
  EXPECT_EQ(without_colours("\033[31;1merror:\033[0m a \033[Kb"), "error: a b");
  EXPECT_EQ(without_colours("cut \033[31"), "cut ");
  EXPECT_EQ(without_colours("cut \033"), "cut ");
}

TEST(NixEvents, NamesAreWithoutHash) {
  EXPECT_EQ(nix_name("/nix/store/apj7sqgivsfiasxnl49h4xja7r0laay6-onnxruntime-1.23.2.drv"),
            "onnxruntime-1.23.2");
  EXPECT_EQ(nix_name("/nix/store/apj7sqgivsfiasxnl49h4xja7r0laay6-zlib"), "zlib");
  EXPECT_EQ(nix_name("short-name.drv"), "short-name");
  EXPECT_EQ(nix_name(""), "");
}

TEST(NixEvents, LinesMayComeInPieces) {
  std::vector<std::string> lines;
  NixEventReader reader([&](const NixEvent& each) { lines.push_back(each.text); });
  reader.feed("/nix/st");
  reader.feed("ore/a\n\n/nix/store/b\n/ni");
  EXPECT_EQ(lines, (std::vector<std::string>{"/nix/store/a", "/nix/store/b"}));
  reader.finish();
  reader.finish();
  EXPECT_EQ(lines, (std::vector<std::string>{"/nix/store/a", "/nix/store/b", "/ni"}));
}

}  // namespace
}  // namespace ortforge
