#include "ortforge/build/remote_store.hpp"

#include <functional>

#include "support/archive_maker.hpp"
#include "support/fake_build.hpp"
#include "support/http_server.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/source/unpack.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Reply = HttpServer::Reply;
using Words = std::vector<std::string>;

// A home in which core and package write files; its keys are made of their parts, as real ones are.
class Machine {
 public:
  explicit Machine(const std::vector<std::string>& variants = {"a"}, const std::string& recipe = "same")
      : build_(variants) {
    for (Step& step : build_.plan.steps) {
      step.parts["recipe"] = step.recipe.name.starts_with("core") ? recipe : "package";
      step.parts["output"] = step.recipe.output;
      for (const std::size_t need : step.needs)
        step.parts["needs/" + build_.plan.steps[need].recipe.name] = build_.plan.steps[need].key;
      step.key = key_of(step.parts);
      const std::string scope = step.recipe.scope;
      build_.runner.effects[scope] = [this, scope] {
        const fs::path output = build_.work(scope) / "out" / scope;
        ASSERT_TRUE(write_file(output / "lib" / "lib.so", scope + " content"));
        ASSERT_TRUE(write_file(output / "tool", "#!/bin/sh\n", true));
        fs::create_symlink("lib.so", output / "lib" / "lib.so.1");
        if (more) more(scope, output);
      };
    }
  }

  std::function<void(const std::string& scope, const fs::path& output)>
      more;  // that steps write; may be empty

  // The report of a build with this remote store.
  BuildReport run(RemoteStore& remote) {
    const auto taken = take_remote_steps(build_.plan, store(), remote);
    EXPECT_TRUE(taken) << taken.error().message;
    build_.taken = taken ? *taken : std::set<std::size_t>();
    build_.remote = &remote;
    const auto report = build_.run(BuildOptions{});
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : BuildReport{};
  }

  Store store() const { return Store(build_.home()); }
  const Plan& plan() const { return build_.plan; }
  const Step& step(const std::string& scope) { return build_.step(scope); }
  StoreEntry entry(const std::string& scope) {
    return store().find(build_.step(scope).key, scope).value().value();
  }
  Words programs() const { return build_.runner.programs(); }

 private:
  FakeBuild build_;
};

class RemoteStoreTest : public testing::Test {
 protected:
  RemoteStore open(std::unique_ptr<RemoteFiles> files, bool push) {
    RemoteStoreOptions options;
    options.push = push;
    options.note = [this](const std::string& text) { notes_.push_back(text); };
    return RemoteStore(std::move(files), std::move(options));
  }
  RemoteStore folder(bool push = false) { return open(remote_folder(place()), push); }
  RemoteStore server(bool push = false) {
    DownloadOptions limits = remote_limits();
    limits.attempts = 1;
    limits.stall_timeout = Milliseconds{1000};
    return open(remote_address(server_.address(), limits), push);
  }
  fs::path place() const { return directory_.path() / "remote"; }

