#include "ortforge/record/test_results.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/build/test_kit.hpp"

namespace ortforge {
namespace {

constexpr const char* kSchema = "test-results/1";
constexpr std::string_view kHex = "0123456789abcdef";

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of(kHex) == std::string::npos;
}

Result<std::string> digest_at(const JsonPlace& place, std::string_view name) {
  ORTFORGE_TRY(const JsonPlace member, place.at(name));
  ORTFORGE_TRY(const std::string text, member.string());
  if (!is_digest(text)) return member.error("expected 64 hexadecimal digits");
  return text;
}

// Part of a path in the store.
Result<std::string> scope_at(const JsonPlace& place, std::string_view name) {
  ORTFORGE_TRY(const JsonPlace member, place.at(name));
  ORTFORGE_TRY(const std::string text, member.string());
  const bool is_name = std::none_of(text.begin(), text.end(), [](char c) { return c == '/'; });
  if (text.empty() || !is_name) return member.error("expected the scope of a step");
  return text;
}

Result<std::int64_t> milliseconds_at(const JsonPlace& place, std::string_view name) {
  ORTFORGE_TRY(const JsonPlace member, place.at(name));
  ORTFORGE_TRY(const long long value, member.integer());
  if (value < 0) return member.error("expected milliseconds, 0 or more");
  return value;
}

Result<TestOutcome> read_test(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "status", "ms", "message"}));
  TestOutcome test;
  ORTFORGE_TRY(test.name, place.string("name"));
  ORTFORGE_TRY(const JsonPlace status, place.at("status"));
  ORTFORGE_TRY(test.status, status.string());
  static constexpr std::array<std::string_view, 3> kStatuses{"passed", "failed", "skipped"};
  if (std::find(kStatuses.begin(), kStatuses.end(), test.status) == kStatuses.end())
    return status.error("expected passed, failed or skipped");
  ORTFORGE_TRY(test.ms, milliseconds_at(place, "ms"));
  ORTFORGE_TRY(test.message, place.string("message"));
  return test;
}

Result<TestedVariant> read_variant(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"product", "branch", "variant", "result_key", "result_scope", "test_key",
                             "test_scope", "files", "tests"}));
  TestedVariant tested;
  ORTFORGE_TRY(tested.product, place.string("product"));
  ORTFORGE_TRY(tested.branch, place.string("branch"));
  ORTFORGE_TRY(tested.variant, place.string("variant"));
  ORTFORGE_TRY(tested.result_key, digest_at(place, "result_key"));
  ORTFORGE_TRY(tested.result_scope, scope_at(place, "result_scope"));
  ORTFORGE_TRY(tested.test_key, digest_at(place, "test_key"));
  ORTFORGE_TRY(tested.test_scope, scope_at(place, "test_scope"));
  ORTFORGE_TRY(const JsonPlace files, place.at("files"));
  ORTFORGE_TRY(const auto file_places, files.elements());
  for (const JsonPlace& file : file_places) {
    ORTFORGE_CHECK(file.only({"path", "sha256"}));
    ArtefactRecord artefact;
    ORTFORGE_TRY(artefact.path, file.string("path"));
    ORTFORGE_TRY(artefact.sha256, digest_at(file, "sha256"));
    tested.files.push_back(std::move(artefact));
  }
  ORTFORGE_TRY(const JsonPlace tests, place.at("tests"));
  ORTFORGE_TRY(const auto test_places, tests.elements());
  if (test_places.empty()) return tests.error("expected at least one test");
  for (const JsonPlace& test : test_places) {
    ORTFORGE_TRY(TestOutcome outcome, read_test(test));
    tested.tests.push_back(std::move(outcome));
  }
  return tested;
}

Result<std::map<std::string, std::string>> read_host(const JsonPlace& place) {
  std::map<std::string, std::string> host;
  ORTFORGE_TRY(const auto members, place.members());
  for (const auto& [name, value] : members) {
    ORTFORGE_TRY(std::string text, value.string());
    if (!text.empty()) host[name] = std::move(text);
  }
  return host;
}

// A file of a result that the script lists: libraries and programs.
bool is_tested_file(const std::string& path) {
  if (!goes_along(path)) return false;
  const std::string name = path.substr(path.rfind('/') + 1);
  return path.starts_with("bin/") || name.ends_with(".so") || name.find(".so.") != std::string::npos;
}

// "gpu.capi.models.op_slice: FAIL ...", its first line.
std::string first_words(const TestOutcome& test) {
  return test.name + ": " + test.message.substr(0, test.message.find('\n'));
}

}  // namespace

