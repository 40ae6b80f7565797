// What all requests by libcurl have in common.
#pragma once

#include <memory>
#include <string>

#include "late_curl.hpp"

#include "ortforge/source/download.hpp"

namespace ortforge {

struct CurlCleanup {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using CurlHandle = std::unique_ptr<CURL, CurlCleanup>;

// Address, proxies, certificates, time limits, redirects; everything libcurl would read from the process's
// environment comes from options.variables instead. `message` has CURL_ERROR_SIZE bytes and outlives the
// request.
void set_request(CURL* curl, const std::string& url, const DownloadOptions& options, char* message);

// Why a request failed, in libcurl's words unless they repeat the address of a proxy, which may hold a
// password.
std::string failure_text(CURLcode code, const char* message);

// Whether another attempt may get over it: the connection broke.
bool may_pass(CURLcode code);

// Waits before another attempt; false when the user asked to stop meanwhile.
bool pause(Milliseconds duration, const Interrupt* interrupt);

}  // namespace ortforge
