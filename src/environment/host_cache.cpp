#include "host_cache.hpp"

#include <sys/stat.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

constexpr int cache_format = 2;

Json state_json(const FileState& state) {
  return {{"path", state.path}, {"size", state.size}, {"modified", state.modified}, {"inode", state.inode}};
}

Result<FileState> read_state(const JsonPlace& place) {
  FileState state;
  ORTFORGE_TRY(state.path, place.string("path"));
  ORTFORGE_TRY(const auto size, place.integer("size"));
  ORTFORGE_TRY(state.modified, place.integer("modified"));
  ORTFORGE_TRY(const auto inode, place.integer("inode"));
  state.size = static_cast<std::uint64_t>(size);
  state.inode = static_cast<std::uint64_t>(inode);
  return state;
}

Result<HostCache> parse_cache(const JsonPlace& place) {
  ORTFORGE_TRY(const auto format, place.integer("format"));
  if (format != cache_format) return place.error("another format");
  HostCache cache;
  ORTFORGE_TRY(cache.programs, place.strings_or("programs"));
  ORTFORGE_TRY(cache.program_paths, place.strings_or("program_paths"));
  ORTFORGE_TRY(const auto tools, place.at("tools"));
  ORTFORGE_TRY(const auto found, tools.members());
  for (const auto& [name, path] : found) {
    ORTFORGE_TRY(cache.tools[name], path.string());
  }
  ORTFORGE_TRY(cache.packages, place.strings_or("packages"));
  ORTFORGE_TRY(const auto dpkg, place.at("dpkg"));
  ORTFORGE_TRY(cache.dpkg, read_state(dpkg));
  ORTFORGE_TRY(const auto versions, place.at("package_versions"));
  ORTFORGE_TRY(const auto packages, versions.members());
  for (const auto& [name, version] : packages) {
    ORTFORGE_TRY(auto text, version.string());
    cache.package_versions.push_back({name, std::move(text)});
  }
  ORTFORGE_TRY(const auto files, place.at("files"));
  ORTFORGE_TRY(const auto elements, files.elements());
  for (const auto& element : elements) {
    HostCache::File file;
    ORTFORGE_TRY(file.state, read_state(element));
    ORTFORGE_TRY(file.sha256, element.string("sha256"));
    cache.files.push_back(std::move(file));
  }
  return cache;
}

}  // namespace

std::optional<FileState> file_state(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  return FileState{path.string(), static_cast<std::uint64_t>(status.st_size),
                   status.st_mtim.tv_sec * nanoseconds + status.st_mtim.tv_nsec, status.st_ino};
}

std::optional<HostCache> read_host_cache(const std::filesystem::path& file) {
  const auto json = read_json(file);
  if (!json) return std::nullopt;
  auto cache = parse_cache(JsonPlace(*json, file.string()));
  if (!cache) return std::nullopt;
  return *std::move(cache);
}

std::string host_cache_text(const HostCache& cache) {
  Json versions = Json::object();
  for (const auto& package : cache.package_versions) versions[package.name] = package.version;
  Json files = Json::array();
  for (const auto& file : cache.files) {
    Json entry = state_json(file.state);
    entry["sha256"] = file.sha256;
    files.push_back(std::move(entry));
  }
  const Json json{{"format", cache_format},
                  {"programs", cache.programs},
                  {"program_paths", cache.program_paths},
                  {"tools", cache.tools},
                  {"packages", cache.packages},
                  {"dpkg", state_json(cache.dpkg)},
                  {"package_versions", std::move(versions)},
                  {"files", std::move(files)}};
  return json.dump(2) + "\n";
}

}  // namespace ortforge
