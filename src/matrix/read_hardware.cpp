#include <charconv>

#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

Result<Platform> read_platform(const std::string& name, const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"machine", "baseline_flags", "origin"}));
  Platform platform;
  platform.name = name;
  ORTFORGE_TRY(platform.machine, place.string("machine"));
  ORTFORGE_TRY(platform.baseline_flags, place.strings_or("baseline_flags"));
  ORTFORGE_TRY(platform.origin, place.string("origin"));
  return platform;
}

Result<Isa> read_isa(const std::string& name, const JsonPlace& place) {
  ORTFORGE_CHECK(place.only(
      {"title", "platform", "rank", "flags", "features", "macros", "cpus", "not_cpus", "note", "origin"}));
  Isa isa;
  isa.name = name;
  ORTFORGE_TRY(isa.title, place.string("title"));
  ORTFORGE_TRY(isa.platform, place.string("platform"));
  ORTFORGE_TRY(const long long rank, place.integer("rank"));
  isa.rank = static_cast<int>(rank);
  ORTFORGE_TRY(const JsonPlace flags, place.at("flags"));
  ORTFORGE_TRY(isa.flags, flags.strings());
  ORTFORGE_TRY(const JsonPlace features, place.at("features"));
  ORTFORGE_TRY(isa.features, features.strings());
  ORTFORGE_TRY(isa.macros, place.strings_or("macros"));
  ORTFORGE_TRY(isa.cpus, place.strings_or("cpus"));
  ORTFORGE_TRY(isa.not_cpus, place.strings_or("not_cpus"));
  ORTFORGE_TRY(isa.note, place.string_or("note", ""));
  ORTFORGE_TRY(isa.origin, place.string("origin"));
  return isa;
}

Result<Sm> read_sm(const std::string& name, const JsonPlace& place) {
  ORTFORGE_CHECK(place.only(
      {"compute_capability", "architecture", "first_driver", "platforms", "isas", "note", "origin"}));
  Sm sm;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), sm.number);
  if (fault != std::errc() || end != name.data() + name.size() || sm.number < 10 || sm.number > 9999) {
    return place.error(fmt::format("'{}' is no SM number: expected digits such as 90 for sm_90", name));
  }
  ORTFORGE_TRY(sm.compute_capability, place.string("compute_capability"));
  const std::string expected = fmt::format("{}.{}", sm.number / 10, sm.number % 10);
  if (sm.compute_capability != expected) {
    ORTFORGE_TRY(const JsonPlace member, place.at("compute_capability"));
    return member.error(
        fmt::format("expected \"{}\" for sm_{}, found \"{}\"", expected, sm.number, sm.compute_capability));
  }
  ORTFORGE_TRY(sm.architecture, place.string("architecture"));
  ORTFORGE_TRY(sm.first_driver, place.string_or("first_driver", ""));
  ORTFORGE_TRY(const JsonPlace platforms, place.at("platforms"));
  ORTFORGE_TRY(sm.platforms, platforms.strings());
  ORTFORGE_TRY(sm.isas, place.strings_or("isas"));
  ORTFORGE_TRY(sm.note, place.string_or("note", ""));
  ORTFORGE_TRY(sm.origin, place.string("origin"));
  return sm;
}

Result<Gpu> read_gpu(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "architecture", "sm", "first_driver", "origin"}));
  Gpu gpu;
  ORTFORGE_TRY(gpu.name, place.string("name"));
  ORTFORGE_TRY(gpu.architecture, place.string("architecture"));
  ORTFORGE_TRY(const long long sm, place.integer("sm"));
  gpu.sm = static_cast<int>(sm);
  ORTFORGE_TRY(gpu.first_driver, place.string_or("first_driver", ""));
  ORTFORGE_TRY(gpu.origin, place.string("origin"));
  return gpu;
}

Result<CompilerRange> read_compiler(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "highest_major", "origin"}));
  CompilerRange range;
  ORTFORGE_TRY(range.name, place.string("name"));
  ORTFORGE_TRY(const long long major, place.integer("highest_major"));
  range.highest_major = static_cast<int>(major);
  ORTFORGE_TRY(range.origin, place.string("origin"));
  return range;
}

Result<Toolkit> read_toolkit(const std::string& name, const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"targets", "driver", "driver_floor", "host_compilers", "origin"}));
  Toolkit toolkit;
  toolkit.version = name;
  ORTFORGE_TRY(const JsonPlace targets, place.at("targets"));
  ORTFORGE_TRY(toolkit.targets, targets.strings());
  ORTFORGE_TRY(toolkit.driver, place.string("driver"));
  ORTFORGE_TRY(toolkit.driver_floor, place.string("driver_floor"));
  ORTFORGE_TRY(toolkit.host_compilers, read_list(place, "host_compilers", read_compiler));
  ORTFORGE_TRY(toolkit.origin, place.string("origin"));
  return toolkit;
}

Result<DriverRule> read_driver_rule(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"rule", "origin"}));
  DriverRule rule;
  ORTFORGE_TRY(rule.rule, place.string("rule"));
  ORTFORGE_TRY(rule.origin, place.string("origin"));
  return rule;
}

// An object member whose keys are names; `enter` puts each value into its map.
template <class T, class Enter>
Result<void> read_named(const JsonPlace& document, const char* key,
                        Result<T> (*read)(const std::string&, const JsonPlace&), Enter enter) {
  ORTFORGE_TRY(const JsonPlace section, document.at(key));
  ORTFORGE_TRY(const auto members, section.members());
  for (const auto& [name, place] : members) {
    ORTFORGE_TRY(T value, read(name, place));
    enter(std::move(value));
  }
  return {};
}

}  // namespace

Result<void> check_format(const JsonPlace& document) {
  ORTFORGE_TRY(const long long format, document.integer("format"));
  if (format == kFormat) return {};
  ORTFORGE_TRY(const JsonPlace place, document.at("format"));
  return place.error(fmt::format("this ortforge reads format {}, found {}", kFormat, format));
}

Result<Hardware> read_hardware(const JsonPlace& document) {
  ORTFORGE_CHECK(
      document.only({"$schema", "format", "platforms", "isas", "sms", "gpus", "toolkits", "driver_rules"}));
  ORTFORGE_CHECK(check_format(document));
  Hardware hardware;
  ORTFORGE_CHECK(read_named(document, "platforms", read_platform, [&](Platform value) {
    hardware.platforms.emplace(value.name, std::move(value));
  }));
  ORTFORGE_CHECK(read_named(document, "isas", read_isa,
                            [&](Isa value) { hardware.isas.emplace(value.name, std::move(value)); }));
  ORTFORGE_CHECK(read_named(document, "sms", read_sm,
                            [&](Sm value) { hardware.sms.emplace(value.number, std::move(value)); }));
  ORTFORGE_CHECK(read_named(document, "toolkits", read_toolkit, [&](Toolkit value) {
    hardware.toolkits.emplace(value.version, std::move(value));
  }));
  ORTFORGE_TRY(hardware.gpus, read_list(document, "gpus", read_gpu));
  ORTFORGE_TRY(hardware.driver_rules, read_list(document, "driver_rules", read_driver_rule));
  return hardware;
}

}  // namespace ortforge::matrix_reader
