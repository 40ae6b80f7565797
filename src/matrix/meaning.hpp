// Checks of meaning, one function per part of the matrix. Paths in findings are JSON paths in the part's
// file.
#pragma once

#include <string>
#include <vector>

#include "ortforge/matrix/check.hpp"

namespace ortforge::matrix_meaning {

// Collects findings of one file.
class Findings {
 public:
  explicit Findings(std::string file) : file_(std::move(file)) {}
  void error(std::string path, std::string message) {
    list_.push_back({file_, std::move(path), std::move(message), Severity::error});
  }
  const std::vector<Finding>& list() const { return list_; }

 private:
  std::string file_;
  std::vector<Finding> list_;
};

void check_hardware(const Hardware& hardware, Findings& findings);
void check_lines(const Hardware& hardware, const Branch& branch, const std::string& path, Findings& findings);
void check_sources(const Branch& branch, const std::string& path, Findings& findings);
void check_components(const Branch& branch, const std::string& path, Findings& findings);
// Paths are relative to the branch.
void check_nix(const Matrix& matrix, const Branch& branch, Findings& findings);
void check_required(const Matrix& matrix, const Product& product, const Branch& branch, Findings& findings);
// Paths are those of the whole file: branches share pipelines.
void check_axes(const Product& product, Findings& findings);

// Whether a name can stand in the name of a variant or branch: letters, digits, "_", "." and "-", a letter or
// digit first.
bool is_plain_name(const std::string& name);

// The keys of a map, for did_you_mean.
template <class Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> names;
  names.reserve(map.size());
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

}  // namespace ortforge::matrix_meaning
