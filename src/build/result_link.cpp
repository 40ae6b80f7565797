#include "ortforge/build/result_link.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <unistd.h>

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

Result<void> check_link_place(const fs::path& link) {
  std::error_code error;
  const fs::file_status there = fs::symlink_status(link, error);
  if (fs::exists(there) && !fs::is_symlink(there)) {
    return fail(ErrorKind::bad_input, "{}: something that is no result link stands here; move it away",
                link.string());
  }
  if (::access(link.parent_path().c_str(), W_OK) != 0) {
    const int code = errno;
    return fail_with_hint(ErrorKind::missing,
                          fmt::format("{}: no result link can be made here: {}", link.parent_path().string(),
                                      std::generic_category().message(code)),
                          "build in another folder, or with --no-link");
  }
  return {};
}

Result<void> link_result(const fs::path& home, const fs::path& entry, const fs::path& link) {
  ORTFORGE_CHECK(check_link_place(link));
  // The note comes first: a link without one would lead nowhere after the next clean-up.
  ORTFORGE_CHECK(write_file(note_of(home, link), link.string() + "\n"));
  std::error_code error;
  const fs::path temporary = link.parent_path() / fmt::format(".{}.{}", link.filename().string(), ::getpid());
  fs::remove(temporary, error);
  fs::create_symlink(entry, temporary, error);
  if (error) return fail(ErrorKind::missing, "{}: cannot be made: {}", link.string(), error.message());
  return rename_path(temporary, link);
}

Result<std::vector<fs::path>> linked_entries(const fs::path& home, bool dry_run) {
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
      if (!dry_run) fs::remove(note, ignored);
      continue;
    }
    entries.push_back(target);
  }
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  return entries;
}

}  // namespace ortforge
