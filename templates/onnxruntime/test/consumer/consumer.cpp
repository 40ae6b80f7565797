// consumer MODEL VERSION: runs a classifier on zeros through the C++ API; the probabilities must add up to
// one.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <onnxruntime_cxx_api.h>

namespace {

double sum_of_probabilities(const char* model) {
  Ort::Env env(ORT_LOGGING_LEVEL_WARNING, "consumer");
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  Ort::Session session(env, model, options);

  Ort::AllocatorWithDefaultOptions allocator;
  auto input = session.GetInputNameAllocated(0, allocator);
  const std::vector<int64_t> shape = session.GetInputTypeInfo(0).GetTensorTypeAndShapeInfo().GetShape();
  Ort::Value zeros = Ort::Value::CreateTensor<float>(allocator, shape.data(), shape.size());
  const size_t count = zeros.GetTensorTypeAndShapeInfo().GetElementCount();
  std::fill_n(zeros.GetTensorMutableData<float>(), count, 0.0F);

  const char* input_names[] = {input.get()};
  const char* output_names[] = {"probabilities"};
  auto outputs = session.Run(Ort::RunOptions{}, input_names, &zeros, 1, output_names, 1);
  const auto output = outputs.at(0).GetTensorTypeAndShapeInfo();
  const float* values = outputs.at(0).GetTensorData<float>();
  double sum = 0;
  for (size_t i = 0; i < output.GetElementCount(); ++i) sum += values[i];
  return sum / static_cast<double>(output.GetShape().at(0));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: consumer MODEL VERSION\n");
    return 2;
  }
  try {
    const std::string version = Ort::GetVersionString();
    const double sum = sum_of_probabilities(argv[1]);
    const bool good = version == argv[2] && std::fabs(sum - 1.0) < 1e-5;
    std::printf("%s consumer: version %s, expected %s; probabilities add up to %.7f\n", good ? "ok" : "FAIL",
                version.c_str(), argv[2], sum);
    return good ? 0 : 1;
  } catch (const Ort::Exception& error) {
    std::printf("FAIL consumer: %s\n", error.what());
    return 1;
  }
}
