#include "ortforge/matrix/new_branch.hpp"

#include <algorithm>

#include "inherit.hpp"
#include "json_text.hpp"
#include "meaning.hpp"
#include "readers.hpp"

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace fs = std::filesystem;
namespace {

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_dotted_numbers(const std::string& version) {
  const std::vector<std::string> parts = split(version, '.');
  return parts.size() > 1 && std::all_of(parts.begin(), parts.end(), is_number);
}

bool is_digit_at(const std::string& text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// Whether the `size` characters at `at` are a version of their own: "1.2.0" in "v1.2.0.tar.gz", not in
// "11.2.0" or "1.2.0.4".
bool stands_alone(const std::string& text, std::size_t at, std::size_t size) {
  if (at > 0 && is_digit_at(text, at - 1)) return false;
  if (at > 1 && text[at - 1] == '.' && is_digit_at(text, at - 2)) return false;
  const std::size_t end = at + size;
  return !is_digit_at(text, end) && !(end < text.size() && text[end] == '.' && is_digit_at(text, end + 1));
}

std::string with_version(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    const bool whole = stands_alone(text, at, from.size());
    if (whole) text.replace(at, from.size(), to);
    at += whole ? to.size() : 1;
  }
  return text;
}

// The origins of a source with the version in their texts replaced.
Json following_origins(const Json& origins, const std::string& from, const std::string& to) {
  Json result = origins;
  for (Json& origin : result) {
    for (auto& [member, value] : origin.items()) {
      if (member != "kind" && value.is_string()) value = with_version(value.get<std::string>(), from, to);
    }
  }
  return result;
}

// What the new branch says of a source of its parent; null when the source does not go with the version.
Json following_source(const Json& source, const std::string& from, const std::string& to) {
  Json result = Json::object();
  if (const std::string version = source.value("version", ""); version == from) result["version"] = to;
  const Json& origins = source.at("origins");
  const Json followed = following_origins(origins, from, to);
  const bool moved = followed != origins;
  if (result.empty() && !moved) return nullptr;
  const bool shipped = origins.size() == 1 && origins[0].value("kind", "") == "directory";
  if (!shipped) {
    for (const char* digest : {"nar", "sha256"}) {
      if (source.contains(digest)) result[digest] = nullptr;
    }
    result["unpinned"] = fmt::format("new with version {}: 'ortforge lock' fills in its digest", to);
  }
  if (moved) result["origins"] = followed;
  return result;
}

// The members of the new branch, and which sources follow.
Json branch_json(const Json& parent, const Branch& from, const std::string& version,
                 std::vector<FollowingSource>& following) {
  Json branch{{"inherits", from.name}, {"version", version}, {"status", "new"}};
  branch["origin"] = fmt::format("branch {} ({}) carried over to {}", from.name, from.version, version);
  if (version == from.version || !parent.contains("sources")) return branch;
  Json sources = Json::object();
  for (const auto& [name, source] : parent.at("sources").items()) {
    Json entry = following_source(source, from.version, version);
    if (entry.is_null()) continue;
    const std::string before = source.value("version", "");
    following.push_back({name, before, entry.value("version", before), entry.contains("unpinned")});
    sources[name] = std::move(entry);
  }
  if (!sources.empty()) branch["sources"] = std::move(sources);
  return branch;
}

// JSON in one line, as the shipped files have their small values.
std::string in_line(const Json& value) {
  if (!value.is_structured()) return value.dump();
  std::vector<std::string> parts;
  for (const auto& [key, item] : value.items())
    parts.push_back((value.is_object() ? Json(key).dump() + ": " : std::string()) + in_line(item));
  return (value.is_object() ? "{" : "[") + join(parts, ", ") + (value.is_object() ? "}" : "]");
}

// How the file is laid out where the new branch goes.
struct Layout {
  std::string line_end;  // empty: the file does not begin a line for each branch
  std::string indent;    // of a branch
  std::string step;      // by which each level goes further in
};

std::string laid_out(const Json& value, const Layout& layout, const std::string& indent) {
  const bool flat = value.is_array() ? value.size() < 2 : !value.is_object() || value.empty();
  if (flat || layout.line_end.empty()) return in_line(value);
  const std::string inner = indent + layout.step;
  std::vector<std::string> parts;
  for (const auto& [key, item] : value.items()) {
    parts.push_back(inner + (value.is_object() ? Json(key).dump() + ": " + laid_out(item, layout, inner)
                                               : in_line(item)));
  }
  const std::string body = join(parts, "," + layout.line_end);
  return (value.is_object() ? "{" : "[") + layout.line_end + body + layout.line_end + indent +
         (value.is_object() ? "}" : "]");
}

// The blanks that stand before a place in its line; nothing when something else does.
std::optional<std::string> blanks_before(const std::string& text, std::size_t at) {
  const std::size_t start = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  if (start == std::string::npos) return std::nullopt;
  std::string blanks = text.substr(start + 1, at - start - 1);
  if (blanks.find_first_not_of(" \t") != std::string::npos) return std::nullopt;
  return blanks;
}

Layout layout_at(const std::string& text, std::size_t branches, std::size_t parent) {
  const std::optional<std::string> indent = blanks_before(text, parent);
  if (!indent) return {};
  const std::string outer = blanks_before(text, branches).value_or("");
  Layout layout{"\n", *indent, "  "};
  if (text.find("\r\n") != std::string::npos) layout.line_end = "\r\n";
  if (indent->size() > outer.size()) layout.step = indent->substr(outer.size());
  return layout;
}

Result<std::string> with_branch(const std::string& text, const fs::path& file, const std::string& parent,
                                const std::string& name, const Json& branch) {
  const auto branches = matrix_edit::find_member(text, {"branches"});
  const auto place = matrix_edit::find_member(text, {"branches", parent});
  if (!branches || !place) {
    return fail(ErrorKind::bad_input,
                "{}: the branch '{}' cannot be found in the text: write its name plainly", file.string(),
                parent);
  }
  const Layout layout = layout_at(text, branches->key, place->key);
  const std::string before = layout.line_end.empty() ? " " : layout.line_end + layout.indent;
  const std::string added = "," + before + Json(name).dump() + ": " + laid_out(branch, layout, layout.indent);
  return text.substr(0, place->end) + added + text.substr(place->end);
}

Result<void> check_request(const Product& product, const std::string& name, const std::string& version) {
  if (product.branches.contains(name)) {
    return fail(ErrorKind::bad_input, "{} has a branch '{}' already", product.name, name);
  }
  if (!matrix_meaning::is_plain_name(name)) {
    return fail(ErrorKind::bad_input,
                "'{}' is no name for a branch: expected letters, digits, '_', '.' and '-'", name);
  }
  if (!is_dotted_numbers(version)) {
    return fail(ErrorKind::bad_input, "--version {}: expected dotted numbers such as 1.25.0", version);
  }
  return {};
}

// The matrix as it will be loads.
Result<void> check_text(const fs::path& directory, const fs::path& file, const std::string& text) {
  ORTFORGE_TRY(const std::vector<fs::path> files, matrix_reader::product_files(directory));
  const auto read = [&](const fs::path& asked) -> Result<Json> {
    return asked == file ? parse_json(text, file.string()) : read_json(asked);
  };
  const Result<Matrix> loaded = matrix_reader::read_matrix(directory, files, read);
  if (!loaded) return pass_on(loaded.error());
  return {};
}

}  // namespace

