// Matrices for tests: the shipped one, copies of it that can be edited, and a small one of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "support/temporary_directory.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/matrix/matrix.hpp"

namespace ortforge {

// The matrix folder of this source tree.
std::filesystem::path shipped_matrix_directory();

// The shipped matrix, read once. Throws std::runtime_error with the message when it cannot be read.
const Matrix& shipped_matrix();

// A matrix folder in a temporary directory.
class TemporaryMatrix {
 public:
  // A copy of the shipped matrix with its schemas.
  static TemporaryMatrix copy_of_shipped();
  // Two SMs, two ISAs, one toolkit, one product "tool" with the branches "v1" (lines cuda13_0 and cpu) and
  // "v2" (inherits v1); schemas are the shipped ones.
  static TemporaryMatrix small();

  const std::filesystem::path& path() const { return directory_->path(); }
  // Reads a file, lets `change` edit it, writes it back.
  void edit(const std::string& file, const std::function<void(Json&)>& change) const;
  void write(const std::string& file, const std::string& text) const;

  Result<Matrix> load() const { return load_matrix(path()); }
  // The message of the error that loading gives, with the folder's own path taken out; empty when it loads.
  std::string load_error() const;

 private:
  TemporaryMatrix() : directory_(std::make_unique<TemporaryDirectory>()) {}
  std::unique_ptr<TemporaryDirectory> directory_;
};

}  // namespace ortforge
