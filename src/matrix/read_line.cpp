#include <algorithm>

#include "readers.hpp"

#include "ortforge/matrix/name.hpp"

namespace ortforge::matrix_reader {
namespace {

Result<VariantBlock> read_block(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"sm", "isa"}));
  VariantBlock block;
  if (place.has("sm")) {
    ORTFORGE_TRY(const JsonPlace list, place.at("sm"));
    ORTFORGE_TRY(const std::vector<JsonPlace> items, list.elements());
    for (const JsonPlace& item : items) {
      ORTFORGE_TRY(const long long number, item.integer());
      block.sms.push_back(static_cast<int>(number));
    }
  }
  ORTFORGE_TRY(const JsonPlace isas, place.at("isa"));
  ORTFORGE_TRY(block.isas, isas.strings());
  if (block.isas.empty()) return isas.error("names no ISA");
  return block;
}

Result<FeatureOff> read_feature(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "option"}));
  FeatureOff feature;
  ORTFORGE_TRY(feature.name, place.string("name"));
  ORTFORGE_TRY(feature.option, place.string("option"));
  return feature;
}

// A line is named after its accelerator, with its Python behind a dash where several lines share one
// accelerator.
Result<void> check_line_name(const Line& line, const JsonPlace& place) {
  const std::string accelerator = line.cuda.empty() ? "cpu" : cuda_part(line.cuda);
  const std::string with_python = accelerator + "-" + python_part(line.python);
  if (line.name == accelerator || (!line.python.empty() && line.name == with_python)) return {};
  return place.error(fmt::format("expected this line to be named '{}', found '{}'", accelerator, line.name));
}

}  // namespace

Result<Line> read_line(const std::string& name, const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"cuda", "python", "default", "variants", "backend_gaps", "toolkit",
                             "features_off", "environments", "cuda_home", "nix"}));
  Line line;
  line.name = name;
  ORTFORGE_TRY(line.cuda, place.string_or("cuda", ""));
  ORTFORGE_TRY(line.python, place.string_or("python", ""));
  ORTFORGE_TRY(line.cuda_home, place.string_or("cuda_home", ""));
  ORTFORGE_TRY(line.is_default, place.boolean_or("default", false));
  ORTFORGE_CHECK(check_line_name(line, place));
  ORTFORGE_TRY(line.blocks, read_list(place, "variants", read_block));
  for (std::size_t i = 0; i < line.blocks.size(); ++i) {
    if (line.blocks[i].sms.empty() == line.cuda.empty()) continue;
    ORTFORGE_TRY(const JsonPlace blocks, place.at("variants"));
    ORTFORGE_TRY(const std::vector<JsonPlace> items, blocks.elements());
    return items[i].error(line.cuda.empty() ? "a CPU line has no 'sm'"
                                            : "a CUDA line needs 'sm', the SMs of this block");
  }
  if (place.has("backend_gaps")) {
    ORTFORGE_TRY(const JsonPlace gaps, place.at("backend_gaps"));
    ORTFORGE_TRY(const auto members, gaps.members());
    for (const auto& [backend, fact] : members) {
      ORTFORGE_TRY(line.backend_gaps[backend], fact.string());
    }
  }
  if (place.has("toolkit")) {
    ORTFORGE_TRY(const JsonPlace toolkit, place.at("toolkit"));
    ORTFORGE_TRY(const std::vector<JsonPlace> items, toolkit.elements());
    for (const JsonPlace& item : items) {
      ORTFORGE_TRY(const std::string source_name, item.string("name"));
      ORTFORGE_TRY(Source source, read_source(source_name, item));
      line.toolkit_sources.push_back(std::move(source));
    }
  }
  ORTFORGE_TRY(line.features_off, read_list(place, "features_off", read_feature));
  if (place.has("environments")) {
    ORTFORGE_TRY(const JsonPlace environments, place.at("environments"));
    ORTFORGE_TRY(const auto members, environments.members());
    for (const auto& [component, environment] : members) {
      ORTFORGE_TRY(line.environments[component], environment.string());
    }
  }
  if (place.has("nix")) {
    ORTFORGE_TRY(const JsonPlace nix, place.at("nix"));
    ORTFORGE_CHECK(nix.only({"pin"}));
    ORTFORGE_TRY(line.nix_pin, nix.string("pin"));
  }
  return line;
}

}  // namespace ortforge::matrix_reader
