// What `build --backend nix` refuses before it calls Nix.
#include "support/call.hpp"
#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>

namespace ortforge {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class NixBuildCommand : public testing::Test {
 protected:
  CallResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "build");
    // Without Nix, whatever this machine has.
    return call({directory_.path() / "home", directory_.path(), {{"PATH", "/nowhere"}}, nullptr},
                std::move(arguments));
  }
  std::string error(std::vector<std::string> arguments) const {
    const CallResult result = run(std::move(arguments));
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_EQ(result.out, "");
    return result.err.substr(0, result.err.find('\n'));
  }

  TemporaryDirectory directory_;
};

TEST_F(NixBuildCommand, BackendsAreNamed) {
  EXPECT_EQ(error({"cpu-avx2", "--backend", "nxi"}),
            "error: --backend nxi: expected cmake or nix (did you mean 'nix'?)");
}

TEST_F(NixBuildCommand, OptionsGoWithTheirBackend) {
  EXPECT_EQ(error({"cpu-avx2", "--builders", "ssh://a"}), "error: --builders goes with --backend nix only");
  EXPECT_EQ(error({"cpu-avx2", "--cores", "2"}), "error: --cores goes with --backend nix only");
  const std::vector<std::vector<std::string>> refused{
      {"--memory", "8G"},   {"--no-cache"},      {"--no-test"},          {"--environment", "host"},
      {"--outputs", "lib"}, {"--toolkit", "/x"}, {"--source", "a=/tmp"}, {"--remote", "/tmp"}};
  for (std::vector<std::string> arguments : refused) {
    const std::string wanted = "error: " + arguments.front() + " goes with --backend cmake only";
    arguments.insert(arguments.begin(), {"ort-1.24:cpu-avx2", "--backend", "nix"});
    EXPECT_EQ(error(arguments), wanted);
  }
}

TEST_F(NixBuildCommand, ValuesAreChecked) {
  EXPECT_EQ(error({"ort-1.24:cpu-avx2", "--backend", "nix", "--nix-option", "cores"}),
            "error: --nix-option cores: expected NAME=VALUE");
  EXPECT_EQ(error({"ort-1.24:cpu-avx2", "--backend", "nix", "--cores", "-2"}),
            "error: --cores -2: expected a number of cores");
  EXPECT_THAT(error({"ort-1.24:cpu-avx2", "--backend", "nix", "--nixpkgs", "none"}),
              StartsWith("error: --nixpkgs none: expected a folder with a default.nix: "));
  EXPECT_EQ(error({"--backend", "nix"}), "error: no variant named");
}

TEST_F(NixBuildCommand, InfeasibleVariantsAreRefusedWithTheReason) {
  EXPECT_THAT(error({"ort-1.19:cpu-avx2", "--backend", "nix"}), HasSubstr("(rule pin-broken)"));
  EXPECT_EQ(error({"ort-1.21:cpu-avx2", "--backend", "nix"}),
            "error: branch ort-1.21 does not offer the Nix backend");
}

TEST_F(NixBuildCommand, WithoutNixThePackageIsNamedAndNothingIsWritten) {
  const CallResult result =
      run({"--branch", "ort-1.24", "--filter", "accelerator==cpu", "--backend", "nix", "--dry-run"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("Nix is not installed"));
  EXPECT_THAT(result.err, HasSubstr("nix-bin"));
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "home"));
}

}  // namespace
}  // namespace ortforge
