#include "ortforge/base/digest.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

#include <openssl/evp.h>

namespace ortforge {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kDigestBase64Length = 44;
constexpr std::size_t kReadSize = std::size_t{64} * 1024;

std::string to_base64(const std::array<std::uint8_t, 32>& bytes) {
  std::string text;
  text.reserve(kDigestBase64Length);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = (group << 8U) | (j < left ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j < 4; ++j) text += j <= left ? kBase64[(group >> (18U - 6U * j)) & 63U] : '=';
  }
  return text;
}

std::optional<std::array<std::uint8_t, 32>> from_base64(std::string_view text) {
  if (text.size() != kDigestBase64Length || text.back() != '=') return std::nullopt;
  std::array<std::uint8_t, 33> bytes{};
  std::size_t filled = 0;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text.substr(0, kDigestBase64Length - 1)) {
    const std::size_t value = kBase64.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.at(filled++) = static_cast<std::uint8_t>((bits >> count) & 0xFFU);
    }
  }
  if (filled != 32 || (bits & ((1U << count) - 1U)) != 0) return std::nullopt;
  std::array<std::uint8_t, 32> result{};
  std::copy_n(bytes.begin(), 32, result.begin());
  return result;
}

std::optional<std::array<std::uint8_t, 32>> from_hex(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return bytes;
}

}  // namespace

std::string Digest::hex() const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(64);
  for (const std::uint8_t byte : bytes) {
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text;
}

std::string Digest::sri() const {
  return "sha256-" + to_base64(bytes);
}

Result<Digest> parse_digest(std::string_view text) {
  std::optional<std::array<std::uint8_t, 32>> bytes;
  if (text.starts_with("sha256-")) {
    bytes = from_base64(text.substr(7));
  } else {
    bytes = from_hex(text.starts_with("sha256:") ? text.substr(7) : text);
  }
  if (!bytes) {
    return fail(
        ErrorKind::bad_input,
        "'{}' is no SHA-256 digest: expected 'sha256-' and 44 base64 characters, or 64 hexadecimal digits",
        text);
  }
  return Digest{*bytes};
}

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view data) {
  EVP_DigestUpdate(state_->context, data.data(), data.size());
}

Digest Sha256::finish() {
  Digest digest;
  EVP_DigestFinal_ex(state_->context, digest.bytes.data(), nullptr);
  return digest;
}

Digest sha256(std::string_view data) {
  Sha256 hash;
  hash.update(data);
  return hash.finish();
}

Result<Digest> sha256_file(const std::filesystem::path& file, const StopAsked& stop) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail(ErrorKind::missing, "{}: cannot be read", file.string());
  Sha256 hash;
  std::vector<char> buffer(kReadSize);
  while (stream) {
    if (stop && stop()) return fail(ErrorKind::interrupted, "{}: reading interrupted", file.string());
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.update(std::string_view(buffer.data(), static_cast<std::size_t>(stream.gcount())));
  }
  if (stream.bad()) return fail(ErrorKind::missing, "{}: reading failed", file.string());
  return hash.finish();
}

}  // namespace ortforge
