// Making sessions: where the model comes from, which provider runs it, with which options.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session.hpp"

namespace ort_wrapper {

// A GPU for CUDA's provider, and options of that provider beside it: {"gpu_mem_limit", "2147483648"}.
struct Cuda {
  int device = 0;
  std::vector<std::pair<std::string, std::string>> options;
};

// Collects options, then makes sessions: as many as wanted, all with the same options. Options are checked
// when a session is made. Without any, sessions run on the CPU with a thread for each core and every
// optimization.
class SessionBuilder {
 public:
  // Sessions live in this environment, where there would be one with the default log level.
  SessionBuilder& environment(Environment environment) {
    environment_ = std::move(environment);
    return *this;
  }

  // Threads that one operator may use; 0: as many as there are cores.
  SessionBuilder& threads(int count) {
    threads_ = count;
    return *this;
  }

  // Operators that do not need each other run at the same time, on so many threads; otherwise one after
  // another.
  SessionBuilder& parallel_branches(int threads) {
    branches_ = threads;
    return *this;
  }

  // How the graph is optimized before it runs: ORT_DISABLE_ALL, ORT_ENABLE_BASIC, ORT_ENABLE_EXTENDED,
  // ORT_ENABLE_ALL.
  SessionBuilder& optimization(GraphOptimizationLevel level) {
    optimization_ = level;
    return *this;
  }

  // An entry for onnxruntime_session_options_config_keys.h: config("session.use_env_allocators", "1").
  SessionBuilder& config(std::string key, std::string value) {
    config_.emplace_back(std::move(key), std::move(value));
    return *this;
  }

  // Sessions run on CUDA; where that is not possible there is no session.
  SessionBuilder& cuda(Cuda cuda = {}) {
    cuda_ = std::move(cuda);
    required_ = true;
    return *this;
  }

  // Sessions run on CUDA where that is possible, else on the CPU: Session::provider() says which, and
  // Session::cuda_error() why.
  SessionBuilder& cuda_if_available(Cuda cuda = {}) {
    cuda_ = std::move(cuda);
    required_ = false;
    return *this;
  }

  // A session for the model in a file. Errors: ONNX Runtime's, such as ORT_NO_SUCHFILE, ORT_INVALID_PROTOBUF
  // or ORT_FAIL; ORT_NOT_IMPLEMENTED as for api().
  Result<Session> from_file(const std::filesystem::path& model) const {
    return build(
        [&](const OrtApi& ort, const OrtEnv* env, const OrtSessionOptions* options, OrtSession** session) {
          return ort.CreateSession(env, model.c_str(), options, session);
        });
  }

  // A session for the model in memory, which may go away afterwards. Errors: as from_file().
  Result<Session> from_memory(const void* model, std::size_t size) const {
    return build(
        [&](const OrtApi& ort, const OrtEnv* env, const OrtSessionOptions* options, OrtSession** session) {
          return ort.CreateSessionFromArray(env, model, size, options, session);
        });
  }

 private:
  template <class Create>
  Result<Session> build(Create create) const {
    Result<Environment> environment =
        environment_ ? Result<Environment>(*environment_) : Environment::create();
    if (!environment) return environment.error();
    std::optional<Error> cuda_error;
    if (cuda_) {
      Result<Session> session = build_on(*environment, true, create);
      if (session || required_) return session;
      cuda_error = session.error();
    }
    Result<Session> session = build_on(*environment, false, create);
    if (session) session->cuda_error_ = std::move(cuda_error);
    return session;
  }

  template <class Create>
  Result<Session> build_on(const Environment& environment, bool cuda, Create create) const {
    const OrtApi& ort = environment.api();
    OrtSessionOptions* created = nullptr;
    if (auto error = detail::failure(ort, ort.CreateSessionOptions(&created))) return *std::move(error);
    const detail::OptionsHandle options(created, {&ort});
    if (auto error = set(ort, created)) return *std::move(error);
    if (cuda) {
      if (auto error = add_cuda(ort, created)) return *std::move(error);
    }
    OrtSession* handle = nullptr;
    if (auto error = detail::failure(ort, create(ort, environment.handle(), created, &handle)))
      return *std::move(error);
    Session session(environment, detail::SessionHandle(handle, {&ort}),
                    cuda ? "CUDAExecutionProvider" : "CPUExecutionProvider");
    if (auto error = session.describe(ort.SessionGetInputCount, ort.SessionGetInputName,
                                      ort.SessionGetInputTypeInfo, session.inputs_))
      return *std::move(error);
    if (auto error = session.describe(ort.SessionGetOutputCount, ort.SessionGetOutputName,
                                      ort.SessionGetOutputTypeInfo, session.outputs_))
      return *std::move(error);
    return session;
  }

  std::optional<Error> set(const OrtApi& ort, OrtSessionOptions* options) const {
    if (auto error = detail::failure(ort, ort.SetIntraOpNumThreads(options, threads_))) return error;
    if (branches_) {
      if (auto error = detail::failure(ort, ort.SetSessionExecutionMode(options, ORT_PARALLEL))) return error;
      if (auto error = detail::failure(ort, ort.SetInterOpNumThreads(options, *branches_))) return error;
    }
    if (auto error = detail::failure(ort, ort.SetSessionGraphOptimizationLevel(options, optimization_)))
      return error;
    for (const auto& [key, value] : config_) {
      if (auto error = detail::failure(ort, ort.AddSessionConfigEntry(options, key.c_str(), value.c_str())))
        return error;
    }
    return std::nullopt;
  }

  std::optional<Error> add_cuda(const OrtApi& ort, OrtSessionOptions* options) const {
    OrtCUDAProviderOptionsV2* created = nullptr;
    if (auto error = detail::failure(ort, ort.CreateCUDAProviderOptions(&created))) return error;
    const detail::CudaOptionsHandle cuda(created, {&ort});
    const std::string device = std::to_string(cuda_->device);
    std::vector<const char*> keys = {"device_id"};
    std::vector<const char*> values = {device.c_str()};
    for (const auto& [key, value] : cuda_->options) {
      keys.push_back(key.c_str());
      values.push_back(value.c_str());
    }
    if (auto error = detail::failure(
            ort, ort.UpdateCUDAProviderOptions(created, keys.data(), values.data(), keys.size())))
      return error;
    return detail::failure(ort, ort.SessionOptionsAppendExecutionProvider_CUDA_V2(options, created));
  }

  std::optional<Environment> environment_;
  int threads_ = 0;
  std::optional<int> branches_;
  GraphOptimizationLevel optimization_ = ORT_ENABLE_ALL;
  std::vector<std::pair<std::string, std::string>> config_;
  std::optional<Cuda> cuda_;
  bool required_ = false;
};

}  // namespace ort_wrapper
