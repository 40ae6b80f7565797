#include "ortforge/matrix/hardware.hpp"

#include <algorithm>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

bool has_target(const Toolkit& toolkit, int sm) {
  return contains(toolkit.targets, std::to_string(sm));
}

bool stands_beside(const Hardware& hardware, const Sm& sm, const Isa& isa) {
  if (!contains(sm.platforms, isa.platform)) return false;
  if (contains(sm.isas, isa.name)) return true;
  return std::none_of(sm.isas.begin(), sm.isas.end(), [&](const std::string& listed) {
    const auto found = hardware.isas.find(listed);
    return found != hardware.isas.end() && found->second.platform == isa.platform;
  });
}

std::string driver_needed(const Toolkit& toolkit, const Sm& sm) {
  return compare_versions(sm.first_driver, toolkit.driver_floor) > 0 ? sm.first_driver : toolkit.driver_floor;
}

}  // namespace ortforge
