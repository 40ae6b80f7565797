#include "ortforge/source/source.hpp"

#include <chrono>
#include <functional>
#include <thread>

#include "support/archive_maker.hpp"
#include "support/fetch_listener.hpp"
#include "support/http_server.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ortforge/base/file.hpp"
#include "ortforge/source/fetch_report.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using Reply = HttpServer::Reply;

class FetchSource : public testing::Test {
 protected:
  void SetUp() override {
    make_archive(directory_.path() / "a.tar.gz",
                 {a_file("a-1/run", "#!/bin/sh\n", 0755), a_file("a-1/sub/b", "b")});
    packed_ = *read_file(directory_.path() / "a.tar.gz");
    server_.serve("/a.tar.gz", packed_);
    context_.home = directory_.path() / "home";
    context_.matrix_directory = directory_.path() / "share/matrix";
    source_.name = "a";
    source_.version = "1";
    source_.digest_kind = Source::DigestKind::file;
    source_.digest = sha256(packed_);
    source_.origins = {archive("/a.tar.gz")};
  }

  SourceOrigin archive(const std::string& path) {
    SourceOrigin origin;
    origin.kind = SourceOrigin::Kind::archive;
    origin.url = server_.address() + path;
    return origin;
  }

  // Names in home/sources, those of locks and unfinished work included.
  std::vector<std::string> left_behind() {
    std::vector<std::string> names;
    if (!fs::exists(context_.home / "sources")) return names;
    for (const auto& entry : fs::directory_iterator(context_.home / "sources")) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  // Starts another process that fetches; its exit status is 0 when it could.
  pid_t fetch_in_child() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(fetch_source(source_, context_) ? 0 : 1);
    return child;
  }

  TemporaryDirectory directory_;
  HttpServer server_;
  std::string packed_;
  Source source_;
  SourceContext context_;
};

TEST_F(FetchSource, EntersVerifiedContentIntoTheCacheOnce) {
  const auto fetched = fetch_source(source_, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->tree, context_.home / "sources" / (source_.digest.hex() + "-a") / "tree");
  EXPECT_EQ(*read_file(fetched->tree / "sub/b"), "b");
  EXPECT_EQ(fetched->digest, source_.digest);
  EXPECT_EQ(fetched->origin, "archive " + server_.address() + "/a.tar.gz");
  ASSERT_TRUE(fetch_source(source_, context_));
  EXPECT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(left_behind().size(), 1U);
}

TEST_F(FetchSource, VerifiesTheNixArchiveHashOfTheTree) {
  ASSERT_TRUE(write_file(directory_.path() / "same/run", "#!/bin/sh\n", true));
  ASSERT_TRUE(write_file(directory_.path() / "same/sub/b", "b"));
  source_.digest_kind = Source::DigestKind::nar;
  source_.digest = *nar_digest(directory_.path() / "same");
  const auto fetched = fetch_source(source_, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
}

TEST_F(FetchSource, NamesBothHashesAndKeepsNothingWhenTheyDiffer) {
  for (const auto kind : {Source::DigestKind::file, Source::DigestKind::nar}) {
    source_.digest_kind = kind;
    source_.digest = sha256("something else");
    const auto fetched = fetch_source(source_, context_);
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().kind, ErrorKind::bad_input);
    EXPECT_THAT(fetched.error().message,
                HasSubstr("wrong hash: expected " + source_.digest.sri() + ", found sha256-"));
    EXPECT_TRUE(left_behind().empty());
  }
  EXPECT_FALSE(*find_source(source_, context_));
}

TEST_F(FetchSource, TriesOriginsInOrderAndListsEachFailure) {
  server_.serve("/other.tar.gz", "other content");
  source_.origins = {archive("/gone.tar.gz"), archive("/other.tar.gz"), archive("/a.tar.gz")};
  const auto fetched = fetch_source(source_, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_THAT(fetched->origin, HasSubstr("/a.tar.gz"));
  source_.origins.pop_back();
  source_.name = "b";
  const auto failed = fetch_source(source_, context_);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("/gone.tar.gz: HTTP status 404\n"));
  EXPECT_THAT(failed.error().message, HasSubstr("/other.tar.gz: wrong hash"));
}

