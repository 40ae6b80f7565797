#include "curl_request.hpp"

#include <algorithm>
#include <initializer_list>
#include <thread>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

std::string variable(const DownloadOptions& options, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = options.variables.find(name);
    if (found != options.variables.end() && !found->second.empty()) return found->second;
  }
  return {};
}

void set_network(CURL* curl, const std::string& url, const DownloadOptions& options) {
  std::string proxy = options.proxy;
  if (proxy.empty()) {
    proxy = url.starts_with("https:")
                ? variable(options, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                : variable(options, {"http_proxy", "all_proxy", "ALL_PROXY"});
  }
  curl_easy_setopt(curl, CURLOPT_PROXY, proxy.c_str());
  curl_easy_setopt(curl, CURLOPT_NOPROXY, variable(options, {"no_proxy", "NO_PROXY"}).c_str());
  const std::string bundle = variable(options, {"CURL_CA_BUNDLE", "SSL_CERT_FILE"});
  if (!bundle.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, bundle.c_str());
  const std::string folder = variable(options, {"SSL_CERT_DIR"});
  if (!folder.empty()) curl_easy_setopt(curl, CURLOPT_CAPATH, folder.c_str());
}

}  // namespace

void set_request(CURL* curl, const std::string& url, const DownloadOptions& options, char* message) {
  set_network(curl, url, options);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "ortforge/" ORTFORGE_VERSION);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, options.stall_rate);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                   std::max(1L, static_cast<long>(options.stall_timeout.count() / 1000)));
}

std::string failure_text(CURLcode code, const char* message) {
  std::string text = trim(*message != '\0' ? message : curl_easy_strerror(code));
  // "Unsupported proxy syntax in 'http://user:password@host:port'", "Unsupported proxy scheme for ..."
  if (text.starts_with("Unsupported proxy")) return "the address of the proxy is not one that libcurl takes";
  return text;
}

bool may_pass(CURLcode code) {
  return code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING ||
         code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
}

bool pause(Milliseconds duration, const Interrupt* interrupt) {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
    if (interrupt != nullptr && interrupt->requested()) return false;
    std::this_thread::sleep_for(Milliseconds{50});
  }
  return true;
}

}  // namespace ortforge
