#include "nix_watch.hpp"

#include <algorithm>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge::build_detail {
namespace {

constexpr std::size_t kTailOfNix = 20;

// "<hash>-onnxruntime-1.23.2.log": names alone need not differ.
std::string log_of_derivation(const std::string& derivation, std::int64_t run_id) {
  const std::filesystem::path name = std::filesystem::path(derivation).stem();
  return (std::filesystem::path("logs") / fmt::format("run-{:06}", run_id) / (name.string() + ".log"))
      .string();
}

}  // namespace

void NixWatch::take(const NixEvent& event) {
  if (begun_ms_ == 0) begun_ms_ = context_.now_ms();
  switch (event.kind) {
    case NixEvent::Kind::building:
      return start(event);
    case NixEvent::Kind::fetching:
      fetched_[event.text] = event.from;
      return;
    case NixEvent::Kind::builds:
      all_ = event.activity;
      counts_ = {};
      return;
    case NixEvent::Kind::counts:
      if (event.activity == all_) counts_ = event;
      return;
    case NixEvent::Kind::stopped:
      return stop(event.activity);
    case NixEvent::Kind::message:
      if (auto failure = nix_failure(event)) take_failure(*std::move(failure));
      return;
    case NixEvent::Kind::log_line:
    case NixEvent::Kind::phase:
    case NixEvent::Kind::other:
    case NixEvent::Kind::plain:
      break;
  }
  const auto active = active_.find(event.activity);
  if (active == active_.end()) return;
  if (event.kind == NixEvent::Kind::phase) active->second.phase = event.text;
  if (event.kind == NixEvent::Kind::log_line) add_line(active->second, event.text);
}

void NixWatch::start(const NixEvent& event) {
  Active& active = active_[event.activity];
  active.index = built_.size();
  NixBuilt built;
  built.derivation = event.text;
  built.started_ms = context_.now_ms();
  built.log = log_of_derivation(event.text, context_.run_id);
  built_.push_back(built);
  if (make_directories((context_.home / built.log).parent_path()))
    active.log.open(context_.home / built.log, std::ios::app | std::ios::binary);
  context_.listener->started(nix_name(event.text));
}

void NixWatch::add_line(Active& active, const std::string& line) {
  active.log << line << '\n' << std::flush;
  active.line = line;
  active.tail.push_back(line);
  if (active.tail.size() > kTailOfNix) active.tail.pop_front();
  context_.listener->output(nix_name(built_[active.index].derivation), line);
}

void NixWatch::keep_tail(Active& active) {
  built_[active.index].tail = join({active.tail.begin(), active.tail.end()}, "\n");
}

// A failure may be told before or after that: only when Nix counts none that is not told is it well.
void NixWatch::stop(std::uint64_t activity) {
  const auto found = active_.find(activity);
  if (found == active_.end()) return;
  keep_tail(found->second);
  NixBuilt& built = built_[found->second.index];
  active_.erase(found);
  built.finished_ms = context_.now_ms();
  const bool asked = context_.interrupt != nullptr && context_.interrupt->requested();
  if (built.told || asked || counts_.failed > static_cast<std::int64_t>(failures_.size())) return;
  built.told = true;
  context_.listener->built(nix_name(built.derivation), Milliseconds{built.finished_ms - built.started_ms});
}

void NixWatch::take_failure(NixFailure failure) {
  if (failure.derivation.empty() || failures_.contains(failure.derivation)) return;
  NixBuilt* built = find(failure.derivation);
  std::string tail;
  std::string log;
  if (built != nullptr) {
    for (auto& [activity, active] : active_) {
      if (&built_[active.index] == built) keep_tail(active);
    }
    tail = built->tail;
    log = built->log;
    built->told = true;
  }
  look_into_log(failure, tail);
  context_.listener->failed(nix_name(failure.derivation), failure, tail, log);
  failures_.emplace(failure.derivation, std::move(failure));
}

NixBuilt* NixWatch::find(const std::string& derivation) {
  for (auto built = built_.rbegin(); built != built_.rend(); ++built) {
    if (built->derivation == derivation) return &*built;
  }
  return nullptr;
}

void NixWatch::tell() {
  NixProgress view;
  view.done = static_cast<std::size_t>(std::max<std::int64_t>(counts_.done, 0));
  view.total = static_cast<std::size_t>(std::max<std::int64_t>(counts_.expected, 0)) + failures_.size();
  view.failed = failures_.size();
  for (const auto& [activity, active] : active_)
    view.running.push_back({nix_name(built_[active.index].derivation), active.phase, active.line});
  view.elapsed_ms = begun_ms_ == 0 ? 0 : context_.now_ms() - begun_ms_;
  context_.listener->progress(view);
}

void NixWatch::close() {
  for (auto& [activity, active] : active_) keep_tail(active);
  active_.clear();
}

}  // namespace ortforge::build_detail
