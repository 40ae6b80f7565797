#include "ortforge/base/digest_memo.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <tuple>
#include <utility>

#include <sys/stat.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;

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

Digest DigestMemo::digest_of(std::vector<Node>& nodes) {
  std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.path < b.path; });
  Sha256 hash;
  for (const Node& node : nodes) {
    hash.update(node.path);
    hash.update(std::string_view("\0", 1));  // no path holds it
    hash.update(fmt::format("{} {} {} {} {} {}\n", node.device, node.inode, node.mode, node.size,
                            node.modified_ns, node.changed_ns));
  }
  return hash.finish();
}

// The time of the last status change (ctime) is the system's alone: utimensat(2), which restores the other
// one, sets it to now. So whoever changes a file after it was listed gives it a ctime that is not in the
// list, unless the clock of the file system has not ticked since: that is why a list is kept only when its
// newest ctime is two seconds (the coarsest clock, FAT's) older than the list (Git: "racy-git"). The list is
// made before the files are read: a change while they are read is one after the list.
Result<Digest> DigestMemo::digest(const fs::path& path, std::string_view skip, const StopAsked& stop) {
  const std::pair<std::string, std::string> name(path.string(), skip);
  const std::int64_t now = now_ns_();
  std::vector<Node> nodes;
  const bool listed = list(path, "", skip, nodes);
  const Digest state = digest_of(nodes);
  const auto known = known_.find(name);
  if (listed && known != known_.end() && known->second.nodes == state) return known->second.digest;

  ++readings_;
  if (known != known_.end()) known_.erase(known);
  ORTFORGE_TRY(const Digest found, nar_digest(path, skip, stop));
  const bool settled = std::all_of(nodes.begin(), nodes.end(),
                                   [&](const Node& node) { return node.changed_ns < now - kRacy; });
  if (listed && settled) known_[name] = Known{state, found};
  return found;
}

Result<void> DigestMemo::read(const fs::path& file) {
  ORTFORGE_TRY(const Json json, read_json(file));
  const JsonPlace root(json, file.string());
  ORTFORGE_TRY(const long long format, root.integer("format"));
  if (format != kFormat) return root.error("another format");
  ORTFORGE_TRY(const JsonPlace list, root.at("folders"));
  ORTFORGE_TRY(const std::vector<JsonPlace> folders, list.elements());
  for (const JsonPlace& folder : folders) {
    ORTFORGE_TRY(const std::string path, folder.string("path"));
    ORTFORGE_TRY(const std::string skip, folder.string("skip"));
    ORTFORGE_TRY(const std::string nodes, folder.string("nodes"));
    ORTFORGE_TRY(const std::string digest, folder.string("digest"));
    Known known;
    ORTFORGE_TRY(known.nodes, parse_digest(nodes));
    ORTFORGE_TRY(known.digest, parse_digest(digest));
    known_[{path, skip}] = known;
  }
  return {};
}

void DigestMemo::load(const fs::path& file) {
  std::ignore = read(file);
}

Result<void> DigestMemo::save(const fs::path& file) const {
  Json folders = Json::array();
  for (const auto& [name, known] : known_) {
    folders.push_back({{"path", name.first},
                       {"skip", name.second},
                       {"nodes", known.nodes.hex()},
                       {"digest", known.digest.hex()}});
  }
  const Json json{{"format", kFormat}, {"folders", std::move(folders)}};
  return write_file(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace ortforge
