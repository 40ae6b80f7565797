#include "filter_node.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using Node = Filter::Node;

struct Subject {
  const Variant& variant;
  std::string_view backend;
  std::string_view component;

  bool feasible() const {
    const auto found = variant.backends.find(std::string(backend));
    return found != variant.backends.end() && found->second.feasible;
  }
};

std::string text_of(FilterField field, const Subject& subject) {
  const Variant& variant = subject.variant;
  switch (field) {
    case FilterField::name:
      return variant.name;
    case FilterField::short_name:
      return variant.short_name;
    case FilterField::product:
      return variant.product;
    case FilterField::branch:
      return variant.branch;
    case FilterField::line:
      return variant.line;
    case FilterField::cuda:
      return variant.cuda;
    case FilterField::python:
      return variant.python;
    case FilterField::sm:
      return variant.sm ? std::to_string(*variant.sm) : std::string();
    case FilterField::isa:
      return variant.isa;
    case FilterField::platform:
      return variant.platform;
    case FilterField::accelerator:
      return variant.is_cuda() ? "cuda" : "cpu";
    case FilterField::backend:
      return std::string(subject.backend);
    case FilterField::feasible:
      return subject.feasible() ? "true" : "false";
    case FilterField::component:
      return std::string(subject.component);
  }
  return {};
}

// Whether a text as a whole matches a pattern in which * stands for any run of characters. Linear in
// practice: only the last star is ever gone back to.
bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool like(const std::string& text, const std::string& pattern) {
  return pattern.find('*') == std::string::npos ? text.find(pattern) != std::string::npos
                                                : glob(pattern, text);
}

// <0, 0 or >0 as the variant's value is less than, equal to or greater than the expression's.
int order(const Node& node, const std::string& text, const Subject& subject) {
  if (node.field == FilterField::sm) {
    const int sm = *subject.variant.sm;
    return sm < node.number ? -1 : sm > node.number ? 1 : 0;
  }
  if (node.field == FilterField::cuda || node.field == FilterField::python)
    return compare_versions(text, node.value);
  return text.compare(node.value);
}

bool compare(const Node& node, const Subject& subject) {
  const std::string text = text_of(node.field, subject);
  const bool set = !text.empty();
  switch (node.comparison) {
    case FilterOperator::is_set:
      return node.field == FilterField::feasible ? text == "true" : set;
    case FilterOperator::equal:
      return set && order(node, text, subject) == 0;
    case FilterOperator::not_equal:
      return !set || order(node, text, subject) != 0;
    case FilterOperator::less:
      return set && order(node, text, subject) < 0;
    case FilterOperator::less_equal:
      return set && order(node, text, subject) <= 0;
    case FilterOperator::greater:
      return set && order(node, text, subject) > 0;
    case FilterOperator::greater_equal:
      return set && order(node, text, subject) >= 0;
    case FilterOperator::like:
      return like(text, node.value);
    case FilterOperator::not_like:
      return !like(text, node.value);
  }
  return false;
}

bool matches_node(const Node& node, const Subject& subject) {
  switch (node.kind) {
    case Node::Kind::all:
      return true;
    case Node::Kind::compare:
      return compare(node, subject);
    case Node::Kind::negate:
      return !matches_node(*node.left, subject);
    case Node::Kind::both:
      return matches_node(*node.left, subject) && matches_node(*node.right, subject);
    case Node::Kind::either:
      return matches_node(*node.left, subject) || matches_node(*node.right, subject);
  }
  return false;
}

}  // namespace

Filter Filter::everything() {
  return Filter(std::make_shared<const Node>());
}

bool Filter::matches(const Variant& variant, std::string_view backend, std::string_view component) const {
  return matches_node(*root_, Subject{variant, backend, component});
}

}  // namespace ortforge
