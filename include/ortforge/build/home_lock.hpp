// Who uses the store of a home: any number of builds and shells at once, or one clean-up.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "ortforge/base/file.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// Held while store entries are looked up, read, made and linked. Waits while a clean-up runs, and tells
// `note` so once. Errors: interrupted; missing (read-only home).
Result<FileLock> use_store(const std::filesystem::path& home, const Interrupt* interrupt,
                           const std::function<void(const std::string&)>& note);

// Held by a clean-up. Error: missing, when a build or a shell runs in this home.
Result<FileLock> own_store(const std::filesystem::path& home);

}  // namespace ortforge
