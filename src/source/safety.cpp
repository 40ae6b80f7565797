// What may not be in an unpacked tree: paths and links that lead out of it.
#include <system_error>

#include "ortforge/base/text.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

bool lies_inside(const fs::path& root, const fs::path& path) {
  const fs::path relative = path.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

Result<void> check_link(const fs::path& root, const fs::path& link) {
  std::error_code error;
  const fs::path target = fs::read_symlink(link, error);
  const std::string name = link.lexically_relative(root).string();
  if (error) return fail(ErrorKind::missing, "{}: {}", link.string(), error.message());
  if (target.is_absolute())
    return fail(ErrorKind::bad_input, "link {} leaves the tree: {}", name, target.string());
  // Read as text it must stay inside, so that it means the same wherever the tree is mounted ...
  if (!lies_inside(root, (link.parent_path() / target).lexically_normal())) {
    return fail(ErrorKind::bad_input, "link {} leaves the tree: {}", name, target.string());
  }
  // ... and walked through other links as well. What does not exist is taken literally; a loop of links leads
  // nowhere.
  const fs::path end = fs::weakly_canonical(link.parent_path() / target, error);
  if (error == std::errc::too_many_symbolic_link_levels) return {};
  if (error) return fail(ErrorKind::bad_input, "link {} -> {}: {}", name, target.string(), error.message());
  if (!lies_inside(root, end))
    return fail(ErrorKind::bad_input, "link {} leaves the tree: {}", name, target.string());
  return {};
}

}  // namespace

Result<std::string> safe_member_path(std::string_view path) {
  if (path.starts_with('/')) return fail(ErrorKind::bad_input, "absolute path in the archive: {}", path);
  if (path.find('\0') != std::string_view::npos)
    return fail(ErrorKind::bad_input, "path with a zero byte: {}", path);
  std::string plain;
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") return fail(ErrorKind::bad_input, "path that leaves the tree in the archive: {}", path);
    plain += plain.empty() ? part : "/" + part;
  }
  return plain;
}

Result<void> check_links_stay_inside(const fs::path& tree) {
  std::error_code error;
  const fs::path root = fs::canonical(tree, error);
  if (error) return fail(ErrorKind::missing, "{}: {}", tree.string(), error.message());
  for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_symlink(error)) ORTFORGE_CHECK(check_link(root, entry->path()));
  }
  if (error) return fail(ErrorKind::missing, "{}: {}", tree.string(), error.message());
  return {};
}

}  // namespace ortforge
