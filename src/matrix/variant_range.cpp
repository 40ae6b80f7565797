#include "ortforge/matrix/variant_range.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

bool of_one_line(const VariantRange& left, const VariantRange& right) {
  return left.line == right.line && left.cuda == right.cuda && left.python == right.python;
}

VariantRange range_of(const Variant& variant) {
  VariantRange range{variant.line, variant.cuda, variant.python, {}, {variant.isa}};
  if (variant.sm) range.sms = {*variant.sm};
  return range;
}

}  // namespace

std::vector<VariantRange> variant_ranges(const std::vector<Variant>& variants) {
  std::vector<VariantRange> single;  // one SM each
  for (const Variant& variant : variants) {
    const VariantRange range = range_of(variant);
    const auto same = std::find_if(single.begin(), single.end(), [&](const VariantRange& other) {
      return of_one_line(range, other) && range.sms == other.sms;
    });
    if (same == single.end()) {
      single.push_back(range);
    } else {
      same->isas.push_back(variant.isa);
    }
  }
  std::vector<VariantRange> ranges;
  for (const VariantRange& range : single) {
    const auto same = std::find_if(ranges.begin(), ranges.end(), [&](const VariantRange& other) {
      return of_one_line(range, other) && range.isas == other.isas && !range.sms.empty() &&
             !other.sms.empty();
    });
    if (same == ranges.end()) {
      ranges.push_back(range);
    } else {
      same->sms.push_back(range.sms.front());
    }
  }
  return ranges;
}

std::string describe(const VariantRange& range) {
  std::string text = range.line;
  if (!range.python.empty()) text += fmt::format(" (Python {})", range.python);
  std::vector<std::string> sms;
  for (const int sm : range.sms) sms.push_back(fmt::format("sm{}", sm));
  text += ": " + join(sms, ", ");
  return text + (sms.empty() ? "" : " with ") + join(range.isas, ", ");
}

}  // namespace ortforge
