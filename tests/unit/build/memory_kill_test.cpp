#include "../../../src/build/memory_kill.hpp"

#include <gtest/gtest.h>

namespace ortforge::build_detail {
namespace {

TEST(MemoryKill, IsNamedByCompilersAndBuildTools) {
  for (const char* log : {
           "g++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.\n",
           "collect2: fatal error: ld terminated with signal 9 [Killed]\n",
           "clang++: error: unable to execute command: Killed\n",
           "nvcc error   : 'ptxas' died due to signal 9 (Kill signal)\n",
           "[3/9] Building a.o\nKilled\nninja: build stopped: subcommand failed.\n",
           "FAILED: [code=137] a.o\n",
       }) {
    EXPECT_TRUE(names_kill(log)) << log;
  }
}

TEST(MemoryKill, OtherFailuresAreNone) {
  for (const char* log : {
           "",
           "a.cpp:1:1: error: 'Killed' was not declared in this scope\n",
           "FAILED: [code=1] a.o\n",
           "FAILED: a.o\ng++ -DCODE=137 a.cpp\n",
           "g++: internal compiler error: Segmentation fault signal terminated program cc1plus\n",
           "nvcc error   : 'cicc' died due to signal 11 (Invalid memory reference)\n",
       }) {
    EXPECT_FALSE(names_kill(log)) << log;
  }
}

}  // namespace
}  // namespace ortforge::build_detail