Result<TestResults> parse_test_results(std::string_view text, const std::string& origin) {
  ORTFORGE_TRY(const Json json, parse_json(text, origin));
  const JsonPlace root(json, origin);
  ORTFORGE_CHECK(root.only({"schema", "started_ms", "host", "libraries", "variants", "finished_ms"}));
  ORTFORGE_TRY(const JsonPlace schema, root.at("schema"));
  ORTFORGE_TRY(const std::string version, schema.string());
  if (version != kSchema) return schema.error(fmt::format("expected '{}', found '{}'", kSchema, version));
  TestResults results;
  ORTFORGE_TRY(results.started_ms, milliseconds_at(root, "started_ms"));
  ORTFORGE_TRY(results.finished_ms, milliseconds_at(root, "finished_ms"));
  ORTFORGE_TRY(const JsonPlace host, root.at("host"));
  ORTFORGE_TRY(results.host, read_host(host));
  ORTFORGE_TRY(const JsonPlace libraries, root.at("libraries"));
  ORTFORGE_TRY(const auto library_places, libraries.elements());
  for (const JsonPlace& library : library_places) {
    ORTFORGE_CHECK(library.only({"name", "path", "version"}));
    ORTFORGE_TRY(const std::string name, library.string("name"));
    ORTFORGE_TRY(results.libraries[name], library.string("version"));
  }
  ORTFORGE_TRY(const JsonPlace variants, root.at("variants"));
  ORTFORGE_TRY(const auto variant_places, variants.elements());
  if (variant_places.empty()) return variants.error("expected at least one variant");
  std::set<std::string> names;
  for (const JsonPlace& place : variant_places) {
    ORTFORGE_TRY(TestedVariant tested, read_variant(place));
    if (!names.insert(tested.product + "/" + tested.branch + ":" + tested.variant).second)
      return place.error("this variant stands in the file twice");
    results.variants.push_back(std::move(tested));
  }
  return results;
}

Result<void> check_tested_files(const TestedVariant& tested, const StoreEntry& result,
                                const std::string& origin) {
  std::map<std::string, std::string> found;
  for (const ArtefactRecord& file : tested.files) found[file.path] = file.sha256;
  for (const ArtefactRecord& artefact : result.artefacts) {
    if (!is_tested_file(artefact.path)) continue;
    const auto file = found.find(artefact.path);
    if (file == found.end()) {
      return fail(ErrorKind::bad_input, "{}: {}: {} was not there when the tests ran", origin, tested.variant,
                  artefact.path);
    }
    if (file->second != artefact.sha256) {
      return fail(ErrorKind::bad_input, "{}: {}: {} is another file: tested with sha256 {}, the store has {}",
                  origin, tested.variant, artefact.path, file->second, artefact.sha256);
    }
    found.erase(file);
  }
  if (!found.empty()) {
    return fail(ErrorKind::bad_input, "{}: {}: {} is not in the result that the store has", origin,
                tested.variant, found.begin()->first);
  }
  return {};
}

TestVerdict verdict_of(const TestedVariant& tested, bool cuda) {
  TestVerdict verdict;
  const TestOutcome* failed = nullptr;
  const TestOutcome* skipped = nullptr;
  bool needed_passed = false;
  for (const TestOutcome& test : tested.tests) {
    const bool needed = !cuda || test.name.starts_with("gpu.");
    if (test.status == "passed") {
      ++verdict.passed;
      needed_passed = needed_passed || needed;
    } else if (test.status == "failed") {
      ++verdict.failed;
      if (failed == nullptr) failed = &test;
    } else {
      ++verdict.skipped;
      if (skipped == nullptr && needed) skipped = &test;
    }
  }
  const std::string counts = fmt::format("{} passed, {} skipped", verdict.passed, verdict.skipped);
  if (failed != nullptr) {
    verdict.status = "failed";
    verdict.reason = fmt::format("{} of {} failed: {}", verdict.failed, counted(tested.tests.size(), "test"),
                                 first_words(*failed));
  } else if (!needed_passed) {
    verdict.status = "skipped";
    const bool said = skipped != nullptr && !skipped->message.empty();
    verdict.reason = said ? skipped->message : cuda ? "no test on a GPU" : "no test ran";
  } else {
    verdict.status = "built";
    verdict.reason = counts;
  }
  return verdict;
}

std::string tested_word(const TestVerdict& verdict) {
  if (verdict.failed > 0) return {};
  if (verdict.passed == 0) return kTestedNothing;
  return verdict.status == "skipped" ? kTestedOnCpu : kTestedFully;
}

std::map<std::string, std::string> host_facts_of(const TestResults& results) {
  std::map<std::string, std::string> facts = results.host;
  std::vector<std::string> libraries;
  for (const auto& [name, version] : results.libraries)
    libraries.push_back(version.empty() ? name + " absent" : name + " " + version);
  if (!libraries.empty()) facts["cuda_libraries"] = join(libraries, "; ");
  return facts;
}

StepRecord test_step_of(const TestResults& results, const TestedVariant& tested, const TestVerdict& verdict,
                        const std::string& environment) {
  StepRecord step;
  step.key = tested.test_key;
  step.name = "test";
  step.role = "test";
  step.scope = tested.test_scope;
  step.product = tested.product;
  step.branch = tested.branch;
  step.variants = {tested.variant};
  step.environment = environment;
  step.status = verdict.status;
  step.reason = verdict.reason;
  step.tested = tested_word(verdict);
  step.ending = Exited{verdict.status == "failed" ? 1 : 0};
  for (const TestOutcome& test : tested.tests) step.usage.wall += Milliseconds{test.ms};
  step.usage.user = step.usage.wall;  // one thread; what it really used is not known
  step.started_ms = results.started_ms;
  step.finished_ms = results.finished_ms;
  return step;
}

}  // namespace ortforge
