#include <algorithm>

#include "readers.hpp"

#include "ortforge/matrix/check.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {
namespace fs = std::filesystem;

Result<std::vector<fs::path>> matrix_reader::product_files(const fs::path& directory) {
  std::error_code fault;
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, fault)) {
    const fs::path& file = entry.path();
    if (file.extension() != ".json" || file.filename() == "hardware.json" ||
        file.filename() == "environments.json")
      continue;
    files.push_back(file);
  }
  if (fault)
    return fail(ErrorKind::missing, "{}: cannot read the matrix folder: {}", directory.string(),
                fault.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::string matrix_reader::member_path(const std::string& path, const std::string& key) {
  const Json object{{key, nullptr}};
  const Result<JsonPlace> member = JsonPlace(object, "", path).at(key);
  return member ? member->path() : path;
}

std::string matrix_reader::default_product(const Matrix& matrix) {
  const auto chosen = std::find_if(matrix.products.begin(), matrix.products.end(),
                                   [](const auto& entry) { return entry.second.is_default; });
  if (chosen != matrix.products.end()) return chosen->first;
  return matrix.products.empty() ? std::string() : matrix.products.begin()->first;
}

Result<Matrix> matrix_reader::read_matrix(const fs::path& directory, const std::vector<fs::path>& products,
                                          const ReadDocument& read) {
  Matrix matrix;
  matrix.directory = directory;
  const fs::path hardware_file = directory / "hardware.json";
  ORTFORGE_TRY(const Json hardware, read(hardware_file));
  ORTFORGE_TRY(matrix.hardware, read_hardware(JsonPlace(hardware, hardware_file.string())));
  const fs::path environments_file = directory / "environments.json";
  ORTFORGE_TRY(const Json environments, read(environments_file));
  ORTFORGE_TRY(matrix.environments, read_environments(JsonPlace(environments, environments_file.string())));
  if (products.empty()) {
    return fail(ErrorKind::missing, "{}: no product file; expected one such as onnxruntime.json",
                directory.string());
  }
  for (const fs::path& file : products) {
    ORTFORGE_TRY(const Json document, read(file));
    const JsonPlace place(document, file.string());
    ORTFORGE_TRY(Product product, read_product(place));
    matrix.products.emplace(product.name, std::move(product));
  }
  matrix.default_product = default_product(matrix);
  for (const Finding& finding : check_meaning(matrix)) {
    if (finding.severity == Severity::error) return fail(ErrorKind::bad_input, "{}", describe(finding));
  }
  return matrix;
}

Result<Matrix> load_matrix(const fs::path& directory) {
  ORTFORGE_TRY(const std::vector<fs::path> files, matrix_reader::product_files(directory));
  return matrix_reader::read_matrix(directory, files, read_json);
}

}  // namespace ortforge
