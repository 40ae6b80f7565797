#include "ortforge/build/nix_build.hpp"

#include <algorithm>
#include <csignal>
#include <set>

#include "nix_calls.hpp"
#include "nix_watch.hpp"

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using build_detail::NixBuilt;
using build_detail::NixCalled;
using build_detail::NixCalls;
using build_detail::NixWatch;

constexpr const char* kInNixStore = "in Nix's store";

// The path that a call that evaluated well printed last; empty where it printed none.
std::string derivation_of(const NixCalled& called) {
  return called.success() && !called.paths.empty() ? called.paths.back() : std::string();
}

// Why an evaluation failed: the first cause that Nix named, else how it ended.
NixFailure cause_of_evaluation(const NixCalled& called) {
  NixFailure failure;
  if (called.failures.empty()) {
    failure.words = describe(called.outcome.ending);
  } else {
    failure = called.failures.front();
  }
  if (failure.kind == NixFailure::Kind::unknown) failure.kind = NixFailure::Kind::evaluation;
  return failure;
}

// Of what failed without a builder the reason says all.
Ending ending_of(const NixFailure& failure) {
  return std::holds_alternative<NotStarted>(failure.ending) ? Ending(Exited{0}) : failure.ending;
}

class NixRun {
 public:
  NixRun(const std::vector<NixRequest>& requests, const NixOptions& options, NixContext& context)
      : requests_(requests), options_(options), context_(context), calls_(options, context), watch_(context) {
    report_.results.resize(requests.size());
    logs_.resize(requests.size());
    closures_.resize(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) report_.results[i].variant = requests[i].variant;
  }

  Result<NixReport> run() {
    ORTFORGE_CHECK(evaluate());
    ORTFORGE_CHECK(look_into_store());
    if (!stopped()) ORTFORGE_CHECK(build());
    ORTFORGE_CHECK(settle());
    ORTFORGE_CHECK(record_derivations());
    for (std::size_t i = 0; i < requests_.size(); ++i) ORTFORGE_CHECK(finish(i));
    return std::move(report_);
  }

  Result<NixForecast> forecast() {
    ORTFORGE_CHECK(evaluate());
    ORTFORGE_CHECK(look_into_store());
    if (report_.interrupted) return fail(ErrorKind::interrupted, "interrupted");
    NixForecast forecast;
    for (const NixResult& result : report_.results) {
      const char* state = result.there ? "in the store" : result.failure ? "failed" : "would be built";
      forecast.items.push_back(
          {result.variant, state, result.reason, result.derivation, result.output, result.failure});
    }
    ORTFORGE_CHECK(ask_what_is_missing(forecast));
    return forecast;
  }

 private:
  bool asked_to_stop() const { return context_.interrupt != nullptr && context_.interrupt->requested(); }
  bool stopped() const {
    const bool failed = std::any_of(report_.results.begin(), report_.results.end(),
                                    [](const NixResult& result) { return result.failure.has_value(); });
    return report_.interrupted || (options_.fail_fast && failed);
  }

