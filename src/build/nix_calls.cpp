#include "nix_calls.hpp"

#include <map>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/recipe/template.hpp"

namespace ortforge::build_detail {
namespace {

constexpr Milliseconds kBetweenNixLooks{200};

// A path as an expression, whatever it is called.
std::string nix_path(const std::filesystem::path& path) {
  return "/. + \"" + escape_nix(path.string()) + "\"";
}

// What a call that should not fail has to say when it does.
Error error_of(const std::string& program, const NixCalled& called) {
  if (called.interrupted) return {ErrorKind::interrupted, "interrupted", {}};
  if (!called.failures.empty()) {
    const NixFailure& failure = called.failures.front();
    return {error_kind(failure), program + ": " + failure.words, failure.hint};
  }
  return {ErrorKind::failed, program + ": " + describe(called.outcome.ending), join(called.lines, "\n  ")};
}

}  // namespace

std::pair<std::string, std::string> split_output(const std::string& derivation) {
  const std::size_t mark = derivation.rfind('!');
  if (mark == std::string::npos) return {derivation, "out"};
  return {derivation.substr(0, mark), derivation.substr(mark + 1)};
}

std::string sri_of_nix32(std::string_view text) {
  constexpr std::string_view kStart = "sha256:";
  constexpr std::string_view kDigits = "0123456789abcdfghijklmnpqrsvwxyz";
  constexpr std::size_t kLength = 52;
  if (!text.starts_with(kStart) || text.size() != kStart.size() + kLength) return {};
  text.remove_prefix(kStart.size());
  Digest digest;
  for (std::size_t n = 0; n < kLength; ++n) {
    // The last character holds the lowest five bits.
    const std::size_t value = kDigits.find(text[kLength - n - 1]);
    if (value == std::string_view::npos) return {};
    const std::size_t byte = n * 5 / 8;
    const std::size_t shift = n * 5 % 8;
    const std::size_t bits = value << shift;
    digest.bytes[byte] = static_cast<std::uint8_t>(digest.bytes[byte] | (bits & 0xFFU));
    if (bits > 0xFFU) {
      if (byte + 1 >= digest.bytes.size()) return {};
      digest.bytes[byte + 1] = static_cast<std::uint8_t>(digest.bytes[byte + 1] | (bits >> 8U));
    }
  }
  return digest.sri();
}

Result<NixCalled> NixCalls::run(std::vector<std::string> argv,
                                const std::function<void(const NixEvent&)>& on_event,
                                const std::function<void()>& on_wait) {
  argv.insert(argv.end(), {"--log-format", "internal-json"});
  for (const auto& [name, value] : options_.settings) argv.insert(argv.end(), {"--option", name, value});
  NixCalled called;
  NixEventReader reader([&](const NixEvent& event) {
    if (event.kind == NixEvent::Kind::plain) {
      (event.text.starts_with('/') ? called.paths : called.lines).push_back(event.text);
    } else if (event.kind == NixEvent::Kind::message) {
      called.lines.push_back(event.text);
      if (auto failure = nix_failure(event)) called.failures.push_back(*std::move(failure));
    }
    if (on_event) on_event(event);
  });
  RunOptions run;
  run.on_output = [&](std::string_view text) { reader.feed(text); };
  ORTFORGE_TRY(const ProcessId id,
               context_.runner->start({std::move(argv), context_.environment, context_.directory}, run));
  while (true) {
    ORTFORGE_TRY(const auto finished, context_.runner->wait(kBetweenNixLooks));
    if (on_wait) on_wait();
    if (!finished || finished->id != id) continue;
    called.outcome = finished->outcome;
    break;
  }
  reader.finish();
  const bool asked = context_.interrupt != nullptr && context_.interrupt->requested();
  called.interrupted = called.outcome.interrupted || (asked && !called.success());
  return called;
}

Result<NixCalled> NixCalls::instantiate(const NixRequest& request) {
  std::vector<std::string> argv{"nix-instantiate", request.expression.string(), "--argstr", "system",
                                request.platform};
  if (!options_.nixpkgs.empty()) argv.insert(argv.end(), {"--arg", "nixpkgs", nix_path(options_.nixpkgs)});
  return run(std::move(argv));
}

Result<NixCalled> NixCalls::ask(std::vector<std::string> argv) {
  const std::string program = argv.front() + " " + argv.at(1);
  ORTFORGE_TRY(NixCalled called, run(std::move(argv)));
  if (!called.success()) return pass_on(error_of(program, called));
  return called;
}

Result<std::vector<std::string>> NixCalls::outputs_of(const std::vector<std::string>& derivations) {
  std::map<std::string, std::vector<std::size_t>> by_output;
  for (std::size_t i = 0; i < derivations.size(); ++i)
    by_output[split_output(derivations[i]).second].push_back(i);
  std::vector<std::string> outputs(derivations.size());
  for (const auto& [name, indices] : by_output) {
    std::vector<std::string> argv{"nix-store", "--query", "--binding", name};
    for (const std::size_t i : indices) argv.push_back(split_output(derivations[i]).first);
    ORTFORGE_TRY(const NixCalled called, ask(std::move(argv)));
    if (called.paths.size() != indices.size()) {
      return fail(ErrorKind::internal, "nix-store --query --binding: {} for {}",
                  counted(called.paths.size(), "path"), counted(indices.size(), "derivation"));
    }
    for (std::size_t i = 0; i < indices.size(); ++i) outputs[indices[i]] = called.paths[i];
  }
  return outputs;
}

Result<std::set<std::string>> NixCalls::invalid(const std::vector<std::string>& paths) {
  if (paths.empty()) return std::set<std::string>();
  std::vector<std::string> argv{"nix-store", "--check-validity", "--print-invalid"};
  argv.insert(argv.end(), paths.begin(), paths.end());
  ORTFORGE_TRY(const NixCalled called, ask(std::move(argv)));
  return std::set<std::string>(called.paths.begin(), called.paths.end());
}

Result<std::set<std::string>> NixCalls::closure(const std::string& derivation) {
  ORTFORGE_TRY(const NixCalled called, ask({"nix-store", "--query", "--requisites", derivation}));
  std::set<std::string> found;
  for (const std::string& path : called.paths) {
    if (path.ends_with(".drv")) found.insert(path);
  }
  return found;
}

Result<std::string> NixCalls::digest(const std::string& path) {
  ORTFORGE_TRY(const NixCalled called, ask({"nix-store", "--query", "--hash", path}));
  for (const std::string& line : called.lines) {
    if (const std::string sri = sri_of_nix32(line); !sri.empty()) return sri;
  }
  return std::string();
}

}  // namespace ortforge::build_detail
