// `ortforge check`: everything that is wrong with a matrix, at once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

enum class Severity { note, warning, error };

// One thing that check found, with where it is.
struct Finding {
  std::string file;
  std::string path;  // JSON path, "$.branches.main.lines.cpu"; empty: the whole file
  std::string message;
  Severity severity = Severity::error;

  bool operator==(const Finding&) const = default;
};

// "FILE: PATH: message", as load_matrix words its errors.
std::string describe(const Finding& finding);

// Meaning: what no schema can say (names that must exist elsewhere, one default line per accelerator, unique
// names ...).
std::vector<Finding> check_meaning(const Matrix& matrix);

// Checks one JSON file against a JSON Schema (draft 7) with valijson; every violation is a finding.
// Errors: missing (a file cannot be read), bad_input (one of them is no JSON, or no schema).
Result<std::vector<Finding>> check_schema(const std::filesystem::path& file,
                                          const std::filesystem::path& schema);

// The whole check of a matrix folder: syntax, schemas (in schema/ below it), types, meaning, and as notes one
// line per branch with its variants, how many each backend can build and the digest of its sorted names.
// Error: missing when the folder or its schemas cannot be read.
Result<std::vector<Finding>> check_matrix(const std::filesystem::path& directory);

}  // namespace ortforge
