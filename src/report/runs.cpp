#include "ortforge/report/runs.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "wrapped.hpp"

#include "ortforge/base/table.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/record/time.hpp"
#include "ortforge/report/step_name.hpp"

namespace ortforge {
namespace {

using report_detail::wrapped;

// "ortforge build 'cpu-*'": what was typed, wherever the program lies.
std::string call_words(const RunRecord& run) {
  Command command;
  command.argv = run.command_line;
  if (!command.argv.empty())
    command.argv.front() = std::filesystem::path(command.argv.front()).filename().string();
  return shell_text(command);
}

bool ran(const StepRecord& step) {
  return step.status == "built" || step.status == "failed" || step.status == "interrupted";
}

std::string short_revision(const RunRecord& run) {
  if (run.matrix_revision.empty()) return "not in a git repository, or not known";
  return run.matrix_revision.substr(0, 12) + (run.matrix_clean ? "" : " with uncommitted changes");
}

// "memory_bytes" becomes readable; everything else stands as it is.
std::string host_words(const std::string& name, const std::string& value) {
  std::uint64_t bytes = 0;
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), bytes);
  const bool number = parsed.ec == std::errc() && parsed.ptr == value.data() + value.size();
  if (name == "memory_bytes" && number) return "memory " + format_bytes(bytes);
  return name + " " + value;
}

// "2 built, 1 failed", in the order of first appearance in the list below.
std::string counts(const std::vector<StepRecord>& steps) {
  std::map<std::string, std::size_t> found;
  for (const StepRecord& step : steps) ++found[step.status];
  std::vector<std::string> parts;
  for (const char* status : {"built", "reused", "failed", "interrupted", "skipped", "not run"}) {
    if (const auto entry = found.find(status); entry != found.end()) {
      parts.push_back(fmt::format("{} {}", entry->second, status));
    }
  }
  return parts.empty() ? "no steps" : join(parts, ", ");
}

std::vector<std::string> step_row(const StepRecord& step) {
  const std::string name = short_scope(step.product, step.scope);
  if (!ran(step)) return {name, step.status, "-", "-", "-"};
  return {name, step.status, format_duration(step.usage.wall),
          format_duration(step.usage.user + step.usage.system), format_bytes(step.usage.peak_bytes)};
}

// What the table has no room for.
std::string step_details(const StepRecord& step, std::size_t width) {
  std::string text = "\n" + wrapped(step.scope + ": ", outcome_words(step), 2, width);
  if (!step.reason.empty()) text += wrapped("  reason: ", step.reason, 4, width);
  if (const std::string cache = cache_words(step.cache); !cache.empty())
    text += wrapped("  cache: ", cache, 4, width);
  if (!step.derivation.empty()) text += wrapped("  derivation: ", step.derivation, 4, width);
  if (!step.store_path.empty()) text += wrapped("  store path: ", step.store_path, 4, width);
  if (!step.log.empty()) text += wrapped("  log: ", step.log, 4, width);
  return text;
}

}  // namespace

std::string result_words(const RunRecord& run) {
  if (run.result.empty()) return "running";
  return run.result == "killed" ? "interrupted (killed)" : run.result;
}

bool failed_after_commands(const StepRecord& step) {
  return step.status == "failed" && step.ending == Ending(Exited{0});
}

std::string outcome_words(const StepRecord& step) {
  // "skipped" in JSON: no failure, other than a step that was not run because something before it failed.
  if (step.status == "skipped") return "not run";
  if (!ran(step)) return step.status;
  if (failed_after_commands(step)) return step.status;
  return step.status + ", " + describe(step.ending);
}

std::string cache_words(const CacheUse& use) {
  if (use.hits + use.misses == 0) return {};
  return fmt::format("{} of {} from the compiler cache", use.hits, counted(use.hits + use.misses, "object"));
}

