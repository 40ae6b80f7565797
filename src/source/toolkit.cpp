// A CUDA toolkit prefix out of wheels (docs/toolkits.md says what is added, and why).
#include <algorithm>
#include <system_error>
#include <vector>

#include "toolkit_links.hpp"
#include <fmt/format.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/source/cache.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr int kLayout = 1;  // counts up when this file makes another prefix out of the same wheels

bool is_program(const std::string& relative) {
  return relative.starts_with("bin/") || relative.starts_with("nvvm/bin/");
}

Result<void> same_content(const fs::path& file, const fs::path& present, const std::string& relative) {
  ORTFORGE_TRY(const Digest one, nar_digest(file));
  ORTFORGE_TRY(const Digest other, nar_digest(present));
  if (one == other) return {};
  return fail(ErrorKind::bad_input, "two wheels of the toolkit differ in {}", relative);
}

// A hard link where that is possible. A copy where the execute bit must be added, for the cache never
// changes, and of a folder in use elsewhere, whose owner may change it.
Result<void> place(const fs::path& file, const fs::path& target, const std::string& relative, bool in_cache) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(target, error))) return same_content(file, target, relative);
  const bool link = fs::is_symlink(fs::symlink_status(file, error));
  const bool lacks_bit = !link && is_program(relative) && !is_executable(file);
  if (in_cache && !link && !lacks_bit) {
    fs::create_hard_link(file, target, error);
    if (!error) return {};
  }
  fs::copy(file, target, fs::copy_options::copy_symlinks, error);
  if (!error && lacks_bit) fs::permissions(target, fs::perms(0755), error);
  if (error) return fail(ErrorKind::missing, "{}: cannot be written: {}", target.string(), error.message());
  return {};
}

// Merges one of a wheel's folders (nvidia/cu13, nvidia/cudnn) into the prefix; Python's own files stay out,
// and a .git, which no digest covers.
Result<void> merge(const fs::path& folder, const fs::path& prefix, bool in_cache) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string relative = entry->path().lexically_relative(folder).string();
    const std::string name = entry->path().filename().string();
    if (name == "__pycache__" || name == ".git") {
      entry.disable_recursion_pending();
    } else if (entry->is_directory(error) && !entry->is_symlink(error)) {
      ORTFORGE_CHECK(make_directories(prefix / relative));
    } else if (name != "__init__.py") {
      ORTFORGE_CHECK(place(entry->path(), prefix / relative, relative, in_cache));
    }
  }
  if (error) return fail(ErrorKind::missing, "{}: {}", folder.string(), error.message());
  return {};
}

Result<void> merge_wheel(const Source& wheel, const fs::path& tree, const fs::path& prefix,
                         const SourceContext& context) {
  std::error_code error;
  std::vector<fs::path> folders;
  for (fs::directory_iterator entry(tree / wheel.subdirectory / "nvidia", error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_directory(error) && entry->path().filename() != ".git") folders.push_back(entry->path());
  }
  if (error || folders.empty()) {
    return fail(ErrorKind::bad_input, "toolkit: wheel {} has no folder nvidia/*", wheel.name);
  }
  const bool in_cache =
      !context.overrides.contains(wheel.name) && wheel.digest_kind != Source::DigestKind::none;
  for (const fs::path& folder : folders) ORTFORGE_CHECK(merge(folder, prefix, in_cache));
  return {};
}

// A folder in the place of a wheel may lack what the toolkit needs it for.
Result<void> check_held(const Source& wheel, const fs::path& prefix) {
  std::error_code error;
  for (const std::string& file : wheel.holds) {
    if (!fs::exists(prefix / file, error))
      return fail(ErrorKind::bad_input, "toolkit: wheel {} has no {} in nvidia/*", wheel.name, file);
  }
  return {};
}

// What the wheels leave out and nvcc, the linker and CMake look for.
Result<void> complete(const fs::path& prefix) {
  ORTFORGE_CHECK(link_libraries(prefix / "lib"));
  ORTFORGE_CHECK(link_to("lib", prefix / "lib64"));
  std::error_code error;
  if (fs::exists(prefix / "nvvm", error) && fs::exists(prefix / "lib/libnvvm.so", error)) {
    const fs::path soname = fs::read_symlink(prefix / "lib/libnvvm.so", error);
    ORTFORGE_CHECK(link_to("../../lib/" + soname.string(), prefix / "nvvm/lib64/libnvvm.so"));
  }
  return {};
}

Json contents(const Digest& digest, const std::vector<FetchedSource>& wheels) {
  Json json;
  json["format"] = 1;
  json["digest"] = digest.sri();
  json["layout"] = kLayout;
  for (const FetchedSource& wheel : wheels) {
    json["wheels"].push_back(
        {{"name", wheel.name}, {"digest", wheel.digest.sri()}, {"origin", wheel.origin}});
  }
  return json;
}

}  // namespace

Result<Digest> toolkit_digest(const std::vector<Source>& wheels, const SourceContext& context) {
  std::vector<std::string> pins;
  for (const Source& wheel : wheels) {
    ORTFORGE_TRY(const Digest digest, source_digest(wheel, context));
    pins.push_back(digest.sri());
  }
  if (pins.empty()) return fail(ErrorKind::bad_input, "toolkit: no wheels are named");
  std::sort(pins.begin(), pins.end());
  std::string text = fmt::format("toolkit layout {}", kLayout);
  for (const std::string& pin : pins) text += "\n" + pin;
  return sha256(text);
}

fs::path toolkit_prefix(const fs::path& home, const Digest& digest) {
  return home / "toolkits" / (digest.hex().substr(0, 12) + "-cuda") / "prefix";
}

Result<ToolkitPrefix> assemble_toolkit(const std::vector<Source>& wheels, const SourceContext& context) {
  ORTFORGE_TRY(const Digest digest, toolkit_digest(wheels, context));
  const ToolkitPrefix result{digest, toolkit_prefix(context.home, digest)};
  const fs::path entry = result.path.parent_path();
  std::error_code error;
  if (fs::exists(entry / "toolkit.json", error)) return result;
  std::vector<FetchedSource> fetched;
  for (const Source& wheel : wheels) {
    ORTFORGE_TRY(fetched.emplace_back(), fetch_source(wheel, context));
  }
  ORTFORGE_TRY(CacheWriter writer, CacheWriter::acquire(entry, context.interrupt));
  if (fs::exists(entry / "toolkit.json", error)) return result;  // made by another process meanwhile
  const fs::path prefix = writer.staging() / "prefix";
  ORTFORGE_CHECK(make_directories(prefix));
  for (std::size_t i = 0; i < wheels.size(); ++i) {
    ORTFORGE_CHECK(merge_wheel(wheels[i], fetched[i].tree, prefix, context));
    ORTFORGE_CHECK(check_held(wheels[i], prefix));
    if (context.interrupt != nullptr && context.interrupt->requested()) {
      return fail(ErrorKind::interrupted, "toolkit: interrupted");
    }
  }
  ORTFORGE_CHECK(complete(prefix));
  ORTFORGE_CHECK(write_file(writer.staging() / "toolkit.json", contents(digest, fetched).dump(2) + "\n"));
  ORTFORGE_CHECK(writer.commit());
  return result;
}

}  // namespace ortforge
