// What a build shows on standard error while it runs: a status line on a terminal, elsewhere plain lines,
// among them that status once a minute (CI services end jobs that stay silent).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "ortforge/build/executor.hpp"

namespace ortforge {

struct StatusStyle {
  bool terminal = false;  // a status line that is rewritten
  bool colours = false;
  bool verbose = false;  // the output of builds as it comes
  bool quiet = false;    // failures only
  std::size_t width = 80;
};

// "[2/5] core-cpu-avx512-python313 412/1090, 4 min 05 s, about 12 min 10 s left", at most `width` columns; 0:
// as many as it takes.
std::string status_line(const Plan& plan, const ProgressView& view, std::size_t width);

class StatusReporter : public BuildListener {
 public:
  StatusReporter(const Plan& plan, std::ostream& stream, StatusStyle style, std::string home)
      : plan_(plan), stream_(stream), style_(style), home_(std::move(home)) {}

  void started(std::size_t step, const std::string& reason) override;
  void output(std::size_t step, std::string_view text) override;
  void finished(std::size_t step, const StepRecord& record, const std::string& tail) override;
  void progress(const ProgressView& view) override;
  void note(const std::string& text) override;
  // Says at the end how many steps were not run, a line for each step that they need and that failed; those
  // that an interruption left out are not spoken of.
  void left_out(const BuildReport& report);
  // Takes the status line away; call once at the end.
  void close();

 private:
  static constexpr std::int64_t kStatusInterval = 60000;  // milliseconds between two plain status lines

  void print(const std::string& line);
  void show_failure(const StepRecord& record, const std::string& tail);

  const Plan& plan_;
  std::ostream& stream_;
  StatusStyle style_;
  std::string home_;
  std::string shown_;
  std::int64_t next_status_ms_ = kStatusInterval;  // since the first step started
};

}  // namespace ortforge
