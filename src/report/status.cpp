#include "ortforge/report/status.hpp"

#include <map>
#include <optional>
#include <ostream>

#include "ortforge/base/text.hpp"
#include "ortforge/report/runs.hpp"
#include "ortforge/report/step_name.hpp"

namespace ortforge {
namespace {

std::string shown_name(const Step& step) {
  return short_scope(step.product, step.recipe.scope);
}

// The word in a colour of ANSI's SGR, where the style has colours.
std::string painted(const StatusStyle& style, const char* code, const std::string& word) {
  return style.colours ? fmt::format("\033[{}m{}\033[0m", code, word) : word;
}

std::string usage_text(const Usage& usage) {
  return fmt::format("{}, CPU {}, peak {}", format_duration(usage.wall),
                     format_duration(usage.user + usage.system), format_bytes(usage.peak_bytes));
}

}  // namespace

std::string status_line(const Plan& plan, const ProgressView& view, std::size_t width) {
  std::string line = fmt::format("[{}/{}]", view.done, view.total);
  if (!view.running.empty()) {
    const auto& first = view.running.front();
    line += " " + shown_name(plan.steps[first.step]);
    if (first.objects) line += fmt::format(" {}/{}", first.objects->done, first.objects->total);
    if (view.running.size() > 1) line += fmt::format(" +{} more", view.running.size() - 1);
  } else if (!view.pushing.empty()) {
    line += " " + shown_name(plan.steps[view.pushing.front()]) + " goes into the remote store";
    if (view.pushing.size() > 1) line += fmt::format(" +{} more", view.pushing.size() - 1);
  }
  line += ", " + format_duration(Milliseconds{view.elapsed_ms});
  if (view.remaining_ms) line += ", about " + format_duration(Milliseconds{*view.remaining_ms}) + " left";
  if (width > 1 && line.size() > width) line = line.substr(0, width - 1) + "…";
  return line;
}

void StatusReporter::print(const std::string& line) {
  if (!shown_.empty()) stream_ << "\r\033[K";
  stream_ << line << '\n';
  if (!shown_.empty()) stream_ << shown_;
  stream_.flush();
}

void StatusReporter::started(std::size_t step, const std::string& reason) {
  if (style_.quiet || style_.terminal) return;
  print(fmt::format("start  {} ({})", shown_name(plan_.steps[step]), reason));
}

void StatusReporter::output(std::size_t, std::string_view text) {
  if (!style_.verbose) return;
  if (!shown_.empty()) stream_ << "\r\033[K";
  shown_.clear();
  stream_ << text;
  stream_.flush();
}

void StatusReporter::finished(std::size_t step, const StepRecord& record, const std::string& tail) {
  const std::string name = shown_name(plan_.steps[step]);
  if (record.status == "failed") return show_failure(record, tail);
  if (style_.quiet) return;
  if (record.status == "built") {
    print(fmt::format("{}  {}: {}", painted(style_, "32", "built"), name, usage_text(record.usage)));
  } else if (record.status == "interrupted") {
    print(fmt::format("{} {}: what is finished of it is kept", painted(style_, "33", "interrupted"), name));
  } else if (record.status == "reused") {
    if (style_.verbose) print(fmt::format("reused {} ({})", name, record.reason));
  } else if (record.status == "skipped") {
    print(fmt::format("{} {}: {}", painted(style_, "33", "not run"), name, record.reason));
  }
}

void StatusReporter::left_out(const BuildReport& report) {
  if (style_.quiet) return;
  std::map<std::optional<std::size_t>, std::size_t> counts;  // by cause
  for (std::size_t i = 0; i < report.steps.size(); ++i) {
    if (report.steps[i].status == "not run") ++counts[report.cause_of(plan_, i)];
  }
  const std::string word = painted(style_, "33", "not run");
  for (const auto& [cause, count] : counts) {
    if (cause) {
      print(fmt::format("{}: {} that {} {}", word, counted(count, "step"), count == 1 ? "needs" : "need",
                        shown_name(plan_.steps[*cause])));
    } else if (!report.interrupted) {
      print(fmt::format("{}: {}, stopped after the first failure", word, counted(count, "step")));
    }
  }
}

void StatusReporter::show_failure(const StepRecord& record, const std::string& tail) {
  const std::string word = painted(style_, "1;31", "failed");
  const bool well = failed_after_commands(record);
  const char* joint = well || std::holds_alternative<TimedOut>(record.ending) ? "; took " : " after ";
  std::string text =
      fmt::format("{} {}: {}{}{}\n", word, record.scope, well ? record.reason : describe(record.ending),
                  joint, usage_text(record.usage));
  if (!well) {
    for (const std::string& line : split(trim(tail), '\n')) text += "  | " + line + "\n";
  }
  text += fmt::format("  log:   {}/{}\n", home_, record.log);
  const std::string variant = record.variants.empty() ? record.scope : record.variants.front();
  text += fmt::format("  shell: ortforge shell {}/{}:{} --step {}", record.product, record.branch, variant,
                      record.name);
  print(text);
}

void StatusReporter::progress(const ProgressView& view) {
  if (style_.quiet || (view.running.empty() && view.pushing.empty())) return;
  if (!style_.terminal) {
    if (view.elapsed_ms < next_status_ms_) return;
    next_status_ms_ = view.elapsed_ms + kStatusInterval;
    return print(status_line(plan_, view, 0));
  }
  const std::string line = status_line(plan_, view, style_.width);
  if (line == shown_) return;
  stream_ << "\r\033[K" << line << std::flush;
  shown_ = line;
}

void StatusReporter::note(const std::string& text) {
  if (!style_.quiet) print(text);
}

void StatusReporter::close() {
  if (!shown_.empty()) stream_ << "\r\033[K" << std::flush;
  shown_.clear();
}

}  // namespace ortforge
