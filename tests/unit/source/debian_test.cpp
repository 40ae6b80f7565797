#include "ortforge/source/debian.hpp"

#include "support/archive_maker.hpp"
#include "support/http_server.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/source/origin.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kSources =
    "Package: aardvark\nVersion: 1-1\nDirectory: pool/main/a/aardvark\nFiles:\n abc 3 "
    "aardvark_1.orig.tar.xz\n\n"
    "Package: libdate\nBinary: libdate-dev\nVersion: 3.0.3+ds-2\nDirectory: pool/contrib/libd/libdate\n"
    "Checksums-Sha256:\n 0123 2000 libdate_3.0.3+ds-2.dsc\n 4567 100 libdate_3.0.3+ds.orig.tar.xz\nFiles:\n "
    "89 2000 "
    "libdate_3.0.3+ds-2.dsc\n";

TEST(DebianSources, FindsAFileInAnIndexFedInPieces) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{10000}}) {
    SourcesSearch search("libdate", "libdate_3.0.3+ds.orig.tar.xz");
    const std::string index = kSources;
    for (std::size_t i = 0; i < index.size(); i += size) search.feed(index.substr(i, size));
    search.finish();
    EXPECT_EQ(search.path(), "pool/contrib/libd/libdate/libdate_3.0.3+ds.orig.tar.xz") << size;
  }
}

TEST(DebianSources, ListsOtherVersions) {
  SourcesSearch search("libdate", "libdate_3.0.4.orig.tar.xz");
  search.feed(kSources);
  search.finish();
  EXPECT_FALSE(search.path());
  EXPECT_THAT(search.other_versions(), ElementsAre("3.0.3+ds-2"));
}

TEST(DebianSources, KnowsThePoolsNamingRule) {
  EXPECT_EQ(pool_path("main", "re2", "re2_1.orig.tar.gz"), "pool/main/r/re2/re2_1.orig.tar.gz");
  EXPECT_EQ(pool_path("main", "libdate", "f"), "pool/main/libd/libdate/f");
}

TEST(DebianMirrors, AreReadFromAptAndFromTheVariable) {
  EXPECT_THAT(parse_index_targets("http://a/debian/\nhttp://a/debian/\ncdrom://x\nhttps://b/debian\n\n"),
              ElementsAre("http://a/debian", "https://b/debian"));
  const auto named = debian_mirrors({{"ORTFORGE_DEBIAN_MIRROR", "http://c/debian/ file:///d"}}, nullptr);
  ASSERT_TRUE(named);
  EXPECT_THAT(*named, ElementsAre("http://c/debian", "file:///d"));
}

TEST(DebianMirrors, SaysWhatToDoWithoutApt) {
  const auto mirrors = debian_mirrors({{"PATH", "/nowhere"}}, nullptr);
  ASSERT_FALSE(mirrors);
  EXPECT_EQ(mirrors.error().kind, ErrorKind::missing);
  EXPECT_THAT(mirrors.error().hint, HasSubstr("ORTFORGE_DEBIAN_MIRROR"));
}

class DebianOrigin : public testing::Test {
 protected:
  void SetUp() override {
    origin_.kind = SourceOrigin::Kind::debian;
    origin_.package = "libdate";
    origin_.version = "3.0.3+ds-2";
    origin_.file = "libdate_3.0.3+ds.orig.tar.xz";
    origin_.suites = {"trixie", "sid"};
    context_.variables = {{"ORTFORGE_DEBIAN_MIRROR", server_.address() + "/debian"},
                          {"PATH", "/usr/bin:/bin"}};
    source_.name = "date";
    source_.digest_kind = Source::DigestKind::file;
    source_.digest = sha256("tarball");
  }
  Result<Obtained> get() { return obtain_debian(source_, origin_, directory_.path(), context_); }

  // An index of one suite, compressed by xz.
  void serve_index(const std::string& suite, const std::string& component) {
    ASSERT_TRUE(write_file(directory_.path() / "Sources", kSources));
    const auto packed =
        run_captured({{"xz", "-k", "-f", "Sources"}, {{"PATH", "/usr/bin:/bin"}}, directory_.path()});
    ASSERT_TRUE(packed && packed->outcome.success());
    server_.serve("/debian/dists/" + suite + "/" + component + "/source/Sources.xz",
                  *read_file(directory_.path() / "Sources.xz"));
  }

