// Leaks of libraries that are not ours, told to LeakSanitizer. libgit2 1.5 matches configuration keys by PCRE2, whose
// match frames stay allocated; the stack ends inside the library.
#ifdef __SANITIZE_ADDRESS__
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:pcre2_match\n"; }
#endif