std::string runs_text(const std::vector<RunRecord>& runs, std::size_t width) {
  if (runs.empty()) return "no runs on record\n";
  std::vector<std::vector<std::string>> rows;
  for (const RunRecord& run : runs) {
    const std::string took =
        run.finished_ms == 0
            ? "-"
            : format_duration(Milliseconds{std::max<std::int64_t>(0, run.finished_ms - run.started_ms)});
    rows.push_back(
        {std::to_string(run.id), short_time(run.started_ms), took, result_words(run), call_words(run)});
  }
  return format_table(
      {{"RUN", true}, {"STARTED (UTC)"}, {"TOOK", true}, {"RESULT"}, {"COMMAND", false, true}}, rows, width);
}

std::string run_text(const RunRecord& run, const std::vector<StepRecord>& steps, std::size_t width) {
  std::string text = fmt::format("run {}: {}\n", run.id, result_words(run));
  const auto fact = [&](const char* name, const std::string& value) {
    text += wrapped(fmt::format("  {:<10}", name), value, 12, width);
  };
  fact("command", call_words(run));
  fact("started", short_time(run.started_ms) + " UTC");
  if (run.finished_ms != 0) {
    const std::int64_t took = std::max<std::int64_t>(0, run.finished_ms - run.started_ms);
    fact("took", format_duration(Milliseconds{took}));
  }
  fact("ortforge", run.ortforge_version);
  fact("matrix", short_revision(run));
  std::vector<std::string> host;
  for (const auto& [name, value] : run.host) host.push_back(host_words(name, value));
  if (!host.empty()) fact("host", join(host, ", "));
  Milliseconds cpu{};
  for (const StepRecord& step : steps) cpu += step.usage.user + step.usage.system;
  fact("steps", fmt::format("{}; {} of CPU time", counts(steps), format_duration(cpu)));
  if (steps.empty()) return text;

  std::vector<std::vector<std::string>> rows;
  rows.reserve(steps.size());
  for (const StepRecord& step : steps) rows.push_back(step_row(step));
  text +=
      "\n" + format_table({{"STEP", false, true}, {"STATUS"}, {"TIME", true}, {"CPU", true}, {"PEAK", true}},
                          rows, width);
  for (const StepRecord& step : steps) text += step_details(step, width);
  return text;
}

std::string logs_text(const std::vector<StepRecord>& steps, std::size_t width) {
  std::vector<std::vector<std::string>> rows;
  std::string paths;
  for (const StepRecord& step : steps) {
    if (step.log.empty()) continue;
    rows.push_back({std::to_string(step.run_id), short_scope(step.product, step.scope), outcome_words(step),
                    short_time(step.finished_ms)});
    paths += step.log + "\n";
  }
  if (rows.empty()) return "no logs on record\n";
  return format_table({{"RUN", true}, {"STEP", false, true}, {"OUTCOME"}, {"ENDED (UTC)"}}, rows, width) +
         "\n" + paths;
}

Result<StepRecord> pick_log(const std::vector<StepRecord>& steps, const std::string& name,
                            const std::string& variant) {
  std::vector<const StepRecord*> found;
  std::vector<std::string> names;
  for (const StepRecord& step : steps) {
    if (step.log.empty()) continue;
    if (std::find(names.begin(), names.end(), step.name) == names.end()) names.push_back(step.name);
    if (name.empty() || name == step.name || name == step.scope) found.push_back(&step);
  }
  if (names.empty()) {
    return fail(ErrorKind::bad_input, "no log of {} on record; 'ortforge build {}' makes one", variant,
                variant);
  }
  if (found.empty()) {
    return fail(ErrorKind::bad_input, "no log of a step '{}' of {} on record{}; there are logs of: {}", name,
                variant, did_you_mean(name, names), join(names, ", "));
  }
  for (const StepRecord* step : found) {
    if (step->run_id != found.front()->run_id) break;
    if (step->status == "failed" || step->status == "interrupted") return *step;
  }
  return *found.front();
}

}  // namespace ortforge