  // Fills the folder from a machine of its own.
  void fill(const std::vector<std::string>& variants = {"a"}) {
    ASSERT_TRUE(make_directories(place()));
    Machine machine(variants);
    RemoteStore remote = folder(true);
    EXPECT_TRUE(machine.run(remote).success());
    EXPECT_THAT(notes_, IsEmpty());
  }
  fs::path metadata(const std::string& scope) { return place() / (second_.step(scope).key + ".json"); }
  fs::path archive(const std::string& scope) {
    const Json json = read_json(metadata(scope)).value();
    return place() / json.at("archive").at("file").get<std::string>();
  }
  // Gives the package another archive, to which the metadata fits; `said` is what it says to hold.
  void replace_archive(const std::vector<ArchiveMember>& members, ArchiveContent said = {100, 10000}) {
    make_archive(place() / "new.tar.xz", members);
    const std::string sha256 = sha256_file(place() / "new.tar.xz").value().hex();
    const std::string file = second_.step("package-a").key + "-" + sha256 + ".tar.xz";
    fs::rename(place() / "new.tar.xz", place() / file);
    Json json = read_json(metadata("package-a")).value();
    json["archive"] = {{"file", file},
                       {"bytes", fs::file_size(place() / file)},
                       {"sha256", sha256_file(place() / file).value().hex()},
                       {"members", said.members},
                       {"unpacked_bytes", said.bytes}};
    ASSERT_TRUE(write_file(metadata("package-a"), json.dump()));
  }
  // Changes what the metadata of the package say of its archive; null: not at all.
  void say_of_archive(const std::string& member, const Json& value) {
    Json json = read_json(metadata("package-a")).value();
    json["archive"][member] = value;
    if (value.is_null()) json["archive"].erase(member);
    ASSERT_TRUE(write_file(metadata("package-a"), json.dump()));
  }
  // The package is refused for this reason; the core, which is well, is taken and the package built.
  void expect_refused(const std::string& reason) {
    RemoteStore remote = folder();
    EXPECT_EQ(step_words(second_.run(remote)), (Words{"core-a: reused", "package-a: built"}));
    EXPECT_THAT(notes_, ElementsAre(HasSubstr(reason)));
    EXPECT_THAT(notes_, ElementsAre(StartsWith("package-a: not taken from the remote store: ")));
    EXPECT_THAT(second_.store().left_overs(), IsEmpty());
    EXPECT_THAT(second_.store().verify(second_.entry("package-a")).value(), IsEmpty());
  }
  void edit_metadata(const std::function<void(Json&)>& change) {
    Json json = read_json(metadata("package-a")).value();
    change(json);
    ASSERT_TRUE(write_file(metadata("package-a"), json.dump()));
  }
  // Says that the output of the package's inputs by content has this key.
  void lead_content_to(const std::string& key) {
    const std::string content = read_json(metadata("package-a")).value().at("content_key");
    const Json json{{"format", 1}, {"key", key}, {"scope", "package-a"}};
    ASSERT_TRUE(write_file(place() / "content" / (content + ".json"), json.dump()));
  }
  // A machine whose core comes out as before looks for the package by content, and refuses it for this
  // reason.
  void expect_refused_by_content(const std::string& reason) {
    Machine changed({"a"}, "another recipe that gives the same");
    RemoteStore remote = folder();
    EXPECT_EQ(step_words(changed.run(remote)), (Words{"core-a: built", "package-a: built"}));
    EXPECT_THAT(notes_, ElementsAre(HasSubstr(reason)));
    EXPECT_THAT(notes_, ElementsAre(StartsWith("package-a: not taken from the remote store: ")));
    EXPECT_THAT(changed.store().left_overs(), IsEmpty());
  }

  TemporaryDirectory directory_;
  HttpServer server_;
  Words notes_;
  Machine second_;
};

TEST_F(RemoteStoreTest, ASecondHomeRunsNothing) {
  fill();
  RemoteStore remote = folder();
  const BuildReport report = second_.run(remote);
  EXPECT_EQ(step_words(report), (Words{"core-a: not needed", "package-a: reused"}));
  EXPECT_EQ(report.steps[1].reason, "from the remote store");
  EXPECT_THAT(second_.programs(), IsEmpty());
  EXPECT_THAT(notes_, IsEmpty());
  const StoreEntry entry = second_.entry("package-a");
  EXPECT_EQ(nar_digest(entry.path).value(), entry.output_digest);
  EXPECT_EQ(fs::read_symlink(entry.path / "lib" / "lib.so.1"), "lib.so");
  EXPECT_EQ(entry.parts, second_.step("package-a").parts);
  EXPECT_THAT(second_.store().left_overs(), IsEmpty());
}

