// Builds with a Nix that is not there: it prints what the test says.
#include "ortforge/build/nix_build.hpp"

#include <csignal>
#include <deque>

#include "support/fake_build.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHash = "00000000000000000000000000000000";

std::string drv_path(const std::string& name) {
  return fmt::format("/nix/store/{}-{}.drv", kHash, name);
}
std::string out_path(const std::string& name) {
  return fmt::format("/nix/store/{}-{}", kHash, name);
}

std::string nix_line(const Json& json) {
  return "@nix " + json.dump() + "\n";
}
std::string nix_error(const std::string& text) {
  return nix_line({{"action", "msg"}, {"level", 0}, {"msg", "error: " + text}, {"raw_msg", text}});
}
std::string builds_begin() {
  return nix_line({{"action", "start"}, {"id", 1}, {"type", 104}});
}
std::string builds_count(int done, int expected, int failed) {
  return nix_line(
      {{"action", "result"}, {"id", 1}, {"type", 105}, {"fields", Json::array({done, expected, 0, failed})}});
}
std::string build_begins(int id, const std::string& name) {
  return nix_line(
      {{"action", "start"}, {"id", id}, {"type", 105}, {"fields", Json::array({drv_path(name), "", 1, 1})}});
}
std::string build_says(int id, const std::string& line) {
  return nix_line({{"action", "result"}, {"id", id}, {"type", 101}, {"fields", Json::array({line})}});
}
std::string build_ends(int id) {
  return nix_line({{"action", "stop"}, {"id", id}});
}

// Variant "a" needs "core"; a variant's derivation is called as itself. Nix answers from `store`, and builds
// what `realise` says.
class FakeNix : public ProcessRunner {
 public:
  std::set<std::string> store;                 // outputs that are there
  std::map<std::string, std::string> refused;  // variant -> what nix-instantiate prints in vain
  struct Realised {
    std::string printed;
    std::set<std::string> made;
    Outcome outcome{Exited{0}, {}, false};
  };
  std::deque<Realised> realise;  // by calls that build; afterwards all is well
  std::vector<std::vector<std::string>> calls;

  Result<ProcessId> start(const Command& command, RunOptions options) override {
    calls.push_back(command.argv);
    const auto [printed, outcome] = answer(command.argv);
    options.on_output(printed);
    ended_.push_back({++id_, outcome});
    return id_;
  }
  Result<std::optional<Finished>> wait(Milliseconds) override {
    if (ended_.empty()) return std::optional<Finished>();
    const Finished first = ended_.front();
    ended_.pop_front();
    return std::optional<Finished>(first);
  }
  void stop_all() override {}
  std::size_t running() const override { return ended_.size(); }

  // Calls with a word in them.
  std::vector<std::string> calls_with(const std::string& word) const {
    std::vector<std::string> found;
    for (const auto& argv : calls) {
      if (std::find(argv.begin(), argv.end(), word) != argv.end()) found.push_back(join(argv, " "));
    }
    return found;
  }

 private:
  static Outcome ended_with(int code) { return {Exited{code}, {}, false}; }

  std::pair<std::string, Outcome> answer(const std::vector<std::string>& argv) {
    if (argv.front() == "nix-instantiate") return evaluate(argv.at(1));
    std::string printed;
    for (const std::string& word : argv) {
      if (!word.starts_with("/nix/")) continue;
      const std::string name = nix_name(word.substr(0, word.find('!')));
      if (argv.at(2) == "--binding") printed += out_path(name) + "\n";
      if (argv.at(1) == "--check-validity" && !store.contains(word)) printed += word + "\n";
      if (argv.at(2) == "--requisites")
        printed += drv_path("core") + "\n" + word + "\n/nix/store/builder.sh\n";
    }
    if (argv.at(2) == "--hash")
      return {"sha256:1bly76hlajffjlxj7x84klb92vjzfvhhzakkzsjjxf9x9yvwphln\n", ended_with(0)};
    const bool links = std::find(argv.begin(), argv.end(), "--add-root") != argv.end();
    if (argv.at(1) != "--realise" || links || realise.empty()) return {printed, ended_with(0)};
    const Realised now = realise.front();
    realise.pop_front();
    store.insert(now.made.begin(), now.made.end());
    return {now.printed, now.outcome};
  }

