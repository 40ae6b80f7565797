#include "json_mutator.hpp"

#include <iterator>
#include <limits>
#include <random>
#include <vector>

#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

// Every array and object that holds something.
void collect(Json& value, std::vector<Json*>& holders) {
  if (!value.is_structured() || value.empty()) return;
  holders.push_back(&value);
  for (Json& inner : value) collect(inner, holders);
}

Json odd_value(unsigned choice) {
  static const std::vector<Json> values{nullptr,
                                        true,
                                        0,
                                        -1,
                                        90,
                                        std::numeric_limits<long long>::max(),
                                        std::numeric_limits<long long>::min(),
                                        1e300,
                                        "",
                                        "@",
                                        "@sm@",
                                        "..",
                                        "12.4.0.0",
                                        "a b",
                                        "sm>=90",
                                        "!(",
                                        std::string(300, 'x'),
                                        Json::array(),
                                        Json::object()};
  return values[choice % values.size()];
}

Json::iterator place(Json& holder, unsigned choice) {
  return std::next(holder.begin(), static_cast<Json::difference_type>(choice % holder.size()));
}

Json& pick(Json& holder, unsigned choice) {
  return *place(holder, choice);
}

}  // namespace

std::string mutated_json(std::string_view text, unsigned seed) {
  Json document = Json::parse(text.begin(), text.end(), nullptr, false);
  if (document.is_discarded()) return {};
  std::minstd_rand random(seed);
  const auto draw = [&random] { return static_cast<unsigned>(random()); };
  for (unsigned left = 1 + draw() % 4; left > 0; --left) {
    std::vector<Json*> holders;
    collect(document, holders);
    if (holders.empty()) break;
    Json& holder = *holders[draw() % holders.size()];
    const unsigned choice = draw();
    switch (draw() % 5) {
      case 0:
        holder.erase(place(holder, choice));
        break;
      case 1:
        pick(holder, choice) = odd_value(draw());
        break;
      case 2: {
        const Json other = pick(*holders[draw() % holders.size()], draw());
        pick(holder, choice) = other;
        break;
      }
      case 3: {
        const Json copy = pick(holder, choice);
        if (holder.is_array()) holder.push_back(copy);
        if (holder.is_object()) holder["x" + std::to_string(choice % 3)] = copy;
        break;
      }
      default: {
        Json& value = pick(holder, choice);
        if (value.is_string()) value = value.get<std::string>() + odd_value(draw()).dump();
        if (value.is_number_integer()) value = odd_value(2 + draw() % 5);
      }
    }
  }
  return document.dump();
}

}  // namespace ortforge
