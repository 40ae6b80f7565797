#include "ortforge/source/remote_files.hpp"

#include <memory>

#include "support/http_server.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Reply = HttpServer::Reply;

constexpr std::uint64_t kMost = 1000;

class RemoteFilesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(write_file(local_, "local content")); }

  std::unique_ptr<RemoteFiles> server() const {
    DownloadOptions limits = remote_limits();
    limits.stall_timeout = Milliseconds{1000};
    return remote_address(server_.address() + "/ci/", limits);
  }

  TemporaryDirectory directory_;
  fs::path local_ = directory_.path() / "local";
  fs::path got_ = directory_.path() / "got";
  HttpServer server_;
};

// What both kinds do alike.
void check_files(const RemoteFiles& files, const fs::path& local, const fs::path& got) {
  EXPECT_FALSE(files.has("a.json").value());
  EXPECT_EQ(files.read("a.json", kMost).value(), std::nullopt);
  EXPECT_FALSE(files.get("a.json", got, kMost).value());
  const auto put = files.put("content/a.json", local);
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_TRUE(files.has("content/a.json").value());
  EXPECT_EQ(files.read("content/a.json", kMost).value(), "local content");
  EXPECT_TRUE(files.get("content/a.json", got, kMost).value());
  EXPECT_EQ(read_file(got).value(), "local content");
  const auto large = files.read("content/a.json", 5);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().message, files.place() + "/content/a.json: larger than 5 bytes");
  EXPECT_FALSE(files.get("content/a.json", got, 5));
}

TEST_F(RemoteFilesTest, AFolderKeepsFiles) {
  const auto files = remote_folder(directory_.path());
  check_files(*files, local_, got_);
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(directory_.path() / "content")) ++count;
  EXPECT_EQ(count, 1U) << "no temporary files are left";
}

TEST_F(RemoteFilesTest, AServerKeepsFiles) {
  server_.take_puts();
  check_files(*server(), local_, got_);
}

TEST_F(RemoteFilesTest, AFolderThatIsNotThereIsNoMiss) {
  const auto missed = remote_folder(directory_.path() / "gone")->has("a.json");
  ASSERT_FALSE(missed);
  EXPECT_EQ(missed.error().message, (directory_.path() / "gone").string() + ": no such folder");
}

TEST_F(RemoteFilesTest, AQueryGoesWithEveryNameAndIsNotShown) {
  const auto files =
      remote_address("http://me:secret@" + server_.address().substr(7) + "/ci?token=t", remote_limits());
  EXPECT_EQ(files->place(), server_.address() + "/ci");
  server_.serve("/ci/a?token=t", "text");
  EXPECT_EQ(files->read("a", kMost).value(), "text");
  const auto refused = files->put("a", local_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, server_.address() + "/ci/a: HTTP status 405");
}

TEST_F(RemoteFilesTest, ARedirectionIsNoPlaceToPutFiles) {
  server_.take_puts(302);
  const auto put = server()->put("a", local_);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().message, server_.address() + "/ci/a: HTTP status 302");
}

TEST_F(RemoteFilesTest, AServerThatIsBusyIsAskedTwice) {
  server_.serve("/ci/a", {Reply{503, "busy", {}, {}, {}, {}}, Reply{200, "text", {}, {}, {}, {}}});
  EXPECT_EQ(server()->read("a", kMost).value(), "text");
  EXPECT_THAT(server_.requests(), ElementsAre("/ci/a", "/ci/a"));
}

TEST_F(RemoteFilesTest, ASlowOrShortAnswerIsAnError) {
  server_.serve("/ci/slow", {Reply{200, std::string(500, 'x'), {}, {}, std::chrono::seconds(60), {}}});
  const auto slow = server()->get("slow", got_, kMost);
  ASSERT_FALSE(slow);
  EXPECT_THAT(slow.error().message, StartsWith(server_.address() + "/ci/slow: Operation too slow."));
  server_.serve("/ci/short", {Reply{200, "part", 500, {}, {}, {}}});
  const auto cut = server()->get("short", got_, kMost);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().message, server_.address() + "/ci/short: cut short");
  EXPECT_EQ(cut.error().kind, ErrorKind::missing) << "what is there may be whole";
}

TEST_F(RemoteFilesTest, AFullServerIsNotSentTheSameAgain) {
  server_.take_puts(507);
  const auto put = server()->put("a", local_);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().message, server_.address() + "/ci/a: HTTP status 507");
  EXPECT_THAT(server_.requests(), ElementsAre("PUT /ci/a"));
}

TEST_F(RemoteFilesTest, AServerThatReplacesNothingKeepsWhatItHas) {
  server_.take_puts(412);
  const auto put = server()->put("a", local_);
  EXPECT_TRUE(put) << put.error().message;
  EXPECT_THAT(server_.requests(), ElementsAre("PUT /ci/a"));
}

TEST_F(RemoteFilesTest, ARedirectionLeadsToNoFileOfThisMachine) {
  server_.serve("/ci/a", {Reply{302, "", {}, {}, {}, "file://" + local_.string()}});
  const auto read = server()->read("a", kMost);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("rotocol")) << "and says so, not HTTP status 302";
}

TEST_F(RemoteFilesTest, ARedirectionToNobodySaysThatNobodyIsThere) {
  const std::string gone = "http://127.0.0.1:" + std::to_string(closed_port()) + "/a";
  server_.serve("/ci/a", {Reply{302, "", {}, {}, {}, gone}});
  const auto read = server()->read("a", kMost);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("onnect"));
}

TEST_F(RemoteFilesTest, AnInterruptLeavesNoPartInAFolder) {
  Interrupt interrupt;
  const auto files = remote_folder(directory_.path() / "remote", &interrupt);
  ASSERT_TRUE(files->put("a", local_));
  interrupt.request();
  const auto put = files->put("b", local_);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(files->get("a", got_, kMost).error().kind, ErrorKind::interrupted);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory_.path() / "remote"))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, ElementsAre("a"));
}

TEST_F(RemoteFilesTest, NobodyThereIsAnError) {
  const auto files = remote_address("http://127.0.0.1:" + std::to_string(closed_port()), remote_limits());
  const auto refused = files->has("a");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::missing);
}

TEST_F(RemoteFilesTest, AnInterruptIsNoFailure) {
  Interrupt interrupt;
  interrupt.request();
  DownloadOptions options = remote_limits();
  options.interrupt = &interrupt;
  server_.serve("/a", {Reply{200, "x", {}, std::chrono::seconds(60), {}, {}}});
  const auto stopped = remote_address(server_.address(), options)->read("a", kMost);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace ortforge
