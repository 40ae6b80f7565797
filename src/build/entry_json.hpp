// Store entries as JSON.
#pragma once

#include <cstdint>
#include <string>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/store.hpp"

namespace ortforge::build_detail {

// Everything but its path.
Json to_json(const StoreEntry& entry);

// The entry without its path; members it does not know are left alone. `file` stands in messages. Error:
// bad_input.
Result<StoreEntry> entry_from_json(const Json& json, const std::string& file);

// A member that says how many bytes or files there are. Error: bad_input, also where it is negative.
Result<std::uint64_t> size_in(const JsonPlace& place, const char* member);

}  // namespace ortforge::build_detail
