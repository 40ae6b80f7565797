// classify MODEL: the likeliest class of a grey picture, on a GPU where there is one.
#include <algorithm>
#include <cstdio>
#include <vector>

#include <ort_wrapper.hpp>

namespace {

int fail(const ort_wrapper::Error& error) {
  std::fprintf(stderr, "classify: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail({ORT_INVALID_ARGUMENT, "usage: classify MODEL"});
  const auto session = ort_wrapper::SessionBuilder().cuda_if_available().threads(4).from_file(argv[1]);
  if (!session) return fail(session.error());

  const std::vector<float> pixels(2 * 3 * 32 * 32, 0.5F);
  const auto image = ort_wrapper::Tensor::of<float>({2, 3, 32, 32}, pixels);
  if (!image) return fail(image.error());

  const auto outputs = session->infer({{"image", *image}});
  if (!outputs) return fail(outputs.error());
  const auto probabilities = ort_wrapper::tensor_named(*outputs, "probabilities");
  if (!probabilities) return fail(probabilities.error());
  const auto values = probabilities->values<float>();
  if (!values) return fail(values.error());

  const auto best = std::max_element(values->begin(), values->begin() + probabilities->shape()[1]);
  std::printf("class %td, probability %.3f, on %s\n", best - values->begin(), *best,
              session->provider().c_str());
}
