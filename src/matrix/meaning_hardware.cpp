#include <algorithm>
#include <cctype>
#include <set>

#include "meaning.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_meaning {
namespace {

void check_isas(const Hardware& hardware, Findings& findings) {
  std::map<std::pair<std::string, int>, std::string> ranks;
  for (const auto& [name, isa] : hardware.isas) {
    const std::string path = "$.isas." + name;
    if (!is_plain_name(name))
      findings.error(path, fmt::format("'{}' cannot stand in the name of a variant", name));
    if (!hardware.platforms.contains(isa.platform)) {
      findings.error(path + ".platform",
                     fmt::format("there is no platform '{}'{}", isa.platform,
                                 did_you_mean(isa.platform, names_of(hardware.platforms))));
    }
    if (isa.flags.empty()) findings.error(path + ".flags", "an ISA needs the compiler flags that select it");
    if (isa.features.empty())
      findings.error(path + ".features", "an ISA needs the CPU features that a host must have");
    const auto [other, fresh] = ranks.emplace(std::make_pair(isa.platform, isa.rank), name);
    if (!fresh) {
      findings.error(path + ".rank",
                     fmt::format("'{}' has rank {} on {} too: which one is best would be open", other->second,
                                 isa.rank, isa.platform));
    }
  }
}

void check_sms(const Hardware& hardware, Findings& findings) {
  for (const auto& [number, sm] : hardware.sms) {
    const std::string path = fmt::format("$.sms.{}", number);
    if (sm.platforms.empty())
      findings.error(path + ".platforms", "names no platform that the hardware exists on");
    for (std::size_t i = 0; i < sm.platforms.size(); ++i) {
      if (hardware.platforms.contains(sm.platforms[i])) continue;
      findings.error(fmt::format("{}.platforms[{}]", path, i),
                     fmt::format("there is no platform '{}'{}", sm.platforms[i],
                                 did_you_mean(sm.platforms[i], names_of(hardware.platforms))));
    }
    for (std::size_t i = 0; i < sm.isas.size(); ++i) {
      const auto isa = hardware.isas.find(sm.isas[i]);
      const std::string place = fmt::format("{}.isas[{}]", path, i);
      if (isa == hardware.isas.end()) {
        findings.error(place, fmt::format("there is no ISA '{}'{}", sm.isas[i],
                                          did_you_mean(sm.isas[i], names_of(hardware.isas))));
      } else if (std::find(sm.platforms.begin(), sm.platforms.end(), isa->second.platform) ==
                 sm.platforms.end()) {
        findings.error(place, fmt::format("'{}' is an ISA of {}, where sm_{} does not exist", sm.isas[i],
                                          isa->second.platform, number));
      }
    }
  }
}

// "90", "90a", "120f": a number, and a letter for architecture- or family-specific targets.
bool is_target(const std::string& text) {
  std::size_t digits = 0;
  while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) ++digits;
  const std::string rest = text.substr(digits);
  return digits >= 2 && (rest.empty() || rest == "a" || rest == "f");
}

}  // namespace

bool is_plain_name(const std::string& name) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return letter(c) || c == '_' || c == '.' || c == '-';
  });
}

void check_hardware(const Hardware& hardware, Findings& findings) {
  check_isas(hardware, findings);
  check_sms(hardware, findings);
  std::set<std::string> gpus;
  for (std::size_t i = 0; i < hardware.gpus.size(); ++i) {
    const Gpu& gpu = hardware.gpus[i];
    if (!gpus.insert(gpu.name).second) {
      findings.error(fmt::format("$.gpus[{}].name", i),
                     fmt::format("the GPU '{}' is listed twice", gpu.name));
    }
    const auto sm = hardware.sms.find(gpu.sm);
    if (sm == hardware.sms.end()) {
      findings.error(fmt::format("$.gpus[{}].sm", i),
                     fmt::format("'{}' has SM {}, which 'sms' does not describe", gpu.name, gpu.sm));
    } else if (sm->second.architecture != gpu.architecture) {
      findings.error(fmt::format("$.gpus[{}].architecture", i),
                     fmt::format("'{}' is called {}, but sm_{} is {}", gpu.name, gpu.architecture, gpu.sm,
                                 sm->second.architecture));
    }
  }
  for (const auto& [version, toolkit] : hardware.toolkits) {
    std::set<std::string> targets;
    for (std::size_t i = 0; i < toolkit.targets.size(); ++i) {
      const std::string place = fmt::format("$.toolkits[\"{}\"].targets[{}]", version, i);
      const std::string& target = toolkit.targets[i];
      if (!is_target(target))
        findings.error(
            place, fmt::format("'{}' is no target: expected digits as in sm_90, with a or f behind", target));
      if (!targets.insert(target).second)
        findings.error(place, fmt::format("the target '{}' is listed twice", target));
    }
  }
}

}  // namespace ortforge::matrix_meaning
