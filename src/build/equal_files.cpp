#include "equal_files.hpp"

#include <map>
#include <system_error>

#include "ortforge/base/file.hpp"

namespace ortforge::build_detail {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSmallest = 4096;  // bytes: below, a link saves no block

bool same_permissions(const fs::path& one, const fs::path& other) {
  std::error_code error;
  const auto permissions = fs::status(one, error).permissions();
  return !error && permissions == fs::status(other, error).permissions() && !error;
}

}  // namespace

Result<std::uint64_t> link_equal_files(const fs::path& output, const std::vector<ArtefactRecord>& artefacts,
                                       const std::vector<const StoreEntry*>& entries) {
  std::map<std::string, fs::path> known;  // by SHA-256
  for (const StoreEntry* entry : entries) {
    for (const ArtefactRecord& artefact : entry->artefacts)
      known.emplace(artefact.sha256, entry->path / artefact.path);
  }
  std::uint64_t saved = 0;
  for (const ArtefactRecord& artefact : artefacts) {
    const fs::path file = output / artefact.path;
    const auto [place, is_new] = known.emplace(artefact.sha256, file);
    if (is_new || artefact.bytes < kSmallest || !same_permissions(file, place->second)) continue;
    const fs::path link = file.string() + ".ortforge-link";
    std::error_code error;
    if (fs::equivalent(file, place->second, error)) continue;
    fs::create_hard_link(place->second, link, error);
    if (error) continue;
    ORTFORGE_CHECK(rename_path(link, file));
    saved += artefact.bytes;
  }
  return saved;
}

}  // namespace ortforge::build_detail
