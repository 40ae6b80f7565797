#include "ortforge/cli/test_run.hpp"

#include <algorithm>
#include <ostream>
#include <system_error>

#include "ortforge/audit/elf.hpp"
#include "ortforge/audit/glibc_floor.hpp"
#include "ortforge/audit/outside_libraries.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/executor.hpp"
#include "ortforge/build/work_directory.hpp"
#include "ortforge/cli/application.hpp"
#include "ortforge/cli/packed_python.hpp"
#include "ortforge/hardware/gpu.hpp"
#include "ortforge/source/pack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScript = "run-tests.sh";
constexpr const char* kTop = "ortforge-tests";            // folder in the archive
constexpr const char* kWork = "ortforge-test";            // work directory of local runs and of packing
constexpr Milliseconds kLongest = std::chrono::hours{6};  // the script ends each test by itself

// The highest version that the programs in `folder` (not below) ask of glibc; other files are passed over.
std::string programs_floor(const fs::path& folder) {
  std::string highest;
  std::error_code error;
  for (fs::directory_iterator item(folder, error), end; !error && item != end; item.increment(error)) {
    std::error_code ignored;
    if (!item->is_regular_file(ignored)) continue;
    const auto program = read_shared_library(item->path());
    if (program && compare_versions(program->glibc, highest) > 0) highest = program->glibc;
  }
  return highest;
}

Result<void> look_inside(TestKit& kit) {
  ORTFORGE_TRY(kit.glibc, glibc_floor(kit.result.path / "lib"));
  for (const fs::path& folder : {kit.test.path, kit.result.path / "bin"}) {
    const std::string floor = programs_floor(folder);
    if (compare_versions(floor, kit.glibc) > 0) kit.glibc = floor;
  }
  ORTFORGE_TRY(kit.libraries, outside_libraries(kit.result.path / "lib"));
  return {};
}

// The work directory, with the tests laid out in its folder kTop.
Result<WorkDirectory> lay_out(Session& session, const fs::path& home, const std::vector<TestKit>& kits) {
  ORTFORGE_TRY(const fs::path templates, session.templates_directory());
  ORTFORGE_CHECK(make_directories(home / "work"));
  ORTFORGE_TRY(auto work, WorkDirectory::acquire(home, kWork));
  if (!work) return fail(ErrorKind::bad_input, "another 'ortforge test' is running in {}", home.string());
  ORTFORGE_CHECK(remove_tree(work->path()));  // of a call that was killed
  ORTFORGE_CHECK(make_directories(work->path() / "home"));
  ORTFORGE_CHECK(lay_out_tests(kits, templates / "kit" / kScript, work->path() / kTop));
  return *std::move(work);
}

// The CUDA libraries that the kits were built with; empty where none were fetched for building.
Result<fs::path> toolkit_of(BuildSetup& setup, const std::vector<TestKit>& kits) {
  fs::path found;
  const TestKit* first = nullptr;
  const Workshop& workshop = setup.workshop();
  if (workshop.options().toolkit) {
    if (std::none_of(kits.begin(), kits.end(), [](const TestKit& kit) { return kit.variant.is_cuda(); }))
      return found;
    ORTFORGE_TRY(const ToolkitPrefix prefix,
                 link_toolkit(*workshop.options().toolkit, workshop.source_context()));
    return prefix.path;
  }
  for (const TestKit& kit : kits) {
    const Branch& branch = setup.matrix().products.at(kit.product).branches.at(kit.branch);
    const Line& line = branch.lines.at(kit.variant.line);
    if (line.toolkit_sources.empty()) continue;
    ORTFORGE_TRY(const Digest digest, toolkit_digest(line.toolkit_sources, workshop.source_context()));
    const fs::path prefix = toolkit_prefix(setup.home(), digest);
    std::error_code error;
    if (!fs::is_directory(prefix, error) || prefix == found) continue;
    if (!found.empty())
      return fail(ErrorKind::bad_input, "{} and {} need different CUDA libraries: test them in two calls",
                  first->variant.name, kit.variant.name);
    found = prefix;
    first = &kit;
  }
  return found;
}

// Empty folders where folders of the host are to be seen: a root that is read-only takes no new ones from the
// sandbox. They are no part of what its digest covers, its packages.
Result<void> make_mount_points(const fs::path& root, const std::vector<fs::path>& folders) {
  if (root == "/") return {};
  for (const fs::path& folder : folders) ORTFORGE_CHECK(make_directories(root / folder.relative_path()));
  return {};
}

// The command that runs the script inside, with what a GPU needs where this machine has one.
Result<Command> script_command(BuildSetup& setup, const std::vector<TestKit>& kits, const fs::path& work) {
  Command command{{"sh", std::string(kTop) + "/" + kScript, "--out", "results.json"}, {}, {}};
  std::vector<Mount> mounts;
  SandboxUse use;
  const GpuAccess gpu = find_gpu_access();
  const Environment* environment = setup.workshop().environments().at(kits.front().environment);
  if (!gpu.devices.empty()) {
    use.devices = gpu.devices;
    use.folders = gpu.folders;
    ORTFORGE_CHECK(make_mount_points(environment->root(), gpu.folders));
    for (const auto& [name, file] : gpu.files) mounts.push_back({file, "driver/" + name, false});
    command.environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/w/driver";
    command.environment["LD_LIBRARY_PATH"] = "/w/driver";
    for (const fs::path& folder : gpu.folders)
      command.environment["LD_LIBRARY_PATH"] += ":" + (folder / "lib").string();
    ORTFORGE_TRY(const fs::path toolkit, toolkit_of(setup, kits));
    if (!toolkit.empty()) {
      for (Mount& mount : toolkit_mounts(toolkit)) mounts.push_back(std::move(mount));
      command.environment["CUDA_LIBRARY_PATH"] = "/w/toolkit/lib64";
    }
  }
  return environment->wrap(command, work, mounts, use);
}

Result<Variant> variant_of(const Matrix& matrix, const TestedVariant& tested, const std::string& origin) {
  const auto product = matrix.products.find(tested.product);
  if (product != matrix.products.end()) {
    const auto branch = product->second.branches.find(tested.branch);
    if (branch != product->second.branches.end()) {
      for (Variant& variant : variants_of(matrix, product->second, branch->second)) {
        if (variant.name == tested.variant) return std::move(variant);
      }
    }
  }
  return fail(ErrorKind::bad_input, "{}: {}/{}:{} is not in the matrix", origin, tested.product,
              tested.branch, tested.variant);
}

// The entry of the result that was tested.
Result<StoreEntry> tested_entry(const Store& store, const TestedVariant& tested, const std::string& origin) {
  ORTFORGE_TRY(auto entry, store.find(tested.result_key, tested.result_scope));
  if (!entry || entry->key != tested.result_key) {
    return fail_with_hint(
        ErrorKind::missing,
        fmt::format("{}: {}: the result that was tested is not in the store", origin, tested.variant),
        "import into the home that packed it, before 'ortforge gc' removes the result");
  }
  ORTFORGE_TRY(const Json recipe, read_json(entry->path / "recipe" / "recipe.json"));
  ORTFORGE_TRY(const std::string variant, JsonPlace(recipe, "recipe.json").string("variant"));
  if (variant != tested.variant) {
    return fail(ErrorKind::bad_input, "{}: {}: the result of this key is {}", origin, tested.variant,
                variant);
  }
  return *std::move(entry);
}

struct Judged {
  TestSummary summary;
  std::vector<StepRecord> steps;
};

Result<Judged> judge(const Matrix& matrix, const fs::path& home, const TestResults& results,
                     const std::string& origin, const std::string& environment) {
  Judged judged;
  judged.summary.machine = machine_words(results.host);
  const Store store(home);
  for (const TestedVariant& tested : results.variants) {
    ORTFORGE_TRY(const Variant variant, variant_of(matrix, tested, origin));
    ORTFORGE_TRY(const StoreEntry entry, tested_entry(store, tested, origin));
    ORTFORGE_CHECK(check_tested_files(tested, entry, origin));
    const TestVerdict verdict = verdict_of(tested, variant.is_cuda());
    judged.summary.rows.push_back({tested.product, tested.branch, tested.variant, verdict});
    judged.steps.push_back(test_step_of(results, tested, verdict, environment));
  }
  return judged;
}

Result<void> add_steps(Database& database, std::int64_t run_id, const fs::path& home, const std::string& text,
                       std::vector<StepRecord> steps) {
  const fs::path log = fs::path("logs") / fmt::format("run-{:06}", run_id) / "test-results.json";
  ORTFORGE_CHECK(write_file(home / log, text));
  for (StepRecord& step : steps) {
    step.run_id = run_id;
    step.log = log.string();
    ORTFORGE_CHECK(database.add_step(step));
  }
  return {};
}

}  // namespace

