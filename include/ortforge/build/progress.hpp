// How far a build is and how long it will still take, from recorded costs and from what is done so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/build/ninja_log.hpp"
#include "ortforge/build/recorder.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

// What a status line shows.
struct ProgressView {
  std::size_t done = 0;   // steps that are finished
  std::size_t total = 0;  // steps that had to run
  struct Running {
    std::size_t step = 0;
    std::optional<NinjaProgress> objects;
    std::int64_t elapsed_ms = 0;
  };
  std::vector<Running> running;
  std::vector<std::size_t> pushing;  // when none runs: steps whose outputs go into the remote store, in turn
  std::int64_t elapsed_ms = 0;
  std::optional<std::int64_t> remaining_ms;
};

// Estimates in units of expected CPU milliseconds: remaining = (total - done) / rate. The rate is the work
// done per millisecond in the later half of the time since the start, but no less than the last three
// minutes: what the compiler cache answered at the beginning does not promise the same for the rest. To that
// comes, as if it had been seen too, a twentieth of the work at the recorded speed (one millisecond of it per
// job and millisecond), so that a few slow objects or a busy minute at the beginning do not multiply what is
// said.
class ProgressModel {
 public:
  ProgressModel(std::size_t steps, std::size_t jobs) : steps_(steps), jobs_(jobs) {}

  // A step that has to run: its expected CPU milliseconds and what its objects cost last time (may be empty).
  void expect(std::size_t step, std::int64_t cpu_ms, const std::vector<ObjectCost>& objects);
  void start(std::size_t step, std::int64_t now_ms);
  // Objects that Ninja's log lists now; the first call of a step says what an earlier attempt had finished.
  void set_objects(std::size_t step, const std::vector<ObjectCost>& finished);
  void set_status(std::size_t step, NinjaProgress progress);
  void finish(std::size_t step);
  // A step that stopped and will go on later.
  void pause(std::size_t step);
  // A step that turned out not to run.
  void drop(std::size_t step);

  // To be called every second or so while steps run: the rate is taken between calls.
  ProgressView view(std::int64_t now_ms);

 private:
  struct Item {
    bool expected = false;
    bool running = false;
    bool finished = false;
    double cost = 0;                        // expected CPU milliseconds
    std::map<std::string, double> objects;  // recorded wall milliseconds
    double objects_total = 0;
    double fraction = 0;
    std::optional<double> fraction_before;  // done by an earlier attempt
    std::optional<NinjaProgress> status;
    std::int64_t started_ms = 0;
  };
  struct Sample {
    std::int64_t at_ms = 0;
    double done = 0;  // since the start
  };
  // Work per millisecond, of `work` that there was to do at the start and `done` of it; never 0.
  double rate(std::int64_t now_ms, double work, double done);

  std::vector<Item> steps_;
  std::size_t jobs_;
  std::int64_t first_start_ms_ = 0;
  std::deque<Sample> samples_;
};

struct ExpectedCost {
  std::int64_t cpu_ms = 0;
  std::vector<ObjectCost> objects;   // empty: not known
  std::uint64_t peak_bytes = 0;      // of its largest process
  std::uint64_t ordinary_bytes = 0;  // of its largest outside heavy targets
  bool measured = false;             // the figures are its own, not those of a sibling or of the matrix
};
// What a step is expected to cost: what its last successful run took, else that of a sibling (the core for
// another instruction set, with the same accelerator), else the matrix's figures. Runs that the compiler
// cache spared most of the work do not count. A run that only finished what an earlier attempt had begun may
// have missed the largest process: then the matrix's peak counts where it is higher.
Result<ExpectedCost> expected_cost(const Step& step, Recorder& recorder);

}  // namespace ortforge
