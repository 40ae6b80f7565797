#include "ortforge/report/lock.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {

std::string lock_text(const std::vector<LockedHash>& hashes) {
  std::string text;
  std::size_t found = 0;
  for (const LockedHash& hash : hashes) {
    const std::string reason = hash.error ? "still missing: " + hash.error->message : std::string("missing");
    text += fmt::format("{}: {}\n", describe(hash.hash), hash.digest.empty() ? reason : hash.digest);
    found += hash.digest.empty() ? 0 : 1;
  }
  if (hashes.empty()) return "no hash is missing\n";
  return text + fmt::format("{} filled in, {} missing\n", found, hashes.size() - found);
}

std::string lock_json(const std::vector<LockedHash>& hashes) {
  Json list = Json::array();
  for (const LockedHash& hash : hashes) {
    list.push_back({{"kind", hash.hash.is_pin ? "pin" : "source"},
                    {"name", hash.hash.name},
                    {"product", hash.hash.product},
                    {"branch", hash.hash.branch},
                    {"file", hash.hash.file.string()},
                    {"digest", or_null(hash.digest)},
                    {"error", hash.error ? Json(hash.error->message) : Json(nullptr)}});
  }
  const Json json{{"schema", "lock/1"}, {"hashes", std::move(list)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ortforge
