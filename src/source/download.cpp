#include "ortforge/source/download.hpp"

#include <cerrno>
#include <system_error>

#include "curl_request.hpp"
#include <fcntl.h>
#include <unistd.h>

namespace ortforge {
namespace {

// One transfer in progress: where bytes go, and why it was stopped from this side.
struct Transfer {
  const DownloadOptions* options = nullptr;
  int descriptor = -1;
  Sha256 hash;
  std::uint64_t bytes = 0;
  int write_error = 0;

  bool interrupted() const { return options->interrupt != nullptr && options->interrupt->requested(); }
};

std::size_t on_data(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view piece(data, size * count);
  std::string_view rest = piece;
  while (!rest.empty()) {
    const ssize_t written = ::write(transfer.descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      transfer.write_error = errno;
      return 0;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  transfer.hash.update(piece);
  transfer.bytes += piece.size();
  return piece.size();
}

int on_transferred(void* user, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<const Transfer*>(user);
  if (transfer.options->progress && done > 0) {
    transfer.options->progress(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total));
  }
  return transfer.interrupted() ? 1 : 0;
}

void set_transfer(CURL* curl, Transfer& transfer) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_data);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_transferred);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

// What one attempt came to: a result, or an error and whether another attempt may help.
struct Attempt {
  Result<Downloaded> result;
  bool again = false;
};

Attempt explain(CURL* curl, CURLcode code, const std::string& url, const Transfer& transfer,
                const char* message) {
  const std::string where = public_url(url);
  if (transfer.interrupted()) return {fail(ErrorKind::interrupted, "{}: download interrupted", where)};
  if (transfer.write_error != 0) {
    const std::string why = std::generic_category().message(transfer.write_error);
    return {fail(ErrorKind::missing, "{}: cannot be stored after {}: {}", where, format_bytes(transfer.bytes),
                 why)};
  }
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return {fail(ErrorKind::missing, "{}: HTTP status {}", where, status), status == 429 || status >= 500};
  }
  if (code == CURLE_PARTIAL_FILE) {
    curl_off_t expected = -1;
    curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &expected);
    return {fail(ErrorKind::bad_input, "{}: download cut short: {} of {} bytes arrived", where,
                 transfer.bytes, expected),
            true};
  }
  const bool scheme = code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT;
  return {
      fail(scheme ? ErrorKind::bad_input : ErrorKind::missing, "{}: {}", where, failure_text(code, message)),
      may_pass(code)};
}

Attempt attempt(const std::string& url, const std::filesystem::path& file, const DownloadOptions& options) {
  const CurlHandle curl(curl_easy_init());
  if (!curl) return {fail(ErrorKind::internal, "libcurl cannot be initialised")};
  Transfer transfer;
  transfer.options = &options;
  transfer.descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (transfer.descriptor < 0) {
    return {fail(ErrorKind::missing, "{}: cannot be written: {}", file.string(),
                 std::generic_category().message(errno))};
  }
  char message[CURL_ERROR_SIZE] = {};
  set_request(curl.get(), url, options, message);
  set_transfer(curl.get(), transfer);
  const CURLcode code = curl_easy_perform(curl.get());
  if (::close(transfer.descriptor) != 0 && transfer.write_error == 0) transfer.write_error = errno;
  if (code != CURLE_OK || transfer.write_error != 0) return explain(curl.get(), code, url, transfer, message);
  return {Downloaded{transfer.hash.finish(), transfer.bytes}};
}

// Whether what stands behind the host, if anything does, is a number.
bool has_plain_port(const std::string& server) {
  const std::size_t colon = server.rfind(':');
  if (colon == std::string::npos || server.ends_with(']')) return true;
  return server.find_first_not_of("0123456789", colon + 1) == std::string::npos;
}

}  // namespace

Result<Downloaded> download(const std::string& url, const std::filesystem::path& file,
                            const DownloadOptions& options) {
  ORTFORGE_CHECK(libcurl.open());
  for (int number = 1;; ++number) {
    Attempt tried = attempt(url, file, options);
    if (tried.result) return tried.result;
    ::unlink(file.c_str());
    if (!tried.again || number >= options.attempts) return tried.result;
    if (!pause(Milliseconds{400 * number}, options.interrupt)) {
      return fail(ErrorKind::interrupted, "{}: download interrupted", public_url(url));
    }
  }
}

std::string public_url(const std::string& url) {
  std::string clean = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = clean.find("://");
  if (scheme == std::string::npos) return clean;
  const std::size_t host = scheme + 3;
  const std::string server = clean.substr(host, clean.find('/', host) - host);
  if (const std::size_t at = server.rfind('@'); at != std::string::npos) {
    clean.erase(host, at + 1);
  } else if (!has_plain_port(server)) {
    // A '/' or '?' in a password ends the server's name too early; what follows may be the rest of it.
    clean = clean.substr(0, host) + "...";
  }
  return clean;
}

std::string url_file_name(const std::string& url) {
  const std::string clean = public_url(url);
  return clean.substr(clean.rfind('/') + 1);
}

}  // namespace ortforge
