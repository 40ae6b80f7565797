// Why a step would run now: its inputs against those of the last time.
#pragma once

#include <filesystem>
#include <optional>

#include "ortforge/base/result.hpp"
#include "ortforge/plan/plan.hpp"

namespace ortforge {

// The key parts a step had when it ran under `key`, kept in home/keys; nothing when they are not there (any
// more). Error: bad_input when the file is damaged.
Result<std::optional<KeyParts>> recorded_parts(const std::filesystem::path& home, const std::string& key);

// Keeps the parts of a key for later.
Result<void> record_parts(const std::filesystem::path& home, const std::string& key, const KeyParts& parts);

}  // namespace ortforge
