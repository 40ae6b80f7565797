#include "ortforge/record/junit.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

// ctest escapes markup wherever it writes text, so none of these stands in an attribute or an output.
constexpr std::string_view kOpen = "<testcase ";
constexpr std::string_view kClose = "</testcase>";

// "&lt;" and its like as the characters they stand for.
std::string unescaped(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    const auto entity = std::find_if(kEntities.begin(), kEntities.end(),
                                     [&](const auto& known) { return text.starts_with(known.first); });
    const bool found = entity != kEntities.end();
    plain += found ? entity->second : text.front();
    text.remove_prefix(found ? entity->first.size() : 1);
  }
  return plain;
}

std::optional<std::string_view> between(std::string_view text, std::string_view open,
                                        std::string_view close) {
  const std::size_t before = text.find(open);
  if (before == std::string_view::npos) return std::nullopt;
  text.remove_prefix(before + open.size());
  const std::size_t end = text.find(close);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(0, end);
}

std::string attribute(std::string_view tag, std::string_view name) {
  return unescaped(between(tag, fmt::format(" {}=\"", name), "\"").value_or(""));
}

// Why a test was skipped, as it said itself, or as ctest does.
std::string skip_reason(std::string_view body) {
  constexpr std::string_view kWord = "skipped: ";
  std::string reason = attribute(between(body, "<skipped", ">").value_or(""), "message");
  const std::string output = unescaped(between(body, "<system-out>", "</system-out>").value_or(""));
  for (const std::string& line : split(output, '\n')) {
    if (line.starts_with(kWord)) reason = trim(line.substr(kWord.size()));
  }
  return reason;
}

Result<TestOutcome> read_test(std::string_view tag, std::string_view body, const std::string& origin) {
  TestOutcome test;
  test.name = attribute(tag, "name");
  const std::string status = attribute(tag, "status");
  if (status == "run") {
    test.status = "passed";
  } else if (status == "fail") {
    test.status = "failed";
  } else if (status == "notrun" || status == "disabled") {
    test.status = "skipped";
    test.message = skip_reason(body);
  } else {
    return fail(ErrorKind::bad_input, "{}: test {}: unknown status '{}'", origin, test.name, status);
  }
  return test;
}

}  // namespace

Result<std::vector<TestOutcome>> parse_junit(std::string_view text, const std::string& origin) {
  std::vector<TestOutcome> tests;
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen)) {
    text.remove_prefix(at);
    const std::size_t end = text.find(kClose);
    if (end == std::string_view::npos) return fail(ErrorKind::bad_input, "{}: is cut short", origin);
    const std::string_view element = text.substr(0, end);
    const std::string_view tag = element.substr(0, element.find('>'));
    ORTFORGE_TRY(TestOutcome test, read_test(tag, element.substr(tag.size()), origin));
    tests.push_back(std::move(test));
    text.remove_prefix(end);
  }
  if (tests.empty()) return fail(ErrorKind::bad_input, "{}: names no test", origin);
  return tests;
}

}  // namespace ortforge
