#include "ortforge/report/new_branch.hpp"

#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

std::string line_of(const FollowingSource& source) {
  const std::string versions =
      source.before == source.after ? source.after : source.before + " -> " + source.after;
  return fmt::format("source {}: {}{}\n", source.name, versions,
                     source.unpinned ? ", without a digest until 'ortforge lock' fills it in" : "");
}

}  // namespace

std::string new_branch_text(const BranchAddition& addition, const BranchChoice& parent,
                            const std::string& name, const std::string& version) {
  std::string text =
      fmt::format("{}: {} {} inherits {}\n", addition.file.string(), name, version, parent.branch->name);
  for (const FollowingSource& source : addition.sources) text += line_of(source);
  return text;
}

std::string new_branch_json(const BranchAddition& addition, const BranchChoice& parent,
                            const std::string& name, const std::string& version) {
  Json json{{"schema", "branch/1"},
            {"file", addition.file.string()},
            {"product", parent.product->name},
            {"branch", name},
            {"version", version},
            {"inherits", parent.branch->name}};
  Json sources = Json::array();
  for (const FollowingSource& source : addition.sources) {
    sources.push_back({{"name", source.name},
                       {"before", or_null(source.before)},
                       {"after", or_null(source.after)},
                       {"unpinned", source.unpinned}});
  }
  json["sources"] = std::move(sources);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge
