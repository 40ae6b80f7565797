// Checks a JSON text against one of the schemas in docs/json.
#pragma once

#include <string>
#include <vector>

namespace ortforge {

// What is wrong with `text`, one line each ("$.subject[0]: ..."); empty: valid. `schema` is a file name in
// docs/json. `member` picks a member of the document's top level; empty: the whole. A text that is no JSON is
// one finding.
std::vector<std::string> schema_findings(const std::string& schema, const std::string& text,
                                         const std::string& member = {});

}  // namespace ortforge
