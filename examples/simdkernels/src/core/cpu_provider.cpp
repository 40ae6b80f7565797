#include "isa.hpp"
#include "kernels.hpp"

namespace simdkernels {
namespace {

sk_status open_cpu(void** state, sk_message*) {
  *state = nullptr;
  return SK_OK;
}

void close_cpu(void*) {}

const char* cpu_device(const void*) {
  return isa_name();
}

// Gives a kernel, which cannot fail, the signature of a provider's operation.
template <class Operands, void (*kernel)(const Operands&)>
sk_status run(void*, const Operands* operands, sk_message*) {
  kernel(*operands);
  return SK_OK;
}

constexpr sk_provider_table kCpu{
    SK_PROVIDER_ABI,
    SIMDKERNELS_VERSION,
    "cpu",
    open_cpu,
    close_cpu,
    cpu_device,
    run<sk_product, gemm_f32>,
    run<sk_product, gemm_bf16>,
    run<sk_product, dot_u8s8>,
    run<sk_rows, softmax_f32>,
};

}  // namespace

const sk_provider_table& cpu_provider() {
  return kCpu;
}

}  // namespace simdkernels
