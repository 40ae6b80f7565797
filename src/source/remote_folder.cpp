#include <chrono>
#include <system_error>

#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/source/remote_files.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class RemoteFolder : public RemoteFiles {
 public:
  explicit RemoteFolder(fs::path folder) : folder_(std::move(folder)) {}

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
    std::error_code error;
    fs::copy_file(folder_ / name, file, fs::copy_options::overwrite_existing, error);
    if (error) return fail(ErrorKind::missing, "{}: {}", (folder_ / name).string(), error.message());
    return true;
  }

  Result<void> put(const std::string& name, const fs::path& file) const override {
    const fs::path target = folder_ / name;
    ORTFORGE_CHECK(make_directories(target.parent_path()));
    // Process numbers repeat among containers that share a folder.
    const fs::path part = fmt::format("{}.{}-{}.part", target.string(), ::getpid(),
                                      std::chrono::steady_clock::now().time_since_epoch().count());
    std::error_code error;
    fs::copy_file(file, part, fs::copy_options::overwrite_existing, error);
    Result<void> done;
    if (error) {
      done = fail(ErrorKind::missing, "{}: cannot be written: {}", target.string(), error.message());
    } else {
      done = rename_path(part, target);
    }
    if (!done) fs::remove(part, error);
    return done;
  }

 private:
  Result<void> check_size(const std::string& name, std::uint64_t most) const {
    std::error_code error;
    if (fs::file_size(folder_ / name, error) <= most && !error) return {};
    return fail(ErrorKind::bad_input, "{}: larger than {} bytes", (folder_ / name).string(), most);
  }

  fs::path folder_;
};

}  // namespace

std::unique_ptr<RemoteFiles> remote_folder(fs::path folder) {
  return std::make_unique<RemoteFolder>(std::move(folder));
}

}  // namespace ortforge