TEST_F(RemoteStoreTest, OverHttpToo) {
  server_.take_puts();
  Machine first;
  RemoteStore pushed = server(true);
  EXPECT_TRUE(first.run(pushed).success());
  const std::string key = second_.step("package-a").key;
  const std::vector<std::string> requests = server_.requests();
  const std::vector<std::string> last(requests.end() - 4, requests.end());
  EXPECT_THAT(last, ElementsAre("HEAD /" + key + ".json", StartsWith("PUT /" + key + "-"),
                                StartsWith("PUT /content/"), "PUT /" + key + ".json"))
      << "metadata last";
  RemoteStore remote = server();
  EXPECT_EQ(step_words(second_.run(remote)), (Words{"core-a: not needed", "package-a: reused"}));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(RemoteStoreTest, WhatIsThereIsNotPutAgain) {
  server_.take_puts();
  Machine first;
  RemoteStore pushed = server(true);
  EXPECT_TRUE(first.run(pushed).success());
  const std::size_t before = server_.requests().size();
  EXPECT_TRUE(first.run(pushed).success()) << "all is in the store";
  const std::vector<std::string> requests = server_.requests();
  EXPECT_THAT(
      std::vector<std::string>(requests.begin() + static_cast<std::ptrdiff_t>(before), requests.end()),
      ElementsAre("HEAD /" + second_.step("package-a").key + ".json"));
}

TEST_F(RemoteStoreTest, WithoutPushNothingIsPut) {
  ASSERT_TRUE(make_directories(place()));
  RemoteStore remote = folder();
  EXPECT_EQ(step_words(second_.run(remote)), (Words{"core-a: built", "package-a: built"}));
  EXPECT_TRUE(fs::is_empty(place()));
  EXPECT_THAT(notes_, IsEmpty()) << "a miss is no failure";
}

TEST_F(RemoteStoreTest, EqualInputsByContentAreFoundAcrossHomes) {
  fill();
  Machine changed({"a"}, "another recipe that gives the same");
  RemoteStore remote = folder();
  const BuildReport report = changed.run(remote);
  EXPECT_EQ(step_words(report), (Words{"core-a: built", "package-a: reused"}));
  EXPECT_EQ(report.steps[1].reason, "its inputs came out as before; from the remote store");
}

TEST_F(RemoteStoreTest, ACorruptArchiveIsRefused) {
  fill();
  const fs::path file = archive("package-a");
  ASSERT_TRUE(write_file(file, std::string(fs::file_size(file), 'x')));
  expect_refused(": sha256 ");
}

TEST_F(RemoteStoreTest, ATruncatedArchiveIsRefused) {
  fill();
  const fs::path file = archive("package-a");
  const auto bytes = fs::file_size(file);
  fs::resize_file(file, bytes / 2);
  expect_refused(fmt::format(": {} of {} bytes arrived", bytes / 2, bytes));
}

TEST_F(RemoteStoreTest, AMissingArchiveIsRefused) {
  fill();
  fs::remove(archive("package-a"));
  expect_refused(" is not there");
}

TEST_F(RemoteStoreTest, AnArchiveThatIsGoneIsPutThereAgain) {
  fill();
  const fs::path file = archive("package-a");
  fs::remove(file);
  RemoteStore remote = folder(true);
  EXPECT_EQ(step_words(second_.run(remote)), (Words{"core-a: reused", "package-a: built"}));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr(" is not there")));
  EXPECT_TRUE(fs::exists(file)) << "or every machine would miss it for ever";
}

TEST_F(RemoteStoreTest, AnArchiveThatHoldsMoreThanItSaysIsRefused) {
  fill();
  replace_archive({a_file("output/lib/lib.so", std::string(4U << 20U, 'x'))}, {100, 1000});
  EXPECT_LT(fs::file_size(archive("package-a")), 10000U) << "it is small";
  expect_refused(".tar.xz: larger than it says: more than 1000 bytes in it");
}

TEST_F(RemoteStoreTest, AnArchiveOfMoreFilesThanItSaysIsRefused) {
  fill();
  say_of_archive("members", 3);
  expect_refused(": larger than it says: more than 3 members in it");
}

TEST_F(RemoteStoreTest, MetadataThatDoNotSayHowMuchThereIsAreRefused) {
  fill();
  say_of_archive("unpacked_bytes", nullptr);
  expect_refused("the member 'unpacked_bytes' is missing");
}

TEST_F(RemoteStoreTest, WhatFitsOnNoDiskIsNotUnpacked) {
  fill();
  say_of_archive("unpacked_bytes", std::int64_t{1} << 62U);
  expect_refused(second_.store().root().parent_path().string() + ": " +
                 archive("package-a").filename().string() + " needs 4194304.0 TiB of disk, ");
  EXPECT_THAT(
      notes_,
      ElementsAre(EndsWith(" are free; free some with 'ortforge gc', or name another place with --home")));
}

TEST_F(RemoteStoreTest, MetadataOfAnotherKeyIsRefused) {
  fill();
  fs::copy_file(metadata("core-a"), metadata("package-a"), fs::copy_options::overwrite_existing);
  expect_refused(".json: is of another key: " + second_.step("core-a").key);
}

