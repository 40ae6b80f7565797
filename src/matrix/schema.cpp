// The one file that includes valijson: its headers take seconds to compile.
#include "readers.hpp"
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/matrix/check.hpp"

namespace ortforge {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

// Reads a file for valijson, whose adapter wants the unordered kind of JSON; syntax errors carry line and
// column.
Result<nlohmann::json> read_unordered(const std::filesystem::path& file) {
  ORTFORGE_TRY(const std::string text, read_file(file));
  nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
  if (!value.is_discarded()) return value;
  ORTFORGE_CHECK(parse_json(text, file.string()));
  return fail(ErrorKind::bad_input, "{}: not a JSON file", file.string());
}

// valijson names places as ["<root>", "[branches]", "[0]"]; here they are "$.branches[0]". Only the document
// can tell an index from a member whose name is a number.
std::string json_path(const nlohmann::json& document, const std::vector<std::string>& context) {
  std::string path = "$";
  const nlohmann::json* value = &document;
  for (std::size_t i = 1; i < context.size(); ++i) {
    std::string step = context[i];
    if (step.size() >= 2 && step.front() == '[' && step.back() == ']') step = step.substr(1, step.size() - 2);
    const bool index = value != nullptr && value->is_array();
    path = index ? fmt::format("{}[{}]", path, step) : matrix_reader::member_path(path, step);
    if (value == nullptr) continue;
    const auto pointer = nlohmann::json::json_pointer().operator/=(step);
    value = value->contains(pointer) ? &value->at(pointer) : nullptr;
  }
  return path;
}

// valijson reports a fault again for every place around it; only the innermost says something new.
bool is_outer(const Finding& outer, const std::vector<Finding>& all) {
  for (const Finding& other : all) {
    if (other.path.size() > outer.path.size() && other.path.starts_with(outer.path) &&
        (other.path[outer.path.size()] == '.' || other.path[outer.path.size()] == '[') &&
        outer.message.starts_with("Failed to validate")) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<std::vector<Finding>> check_schema(const std::filesystem::path& file,
                                          const std::filesystem::path& schema_file) {
  ORTFORGE_TRY(const nlohmann::json schema_text, read_unordered(schema_file));
  ORTFORGE_TRY(const nlohmann::json document, read_unordered(file));
  valijson::Schema schema;
  try {
    valijson::SchemaParser().populateSchema(Adapter(schema_text), schema);
  } catch (const std::exception& fault) {
    return fail(ErrorKind::bad_input, "{}: not a schema that can be used: {}", schema_file.string(),
                fault.what());
  }
  valijson::ValidationResults results;
  valijson::Validator().validate(schema, Adapter(document), &results);
  std::vector<Finding> all;
  valijson::ValidationResults::Error error;
  while (results.popError(error))
    all.push_back({file.string(), json_path(document, error.context), error.description, Severity::error});
  std::vector<Finding> findings;
  for (const Finding& finding : all) {
    if (!is_outer(finding, all)) findings.push_back(finding);
  }
  return findings;
}

}  // namespace ortforge
