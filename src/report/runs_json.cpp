#include <map>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/report/runs.hpp"

namespace ortforge {
namespace {

Json texts(const std::map<std::string, std::string>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = value;
  return json;
}

struct EndingWriter {
  Json operator()(const NotStarted& ending) const {
    return {{"kind", "not started"}, {"reason", ending.reason}};
  }
  Json operator()(const Exited& ending) const { return {{"kind", "exited"}, {"code", ending.code}}; }
  Json operator()(const Signaled& ending) const { return {{"kind", "signalled"}, {"signal", ending.signal}}; }
  Json operator()(const TimedOut& ending) const {
    return {{"kind", "timed out"}, {"limit_ms", ending.limit.count()}};
  }
};

Json ending_json(const StepRecord& step) {
  if (step.status != "built" && step.status != "failed" && step.status != "interrupted") return nullptr;
  Json json = std::visit(EndingWriter{}, step.ending);
  json["text"] = describe(step.ending);
  return json;
}

Json run_member(const RunRecord& run) {
  Json json;
  json["id"] = run.id;
  json["command_line"] = run.command_line;
  json["ortforge_version"] = run.ortforge_version;
  json["started_ms"] = run.started_ms;
  json["finished_ms"] = run.finished_ms == 0 ? Json(nullptr) : Json(run.finished_ms);
  json["result"] = run.result.empty() ? "running" : run.result;
  json["host"] = texts(run.host);
  json["matrix_revision"] = or_null(run.matrix_revision);
  json["matrix_clean"] = run.matrix_revision.empty() ? Json(nullptr) : Json(run.matrix_clean);
  return json;
}

Json step_member(const StepRecord& step) {
  Json json;
  json["id"] = step.id;
  json["run"] = step.run_id;
  json["step"] = step.name;
  json["role"] = step.role.empty() ? "component" : step.role;
  json["scope"] = step.scope;
  json["product"] = step.product;
  json["branch"] = step.branch;
  json["variants"] = step.variants;
  json["environment"] = step.environment;
  json["environment_digest"] = step.environment_digest;
  json["key"] = or_null(step.key);
  json["status"] = step.status;
  json["reason"] = step.reason;
  json["ending"] = ending_json(step);
  json["wall_ms"] = step.usage.wall.count();
  json["user_ms"] = step.usage.user.count();
  json["system_ms"] = step.usage.system.count();
  json["peak_bytes"] = step.usage.peak_bytes;
  json["cache_hits"] = step.cache.hits;
  json["cache_misses"] = step.cache.misses;
  json["started_ms"] = step.started_ms;
  json["finished_ms"] = step.finished_ms;
  json["log"] = or_null(step.log);
  json["output_digest"] = or_null(step.output_digest);
  json["artefacts"] = Json::array();
  for (const ArtefactRecord& artefact : step.artefacts) {
    json["artefacts"].push_back(
        {{"path", artefact.path}, {"bytes", artefact.bytes}, {"sha256", artefact.sha256}});
  }
  json["tools"] = texts(step.tools);
  json["derivation"] = or_null(step.derivation);
  json["store_path"] = or_null(step.store_path);
  return json;
}

std::string written(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string runs_json(const std::vector<RunRecord>& runs) {
  Json json;
  json["schema"] = "runs/1";
  json["runs"] = Json::array();
  for (const RunRecord& run : runs) json["runs"].push_back(run_member(run));
  return written(json);
}

std::string run_json(const RunRecord& run, const std::vector<StepRecord>& steps) {
  Json json;
  json["schema"] = "run/1";
  json["run"] = run_member(run);
  json["steps"] = Json::array();
  for (const StepRecord& step : steps) json["steps"].push_back(step_member(step));
  return written(json);
}

std::string logs_json(const std::vector<StepRecord>& steps) {
  Json json;
  json["schema"] = "log/1";
  json["logs"] = Json::array();
  for (const StepRecord& step : steps) {
    if (step.log.empty()) continue;
    Json log;
    log["run"] = step.run_id;
    log["step"] = step.name;
    log["scope"] = step.scope;
    log["variants"] = step.variants;
    log["status"] = step.status;
    log["ending"] = outcome_words(step);
    log["finished_ms"] = step.finished_ms;
    log["log"] = step.log;
    json["logs"].push_back(std::move(log));
  }
  return written(json);
}

}  // namespace ortforge
