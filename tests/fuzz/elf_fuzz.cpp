// Any bytes as a shared library: they are read, or are an error with words.
#include <cstdlib>
#include <string_view>

#include "ortforge/audit/cuda_code.hpp"
#include "ortforge/audit/elf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto library = ortforge::parse_shared_library(bytes, "input");
  if (!library && !library.error().message.starts_with("input:")) std::abort();
  const auto code = ortforge::parse_cuda_code(bytes, "input");
  if (!code && !code.error().message.starts_with("input:")) std::abort();
  return 0;
}