  std::pair<std::string, Outcome> evaluate(const std::string& file) {
    const std::string name = std::filesystem::path(file).stem();
    const auto found = refused.find(name);
    if (found != refused.end()) return {found->second, ended_with(1)};
    return {"warning: you did not specify '--add-root'\n" + drv_path(name) + "\n", ended_with(0)};
  }

  ProcessId id_ = 0;
  std::deque<Finished> ended_;
};

class FakeNixListener : public NixListener {
 public:
  std::vector<std::string> said;
  std::string status;
  void evaluating(const std::string&) override {}
  void started(const std::string& name) override { said.push_back("started " + name); }
  void output(const std::string&, std::string_view) override {}
  void built(const std::string& name, Milliseconds) override { said.push_back("built " + name); }
  void failed(const std::string& name, const NixFailure& failure, const std::string& tail,
              const std::string&) override {
    said.push_back("failed " + name + ": " + failure.words + (tail.empty() ? "" : " | " + tail));
  }
  void progress(const NixProgress& view) override {
    status = fmt::format("{}/{}, {} failed", view.done, view.total, view.failed);
  }
};

class NixBuildTest : public testing::Test {
 protected:
  NixBuildTest() {
    context_.home = home_.path();
    context_.recorder = &recorder_;
    context_.listener = &listener_;
    context_.runner = &nix_;
    context_.interrupt = &interrupt_;
    context_.now_ms = [this] { return now_ += 10; };
    context_.run_id = 4;
    context_.version = "nix-store (Nix) 2.8.0";
  }

  static NixRequest request(const std::string& variant) {
    return {variant, "onnxruntime", "ort", "x86_64-linux", "/r/" + variant + ".nix", {}};
  }
  NixReport build(const std::vector<std::string>& variants) {
    std::vector<NixRequest> requests;
    for (const std::string& variant : variants) requests.push_back(request(variant));
    auto report = nix_build(requests, options_, context_);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *std::move(report) : NixReport();
  }
  // "core built, a failed; exit code 1"
  std::vector<std::string> recorded() const {
    std::vector<std::string> words;
    for (const StepRecord& step : recorder_.steps)
      words.push_back(step.scope + " " + step.status + (step.reason.empty() ? "" : "; " + step.reason));
    return words;
  }

  TemporaryDirectory home_;
  FakeNix nix_;
  FakeNixListener listener_;
  FakeRecorder recorder_;
  Interrupt interrupt_;
  NixOptions options_;
  NixContext context_;
  std::int64_t now_ = 0;
};

TEST_F(NixBuildTest, BuildsAndRecordsEveryDerivation) {
  nix_.realise.push_back({builds_begin() + builds_count(0, 2, 0) + build_begins(5, "core") +
                              build_says(5, "compiling") + builds_count(1, 2, 0) + build_ends(5) +
                              build_begins(6, "a") + builds_count(2, 2, 0) + build_ends(6),
                          {out_path("a")}});
  const NixReport report = build({"a"});
  EXPECT_TRUE(report.success());
  EXPECT_EQ(report.results.at(0).status, "built");
  EXPECT_EQ(report.results.at(0).output, out_path("a"));
  EXPECT_THAT(listener_.said, ElementsAre("started core", "built core", "started a", "built a"));
  EXPECT_EQ(listener_.status, "2/2, 0 failed");
  EXPECT_THAT(recorded(), ElementsAre("nix/core built", "nix/a built"));
  const StepRecord& core = recorder_.steps.at(0);
  EXPECT_EQ(core.role, "");
  EXPECT_EQ(core.derivation, drv_path("core"));
  EXPECT_EQ(core.variants, std::vector<std::string>{"a"});
  EXPECT_EQ(read_file(home_.path() / core.log).value(), "compiling\n");
  EXPECT_EQ(core.log, fmt::format("logs/run-000004/{}-core.log", kHash));
  const StepRecord& result = recorder_.steps.at(1);
  EXPECT_EQ(result.role, "result");
  EXPECT_EQ(result.derivation, drv_path("a"));
  EXPECT_EQ(result.store_path, out_path("a"));
  EXPECT_EQ(result.output_digest, "sha256-lsLLt089uS6l/nOqD+F2X26RFp0E9SM7lc5JRaE5nq4=");
  EXPECT_EQ(result.tools, (std::map<std::string, std::string>{{"nix", "nix-store (Nix) 2.8.0"}}));
}