  TemporaryDirectory directory_;
  HttpServer server_;
  Source source_;
  SourceOrigin origin_;
  SourceContext context_;
};

TEST_F(DebianOrigin, TakesTheFileFromItsUsualPlaceWithoutAnIndex) {
  server_.serve("/debian/pool/main/libd/libdate/libdate_3.0.3+ds.orig.tar.xz", "tarball");
  const auto obtained = get();
  ASSERT_TRUE(obtained) << obtained.error().message;
  EXPECT_EQ(obtained->file_digest, sha256("tarball"));
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(DebianOrigin, LooksItUpInTheIndexesOfItsSuites) {
  serve_index("sid", "contrib");
  server_.serve("/debian/pool/contrib/libd/libdate/libdate_3.0.3+ds.orig.tar.xz", "tarball");
  const auto obtained = get();
  ASSERT_TRUE(obtained) << obtained.error().message;
  EXPECT_EQ(*read_file(obtained->file), "tarball");
}

TEST_F(DebianOrigin, SaysThatTheVersionIsSuperseded) {
  serve_index("trixie", "main");
  origin_.version = "3.0.2-1";
  origin_.file = "libdate_3.0.2.orig.tar.xz";
  const auto obtained = get();
  ASSERT_FALSE(obtained);
  EXPECT_EQ(obtained.error().kind, ErrorKind::missing);
  EXPECT_THAT(obtained.error().message, HasSubstr("libdate_3.0.2.orig.tar.xz: HTTP status 404"));
  EXPECT_THAT(obtained.error().message, HasSubstr("trixie has libdate 3.0.3+ds-2, not 3.0.2-1"));
}

constexpr const char* kUsual = "/pool/main/libd/libdate/libdate_3.0.3+ds.orig.tar.xz";

TEST_F(DebianOrigin, GoesOnWithTheNextMirrorWhenTheContentIsAnother) {
  server_.serve(std::string("/first") + kUsual, "repacked");
  server_.serve(std::string("/second") + kUsual, "tarball");
  context_.variables["ORTFORGE_DEBIAN_MIRROR"] =
      server_.address() + "/first " + server_.address() + "/second";
  const auto obtained = get();
  ASSERT_TRUE(obtained) << obtained.error().message;
  EXPECT_EQ(*read_file(obtained->file), "tarball");
  context_.variables["ORTFORGE_DEBIAN_MIRROR"] = server_.address() + "/first " + server_.address() + "/none";
  const auto wrong = get();
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::bad_input) << "a wrong hash, whatever the other mirror said";
  EXPECT_THAT(wrong.error().message,
              HasSubstr(server_.address() + "/first: wrong hash: expected " + sha256("tarball").sri() +
                        ", found " + sha256("repacked").sri()));
}

TEST_F(DebianOrigin, ComparesAPinnedTreeMirrorByMirror) {
  make_archive(directory_.path() / "good.tar.xz", {a_file("date-3/a", "a")});
  make_archive(directory_.path() / "other.tar.xz", {a_file("date-3/a", "b")});
  ASSERT_TRUE(write_file(directory_.path() / "same/a", "a"));
  source_.digest_kind = Source::DigestKind::nar;
  source_.digest = *nar_digest(directory_.path() / "same");
  server_.serve(std::string("/first") + kUsual, *read_file(directory_.path() / "other.tar.xz"));
  server_.serve(std::string("/second") + kUsual, "no archive");
  server_.serve(std::string("/third") + kUsual, *read_file(directory_.path() / "good.tar.xz"));
  context_.variables["ORTFORGE_DEBIAN_MIRROR"] =
      server_.address() + "/first " + server_.address() + "/second " + server_.address() + "/third";
  const auto obtained = get();
  ASSERT_TRUE(obtained) << obtained.error().message;
  EXPECT_EQ(*read_file(obtained->tree / "a"), "a");
}

TEST_F(DebianOrigin, RefusesAFileNameWithAPath) {
  origin_.file = "../evil";
  const auto obtained = get();
  ASSERT_FALSE(obtained);
  EXPECT_EQ(obtained.error().kind, ErrorKind::bad_input);
}

}  // namespace
}  // namespace ortforge