TEST_F(RemoteStoreTest, MetadataWhosePartsAreOfAnotherKeyIsRefused) {
  fill();
  Json json = read_json(metadata("package-a")).value();
  json["parts"]["recipe"] = "changed";
  ASSERT_TRUE(write_file(metadata("package-a"), json.dump()));
  expect_refused(".json: its parts do not give its key");
}

TEST_F(RemoteStoreTest, MetadataThatIsNoJsonIsRefused) {
  fill();
  ASSERT_TRUE(write_file(metadata("package-a"), "<html>"));
  expect_refused(".json:1:");
}

TEST_F(RemoteStoreTest, AContentKeyThatIsAPathIsRefused) {
  fill();
  Json json = read_json(metadata("package-a")).value();
  json["content_key"] = "../../outside";
  ASSERT_TRUE(write_file(metadata("package-a"), json.dump()));
  expect_refused(".json: $.content_key: expected 64 hexadecimal digits");
}

TEST_F(RemoteStoreTest, MetadataOfAnotherStepIsRefused) {
  fill();
  edit_metadata([](Json& json) { json["scope"] = "core-a"; });
  expect_refused(".json: is of another step: core-a");
}

TEST_F(RemoteStoreTest, AnArchiveOfAnotherNameIsRefused) {
  fill();
  edit_metadata([](Json& json) { json["archive"]["file"] = "../../outside.tar.xz"; });
  expect_refused(".json: its archive has another name: ../../outside.tar.xz");
}

TEST_F(RemoteStoreTest, AnArchiveOfNoSizeIsRefused) {
  fill();
  edit_metadata([](Json& json) { json["archive"]["bytes"] = -1; });
  expect_refused(".json: $.archive.bytes: is negative");
}

TEST_F(RemoteStoreTest, AFileOfNoSizeIsRefused) {
  fill();
  edit_metadata([](Json& json) { json["artefacts"][0]["bytes"] = -1; });
  expect_refused(".json: $.artefacts[0].bytes: is negative");
}

TEST_F(RemoteStoreTest, FilesThatAreNotThoseOfTheMetadataAreRefused) {
  fill();
  edit_metadata([](Json& json) { json["artefacts"][0]["sha256"] = std::string(64, '0'); });
  expect_refused(": its files are not those of the metadata");
}

TEST_F(RemoteStoreTest, AContentThatLeadsToAPathIsRefused) {
  fill();
  lead_content_to("../../outside");
  expect_refused_by_content("$.key: expected 64 hexadecimal digits");
}

TEST_F(RemoteStoreTest, AContentThatLeadsToOtherInputsIsRefused) {
  fill();
  edit_metadata([](Json& json) { json["content_key"] = std::string(64, '0'); });
  expect_refused_by_content(second_.step("package-a").key + ".json: is of other inputs");
}

TEST_F(RemoteStoreTest, AContentThatLeadsToWhatWasMadeOtherwiseIsRefused) {
  fill();
  Json json = read_json(metadata("package-a")).value();
  const std::string content = json.at("content_key");
  json["parts"]["recipe"] = "evil";
  const std::string key = key_of(json.at("parts").get<KeyParts>());
  json["key"] = key;
  const std::string file = json.at("archive").at("file");
  json["archive"]["file"] = key + file.substr(key.size());
  ASSERT_TRUE(write_file(place() / (key + ".json"), json.dump()));
  lead_content_to(key);
  expect_refused_by_content(key + ".json: was made of other things than this step");
}

TEST_F(RemoteStoreTest, AnotherOutputInAGoodArchiveIsRefused) {
  fill();
  replace_archive({a_file("output/lib/lib.so", "other")});
  expect_refused(".tar.xz: the output is sha256-");
}

TEST_F(RemoteStoreTest, APathThatLeavesTheTreeIsRefused) {
  fill();
  replace_archive({a_file("output/lib/lib.so", "x"), a_file("../../../evil", "x")});
  expect_refused("path that leaves the tree in the archive: ../../../evil");
}

TEST_F(RemoteStoreTest, ALinkThatLeavesTheOutputIsRefused) {
  fill();
  replace_archive({a_link("output/lib", "../added"), a_file("added/provenance.json", "{}")});
  expect_refused("link lib leaves the tree: ../added");
}