TEST_F(NixBuildTest, WhatIsThereIsReused) {
  nix_.store = {out_path("a")};
  const NixReport report = build({"a"});
  EXPECT_TRUE(report.success());
  EXPECT_THAT(recorded(), ElementsAre("nix/a reused; in Nix's store"));
  EXPECT_THAT(nix_.calls_with("--realise"), IsEmpty());
}

TEST_F(NixBuildTest, WhatABinaryCacheHasIsReused) {
  nix_.realise.push_back({nix_line({{"action", "start"},
                                    {"id", 5},
                                    {"type", 108},
                                    {"fields", Json::array({out_path("a"), "https://cache.example.org"})}}),
                          {out_path("a")}});
  EXPECT_TRUE(build({"a"}).success());
  EXPECT_THAT(recorded(), ElementsAre("nix/a reused; from https://cache.example.org"));
}

TEST_F(NixBuildTest, AFailureIsThatOfItsDerivation) {
  nix_.realise.push_back(
      {builds_begin() + build_begins(5, "core") + build_says(5, "a.c:1: error") + builds_count(0, 1, 1) +
           nix_error("builder for '" + drv_path("core") + "' failed with exit code 2") + build_ends(5) +
           nix_error("1 dependencies of derivation '" + drv_path("a") + "' failed to build"),
       {},
       {Exited{100}, {}, false}});
  const NixReport report = build({"a"});
  EXPECT_FALSE(report.success());
  EXPECT_THAT(listener_.said, ElementsAre("started core", "failed core: exit code 2 | a.c:1: error"));
  EXPECT_THAT(recorded(), ElementsAre("nix/core failed; exit code 2", "nix/a not run; core did not succeed"));
  EXPECT_EQ(recorder_.steps.at(0).ending, Ending(Exited{2}));
  EXPECT_EQ(report.results.at(0).failure->kind, NixFailure::Kind::builder);
}

TEST_F(NixBuildTest, AnEvaluationThatFailsStopsNoOther) {
  nix_.refused["b"] = nix_error("attribute 'x' missing");
  nix_.realise.push_back({"", {out_path("a")}});
  const NixReport report = build({"b", "a"});
  EXPECT_EQ(report.results.at(0).failure->kind, NixFailure::Kind::missing_attribute);
  EXPECT_TRUE(report.results.at(1).there);
  EXPECT_THAT(recorded(), ElementsAre("nix/b failed; the package set has no 'x'", "nix/a built"));
  EXPECT_EQ(read_file(home_.path() / recorder_.steps.at(0).log).value(), "attribute 'x' missing\n");
}

TEST_F(NixBuildTest, FailFastStartsNothingAfterThat) {
  nix_.refused["b"] = nix_error("attribute 'x' missing");
  options_.fail_fast = true;
  const NixReport report = build({"b", "a"});
  EXPECT_EQ(report.results.at(1).status, "not run");
  EXPECT_EQ(report.results.at(1).reason, "stopped after the first failure");
  EXPECT_EQ(nix_.calls.size(), 1U);
}

TEST_F(NixBuildTest, ANixThatDoesNotWorkIsAskedOnce) {
  nix_.refused["a"] = nix_error("opening lock file '/nix/var/nix/db/big-lock': Permission denied");
  const NixReport report = build({"a", "b"});
  EXPECT_EQ(nix_.calls.size(), 1U);
  EXPECT_EQ(listener_.said.size(), 1U);
  EXPECT_EQ(report.results.at(1).failure->kind, NixFailure::Kind::set_up);
}

TEST_F(NixBuildTest, WithoutAMachineForOneVariantTheOthersAreBuilt) {
  nix_.realise.push_back({nix_error("a 'aarch64-linux' with features {} is required to build '" +
                                    drv_path("b") + "', but I am a 'x86_64-linux'"),
                          {},
                          {Exited{1}, {}, false}});
  nix_.realise.push_back({"", {out_path("a")}});
  const NixReport report = build({"b", "a"});
  EXPECT_EQ(report.results.at(0).failure->kind, NixFailure::Kind::platform);
  EXPECT_TRUE(report.results.at(1).there);
  const std::vector<std::string> calls = nix_.calls_with("--keep-going");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_THAT(calls.at(0), HasSubstr(drv_path("b") + "!out " + drv_path("a") + "!out"));
  EXPECT_EQ(calls.at(1).find(drv_path("b")), std::string::npos);
}

