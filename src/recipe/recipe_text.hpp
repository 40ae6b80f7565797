// The files of a recipe that speak of the whole: recipe.json for programs, README.md for people.
#pragma once

#include <string>

#include "ortforge/recipe/recipe.hpp"
#include "ortforge/recipe/template_folder.hpp"

namespace ortforge::recipe_detail {

// recipe.json: sources, and every step as argv vectors with its environment (docs/json/recipe.schema.json).
std::string recipe_json(const Recipe& recipe, const Product& product, const Branch& branch,
                        const Variant& variant);

// README.md: how to run the recipe by hand. Errors: as TemplateFolder::render.
Result<std::string> recipe_readme(const Recipe& recipe, const Product& product, const Branch& branch,
                                  const Variant& variant, const TemplateFolder& templates);

}  // namespace ortforge::recipe_detail