TEST_F(RemoteStoreTest, NothingElseIsAddedToAnOutput) {
  fill();
  replace_archive({a_file("output/lib/lib.so", "package-a content"), a_link("output/lib/lib.so.1", "lib.so"),
                   a_file("output/tool", "#!/bin/sh\n", 0755), a_file("added/lib/evil.so", "x")});
  expect_refused("added/lib/evil.so: not a file that is added");
}

TEST_F(RemoteStoreTest, ASlowServerCostsALocalBuild) {
  fill();
  for (const auto& item : fs::directory_iterator(place())) {
    if (!item.is_regular_file()) continue;
    const std::string name = "/" + item.path().filename().string();
    const std::string content = read_file(item.path()).value();
    const auto stall = name.ends_with(".json") ? std::chrono::seconds(0) : std::chrono::seconds(60);
    server_.serve(name, {Reply{200, content, {}, {}, stall, {}}});
  }
  RemoteStore remote = server();
  EXPECT_EQ(step_words(second_.run(remote)), (Words{"core-a: built", "package-a: built"}));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("Operation too slow"), HasSubstr("Operation too slow")));
}

TEST_F(RemoteStoreTest, AfterThreeFailuresItIsLeftAlone) {
  Machine machine({"a", "b"});
  RemoteStore remote = folder(true);  // there is no such folder
  EXPECT_TRUE(machine.run(remote).success());
  const std::string why = place().string() + ": no such folder";
  EXPECT_EQ(notes_,
            (Words{"package-b: not taken from the remote store: " + why,
                   "package-a: not taken from the remote store: " + why,
                   "core-b: not taken from the remote store: " + why,
                   "3 failures in a row: not taken from " + place().string() + " any more in this run"}));
  EXPECT_FALSE(fs::exists(place()));
}

TEST_F(RemoteStoreTest, APushThatIsRefusedFailsNoBuild) {
  server_.take_puts(403);
  RemoteStore remote = server(true);
  EXPECT_TRUE(second_.run(remote).success());
  ASSERT_THAT(notes_, SizeIs(2));
  EXPECT_THAT(notes_[0], StartsWith("core-a: not put into the remote store: " + server_.address() + "/" +
                                    second_.step("core-a").key + "-"));
  EXPECT_THAT(notes_[0], HasSubstr(": HTTP status 403"));
}

TEST_F(RemoteStoreTest, AFolderThatTakesNoFilesFailsNoBuild) {
  RemoteStore remote = open(remote_folder("/proc/self"), true);  // read-only for root as well
  EXPECT_TRUE(second_.run(remote).success());
  EXPECT_THAT(notes_, SizeIs(2));
  EXPECT_THAT(second_.store().left_overs(), IsEmpty());
}

TEST_F(RemoteStoreTest, WhatIsNotSharedIsNeitherTakenNorPut) {
  fill();
  RemoteStoreOptions options;
  options.push = true;
  options.shared = [](const Step& step) { return step.recipe.name != "package-a"; };
  RemoteStore remote(remote_folder(place()), std::move(options));
  fs::remove(metadata("package-a"));
  EXPECT_EQ(step_words(second_.run(remote)), (Words{"core-a: reused", "package-a: built"}));
  EXPECT_FALSE(fs::exists(metadata("package-a")));
}

TEST_F(RemoteStoreTest, WhatNobodyWouldTakeIsNotPut) {
  ASSERT_TRUE(make_directories(place()));
  const std::vector<std::string> variants{"a", "b", "c"};
  Machine machine(variants);
  machine.more = [](const std::string& scope, const fs::path& output) {
    if (scope.starts_with("core-")) fs::create_symlink("/usr/lib", output / "lib" / "system");
  };
  RemoteStore remote = folder(true);
  EXPECT_TRUE(machine.run(remote).success());
  const std::string why = ": not put into the remote store: link lib/system leaves the tree: /usr/lib";
  EXPECT_EQ(notes_, (Words{"core-a" + why, "core-b" + why, "core-c" + why}));
  for (const std::string& variant : variants) {
    EXPECT_FALSE(fs::exists(place() / (machine.step("core-" + variant).key + ".json")));
    EXPECT_TRUE(fs::exists(place() / (machine.step("package-" + variant).key + ".json")))
        << "it is no failure of the remote store";
  }
}