Result<std::vector<TestKit>> find_test_kits(BuildSetup& setup, bool all) {
  ORTFORGE_TRY(const auto requests, setup.workshop().requests(setup.variants()));
  ORTFORGE_TRY(const Plan plan, setup.workshop().plan(requests));
  std::vector<TestKit> kits;
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    auto kit = find_test_kit(plan, plan.results[i], setup.variants()[i], setup.store());
    if (!kit && (all || kit.error().kind != ErrorKind::missing)) return pass_on(kit.error());
    if (!kit) continue;
    ORTFORGE_CHECK(look_inside(*kit));
    kits.push_back(*std::move(kit));
  }
  if (kits.empty())
    return fail_with_hint(ErrorKind::missing, "none of these variants is built and tested here",
                          "'ortforge build' builds and tests them");
  return kits;
}

Result<TestSummary> pack_tests(Session& session, BuildSetup& setup, const std::vector<TestKit>& kits,
                               const fs::path& archive) {
  ORTFORGE_TRY(const WorkDirectory work, lay_out(session, setup.home(), kits));
  const bool wheels = setup.workshop().options().outputs.contains("wheel");
  for (const TestKit& kit : kits) {
    const fs::path place = work.path() / kTop / "python" / kit.variant.python;
    std::error_code error;
    if (!wheels || kit.variant.python.empty() || fs::exists(place, error)) continue;
    const Environment* environment = setup.workshop().environments().at(kit.environment);
    ORTFORGE_CHECK(lay_out_python(environment->root(), kit.variant.python, place));
  }
  const auto packed = pack_folder(work.path() / kTop, kTop, session.surroundings().directory / archive,
                                  session.surroundings().interrupt);
  ORTFORGE_CHECK(work.remove());
  ORTFORGE_CHECK(packed);
  TestSummary summary;
  summary.archive = archive.string();
  std::error_code error;
  summary.bytes = fs::file_size(session.surroundings().directory / archive, error);
  for (const TestKit& kit : kits)
    summary.rows.push_back({kit.product, kit.branch, kit.variant.name, TestVerdict{}});
  return summary;
}

Result<TestSummary> run_tests(Session& session, BuildSetup& setup, const std::vector<TestKit>& kits) {
  for (const TestKit& kit : kits) {
    if (kit.environment != kits.front().environment) {
      return fail(ErrorKind::bad_input, "{} is tested in {}, {} in {}: test them in two calls",
                  kits.front().variant.name, kits.front().environment, kit.variant.name, kit.environment);
    }
  }
  ORTFORGE_TRY(const WorkDirectory work, lay_out(session, setup.home(), kits));
  ORTFORGE_TRY(const Command command, script_command(setup, kits, work.path()));
  ORTFORGE_TRY(const Captured done, run_captured(command, kLongest, session.surroundings().interrupt));
  if (done.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (!session.options().quiet) session.err() << done.output;
  const auto text = read_file(work.path() / "results.json");
  if (!text) {
    return fail(ErrorKind::internal, "the tests did not run ({}): {}", describe(done.outcome.ending),
                trim(done.output));
  }
  ORTFORGE_TRY(TestSummary summary,
               record_tests(session, setup.home(), *text, "results.json", kits.front().environment));
  ORTFORGE_CHECK(work.remove());
  return summary;
}

Result<TestSummary> record_tests(Session& session, const fs::path& home, const std::string& text,
                                 const std::string& origin, const std::string& environment) {
  ORTFORGE_TRY(const Matrix* matrix, session.matrix());
  ORTFORGE_TRY(const TestResults results, parse_test_results(text, origin));
  ORTFORGE_TRY(Judged judged, judge(*matrix, home, results, origin, environment));
  ORTFORGE_TRY(const std::unique_ptr<Database> database, Database::open(home / "state.db"));
  RunRecord run;
  run.command_line = session.surroundings().arguments;
  run.ortforge_version = ortforge_version();
  run.started_ms = results.started_ms;
  run.host = host_facts_of(results);
  ORTFORGE_TRY(judged.summary.run_id, database->begin_run(run));
  const auto added = add_steps(*database, judged.summary.run_id, home, text, std::move(judged.steps));
  const bool good = added && judged.summary.success();
  const auto finished =
      database->finish_run(judged.summary.run_id, good ? "succeeded" : "failed", results.finished_ms);
  ORTFORGE_CHECK(added);
  ORTFORGE_CHECK(finished);
  return std::move(judged.summary);
}

}  // namespace ortforge
