// Fat binaries and ELF files made by hand, so that tests say themselves what is in them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ortforge {

// One entry; the numbers are those of nvcc 13.0.
struct FatCode {
  std::uint16_t kind = 2;  // 1: PTX, 2: cubin
  std::uint32_t sm = 90;
  std::uint64_t flags = 0x11;  // 64-bit, Linux
  std::uint16_t major = 1;
  std::uint16_t minor = 8;
  std::uint32_t header = 64;
  std::uint64_t payload = 24;
};

inline FatCode a_cubin(std::uint32_t sm, std::uint64_t flags = 0) {
  FatCode code;
  code.sm = sm;
  code.flags |= flags;
  return code;
}

inline FatCode some_ptx(std::uint32_t sm, std::uint64_t flags = 0) {
  return {1, sm, 0x8011 | flags, 9, 0, 80, 40};
}

inline constexpr std::uint64_t kWithA = 0x100000;  // flags of "sm_90a" and "sm_100f"
inline constexpr std::uint64_t kWithF = 0x200000;

// A container with these entries.
std::string fat_binary(const std::vector<FatCode>& codes);

// An ELF file of x86-64 with sections of these names and contents.
std::string elf_file(const std::vector<std::pair<std::string, std::string>>& sections);

// A library with one fat binary.
inline std::string cuda_library(const std::vector<FatCode>& codes) {
  return elf_file({{".nv_fatbin", fat_binary(codes)}});
}

}  // namespace ortforge
