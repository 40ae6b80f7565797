// How an application uses the wrapper, one thing after another. Each function is a test; its comments explain
// it.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cases.hpp"
#include <ort_wrapper.hpp>

namespace {

using ort_wrapper::Error;
using ort_wrapper::Result;
using ort_wrapper::Session;
using ort_wrapper::SessionBuilder;
using ort_wrapper::Tensor;
using ort_wrapper::Tensors;

// convnet.onnx takes `image`, two pictures of 3 x 32 x 32, and gives `logits` and `probabilities`, 2 x 10.
const std::vector<float> kPictures(std::size_t{2} * 3 * 32 * 32, 0.5F);

// A model in a file, one input, all outputs: that is the whole of it.
void one_shot(const std::string& models) {
  const Result<Session> session = SessionBuilder().from_file(models + "/convnet.onnx");
  REQUIRE_OK(session);

  const Result<Tensor> image = Tensor::of<float>({2, 3, 32, 32}, kPictures);
  REQUIRE_OK(image);

  const Result<Tensors> outputs = session->infer({{"image", *image}});
  REQUIRE_OK(outputs);

  // Outputs come by name. The two rows of probabilities add up to one each.
  const Result<Tensor> probabilities = ort_wrapper::tensor_named(*outputs, "probabilities");
  REQUIRE_OK(probabilities);
  REQUIRE((probabilities->shape() == ort_wrapper::Shape{2, 10}));
  const Result<std::vector<float>> values = probabilities->values<float>();
  REQUIRE_OK(values);
  double sum = 0;
  for (const float value : *values) sum += value;
  REQUIRE(std::fabs(sum - 2.0) < 1e-5);
}

// A model may come from anywhere: an archive, a network, the program itself. Its bytes may go once there is a
// session.
void from_memory(const std::string& models) {
  std::ifstream file(models + "/convnet.onnx", std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const Result<Session> session = SessionBuilder().from_memory(bytes.data(), bytes.size());
  REQUIRE_OK(session);
  bytes.assign(bytes.size(), '\0');

  const Result<Tensor> image = Tensor::of<float>({2, 3, 32, 32}, kPictures);
  REQUIRE_OK(image);
  REQUIRE_OK(session->infer({{"image", *image}}));
}

// A session knows its model's inputs and outputs. Lengths that the model leaves open are -1.
void what_a_model_takes(const std::string& models) {
  const Result<Session> session = SessionBuilder().from_file(models + "/convnet.onnx");
  REQUIRE_OK(session);
  REQUIRE(session->inputs().size() == 1);
  REQUIRE(session->inputs()[0].name == "image");
  REQUIRE(session->inputs()[0].type == ort_wrapper::element_type<float>());
  REQUIRE(session->inputs()[0].shape.size() == 4);
  REQUIRE(session->outputs().size() == 2);
}

// Options are collected by the builder. One builder makes many sessions.
void options(const std::string& models) {
  const SessionBuilder builder =
      SessionBuilder().threads(2).optimization(ORT_ENABLE_EXTENDED).config("session.disable_prepacking", "1");
  REQUIRE_OK(builder.from_file(models + "/convnet.onnx"));
  REQUIRE_OK(builder.from_file(models + "/int8.onnx"));
}

// Ask only for the outputs that are needed.
void some_outputs(const std::string& models) {
  const Result<Session> session = SessionBuilder().from_file(models + "/convnet.onnx");
  REQUIRE_OK(session);
  const Result<Tensor> image = Tensor::of<float>({2, 3, 32, 32}, kPictures);
  REQUIRE_OK(image);
  const Result<Tensors> outputs = session->infer({{"image", *image}}, {"logits"});
  REQUIRE_OK(outputs);
  REQUIRE(outputs->size() == 1);
  REQUIRE(outputs->begin()->first == "logits");
}

// Large inputs need not be copied: a borrowed tensor looks at values that the program keeps.
void borrowed_values(const std::string& models) {
  const Result<Session> session = SessionBuilder().from_file(models + "/convnet.onnx");
  REQUIRE_OK(session);
  const Result<Tensor> image = Tensor::borrow<float>({2, 3, 32, 32}, kPictures.data(), kPictures.size());
  REQUIRE_OK(image);
  REQUIRE(image->bytes() == kPictures.data());
  REQUIRE_OK(session->infer({{"image", *image}}));
}

// Which providers the library was built with. The preferred one stands first; the CPU is always there.
void providers(const std::string&) {
  const Result<std::vector<std::string>> names = ort_wrapper::available_providers();
  REQUIRE_OK(names);
  REQUIRE(!names->empty());
  REQUIRE(names->back() == "CPUExecutionProvider");
}

// On CUDA where there is a GPU, on the CPU elsewhere: the same program runs everywhere and can say what it
// does. cuda({device}) in place of cuda_if_available({device}) makes a missing GPU an error.
void cuda_if_available(const std::string& models) {
  const Result<Session> session =
      SessionBuilder().cuda_if_available({0, {{"use_tf32", "0"}}}).from_file(models + "/convnet.onnx");
  REQUIRE_OK(session);
  if (session->cuda_error()) {
    REQUIRE(session->provider() == "CPUExecutionProvider");
    REQUIRE(!session->cuda_error()->message.empty());
    const Result<Session> required = SessionBuilder().cuda().from_file(models + "/convnet.onnx");
    REQUIRE(!required);
  } else {
    REQUIRE(session->provider() == "CUDAExecutionProvider");
  }
  const Result<Tensor> image = Tensor::of<float>({2, 3, 32, 32}, kPictures);
  REQUIRE_OK(image);
  REQUIRE_OK(session->infer({{"image", *image}}));
}

// An environment of one's own sets how much is logged, and outlives sessions that come and go.
void environment(const std::string& models) {
  const auto environment = ort_wrapper::Environment::create(ORT_LOGGING_LEVEL_ERROR, "my program");
  REQUIRE_OK(environment);
  for (int i = 0; i < 3; ++i)
    REQUIRE_OK(SessionBuilder().environment(*environment).from_file(models + "/op_cumsum.onnx"));
}

// Nothing throws. What goes wrong is an Error with ONNX Runtime's code and message.
void errors(const std::string& models) {
  // There is no such file; this file is no model.
  const Result<Session> missing = SessionBuilder().from_file(models + "/missing.onnx");
  REQUIRE(!missing);
  REQUIRE(missing.error().code == ORT_NO_SUCHFILE);
  REQUIRE(missing.error().message.find("missing.onnx") != std::string::npos);
  REQUIRE(!SessionBuilder().from_file(models + "/models.txt"));
  REQUIRE(!SessionBuilder().from_memory("no model", 8));

  // Values that do not fill the shape.
  const Result<Tensor> few = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5});
  REQUIRE(!few);
  REQUIRE(few.error().code == ORT_INVALID_ARGUMENT);
  REQUIRE(few.error().message == "a tensor of shape {2, 3} takes 24 bytes, the values given are 20");
  const Result<Tensor> negative = Tensor::of<float>({-1}, {1});
  REQUIRE(!negative);
  REQUIRE(negative.error().message == "no length of a tensor is -1");

