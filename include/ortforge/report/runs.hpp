// Views of the record: runs, one run with its steps, logs. Pure; JSON as docs/json/{runs,run,log}.schema.json
// have it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/build/recorder.hpp"

namespace ortforge {

// How a run went, for people: "running", "succeeded", "failed", "interrupted", "interrupted (killed)".
std::string result_words(const RunRecord& run);

// Whether a step failed by what was found when its commands had done well: then its reason says why.
bool failed_after_commands(const StepRecord& step);

// How a step ended, for people: "exit code 1", or its status where no command ended ("reused", "skipped").
std::string outcome_words(const StepRecord& step);

// "1040 of 1094 objects from the compiler cache"; empty where nothing was compiled with one.
std::string cache_words(const CacheUse& use);

// One line per run, at most `width` columns, with its call as one types it; times in UTC.
std::string runs_text(const std::vector<RunRecord>& runs, std::size_t width);
std::string runs_json(const std::vector<RunRecord>& runs);

// Everything about one run: its call, host, matrix, and its steps with times, CPU, peak memory, outcome and
// log; lines of at most `width` columns where words allow it.
std::string run_text(const RunRecord& run, const std::vector<StepRecord>& steps, std::size_t width);
std::string run_json(const RunRecord& run, const std::vector<StepRecord>& steps);

// The steps that have a log, in the given order, as a table with the logs' paths below it, and as JSON.
std::string logs_text(const std::vector<StepRecord>& steps, std::size_t width);
std::string logs_json(const std::vector<StepRecord>& steps);

// The step whose log a person means: of those called `name` (component or scope; empty: any) with a log, from
// the newest run that has one, the first that failed or was interrupted, else the first. `steps` are those of
// `variant` (as typed, for messages), newest first. Error: bad_input, with the names there are.
Result<StepRecord> pick_log(const std::vector<StepRecord>& steps, const std::string& name,
                            const std::string& variant);

}  // namespace ortforge
