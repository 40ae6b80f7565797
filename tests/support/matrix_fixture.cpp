#include "support/matrix_fixture.hpp"

#include <stdexcept>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

constexpr const char* kHardware = R"({"format":1,
 "platforms":{"x86_64-linux":{"machine":"x86_64","baseline_flags":["-march=x86-64"],"origin":"test"},
              "aarch64-linux":{"machine":"aarch64","baseline_flags":["-march=armv8-a"],"origin":"test"}},
 "isas":{"avx2":{"title":"AVX2","platform":"x86_64-linux","rank":1,"flags":["-mavx2"],"features":["avx2"],"origin":"test"},
         "armv9":{"title":"ARMv9","platform":"aarch64-linux","rank":1,"flags":["-march=armv9-a"],"features":["sve2"],"origin":"test"}},
 "sms":{"90":{"compute_capability":"9.0","architecture":"Hopper","first_driver":"515","platforms":["x86_64-linux","aarch64-linux"],"origin":"test"},
        "121":{"compute_capability":"12.1","architecture":"Blackwell","first_driver":"580","platforms":["aarch64-linux"],"origin":"test"}},
 "gpus":[{"name":"H100","architecture":"Hopper","sm":90,"origin":"test"}],
 "toolkits":{"13.0":{"targets":["90","90a"],"driver":"580.65.06","driver_floor":"580","host_compilers":[],"origin":"test"}}}
)";

constexpr const char* kEnvironments = R"({"format":1,
 "environments":{"host":{"kind":"host","origin":"test"},
                 "root":{"kind":"debian","suite":"trixie","python":"3.13","origin":"test"}}}
)";

constexpr const char* kProduct = R"({"format":1,"product":"tool","default_branch":"v1",
 "pipelines":{"whole":[{"name":"prepare","kind":"prepare"},{"name":"build","kind":"build","needs":["prepare"]}]},
 "branches":{
  "v1":{"version":"1.0","environment":"host","backends":["cmake"],"pipeline":"whole",
   "lines":{"cuda13_0":{"cuda":"13.0","python":"3.13","default":true,"variants":[{"sm":[90],"isa":["avx2","armv9"]}]},
            "cpu":{"python":"3.13","default":true,"variants":[{"isa":["avx2","armv9"]}]}},
   "sources":{"tool":{"origins":[{"kind":"directory","path":"tool"}]}},
   "cmake":[{"name":"TOOL_DIR","type":"PATH","value":"@src.tool@"}]},
  "v2":{"inherits":"v1","version":"2.0"}}}
)";

void require(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

}  // namespace

std::filesystem::path shipped_matrix_directory() {
  return std::filesystem::path(TEST_SOURCE_DIR) / "matrix";
}

const Matrix& shipped_matrix() {
  static const Matrix matrix = [] {
    Result<Matrix> loaded = load_matrix(shipped_matrix_directory());
    if (!loaded) throw std::runtime_error(loaded.error().message);
    return *std::move(loaded);
  }();
  return matrix;
}

TemporaryMatrix TemporaryMatrix::copy_of_shipped() {
  TemporaryMatrix matrix;
  std::filesystem::copy(shipped_matrix_directory(), matrix.path(), std::filesystem::copy_options::recursive);
  return matrix;
}

TemporaryMatrix TemporaryMatrix::small() {
  TemporaryMatrix matrix;
  std::filesystem::copy(shipped_matrix_directory() / "schema", matrix.path() / "schema");
  matrix.write("hardware.json", kHardware);
  matrix.write("environments.json", kEnvironments);
  matrix.write("tool.json", kProduct);
  return matrix;
}

void TemporaryMatrix::edit(const std::string& file, const std::function<void(Json&)>& change) const {
  Result<Json> json = read_json(path() / file);
  if (!json) throw std::runtime_error(json.error().message);
  change(*json);
  write(file, json->dump(1) + "\n");
}

void TemporaryMatrix::write(const std::string& file, const std::string& text) const {
  require(write_file(path() / file, text));
}

std::string TemporaryMatrix::load_error() const {
  const Result<Matrix> loaded = load();
  if (loaded) return {};
  std::string message = loaded.error().message;
  const std::string prefix = path().string() + "/";
  for (std::size_t at = message.find(prefix); at != std::string::npos; at = message.find(prefix))
    message.erase(at, prefix.size());
  return message;
}

}  // namespace ortforge
