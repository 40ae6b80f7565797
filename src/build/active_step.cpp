#include "active_step.hpp"

#include <algorithm>
#include <fstream>
#include <set>

#include "build_trees.hpp"

#include "ortforge/build/compiler_cache.hpp"

namespace ortforge::build_detail {
namespace {

namespace fs = std::filesystem;

// A command as a person could type it, for the log.
std::string shown(const Command& command) {
  return "$ cd " + shell_word("/w/" + command.directory.string()) + "\n$ " + shell_text(command) + "\n";
}

// What had been built in a tree before it was lent to this step.
std::set<std::string> lent_objects(const fs::path& tree) {
  std::set<std::string> objects;
  if (const auto text = read_file(tree / kLentLog)) {
    for (const ObjectCost& cost : parse_ninja_log(*text)) objects.insert(cost.object);
  }
  return objects;
}

}  // namespace

Result<bool> ActiveStep::start_next(BuildContext& context) {
  if (next_command_ >= step_->recipe.commands.size()) return false;
  Command command = step_->recipe.commands[next_command_++];
  const fs::path log = context.home / record_.log;
  ORTFORGE_CHECK(make_directories(log.parent_path()));
  {
    std::ofstream stream(log, std::ios::app | std::ios::binary);
    stream << shown(command);
    if (!stream.flush()) return fail(ErrorKind::missing, "{}: the log cannot be written", log.string());
  }
  // In the environment, not in the recipe: keys do not depend on the machine.
  command.environment["CMAKE_BUILD_PARALLEL_LEVEL"] = std::to_string(share_.jobs);
  if (step_->recipe.heavy_bytes > 0)
    command.environment["ORTFORGE_HEAVY_JOBS"] = std::to_string(share_.heavy_jobs);
  command.environment["NINJA_STATUS"] = "[%f/%t] ";
  const Environment* environment = context.environments.at(step_->environment);
  command.environment.merge(cache_environment(*environment));  // what the recipe sets stands
  const Command wrapped = environment->wrap(command, work_.path(), mounts_, {.holds_descriptor = true});
  RunOptions options;
  options.log_file = log;
  if (limit_) options.timeout = *limit_ - record_.usage.wall;
  options.inherited = work_.lock_descriptor();
  options.on_output = [this, &context](std::string_view text) {
    watch(text);
    context.listener->output(index_, text);
  };
  ORTFORGE_TRY(process_, context.runner->start(wrapped, std::move(options)));
  return true;
}

// How the command uses the compiler cache, or leaves it alone.
std::map<std::string, std::string> ActiveStep::cache_environment(const Environment& environment) const {
  if (step_->recipe.kind != "build") return {};
  if (cache_bytes_ == 0) return no_cache_variables();
  const std::string& tree = step_->recipe.continues.empty() ? step_->recipe.name : step_->recipe.continues;
  std::error_code error;
  const bool configured = fs::exists(work_.path() / "build" / tree / "CMakeCache.txt", error);
  return cache_variables(*step_, caches_of(environment), cache_bytes_, configured);
}

void ActiveStep::watch(std::string_view text) {
  for (const char c : text) {
    if (c != '\n' && c != '\r') {
      if (line_.size() < 64) line_ += c;
      continue;
    }
    if (const auto progress = parse_ninja_status(line_)) status_ = progress;
    line_.clear();
  }
}

bool ActiveStep::take(const Outcome& outcome) {
  process_ = 0;
  record_.ending = ending_inside(outcome.ending);
  record_.usage.wall += outcome.usage.wall;
  record_.usage.user += outcome.usage.user;
  record_.usage.system += outcome.usage.system;
  record_.usage.peak_bytes = std::max(record_.usage.peak_bytes, outcome.usage.peak_bytes);
  if (const auto log = read_file(work_.path() / kCacheLog)) record_.cache = parse_cache_log(*log);
  const bool more = next_command_ < step_->recipe.commands.size();
  const bool used_up = limit_ && record_.usage.wall >= *limit_ && more && outcome.success();
  const bool timed_out = used_up || std::holds_alternative<TimedOut>(outcome.ending);
  // The command had what earlier ones left; on record goes the limit of the step.
  if (limit_ && timed_out) record_.ending = TimedOut{*limit_};
  return outcome.success() && !outcome.interrupted && !timed_out;
}

std::vector<ObjectCost> ActiveStep::object_costs() const {
  std::vector<ObjectCost> all;
  std::error_code error;
  for (fs::directory_iterator tree(work_.path() / "build", error), end; !error && tree != end;
       tree.increment(error)) {
    if (const auto text = read_file(tree->path() / ".ninja_log")) {
      const std::set<std::string> lent = lent_objects(tree->path());
      for (ObjectCost& cost : parse_ninja_log(*text)) {
        if (lent.contains(cost.object)) continue;
        cost.object = tree->path().filename().string() + "/" + cost.object;
        all.push_back(std::move(cost));
      }
    }
  }
  return all;
}

std::string ActiveStep::log_tail(const fs::path& home, std::size_t lines) const {
  const auto text = read_file(home / record_.log);
  if (!text) return {};
  std::size_t start = text->size();
  if (start > 0 && text->back() == '\n') --start;
  for (std::size_t seen = 0; start > 0; --start) {
    if ((*text)[start - 1] == '\n' && ++seen == lines) break;
  }
  return text->substr(start);
}

std::optional<NinjaProgress> ActiveStep::new_status() {
  return std::exchange(status_, std::nullopt);
}

}  // namespace ortforge::build_detail
