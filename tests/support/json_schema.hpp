// Checks what commands print against docs/json.
#pragma once

#include <string>

namespace ortforge {

// What is wrong with a JSON text by docs/json/<name>.schema.json, one line each; empty when it is valid.
std::string schema_violations(const std::string& name, const std::string& text);

}  // namespace ortforge
