#include "cuda_code_json.hpp"

namespace ortforge::report_detail {
namespace {

Json targets_json(const std::vector<CudaTarget>& targets) {
  Json json = Json::array();
  for (const CudaTarget& target : targets) {
    Json entry = {{"target", target.name}, {"count", target.count}};
    if (!target.version.empty()) entry["version"] = target.version;
    json.push_back(std::move(entry));
  }
  return json;
}

Json parts_json(const CudaTargets& targets) {
  return {{"sass", targets_json(targets.sass)},
          {"ptx", targets_json(targets.ptx)},
          {"other", targets_json(targets.other)}};
}

}  // namespace

Json cuda_code_json(const std::optional<CudaCode>& code) {
  if (!code) return nullptr;
  Json json = parts_json(code->ready);
  json["modules"] = parts_json(all_modules(*code));
  json["modules"]["count"] = code->modules.size();
  return json;
}

}  // namespace ortforge::report_detail
