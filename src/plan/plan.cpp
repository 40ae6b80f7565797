#include "ortforge/plan/plan.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace ortforge {
namespace {

constexpr const char* kKeyFormat = "1";
constexpr std::string_view kNeeds = "needs/";

// Commands in canonical JSON: argument by argument, so that no two different commands look the same.
Digest commands_digest(const std::vector<Command>& commands) {
  nlohmann::json all = nlohmann::json::array();
  for (const Command& command : commands) {
    all.push_back({{"argv", command.argv},
                   {"environment", command.environment},
                   {"directory", command.directory.string()}});
  }
  return sha256(all.dump());
}

// What a step depends on beside other steps, by name; `unknown` collects what has no digest yet.
Result<KeyParts> own_parts(const PlanRequest& request, const RecipeStep& step, const PlanDigests& digests,
                           std::string& unknown) {
  KeyParts parts{
      {"format", kKeyFormat}, {"output", step.output}, {"commands", commands_digest(step.commands).hex()}};
  const auto enter = [&](const std::string& name, const std::optional<Digest>& digest,
                         const std::string& reason) {
    parts[name] = digest ? digest->hex() : "unknown";
    if (!digest && unknown.empty()) unknown = reason;
  };
  enter("environment", digests.environment(step.environment),
        fmt::format("the environment {} is not made yet", step.environment));
  parts["environment-name"] = step.environment;
  for (const auto& [path, content] : step.files) parts["recipe/" + path] = sha256(content).hex();
  for (const std::string& name : step.sources) {
    const auto source = request.branch->sources.find(name);
    if (source == request.branch->sources.end()) {
      return fail(ErrorKind::internal, "{}: step {} names the source '{}', which branch {} does not have",
                  request.variant.name, step.name, name, request.branch->name);
    }
    enter("source/" + name, digests.source(source->second),
          fmt::format("the source {} is not here yet", name));
  }
  if (step.toolkit) {
    if (request.line == nullptr)
      return fail(ErrorKind::internal, "{}: no line gives a toolkit", request.variant.name);
    enter("toolkit", digests.toolkit(request.line->toolkit_sources), "the CUDA toolkit is not here yet");
  }
  return parts;
}

Step new_step(const PlanRequest& request, const RecipeStep& recipe) {
  Step step;
  step.recipe = recipe;
  step.product = request.variant.product;
  step.branch = request.variant.branch;
  step.environment = recipe.environment;
  if (recipe.toolkit && !request.recipe.installed_toolkit) {
    for (const Source& wheel : request.line->toolkit_sources) step.toolkit.push_back(wheel.name);
  }
  return step;
}

// Puts requests into one plan, each behind those it is built on.
class Planner {
 public:
  Planner(const std::vector<PlanRequest>& requests, const PlanDigests& digests)
      : requests_(requests), digests_(digests), planned_(requests.size()) {}

