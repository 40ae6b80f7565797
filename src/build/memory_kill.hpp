// Recognises compilers that the kernel killed because memory ran out.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

namespace ortforge::build_detail {

// Whether the last lines of a build's log say that a program was killed by SIGKILL, in the words of gcc, its
// linker, clang, nvcc, the shell or Ninja. Nobody but the kernel kills a single compiler that way.
bool names_kill(std::string_view log);

// The kernel's own count of such kills, as it was when each step began.
class MemoryKills {
 public:
  // `count` gives how many there have been; empty: nobody counts.
  explicit MemoryKills(std::function<std::uint64_t()> count) : count_(std::move(count)) {}

  void begin(std::size_t step) { before_[step] = now(); }
  bool grew_since(std::size_t step) const { return now() > before_.at(step); }

 private:
  std::uint64_t now() const { return count_ ? count_() : 0; }

  std::function<std::uint64_t()> count_;
  std::map<std::size_t, std::uint64_t> before_;
};

}  // namespace ortforge::build_detail
