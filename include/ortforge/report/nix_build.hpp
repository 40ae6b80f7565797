// What a build with Nix shows: progress on standard error while it runs, and the summary at its end.
#pragma once

#include <iosfwd>
#include <string>

#include "ortforge/build/nix_build.hpp"
#include "ortforge/report/build.hpp"
#include "ortforge/report/status.hpp"

namespace ortforge {

// "[3/12] onnxruntime-1.23.2 buildPhase: [412/1090] Building CXX object …, 4 min 05 s", at most `width`
// columns; 0: as many as it takes.
std::string nix_status_line(const NixProgress& view, std::size_t width);

// Writes to a stream as StatusReporter does: a line that is rewritten on a terminal, elsewhere plain lines.
class NixReporter : public NixListener {
 public:
  NixReporter(std::ostream& stream, StatusStyle style, std::string home)
      : stream_(stream), style_(style), home_(std::move(home)) {}

  void evaluating(const std::string& variant) override;
  void started(const std::string& name) override;
  void output(const std::string& name, std::string_view line) override;
  void built(const std::string& name, Milliseconds took) override;
  void failed(const std::string& name, const NixFailure& failure, const std::string& tail,
              const std::string& log) override;
  void progress(const NixProgress& view) override;
  // Takes the status line away; call once at the end.
  void close();

 private:
  void print(const std::string& line);
  void show(const std::string& line);
  std::string painted(const char* code, const std::string& word) const;

  std::ostream& stream_;
  StatusStyle style_;
  std::string home_;
  std::string shown_;
  std::int64_t next_status_ms_ = 60000;  // since the first build started
};

// The variants of a report for build_json: their links are the names of those that were asked for.
std::vector<VariantOutcome> nix_outcomes(const std::vector<NixRequest>& requests, const NixReport& report);

// How each variant came out and where it lies, what was left out, a line for the run.
std::string nix_build_text(const std::vector<NixRequest>& requests, const NixReport& report,
                           const std::vector<SkippedVariant>& skipped, std::int64_t run_id,
                           const std::string& result, std::int64_t wall_ms);

// What would be built; JSON as docs/json/nix-plan.schema.json.
std::string nix_plan_text(const NixForecast& forecast, const std::vector<SkippedVariant>& skipped);
std::string nix_plan_json(const NixForecast& forecast, const std::vector<SkippedVariant>& skipped);

}  // namespace ortforge