  Result<Plan> plan() {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (requests_[i].wanted) ORTFORGE_CHECK(add(i));
    }
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (planned_[i]) (requests_[i].wanted ? plan_.results : plan_.required).push_back(planned_[i]->result);
    }
    return std::move(plan_);
  }

 private:
  using StepsByName = std::map<std::string, std::size_t>;
  struct Planned {
    StepsByName steps;
    PlannedResult result;
  };

  Result<void> add(std::size_t index) {
    if (planned_[index]) return {};
    const PlanRequest& request = requests_[index];
    StepsByName earlier;
    for (const auto& [product, variant] : request.required) {
      ORTFORGE_TRY(const std::size_t other, index_of(request, variant));
      ORTFORGE_CHECK(add(other));
      for (const auto& [name, step] : planned_[other]->steps) earlier[product + "." + name] = step;
    }
    Planned planned{{}, {request.variant.name, 0, std::nullopt}};
    bool has_result = false;
    for (const RecipeStep& recipe : request.recipe.steps) {
      if (recipe.kind == "test" && !request.wanted) continue;
      ORTFORGE_TRY(const std::size_t place, add_step(request, recipe, earlier));
      earlier[recipe.name] = planned.steps[recipe.name] = place;
      if (recipe.kind == "test") {
        planned.result.test = place;
      } else {
        planned.result.step = place;
        has_result = true;
      }
    }
    if (!has_result)
      return fail(ErrorKind::internal, "{}: its recipe has no step that builds something",
                  request.variant.name);
    planned_[index] = std::move(planned);
    return {};
  }

  Result<std::size_t> index_of(const PlanRequest& request, const Variant& variant) const {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const Variant& other = requests_[i].variant;
      if (other.product == variant.product && other.branch == variant.branch && other.name == variant.name)
        return i;
    }
    return fail(ErrorKind::internal, "{}: is built on {}, which is not in the plan", request.variant.name,
                variant.name);
  }

  // The place of a step, shared with an equal one that is there already (found by its parts).
  Result<std::size_t> add_step(const PlanRequest& request, const RecipeStep& recipe,
                               const StepsByName& earlier) {
    std::string unknown;
    ORTFORGE_TRY(KeyParts parts, own_parts(request, recipe, digests_, unknown));
    std::vector<std::size_t> needs;
    for (const std::string& name : recipe.needs) {
      const auto needed = earlier.find(name);
      if (needed == earlier.end()) {
        return fail(ErrorKind::internal, "{}: step {} needs the step '{}', which does not stand before it",
                    request.variant.name, recipe.name, name);
      }
      const Step& other = plan_.steps[needed->second];
      needs.push_back(needed->second);
      parts[std::string(kNeeds) + name] = other.key.empty() ? "unknown " + key_of(other.parts) : other.key;
      if (unknown.empty()) unknown = other.unknown;
    }
    const std::string identity = key_of(parts);
    const auto [place, is_new] = by_identity_.emplace(identity, plan_.steps.size());
    if (is_new) {
      Step step = new_step(request, recipe);
      step.needs = std::move(needs);
      if (!recipe.continues.empty()) {
        const auto base = earlier.find(recipe.continues);
        if (base == earlier.end()) {
          return fail(ErrorKind::internal, "{}: step {} continues the step '{}', which is left out",
                      request.variant.name, recipe.name, recipe.continues);
        }
        step.continues = base->second;
      }
      step.parts = std::move(parts);
      step.key = unknown.empty() ? identity : std::string();
      step.unknown = unknown;
      plan_.steps.push_back(std::move(step));
    }
    auto& variants = plan_.steps[place->second].variants;
    if (std::find(variants.begin(), variants.end(), request.variant.name) == variants.end()) {
      variants.push_back(request.variant.name);
    }
    return place->second;
  }

  const std::vector<PlanRequest>& requests_;
  const PlanDigests& digests_;
  Plan plan_;
  std::map<std::string, std::size_t> by_identity_;
  std::vector<std::optional<Planned>> planned_;  // by request
};

}  // namespace

std::set<std::size_t> steps_of(const Plan& plan, const PlannedResult& result) {
  std::set<std::size_t> steps{result.step};
  if (result.test) steps.insert(*result.test);
  // Needs stand before the steps that have them, so one pass from the end sees every reader first.
  for (std::size_t i = *steps.rbegin() + 1; i-- > 0;) {
    if (steps.contains(i)) steps.insert(plan.steps[i].needs.begin(), plan.steps[i].needs.end());
  }
  return steps;
}

Result<const PlanRequest*> request_of(const std::vector<PlanRequest>& requests, const Step& step) {
  const auto found = std::find_if(requests.begin(), requests.end(), [&](const PlanRequest& request) {
    const Variant& variant = request.variant;
    return variant.product == step.product && variant.branch == step.branch &&
           std::find(step.variants.begin(), step.variants.end(), variant.name) != step.variants.end();
  });
  if (found == requests.end())
    return fail(ErrorKind::internal, "{}: belongs to no variant", step.recipe.scope);
  return &*found;
}

std::string key_of(const KeyParts& parts) {
  return sha256(nlohmann::json(parts).dump()).hex();
}

bool same_own_parts(KeyParts one, KeyParts other) {
  const auto is_need = [](const auto& part) { return part.first.starts_with(kNeeds); };
  std::erase_if(one, is_need);
  std::erase_if(other, is_need);
  return one == other;
}

std::string content_key_of(const Step& step, const std::vector<Digest>& need_outputs,
                           const std::vector<std::string>& need_names) {
  KeyParts parts = step.parts;
  for (std::size_t i = 0; i < need_outputs.size(); ++i)
    parts[std::string(kNeeds) + need_names[i]] = need_outputs[i].hex();
  return key_of(parts);
}

Result<Plan> make_plan(const std::vector<PlanRequest>& requests, const PlanDigests& digests) {
  return Planner(requests, digests).plan();
}

}  // namespace ortforge
