#pragma once

namespace selftest {

// Counts checks and prints one line for each on standard output.
class Report {
 public:
  // Prints "ok" or "FAIL", then a printf-style text that says what was checked and how close it came.
  [[gnu::format(printf, 3, 4)]] void check(bool passed, const char* format, ...);

  int checks() const { return checks_; }
  int failed() const { return failed_; }

 private:
  int checks_ = 0;
  int failed_ = 0;
};

}  // namespace selftest
