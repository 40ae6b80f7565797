#include "ortforge/build/reasons.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

std::filesystem::path file_of(const std::filesystem::path& home, const std::string& key) {
  return home / "keys" / (key + ".json");
}

}  // namespace

Result<std::optional<KeyParts>> recorded_parts(const std::filesystem::path& home, const std::string& key) {
  std::error_code error;
  if (!std::filesystem::exists(file_of(home, key), error)) return std::optional<KeyParts>();
  ORTFORGE_TRY(const Json json, read_json(file_of(home, key)));
  const JsonPlace root(json, file_of(home, key).string());
  ORTFORGE_TRY(const auto members, root.members());
  KeyParts parts;
  for (const auto& [name, place] : members) {
    ORTFORGE_TRY(parts[name], place.string());
  }
  return std::optional<KeyParts>(std::move(parts));
}

Result<void> record_parts(const std::filesystem::path& home, const std::string& key, const KeyParts& parts) {
  return write_file(file_of(home, key), Json(parts).dump(1) + "\n");
}

}  // namespace ortforge
