// Runs and steps for tests of the record.
#pragma once

#include <algorithm>
#include <string>

#include "ortforge/record/database.hpp"

namespace ortforge {

inline RunRecord some_run() {
  RunRecord run;
  run.command_line = {"ortforge", "build", "cpu-avx2", "--filter", "isa=='avx2' && \"x\""};
  run.ortforge_version = "0.1.0";
  run.started_ms = 1764000000123;
  run.host = {{"cpu", "AMD EPYC"}, {"cores", "2"}, {"memory_bytes", "8589934592"}};
  run.matrix_revision = "0123456789abcdef0123456789abcdef01234567";
  run.matrix_clean = false;
  return run;
}

inline StepRecord some_step(std::int64_t run, const std::string& name, const std::string& status) {
  StepRecord step;
  step.run_id = run;
  step.key = std::string(64, 'a');
  step.name = name;
  step.role = name == "package" ? "result" : name == "test" ? "test" : "";
  step.scope = "simdkernels-1.0-" + name;
  step.product = "simdkernels";
  step.branch = "main";
  step.variants = {"simdkernels-cpu-avx2", "simdkernels-cpu-avx512"};
  step.environment = "debian-trixie";
  step.environment_digest = "sha256-x";
  step.status = status;
  step.reason = "source/onnx changed";
  step.ending = Exited{0};
  step.usage = {Milliseconds{1000}, Milliseconds{1800}, Milliseconds{100}, 123456789};
  step.started_ms = 1764000000200;
  step.finished_ms = 1764000001200;
  step.log = "logs/1-" + name + ".log";
  step.output_digest = std::string(64, 'b');
  step.artefacts = {{"lib/libsimdkernels.so", 4096, std::string(64, 'c')},
                    {"include/simdkernels.h", 10, std::string(64, 'd')}};
  step.tools = {{"g++", "g++ (Debian 14.2.0-19) 14.2.0"}, {"ninja", "1.12.1"}};
  step.derivation = "/nix/store/d-" + name + ".drv";
  step.store_path = "/nix/store/p-" + name;
  return step;
}

// Field by field equality.
inline bool same(const ArtefactRecord& a, const ArtefactRecord& b) {
  return a.path == b.path && a.bytes == b.bytes && a.sha256 == b.sha256;
}
inline bool same(const StepRecord& a, const StepRecord& b) {
  return a.id == b.id && a.run_id == b.run_id && a.key == b.key && a.name == b.name && a.role == b.role &&
         a.scope == b.scope && a.product == b.product && a.branch == b.branch && a.variants == b.variants &&
         a.environment == b.environment && a.environment_digest == b.environment_digest &&
         a.status == b.status && a.reason == b.reason && a.ending == b.ending && a.usage == b.usage &&
         a.started_ms == b.started_ms && a.finished_ms == b.finished_ms && a.log == b.log &&
         a.output_digest == b.output_digest && a.tools == b.tools && a.cache == b.cache &&
         a.tested == b.tested && a.derivation == b.derivation && a.store_path == b.store_path &&
         a.artefacts.size() == b.artefacts.size() &&
         std::equal(a.artefacts.begin(), a.artefacts.end(), b.artefacts.begin(),
                    [](const ArtefactRecord& x, const ArtefactRecord& y) { return same(x, y); });
}

}  // namespace ortforge
