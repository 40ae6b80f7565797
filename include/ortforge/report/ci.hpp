// Shards as the job matrices of continuous integration systems.
#pragma once

#include <string>
#include <vector>

namespace ortforge {

// The names of the variants that each shard builds.
using ShardNames = std::vector<std::vector<std::string>>;

// For `strategy.matrix` of GitHub Actions, on one line: {"include":[{"shard":1,"variants":"a b"}]}.
std::string github_matrix(const ShardNames& shards);

// For `parallel:matrix` of GitLab CI, on one line: [{"SHARD":"1","VARIANTS":"a b"}]. JSON, which is YAML too.
std::string gitlab_matrix(const ShardNames& shards);

}  // namespace ortforge