  Result<void> evaluate() {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (asked_to_stop()) report_.interrupted = true;
      if (stopped()) return {};
      context_.listener->evaluating(requests_[i].variant);
      ORTFORGE_TRY(const NixCalled called, calls_.instantiate(requests_[i]));
      if (called.interrupted) report_.interrupted = true;
      report_.results[i].derivation = derivation_of(called);
      if (!report_.results[i].derivation.empty() || called.interrupted) continue;
      const NixFailure failure = cause_of_evaluation(called);
      ORTFORGE_CHECK(keep_log(i, called));
      context_.listener->failed(requests_[i].variant, failure, {}, logs_[i]);
      fail_variant(i, failure);
      if (failure.kind != NixFailure::Kind::set_up) continue;
      // It is Nix that does not work: once said is enough.
      for (std::size_t rest = i + 1; rest < requests_.size(); ++rest) fail_variant(rest, failure);
      return {};
    }
    return {};
  }

  // What an evaluation that failed had to say; a dry run keeps none.
  Result<void> keep_log(std::size_t i, const NixCalled& called) {
    if (context_.recorder == nullptr) return {};
    logs_[i] =
        (fs::path("logs") / fmt::format("run-{:06}", context_.run_id) / (requests_[i].variant + ".log"))
            .string();
    return write_file(context_.home / logs_[i], join(called.lines, "\n") + "\n");
  }

  void fail_variant(std::size_t i, const NixFailure& failure) {
    NixResult& result = report_.results[i];
    result.status = "failed";
    result.reason = failure.words;
    result.failure = failure;
  }

  // The variants that evaluated well, and are there or have to be built.
  Result<void> look_into_store() {
    std::vector<std::size_t> known;
    std::vector<std::string> derivations;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (report_.results[i].derivation.empty()) continue;
      known.push_back(i);
      derivations.push_back(report_.results[i].derivation);
    }
    if (known.empty() || report_.interrupted) return {};
    auto outputs = calls_.outputs_of(derivations);
    if (!outputs) return or_interrupted(outputs.error());
    auto invalid = calls_.invalid(*outputs);
    if (!invalid) return or_interrupted(invalid.error());
    for (std::size_t n = 0; n < known.size(); ++n) {
      NixResult& result = report_.results[known[n]];
      result.output = (*outputs)[n];
      result.there = !invalid->contains(result.output);
      if (!result.there) continue;
      result.status = "reused";
      result.reason = kInNixStore;
    }
    return {};
  }

  // An interruption is data, any other error ends the run.
  Result<void> or_interrupted(const Error& error) {
    if (error.kind != ErrorKind::interrupted) return pass_on(error);
    report_.interrupted = true;
    return {};
  }

  bool is_open(std::size_t i) const {
    const NixResult& result = report_.results[i];
    return !result.derivation.empty() && !result.there && !result.failure;
  }

  // Nix gives up as a whole when one derivation is for a machine that it has not: then once more without the
  // variants that need it.
  Result<void> build() {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (!is_open(i)) continue;
      auto closure = calls_.closure(build_detail::split_output(report_.results[i].derivation).first);
      if (!closure) return or_interrupted(closure.error());
      closures_[i] = *std::move(closure);
    }
    while (true) {
      std::vector<std::string> argv{"nix-store", "--realise"};
      for (std::size_t i = 0; i < requests_.size(); ++i) {
        if (is_open(i)) argv.push_back(wanted(i));
      }
      if (argv.size() == 2) return {};
      if (!options_.fail_fast) argv.emplace_back("--keep-going");
      ORTFORGE_TRY(last_, calls_.run(
                              std::move(argv), [&](const NixEvent& event) { watch_.take(event); },
                              [&] { watch_.tell(); }));
      watch_.close();
      if (last_.interrupted) report_.interrupted = true;
      if (report_.interrupted || last_.success() || !drop_for_platform()) return {};
    }
  }

  std::string wanted(std::size_t i) const {
    const auto [derivation, output] = build_detail::split_output(report_.results[i].derivation);
    return derivation + "!" + output;
  }

  // Whether a variant was given up since no machine builds for its platform.
  bool drop_for_platform() {
    bool dropped = false;
    for (const NixFailure& failure : last_.failures) {
      if (failure.kind != NixFailure::Kind::platform) continue;
      for (std::size_t i = 0; i < requests_.size(); ++i) {
        if (!is_open(i) || !closures_[i].contains(failure.derivation)) continue;
        fail_variant(i, failure);
        dropped = true;
      }
    }
    return dropped;
  }

  // How each variant came out that was not known before the build.
  Result<void> settle() {
    std::vector<std::string> outputs;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (is_open(i) && !report_.results[i].output.empty()) outputs.push_back(report_.results[i].output);
    }
    std::set<std::string> missing(outputs.begin(), outputs.end());
    if (auto invalid = calls_.invalid(outputs)) {
      missing = *std::move(invalid);
    } else {
      ORTFORGE_CHECK(or_interrupted(invalid.error()));
    }
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      NixResult& result = report_.results[i];
      if (!result.status.empty()) continue;
      if (!result.output.empty() && !missing.contains(result.output)) {
        take_output(result);
      } else {
        explain(i);
      }
    }
    return {};
  }

  void take_output(NixResult& result) {
    result.there = true;
    result.status = "built";
    const auto from = watch_.fetched().find(result.output);
    if (from == watch_.fetched().end()) return;
    result.status = "reused";
    result.reason = from->second.empty() ? "from a binary cache" : "from " + from->second;
  }

  // Why a variant's output is not there.
  void explain(std::size_t i) {
    NixResult& result = report_.results[i];
    const std::string own = build_detail::split_output(result.derivation).first;
    const auto& failures = watch_.failures();
    if (const auto failure = failures.find(own); failure != failures.end())
      return fail_variant(i, failure->second);
    for (const auto& [derivation, failure] : failures) {
      if (!closures_[i].contains(derivation)) continue;
      result.status = "not run";
      result.reason = nix_name(derivation) + " did not succeed";
      result.failure = failure;
      return;
    }
    if (report_.interrupted) {
      const bool begun = !result.derivation.empty() && !closures_[i].empty();
      result.status = begun ? "interrupted" : "not run";
      result.reason = begun ? "what Nix has built of it is kept" : "interrupted";
      return;
    }
    if (stopped()) {
      result.status = "not run";
      result.reason = "stopped after the first failure";
      return;
    }
    NixFailure failure;
    if (last_.failures.empty()) {
      failure.words = "nix-store --realise: " + describe(last_.outcome.ending);
    } else {
      failure = last_.failures.front();
    }
    context_.listener->failed(result.variant, failure, join(last_.lines, "\n"), {});
    fail_variant(i, failure);
  }

  StepRecord new_record(std::size_t i) const {
    StepRecord record;
    record.run_id = context_.run_id;
    record.product = requests_[i].product;
    record.branch = requests_[i].branch;
    record.environment = "nix";
    record.tools = {{"nix", context_.version}};
    return record;
  }

  // Of the derivation, or of the variant where it has none.
  void name_record(StepRecord& record, const std::string& derivation) const {
    record.derivation = derivation;
    record.key = sha256(derivation).hex();
    record.scope = "nix/" + nix_name(derivation);
  }

  void set_ending(StepRecord& record, const NixBuilt& built) const {
    record.started_ms = built.started_ms;
    record.finished_ms = built.finished_ms == 0 ? context_.now_ms() : built.finished_ms;
    record.usage.wall = Milliseconds{record.finished_ms - record.started_ms};
    record.log = built.log;
    std::error_code error;
    if (!fs::exists(context_.home / built.log, error)) record.log.clear();
  }

  // Derivations that variants need and that are none themselves, each with the variants that need it.
  Result<void> record_derivations() {
    std::set<std::string> own;
    for (const NixResult& result : report_.results)
      own.insert(build_detail::split_output(result.derivation).first);
    for (const NixBuilt& built : watch_.built()) {
      if (own.contains(built.derivation)) continue;
      std::vector<std::size_t> needing;
      for (std::size_t i = 0; i < requests_.size(); ++i) {
        if (closures_[i].contains(built.derivation)) needing.push_back(i);
      }
      if (needing.empty()) continue;
      StepRecord record = new_record(needing.front());
      name_record(record, built.derivation);
      record.name = nix_name(built.derivation);
      for (const std::size_t i : needing) record.variants.push_back(requests_[i].variant);
      set_ending(record, built);
      const auto failure = watch_.failures().find(built.derivation);
      if (failure != watch_.failures().end()) {
        record.status = "failed";
        record.reason = failure->second.words;
        record.ending = ending_of(failure->second);
      } else {
        const bool well = built.told || is_there(built.derivation);
        record.status = well ? "built" : "interrupted";
        record.ending = well ? Ending(Exited{0}) : Ending(Signaled{SIGINT});
      }
      ORTFORGE_CHECK(add(std::move(record)));
    }
    return {};
  }

  // Of a derivation that ended while it was open which of several had failed.
  bool is_there(const std::string& derivation) {
    const auto outputs = calls_.outputs_of({derivation});
    if (!outputs) return false;
    const auto missing = calls_.invalid(*outputs);
    return missing && missing->empty();
  }

  const NixBuilt* built_of(const std::string& derivation) const {
    const auto& all = watch_.built();
    const auto found = std::find_if(all.rbegin(), all.rend(),
                                    [&](const NixBuilt& built) { return built.derivation == derivation; });
    return found == all.rend() ? nullptr : &*found;
  }

  // Links and records a variant.
  Result<void> finish(std::size_t i) {
    NixResult& result = report_.results[i];
    StepRecord record = new_record(i);
    record.name = "nix";
    record.role = "result";
    record.scope = "nix/" + result.variant;
    record.variants = {result.variant};
    record.started_ms = context_.now_ms();
    record.finished_ms = record.started_ms;
    record.log = logs_[i];
    const std::string derivation = build_detail::split_output(result.derivation).first;
    const NixBuilt* built = built_of(derivation);
    if (!derivation.empty()) name_record(record, derivation);
    if (built != nullptr) set_ending(record, *built);
    if (result.there) {
      if (!requests_[i].link.empty()) ORTFORGE_CHECK(link(i));
      record.store_path = result.output;
      record.ending = Exited{0};
      if (const auto digest = calls_.digest(result.output)) record.output_digest = *digest;
    } else if (result.failure && result.status == "failed") {
      record.ending = ending_of(*result.failure);
    } else if (result.status == "interrupted") {
      record.ending = Signaled{SIGINT};
    }
    record.status = result.status;
    record.reason = result.reason;
    return add(std::move(record));
  }

  // Nix makes a link anew when it leads into its store, and refuses where anything else stands.
  Result<void> link(std::size_t i) {
    const fs::path& place = requests_[i].link;
    const fs::path store = fs::path(report_.results[i].output).parent_path();
    std::error_code error;
    if (fs::is_symlink(place, error) && fs::read_symlink(place, error).parent_path() != store)
      fs::remove(place, error);
    ORTFORGE_TRY(const NixCalled called, calls_.run({"nix-store", "--realise", wanted(i), "--add-root",
                                                     place.string(), "--indirect"}));
    if (called.success()) return {};
    if (called.interrupted) {
      report_.interrupted = true;
      return {};
    }
    return fail(ErrorKind::missing, "{}: no result link could be made: {}", place.string(),
                called.failures.empty() ? join(called.lines, "; ") : called.failures.front().words);
  }

  Result<void> add(StepRecord record) {
    ORTFORGE_TRY(record.id, context_.recorder->add_step(record));
    report_.steps.push_back(std::move(record));
    return {};
  }

  // Nix's own dry run, which says what it would take from binary caches too.
  Result<void> ask_what_is_missing(NixForecast& forecast) {
    std::vector<std::string> argv{"nix-store", "--realise", "--dry-run"};
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (is_open(i)) argv.push_back(wanted(i));
    }
    if (argv.size() == 3) return {};
    ORTFORGE_TRY(const NixCalled called, calls_.run(std::move(argv)));
    if (called.interrupted) return fail(ErrorKind::interrupted, "interrupted");
    for (const std::string& line : called.lines) {
      const std::string path = trim(line);
      if (!path.starts_with('/') || path.find(' ') != std::string::npos) continue;
      (path.ends_with(".drv") ? forecast.build : forecast.fetch).push_back(path);
    }
    if (called.success()) return {};
    return fail(ErrorKind::failed, "nix-store --realise --dry-run: {}",
                called.failures.empty() ? describe(called.outcome.ending) : called.failures.front().words);
  }

  const std::vector<NixRequest>& requests_;
  const NixOptions& options_;
  NixContext& context_;
  NixCalls calls_;
  NixWatch watch_;
  NixReport report_;
  NixCalled last_;                               // the newest call that built
  std::vector<std::string> logs_;                // of evaluations that failed
  std::vector<std::set<std::string>> closures_;  // of variants that had to be built
};

}  // namespace

