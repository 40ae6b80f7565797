#include "ortforge/build/workshop.hpp"

#include <algorithm>
#include <set>

#include "ortforge/build/needed.hpp"

namespace ortforge {
namespace {

Result<void> stop_if_asked(const Interrupt* interrupt) {
  if (interrupt == nullptr || !interrupt->requested()) return {};
  return fail(ErrorKind::interrupted, "interrupted");
}

// Where the steps of all recipes run.
std::set<std::string> environments_of(const std::vector<PlanRequest>& requests) {
  std::set<std::string> names;
  for (const PlanRequest& request : requests) {
    for (const RecipeStep& step : request.recipe.steps) names.insert(step.environment);
  }
  return names;
}

}  // namespace

Result<const EnvironmentSpec*> Workshop::spec(const std::string& name) const {
  const auto found = matrix_.environments.find(name);
  if (found != matrix_.environments.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [known, spec] : matrix_.environments) names.push_back(known);
  return fail(ErrorKind::bad_input, "unknown environment '{}'{}; environments: {}", name,
              did_you_mean(name, names), join(names, ", "));
}

SourceContext Workshop::source_context() const {
  SourceContext context;
  context.home = options_.home;
  context.matrix_directory = matrix_.directory;
  context.variables = options_.variables;
  context.overrides = options_.overrides;
  context.offline = options_.offline;
  context.interrupt = options_.interrupt;
  context.listener = options_.downloads;
  context.digests = digests_.get();
  context.installed = installed_.get();
  return context;
}

EnvironmentContext Workshop::environment_context() const {
  return {options_.home, options_.variables, options_.interrupt, options_.note};
}

Result<PlanRequest> Workshop::make_request(const Variant& variant, const TemplateFolder& templates) const {
  PlanRequest request;
  request.product = &matrix_.products.at(variant.product);
  request.branch = &request.product->branches.at(variant.branch);
  request.line = &request.branch->lines.at(variant.line);
  request.variant = variant;
  RecipeOptions recipe;
  recipe.outputs = options_.outputs;
  recipe.environment = options_.environment;
  recipe.installed_toolkit = options_.toolkit.has_value();
  ORTFORGE_TRY(request.recipe, render_cmake_recipe(matrix_, variant, templates, recipe));
  for (const RequiredResult& required : request.recipe.required) {
    if (request.required.contains(required.product)) continue;
    ORTFORGE_TRY(request.required[required.product], required_variant(matrix_, variant, required.product));
  }
  return request;
}

Result<std::vector<PlanRequest>> Workshop::requests(const std::vector<Variant>& variants) const {
  ORTFORGE_TRY(const TemplateFolder templates, TemplateFolder::load(options_.templates));
  std::vector<PlanRequest> result;
  std::vector<Variant> required;
  const auto add = [&](const Variant& variant, bool wanted) -> Result<void> {
    ORTFORGE_TRY(PlanRequest made, make_request(variant, templates));
    made.wanted = wanted;
    for (const auto& [product, other] : made.required) required.push_back(other);
    result.push_back(std::move(made));
    return {};
  };
  for (const Variant& variant : variants) ORTFORGE_CHECK(add(variant, true));
  while (!required.empty()) {
    const Variant variant = std::move(required.back());
    required.pop_back();
    const bool known = std::any_of(result.begin(), result.end(), [&](const PlanRequest& other) {
      return other.variant.product == variant.product && other.variant.branch == variant.branch &&
             other.variant.name == variant.name;
    });
    if (!known) ORTFORGE_CHECK(add(variant, false));
  }
  return result;
}

Result<Plan> Workshop::plan(const std::vector<PlanRequest>& requests) {
  for (const std::string& name : environments_of(requests)) {
    if (environments_.contains(name)) continue;
    ORTFORGE_TRY(const EnvironmentSpec* wanted, spec(name));
    // A machine that lacks something for it can still plan: the key then stays open.
    auto found = find_environment(*wanted, environment_context());
    if (!found && found.error().kind == ErrorKind::interrupted) return pass_on(found.error());
    if (found && *found) environments_[name] = std::move(*found);
  }
  std::map<std::string, std::optional<Digest>> known;  // by source_id: each directory is read once
  const SourceContext context = source_context();
  PlanDigests digests;
  digests.environment = [this](const std::string& name) -> std::optional<Digest> {
    const auto found = environments_.find(name);
    if (found == environments_.end()) return std::nullopt;
    return found->second->digest();
  };
  digests.source = [&](const Source& source) -> std::optional<Digest> {
    const auto [place, is_new] = known.emplace(source_id(source), std::nullopt);
    if (is_new) {
      if (const auto digest = source_digest(source, context)) place->second = *digest;
    }
    return place->second;
  };
  std::optional<Result<Digest>> installed;  // looked at once, and only where a step needs it
  digests.toolkit = [&](const std::vector<Source>& wheels) -> std::optional<Digest> {
    if (options_.toolkit && !installed) installed = installed_digest(*options_.toolkit, context);
    const auto digest = installed ? *installed : toolkit_digest(wheels, context);
    return digest ? std::optional<Digest>(*digest) : std::nullopt;
  };
  ORTFORGE_TRY(Plan plan, make_plan(requests, digests));
  ORTFORGE_CHECK(stop_if_asked(options_.interrupt));  // while folders were read
  return plan;
}

Result<void> Workshop::realize_environments(const std::vector<PlanRequest>& requests) {
  for (const std::string& name : environments_of(requests)) {
    ORTFORGE_CHECK(stop_if_asked(options_.interrupt));
    if (environments_.contains(name)) continue;
    ORTFORGE_TRY(const EnvironmentSpec* wanted, spec(name));
    ORTFORGE_TRY(environments_[name], realize_environment(*wanted, environment_context()));
  }
  return stop_if_asked(options_.interrupt);
}

Result<void> Workshop::fetch_source_once(const Source& source) {
  const SourceContext context = source_context();
  ORTFORGE_TRY(const Digest digest, source_digest(source, context));
  if (trees_.contains(digest.hex())) return {};
  ORTFORGE_TRY(const FetchedSource fetched, fetch_source(source, context));
  trees_[digest.hex()] = fetched.tree;
  return {};
}

Result<void> Workshop::provide_toolkit(const Line& line) {
  const std::vector<Source>& wheels = line.toolkit_sources;
  if (!options_.toolkit) {
    for (const Source& wheel : wheels) ORTFORGE_CHECK(fetch_source_once(wheel));
  }
  ORTFORGE_TRY(const ToolkitPrefix prefix, options_.toolkit
                                               ? link_toolkit(*options_.toolkit, source_context())
                                               : assemble_toolkit(wheels, source_context()));
  trees_[prefix.digest.hex()] = prefix.path;
  return {};
}

Result<void> Workshop::fetch(const Plan& plan, const std::vector<PlanRequest>& requests, const Store& store) {
  ORTFORGE_TRY(const auto needs, needed_steps(plan, store));
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (needs[i] == Need::run) ORTFORGE_CHECK(fetch_for(plan.steps[i], requests));
  }
  return {};
}

