// The typed readers of the matrix, one per kind of file or member. Unknown members are errors everywhere.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/matrix/environment_spec.hpp"
#include "ortforge/matrix/filter.hpp"
#include "ortforge/matrix/hardware.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/matrix/product.hpp"

namespace ortforge::matrix_reader {

// The only format these readers know.
constexpr long long kFormat = 1;

// The product files of a matrix folder, sorted by name: every *.json beside hardware.json and
// environments.json. Error: missing when the folder cannot be read.
Result<std::vector<std::filesystem::path>> product_files(const std::filesystem::path& directory);

// The product that says "default": true, else the first by name; empty when there is none.
std::string default_product(const Matrix& matrix);

// Gives the JSON of one file of a matrix folder.
using ReadDocument = std::function<Result<Json>(const std::filesystem::path& file)>;

// What load_matrix makes of a folder, with the product files named and their reading left to `read`, which is
// asked for each file once. Errors: those of load_matrix and of `read`.
Result<Matrix> read_matrix(const std::filesystem::path& directory,
                           const std::vector<std::filesystem::path>& products, const ReadDocument& read);

// The path of a member, as JsonPlace writes it: "$.branches.main", "$.branches[\"ort-1.24\"]".
std::string member_path(const std::string& path, const std::string& key);

Result<void> check_format(const JsonPlace& document);

Result<Hardware> read_hardware(const JsonPlace& document);
Result<std::map<std::string, EnvironmentSpec>> read_environments(const JsonPlace& document);
// Inheritance is resolved; components are filled in from the product's pipelines. The product is named after
// its file.
Result<Product> read_product(const JsonPlace& document);

Result<Line> read_line(const std::string& name, const JsonPlace& place);
Result<Source> read_source(const std::string& name, const JsonPlace& place);
Result<std::map<std::string, Source>> read_sources(const JsonPlace& place);
Result<Substitution> read_substitution(const JsonPlace& place);
Result<Patch> read_patch(const JsonPlace& place);
Result<CmakeOption> read_option(const JsonPlace& place);
Result<Variable> read_variable(const JsonPlace& place);
Result<std::map<std::string, IsaChange>> read_isa_changes(const JsonPlace& place);
Result<Component> read_component(const JsonPlace& place);
Result<Pin> read_pin(const JsonPlace& place);
Result<Gap> read_gap(const JsonPlace& place);
Result<NixFacts> read_nix(const JsonPlace& place);

// The `when` of a place: absent is empty; an expression that does not parse is an error at that member.
Result<std::string> read_when(const JsonPlace& place);

// An array member read element by element; absent is empty.
template <class T>
Result<std::vector<T>> read_list(const JsonPlace& place, const char* key,
                                 Result<T> (*read)(const JsonPlace&)) {
  std::vector<T> result;
  if (!place.has(key)) return result;
  ORTFORGE_TRY(const JsonPlace list, place.at(key));
  ORTFORGE_TRY(const std::vector<JsonPlace> items, list.elements());
  for (const JsonPlace& item : items) {
    ORTFORGE_TRY(T value, read(item));
    result.push_back(std::move(value));
  }
  return result;
}

}  // namespace ortforge::matrix_reader
