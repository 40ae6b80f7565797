// Nix archive (NAR) serialisation, hashed on the fly: "Nix Archive (NAR) format", Nix manual; E. Dolstra's
// thesis, 5.2.1.
#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "ortforge/base/digest.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPiece = 1U << 18U;

void put_padding(Sha256& hash, std::uint64_t length) {
  constexpr std::string_view kZeros("\0\0\0\0\0\0\0\0", 8);
  if (length % 8 != 0) hash.update(kZeros.substr(0, 8 - length % 8));
}

void put_length(Sha256& hash, std::uint64_t length) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>((length >> (8 * i)) & 0xFFU);
  hash.update(std::string_view(bytes.data(), bytes.size()));
}

void put(Sha256& hash, std::string_view text) {
  put_length(hash, text.size());
  hash.update(text);
  put_padding(hash, text.size());
}

// What is the same for every node of a tree.
struct Walk {
  Sha256& hash;
  std::string_view skip;
  const StopAsked& stop;
};

Result<void> put_file(const Walk& walk, const fs::path& path, std::uint64_t size) {
  Sha256& hash = walk.hash;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorKind::missing, "{}: cannot be read", path.string());
  put_length(hash, size);
  std::vector<char> buffer(std::min(size, kPiece) + 1);  // one read tells that a small file has not grown
  std::uint64_t seen = 0;
  while (stream && seen <= size) {
    if (walk.stop && walk.stop())
      return fail(ErrorKind::interrupted, "{}: reading interrupted", path.string());
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.update(std::string_view(buffer.data(), static_cast<std::size_t>(stream.gcount())));
    seen += static_cast<std::uint64_t>(stream.gcount());
  }
  if (seen != size) return fail(ErrorKind::missing, "{}: changed while it was read", path.string());
  put_padding(hash, size);
  return {};
}

Result<void> put_node(const Walk& walk, const fs::path& path);

Result<void> put_directory(const Walk& walk, const fs::path& path) {
  Sha256& hash = walk.hash;
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (walk.skip.empty() || name != walk.skip) names.push_back(std::move(name));
  }
  if (error) return fail(ErrorKind::missing, "{}: {}", path.string(), error.message());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    put(hash, "entry");
    put(hash, "(");
    put(hash, "name");
    put(hash, name);
    put(hash, "node");
    ORTFORGE_CHECK(put_node(walk, path / name));
    put(hash, ")");
  }
  return {};
}

Result<void> put_node(const Walk& walk, const fs::path& path) {
  Sha256& hash = walk.hash;
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (error) return fail(ErrorKind::missing, "{}: {}", path.string(), error.message());
  put(hash, "(");
  put(hash, "type");
  switch (status.type()) {
    case fs::file_type::regular:
      put(hash, "regular");
      if ((status.permissions() & fs::perms::owner_exec) != fs::perms::none) {
        put(hash, "executable");
        put(hash, "");
      }
      put(hash, "contents");
      ORTFORGE_CHECK(put_file(walk, path, fs::file_size(path, error)));
      break;
    case fs::file_type::symlink:
      put(hash, "symlink");
      put(hash, "target");
      put(hash, fs::read_symlink(path, error).string());
      break;
    case fs::file_type::directory:
      put(hash, "directory");
      ORTFORGE_CHECK(put_directory(walk, path));
      break;
    default:
      return fail(ErrorKind::bad_input, "{}: neither file, folder nor symbolic link", path.string());
  }
  put(hash, ")");
  return {};
}

}  // namespace

Result<Digest> nar_digest(const fs::path& path, std::string_view skip, const StopAsked& stop) {
  Sha256 hash;
  put(hash, "nix-archive-1");
  ORTFORGE_CHECK(put_node(Walk{hash, skip, stop}, path));
  return hash.finish();
}

}  // namespace ortforge
