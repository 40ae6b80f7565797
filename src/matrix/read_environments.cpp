#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

// An environment that adds packages, archive components and programs to one that stands before it.
Result<EnvironmentSpec> read_extension(const std::string& name, const JsonPlace& place,
                                       const std::map<std::string, EnvironmentSpec>& earlier) {
  ORTFORGE_CHECK(place.only({"extends", "components", "packages", "programs", "origin"}));
  ORTFORGE_TRY(const std::string base, place.string("extends"));
  const auto found = earlier.find(base);
  if (found == earlier.end()) {
    std::vector<std::string> names;
    names.reserve(earlier.size());
    for (const auto& [known, spec] : earlier) names.push_back(known);
    ORTFORGE_TRY(const JsonPlace member, place.at("extends"));
    return member.error(
        fmt::format("there is no environment '{}' before this one{}", base, did_you_mean(base, names)));
  }
  EnvironmentSpec spec = found->second;
  spec.name = name;
  spec.extends = base;
  ORTFORGE_TRY(const auto components, place.strings_or("components"));
  append(spec.components, components);
  ORTFORGE_TRY(const auto packages, place.strings_or("packages"));
  append(spec.packages, packages);
  ORTFORGE_TRY(const auto programs, place.strings_or("programs"));
  append(spec.programs, programs);
  ORTFORGE_TRY(spec.origin, place.string("origin"));
  return spec;
}

Result<EnvironmentSpec> read_environment(const std::string& name, const JsonPlace& place) {
  ORTFORGE_CHECK(place.only(
      {"kind", "suite", "debootstrap_variant", "components", "packages", "programs", "python", "origin"}));
  EnvironmentSpec spec;
  spec.name = name;
  ORTFORGE_TRY(spec.kind, place.string("kind"));
  if (spec.kind != "host" && spec.kind != "debian") {
    ORTFORGE_TRY(const JsonPlace kind, place.at("kind"));
    return kind.error(fmt::format("expected \"host\" or \"debian\", found \"{}\"{}", spec.kind,
                                  did_you_mean(spec.kind, {"host", "debian"})));
  }
  ORTFORGE_TRY(spec.suite, place.string_or("suite", ""));
  if (spec.kind == "debian" && spec.suite.empty()) return place.error("a Debian environment needs a 'suite'");
  ORTFORGE_TRY(spec.debootstrap_variant, place.string_or("debootstrap_variant", ""));
  ORTFORGE_TRY(spec.components, place.strings_or("components"));
  ORTFORGE_TRY(spec.packages, place.strings_or("packages"));
  ORTFORGE_TRY(spec.programs, place.strings_or("programs"));
  ORTFORGE_TRY(spec.python, place.string_or("python", ""));
  ORTFORGE_TRY(spec.origin, place.string("origin"));
  return spec;
}

}  // namespace

Result<std::map<std::string, EnvironmentSpec>> read_environments(const JsonPlace& document) {
  ORTFORGE_CHECK(document.only({"$schema", "format", "environments"}));
  ORTFORGE_CHECK(check_format(document));
  ORTFORGE_TRY(const JsonPlace section, document.at("environments"));
  ORTFORGE_TRY(const auto members, section.members());
  std::map<std::string, EnvironmentSpec> result;
  for (const auto& [name, place] : members) {
    if (place.has("extends")) {
      ORTFORGE_TRY(result[name], read_extension(name, place, result));
    } else {
      ORTFORGE_TRY(result[name], read_environment(name, place));
    }
  }
  return result;
}

}  // namespace ortforge::matrix_reader
