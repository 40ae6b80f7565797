// Variants that are built on variants of other products.
#include <algorithm>

#include "variant_point.hpp"

#include "ortforge/base/text.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {
namespace {

bool offers(const VariantBlock& block, std::optional<int> sm, const std::string& isa) {
  const bool known = std::find(block.isas.begin(), block.isas.end(), isa) != block.isas.end();
  if (!known || !sm) return known && block.sms.empty();
  return std::find(block.sms.begin(), block.sms.end(), *sm) != block.sms.end();
}

}  // namespace

const Line* matrix_detail::line_offering(const Branch& branch, const std::string& cuda,
                                         const std::string& python, std::optional<int> sm,
                                         const std::string& isa) {
  for (const std::string& name : branch.line_order) {
    const Line& line = branch.lines.at(name);
    if (line.cuda != cuda || line.python != python) continue;
    const bool offered = std::any_of(line.blocks.begin(), line.blocks.end(),
                                     [&](const VariantBlock& block) { return offers(block, sm, isa); });
    if (offered) return &line;
  }
  return nullptr;
}

std::string matrix_detail::axes_words(const Variant& variant) {
  std::vector<std::string> words;
  if (variant.sm) words.push_back(fmt::format("CUDA {}, SM {}", variant.cuda, *variant.sm));
  if (!variant.sm) words.emplace_back("the CPU alone");
  words.push_back(variant.isa);
  if (!variant.python.empty()) words.push_back("Python " + variant.python);
  return join(words, ", ");
}

Result<Variant> required_variant(const Matrix& matrix, const Variant& variant, const std::string& product) {
  const Branch& own = matrix.products.at(variant.product).branches.at(variant.branch);
  const auto named = own.required.find(product);
  if (named == own.required.end())
    return fail(ErrorKind::bad_input, "branch {} of {} requires nothing of {}", own.name, variant.product,
                product);
  const auto other = matrix.products.find(product);
  if (other == matrix.products.end() || !other->second.branches.contains(named->second))
    return fail(ErrorKind::bad_input, "there is no branch {} of {}", named->second, product);
  for (Variant& candidate : variants_of(matrix, other->second, other->second.branches.at(named->second))) {
    if (candidate.cuda == variant.cuda && candidate.python == variant.python && candidate.sm == variant.sm &&
        candidate.isa == variant.isa) {
      return std::move(candidate);
    }
  }
  return fail(ErrorKind::bad_input, "{} is built on {} {}, which has no variant for {}", variant.name,
              product, named->second, matrix_detail::axes_words(variant));
}

}  // namespace ortforge
