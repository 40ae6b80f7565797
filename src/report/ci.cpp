#include "ortforge/report/ci.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {

std::string github_matrix(const ShardNames& shards) {
  Json jobs = Json::array();
  for (std::size_t i = 0; i < shards.size(); ++i)
    jobs.push_back({{"shard", i + 1}, {"variants", join(shards[i], " ")}});
  Json json;
  json["include"] = std::move(jobs);
  return json.dump();
}

std::string gitlab_matrix(const ShardNames& shards) {
  Json jobs = Json::array();
  for (std::size_t i = 0; i < shards.size(); ++i)
    jobs.push_back({{"SHARD", std::to_string(i + 1)}, {"VARIANTS", join(shards[i], " ")}});
  return jobs.dump();
}

}  // namespace ortforge