Result<void> Workshop::fetch_for(const Step& step, const std::vector<PlanRequest>& requests) {
  ORTFORGE_TRY(const PlanRequest* request, request_of(requests, step));
  for (const std::string& name : step.recipe.sources)
    ORTFORGE_CHECK(fetch_source_once(request->branch->sources.at(name)));
  if (!step.recipe.toolkit) return {};
  if (request->line->toolkit_sources.empty() && !options_.toolkit)
    return fail(ErrorKind::missing, "{}: line {} names no wheels of CUDA {}", step.recipe.scope,
                request->line->name, request->line->cuda);
  if (trees_.contains(step.parts.at("toolkit"))) return {};
  return provide_toolkit(*request->line);
}

Result<std::string> Workshop::changed_source(const Step& step) const {
  const Branch& branch = matrix_.products.at(step.product).branches.at(step.branch);
  for (const std::string& name : step.recipe.sources) {
    const Source& source = branch.sources.at(name);
    if (!options_.overrides.contains(name) && source.digest_kind != Source::DigestKind::none) continue;
    ORTFORGE_TRY(const Digest digest, source_digest(source, source_context()));
    if (digest.hex() != step.parts.at("source/" + name)) return name;
  }
  if (!step.recipe.toolkit || !options_.toolkit) return std::string();
  ORTFORGE_TRY(const Digest digest, installed_digest(*options_.toolkit, source_context()));
  return digest.hex() == step.parts.at("toolkit") ? std::string() : std::string("toolkit");
}

std::vector<const Source*> Workshop::sources(const std::vector<PlanRequest>& requests) const {
  std::vector<const Source*> result;
  std::set<std::string> seen;
  const auto add = [&](const Source& source) {
    if (seen.insert(source_id(source)).second) result.push_back(&source);
  };
  for (const PlanRequest& request : requests) {
    bool toolkit = false;
    for (const RecipeStep& step : request.recipe.steps) {
      for (const std::string& name : step.sources) {
        const auto source = request.branch->sources.find(name);
        if (source != request.branch->sources.end()) add(source->second);
      }
      toolkit = toolkit || step.toolkit;
    }
    if (!toolkit || options_.toolkit) continue;
    for (const Source& wheel : request.line->toolkit_sources) add(wheel);
  }
  return result;
}

std::optional<InstalledToolkit> Workshop::installed_toolkit_of(const Recipe& recipe) const {
  const bool reads_one = std::any_of(recipe.steps.begin(), recipe.steps.end(),
                                     [](const RecipeStep& step) { return step.toolkit; });
  return reads_one ? options_.toolkit : std::nullopt;
}

std::optional<InstalledToolkit> Workshop::installed_toolkit(const std::vector<PlanRequest>& requests) const {
  for (const PlanRequest& request : requests) {
    if (auto toolkit = installed_toolkit_of(request.recipe)) return toolkit;
  }
  return std::nullopt;
}

std::map<std::string, const Environment*> Workshop::environments() const {
  std::map<std::string, const Environment*> result;
  for (const auto& [name, environment] : environments_) result[name] = environment.get();
  return result;
}

}  // namespace ortforge
