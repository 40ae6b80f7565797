#include "ortforge/cli/download_status.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace ortforge {
namespace {

class DownloadStatusTest : public testing::Test {
 protected:
  DownloadStatusTest() {
    source_.name = "onnx";
    source_.version = "1.17.0";
  }

  // A download of two seconds that tells of itself a hundred times.
  std::string said(const DownloadStyle& style) {
    std::chrono::steady_clock::time_point now;
    DownloadStatus status(stream_, style, [&now] { return now; });
    status.started(source_);
    for (std::uint64_t part = 1; part <= 100; ++part) {
      now += std::chrono::milliseconds(20);
      status.progress(source_, part << 20U, 100U << 20U);
    }
    status.finished(source_);
    return stream_.str();
  }

  Source source_;
  std::ostringstream stream_;
};

TEST_F(DownloadStatusTest, ATerminalHasOneLineThatIsRewrittenAndTakenAway) {
  const std::string text = said({.terminal = true});
  EXPECT_TRUE(
      text.starts_with("\r\033[Kfetch  onnx 1.17.0\r\033[Kfetch  onnx 1.17.0  5.0 MiB of 100.0 MiB\r"))
      << text;
  EXPECT_TRUE(text.ends_with("\r\033[Kfetch  onnx 1.17.0  100.0 MiB of 100.0 MiB\r\033[K")) << text;
  std::size_t lines = 0;
  for (std::size_t at = text.find("MiB of"); at != std::string::npos; at = text.find("MiB of", at + 1))
    ++lines;
  EXPECT_EQ(lines, 20U) << "ten times a second";
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

TEST_F(DownloadStatusTest, ALogGetsOneLineWhenItStarts) {
  EXPECT_EQ(said({}), "fetch  onnx 1.17.0\n");
}

TEST_F(DownloadStatusTest, QuietSaysNothing) {
  EXPECT_EQ(said({.quiet = true}), "");
  EXPECT_EQ(said({.terminal = true, .quiet = true}), "");
}

TEST_F(DownloadStatusTest, AnUnknownSizeAndANarrowTerminal) {
  DownloadStatus status(stream_, {.terminal = true, .width = 12});
  status.started(source_);
  EXPECT_EQ(stream_.str(), "\r\033[Kfetch  onnx…");
  stream_.str("");
  DownloadStatus wide(stream_, {.terminal = true});
  wide.progress(source_, 512, 0);
  EXPECT_EQ(stream_.str(), "\r\033[Kfetch  onnx 1.17.0  512 B");
}

}  // namespace
}  // namespace ortforge
