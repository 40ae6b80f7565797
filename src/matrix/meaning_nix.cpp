#include <algorithm>

#include "meaning.hpp"
#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_meaning {
namespace {

void check_pin(const Branch& branch, const std::string& pin, const std::string& path, Findings& findings) {
  const auto found = branch.pins.find(pin);
  if (found == branch.pins.end()) {
    findings.error(
        path, fmt::format("this branch has no pin '{}'{}", pin, did_you_mean(pin, names_of(branch.pins))));
  } else if (found->second.url.empty()) {
    findings.error(path, fmt::format("the pin '{}' has no 'url' to fetch it from", pin));
  }
}

// A value that is a layer names one that stands before.
void check_values(const std::vector<NixSetting>& settings, const std::vector<std::string>& earlier,
                  const std::string& path, Findings& findings) {
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const NixValue& value = settings[i].value;
    if (value.kind != NixValue::Kind::layer) continue;
    if (std::find(earlier.begin(), earlier.end(), value.text) != earlier.end()) continue;
    findings.error(fmt::format("{}[{}].value.layer", path, i),
                   fmt::format("there is no layer '{}' before this one{}", value.text,
                               did_you_mean(value.text, earlier)));
  }
}

void check_like(const Matrix& matrix, const NixLayer& layer, const std::string& path, Findings& findings) {
  const NixLayerOf found = find_layer(matrix, layer.like);
  if (found.layer == nullptr)
    findings.error(path + ".like", fmt::format("'{}' is no layer: {}", layer.like, found.fault));
}

void check_layer(const Branch& branch, const NixLayer& layer, const std::vector<std::string>& earlier,
                 const std::string& path, Findings& findings) {
  if (!layer.source.empty() && !branch.sources.contains(layer.source)) {
    findings.error(path + ".source", fmt::format("this branch has no source '{}'{}", layer.source,
                                                 did_you_mean(layer.source, names_of(branch.sources))));
  }
  if (layer.edits != NixEdits::keep && layer.source.empty())
    findings.error(path + ".edits", "only a layer with a 'source' takes the substitutions of a branch");
  std::vector<std::string> options;
  for (const CmakeOption& option : branch.options) options.push_back(option.name);
  for (std::size_t i = 0; i < layer.cmake.size(); ++i) {
    if (std::find(options.begin(), options.end(), layer.cmake[i]) != options.end()) continue;
    findings.error(fmt::format("{}.cmake[{}]", path, i),
                   fmt::format("'cmake' of this branch has no option '{}'{}", layer.cmake[i],
                               did_you_mean(layer.cmake[i], options)));
  }
  check_values(layer.arguments, earlier, path + ".arguments", findings);
  check_values(layer.attributes, earlier, path + ".attributes", findings);
}

}  // namespace

void check_nix(const Matrix& matrix, const Branch& branch, Findings& findings) {
  const bool offered =
      std::find(branch.backends.begin(), branch.backends.end(), "nix") != branch.backends.end();
  if (offered && branch.nix.layers.empty() && !branch.pins.contains("nixpkgs"))
    findings.error(".backends", "the nix backend needs the pin 'nixpkgs' in 'pins'");
  if (branch.nix.layers.empty()) return;
  check_pin(branch, branch.nix.pin, ".nix.pin", findings);
  for (const auto& [name, line] : branch.lines) {
    if (!line.nix_pin.empty())
      check_pin(branch, line.nix_pin, matrix_reader::member_path(".lines", name) + ".nix.pin", findings);
  }
  std::vector<std::string> earlier;
  for (const NixLayer& layer : branch.nix.layers) {
    const std::string path = matrix_reader::member_path(".nix.layers", layer.name);
    if (layer.like.empty()) {
      check_layer(branch, layer, earlier, path, findings);
    } else {
      check_like(matrix, layer, path, findings);
    }
    earlier.push_back(layer.name);
  }
  if (!branch.nix.layers.back().like.empty())
    findings.error(".nix.layers", "the last layer is the variant's own package and cannot be like another");
}

}  // namespace ortforge::matrix_meaning
