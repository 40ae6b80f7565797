// Leaks of libraries that are not ours, told to LeakSanitizer. libgit2 1.5 matches configuration keys by
// PCRE2, whose match data it forgets when a key does not match; the stack ends inside PCRE2.
#ifdef __SANITIZE_ADDRESS__
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpcre2\n";
}
#endif
