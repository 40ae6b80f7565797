#include "ortforge/source/download.hpp"

#include "support/http_server.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using Reply = HttpServer::Reply;

class Download : public testing::Test {
 protected:
  Result<Downloaded> get(const std::string& url) { return download(url, file_, options_); }

  TemporaryDirectory directory_;
  fs::path file_ = directory_.path() / "file";
  HttpServer server_;
  DownloadOptions options_;
};

TEST_F(Download, GivesContentDigestSizeAndProgress) {
  const std::string body(100000, 'x');
  server_.serve("/a.bin", body);
  std::uint64_t last = 0;
  options_.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, 100000U);
    last = done;
  };
  const auto downloaded = get(server_.address() + "/a.bin");
  ASSERT_TRUE(downloaded) << downloaded.error().message;
  EXPECT_EQ(downloaded->bytes, 100000U);
  EXPECT_EQ(downloaded->digest, sha256(body));
  EXPECT_EQ(*read_file(file_), body);
  EXPECT_EQ(last, 100000U);
}

TEST_F(Download, NamesAddressAndStatus) {
  const auto downloaded = get(server_.address() + "/gone.tar.gz?token=secret");
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::missing);
  EXPECT_EQ(downloaded.error().message, server_.address() + "/gone.tar.gz: HTTP status 404");
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(server_.requests().size(), 1U) << "404 does not pass by itself";
}

TEST_F(Download, TriesAgainAfterServerErrors) {
  server_.serve("/a", {Reply{503, "busy", {}, {}, {}, {}}, Reply{200, "good", {}, {}, {}, {}}});
  const auto downloaded = get(server_.address() + "/a");
  ASSERT_TRUE(downloaded) << downloaded.error().message;
  EXPECT_EQ(*read_file(file_), "good");
}

TEST_F(Download, KeepsNothingOfATruncatedFile) {
  options_.attempts = 2;
  server_.serve("/a", {Reply{200, "only this", 5000, {}, {}, {}}});
  const auto downloaded = get(server_.address() + "/a");
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(downloaded.error().message, HasSubstr("cut short: 9 of 5000 bytes arrived"));
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(server_.requests().size(), 2U);
}

TEST_F(Download, SaysThatNothingListens) {
  const auto downloaded = get("http://127.0.0.1:" + std::to_string(closed_port()) + "/a");
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::missing);
  EXPECT_THAT(downloaded.error().message, HasSubstr("Failed to connect"));
}

TEST_F(Download, StopsWhenAsked) {
  Interrupt interrupt;
  options_.interrupt = &interrupt;
  options_.progress = [&](std::uint64_t, std::uint64_t) { interrupt.request(); };
  server_.serve("/a", {Reply{200, std::string(100000, 'x'), {}, {}, std::chrono::seconds(60), {}}});
  const auto downloaded = get(server_.address() + "/a");
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::interrupted);
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(Download, GivesUpOnAStalledServer) {
  options_.stall_timeout = Milliseconds{1000};
  server_.serve("/a", {Reply{200, "x", {}, std::chrono::seconds(60), {}, {}}});
  const auto downloaded = get(server_.address() + "/a");
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::missing);
  EXPECT_THAT(downloaded.error().message, HasSubstr("too slow"));
}

TEST_F(Download, ReadsFileAddressesButIsNotLedToThem) {
  ASSERT_TRUE(write_file(directory_.path() / "local", "here"));
  const std::string local = "file://" + (directory_.path() / "local").string();
  ASSERT_TRUE(get(local));
  EXPECT_EQ(*read_file(file_), "here");
  server_.serve("/away", {Reply{302, "", {}, {}, {}, local}});
  const auto led = get(server_.address() + "/away");
  ASSERT_FALSE(led);
  EXPECT_EQ(led.error().kind, ErrorKind::bad_input);
}

TEST_F(Download, RefusesOtherSchemes) {
  const auto downloaded = get("ftp://127.0.0.1/a");
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::bad_input);
}

TEST_F(Download, TakesProxiesFromTheGivenVariablesOnly) {
  server_.serve("http://a.invalid/x", "through the proxy");
  options_.variables = {{"http_proxy", server_.address()}};
  ASSERT_TRUE(get("http://a.invalid/x"));
  EXPECT_EQ(*read_file(file_), "through the proxy");
  options_.variables["no_proxy"] = "a.invalid";
  EXPECT_FALSE(get("http://a.invalid/x"));
  EXPECT_THAT(server_.requests(), ElementsAre("http://a.invalid/x"));
}

TEST_F(Download, ShowsNoPasswordOfAProxyThatCannotBeRead) {
  for (const char* proxy : {"http://me:se cret@proxy.invalid:1", "ftp://me:secret@proxy.invalid:1"}) {
    options_.proxy = proxy;
    const auto downloaded = get(server_.address() + "/a");
    ASSERT_FALSE(downloaded);
    EXPECT_EQ(downloaded.error().message,
              server_.address() + "/a: the address of the proxy is not one that libcurl takes");
  }
}

TEST_F(Download, NamesAFileThatCannotBeWritten) {
  const auto downloaded = download(server_.address() + "/a", directory_.path() / "no/such/file", options_);
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::missing);
  EXPECT_THAT(downloaded.error().message, HasSubstr("no/such/file: cannot be written"));
}

TEST_F(Download, SaysThatTheDiskIsFull) {
  server_.serve("/a", "bytes");
  fs::create_symlink("/dev/full", file_);  // the link is what a failure removes
  const auto downloaded = get(server_.address() + "/a");
  ASSERT_FALSE(downloaded);
  EXPECT_EQ(downloaded.error().kind, ErrorKind::missing);
  EXPECT_THAT(downloaded.error().message, HasSubstr("No space left on device"));
  EXPECT_TRUE(fs::exists("/dev/full"));
}

TEST(PublicUrl, DropsCredentialsAndQuery) {
  EXPECT_EQ(public_url("https://user:word@host/a/b.zip?key=1#x"), "https://host/a/b.zip");
  EXPECT_EQ(public_url("https://host/a@b.zip"), "https://host/a@b.zip");
  EXPECT_EQ(public_url("/plain/path"), "/plain/path");
  EXPECT_EQ(public_url("http://[::1]:80/a"), "http://[::1]:80/a");
  EXPECT_EQ(public_url("http://[::1]/a"), "http://[::1]/a");
  EXPECT_EQ(public_url("http://user:wo/rd@host/a"), "http://...") << "a password that is not escaped";
  EXPECT_EQ(public_url("http://user:wo?rd@host/a"), "http://...");
  EXPECT_EQ(url_file_name("https://host/a/b.zip?key=1"), "b.zip");
  EXPECT_EQ(url_file_name("https://host/a/"), "");
}

}  // namespace
}  // namespace ortforge
