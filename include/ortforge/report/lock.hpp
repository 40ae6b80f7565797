// What `lock` says: text and JSON (docs/json/lock.schema.json).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ortforge/matrix/lock.hpp"

namespace ortforge {

// A hash that was missing: found now, or why not, or neither (nobody looked).
struct LockedHash {
  MissingHash hash;
  std::string digest;
  std::optional<Error> error;
};

std::string lock_text(const std::vector<LockedHash>& hashes);
std::string lock_json(const std::vector<LockedHash>& hashes);

}  // namespace ortforge
