// simdkernels_selftest: runs every operation of one provider against double precision.
// Exit codes: 0 all checks passed; 1 a check failed, the provider's library is missing or unusable, or holds
// no code for this device; 2 wrong usage; 77 nothing was run because this machine has no device.

#include <cstdio>
#include <cstring>

#include "checks.hpp"

namespace {

constexpr int kPassed = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kSkipped = 77;

constexpr const char* kHelp =
    "usage: simdkernels_selftest [--provider cpu|cuda]\n"
    "Checks every operation against double precision, one line per check.\n"
    "exit 0: all passed, 1: a check failed, 2: wrong usage, 77: no device here\n";

int run_checks(sk_context* context) {
  std::printf("simdkernels %s, isa %s, provider %s, device %s\n", sk_version(), sk_isa(),
              sk_provider(context), sk_device(context));
  selftest::Report report;
  selftest::check_the_judge(report);
  selftest::check_bf16(report);
  selftest::check_arguments(context, report);
  selftest::check_gemm_f32(context, report);
  selftest::check_gemm_bf16(context, report);
  selftest::check_dot_u8s8(context, report);
  selftest::check_softmax_f32(context, report);
  std::printf("%d checks, %d failed\n", report.checks(), report.failed());
  return report.failed() == 0 ? kPassed : kFailed;
}

int run(const char* provider) {
  sk_context* context = nullptr;
  if (sk_context_create(&context) != SK_OK) {
    std::fputs("simdkernels_selftest: out of memory\n", stderr);
    return kFailed;
  }
  const sk_status status = sk_use_provider(context, provider);
  int code = kFailed;
  if (status == SK_OK) {
    code = run_checks(context);
  } else if (status == SK_NO_DEVICE) {
    std::printf("skipped: no GPU here: %s\n", sk_last_error(context));
    code = kSkipped;
  } else if (status == SK_UNSUPPORTED_DEVICE) {
    std::printf("FAIL  %s\n", sk_last_error(context));
  } else {
    std::fprintf(stderr, "simdkernels_selftest: %s\n", sk_last_error(context));
    if (status == SK_INVALID_ARGUMENT) code = kUsage;
  }
  sk_context_destroy(context);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const char* provider = "cpu";
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kHelp, stdout);
    return kPassed;
  }
  if (argc == 3 && std::strcmp(argv[1], "--provider") == 0) {
    provider = argv[2];
  } else if (argc != 1) {
    std::fputs(kHelp, stderr);
    return kUsage;
  }
  return run(provider);
}
