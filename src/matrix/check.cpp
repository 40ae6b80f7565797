#include "ortforge/matrix/check.hpp"

#include <algorithm>

#include "readers.hpp"

#include "ortforge/base/digest.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace fs = std::filesystem;
namespace {

// An error of a reader, "FILE: PATH: message", taken apart again.
Finding finding_of(const Error& error, const fs::path& file) {
  const std::string prefix = file.string() + ": ";
  std::string message = error.message;
  if (message.starts_with(prefix)) message.erase(0, prefix.size());
  std::string path;
  if (message.starts_with("$")) {
    const std::size_t end = message.find(": ");
    path = message.substr(0, end);
    message.erase(0, end + 2);
  }
  return {file.string(), path, message, Severity::error};
}

// Schema findings of a file, and what its reader says: a type, if everything could be read.
template <class T>
Result<std::optional<T>> check_file(const fs::path& file, const fs::path& schema,
                                    Result<T> (*read)(const JsonPlace&), std::vector<Finding>& findings) {
  const Result<Json> document = read_json(file);
  if (!document) {
    if (document.error().kind == ErrorKind::missing) return pass_on(document.error());
    findings.push_back(finding_of(document.error(), file));
    return std::nullopt;
  }
  ORTFORGE_TRY(const std::vector<Finding> violations, check_schema(file, schema));
  findings.insert(findings.end(), violations.begin(), violations.end());
  Result<T> value = read(JsonPlace(*document, file.string()));
  if (value) return std::optional<T>(*std::move(value));
  // The reader stops at its first error; it is left out only where the schema names the very same place.
  Finding finding = finding_of(value.error(), file);
  const bool known = std::any_of(violations.begin(), violations.end(),
                                 [&](const Finding& v) { return v.path == finding.path; });
  if (!known) findings.push_back(std::move(finding));
  return std::nullopt;
}

// One note per branch: variants, how many each backend can build, and the digest of the sorted names.
void summarize(const Matrix& matrix, std::vector<Finding>& findings) {
  for (const auto& [name, product] : matrix.products) {
    const std::string file = (matrix.directory / (name + ".json")).string();
    for (const std::string& branch : product.branch_order) {
      const std::vector<Variant> variants = variants_of(matrix, product, product.branches.at(branch));
      std::vector<std::string> names;
      names.reserve(variants.size());
      for (const Variant& variant : variants) names.push_back(variant.name);
      std::sort(names.begin(), names.end());
      if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
        findings.push_back({file, matrix_reader::member_path("$.branches", branch),
                            fmt::format("the name {} stands for two variants", *twice), Severity::error});
      }
      std::vector<std::string> counts;
      for (const std::string& backend : product.branches.at(branch).backends) {
        const auto built = std::count_if(variants.begin(), variants.end(), [&](const Variant& variant) {
          return variant.backends.at(backend).feasible;
        });
        counts.push_back(fmt::format("{} feasible with {}", built, backend));
      }
      findings.push_back({file, matrix_reader::member_path("$.branches", branch),
                          fmt::format("{} variants, {}; names {}", variants.size(), join(counts, ", "),
                                      sha256(join(names, "\n")).sri()),
                          Severity::note});
    }
  }
}

}  // namespace

Result<std::vector<Finding>> check_matrix(const fs::path& directory) {
  std::vector<Finding> findings;
  Matrix matrix;
  matrix.directory = directory;
  const fs::path schemas = directory / "schema";
  ORTFORGE_TRY(const std::vector<fs::path> files, matrix_reader::product_files(directory));
  ORTFORGE_TRY(auto hardware, check_file(directory / "hardware.json", schemas / "hardware.schema.json",
                                         matrix_reader::read_hardware, findings));
  ORTFORGE_TRY(auto environments,
               check_file(directory / "environments.json", schemas / "environments.schema.json",
                          matrix_reader::read_environments, findings));
  for (const fs::path& file : files) {
    ORTFORGE_TRY(auto product,
                 check_file(file, schemas / "product.schema.json", matrix_reader::read_product, findings));
    if (!product) continue;
    const std::string name = product->name;
    matrix.products.emplace(name, *std::move(product));
  }
  if (!hardware || !environments) return findings;  // meaning would find everything unknown
  matrix.hardware = *std::move(hardware);
  matrix.environments = *std::move(environments);
  matrix.default_product = matrix_reader::default_product(matrix);
  const std::vector<Finding> meaning = check_meaning(matrix);
  findings.insert(findings.end(), meaning.begin(), meaning.end());
  if (meaning.empty()) summarize(matrix, findings);
  return findings;
}

}  // namespace ortforge
