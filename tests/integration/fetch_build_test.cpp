// Real origins: the mirror that this machine's apt uses and the index that its pip uses. Hashes are those of
// the Debian Sources index and of the wheels; the Nix archive hash is the one that nixpkgs and ONNX Runtime's
// recipes pin for re2.
#include <cstdlib>

#include "support/needs.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

#include "ortforge/base/file.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Source pinned(const std::string& name, const std::string& version, Source::DigestKind kind,
              const std::string& digest) {
  Source source;
  source.name = name;
  source.version = version;
  source.digest_kind = kind;
  source.digest = *parse_digest(digest);
  return source;
}

Source debian(const std::string& package, const std::string& version, const std::string& file,
              Source::DigestKind kind, const std::string& digest) {
  Source source = pinned(package, version, kind, digest);
  SourceOrigin origin;
  origin.kind = SourceOrigin::Kind::debian;
  origin.package = package;
  origin.version = version;
  origin.file = file;
  origin.suites = {"trixie"};
  source.origins = {origin};
  return source;
}

Source wheel(const std::string& package, const std::string& version, const std::string& file,
             const std::string& digest) {
  Source source = pinned(package, version, Source::DigestKind::file, digest);
  SourceOrigin origin;
  origin.kind = SourceOrigin::Kind::wheel;
  origin.package = package;
  origin.version = version;
  origin.file = file;
  source.origins = {origin};
  return source;
}

class BuildSources : public testing::Test {
 protected:
  void SetUp() override {
    context_.variables = own_environment();
    context_.home = directory_.path();
  }
  TemporaryDirectory directory_;
  SourceContext context_;
};

TEST_F(BuildSources, TakesATarballFromTheDebianMirror) {
  ORTFORGE_NEEDS(has_program("apt-get"), "apt");
  const Source source =
      debian("howardhinnant-date", "3.0.3+ds-2", "howardhinnant-date_3.0.3+ds.orig.tar.xz",
             Source::DigestKind::file, "8c3a3ec7721f0c81601fa823314063d1a73afc1067a3c8da0afddd5da4f6ddf2");
  const auto fetched = fetch_source(source, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_TRUE(fs::exists(fetched->tree / "include/date/date.h"));
  EXPECT_EQ(fetched->origin, "debian howardhinnant-date 3.0.3+ds-2 howardhinnant-date_3.0.3+ds.orig.tar.xz");
}

// Debian's tarball of re2 is upstream's own archive: its unpacked tree has the hash that nixpkgs pins for the
// git tag.
TEST_F(BuildSources, AgreesWithAHashThatNixpkgsPins) {
  ORTFORGE_NEEDS(has_program("apt-get"), "apt");
  const Source source = debian("re2", "20240702-3", "re2_20240702.orig.tar.gz", Source::DigestKind::nar,
                               "sha256-IeANwJlJl45yf8iu/AZNDoiyIvTCZIeK1b74sdCfAIc=");
  const auto fetched = fetch_source(source, context_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_TRUE(fs::exists(fetched->tree / "re2/re2.h"));
}

// The compiler wheels of CUDA 13.0 (105 MB) stay in ORTFORGE_HOME where that is set.
TEST_F(BuildSources, AssemblesAToolkitWhoseCompilerRuns) {
  ORTFORGE_NEEDS(has_program("python3"), "python3 with pip");
  if (const char* home = std::getenv("ORTFORGE_HOME"); home != nullptr && *home != '\0') context_.home = home;
  const std::string old_tag = "-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl";
  const std::string tag = "-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl";
  const auto toolkit =
      assemble_toolkit({wheel("nvidia-cuda-nvcc", "13.0.88", "nvidia_cuda_nvcc-13.0.88" + tag,
                              "56fe502eb77625a12f25172caa3cdddb4e4c8ba2c8c17dba44b164761b380f03"),
                        wheel("nvidia-nvvm", "13.0.88", "nvidia_nvvm-13.0.88" + old_tag,
                              "c5f41ffeb6466944a026dfa5317d7d85355c119bbec279205d22f1869d1054e0"),
                        wheel("nvidia-cuda-crt", "13.0.88", "nvidia_cuda_crt-13.0.88" + tag,
                              "2c8043c7c9e02492716426e9919fc78d2c5b3b2a7a768a88e952676b08aa55a4"),
                        wheel("nvidia-cuda-runtime", "13.0.96", "nvidia_cuda_runtime-13.0.96" + tag,
                              "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548"),
                        wheel("nvidia-cuda-cccl", "13.0.85", "nvidia_cuda_cccl-13.0.85" + tag,
                              "e0da7ad981f3a8aff08241b5bfc1af868742a63e2762f53a5171c492ef242649")},
                       context_);
  ASSERT_TRUE(toolkit) << toolkit.error().message;
  const std::map<std::string, std::string> variables = {{"PATH", "/usr/bin:/bin"}};
  const std::string nvcc = (toolkit->path / "bin/nvcc").string();
  const auto version = run_captured({{nvcc, "--version"}, variables, directory_.path()});
  ASSERT_TRUE(version && version->outcome.success()) << (version ? version->output : version.error().message);
  EXPECT_THAT(version->output, HasSubstr("release 13.0, V13.0.88"));
  // Compiling and linking a program needs the added links; -dlto needs the one to libnvvm.
  ORTFORGE_NEEDS(has_program("g++"), "g++");
  ASSERT_TRUE(write_file(directory_.path() / "a.cu",
                         "__global__ void f() {} int main() { f<<<1, 1>>>(); return 0; }\n"));
  for (const std::vector<std::string>& extra :
       {std::vector<std::string>{"-arch=sm_90"}, {"-arch=sm_90", "-dlto", "-rdc=true"}}) {
    std::vector<std::string> argv = {nvcc, "-o", "a", "a.cu"};
    argv.insert(argv.end(), extra.begin(), extra.end());
    const auto compiled = run_captured({argv, variables, directory_.path()}, Milliseconds{300000});
    ASSERT_TRUE(compiled) << compiled.error().message;
    EXPECT_TRUE(compiled->outcome.success()) << compiled->output;
  }
}

}  // namespace
}  // namespace ortforge
