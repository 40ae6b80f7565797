#include "unit/record/json_schema_check.hpp"

#include <exception>
#include <fstream>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace ortforge {

std::vector<std::string> schema_findings(const std::string& schema, const std::string& text,
                                         const std::string& member) {
  try {
    const std::string file = std::string(TEST_SOURCE_DIR) + "/docs/json/" + schema;
    std::ifstream stream(file);
    const nlohmann::json rules = nlohmann::json::parse(stream);
    valijson::Schema parsed;
    const valijson::adapters::NlohmannJsonAdapter rules_adapter(rules);
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(rules_adapter, parsed);

    nlohmann::json document = nlohmann::json::parse(text);
    if (!member.empty()) document = document.at(member);
    valijson::ValidationResults results;
    valijson::Validator validator;
    const valijson::adapters::NlohmannJsonAdapter adapter(document);
    if (validator.validate(parsed, adapter, &results)) return {};
    std::vector<std::string> findings;
    for (const auto& result : results) {
      std::string path = "$";
      for (std::size_t i = 1; i < result.context.size(); ++i) path += result.context[i];
      findings.push_back(path + ": " + result.description);
    }
    return findings;
  } catch (const std::exception& exception) {
    return {exception.what()};
  }
}

}  // namespace ortforge
