// Python wheels by name, version and file, from the index that this machine's pip is configured to use.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"

namespace ortforge {

// The parts of a wheel's file name (PyPA binary distribution format):
// name-version[-build]-python-abi-platform.whl, each tag possibly several joined by ".".
struct WheelName {
  std::string distribution;
  std::string version;
  std::vector<std::string> pythons;    // "cp311", "py3"
  std::vector<std::string> abis;       // "cp311", "none"
  std::vector<std::string> platforms;  // "manylinux_2_17_x86_64", "any"

  bool operator==(const WheelName&) const = default;
};

// Error: bad_input when the name has another form.
Result<WheelName> parse_wheel_name(const std::string& file);

// Arguments for `pip` that download exactly the wheel `file` of `requirement` ("name==version") into
// `folder`, whatever Python and platform pip itself runs on. Error: bad_input for an ill-formed file name.
Result<std::vector<std::string>> pip_download_arguments(const std::string& requirement,
                                                        const std::string& file,
                                                        const std::filesystem::path& folder);

}  // namespace ortforge
