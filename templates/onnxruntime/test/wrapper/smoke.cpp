// smoke MODEL VERSION: links, loads, and runs a classifier on zeros through the wrapper.
#include <cstdio>
#include <string>
#include <vector>

#include <ort_wrapper.hpp>

namespace {

int fail(const std::string& what) {
  std::printf("FAIL smoke: %s\n", what.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: smoke MODEL VERSION\n");
    return 2;
  }
  if (ort_wrapper::version() != argv[2])
    return fail("version " + ort_wrapper::version() + ", expected " + argv[2]);
  const auto session = ort_wrapper::SessionBuilder().threads(1).from_file(argv[1]);
  if (!session) return fail(session.error().message);
  ort_wrapper::Tensors inputs;
  for (const auto& input : session->inputs()) {
    std::size_t count = 1;
    for (const std::int64_t length : input.shape) count *= static_cast<std::size_t>(length);
    const std::vector<char> zeros(count * ort_wrapper::element_size(input.type));
    const auto tensor = ort_wrapper::Tensor::of_bytes(input.type, input.shape, zeros.data(), zeros.size());
    if (!tensor) return fail(input.name + ": " + tensor.error().message);
    inputs.emplace(input.name, *tensor);
  }
  const auto outputs = session->infer(inputs);
  if (!outputs) return fail(outputs.error().message);
  if (outputs->size() != session->outputs().size()) return fail("outputs are missing");
  std::printf("ok smoke: version %s, %zu outputs\n", argv[2], outputs->size());
  return 0;
}
