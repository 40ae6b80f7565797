#include "ortforge/matrix/branch_diff.hpp"

#include <algorithm>

#include "diff_entries.hpp"
#include "inherit.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using matrix_diff::Entry;

// A branch as its file has it, inheritance resolved, and the pipelines beside it.
struct RawBranch {
  Json branch;
  Json pipelines = Json::object();
};

Result<RawBranch> read_raw(const Matrix& matrix, const BranchChoice& choice) {
  const std::filesystem::path file = matrix.directory / (choice.product->name + ".json");
  ORTFORGE_TRY(const Json document, read_json(file));
  ORTFORGE_TRY(const JsonPlace branches, JsonPlace(document, file.string()).at("branches"));
  ORTFORGE_TRY(const auto resolved, matrix_reader::resolve_inheritance(branches));
  for (const matrix_reader::ResolvedBranch& branch : resolved) {
    if (branch.name != choice.branch->name) continue;
    RawBranch raw{branch.value};
    if (document.contains("pipelines")) raw.pipelines = document["pipelines"];
    return raw;
  }
  return branches.error(fmt::format("the branch '{}' has gone meanwhile", choice.branch->name));
}

// Whether every value of an object, or every element of a list, is an object: then each is compared by its
// name.
bool is_collection(const Json& value) {
  return value.is_structured() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_object(); });
}

Json member_or_null(const Json& object, const std::string& name) {
  return object.contains(name) ? object[name] : Json();
}

// The members of both branches: first those that every branch has, in the order in which people ask for them.
std::vector<std::string> member_names(const Json& before, const Json& after) {
  std::vector<std::string> names{"pins", "lines", "sources", "patches", "substitutions", "cmake", "gaps"};
  for (const Json* branch : {&before, &after}) {
    for (const auto& [name, value] : branch->items()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

// Variants are compared one by one.
Json without_variants(Json lines) {
  for (Json& line : lines) line.erase("variants");
  return lines;
}

std::vector<DiffSection> diff_members(const Json& before, const Json& after) {
  Entry own_before;
  Entry own_after;
  std::vector<DiffSection> sections;
  for (const std::string& name : member_names(before, after)) {
    if (name == "inherits") continue;
    Json left = member_or_null(before, name);
    Json right = member_or_null(after, name);
    if (!is_collection(left) && !is_collection(right)) {
      if (!left.empty()) own_before.facts.emplace_back(name, matrix_diff::text_of(left));
      if (!right.empty()) own_after.facts.emplace_back(name, matrix_diff::text_of(right));
      continue;
    }
    if (name == "lines") {
      left = without_variants(std::move(left));
      right = without_variants(std::move(right));
    }
    sections.push_back(
        {name, matrix_diff::diff_entries(matrix_diff::entries_of(left), matrix_diff::entries_of(right))});
  }
  sections.insert(sections.begin(), {"branch", matrix_diff::diff_entries({own_before}, {own_after})});
  return sections;
}

const Json* find_component(const Json& pipelines, const std::string& name);

// The component that an item of a pipeline stands for: itself, or "whole.test" of another.
const Json* component_of(const Json& pipelines, const Json& item) {
  return item.is_string() ? find_component(pipelines, item.get<std::string>()) : &item;
}

const Json* find_component(const Json& pipelines, const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos || !pipelines.contains(name.substr(0, dot))) return nullptr;
  const std::string component = name.substr(dot + 1);
  for (const Json& item : pipelines[name.substr(0, dot)]) {
    if (item.is_object() && item.value("name", "") == component) return &item;
    // A pipeline refers to earlier ones only (load_matrix), so this ends.
    if (item.is_string() && item.get<std::string>().ends_with("." + component) &&
        item.get<std::string>() != name)
      return find_component(pipelines, item.get<std::string>());
  }
  return nullptr;
}

std::vector<Entry> components_of(const RawBranch& raw) {
  const std::string pipeline = raw.branch.value("pipeline", "");
  Json components = Json::array();
  if (raw.pipelines.contains(pipeline)) {
    for (const Json& item : raw.pipelines[pipeline]) {
      if (const Json* component = component_of(raw.pipelines, item)) components.push_back(*component);
    }
  }
  return matrix_diff::entries_of(components);
}

// Variants of `left` that `right` does not have; products may begin their names differently.
std::vector<VariantRange> ranges_without(const std::vector<Variant>& left,
                                         const std::vector<Variant>& right) {
  std::vector<Variant> only;
  for (const Variant& variant : left) {
    const bool there = std::any_of(right.begin(), right.end(), [&](const Variant& other) {
      return other.cuda == variant.cuda && other.python == variant.python && other.sm == variant.sm &&
             other.isa == variant.isa;
    });
    if (!there) only.push_back(variant);
  }
  return variant_ranges(only);
}

DiffSide side_of(const BranchChoice& choice, std::size_t variants) {
  return {choice.product->name, choice.branch->name, choice.branch->version, variants};
}

}  // namespace

Result<BranchDiff> diff_branches(const Matrix& matrix, const BranchChoice& before,
                                 const BranchChoice& after) {
  ORTFORGE_TRY(const RawBranch left, read_raw(matrix, before));
  ORTFORGE_TRY(const RawBranch right, read_raw(matrix, after));
  const std::vector<Variant> old_variants = variants_of(matrix, *before.product, *before.branch);
  const std::vector<Variant> new_variants = variants_of(matrix, *after.product, *after.branch);
  BranchDiff diff;
  diff.before = side_of(before, old_variants.size());
  diff.after = side_of(after, new_variants.size());
  diff.sections = diff_members(left.branch, right.branch);
  diff.sections.push_back(
      {"components", matrix_diff::diff_entries(components_of(left), components_of(right))});
  std::erase_if(diff.sections, [](const DiffSection& section) { return section.entries.empty(); });
  diff.gained = ranges_without(new_variants, old_variants);
  diff.lost = ranges_without(old_variants, new_variants);
  return diff;
}

}  // namespace ortforge
