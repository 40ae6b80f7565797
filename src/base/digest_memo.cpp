#include "ortforge/base/digest_memo.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include <sys/stat.h>

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kRacy = 2 * kSecond;

std::int64_t system_now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kSecond + static_cast<std::int64_t>(time.tv_nsec);
}

}  // namespace

DigestMemo::DigestMemo(std::function<std::int64_t()> now_ns) : now_ns_(std::move(now_ns)) {
  if (!now_ns_) now_ns_ = system_now_ns;
}

bool DigestMemo::list(const fs::path& path, const std::string& relative, std::string_view skip,
                      std::vector<Node>& nodes) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return false;
  Node node;
  node.path = relative;
  node.device = static_cast<std::uint64_t>(status.st_dev);
  node.inode = static_cast<std::uint64_t>(status.st_ino);
  node.mode = static_cast<std::uint64_t>(status.st_mode);
  node.size = static_cast<std::int64_t>(status.st_size);
  node.modified_ns = nanoseconds(status.st_mtim);
  node.changed_ns = nanoseconds(status.st_ctim);
  nodes.push_back(std::move(node));
  if (!S_ISDIR(status.st_mode)) return true;
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!skip.empty() && name == skip) continue;
    if (!list(entry->path(), relative + "/" + name, skip, nodes)) return false;
  }
  return !error;
}

// The time of the last status change (ctime) is the system's alone: utimensat(2), which restores the other
// one, sets it to now. So whoever changes a file after it was listed gives it a ctime that is not in the
// list, unless the clock of the file system has not ticked since: that is why a list is kept only when its
// newest ctime is two seconds (the coarsest clock, FAT's) older than the list (Git: "racy-git"). The list is
// made before the files are read: a change while they are read is one after the list.
Result<Digest> DigestMemo::digest(const fs::path& path, std::string_view skip) {
  const std::pair<std::string, std::string> name(path.string(), skip);
  const std::int64_t now = now_ns_();
  std::vector<Node> nodes;
  const bool listed = list(path, "", skip, nodes);
  std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.path < b.path; });
  const auto known = known_.find(name);
  if (listed && known != known_.end() && known->second.nodes == nodes) return known->second.digest;

  ++readings_;
  if (known != known_.end()) known_.erase(known);
  ORTFORGE_TRY(const Digest found, nar_digest(path, skip));
  const bool settled = std::all_of(nodes.begin(), nodes.end(),
                                   [&](const Node& node) { return node.changed_ns < now - kRacy; });
  if (listed && settled) known_[name] = Known{std::move(nodes), found};
  return found;
}

}  // namespace ortforge
