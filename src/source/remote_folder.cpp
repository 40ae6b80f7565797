#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <vector>

#include "c_file.hpp"
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/source/remote_files.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCopyPiece = 1U << 18U;

std::string reason(int code) {
  return std::generic_category().message(code);
}

class RemoteFolder : public RemoteFiles {
 public:
  RemoteFolder(fs::path folder, const Interrupt* interrupt)
      : folder_(std::move(folder)), interrupt_(interrupt) {}

  std::string place() const override { return folder_.string(); }

  Result<bool> has(const std::string& name) const override {
    std::error_code error;
    const bool there = fs::is_directory(folder_, error);
    if (error || !there) return fail(ErrorKind::missing, "{}: no such folder", folder_.string());
    const bool found = fs::is_regular_file(folder_ / name, error);
    if (error && error != std::errc::no_such_file_or_directory)
      return fail(ErrorKind::missing, "{}: {}", (folder_ / name).string(), error.message());
    return found;
  }

  Result<std::optional<std::string>> read(const std::string& name, std::uint64_t most) const override {
    ORTFORGE_TRY(const bool found, has(name));
    if (!found) return std::optional<std::string>();
    ORTFORGE_CHECK(check_size(name, most));
    ORTFORGE_TRY(std::string text, read_file(folder_ / name));
    return std::optional<std::string>(std::move(text));
  }

  Result<bool> get(const std::string& name, const fs::path& file, std::uint64_t most) const override {
    ORTFORGE_TRY(const bool found, has(name));
    if (!found) return false;
    ORTFORGE_CHECK(check_size(name, most));
    ORTFORGE_CHECK(copy(folder_ / name, file));
    return true;
  }

  Result<void> put(const std::string& name, const fs::path& file) const override {
    const fs::path target = folder_ / name;
    ORTFORGE_CHECK(make_directories(target.parent_path()));
    // Process numbers repeat among containers that share a folder.
    const fs::path part = fmt::format("{}.{}-{}.part", target.string(), ::getpid(),
                                      std::chrono::steady_clock::now().time_since_epoch().count());
    Result<void> done = copy(file, part);
    if (done) done = rename_path(part, target);
    std::error_code ignored;
    if (!done) fs::remove(part, ignored);
    return done;
  }

 private:
  // Piece by piece: over a network it takes as long as an upload, and the user may ask to stop.
  Result<void> copy(const fs::path& source, const fs::path& target) const {
    const CFile from(std::fopen(source.c_str(), "rbe"));
    if (!from) return fail(ErrorKind::missing, "{}: cannot be read: {}", source.string(), reason(errno));
    CFile to(std::fopen(target.c_str(), "wbe"));
    if (!to) return fail(ErrorKind::missing, "{}: cannot be written: {}", target.string(), reason(errno));
    std::vector<char> buffer(kCopyPiece);
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), from.get())) {
      if (interrupt_ != nullptr && interrupt_->requested())
        return fail(ErrorKind::interrupted, "{}: interrupted", source.string());
      if (std::fwrite(buffer.data(), 1, count, to.get()) != count)
        return fail(ErrorKind::missing, "{}: cannot be written: {}", target.string(), reason(errno));
    }
    if (std::ferror(from.get()) != 0)
      return fail(ErrorKind::missing, "{}: cannot be read: {}", source.string(), reason(errno));
    // A file system on a network may tell only now that there was no room.
    if (std::fclose(to.release()) != 0)
      return fail(ErrorKind::missing, "{}: cannot be written: {}", target.string(), reason(errno));
    return {};
  }

  Result<void> check_size(const std::string& name, std::uint64_t most) const {
    std::error_code error;
    if (fs::file_size(folder_ / name, error) <= most && !error) return {};
    return fail(ErrorKind::bad_input, "{}: larger than {} bytes", (folder_ / name).string(), most);
  }

  fs::path folder_;
  const Interrupt* interrupt_;
};

}  // namespace

std::unique_ptr<RemoteFiles> remote_folder(fs::path folder, const Interrupt* interrupt) {
  return std::make_unique<RemoteFolder>(std::move(folder), interrupt);
}

}  // namespace ortforge
