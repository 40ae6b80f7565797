// A recursive descent parser: either := both ("||" both)*; both := unary ("&&" unary)*;
// unary := "!" unary | "(" either ")" | field [operator value].
#include <algorithm>
#include <charconv>

#include "filter_lexer.hpp"
#include "filter_node.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using Kind = FilterToken::Kind;
using NodePointer = std::shared_ptr<const Filter::Node>;

constexpr int kDeepest = 100;  // of parentheses and negations, so that no input can exhaust the stack
constexpr int kMost = 1000;    // conditions: a chain of them is as deep a tree, walked and freed by recursion
constexpr std::size_t kLongest = std::size_t{64} * 1024;  // bytes

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<NodePointer> parse() {
    if (text_.size() > kLongest) return fail(ErrorKind::bad_input, "longer than {} bytes", kLongest);
    ORTFORGE_CHECK(advance());
    if (token_.kind == Kind::end)
      return fail(ErrorKind::bad_input, "column 1: expected a field, found nothing");
    ORTFORGE_TRY(NodePointer root, either());
    if (token_.kind != Kind::end) return unexpected("'&&', '||' or the end");
    return root;
  }

 private:
  Result<void> advance() {
    ORTFORGE_TRY(token_, next_filter_token(text_, position_));
    return {};
  }

  tl::unexpected<Error> unexpected(std::string_view expected) const {
    const std::string found = token_.kind == Kind::end ? "the end" : fmt::format("'{}'", token_.text);
    return fail(ErrorKind::bad_input, "column {}: expected {}, found {}", token_.column, expected, found);
  }

  Result<NodePointer> either() { return chain(Kind::either, Filter::Node::Kind::either, &Parser::both); }
  Result<NodePointer> both() { return chain(Kind::both, Filter::Node::Kind::both, &Parser::unary); }

  Result<NodePointer> chain(Kind separator, Filter::Node::Kind kind, Result<NodePointer> (Parser::*part)()) {
    ORTFORGE_TRY(NodePointer left, (this->*part)());
    while (token_.kind == separator) {
      ORTFORGE_CHECK(advance());
      ORTFORGE_TRY(NodePointer right, (this->*part)());
      Filter::Node node;
      node.kind = kind;
      node.left = std::move(left);
      node.right = std::move(right);
      left = std::make_shared<const Filter::Node>(std::move(node));
    }
    return left;
  }

  Result<NodePointer> unary() {
    if (token_.kind != Kind::negate && token_.kind != Kind::open) return comparison();
    if (++depth_ > kDeepest)
      return fail(ErrorKind::bad_input, "column {}: nested deeper than {}", token_.column, kDeepest);
    const bool negated = token_.kind == Kind::negate;
    ORTFORGE_CHECK(advance());
    ORTFORGE_TRY(NodePointer inner, negated ? unary() : either());
    --depth_;
    if (!negated) {
      if (token_.kind != Kind::close) return unexpected("')'");
      ORTFORGE_CHECK(advance());
      return inner;
    }
    Filter::Node node;
    node.kind = Filter::Node::Kind::negate;
    node.left = std::move(inner);
    return std::make_shared<const Filter::Node>(std::move(node));
  }

  Result<NodePointer> comparison() {
    if (token_.kind != Kind::word || token_.quoted) return unexpected("a field");
    const std::vector<std::string>& names = filter_field_names();
    const auto field = std::find(names.begin(), names.end(), token_.text);
    if (field == names.end()) {
      const std::string near = did_you_mean(token_.text, names);
      return fail(ErrorKind::bad_input, "column {}: unknown field '{}'{}", token_.column, token_.text,
                  near.empty() ? "; fields are " + join(names, ", ") : near);
    }
    if (++conditions_ > kMost)
      return fail(ErrorKind::bad_input, "column {}: more than {} conditions", token_.column, kMost);
    Filter::Node node;
    node.kind = Filter::Node::Kind::compare;
    node.field = static_cast<FilterField>(field - names.begin());
    ORTFORGE_CHECK(advance());
    if (token_.kind == Kind::comparison) ORTFORGE_CHECK(operand(node));
    return std::make_shared<const Filter::Node>(std::move(node));
  }

  Result<void> operand(Filter::Node& node) {
    static constexpr std::pair<std::string_view, FilterOperator> kOperators[] = {
        {"==", FilterOperator::equal},  {"!=", FilterOperator::not_equal},
        {"<", FilterOperator::less},    {"<=", FilterOperator::less_equal},
        {">", FilterOperator::greater}, {">=", FilterOperator::greater_equal},
        {"=~", FilterOperator::like},   {"!~", FilterOperator::not_like},
    };
    for (const auto& [spelling, comparison] : kOperators) {
      if (token_.text == spelling) node.comparison = comparison;
    }
    const bool ordered =
        node.comparison >= FilterOperator::less && node.comparison <= FilterOperator::greater_equal;
    if (ordered && node.field != FilterField::sm && node.field != FilterField::cuda &&
        node.field != FilterField::python) {
      return fail(ErrorKind::bad_input, "column {}: '{}' orders sm, cuda and python only", token_.column,
                  token_.text);
    }
    ORTFORGE_CHECK(advance());
    if (token_.kind != Kind::word) return unexpected("a value");
    node.value = token_.text;
    ORTFORGE_CHECK(check_value(node));
    return advance();
  }

  // Values that can be told wrong without a matrix.
  Result<void> check_value(Filter::Node& node) {
    const bool exact = node.comparison != FilterOperator::like && node.comparison != FilterOperator::not_like;
    if (!exact) return {};
    if (node.field == FilterField::sm) {
      const std::string_view digits =
          std::string_view(node.value).substr(node.value.starts_with("sm") ? 2 : 0);
      const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), node.number);
      if (fault == std::errc() && end == digits.data() + digits.size()) return {};
      return unexpected("a number such as 90");
    }
    if (node.field == FilterField::feasible && node.value != "true" && node.value != "false")
      return unexpected("true or false");
    if (node.field == FilterField::accelerator && node.value != "cpu" && node.value != "cuda")
      return unexpected("cpu or cuda");
    return {};
  }

  std::string_view text_;
  std::size_t position_ = 0;
  FilterToken token_;
  int depth_ = 0;
  int conditions_ = 0;
};

}  // namespace

const std::vector<std::string>& filter_field_names() {
  static const std::vector<std::string> names{"name",        "short_name", "product",  "branch",   "line",
                                              "cuda",        "python",     "sm",       "isa",      "platform",
                                              "accelerator", "backend",    "feasible", "component"};
  return names;
}

Result<Filter> Filter::parse(std::string_view text) {
  ORTFORGE_TRY(NodePointer root, Parser(text).parse());
  return Filter(std::move(root));
}

}  // namespace ortforge
