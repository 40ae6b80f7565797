#include "ortforge/recipe/nix_recipe.hpp"

#include <algorithm>

#include "nix_layer.hpp"
#include "nix_readme.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using recipe_detail::NixPlace;

Result<void> add_pin(const Branch& branch, const Line& line, TemplateValues& values) {
  const std::string name = line.nix_pin.empty() ? branch.nix.pin : line.nix_pin;
  const auto found = branch.pins.find(name);
  if (found == branch.pins.end())
    return fail(ErrorKind::bad_input, "branch {} has no pin '{}'", branch.name, name);
  const Pin& pin = found->second;
  ORTFORGE_TRY(values.texts["url"],
               expand_placeholders(pin.url, {{"revision", pin.revision}}, "pin " + name + ": url"));
  values.texts["pin"] = name;
  values.texts["pin_note"] = recipe_detail::nix_comment(pin.note.empty() ? pin.revision : pin.note, 2);
  const std::string missing = fmt::format(
      "the hash of {} {} is not on record: run 'ortforge lock' where the network is", name, pin.revision);
  values.texts["sha256"] =
      pin.digest.empty() ? "throw \"" + escape_nix(missing) + "\"" : "\"" + pin.digest + "\"";
  return {};
}

Result<void> add_overlays(const NixPlace& place, const NixFacts& facts, TemplateValues& values) {
  auto& rows = values.lists["overlays"];
  for (const NixOverlay& overlay : facts.overlays) {
    const std::string where =
        fmt::format("{} {}: nix overlay {}", place.product.name, place.branch.name, overlay.attribute);
    ORTFORGE_TRY(const bool in, recipe_detail::nix_applies(overlay.when, place, where));
    if (!in) continue;
    TemplateValues item =
        row({{"attribute", overlay.attribute}, {"why", recipe_detail::nix_comment(overlay.why, 6)}});
    ORTFORGE_TRY(const std::string own,
                 recipe_detail::nix_attribute("prev", overlay.attribute, place, where));
    if (overlay.by.empty()) {
      ORTFORGE_TRY(const auto patches, recipe_detail::nix_patch_rows(overlay.patches, "final", place));
      std::string list;
      for (const TemplateValues& patch : patches) list += " " + patch.texts.at("value");
      item.texts["value"] =
          fmt::format("{}.overrideAttrs (old: {{ patches = (old.patches or [ ]) ++ [{} ]; }})", own, list);
    } else {
      ORTFORGE_TRY(item.texts["value"], recipe_detail::nix_attribute("final", overlay.by, place, where));
    }
    rows.push_back(std::move(item));
  }
  return {};
}

// The layers in order, and the sources that they take.
Result<void> add_layers(const NixPlace& place, const NixFacts& facts, TemplateValues& values) {
  auto& layers = values.lists["layers"];
  auto& sources = values.lists["sources"];
  for (const NixLayer& named : facts.layers) {
    NixLayerOf owner{&place.product, &place.branch, &named, {}};
    if (!named.like.empty()) {
      owner = find_layer(place.matrix, named.like);
      if (owner.layer == nullptr) return fail(ErrorKind::bad_input, "'{}': {}", named.like, owner.fault);
    }
    const NixPlace own{place.matrix, *owner.product, *owner.branch, place.variant};
    std::set<std::string> used;
    ORTFORGE_TRY(TemplateValues layer, recipe_detail::nix_layer_values(*owner.layer, named.name, own, used));
    layer.switches["last"] = &named == &facts.layers.back();
    layers.push_back(std::move(layer));
    for (const std::string& name : used) {
      const std::string known = recipe_detail::nix_source_name(own, name);
      const bool there = std::any_of(sources.begin(), sources.end(), [&](const TemplateValues& source) {
        return source.texts.at("name") == known;
      });
      if (there) continue;
      const auto source = own.branch.sources.find(name);
      if (source == own.branch.sources.end()) {
        return fail(ErrorKind::bad_input, "{} {} has no source '{}'", own.product.name, own.branch.name,
                    name);
      }
      ORTFORGE_TRY(std::string value, recipe_detail::nix_fetch("pkgs", source->second, own));
      sources.push_back(row({{"name", known}, {"value", std::move(value)}}));
    }
  }
  values.switches["has_sources"] = !sources.empty();
  values.texts["result"] = facts.layers.back().name;
  return {};
}

// The product's own template, or the one for all.
std::string template_name(const TemplateFolder& templates, const std::string& product,
                          const std::string& file) {
  const bool own = !templates.matching(product + "/nix/", file).empty();
  return (own ? product + "/nix/" : std::string("nix/")) + file;
}

std::string package_file(const std::string& variant) {
  return ".flox/pkgs/" + variant + ".nix";
}

}  // namespace

Result<Recipe> render_nix_recipe(const Matrix& matrix, const Variant& variant,
                                 const TemplateFolder& templates) {
  const Product& product = matrix.products.at(variant.product);
  const Branch& branch = product.branches.at(variant.branch);
  const auto backend = variant.backends.find("nix");
  if (backend == variant.backends.end())
    return fail(ErrorKind::bad_input, "branch {} does not offer the Nix backend", branch.name);
  if (!backend->second.feasible) {
    return fail(ErrorKind::bad_input, "{} is infeasible with Nix: {} (rule {})", variant.name,
                backend->second.fact, backend->second.rule);
  }
  const NixPlace place{matrix, product, branch, variant};
  TemplateValues values = recipe_detail::nix_variant_values(matrix, product, branch, variant);
  ORTFORGE_CHECK(add_pin(branch, branch.lines.at(variant.line), values));
  ORTFORGE_TRY(values.lists["config"],
               recipe_detail::nix_setting_rows(branch.nix.config, place, branch.name + ": nix config"));
  ORTFORGE_CHECK(add_overlays(place, branch.nix, values));
  ORTFORGE_CHECK(add_layers(place, branch.nix, values));
  Recipe recipe;
  recipe.variant = variant.name;
  recipe.backend = "nix";
  ORTFORGE_TRY(recipe.files[package_file(variant.name)],
               templates.render(template_name(templates, product.name, "package.nix"), values));
  return recipe;
}

Result<RecipeSet> render_nix_branch(const Matrix& matrix, const Product& product, const Branch& branch,
                                    const TemplateFolder& templates) {
  RecipeSet set;
  set.directory = std::filesystem::path(product.name) / branch.name / "nix";
  set.whole_branch = true;
  set.flat = true;
  set.owned = ".flox/pkgs";
  const std::vector<Variant> variants = variants_of(matrix, product, branch);
  for (const Variant& variant : variants) {
    const auto backend = variant.backends.find("nix");
    if (backend == variant.backends.end() || !backend->second.feasible) continue;
    ORTFORGE_TRY(Recipe recipe, render_nix_recipe(matrix, variant, templates));
    set.recipes.push_back(std::move(recipe));
  }
  const TemplateValues values = recipe_detail::nix_branch_values(matrix, product, branch, variants);
  const std::pair<const char*, const char*> files[] = {
      {"flake.nix", "flake.nix"}, {"manifest.toml", ".flox/env/manifest.toml"}, {"README.md", "README.md"}};
  for (const auto& [name, path] : files) {
    ORTFORGE_TRY(set.files[path], templates.render(template_name(templates, product.name, name), values));
  }
  const Json environment{{"name", product.name + "-" + branch.name}, {"version", 1}};
  set.files[".flox/env.json"] = environment.dump(2) + "\n";
  return set;
}

}  // namespace ortforge
