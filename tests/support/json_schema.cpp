#include "support/json_schema.hpp"

#include <filesystem>

#include "support/temporary_directory.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/matrix/check.hpp"

namespace ortforge {

std::string schema_violations(const std::string& name, const std::string& text) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "output.json";
  if (const auto written = write_file(file, text); !written) return written.error().message;
  const std::filesystem::path schemas = std::filesystem::path(TEST_SOURCE_DIR) / "docs" / "json";
  const auto findings = check_schema(file, schemas / (name + ".schema.json"));
  if (!findings) return findings.error().message;
  std::string lines;
  for (const Finding& finding : *findings) lines += finding.path + ": " + finding.message + "\n";
  return lines;
}

}  // namespace ortforge
