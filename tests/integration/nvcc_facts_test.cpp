// The SASS targets of hardware.json against the compiler of CUDA 13.0 itself, from its wheels (105 MB, kept
// in the home).
#include <set>

#include "support/matrix_fixture.hpp"
#include "support/needs.hpp"
#include "support/user_home.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/text.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {
namespace {

// `nvcc --list-gpu-code` names plain targets; "90a" and "120f" are accepted beside them without being listed.
TEST(BuildFactsNvcc, TargetsAreThoseNvccLists) {
  const Matrix& matrix = shipped_matrix();
  const Branch& branch = matrix.products.at("simdkernels").branches.at("1.0");
  SourceContext context;
  context.home = user_home();
  context.matrix_directory = matrix.directory;
  context.variables = own_environment();
  const auto toolkit = assemble_toolkit(branch.lines.at("cuda13_0").toolkit_sources, context);
  ORTFORGE_NEEDS(toolkit.has_value(), toolkit.error().message);
  const std::string nvcc = (toolkit->path / "bin" / "nvcc").string();
  const auto run = run_captured({{nvcc, "--list-gpu-code"}, {{"PATH", "/usr/bin:/bin"}}, "/"});
  ASSERT_TRUE(run && run->outcome.success());
  std::set<std::string> listed;
  for (const std::string& line : split(run->output, '\n')) {
    if (line.starts_with("sm_")) listed.insert(line.substr(3));
  }
  std::set<std::string> plain;
  for (const std::string& target : matrix.hardware.toolkits.at("13.0").targets) {
    if (target.find_first_not_of("0123456789") == std::string::npos) plain.insert(target);
  }
  EXPECT_EQ(listed, plain);
}

}  // namespace
}  // namespace ortforge
