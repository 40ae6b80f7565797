// The library: its version, its providers, and the environment that sessions live in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "result.hpp"

// The version of the C API that is asked for: the headers' own. A program that is to run with older libraries
// too may define a lower one; the wrapper itself uses nothing newer than 12.
#ifndef ORT_WRAPPER_API_VERSION
#define ORT_WRAPPER_API_VERSION ORT_API_VERSION
#endif

namespace ort_wrapper {

// The version of the library that the program runs with: "1.21.0".
inline std::string version() {
  return OrtGetApiBase()->GetVersionString();
}

// The functions of the C API. Error: ORT_NOT_IMPLEMENTED when the library is older than
// ORT_WRAPPER_API_VERSION.
inline Result<const OrtApi*> api() {
  const OrtApi* functions = OrtGetApiBase()->GetApi(ORT_WRAPPER_API_VERSION);
  if (functions != nullptr) return functions;
  return Error{ORT_NOT_IMPLEMENTED, "ONNX Runtime " + version() + " does not offer version " +
                                        std::to_string(ORT_WRAPPER_API_VERSION) + " of its API"};
}

namespace detail {

// Calls the function of the C API that releases a handle.
template <auto Release>
struct Releaser {
  const OrtApi* api = nullptr;

  template <class T>
  void operator()(T* handle) const noexcept {
    if (handle != nullptr) (api->*Release)(handle);
  }
};

using SessionHandle = std::unique_ptr<OrtSession, Releaser<&OrtApi::ReleaseSession>>;
using OptionsHandle = std::unique_ptr<OrtSessionOptions, Releaser<&OrtApi::ReleaseSessionOptions>>;
using CudaOptionsHandle =
    std::unique_ptr<OrtCUDAProviderOptionsV2, Releaser<&OrtApi::ReleaseCUDAProviderOptions>>;
using TypeInfoHandle = std::unique_ptr<OrtTypeInfo, Releaser<&OrtApi::ReleaseTypeInfo>>;
using ShapeHandle =
    std::unique_ptr<OrtTensorTypeAndShapeInfo, Releaser<&OrtApi::ReleaseTensorTypeAndShapeInfo>>;
using MemoryInfoHandle = std::unique_ptr<OrtMemoryInfo, Releaser<&OrtApi::ReleaseMemoryInfo>>;

// The error that a status stands for; none for success. Releases the status.
inline std::optional<Error> failure(const OrtApi& api, OrtStatus* status) {
  if (status == nullptr) return std::nullopt;
  Error error{api.GetErrorCode(status), api.GetErrorMessage(status)};
  api.ReleaseStatus(status);
  return error;
}

}  // namespace detail

// The execution providers that the library was built with, the preferred one first: "CUDAExecutionProvider",
// "CPUExecutionProvider". Whether this machine has what they need shows when a session is made.
inline Result<std::vector<std::string>> available_providers() {
  const Result<const OrtApi*> functions = api();
  if (!functions) return functions.error();
  const OrtApi& ort = **functions;
  char** names = nullptr;
  int count = 0;
  if (auto error = detail::failure(ort, ort.GetAvailableProviders(&names, &count))) return *std::move(error);
  std::vector<std::string> providers(names, names + count);
  if (auto error = detail::failure(ort, ort.ReleaseAvailableProviders(names, count)))
    return *std::move(error);
  return providers;
}

// ONNX Runtime's environment: the log and what sessions share. A process has one, however many objects refer
// to it; it goes with the last of them. Sessions refer to it, so a program needs an Environment of its own
// only to set the log level or to keep it while no session is open. Copies are cheap.
class Environment {
 public:
  // Refers to the environment of the process. `level` and `name`, which stand in the lines of the log on
  // standard error, count where it is the first to do so.
  static Result<Environment> create(OrtLoggingLevel level = ORT_LOGGING_LEVEL_WARNING,
                                    const std::string& name = "ort_wrapper") {
    const Result<const OrtApi*> functions = ort_wrapper::api();
    if (!functions) return functions.error();
    const OrtApi* ort = *functions;
    OrtEnv* handle = nullptr;
    if (auto error = detail::failure(*ort, ort->CreateEnv(level, name.c_str(), &handle)))
      return *std::move(error);
    return Environment(ort, std::shared_ptr<OrtEnv>(handle, [ort](OrtEnv* env) { ort->ReleaseEnv(env); }));
  }

  // For calls of the C API beside the wrapper.
  const OrtApi& api() const { return *api_; }
  OrtEnv* handle() const { return handle_.get(); }

 private:
  Environment(const OrtApi* api, std::shared_ptr<OrtEnv> handle) : api_(api), handle_(std::move(handle)) {}

  const OrtApi* api_;
  std::shared_ptr<OrtEnv> handle_;
};

}  // namespace ort_wrapper
