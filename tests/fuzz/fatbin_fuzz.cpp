// Any bytes as the section of a library that holds its CUDA code: they are read, or are an error with words.
#include <cstdlib>
#include <string_view>

#include "audit/fat_binary.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto containers = ortforge::audit_detail::read_fat_binaries(bytes, "input");
  if (!containers) return containers.error().message.starts_with("input at 0x") ? 0 : (std::abort(), 0);
  std::size_t taken = 0;
  for (const auto& entries : *containers) taken += 16 + 48 * entries.size();
  if (taken > size) std::abort();  // none overlap
  return 0;
}