TEST_F(RemoteStoreTest, WhatChangedInTheStoreIsNotPut) {
  ASSERT_TRUE(make_directories(place()));
  RemoteStore without = folder();
  second_.run(without);
  const StoreEntry entry = second_.entry("package-a");
  ASSERT_TRUE(write_file(entry.path / "lib" / "lib.so", "changed"));
  RemoteStore remote = folder(true);
  ASSERT_TRUE(remote.push(second_.step("package-a"), entry, second_.store()));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr(": was changed in the store: lib/lib.so: sha256 ")));
  EXPECT_TRUE(fs::is_empty(place()));
}

TEST_F(RemoteStoreTest, ALinkWhereFilesAreAddedIsPartOfTheOutput) {
  ASSERT_TRUE(make_directories(place()));
  Machine first;
  first.more = [](const std::string&, const fs::path& output) {
    fs::create_directories(output / "recipe");
    fs::create_symlink("../tool", output / "recipe" / "tool");
  };
  RemoteStore pushed = folder(true);
  EXPECT_TRUE(first.run(pushed).success());
  RemoteStore remote = folder();
  EXPECT_EQ(step_words(second_.run(remote)), (Words{"core-a: not needed", "package-a: reused"}));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(RemoteStoreTest, TheNeedsOfOneStepAreTaken) {
  fill();
  const Plan& plan = second_.plan();
  ASSERT_EQ(plan.steps.at(1).recipe.scope, "package-a");
  EXPECT_EQ(take_needs(plan, 1, second_.store(), nullptr).value(), Words{"core-a"});
  RemoteStore remote = folder();
  EXPECT_EQ(take_needs(plan, 1, second_.store(), &remote).value(), Words{});
  EXPECT_TRUE(second_.store().find(second_.step("core-a").key, "core-a").value());
  EXPECT_FALSE(second_.store().find(second_.step("package-a").key, "package-a").value());
  EXPECT_EQ(take_needs(plan, 1, second_.store(), nullptr).value(), Words{}) << "it is in the store";
  Machine third;
  fs::remove_all(place());
  EXPECT_EQ(take_needs(plan, 1, third.store(), &remote).value(), Words{"core-a"});
  EXPECT_THAT(notes_, ElementsAre("core-a: not taken from the remote store: " + place().string() +
                                  ": no such folder"));
}

// What ortforge adds to a result is no part of the output and of its digest, and comes along as it is.
TEST_F(RemoteStoreTest, ProvenanceRecipeAndLauncherComeAlong) {
  fill();
  StoreEntry entry;
  {
    RemoteStore remote = folder();
    second_.run(remote);
    entry = second_.entry("package-a");
    ASSERT_TRUE(write_file(entry.path / "provenance.json", "{}"));
    ASSERT_TRUE(write_file(entry.path / "recipe" / "test" / "CMakeLists.txt", "# test"));
    ASSERT_TRUE(write_file(entry.path / "bin" / "python", "#!/bin/sh\n", true));
  }
  fs::remove_all(place());
  ASSERT_TRUE(make_directories(place()));
  RemoteStore pushed = folder(true);
  ASSERT_TRUE(pushed.push(second_.step("package-a"), entry, second_.store()));
  Machine third;
  RemoteStore remote = folder();
  ASSERT_TRUE(remote.take(third.step("package-a"), third.store()).value()) << testing::PrintToString(notes_);
  const StoreEntry taken = third.entry("package-a");
  EXPECT_EQ(nar_digest(taken.path).value(), nar_digest(entry.path).value());
  EXPECT_NE(nar_digest(taken.path).value(), taken.output_digest);
}

TEST_F(RemoteStoreTest, HoldsLooksAtMetadataOnly) {
  fill();
  fs::remove(archive("package-a"));
  RemoteStore remote = folder();
  EXPECT_TRUE(remote.holds(second_.step("package-a")).value());
  EXPECT_FALSE(fs::exists(second_.store().root())) << "nothing is written";
  fs::remove(metadata("package-a"));
  EXPECT_FALSE(remote.holds(second_.step("package-a")).value());
}

TEST_F(RemoteStoreTest, EqualOutputsGiveEqualArchives) {
  fill();
  const Digest digest = sha256_file(archive("package-a")).value();
  fs::remove_all(place());
  fill();
  EXPECT_EQ(sha256_file(archive("package-a")).value(), digest);
}

}  // namespace
}  // namespace ortforge
