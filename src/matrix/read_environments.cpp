#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

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
    ORTFORGE_TRY(EnvironmentSpec spec, read_environment(name, place));
    result.emplace(name, std::move(spec));
  }
  return result;
}

}  // namespace ortforge::matrix_reader
