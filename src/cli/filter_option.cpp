#include "ortforge/cli/filter_option.hpp"

#include <algorithm>
#include <ostream>

#include "ortforge/matrix/filter.hpp"

namespace ortforge {
namespace {

// What somebody meant who wrote a name, or a part of one; empty when it is in none.
std::string expression_for(const std::string& text, const std::vector<Variant>& variants) {
  const auto any = [&](auto test) { return std::any_of(variants.begin(), variants.end(), test); };
  if (any([&](const Variant& variant) { return variant.short_name == text; })) return "short_name==" + text;
  if (any([&](const Variant& variant) { return variant.name == text; })) return "name==" + text;
  const bool part =
      any([&](const Variant& variant) { return variant.short_name.find(text) != std::string::npos; });
  return part ? "short_name=~" + text : std::string();
}

}  // namespace

Result<void> keep_matching(std::vector<Variant>& variants, const std::string& filter) {
  if (filter.empty()) return {};
  const Result<Filter> parsed = Filter::parse(filter);
  if (!parsed) {
    Error error = parsed.error();
    const std::string meant = expression_for(filter, variants);
    if (!meant.empty()) error.hint = "a filter is an expression: " + meant;
    return pass_on(std::move(error));
  }
  std::erase_if(variants, [&](const Variant& variant) { return !parsed->matches(variant); });
  return {};
}

void say_nothing_passes(const Session& session) {
  if (!session.options().quiet) session.err() << "no variant passes the filter\n";
}

}  // namespace ortforge
