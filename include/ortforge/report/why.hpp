// Why a step runs (again): what differs between two sets of inputs. JSON as docs/json/why.schema.json has it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ortforge {

// One input that differs; nothing on the side where it is not there.
struct InputChange {
  std::string input;  // "source/onnx", "recipe/toolchain/core.cmake", "environment", "needs/prepare"
  std::optional<std::string> before;
  std::optional<std::string> after;

  bool operator==(const InputChange&) const = default;
};

// The differences between two key part maps (plan's KeyParts), by input name.
std::vector<InputChange> compare_parts(const std::map<std::string, std::string>& before,
                                       const std::map<std::string, std::string>& after);

// What is compared: a step's scope, and the keys and parts on record and now. A key may be empty (not known);
// without `before` the step is not on record at all.
struct WhyInput {
  std::string scope;
  std::string before_key;
  std::string after_key;
  std::optional<std::map<std::string, std::string>> before;
  std::map<std::string, std::string> after;
};

// One line per change: "source/onnx changed: 9f86d081884c → 60303ae22b99"; digests are cut to 12 characters,
// and shown whole where they begin alike.
std::string why_text(const WhyInput& input);
std::string why_json(const WhyInput& input);

}  // namespace ortforge
