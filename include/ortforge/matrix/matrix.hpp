// The whole matrix and its points.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/matrix/environment_spec.hpp"
#include "ortforge/matrix/hardware.hpp"
#include "ortforge/matrix/product.hpp"

namespace ortforge {

struct Matrix {
  std::filesystem::path directory;  // where it was read from
  Hardware hardware;
  std::map<std::string, EnvironmentSpec> environments;
  std::map<std::string, Product> products;
  std::string default_product;
};

// Whether a backend can build a variant, derived from facts; `rule` and `fact` say why not.
struct Feasibility {
  bool feasible = true;
  std::string rule;  // a name of docs/matrix.md: "toolkit-target", "platform", ...
  std::string fact;  // "nvcc 12.4 has no sm_100"

  bool operator==(const Feasibility&) const = default;
};

// One point of the matrix, by value; names are the identity.
struct Variant {
  std::string name;        // "onnxruntime-python313-cuda13_0-sm90-avx512"
  std::string short_name;  // "sm90-avx512", "cpu-avx2"
  std::string product;
  std::string branch;
  std::string line;
  std::string cuda;    // "13.0" or empty
  std::string python;  // "3.13" or empty
  std::optional<int> sm;
  std::string isa;
  std::string platform;
  std::map<std::string, Feasibility> backends;  // by backend name

  bool is_cuda() const { return sm.has_value(); }
};

// Reads and checks hardware.json, environments.json and every product file of a folder. Errors: missing (no
// such folder or file), bad_input (syntax with line and column; wrong or unknown member with JSON path;
// meaning, such as a line that names an unknown toolkit, with JSON path and nearest name).
Result<Matrix> load_matrix(const std::filesystem::path& directory);

// Every variant of a branch, in file order: lines, then SMs, then ISAs; feasibility filled in.
std::vector<Variant> variants_of(const Matrix& matrix, const Product& product, const Branch& branch);

// A layer of a Nix recipe and the branch whose sources, options and substitutions it means; or why there is
// none.
struct NixLayerOf {
  const Product* product = nullptr;
  const Branch* branch = nullptr;
  const NixLayer* layer = nullptr;
  std::string fault;
};

// The layer that "PRODUCT/BRANCH:LAYER" names; layers that are like another are none.
NixLayerOf find_layer(const Matrix& matrix, const std::string& name);

// An ISA as a branch compiles for it: the facts of hardware.json with the branch's own flags, and the
// features that these need. The ISA must be known.
Isa isa_of(const Matrix& matrix, const Branch& branch, const std::string& name);

// The variant of another product that one is built on: that of the branch its own branch requires of
// `product` with the same CUDA, Python, SM and ISA. Error: bad_input when there is none.
Result<Variant> required_variant(const Matrix& matrix, const Variant& variant, const std::string& product);

// Every variant of the matrix.
std::vector<Variant> all_variants(const Matrix& matrix);

}  // namespace ortforge
