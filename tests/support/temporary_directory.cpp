#include "support/temporary_directory.hpp"

#include <stdexcept>
#include <string>

#include <stdlib.h>

#include "ortforge/base/file.hpp"

namespace ortforge {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "ortforge-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("no temporary folder could be made: " + name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  static_cast<void>(remove_tree(path_));
}

}  // namespace ortforge