TEST_F(NixBuildTest, AnInterruptionIsNoFailure) {
  nix_.realise.push_back({builds_begin() + build_begins(5, "core") + build_ends(5) + build_begins(6, "a") +
                              nix_error("interrupted by the user"),
                          {},
                          {Exited{1}, {}, true}});
  const NixReport report = build({"a"});
  EXPECT_TRUE(report.interrupted);
  EXPECT_FALSE(report.success());
  EXPECT_THAT(recorded(),
              ElementsAre("nix/core built", "nix/a interrupted; what Nix has built of it is kept"));
  EXPECT_EQ(recorder_.steps.at(1).ending, Ending(Signaled{SIGINT}));
}

TEST_F(NixBuildTest, NixMayEndWithoutAWord) {
  nix_.realise.push_back({"", {}, {Signaled{SIGSEGV}, {}, false}});
  const NixReport report = build({"a"});
  EXPECT_THAT(recorded(), ElementsAre("nix/a failed; nix-store --realise: killed by SIGSEGV"));
  EXPECT_EQ(report.results.at(0).failure->kind, NixFailure::Kind::unknown);
}

TEST_F(NixBuildTest, SettingsAndThePackageSetReachNix) {
  options_.settings = {{"max-jobs", "4"}, {"builders", ""}};
  options_.nixpkgs = "/a folder/${x}";
  nix_.realise.push_back({"", {out_path("a")}});
  build({"a"});
  EXPECT_EQ(join(nix_.calls.at(0), "|"),
            "nix-instantiate|/r/a.nix|--argstr|system|x86_64-linux|--arg|nixpkgs|/. + \"/a folder/\\${x}\"|"
            "--log-format|internal-json|--option|max-jobs|4|--option|builders|");
  for (const auto& argv : nix_.calls)
    EXPECT_THAT(join(argv, " "), HasSubstr("--option max-jobs 4 --option builders"));
}

TEST_F(NixBuildTest, AResultLinkIsARootForNix) {
  NixRequest wanted = request("a");
  wanted.link = home_.path() / "result-a";
  nix_.store = {out_path("a")};
  ASSERT_TRUE(nix_build({wanted}, options_, context_));
  EXPECT_THAT(nix_.calls_with("--add-root"),
              ElementsAre(fmt::format("nix-store --realise {}!out --add-root {} --indirect --log-format "
                                      "internal-json",
                                      drv_path("a"), wanted.link.string())));
}

TEST_F(NixBuildTest, AForecastBuildsAndRecordsNothing) {
  context_.recorder = nullptr;
  nix_.store = {out_path("a")};
  nix_.realise.push_back(
      {nix_line({{"action", "msg"}, {"level", 3}, {"msg", "these derivations will be built:"}}) +
           nix_line({{"action", "msg"}, {"level", 3}, {"msg", "  " + drv_path("core")}}) +
           nix_line(
               {{"action", "msg"}, {"level", 3}, {"msg", "this path will be fetched (1 MiB download):"}}) +
           nix_line({{"action", "msg"}, {"level", 3}, {"msg", "  " + out_path("zlib")}}),
       {}});
  nix_.refused["c"] = nix_error("attribute 'x' missing");
  const auto forecast = nix_forecast({request("a"), request("b"), request("c")}, options_, context_);
  ASSERT_TRUE(forecast) << forecast.error().message;
  EXPECT_EQ(forecast->items.at(0).state, "in the store");
  EXPECT_EQ(forecast->items.at(1).state, "would be built");
  EXPECT_EQ(forecast->items.at(2).state, "failed");
  EXPECT_THAT(forecast->build, ElementsAre(drv_path("core")));
  EXPECT_THAT(forecast->fetch, ElementsAre(out_path("zlib")));
  EXPECT_THAT(nix_.calls_with("--dry-run"), testing::SizeIs(1));
}

TEST_F(NixBuildTest, AFullRecordEndsTheRun) {
  nix_.store = {out_path("a")};
  recorder_.full_at = "nix/a";
  const auto report = nix_build({request("a")}, options_, context_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::missing);
}

TEST_F(NixBuildTest, WithoutNixTheMessageNamesThePackage) {
  const TemporaryDirectory empty;
  context_.environment["PATH"] = empty.path().string();
  const auto version = nix_version(context_);
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error(),
            (Error{ErrorKind::missing, "Nix is not installed: there is no nix-store in PATH",
                   "install the package nix-bin, or Nix as https://nixos.org/download says"}));
}

}  // namespace
}  // namespace ortforge
