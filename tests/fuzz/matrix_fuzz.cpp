// Any text as one file of the shipped matrix: it loads, and all its variants follow, or is an error with
// words.
#include <cstdlib>
#include <filesystem>
#include <map>

#include "json_mutator.hpp"
#include "matrix/readers.hpp"

#include "ortforge/matrix/matrix.hpp"

namespace {

using ortforge::Json;
using ortforge::Result;
using Documents = std::map<std::string, Json>;

Documents shipped() {
  Documents documents;
  for (const char* name : {"hardware.json", "environments.json", "simdkernels.json"}) {
    documents[name] = ortforge::read_json(std::filesystem::path(FUZZ_MATRIX) / name).value();
  }
  return documents;
}

// The file an input stands for: what it looks like decides, so that each run reads it once.
std::string file_of(const Json& json) {
  if (json.is_object() && json.contains("sms")) return "hardware.json";
  if (json.is_object() && !json.contains("branches")) return "environments.json";
  if (!json.is_object() || !json.contains("product") || !json["product"].is_string())
    return "simdkernels.json";
  return json["product"].get<std::string>() + ".json";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const Documents others = shipped();
  const auto input = ortforge::parse_json({reinterpret_cast<const char*>(data), size}, "input");
  if (!input) return input.error().message.starts_with("input:") ? 0 : (std::abort(), 0);
  const std::string name = file_of(*input);
  const auto read = [&](const std::filesystem::path& file) -> Result<Json> {
    return file == name ? *input : others.at(file.string());
  };
  const bool product = !others.contains(name) || name == "simdkernels.json";
  const auto matrix = ortforge::matrix_reader::read_matrix("", {product ? name : "simdkernels.json"}, read);
  if (!matrix && matrix.error().message.empty()) std::abort();
  if (matrix) ortforge::all_variants(*matrix);
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(unsigned char* data, std::size_t size, std::size_t room);

extern "C" std::size_t LLVMFuzzerCustomMutator(unsigned char* data, std::size_t size, std::size_t room,
                                               unsigned seed) {
  const std::string text =
      seed % 8 == 0 ? "" : ortforge::mutated_json({reinterpret_cast<const char*>(data), size}, seed / 8);
  if (text.empty() || text.size() > room) return LLVMFuzzerMutate(data, size, room);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
