// The plan: which steps a request needs, each once, in an order that can be run. Pure; compared with == in
// tests.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/recipe/recipe.hpp"

namespace ortforge {

// What a step's key is made of, as named parts: "recipe/toolchain.cmake" -> digest, "source/onnx" -> digest,
// "environment" -> digest, "needs/prepare" -> digest. Kept in the store, so that `why` can tell two keys
// apart.
using KeyParts = std::map<std::string, std::string>;

struct Step {
  RecipeStep recipe;
  std::string product;
  std::string branch;
  std::string environment;               // name
  std::vector<std::string> toolkit;      // names of the toolkit's wheels; empty: none, or an installed one
  std::vector<std::size_t> needs;        // indices into Plan::steps, always smaller than the own index
  std::optional<std::size_t> continues;  // the step whose build tree it goes on in, one of `needs`
  std::vector<std::string> variants;     // full names this step works for
  KeyParts parts;
  std::string key;  // 64 hex digits; empty when a digest it covers is not known yet
  std::string
      unknown;  // what is not known yet ("environment debian-trixie is not made"); empty when key is set

  bool operator==(const Step&) const = default;
};

// The step whose output is a variant's result.
struct PlannedResult {
  std::string variant;
  std::size_t step = 0;             // result (package) step
  std::optional<std::size_t> test;  // test step, when there is one
  bool operator==(const PlannedResult&) const = default;
};

struct Plan {
  std::vector<Step> steps;
  std::vector<PlannedResult> results;
  std::vector<PlannedResult>
      required{};  // of variants that those are built on and nobody asked for; without tests
  bool operator==(const Plan&) const = default;
};

// One variant with its rendered recipe, as the planner takes it.
struct PlanRequest {
  const Product* product = nullptr;
  const Branch* branch = nullptr;
  const Line* line = nullptr;
  Variant variant;
  Recipe recipe;
  bool wanted = true;                         // false: only because a wanted one is built on it
  std::map<std::string, Variant> required{};  // by product: what it is built on, requests of the same plan
};

// Digests of things outside the recipe; nothing where one is not known yet.
struct PlanDigests {
  std::function<std::optional<Digest>(const std::string& environment)> environment;
  std::function<std::optional<Digest>(const Source&)> source;
  std::function<std::optional<Digest>(const std::vector<Source>& wheels)> toolkit;
};

// Puts the steps of all requests together; steps with equal inputs are one step that works for several
// variants. A request that is not wanted gives the steps that others need, in `required` and without a test.
// Error: internal when a recipe names a step, source or request that is not there.
Result<Plan> make_plan(const std::vector<PlanRequest>& requests, const PlanDigests& digests);

// The steps that a result takes: its own, its test, and what they need, of other products too.
std::set<std::size_t> steps_of(const Plan& plan, const PlannedResult& result);

// The first request that the step works for. Error: internal when there is none.
Result<const PlanRequest*> request_of(const std::vector<PlanRequest>& requests, const Step& step);

// The SHA-256 over the parts in canonical form (64 hex digits).
std::string key_of(const KeyParts& parts);

// Whether two steps differ at most in the keys of what they need: equal commands, files, sources,
// environment.
bool same_own_parts(KeyParts one, KeyParts other);

// The parts of a step whose needs are replaced by the digests of their outputs: equal outputs give equal
// content keys.
std::string content_key_of(const Step& step, const std::vector<Digest>& need_outputs,
                           const std::vector<std::string>& need_names);

}  // namespace ortforge