Result<BranchAddition> add_branch(const Matrix& matrix, const BranchChoice& parent, const std::string& name,
                                  const std::string& version) {
  ORTFORGE_CHECK(check_request(*parent.product, name, version));
  BranchAddition addition;
  addition.file = matrix.directory / (parent.product->name + ".json");
  ORTFORGE_TRY(const std::string text, read_file(addition.file));
  ORTFORGE_TRY(const Json document, parse_json(text, addition.file.string()));
  ORTFORGE_TRY(const JsonPlace branches, JsonPlace(document, addition.file.string()).at("branches"));
  ORTFORGE_TRY(const auto resolved, matrix_reader::resolve_inheritance(branches));
  const auto found = std::find_if(resolved.begin(), resolved.end(),
                                  [&](const auto& branch) { return branch.name == parent.branch->name; });
  if (found == resolved.end()) {
    return fail(ErrorKind::bad_input, "{}: the branch '{}' has gone meanwhile", addition.file.string(),
                parent.branch->name);
  }
  const Json branch = branch_json(found->value, *parent.branch, version, addition.sources);
  ORTFORGE_TRY(addition.text, with_branch(text, addition.file, parent.branch->name, name, branch));
  ORTFORGE_CHECK(check_text(matrix.directory, addition.file, addition.text));
  return addition;
}

Result<void> write_addition(const BranchAddition& addition) {
  std::error_code error;
  const fs::path real = fs::canonical(addition.file, error);  // a link stays one
  const Result<void> written = write_file(error ? addition.file : real, addition.text);
  if (written) return {};
  return fail_with_hint(written.error().kind, written.error().message,
                        "copy the matrix folder to where you may write, and name the copy with --matrix DIR "
                        "or ORTFORGE_MATRIX");
}

}  // namespace ortforge
