// Whether a step runs now, and why: what the store holds, and what differs between two sets of inputs. JSON
// as docs/json/why.schema.json has it.
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

// What is compared: a step's scope, and the keys and parts of its last success and now.
struct WhyInput {
  std::string scope;
  std::string state;       // as in PlanView: "stored", "run", "not needed"
  std::string unknown;     // what its key covers and is not known yet; empty: `after_key` is set
  std::string before_key;  // empty: it has never succeeded
  std::string after_key;
  std::optional<std::map<std::string, std::string>> before;
  std::map<std::string, std::string> after;
};

// Whether it runs, and where inputs are the reason one line for each: "the source onnx changed: 9f86d081884c… →
// 60303ae22b99…"; digests are cut to 12 characters, and shown whole where they begin alike.
std::string why_text(const WhyInput& input);
std::string why_json(const WhyInput& input);

}  // namespace ortforge
