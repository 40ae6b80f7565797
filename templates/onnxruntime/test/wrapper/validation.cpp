// What an application relies on: right numbers, the same ones every time, from many threads, and without
// growing.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "models.hpp"
#include <unistd.h>

extern "C" {
#include "../capi/gpu.h"
}

namespace {

using ort_wrapper::Session;
using ort_wrapper::SessionBuilder;
using ort_wrapper::Tensor;
using ort_wrapper::Tensors;

constexpr int kRuns = 100;
constexpr int kThreads = 8;
constexpr int kRunsOfAThread = 25;
constexpr int kWarmUp = 1000;
constexpr int kManyRuns = 10000;
// Resident memory may grow by this much in kManyRuns runs: a leak of 105 bytes a run is more.
constexpr long kMargin = 1024 * 1024;

Session open(const SessionBuilder& builder, const model& one) {
  auto session = builder.from_file(one.path);
  REQUIRE_OK(session);
  return *std::move(session);
}

Tensors run(const Session& session, const Tensors& inputs) {
  auto outputs = session.infer(inputs);
  REQUIRE_OK(outputs);
  return *std::move(outputs);
}

// Every output of the model within `slack` times its tolerance; NaN is never.
void compare(const model& one, const Tensors& outputs, double slack) {
  REQUIRE(outputs.size() == one.output_count);
  for (std::size_t i = 0; i < one.output_count; ++i) {
    const tensor& expected = one.outputs[i];
    const auto got = ort_wrapper::tensor_named(outputs, expected.name);
    REQUIRE_OK(got);
    REQUIRE(got->type() == element_type_of(expected));
    REQUIRE((got->shape() == ort_wrapper::Shape(expected.shape, expected.shape + expected.rank)));
    for (std::size_t k = 0; k < expected.count; ++k) {
      const double want = value_at(expected.type, expected.values, k);
      const double have = value_at(expected.type, got->bytes(), k);
      if (std::fabs(have - want) <= slack * (expected.atol + expected.rtol * std::fabs(want))) continue;
      std::printf("FAIL %s.%s: element %zu is %.9g, expected %.9g\n", one.name, expected.name, k, have, want);
      std::exit(1);
    }
  }
}

bool same_bits(const Tensors& left, const Tensors& right) {
  if (left.size() != right.size()) return false;
  for (const auto& [name, tensor] : left) {
    const auto other = right.find(name);
    if (other == right.end() || other->second.shape() != tensor.shape() ||
        other->second.type() != tensor.type())
      return false;
    const std::size_t size = tensor.size() * ort_wrapper::element_size(tensor.type());
    if (std::memcmp(tensor.bytes(), other->second.bytes(), size) != 0) return false;
  }
  return true;
}

void numbers(const std::string& folder) {
  const Manifest models = read_models(folder);
  for (std::size_t m = 0; m < models->count; ++m) {
    const model& one = models->models[m];
    compare(one, run(open(SessionBuilder().threads(2), one), inputs_of(one)), 1);
  }
}

// Sums are taken in another order on a GPU.
void numbers_on_cuda(const std::string& folder) {
  const gpu here = gpu_find();
  if (!here.present) {
    std::printf("skipped: no GPU here: %s\n", here.why);
    std::exit(kSkipped);
  }
  const Manifest models = read_models(folder);
  const SessionBuilder builder = SessionBuilder().threads(2).cuda({0, {{"use_tf32", "0"}}});
  for (std::size_t m = 0; m < models->count; ++m) {
    const model& one = models->models[m];
    const auto session = builder.from_file(one.path);
    char library[128];
    if (!session && missing_library(session.error().message.c_str(), library, sizeof library)) {
      std::printf("%s\nskipped: no CUDA libraries here: %s is missing\n", session.error().message.c_str(),
                  library);
      std::exit(kSkipped);
    }
    REQUIRE_OK(session);
    REQUIRE(session->provider() == "CUDAExecutionProvider");
    compare(one, run(*session, inputs_of(one)), 10);
  }
}

void determinism(const std::string& folder) {
  const Manifest models = read_models(folder);
  for (const char* name : {"convnet", "transformer_block", "int8"}) {
    const model& one = model_named(models, name);
    const Session session = open(SessionBuilder().threads(4), one);
    const Tensors inputs = inputs_of(one);
    const Tensors first = run(session, inputs);
    for (int i = 1; i < kRuns; ++i) REQUIRE(same_bits(first, run(session, inputs)));
  }
}

// One session, used by all threads at the same time.
void threads(const std::string& folder) {
  const Manifest models = read_models(folder);
  const model& one = model_named(models, "convnet");
  const Session session = open(SessionBuilder().threads(2), one);
  const Tensors inputs = inputs_of(one);
  const Tensors expected = run(session, inputs);
  std::vector<std::thread> workers;
  for (int t = 0; t < kThreads; ++t) {
    workers.emplace_back([&] {
      for (int i = 0; i < kRunsOfAThread; ++i) REQUIRE(same_bits(expected, run(session, inputs)));
    });
  }
  for (std::thread& worker : workers) worker.join();
}

// Bytes of this process that are in memory: the second number of /proc/self/statm, in pages.
long resident_bytes() {
  long pages = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  REQUIRE(file != nullptr && std::fscanf(file, "%*d %ld", &pages) == 1);
  std::fclose(file);
  return pages * ::sysconf(_SC_PAGESIZE);
}

// Inputs are made anew for each run, as applications do.
void memory(const std::string& folder) {
  const Manifest models = read_models(folder);
  const model& one = model_named(models, "op_cumsum");
  const Session session = open(SessionBuilder().threads(1), one);
  for (int i = 0; i < kWarmUp; ++i) run(session, inputs_of(one));
  const long before = resident_bytes();
  for (int i = 0; i < kManyRuns; ++i) run(session, inputs_of(one));
  const long grown = resident_bytes() - before;
  std::printf("%d runs: resident memory grew by %ld bytes (allowed: %ld)\n", kManyRuns, grown, kMargin);
  REQUIRE(grown <= kMargin);
}

}  // namespace

int main(int argc, char** argv) {
  return run_case(argc, argv,
                  {{"numbers", numbers},
                   {"numbers_on_cuda", numbers_on_cuda},
                   {"determinism", determinism},
                   {"threads", threads},
                   {"memory", memory}});
}
