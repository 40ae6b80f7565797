// Store entries as JSON.
#pragma once

#include <string>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/store.hpp"

namespace ortforge::build_detail {

// Everything but its path.
Json to_json(const StoreEntry& entry);

// The entry without its path; members it does not know are left alone. `file` stands in messages. Error:
// bad_input.
Result<StoreEntry> entry_from_json(const Json& json, const std::string& file);

}  // namespace ortforge::build_detail
