// Downloads one file by libcurl: http, https and file addresses, the user's proxies and certificate
// authorities.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/result.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

struct DownloadOptions {
  // The user's environment; read: http_proxy, https_proxy, all_proxy, no_proxy (upper case too, HTTP_PROXY
  // excepted, as curl has it), CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR.
  std::map<std::string, std::string> variables;
  std::string proxy;  // used instead of the variables' proxies when set
  const Interrupt* interrupt = nullptr;
  std::function<void(std::uint64_t, std::uint64_t)> progress;  // bytes done, bytes in all (0: unknown)
  Milliseconds connect_timeout{30000};
  long stall_rate = 1;                // bytes per second
  Milliseconds stall_timeout{60000};  // given up when it is slower than stall_rate for this long
  int attempts = 3;                   // for failures that often pass: HTTP 429 and 5xx, broken connections
};

struct Downloaded {
  Digest digest;  // SHA-256 of the content
  std::uint64_t bytes = 0;
};

// Downloads `url` into `file`; a failure leaves no file. Redirects are followed to http and https only.
// Errors: missing (no network, HTTP status, file not there, disk full), bad_input (cut short, scheme),
// interrupted.
Result<Downloaded> download(const std::string& url, const std::filesystem::path& file,
                            const DownloadOptions& options);

// The address without user name, password, query and fragment, for records and messages.
std::string public_url(const std::string& url);

// The last path segment of an address ("a.tar.gz"), percent escapes kept; empty when there is none.
std::string url_file_name(const std::string& url);

}  // namespace ortforge
