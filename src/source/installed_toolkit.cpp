// What there is of a toolkit in folders of this machine, and what identifies it.
#include "ortforge/source/installed_toolkit.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <tuple>
#include <utility>

#include "installed_parts.hpp"

#include "ortforge/base/digest_memo.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::array kParts{"bin", "include", "lib", "lib64", "nvvm"};
// They hold more than a toolkit, and every package that is installed changes them.
constexpr std::array kSystem{"/", "/usr", "/usr/local"};

Result<fs::path> checked_folder(const fs::path& named) {
  std::error_code error;
  const fs::path folder = fs::canonical(named, error);
  if (error || !fs::is_directory(folder, error))
    return fail(ErrorKind::bad_input, "toolkit {}: no such folder", named.string());
  if (std::find(kSystem.begin(), kSystem.end(), folder) != kSystem.end()) {
    return fail(ErrorKind::bad_input, "toolkit {}: it holds more than a toolkit; name a folder of its own",
                named.string());
  }
  const bool holds_some = std::any_of(
      kParts.begin(), kParts.end(), [&](const char* part) { return fs::is_directory(folder / part, error); });
  if (holds_some) return folder;
  return fail(ErrorKind::bad_input, "toolkit {}: it holds none of bin, include, lib, lib64 and nvvm",
              named.string());
}

// "13.0.88" of a version.json as toolkits have it; empty where it does not name nvcc.
std::string version_in(const fs::path& file) {
  const auto json = read_json(file);
  if (!json) return {};
  const auto nvcc = JsonPlace(*json, file.string()).at("cuda_nvcc");
  return nvcc ? nvcc->string("version").value_or("") : std::string();
}

// The same of "Cuda compilation tools, release 13.0, V13.0.88".
std::string version_said(const std::string& text) {
  constexpr std::string_view kRelease = "release ";
  constexpr const char* kNumber = "0123456789.";
  const std::size_t at = text.find(kRelease);
  if (at == std::string::npos) return {};
  const std::string rest = text.substr(at + kRelease.size());
  std::string release = rest.substr(0, rest.find_first_not_of(kNumber));
  const std::size_t full = rest.find(", V" + release);
  if (release.empty() || full == std::string::npos) return release;
  const std::string version = rest.substr(full + 3);
  return version.substr(0, version.find_first_not_of(kNumber));
}

Result<std::string> version_of(const fs::path& folder, const Interrupt* interrupt) {
  if (std::string version = version_in(folder / "version.json"); !version.empty()) return version;
  const fs::path nvcc = folder / "bin" / "nvcc";
  const Command command{{nvcc.string(), "--version"}, {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}}, "/"};
  ORTFORGE_TRY(const Captured asked, run_captured(command, Milliseconds{20000}, interrupt));
  if (asked.outcome.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  std::string version = asked.outcome.success() ? version_said(asked.output) : std::string();
  if (!version.empty()) return version;
  return fail(ErrorKind::missing, "toolkit {}: {} --version names no release ({})", folder.string(),
              nvcc.string(), describe(asked.outcome.ending));
}

}  // namespace

std::string InstalledToolkit::release() const {
  const std::vector<std::string> numbers = split(version, '.');
  return numbers.size() < 2 ? version : numbers[0] + "." + numbers[1];
}

std::string InstalledToolkit::places() const {
  std::vector<std::string> names;
  for (const fs::path& folder : folders) names.push_back(folder.string());
  return join(names, ":");
}

Result<InstalledToolkit> find_installed_toolkit(const std::vector<fs::path>& folders,
                                                const Interrupt* interrupt) {
  InstalledToolkit toolkit;
  std::error_code error;
  for (const fs::path& named : folders) {
    ORTFORGE_TRY(fs::path folder, checked_folder(named));
    if (toolkit.compiler.empty() && fs::exists(folder / "bin" / "nvcc", error)) toolkit.compiler = folder;
    toolkit.folders.push_back(std::move(folder));
  }
  if (toolkit.compiler.empty())
    return fail_with_hint(
        ErrorKind::missing, fmt::format("toolkit {}: no bin/nvcc there", toolkit.places()),
        "name the folder of a CUDA toolkit, such as /usr/local/cuda-13.0, and after it the others");
  ORTFORGE_TRY(toolkit.version, version_of(toolkit.compiler, interrupt));
  return toolkit;
}

std::vector<InstalledPart> installed_parts(const InstalledToolkit& toolkit) {
  std::vector<InstalledPart> parts;
  const auto has = [&](std::string_view name) {
    return std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.name == name; });
  };
  const auto add = [&](const std::string& name, const fs::path& folder) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error || !fs::is_directory(real, error)) return;
    const InstalledPart part{name, real};
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  };
  // What nvcc starts must be of its own release.
  add("bin", toolkit.compiler / "bin");
  add("nvvm", toolkit.compiler / "nvvm");
  for (const fs::path& folder : toolkit.folders) {
    if (!has("nvvm")) add("nvvm", folder / "nvvm");
    add("include", folder / "include");
    add("lib", folder / "lib64");
    add("lib", folder / "lib");
  }
  return parts;
}

Result<Digest> installed_digest(const InstalledToolkit& toolkit, const SourceContext& context) {
  const fs::path file = context.home / "toolkits" / "installed.json";
  DigestMemo own;
  DigestMemo& memo = context.installed != nullptr ? *context.installed : own;
  if (memo.empty()) memo.load(file);
  const std::size_t readings = memo.readings();
  std::string text = fmt::format("installed toolkit layout {}", kInstalledLayout);
  const StopAsked stop = [&] { return context.interrupt != nullptr && context.interrupt->requested(); };
  for (const InstalledPart& part : installed_parts(toolkit)) {
    ORTFORGE_TRY(const Digest digest, memo.digest(part.folder, kByteCode, stop));
    text += fmt::format("\n{} {}", part.name, digest.sri());
  }
  // A home that cannot be written costs the time of reading again, nothing else.
  if (memo.readings() > readings) std::ignore = memo.save(file);
  return sha256(text);
}

}  // namespace ortforge
