// What Nix tells while it builds: lines of `--log-format internal-json`, standard output among them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ortforge {

// One line, as far as a build goes by it. Members that a kind does not name are empty.
struct NixEvent {
  enum class Kind {
    other,     // known, and of no interest here
    plain,     // no line of that format: `text` is the line, such as a store path on standard output
    message,   // for the user: `error`, `text`, and the place in an expression where there is one
    building,  // `activity` builds the derivation `text`
    fetching,  // `activity` takes the path `text` from the binary cache `from`
    log_line,  // `activity` printed `text`
    phase,     // `activity` is in phase `text`
    stopped,   // `activity` has ended
    builds,    // `activity` stands for all builds together: its counts say how far they are
    counts,    // of `activity`: `done` of `expected`, `failed`
  };
  Kind kind = Kind::other;
  std::uint64_t activity = 0;
  std::string text;  // without colours
  std::string from;
  bool error = false;  // of a message
  std::string file;    // "/…/x.nix", with `line` from 1
  std::int64_t line = 0;
  std::int64_t done = 0;
  std::int64_t expected = 0;
  std::int64_t failed = 0;

  bool operator==(const NixEvent&) const = default;
};

// Reads one line, without its newline. A line that is cut off or of another form is `plain`; a number or text
// that is not there counts as 0 or empty.
NixEvent parse_nix_line(std::string_view line);

// A text without the escape sequences that colour it (ECMA-48 CSI).
std::string without_colours(std::string_view text);

// "onnxruntime-1.23.2" for "/nix/store/<hash>-onnxruntime-1.23.2.drv"; also of a path of the store.
std::string nix_name(std::string_view path);

// Cuts a stream into lines and hands each on.
class NixEventReader {
 public:
  explicit NixEventReader(std::function<void(const NixEvent&)> take) : take_(std::move(take)) {}
  void feed(std::string_view text);
  // At the end of the stream: what stands behind the last newline is a line too.
  void finish();

 private:
  std::function<void(const NixEvent&)> take_;
  std::string line_;
};

}  // namespace ortforge
