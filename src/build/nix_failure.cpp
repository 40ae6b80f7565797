#include "ortforge/build/nix_failure.hpp"

#include <algorithm>
#include <charconv>

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using FailureKind = NixFailure::Kind;

constexpr std::string_view kNoSpace = "No space left on device";
constexpr std::string_view kRoom =
    "make room where Nix builds (TMPDIR) and in its store: nix-collect-garbage";

bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string first_line(std::string_view text) {
  return trim(text.substr(0, text.find('\n')));
}

// What stands between the first two quotes behind `start`; empty where there is no such thing.
std::string quoted_after(std::string_view text, std::string_view start) {
  const std::size_t at = text.find(start);
  if (at == std::string_view::npos) return {};
  const std::size_t open = text.find('\'', at + start.size());
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find('\'', open + 1);
  if (close == std::string_view::npos) return {};
  return std::string(text.substr(open + 1, close - open - 1));
}

// The first quoted path of a derivation, without the output that may stand behind it ("….drv!out").
std::string derivation_in(std::string_view text) {
  constexpr std::string_view kEnd = ".drv";
  std::size_t end = std::min(text.find(".drv'"), text.find(".drv!"));
  if (end == std::string_view::npos) return {};
  const std::size_t open = text.rfind('\'', end);
  if (open == std::string_view::npos) return {};
  end += kEnd.size();
  return std::string(text.substr(open + 1, end - open - 1));
}

// The word behind `label` in a line of its own: "got:    sha256-…".
std::string word_after(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return {};
  return first_line(text.substr(at + label.size()));
}

std::optional<int> number_after(std::string_view text, std::string_view start) {
  const std::size_t at = text.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + start.size());
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
}

// Messages that come on top of the one that says why.
bool only_repeats(std::string_view text) {
  return mentions(text, "failed to build") || mentions(text, "dependency failed") ||
         mentions(text, "dependencies failed") ||
         (text.starts_with("build of ") && text.ends_with(" failed")) ||
         text.starts_with("some errors were encountered") ||
         text.starts_with("Build failed due to failed dependency");
}

NixFailure hash_mismatch(std::string_view text) {
  NixFailure failure;
  failure.kind = FailureKind::hash_mismatch;
  failure.derivation = derivation_in(text);
  failure.expected = word_after(text, "specified:");
  failure.got = word_after(text, "got:");
  failure.words = fmt::format("hash mismatch: expected {}, got {}", failure.expected, failure.got);
  const std::string file = quoted_after(text, "downloaded from");
  if (!file.empty()) failure.words = file + ": " + failure.words;
  failure.hint =
      "if what came is what is wanted, take the digest out of the matrix and let 'ortforge lock' record it";
  return failure;
}

NixFailure builder_failed(std::string_view text) {
  NixFailure failure;
  failure.kind = FailureKind::builder;
  failure.derivation = derivation_in(text);
  if (const auto code = number_after(text, "failed with exit code ")) {
    failure.ending = Exited{*code};
  } else if (const auto signal = number_after(text, "failed due to signal ")) {
    failure.ending = Signaled{*signal};
  } else {
    failure.kind = FailureKind::unknown;
    failure.words = first_line(text);
    return failure;
  }
  failure.words = describe(failure.ending);
  return failure;
}

NixFailure failure_of(FailureKind kind, std::string_view text, std::string hint = {}) {
  NixFailure failure;
  failure.kind = kind;
  failure.derivation = derivation_in(text);
  failure.words = first_line(text);
  failure.hint = std::move(hint);
  return failure;
}

NixFailure missing_attribute(const NixEvent& message) {
  NixFailure failure;
  failure.kind = FailureKind::missing_attribute;
  failure.attribute = quoted_after(message.text, "attribute");
  failure.words = fmt::format("the package set has no '{}'", failure.attribute);
  failure.hint =
      "the pin of the branch has another package set than the recipe was written for: choose another "
      "revision, or correct the branch's \"nix\"";
  return failure;
}

// Where in an expression it is, for messages of the evaluator.
void add_place(const NixEvent& message, NixFailure& failure) {
  if (!message.file.empty() && message.line > 0)
    failure.words += fmt::format(" ({}:{})", message.file, message.line);
}

NixFailure set_up(std::string_view text) {
  if (mentions(text, "build-users-group")) {
    return failure_of(
        FailureKind::set_up, text,
        "as root Nix builds as users of its own: make them, or say --nix-option build-users-group=");
  }
  return failure_of(
      FailureKind::set_up, text,
      "Nix needs the right to its store: a daemon, root, or a store of your own (NIX_STORE_DIR, "
      "NIX_STATE_DIR)");
}

}  // namespace

std::optional<NixFailure> nix_failure(const NixEvent& message) {
  if (message.kind != NixEvent::Kind::message || !message.error) return std::nullopt;
  std::string_view text = message.text;
  if (text.starts_with("error: ")) text.remove_prefix(7);
  text = text.substr(0, text.find("log lines:"));  // what a builder printed says nothing of Nix
  if (mentions(text, "interrupted by the user")) return failure_of(FailureKind::interrupted, text);
  if (mentions(text, "hash mismatch in")) return hash_mismatch(text);
  if (mentions(text, kNoSpace)) return failure_of(FailureKind::no_space, text, std::string(kRoom));
  if (only_repeats(text)) return std::nullopt;
  if (mentions(text, "is required to build") || mentions(text, "Required system or feature not available") ||
      mentions(text, "required system or feature not available")) {
    return failure_of(FailureKind::platform, text,
                      "name a machine that can: --builders, or --nix-option extra-platforms=");
  }
  if (mentions(text, "timed out after")) return failure_of(FailureKind::timed_out, text);
  if (mentions(text, "unable to download") || mentions(text, "Could not resolve host"))
    return failure_of(FailureKind::unreachable, text,
                      "the network, or a proxy, is needed to fetch what is pinned");
  if (mentions(text, "builder for '") || mentions(text, "builder failed")) return builder_failed(text);
  if (mentions(text, "build-users-group") || mentions(text, "Permission denied") ||
      mentions(text, "Operation not permitted") || text.starts_with("creating directory ") ||
      text.ends_with("' is not a directory") || mentions(text, "Read-only file system") ||
      mentions(text, "cannot connect to socket"))
    return set_up(text);
  if (text.starts_with("attribute '") && mentions(text, "missing")) {
    NixFailure failure = missing_attribute(message);
    add_place(message, failure);
    return failure;
  }
  NixFailure failure = failure_of(FailureKind::unknown, text);
  if (!message.file.empty()) failure.kind = FailureKind::evaluation;
  add_place(message, failure);
  return failure;
}

void look_into_log(NixFailure& failure, std::string_view log_tail) {
  if (failure.kind != FailureKind::builder || !mentions(log_tail, kNoSpace)) return;
  failure.kind = FailureKind::no_space;
  failure.words += fmt::format(", {}", kNoSpace);
  failure.hint = kRoom;
}

ErrorKind error_kind(const NixFailure& failure) {
  switch (failure.kind) {
    case FailureKind::missing_attribute:
    case FailureKind::evaluation:
      return ErrorKind::bad_input;
    case FailureKind::no_space:
    case FailureKind::unreachable:
    case FailureKind::platform:
    case FailureKind::set_up:
      return ErrorKind::missing;
    case FailureKind::interrupted:
      return ErrorKind::interrupted;
    case FailureKind::builder:
    case FailureKind::hash_mismatch:
    case FailureKind::timed_out:
    case FailureKind::unknown:
      return ErrorKind::failed;
  }
  return ErrorKind::failed;
}

}  // namespace ortforge