TEST_F(FetchSource, KeepsNothingOfAnArchiveThatLeavesTheTree) {
  make_archive(directory_.path() / "bad.tar.gz", {a_file("t/../../evil", "x")});
  const std::string bad = *read_file(directory_.path() / "bad.tar.gz");
  server_.serve("/a.tar.gz", bad);
  source_.digest = sha256(bad);
  const auto fetched = fetch_source(source_, context_);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(fetched.error().message, HasSubstr("t/../../evil"));
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(FetchSource, KeepsNothingOfATruncatedDownload) {
  server_.serve("/a.tar.gz", {Reply{200, packed_.substr(0, 50), packed_.size(), {}, {}, {}}});
  const auto fetched = fetch_source(source_, context_);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(fetched.error().message, HasSubstr("cut short: 50 of " + std::to_string(packed_.size())));
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(FetchSource, SaysWhatToDoWithoutNetwork) {
  source_.origins.front().url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/a.tar.gz";
  const auto fetched = fetch_source(source_, context_);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().kind, ErrorKind::missing);
  EXPECT_THAT(fetched.error().hint, HasSubstr("run `ortforge fetch` where there is a network"));
  EXPECT_THAT(fetched.error().hint, HasSubstr("--source a=DIR"));
}

TEST_F(FetchSource, WorksOfflineAfterwardsOnly) {
  context_.offline = true;
  const auto refused = fetch_source(source_, context_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::missing);
  EXPECT_THAT(refused.error().message, HasSubstr("nothing may be fetched offline"));
  EXPECT_TRUE(server_.requests().empty());
  context_.offline = false;
  ASSERT_TRUE(fetch_source(source_, context_));
  context_.offline = true;
  EXPECT_TRUE(fetch_source(source_, context_));
}

TEST_F(FetchSource, NamesAHomeThatCannotBeWritten) {
  context_.home = "/dev/null/home";  // root may write into folders that are read-only
  const auto fetched = fetch_source(source_, context_);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().kind, ErrorKind::missing);
  EXPECT_THAT(fetched.error().message, HasSubstr("/dev/null/home/sources: cannot be made"));
}

