#include <cerrno>
#include <cstdio>
#include <functional>
#include <string_view>
#include <system_error>

#include "c_file.hpp"
#include "curl_request.hpp"

#include "ortforge/source/remote_files.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr long kPreconditionFailed = 412;
constexpr long kInsufficientStorage = 507;  // "MUST NOT be repeated": RFC 4918, 11.5

// Takes pieces of an answer; empty: they do not count.
using Sink = std::function<Result<void>(std::string_view)>;

struct Exchange {
  const Interrupt* interrupt = nullptr;
  Sink sink;
  Result<void> taken;  // what the sink said last
  bool puts = false;
};

std::size_t on_answer(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.sink) exchange.taken = exchange.sink(std::string_view(data, size * count));
  return exchange.taken ? size * count : 0;
}

std::size_t on_upload(char* buffer, std::size_t size, std::size_t count, void* user) {
  return std::fread(buffer, 1, size * count, static_cast<std::FILE*>(user));
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const Interrupt* interrupt = static_cast<const Exchange*>(user)->interrupt;
  return interrupt != nullptr && interrupt->requested() ? 1 : 0;
}

class RemoteAddress : public RemoteFiles {
 public:
  RemoteAddress(const std::string& url, DownloadOptions options) : options_(std::move(options)) {
    const std::size_t query = url.find('?');
    base_ = url.substr(0, query);
    while (base_.ends_with('/')) base_.pop_back();
    if (query != std::string::npos) query_ = url.substr(query);
  }

  std::string place() const override { return public_url(base_); }

  Result<bool> has(const std::string& name) const override {
    return repeat(name, [](CURL* curl, Exchange&) -> Result<void> {
      curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
      return {};
    });
  }

  Result<std::optional<std::string>> read(const std::string& name, std::uint64_t most) const override {
    std::string text;
    ORTFORGE_TRY(const bool found, repeat(name, [&](CURL*, Exchange& exchange) -> Result<void> {
                   text.clear();
                   exchange.sink = [&](std::string_view piece) -> Result<void> {
                     if (text.size() + piece.size() > most) return too_large(name, most);
                     text += piece;
                     return {};
                   };
                   return {};
                 }));
    return found ? std::optional<std::string>(std::move(text)) : std::nullopt;
  }

  Result<bool> get(const std::string& name, const fs::path& file, std::uint64_t most) const override {
    CFile stream;
    std::uint64_t bytes = 0;
    const auto open = [&](CURL*, Exchange& exchange) -> Result<void> {
      stream.reset(std::fopen(file.c_str(), "wbe"));
      bytes = 0;
      if (!stream) return not_written(file);
      exchange.sink = [&](std::string_view piece) -> Result<void> {
        bytes += piece.size();
        if (bytes > most) return too_large(name, most);
        if (std::fwrite(piece.data(), 1, piece.size(), stream.get()) != piece.size())
          return not_written(file);
        return {};
      };
      return {};
    };
    ORTFORGE_TRY(const bool found, repeat(name, open));
    if (std::fflush(stream.get()) != 0) return not_written(file);
    return found;
  }

  Result<void> put(const std::string& name, const fs::path& file) const override {
    CFile stream;
    const auto open = [&](CURL* curl, Exchange& exchange) -> Result<void> {
      exchange.puts = true;
      std::error_code error;
      const std::uintmax_t size = fs::file_size(file, error);
      stream.reset(std::fopen(file.c_str(), "rbe"));
      if (error || !stream) return fail(ErrorKind::missing, "{}: cannot be read", file.string());
      curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
      curl_easy_setopt(curl, CURLOPT_READFUNCTION, &on_upload);
      curl_easy_setopt(curl, CURLOPT_READDATA, static_cast<void*>(stream.get()));
      curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
      return {};
    };
    ORTFORGE_TRY(const bool taken, repeat(name, open));
    if (!taken) return fail(ErrorKind::missing, "{}: does not take files (HTTP status 404)", shown(name));
    return {};
  }

 private:
  using Prepare = std::function<Result<void>(CURL*, Exchange&)>;

  struct Attempt {
    Result<bool> result;
    bool again = false;
  };

  std::string url(const std::string& name) const { return base_ + "/" + name + query_; }
  std::string shown(const std::string& name) const { return public_url(url(name)); }

  tl::unexpected<Error> too_large(const std::string& name, std::uint64_t most) const {
    return fail(ErrorKind::bad_input, "{}: larger than {} bytes", shown(name), most);
  }

  static tl::unexpected<Error> not_written(const fs::path& file) {
    const int code = errno;
    return fail(ErrorKind::missing, "{}: cannot be written: {}", file.string(),
                std::generic_category().message(code));
  }

  // False: the server has no such file.
  Result<bool> repeat(const std::string& name, const Prepare& prepare) const {
    ORTFORGE_CHECK(libcurl.open());
    for (int number = 1;; ++number) {
      Attempt tried = attempt(name, prepare);
      if (tried.result || !tried.again || number >= options_.attempts) return tried.result;
      if (!pause(Milliseconds{400 * number}, options_.interrupt))
        return fail(ErrorKind::interrupted, "{}: interrupted", shown(name));
    }
  }

  Attempt attempt(const std::string& name, const Prepare& prepare) const {
    const CurlHandle curl(curl_easy_init());
    if (!curl) return {fail(ErrorKind::internal, "libcurl cannot be initialised")};
    char message[CURL_ERROR_SIZE] = {};
    Exchange exchange{options_.interrupt, {}, {}, false};
    set_request(curl.get(), url(name), options_, message);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &on_answer);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, static_cast<void*>(&exchange));
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    if (const auto prepared = prepare(curl.get(), exchange); !prepared) return {pass_on(prepared.error())};
    const CURLcode code = curl_easy_perform(curl.get());
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    // What is put is not sent elsewhere: a redirection is no success.
    if (code == CURLE_OK && status < 300) return {true};
    return explain(curl.get(), code, name, exchange, message);
  }

  Attempt explain(CURL* curl, CURLcode code, const std::string& name, const Exchange& exchange,
                  const char* message) const {
    if (exchange.interrupt != nullptr && exchange.interrupt->requested())
      return {fail(ErrorKind::interrupted, "{}: interrupted", shown(name))};
    if (!exchange.taken) return {pass_on(exchange.taken.error())};
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 404 || status == 410) return {false};
    // No condition was sent along: the server replaces nothing that is there, such as what another machine
    // has put there meanwhile.
    if (status == kPreconditionFailed && exchange.puts) return {true};
    // Below 400 it is a redirection that was followed, and what came then went wrong.
    if (status >= 400 || code == CURLE_OK) {
      return {fail(ErrorKind::missing, "{}: HTTP status {}", shown(name), status),
              status == 429 || (status >= 500 && status != kInsufficientStorage)};
    }
    if (code == CURLE_PARTIAL_FILE) return {fail(ErrorKind::missing, "{}: cut short", shown(name)), true};
    return {fail(ErrorKind::missing, "{}: {}", shown(name), failure_text(code, message)), may_pass(code)};
  }

  std::string base_;   // without a slash at its end
  std::string query_;  // "?...", or nothing
  DownloadOptions options_;
};

}  // namespace

DownloadOptions remote_limits() {
  DownloadOptions limits;
  limits.connect_timeout = Milliseconds{10000};
  limits.stall_rate = 1000;
  limits.stall_timeout = Milliseconds{20000};
  limits.attempts = 2;
  return limits;
}

std::unique_ptr<RemoteFiles> remote_address(const std::string& url, DownloadOptions options) {
  return std::make_unique<RemoteAddress>(url, std::move(options));
}

}  // namespace ortforge
