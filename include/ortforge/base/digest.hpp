// SHA-256 digests and their spellings: lower-case hexadecimal and SRI ("sha256-<base64>", W3C Subresource
// Integrity).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ortforge/base/result.hpp"

namespace ortforge {

// A SHA-256 digest (32 bytes, FIPS 180-4).
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest&) const = default;

  // 64 lower-case hexadecimal digits.
  std::string hex() const;
  // "sha256-" and the padded base64 of the bytes.
  std::string sri() const;
};

// Reads "sha256-<base64>" (SRI), 64 hexadecimal digits, or "sha256:<64 hex digits>". Error: bad_input.
Result<Digest> parse_digest(std::string_view text);

// Computes a SHA-256 piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view data);
  // The digest of everything given so far; the object must not be updated afterwards.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The SHA-256 of a text.
Digest sha256(std::string_view data);

// Asked while something long goes on: true ends it with the error interrupted. Empty: nobody asks.
using StopAsked = std::function<bool()>;

// The SHA-256 of a file's content, read in pieces of 64 KiB. Errors: missing when it cannot be read;
// interrupted.
Result<Digest> sha256_file(const std::filesystem::path& file, const StopAsked& stop = {});

// The SHA-256 of the Nix archive (NAR) of a file, symbolic link or directory tree: content, names, execute
// bit and link targets count, times and owners do not. Equals `nix hash path --type sha256` (Nix manual 2.8,
// "Nix Archive"). Entries called `skip` (".git"; empty: none) are left out at every level of a tree. Errors:
// missing for an unreadable path, bad_input for a device, socket or pipe in the tree; interrupted.
Result<Digest> nar_digest(const std::filesystem::path& path, std::string_view skip = {},
                          const StopAsked& stop = {});

}  // namespace ortforge
