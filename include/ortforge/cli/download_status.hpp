// Says on standard error what is being downloaded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <utility>

#include "ortforge/source/source.hpp"

namespace ortforge {

struct DownloadStyle {
  bool terminal = false;  // one line, rewritten and taken away in the end; otherwise a line for each source
  bool quiet = false;     // nothing at all
  std::size_t width = 80;
};

class DownloadStatus : public FetchListener {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // The stream outlives the object.
  DownloadStatus(std::ostream& stream, DownloadStyle style, Clock now = &std::chrono::steady_clock::now)
      : stream_(stream), style_(style), now_(std::move(now)) {}

  void started(const Source& source) override;
  // Rewrites the line at most 10 times a second.
  void progress(const Source& source, std::uint64_t done, std::uint64_t total) override;
  void finished(const Source& source) override;

 private:
  void rewrite(std::string line);

  std::ostream& stream_;
  DownloadStyle style_;
  Clock now_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace ortforge
