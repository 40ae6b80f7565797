#include "inherit.hpp"

#include <algorithm>
#include <map>

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

class Resolver {
 public:
  explicit Resolver(const std::vector<std::pair<std::string, JsonPlace>>& members) : members_(members) {}

  Result<void> resolve_all() {
    for (const auto& [name, place] : members_) ORTFORGE_CHECK(resolve(name, place));
    return {};
  }

  std::vector<ResolvedBranch> take() { return std::move(resolved_); }

 private:
  Result<void> resolve(const std::string& name, const JsonPlace& place) {
    if (index_.contains(name)) return {};
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) {
      return place.error(fmt::format("inherits from itself: {} -> {}", join(open_, " -> "), name));
    }
    open_.push_back(name);
    Json value = place.value();
    if (place.has("inherits")) {
      ORTFORGE_TRY(const std::size_t parent, resolve_parent(place));
      value = resolved_[parent].value;
      value.merge_patch(place.value());
    }
    open_.pop_back();
    index_.emplace(name, resolved_.size());
    resolved_.push_back({name, std::move(value)});
    return {};
  }

  Result<std::size_t> resolve_parent(const JsonPlace& place) {
    ORTFORGE_TRY(const std::string parent, place.string("inherits"));
    const auto found =
        std::find_if(members_.begin(), members_.end(), [&](const auto& m) { return m.first == parent; });
    if (found == members_.end()) {
      std::vector<std::string> names;
      for (const auto& [name, member] : members_) names.push_back(name);
      ORTFORGE_TRY(const JsonPlace member, place.at("inherits"));
      return member.error(fmt::format("there is no branch '{}'{}", parent, did_you_mean(parent, names)));
    }
    ORTFORGE_CHECK(resolve(parent, found->second));
    return index_.at(parent);
  }

  const std::vector<std::pair<std::string, JsonPlace>>& members_;
  std::vector<ResolvedBranch> resolved_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::string> open_;
};

}  // namespace

Result<std::vector<ResolvedBranch>> resolve_inheritance(const JsonPlace& branches) {
  ORTFORGE_TRY(const auto members, branches.members());
  Resolver resolver(members);
  ORTFORGE_CHECK(resolver.resolve_all());
  return resolver.take();
}

}  // namespace ortforge::matrix_reader
