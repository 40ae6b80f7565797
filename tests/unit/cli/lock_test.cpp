// `ortforge lock`: hashes of archives on this machine.
#include "support/archive_maker.hpp"
#include "support/call.hpp"
#include "support/json_schema.hpp"
#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

class Lock : public testing::Test {
 protected:
  void SetUp() override {
    make_archive(directory_.path() / "set-1.tar.gz", {a_file("set-1/default.nix", "{ }\n")});
    ASSERT_TRUE(write_file(directory_.path() / "tree/default.nix", "{ }\n"));
    const std::string base = "file://" + directory_.path().string();
    matrix_.edit("tool.json", [&](Json& tool) {
      Json& v1 = tool["branches"]["v1"];
      v1["pins"]["nixpkgs"] = {
          {"url", base + "/set-@revision@.tar.gz"}, {"revision", "1"}, {"origin", "test"}};
      Json source;
      source["version"] = "1";
      source["unpinned"] = "nobody has looked";
      source["origins"] = Json::array();
      source["origins"].push_back({{"kind", "archive"}, {"url", base + "/gone.tar.gz"}});
      source["origins"].push_back({{"kind", "archive"}, {"url", base + "/set-1.tar.gz"}});
      v1["sources"]["extra"] = source;
    });
  }

  CallResult run(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--matrix", matrix_.path().string(), "lock"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call({directory_.path() / "home", directory_.path(), {}, nullptr}, arguments);
  }
  std::string text() const { return read_file(matrix_.path() / "tool.json").value(); }

  TemporaryDirectory directory_;
  TemporaryMatrix matrix_ = TemporaryMatrix::small();
};

TEST_F(Lock, FillsInWhatIsMissing) {
  const std::string sri = nar_digest(directory_.path() / "tree").value().sri();
  const std::string before = text();
  const CallResult result = run();
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "pin nixpkgs of tool v1: " + sri + "\nsource extra of tool v1: " + sri +
                            "\n2 filled in, 0 missing\n");
  std::string expected = before;
  const std::string unpinned = "\"unpinned\": \"nobody has looked\"";
  expected.replace(expected.find(unpinned), unpinned.size(), "\"nar\": \"" + sri + "\"");
  const std::string revision = "\"revision\": \"1\"";
  const std::size_t at = expected.find(revision);
  const std::size_t line = expected.rfind('\n', at);
  expected.insert(at + revision.size(),
                  "," + expected.substr(line, at - line) + "\"digest\": \"" + sri + "\"");
  EXPECT_EQ(text(), expected) << "everything else is left as it was";
  EXPECT_EQ(matrix_.load_error(), "");
  EXPECT_EQ(run().out, "no hash is missing\n");
  EXPECT_TRUE(fs::is_empty(directory_.path() / "home")) << "nothing is kept";
}

TEST_F(Lock, ChecksWithoutWriting) {
  const std::string before = text();
  const CallResult result = run({"--check"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out,
            "pin nixpkgs of tool v1: missing\nsource extra of tool v1: missing\n0 filled in, 2 missing\n");
  EXPECT_EQ(text(), before);
  EXPECT_EQ(schema_violations("lock", run({"--check", "--json"}).out), "");
}

TEST_F(Lock, SaysWhatItCouldNotFind) {
  fs::remove(directory_.path() / "set-1.tar.gz");
  const std::string before = text();
  const CallResult result = run();
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.out, HasSubstr("pin nixpkgs of tool v1: still missing: archive file://"));
  EXPECT_THAT(result.out, EndsWith("0 filled in, 2 missing\n"));
  EXPECT_EQ(text(), before);
  EXPECT_EQ(schema_violations("lock", run({"--json"}).out), "");
}

TEST_F(Lock, FillsInWhatTheNextFailureDoesNotReach) {
  matrix_.edit("tool.json",
               [](Json& tool) { tool["branches"]["v1"]["sources"]["extra"]["origins"].erase(1); });
  const CallResult result = run();
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.out, EndsWith("1 filled in, 1 missing\n"));
  EXPECT_THAT(text(), HasSubstr("\"digest\": \"sha256-"));
}

// A branch that changes the revision has to have a digest of its own.
TEST_F(Lock, LooksAtWhatABranchItselfSays) {
  ASSERT_EQ(run().code, 0);
  matrix_.edit("tool.json", [](Json& tool) { tool["branches"]["v2"]["pins"]["nixpkgs"]["revision"] = "2"; });
  EXPECT_THAT(run({"--check"}).out, HasSubstr("pin nixpkgs of tool v2: missing\n"));
}

}  // namespace
}  // namespace ortforge
