#include "ortforge/cli/download_status.hpp"

#include <ostream>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

constexpr Milliseconds kInterval{100};

std::string subject(const Source& source) {
  return source.version.empty() ? "fetch  " + source.name : "fetch  " + source.name + " " + source.version;
}

}  // namespace

void DownloadStatus::started(const Source& source) {
  if (style_.quiet) return;
  if (style_.terminal) return rewrite(subject(source));
  stream_ << subject(source) << std::endl;
}

void DownloadStatus::progress(const Source& source, std::uint64_t done, std::uint64_t total) {
  if (style_.quiet || !style_.terminal || now_() < next_) return;
  std::string line = subject(source) + "  " + format_bytes(done);
  if (total > 0) line += " of " + format_bytes(total);
  rewrite(std::move(line));
}

void DownloadStatus::finished(const Source&) {
  if (style_.terminal && !style_.quiet) stream_ << "\r\033[K" << std::flush;
}

void DownloadStatus::rewrite(std::string line) {
  if (style_.width > 1 && line.size() > style_.width) line = line.substr(0, style_.width - 1) + "…";
  stream_ << "\r\033[K" << line << std::flush;
  next_ = now_() + kInterval;
}

}  // namespace ortforge
