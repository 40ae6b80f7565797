// A place outside this machine's home that keeps files under names: a folder that machines share, or an HTTP
// server that answers GET, HEAD and PUT.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ortforge/base/result.hpp"
#include "ortforge/source/download.hpp"

namespace ortforge {

// Names are relative and plain ("ab.json", "content/cd.json"). Errors of every function, naming the file:
// missing (no network, cut short, HTTP status, no right, disk full), interrupted.
class RemoteFiles {
 public:
  virtual ~RemoteFiles() = default;

  // Where it is, for messages: without password and query.
  virtual std::string place() const = 0;
  virtual Result<bool> has(const std::string& name) const = 0;
  // The content; nothing when there is no such file. Error too: bad_input when it is larger than `most`
  // bytes.
  virtual Result<std::optional<std::string>> read(const std::string& name, std::uint64_t most) const = 0;
  // Writes it to the local `file`; false when there is none. A failure may leave a part. Errors as read.
  virtual Result<bool> get(const std::string& name, const std::filesystem::path& file,
                           std::uint64_t most) const = 0;
  // Puts a local file there under a name, in place of what had it; a server that replaces nothing keeps that.
  virtual Result<void> put(const std::string& name, const std::filesystem::path& file) const = 0;
};

// Files below a folder; a reader never sees half of one. A folder that is not there is an error for those who
// ask, and made by the first put.
std::unique_ptr<RemoteFiles> remote_folder(std::filesystem::path folder,
                                           const Interrupt* interrupt = nullptr);

// The limits of a remote address: given up when nobody answers for 10 s, or at less than 1 kB/s for 20 s.
DownloadOptions remote_limits();

// Files below an http or https address; a query of the address is sent with every name. HTTP 404 and 410 mean
// that there is no such file. Failures that often pass are tried `options.attempts` times.
std::unique_ptr<RemoteFiles> remote_address(const std::string& url, DownloadOptions options);

}  // namespace ortforge
