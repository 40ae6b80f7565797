// What the test programs of the wrapper share: checks that end the program, and cases chosen by name.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <string>

#define REQUIRE(condition)                                             \
  do {                                                                 \
    if (!(condition)) {                                                \
      std::printf("FAIL %s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                    \
    }                                                                  \
  } while (false)

// The same for a Result, with the message of its error.
#define REQUIRE_OK(result)                                                                                \
  do {                                                                                                    \
    if (!(result)) {                                                                                      \
      std::printf("FAIL %s:%d: %s: %s\n", __FILE__, __LINE__, #result, (result).error().message.c_str()); \
      std::exit(1);                                                                                       \
    }                                                                                                     \
  } while (false)

struct Case {
  const char* name;
  void (*run)(const std::string& models);
};

constexpr int kSkipped = 77;

// PROGRAM MODELS CASE: runs the case on the folder of models. Ends with 0 if it passes, 1 if not, kSkipped
// where this machine lacks what it needs, 2 when there is no such case.
inline int run_case(int argc, char** argv, std::initializer_list<Case> cases) {
  for (const Case& one : cases) {
    if (argc != 3 || std::strcmp(argv[2], one.name) != 0) continue;
    one.run(argv[1]);
    std::printf("ok %s\n", one.name);
    return 0;
  }
  std::fprintf(stderr, "usage: %s MODELS CASE, one of:\n", argv[0]);
  for (const Case& one : cases) std::fprintf(stderr, "  %s\n", one.name);
  return 2;
}