  // No input, or one of another name, shape or type.
  const Result<Session> session = SessionBuilder().from_file(models + "/convnet.onnx");
  REQUIRE_OK(session);
  const Result<Tensor> image = Tensor::of<float>({2, 3, 32, 32}, kPictures);
  const Result<Tensor> number = Tensor::of<float>({1}, {1});
  const Result<Tensor> bytes = Tensor::of<std::uint8_t>({2, 3, 32, 32}, std::vector<std::uint8_t>(6144));
  REQUIRE(image && number && bytes);
  const Result<Tensors> without = session->infer({});
  REQUIRE(!without);
  REQUIRE(without.error().message == "input 'image' is missing");
  const Tensors wrong[] = {
      {{"image", *image}, {"picture", *image}}, {{"image", *number}}, {{"image", *bytes}}};
  for (const Tensors& inputs : wrong) {
    const Result<Tensors> outputs = session->infer(inputs);
    REQUIRE(!outputs);
    REQUIRE(outputs.error().code == ORT_INVALID_ARGUMENT);
    REQUIRE(!outputs.error().message.empty());
  }

  // An output that the model does not have; values of another type than is asked for.
  REQUIRE(!session->infer({{"image", *image}}, {"probability"}));
  const Result<std::vector<double>> doubles = image->values<double>();
  REQUIRE(!doubles);
  REQUIRE(doubles.error().code == ORT_INVALID_ARGUMENT);
  const Result<Tensors> outputs = session->infer({{"image", *image}});
  REQUIRE_OK(outputs);
  const Result<Tensor> unknown = ort_wrapper::tensor_named(*outputs, "probability");
  REQUIRE(!unknown);
  REQUIRE(unknown.error().message == "no tensor is named 'probability': there are logits, probabilities");
}

}  // namespace

int main(int argc, char** argv) {
  return run_case(argc, argv,
                  {{"one_shot", one_shot},
                   {"from_memory", from_memory},
                   {"what_a_model_takes", what_a_model_takes},
                   {"options", options},
                   {"some_outputs", some_outputs},
                   {"borrowed_values", borrowed_values},
                   {"providers", providers},
                   {"cuda_if_available", cuda_if_available},
                   {"environment", environment},
                   {"errors", errors}});
}
