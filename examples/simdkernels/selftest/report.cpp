#include "report.hpp"

#include <cstdarg>
#include <cstdio>

namespace selftest {

void Report::check(bool passed, const char* format, ...) {
  ++checks_;
  if (!passed) ++failed_;
  std::fputs(passed ? "ok    " : "FAIL  ", stdout);
  std::va_list arguments;
  va_start(arguments, format);
  std::vprintf(format, arguments);
  va_end(arguments);
  std::fputc('\n', stdout);
}

}  // namespace selftest
