#include "ortforge/build/result_link.hpp"

#include <algorithm>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

fs::path note_of(const fs::path& home, const fs::path& link) {
  return home / "roots" / sha256(link.string()).hex().substr(0, 32);
}

}  // namespace

std::string result_link_name(const std::string& variant, const std::string& branch, bool default_branch) {
  return default_branch ? "result-" + variant : "result-" + branch + "-" + variant;
}

Result<void> link_result(const fs::path& home, const fs::path& entry, const fs::path& link) {
  std::error_code error;
  const fs::file_status there = fs::symlink_status(link, error);
  if (fs::exists(there) && !fs::is_symlink(there)) {
    return fail(ErrorKind::bad_input, "{}: something that is no result link stands here; move it away",
                link.string());
  }
  ORTFORGE_CHECK(write_file(note_of(home, link), link.string() + "\n"));
  const fs::path temporary = link.parent_path() / ("." + link.filename().string() + ".new");
  fs::remove(temporary, error);
  fs::create_symlink(entry, temporary, error);
  if (error) return fail(ErrorKind::missing, "{}: cannot be made: {}", link.string(), error.message());
  return rename_path(temporary, link);
}

Result<std::vector<fs::path>> linked_entries(const fs::path& home) {
  std::vector<fs::path> entries;
  std::error_code error;
  std::vector<fs::path> notes;
  for (fs::directory_iterator item(home / "roots", error), end; !error && item != end;
       item.increment(error)) {
    notes.push_back(item->path());
  }
  for (const fs::path& note : notes) {
    ORTFORGE_TRY(const std::string text, read_file(note));
    const fs::path link = trim(text);
    std::error_code ignored;
    const fs::path target = fs::is_symlink(link, ignored) ? fs::weakly_canonical(link, ignored) : fs::path();
    if (target.empty() || !fs::is_directory(target, ignored)) {
      fs::remove(note, ignored);
      continue;
    }
    entries.push_back(target);
  }
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  return entries;
}

}  // namespace ortforge
