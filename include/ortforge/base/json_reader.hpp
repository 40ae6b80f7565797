// Reads JSON into types once, at the edge: every access names file and JSON path when it fails.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "ortforge/base/result.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {

using Json = nlohmann::ordered_json;

// The text; null where it is empty, or not there.
Json or_null(const std::string& value);
Json or_null(const std::optional<std::string>& value);

// Parses a JSON text. `origin` (file name) stands in the message. Error: bad_input "FILE:LINE:COLUMN: what is
// wrong". Duplicate object keys are errors too.
Result<Json> parse_json(std::string_view text, const std::string& origin);

// Reads and parses a JSON file. Errors: missing (unreadable), bad_input (syntax).
Result<Json> read_json(const std::filesystem::path& file);

// A place inside a JSON document: the value, the file it came from and its path ("$.branches.main.version").
// Every reader returns bad_input "FILE: PATH: expected ..., found ..." when the value does not fit.
// The document must outlive its places.
class JsonPlace {
 public:
  JsonPlace(const Json& document, std::string file, std::string path = "$")
      : value_(&document),
        document_(std::make_shared<const Document>(Document{&document, std::move(file), std::move(path)})) {}

  const Json& value() const { return *value_; }
  const std::string& file() const { return document_->file; }
  // Searches the document for this value: for messages.
  std::string path() const;

  bool has(std::string_view key) const;
  // The member `key` of an object; error when it is absent.
  Result<JsonPlace> at(std::string_view key) const;
  // Members of an object in file order / elements of an array; error for any other kind of value.
  Result<std::vector<std::pair<std::string, JsonPlace>>> members() const;
  Result<std::vector<JsonPlace>> elements() const;

  Result<std::string> string() const;
  Result<bool> boolean() const;
  Result<long long> integer() const;
  Result<double> number() const;
  Result<std::vector<std::string>> strings() const;

  // The same for member `key`; absent members give `fallback` where one is taken.
  Result<std::string> string(std::string_view key) const;
  Result<std::string> string_or(std::string_view key, std::string fallback) const;
  Result<bool> boolean_or(std::string_view key, bool fallback) const;
  Result<long long> integer(std::string_view key) const;
  Result<long long> integer_or(std::string_view key, long long fallback) const;
  Result<double> number_or(std::string_view key, double fallback) const;
  Result<std::vector<std::string>> strings_or(std::string_view key,
                                              std::vector<std::string> fallback = {}) const;

  // Error when the object has a member that is not in `known`, with the nearest known name.
  Result<void> only(const std::vector<std::string>& known) const;

  // A bad_input error at this place.
  tl::unexpected<Error> error(std::string_view message) const;

 private:
  struct Document {
    const Json* root;
    std::string file;
    std::string path;  // of the root
  };
  JsonPlace(const Json& value, std::shared_ptr<const Document> document)
      : value_(&value), document_(std::move(document)) {}

  const Json* value_;
  std::shared_ptr<const Document> document_;
};

}  // namespace ortforge
