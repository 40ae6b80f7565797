// Fat binaries: the containers in which nvcc puts code for GPUs into a program. Inner header of `audit`.
//
// NVIDIA publishes no description. Little-endian; in the sections .nv_fatbin and, for modules that were
// compiled to be linked (nvcc -rdc=true) and stay there when that is done, __nv_relfatbin. One container
// stands behind the other, aligned with zeros.
//   container   0: u32 BA55ED50   4: u16 version 1   6: u16 bytes of this header   8: u64 bytes of the
//               entries that follow
//   entry       0: u16 kind   2: u16 version 0x0101   4: u32 bytes of this header   8: u64 bytes of the
//               payload that follows, with padding   24: u16 minor, 26: u16 major (of PTX: the version of the
//               language)   28: u32 SM   40: u64 flags
//   kinds       1 PTX, 2 cubin (machine code), 8 intermediate code for linking (lto_90)
//   flags       bit 20: target with an "a" (sm_90a), bit 21: with an "f" (sm_100f); bits 13 and 15:
//               the payload is compressed, which leaves the header as it is
// Source of the layout: github.com/n-eiling/cuda-fatbin-decompression and github.com/jiegec/fatbinary. Of
// kind 8 and bits 20 and 21: code compiled by nvcc 13.0.88 and 12.4.131 with every kind of target, beside
// what cuobjdump 13.2.51 and 12.4.131 call it (there is no wheel of cuobjdump 13.0). The rest was seen to
// hold there and in NVIDIA's own libraries of CUDA 13.0. docs/audits.md names the test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge::audit_detail {

inline constexpr std::uint16_t kPtxCode = 1;
inline constexpr std::uint16_t kMachineCode = 2;
inline constexpr std::uint16_t kLinkTimeCode = 8;

// One piece of code, for one target.
struct FatEntry {
  std::uint16_t kind = 0;
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  int sm = 0;               // 90
  std::string_view suffix;  // "a", "f" or nothing

  bool operator==(const FatEntry&) const = default;
};

// The entries of each container in `bytes`, in order. `place` ("libdemo.so: .nv_fatbin") stands in messages.
// Error: bad_input, with the offset, what was expected and what was found.
Result<std::vector<std::vector<FatEntry>>> read_fat_binaries(std::string_view bytes,
                                                             const std::string& place);

}  // namespace ortforge::audit_detail
