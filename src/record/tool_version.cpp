#include "ortforge/record/tool_version.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

constexpr std::size_t kMostBytes = 200;

bool digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::string plain(std::string_view line) {
  std::string text;
  for (const char c : line.substr(0, std::min(line.size(), kMostBytes))) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) text += c;
  }
  return trim(text);
}

}  // namespace

std::string version_line(std::string_view output) {
  std::string first;
  for (const std::string& line : split(output, '\n')) {
    // "Cuda compilation tools, release 13.0, V13.0.48" stands below a copyright notice.
    if (line.find("release ") != std::string::npos && line.find("tools, ") != std::string::npos)
      return plain(line);
    if (first.empty()) first = plain(line);
  }
  return first;
}

std::string version_number(std::string_view line) {
  for (std::size_t start = 0; start < line.size(); ++start) {
    if (!digit(line[start]) || (start > 0 && (digit(line[start - 1]) || line[start - 1] == '.'))) continue;
    std::size_t end = start;
    bool dotted = false;
    while (end < line.size() &&
           (digit(line[end]) || (line[end] == '.' && end + 1 < line.size() && digit(line[end + 1])))) {
      dotted = dotted || line[end] == '.';
      ++end;
    }
    if (dotted) return std::string(line.substr(start, end - start));
    start = end;
  }
  return {};
}

Result<std::string> tool_version(const std::string& program, const RunTool& run) {
  const bool openssl = std::filesystem::path(program).filename() == "openssl";
  ORTFORGE_TRY(const Captured captured, run({program, openssl ? "version" : "--version"}));
  if (captured.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (!captured.outcome.success()) {
    return fail(ErrorKind::missing, "{}: no version: {}", program, describe(captured.outcome.ending));
  }
  std::string line = version_line(captured.output);
  if (line.empty()) return fail(ErrorKind::missing, "{}: no version: it says nothing", program);
  return line;
}

Result<std::map<std::string, std::string>> tool_versions(const std::vector<std::string>& programs,
                                                         const RunTool& run) {
  std::map<std::string, std::string> versions;
  for (const std::string& program : programs) {
    auto version = tool_version(program, run);
    if (!version && version.error().kind == ErrorKind::interrupted)
      return pass_on(std::move(version).error());
    versions[program] = version ? *std::move(version) : "unknown: " + version.error().message;
  }
  return versions;
}

}  // namespace ortforge