bool NixReport::success() const {
  return !interrupted &&
         std::all_of(results.begin(), results.end(), [](const NixResult& result) { return result.there; });
}

Result<std::string> nix_version(NixContext& context) {
  const auto nothing = [] {
    return fail_with_hint(ErrorKind::missing, "Nix is not installed: there is no nix-store in PATH",
                          "install the package nix-bin, or Nix as https://nixos.org/download says");
  };
  const auto path = context.environment.find("PATH");
  if (path == context.environment.end() || !find_program("nix-store", path->second)) return nothing();
  const NixOptions none;
  NixCalls calls(none, context);
  std::string version;
  ORTFORGE_TRY(const NixCalled called, calls.run({"nix-store", "--version"}));
  for (const std::string& line : called.lines) {
    if (line.starts_with("nix-store ")) version = line;
  }
  if (called.success() && !version.empty()) return version;
  if (called.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  return fail(ErrorKind::missing, "nix-store --version: {}: {}", describe(called.outcome.ending),
              join(called.lines, "; "));
}

Result<NixReport> nix_build(const std::vector<NixRequest>& requests, const NixOptions& options,
                            NixContext& context) {
  return NixRun(requests, options, context).run();
}

Result<NixForecast> nix_forecast(const std::vector<NixRequest>& requests, const NixOptions& options,
                                 NixContext& context) {
  return NixRun(requests, options, context).forecast();
}

}  // namespace ortforge