TEST_F(FetchSource, StopsWhenAskedAndLeavesNothing) {
  Interrupt interrupt;
  context_.interrupt = &interrupt;
  TestFetchListener listener([&] { interrupt.request(); });
  context_.listener = &listener;
  server_.serve("/a.tar.gz", {Reply{200, packed_, {}, {}, std::chrono::seconds(60), {}}});
  const auto fetched = fetch_source(source_, context_);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(listener.last_progress, "a");
  EXPECT_THAT(listener.told, ElementsAre("started a", "finished a"));
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(FetchSource, TellsNothingOfWhatIsHere) {
  TestFetchListener listener;
  context_.listener = &listener;
  ASSERT_TRUE(fetch_source(source_, context_));
  ASSERT_TRUE(fetch_source(source_, context_));
  EXPECT_THAT(listener.told, ElementsAre("started a", "finished a"));
}

TEST_F(FetchSource, IsDoneOnceByTwoProcesses) {
  server_.serve("/a.tar.gz", {Reply{200, packed_, {}, std::chrono::milliseconds(300), {}, {}}});
  const pid_t child = fetch_in_child();
  ASSERT_GT(child, 0);
  EXPECT_TRUE(fetch_source(source_, context_));
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(left_behind().size(), 1U);
}

TEST_F(FetchSource, GoesOnAfterAProcessThatWasKilled) {
  server_.serve("/a.tar.gz", {Reply{200, packed_, {}, {}, std::chrono::seconds(60), {}},
                              Reply{200, packed_, {}, {}, {}, {}}});
  const pid_t child = fetch_in_child();
  ASSERT_GT(child, 0);
  while (server_.requests().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_FALSE(*find_source(source_, context_));
  ASSERT_TRUE(fetch_source(source_, context_));
  EXPECT_EQ(left_behind().size(), 1U);
}

// prepare.cmake takes the part out of the whole tree, as a person does by hand.
TEST_F(FetchSource, GivesTheWholeTreeOfAPartAndThePartAnIdentityOfItsOwn) {
  source_.subdirectory = "sub";
  const auto fetched = fetch_source(source_, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_TRUE(fs::exists(fetched->tree / "sub/b"));
  EXPECT_TRUE(fs::exists(fetched->tree / "run"));
  EXPECT_NE(fetched->digest, source_.digest);
  EXPECT_EQ(fetched->digest, *source_digest(source_, context_));
  EXPECT_EQ(*content_digest(source_, context_), source_.digest);
  source_.subdirectory = "absent";
  const auto absent = fetch_source(source_, context_);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message, "source a: no folder 'absent' in it");
}

TEST_F(FetchSource, TakesThePartOutOfAnOverrideToo) {
  const fs::path own = directory_.path() / "own";
  ASSERT_TRUE(write_file(own / "sub/b", "mine"));
  context_.overrides["a"] = own;
  const Digest whole = *source_digest(source_, context_);
  source_.subdirectory = "sub";
  const auto fetched = fetch_source(source_, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->tree, own);
  EXPECT_NE(fetched->digest, whole) << "the part is another source than the folder";
  EXPECT_NE(fetched->digest, *nar_digest(own / "sub")) << "and than a folder that holds the same";
  EXPECT_EQ(*content_digest(source_, context_), whole);
  source_.subdirectory = "absent";
  EXPECT_EQ(source_digest(source_, context_).error().message, "source a: no folder 'absent' in it");
}

TEST_F(FetchSource, IsReplacedByAnOverride) {
  const fs::path own = directory_.path() / "own";
  ASSERT_TRUE(write_file(own / "b", "mine"));
  context_.overrides["a"] = own;
  const auto fetched = fetch_source(source_, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->tree, own);
  EXPECT_EQ(fetched->digest, *nar_digest(own));
  EXPECT_TRUE(server_.requests().empty());
  ASSERT_TRUE(write_file(own / ".git/HEAD", "ref: refs/heads/main"));
  EXPECT_EQ(*source_digest(source_, context_), fetched->digest) << ".git does not count";
  ASSERT_TRUE(write_file(own / "b", "changed"));
  EXPECT_NE(*source_digest(source_, context_), fetched->digest);
  context_.overrides["a"] = directory_.path() / "absent";
  EXPECT_EQ(fetch_source(source_, context_).error().kind, ErrorKind::missing);
}

TEST_F(FetchSource, AsksTheMemoForAFolderInPlace) {
  const fs::path own = directory_.path() / "own";
  ASSERT_TRUE(write_file(own / "b", "mine"));
  context_.overrides["a"] = own;
  DigestMemo memo;
  context_.digests = &memo;
  EXPECT_EQ(source_digest(source_, context_).value(), nar_digest(own).value());
  EXPECT_EQ(memo.readings(), 1U);
}

TEST_F(FetchSource, UsesAShippedDirectoryInPlace) {
  SourceOrigin origin;
  origin.kind = SourceOrigin::Kind::directory;
  origin.path = "examples/kernels";
  source_.origins = {origin};
  source_.digest_kind = Source::DigestKind::none;
  EXPECT_FALSE(*find_source(source_, context_));
  EXPECT_EQ(fetch_source(source_, context_).error().kind, ErrorKind::missing);
  const fs::path shipped = directory_.path() / "share/examples/kernels";
  ASSERT_TRUE(write_file(shipped / "a.cpp", "int a;"));
  const auto fetched = fetch_source(source_, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->tree, shipped);
  EXPECT_EQ(fetched->origin, "directory examples/kernels");
  EXPECT_EQ(fetched->digest, *nar_digest(shipped));
}

TEST(SourceId, TellsSourcesApartThatDifferInPinPartOrFolder) {
  Source source;
  source.name = "re2";
  source.version = "2024-07-02";
  source.digest = sha256("one");
  source.origins.resize(1);
  const std::string before = source_id(source);
  source.origins[0].url = "https://example.invalid/elsewhere";
  EXPECT_EQ(source_id(source), before) << "where the same content comes from does not matter";
  const auto changed = [&](const std::function<void(Source&)>& change) {
    Source other = source;
    change(other);
    return source_id(other);
  };
  EXPECT_NE(changed([](Source& other) { other.digest = sha256("two"); }), before);
  EXPECT_NE(changed([](Source& other) { other.digest_kind = Source::DigestKind::nar; }), before);
  EXPECT_NE(changed([](Source& other) { other.subdirectory = "include"; }), before);
  source.origins[0].kind = SourceOrigin::Kind::directory;
  source.origins[0].path = "examples/a";
  const std::string in_place = source_id(source);
  EXPECT_NE(changed([](Source& other) { other.origins[0].path = "examples/b"; }), in_place);
}

TEST_F(FetchSource, RecordsWhereItCameFrom) {
  EXPECT_FALSE(*source_record(source_, context_));
  ASSERT_TRUE(fetch_source(source_, context_));
  const auto record = source_record(source_, context_);
  ASSERT_TRUE(record && *record);
  EXPECT_EQ((*record)->origin, "archive " + server_.address() + "/a.tar.gz");
  EXPECT_EQ((*record)->bytes, packed_.size());
  context_.overrides["a"] = directory_.path();
  EXPECT_EQ((*source_record(source_, context_))->origin, "folder " + directory_.path().string());
}

TEST_F(FetchSource, StopsWhenAskedEvenIfEverythingIsHere) {
  ASSERT_TRUE(fetch_source(source_, context_));
  Interrupt interrupt;
  interrupt.request();
  context_.interrupt = &interrupt;
  const auto reports = fetch_sources({source_}, context_);
  ASSERT_FALSE(reports);
  EXPECT_EQ(reports.error().kind, ErrorKind::interrupted);
}

TEST_F(FetchSource, ReportsBothPartsOfOneContent) {
  Source part = source_;
  part.subdirectory = "sub";
  const auto reports = fetch_sources({source_, part}, context_);
  ASSERT_TRUE(reports) << reports.error().message;
  ASSERT_EQ(reports->size(), 2U);
  EXPECT_FALSE(reports->at(0).cached);
  EXPECT_TRUE(reports->at(1).cached) << "downloaded once";
}

TEST_F(FetchSource, ReportsEverySource) {
  ASSERT_TRUE(fetch_source(source_, context_));
  Source gone = source_;
  gone.name = "gone";
  gone.origins = {archive("/gone")};
  Source again = source_;
  again.name = "again";
  const auto reports = fetch_sources({source_, gone, again, source_}, context_);
  ASSERT_TRUE(reports);
  ASSERT_EQ(reports->size(), 3U);
  EXPECT_TRUE(reports->at(0).cached);
  EXPECT_EQ(reports->at(0).bytes, packed_.size());
  ASSERT_TRUE(reports->at(1).error);
  EXPECT_FALSE(reports->at(2).cached);
  const Json json = to_json(reports->at(2));
  EXPECT_EQ(json["digest"], source_.digest.sri());
  EXPECT_EQ(json["bytes"], packed_.size());
  EXPECT_TRUE(to_json(reports->at(1)).contains("error"));
}

}  // namespace
}  // namespace ortforge
