// consumer VERSION ISA [cpu|cuda]: exits with 0 when the library is what these say, with 1 and a reason
// otherwise. "cuda": the CUDA provider's library must load, whether or not this machine has a GPU for it;
// "cpu": it must be absent.
#include <cstdio>
#include <cstring>

#include <simdkernels/simdkernels.h>

namespace {

bool equal(const char* what, const char* found, const char* expected) {
  const bool same = std::strcmp(found, expected) == 0;
  std::printf("%s %s, expected %s\n", what, found, expected);
  return same;
}

bool check_provider(bool wanted) {
  sk_context* context = nullptr;
  if (sk_context_create(&context) != SK_OK) {
    std::puts("sk_context_create failed");
    return false;
  }
  const sk_status status = sk_use_provider(context, "cuda");
  std::printf("provider cuda: %s (%s)\n", sk_status_text(status),
              status == SK_OK ? sk_device(context) : sk_last_error(context));
  const bool loaded = status == SK_OK || status == SK_NO_DEVICE || status == SK_UNSUPPORTED_DEVICE;
  const bool fits = wanted ? loaded : status == SK_PROVIDER_MISSING;
  sk_context_destroy(context);
  return fits;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::fputs("usage: consumer VERSION ISA [cpu|cuda]\n", stderr);
    return 2;
  }
  bool good = equal("version", sk_version(), argv[1]);
  good = equal("isa", sk_isa(), argv[2]) && good;
  if (argc == 4) good = check_provider(std::strcmp(argv[3], "cuda") == 0) && good;
  return good ? 0 : 1;
}
