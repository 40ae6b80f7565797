// docs/applications.md shows the examples that the tests of a result compile and run.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

std::string text_of(const std::string& file) {
  return read_file(std::filesystem::path(TEST_SOURCE_DIR) / file).value_or("no file " + file);
}

TEST(Applications, TheExamplesOfThePageAreTheOnesThatAreCompiled) {
  const std::string page = text_of("docs/applications.md");
  EXPECT_NE(page.find("```cpp\n" + text_of("templates/onnxruntime/test/wrapper/example.cpp") + "```\n"),
            std::string::npos);
  EXPECT_NE(page.find("```rust\n" + text_of("templates/rust/ort-wrapper/examples/classify.rs") + "```\n"),
            std::string::npos);
}

TEST(Applications, ThePageNamesTheCrateThatIsRendered) {
  const std::string manifest = text_of("templates/rust/ort-wrapper/Cargo.toml.mustache");
  const std::string page = text_of("docs/applications.md");
  for (const char* version : {"=2.0.0-rc.12", "1.88"}) {
    EXPECT_NE(manifest.find(version), std::string::npos) << version;
    EXPECT_NE(page.find(version), std::string::npos) << version;
  }
}

}  // namespace
}  // namespace ortforge
