#include <algorithm>
#include <set>

#include "ortforge/base/text.hpp"
#include "ortforge/matrix/name.hpp"

namespace ortforge {
namespace {

// A name taken apart; what it does not say comes from the scope.
struct ParsedName {
  std::string variant;
  NameScope scope;
};

Result<void> settle(std::string& setting, std::string_view said, std::string_view what,
                    std::string_view name) {
  if (said.empty()) return fail(ErrorKind::bad_input, "'{}' names no {} before its separator", name, what);
  if (!setting.empty() && setting != said) {
    return fail(ErrorKind::bad_input, "'{}' names the {} '{}', but --{} says '{}'", name, what, said, what,
                setting);
  }
  setting = said;
  return {};
}

// A name may repeat what the flags said, not contradict it.
Result<ParsedName> parse_name(std::string_view name, const NameScope& scope) {
  ParsedName parsed{std::string(name), scope};
  if (const std::size_t slash = parsed.variant.find('/'); slash != std::string::npos) {
    ORTFORGE_CHECK(settle(parsed.scope.product, parsed.variant.substr(0, slash), "product", name));
    parsed.variant.erase(0, slash + 1);
  }
  if (const std::size_t colon = parsed.variant.find(':'); colon != std::string::npos) {
    ORTFORGE_CHECK(settle(parsed.scope.branch, parsed.variant.substr(0, colon), "branch", name));
    parsed.variant.erase(0, colon + 1);
  }
  if (parsed.variant.empty()) return fail(ErrorKind::bad_input, "'{}' names no variant", name);
  return parsed;
}

// The product whose names begin like this full name, when the scope names none.
void choose_product(const Matrix& matrix, ParsedName& parsed) {
  if (!parsed.scope.product.empty()) return;
  std::size_t longest = 0;
  for (const auto& [name, product] : matrix.products) {
    if (parsed.variant.starts_with(product.short_prefix + "-") && product.short_prefix.size() > longest) {
      parsed.scope.product = name;
      longest = product.short_prefix.size();
    }
  }
}

bool fits_scope(const Variant& variant, const NameScope& scope) {
  const bool cuda = scope.cuda.empty() || !variant.is_cuda() || scope.cuda == variant.cuda ||
                    scope.cuda == cuda_part(variant.cuda);
  const bool python =
      scope.python.empty() || scope.python == variant.python || scope.python == python_part(variant.python);
  return cuda && python;
}

bool is_named(const Variant& variant, const std::string& name) {
  return variant.name == name || variant.short_name == name;
}

// Names at the end of a message: in its line, or one a line where they are long.
std::string listed(const std::vector<std::string>& names, bool full) {
  return full ? "\n  " + join(names, "\n  ") : " " + join(names, ", ");
}

tl::unexpected<Error> unknown(const Matrix& matrix, const ParsedName& parsed, const BranchChoice& choice,
                              const std::vector<Variant>& here) {
  const std::string place = fmt::format("{} branch {}", choice.product->name, choice.branch->name);
  const bool full = parsed.variant.starts_with(choice.product->short_prefix + "-");
  std::vector<std::string> other_lines;
  for (const Variant& variant : here) {
    if (is_named(variant, parsed.variant)) other_lines.push_back(variant.name);
  }
  if (!other_lines.empty()) {
    return fail_with_hint(
        ErrorKind::bad_input,
        fmt::format("{} has '{}' on other lines only: {}", place, parsed.variant, join(other_lines, ", ")),
        "give the full name, or choose the line with --cuda and --python");
  }
  std::vector<std::string>
      elsewhere;  // on other branches of the product; on other products only where those have none
  for (const bool own : {true, false}) {
    for (const Variant& variant : all_variants(matrix)) {
      if (!is_named(variant, parsed.variant) || (variant.product == choice.product->name) != own) continue;
      const std::string text = fmt::format("{}/{}:{}", variant.product, variant.branch, parsed.variant);
      if (std::find(elsewhere.begin(), elsewhere.end(), text) == elsewhere.end()) elsewhere.push_back(text);
    }
    if (!elsewhere.empty()) break;
  }
  if (!elsewhere.empty()) {
    return fail_with_hint(ErrorKind::bad_input,
                          fmt::format("{} has no variant '{}'; it is known as{}", place, parsed.variant,
                                      listed(elsewhere, full)),
                          "choose the branch in the name or with --branch");
  }
  std::set<std::string> names;
  for (const Variant& variant : here) names.insert(full ? variant.name : variant.short_name);
  const std::vector<std::string> known(names.begin(), names.end());
  std::string near = did_you_mean(parsed.variant, known);
  if (full && !near.empty()) near = "; the nearest are:" + listed(nearest(parsed.variant, known), true);
  return fail_with_hint(ErrorKind::bad_input,
                        fmt::format("{} has no variant '{}'{}", place, parsed.variant, near),
                        fmt::format("ortforge list --product {} --branch {} shows them all",
                                    choice.product->name, choice.branch->name));
}

}  // namespace

Result<BranchChoice> resolve_branch(const Matrix& matrix, std::string_view name, NameScope scope) {
  std::string_view branch = name;
  if (const std::size_t slash = name.find('/'); slash != std::string_view::npos) {
    ORTFORGE_CHECK(settle(scope.product, name.substr(0, slash), "product", name));
    branch.remove_prefix(slash + 1);
  }
  if (branch.empty()) return fail(ErrorKind::bad_input, "'{}' names no branch", name);
  scope.branch = branch;
  return resolve_branch(matrix, scope);
}

Result<Variant> resolve_variant(const Matrix& matrix, std::string_view name, const NameScope& scope) {
  ORTFORGE_TRY(ParsedName parsed, parse_name(name, scope));
  choose_product(matrix, parsed);
  ORTFORGE_TRY(const BranchChoice choice, resolve_branch(matrix, parsed.scope));
  const std::vector<Variant> here = variants_of(matrix, *choice.product, *choice.branch);
  std::vector<const Variant*> fitting;
  for (const Variant& variant : here) {
    if (variant.name == parsed.variant) {
      if (fits_scope(variant, parsed.scope)) return variant;
      return fail(ErrorKind::bad_input, "'{}' is of line {}, which --cuda or --python excludes", name,
                  variant.line);
    }
    if (variant.short_name == parsed.variant && fits_scope(variant, parsed.scope))
      fitting.push_back(&variant);
  }
  for (const Variant* variant : fitting) {
    if (choice.branch->lines.at(variant->line).is_default) return *variant;
  }
  const bool line_chosen = !parsed.scope.cuda.empty() || !parsed.scope.python.empty();
  if (line_chosen && fitting.size() == 1) return *fitting.front();
  if (line_chosen && fitting.size() > 1) {
    std::vector<std::string> names;
    names.reserve(fitting.size());
    for (const Variant* variant : fitting) names.push_back(variant->name);
    return fail(ErrorKind::bad_input, "'{}' stands for several variants: {}", name, join(names, ", "));
  }
  return unknown(matrix, parsed, choice, here);
}

}  // namespace ortforge
