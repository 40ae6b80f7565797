#include "provider_library.hpp"

#include <cstring>
#include <new>
#include <string>

#include "context.hpp"
#include <dlfcn.h>
#include <unistd.h>

namespace simdkernels {
namespace {

// Folder this library was loaded from, links not followed: a provider may be linked in beside the core.
std::string own_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&sk_version), &info) == 0 || info.dli_fname == nullptr) return ".";
  const std::string path = info.dli_fname;
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

const sk_provider_table* load(const std::string& path, const char* name, sk_message why, sk_status& status) {
  if (access(path.c_str(), F_OK) != 0) {
    status = SK_PROVIDER_MISSING;
    write_message(why,
                  "provider \"%s\": %s does not exist; build the component \"provider\" "
                  "(SIMDKERNELS_CUDA=ON) and install it beside libsimdkernels.so",
                  name, path.c_str());
    return nullptr;
  }
  status = SK_PROVIDER_UNUSABLE;
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    write_message(why, "provider \"%s\": cannot be loaded: %s", name, dlerror());
    return nullptr;
  }
  const auto entry = reinterpret_cast<sk_provider_entry>(dlsym(library, SK_PROVIDER_SYMBOL));
  if (entry == nullptr) {
    write_message(why, "provider \"%s\": %s does not export %s", name, path.c_str(), SK_PROVIDER_SYMBOL);
    return nullptr;
  }
  const sk_provider_table* const table = entry();
  if (table->abi != SK_PROVIDER_ABI || std::strcmp(table->version, sk_version()) != 0) {
    write_message(why, "provider \"%s\": %s is version %s (interface %u), this core is %s (interface %u)",
                  name, path.c_str(), table->version, table->abi, sk_version(), SK_PROVIDER_ABI);
    return nullptr;
  }
  status = SK_OK;
  return table;
}

}  // namespace

const sk_provider_table* load_provider_library(const char* name, sk_message why, sk_status& status) noexcept {
  try {
    return load(own_folder() + "/libsimdkernels_" + name + ".so", name, why, status);
  } catch (const std::bad_alloc&) {
    status = SK_OUT_OF_MEMORY;
    write_message(why, "provider \"%s\": out of memory", name);
    return nullptr;
  }
}

}  // namespace simdkernels
