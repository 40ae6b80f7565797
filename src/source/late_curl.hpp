// libcurl, opened by the first download.
#pragma once

#include <curl/curl.h>

#include "ortforge/base/late_library.hpp"

namespace ortforge {

inline constinit const LateLibrary libcurl{ORTFORGE_LIBCURL_SONAME};

ORTFORGE_LATE_FUNCTION(libcurl, curl_easy_init);
ORTFORGE_LATE_FUNCTION(libcurl, curl_easy_cleanup);
ORTFORGE_LATE_FUNCTION(libcurl, curl_easy_setopt);
ORTFORGE_LATE_FUNCTION(libcurl, curl_easy_perform);
ORTFORGE_LATE_FUNCTION(libcurl, curl_easy_getinfo);
ORTFORGE_LATE_FUNCTION(libcurl, curl_easy_strerror);

}  // namespace ortforge
