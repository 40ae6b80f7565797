// A prefix of links to an installed toolkit. nvcc takes its parts from bin/.. and follows no link to find
// itself (nvcc --dryrun), so folders of links make all of the toolkit be looked for in the prefix, where what
// the folders lack of each other is.
#include <algorithm>
#include <system_error>
#include <utility>

#include "installed_parts.hpp"
#include "toolkit_links.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/source/cache.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// The folders that links have to lead to, and the links' way there.
class Ways {
 public:
  explicit Ways(std::vector<fs::path> folders) : folders_(std::move(folders)) {}

  const std::vector<fs::path>& folders() const { return folders_; }

  // "toolkit-folders/0/targets/x86_64-linux/lib". A part that a link took out of its folder is one more.
  std::string to(const fs::path& part) {
    auto found = std::find_if(folders_.begin(), folders_.end(), [&](const fs::path& folder) {
      return part == folder || part.string().starts_with(folder.string() + "/");
    });
    if (found == folders_.end()) found = folders_.insert(found, part);
    const fs::path below = part.lexically_relative(*found);
    const fs::path way = fs::path(kLinkedFolders) / std::to_string(found - folders_.begin());
    return (below == "." ? way : way / below).string();
  }

 private:
  std::vector<fs::path> folders_;
};

// Links everything in a part's folder that `target` does not hold yet; Python's own files stay out.
Result<void> link_entries(const fs::path& folder, const std::string& way, const fs::path& target) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name == kByteCode || name == "__init__.py") continue;
    ORTFORGE_CHECK(link_to(fmt::format("../../{}/{}", way, name), target / name));
  }
  if (error) return fail(ErrorKind::missing, "{}: {}", folder.string(), error.message());
  return {};
}

Result<void> make_prefix(const InstalledToolkit& toolkit, const fs::path& entry) {
  const fs::path prefix = entry / "prefix";
  for (const char* folder : {"bin", "include", "lib", "nvvm"})
    ORTFORGE_CHECK(make_directories(prefix / folder));
  Ways ways(toolkit.folders);
  for (const InstalledPart& part : installed_parts(toolkit))
    ORTFORGE_CHECK(link_entries(part.folder, ways.to(part.folder), prefix / part.name));
  ORTFORGE_CHECK(link_libraries(prefix / "lib"));
  ORTFORGE_CHECK(link_to("lib", prefix / "lib64"));
  for (std::size_t i = 0; i < ways.folders().size(); ++i)
    ORTFORGE_CHECK(link_to(ways.folders()[i].string(), entry / kLinkedFolders / std::to_string(i)));
  // Folders of wheels have libnvvm among the other libraries only.
  std::error_code error;
  const bool has_own = fs::exists(fs::symlink_status(prefix / "nvvm" / "lib64", error));
  if (has_own || !fs::exists(prefix / "lib" / "libnvvm.so", error)) return {};
  return link_to("../../lib/libnvvm.so", prefix / "nvvm" / "lib64" / "libnvvm.so");
}

// Links name folders, so equal toolkits in two places have two prefixes.
std::string digits_of(const InstalledToolkit& toolkit, const Digest& digest) {
  std::string text = digest.hex() + "\n" + toolkit.places();
  for (const InstalledPart& part : installed_parts(toolkit)) text += "\n" + part.folder.string();
  return sha256(text).hex().substr(0, 12);
}

std::string contents(const InstalledToolkit& toolkit, const Digest& digest) {
  Json json{{"format", 1},
            {"digest", digest.sri()},
            {"layout", kInstalledLayout},
            {"version", toolkit.version},
            {"folders", Json::array()}};
  for (const fs::path& folder : toolkit.folders) json["folders"].push_back(folder.string());
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<ToolkitPrefix> link_toolkit(const InstalledToolkit& toolkit, const SourceContext& context) {
  ORTFORGE_TRY(const Digest digest, installed_digest(toolkit, context));
  const fs::path entry = context.home / "toolkits" / (digits_of(toolkit, digest) + "-installed");
  ToolkitPrefix result{digest, entry / "prefix"};
  std::error_code error;
  if (fs::exists(entry / "toolkit.json", error)) return result;
  ORTFORGE_TRY(CacheWriter writer, CacheWriter::acquire(entry, context.interrupt));
  if (fs::exists(entry / "toolkit.json", error)) return result;  // made by another process meanwhile
  ORTFORGE_CHECK(make_prefix(toolkit, writer.staging()));
  ORTFORGE_CHECK(write_file(writer.staging() / "toolkit.json", contents(toolkit, digest)));
  ORTFORGE_CHECK(writer.commit());
  return result;
}

std::vector<fs::path> linked_folders(const fs::path& prefix) {
  std::vector<fs::path> folders;
  std::error_code error;
  while (true) {
    const fs::path link = prefix.parent_path() / kLinkedFolders / std::to_string(folders.size());
    fs::path folder = fs::read_symlink(link, error);
    if (error) return folders;
    folders.push_back(std::move(folder));
  }
}

}  // namespace ortforge
