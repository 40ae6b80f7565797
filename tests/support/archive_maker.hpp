// Makes archives member by member, well and badly behaved ones.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ortforge {

struct ArchiveMember {
  enum class Kind { file, folder, link, hard_link, device };
  std::string path;
  Kind kind = Kind::file;
  std::string content;  // of a file; the target of a link
  unsigned mode = 0644;
};

inline ArchiveMember a_file(std::string path, std::string content, unsigned mode = 0644) {
  return {std::move(path), ArchiveMember::Kind::file, std::move(content), mode};
}
inline ArchiveMember a_link(std::string path, std::string target) {
  return {std::move(path), ArchiveMember::Kind::link, std::move(target), 0777};
}

// Writes a tar archive (".tar.gz", ".tar.xz") or a zip archive (".zip", ".whl"), as the name says.
void make_archive(const std::filesystem::path& file, const std::vector<ArchiveMember>& members);

}  // namespace ortforge
