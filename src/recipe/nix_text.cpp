#include "nix_text.hpp"

#include <algorithm>
#include <cctype>

#include "ortforge/base/text.hpp"
#include "ortforge/matrix/filter.hpp"
#include "ortforge/matrix/name.hpp"
#include "ortforge/process/command.hpp"
#include "ortforge/recipe/template.hpp"

namespace ortforge::recipe_detail {
namespace {

constexpr std::string_view kPackage = "pkgs.";  // @pkgs.openblas@: a package of the set

std::string inserted(const std::string& expression) {
  return "${" + expression + "}";
}

bool is_path(const std::string& path) {
  const std::vector<std::string> parts = split(path, '.');
  return std::all_of(parts.begin(), parts.end(), is_nix_name);
}

// The packages that a text names: "pkgs.openblas".
std::vector<std::string> packages_in(const std::string& text) {
  std::vector<std::string> names;
  const std::string open = "@" + std::string(kPackage);
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at + 1)) {
    const std::size_t end = text.find('@', at + 1);
    if (end == std::string::npos) break;
    std::string name = text.substr(at + 1, end - at - 1);
    if (is_path(name)) names.push_back(std::move(name));
  }
  return names;
}

// Puts values into a text that is escaped already.
Result<std::string> expanded(const std::string& text, const NixPlace& place, const std::string& where) {
  PlaceholderValues values = nix_placeholders(place);
  for (const std::string& name : packages_in(text)) values[name] = inserted(name);
  return expand_placeholders(text, values, where);
}

bool is_commit(const std::string& revision) {
  return revision.size() == 40 && revision.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string hash_of(const Source& source) {
  if (source.digest_kind != Source::DigestKind::none) return "\"" + source.digest.sri() + "\"";
  const std::string reason = source.unpinned.empty() ? "nobody has looked it up" : source.unpinned;
  return fmt::format("throw \"{}\"", escape_nix(fmt::format("the digest of the source {} is not known: {}",
                                                            source.name, reason)));
}

// A call of a fetcher as it stands in `sources` of a recipe.
std::string fetch_call(const std::string& set, const std::string& fetcher,
                       const std::vector<std::pair<std::string, std::string>>& arguments) {
  std::string call = set + "." + fetcher + " {";
  for (const auto& [name, value] : arguments) call += fmt::format("\n      {} = {};", name, value);
  return call + "\n    }";
}

std::string fetch_git(const std::string& set, const Source& source, const SourceOrigin& origin) {
  constexpr std::string_view kGithub = "https://github.com/";
  const auto quoted = [](const std::string& text) { return "\"" + escape_nix(text) + "\""; };
  std::string address = origin.url;
  if (address.ends_with(".git")) address.erase(address.size() - 4);
  const std::vector<std::string> parts =
      address.starts_with(kGithub) ? split(address.substr(kGithub.size()), '/') : std::vector<std::string>{};
  const bool github = parts.size() == 2;
  std::vector<std::pair<std::string, std::string>> arguments;
  if (github) {
    arguments = {{"owner", quoted(parts[0])}, {"repo", quoted(parts[1])}};
  } else {
    arguments = {{"url", quoted(origin.url)}};
  }
  arguments.emplace_back(is_commit(origin.revision) ? "rev" : "tag", quoted(origin.revision));
  if (origin.submodules) arguments.emplace_back("fetchSubmodules", "true");
  arguments.emplace_back("hash", hash_of(source));
  return fetch_call(set, github ? "fetchFromGitHub" : "fetchgit", arguments);
}

}  // namespace

PlaceholderValues nix_placeholders(const NixPlace& place) {
  const Variant& variant = place.variant;
  PlaceholderValues values{
      {"product", place.product.name},
      {"version", place.branch.version},
      {"variant", variant.name},
      {"isa", variant.isa},
      {"platform", variant.platform},
      {"machine", place.matrix.hardware.platforms.at(variant.platform).machine},
      {"accelerator", variant.is_cuda() ? "cuda" : "cpu"},
  };
  if (!variant.python.empty()) {
    values["python"] = variant.python;
    values["python_tag"] = python_part(variant.python);
  }
  if (variant.is_cuda()) {
    values["sm"] = std::to_string(*variant.sm);
    values["compute_capability"] = place.matrix.hardware.sms.at(*variant.sm).compute_capability;
    values["cuda"] = variant.cuda;
    values["cuda_major"] = split(variant.cuda, '.').front();
    values["cuda_part"] = join(split(variant.cuda, '.'), "_");
  }
  for (auto& [name, value] : values) value = escape_nix(value);
  values["out"] = inserted("placeholder \"out\"");
  for (const auto& [name, source] : place.branch.sources)
    values["src." + name] = inserted("sources." + nix_source_name(place, name));
  return values;
}

std::string nix_source_name(const NixPlace& place, const std::string& source) {
  return place.product.name == place.variant.product ? source : place.product.name + "_" + source;
}

Result<std::string> nix_string(const std::string& text, const NixPlace& place, const std::string& where,
                               std::set<std::string>* used) {
  if (used != nullptr) {
    for (const auto& [name, source] : place.branch.sources) {
      if (text.find("@src." + name + "@") != std::string::npos) used->insert(name);
    }
  }
  ORTFORGE_TRY(const std::string content, expanded(escape_nix(text), place, where));
  return "\"" + content + "\"";
}

Result<std::string> nix_shell_word(const std::string& text, const NixPlace& place, const std::string& where) {
  return expanded(escape_nix(shell_word(text)), place, where);
}

Result<std::string> nix_attribute(const std::string& set, const std::string& path, const NixPlace& place,
                                  const std::string& where) {
  ORTFORGE_TRY(const std::string name, expand_placeholders(path, nix_placeholders(place), where));
  if (is_path(name)) return set + "." + name;
  return fail(ErrorKind::bad_input, "{}: '{}' is no attribute path of Nix", where, name);
}

Result<std::string> nix_value(const NixValue& value, const NixPlace& place, const std::string& where,
                              std::set<std::string>* used) {
  switch (value.kind) {
    case NixValue::Kind::boolean:
      return std::string(value.boolean ? "true" : "false");
    case NixValue::Kind::text:
      return nix_string(value.text, place, where, used);
    case NixValue::Kind::attribute:
      return nix_attribute("pkgs", value.text, place, where);
    case NixValue::Kind::layer:
      return value.text;
    case NixValue::Kind::list:
      break;
  }
  std::string list = "[";
  for (const std::string& text : value.list) {
    ORTFORGE_TRY(const std::string item, nix_string(text, place, where, used));
    list += " " + item;
  }
  return list + " ]";
}

std::string nix_list(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) list += " \"" + escape_nix(text) + "\"";
  return list + " ]";
}

bool is_nix_name(const std::string& name) {
  static const std::vector<std::string> kWords{"if",  "then", "else", "assert",  "with",
                                               "let", "in",   "rec",  "inherit", "or"};
  if (name.empty() || std::find(kWords.begin(), kWords.end(), name) != kWords.end()) return false;
  const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
           return letter(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '\'';
         });
}

Result<bool> nix_applies(const std::string& when, const NixPlace& place, const std::string& where) {
  if (when.empty()) return true;
  const auto filter = Filter::parse(when);
  if (!filter) return fail(ErrorKind::bad_input, "{}: {}", where, filter.error().message);
  return filter->matches(place.variant, "nix");
}

Result<std::string> nix_fetch(const std::string& set, const Source& source, const NixPlace& place) {
  for (const SourceOrigin& origin : source.origins) {
    if (origin.kind == SourceOrigin::Kind::git) return fetch_git(set, source, origin);
    if (origin.kind == SourceOrigin::Kind::archive) {
      const char* fetcher = source.digest_kind == Source::DigestKind::file ? "fetchurl" : "fetchzip";
      return fetch_call(set, fetcher,
                        {{"url", "\"" + escape_nix(origin.url) + "\""}, {"hash", hash_of(source)}});
    }
  }
  return fail(ErrorKind::bad_input,
              "{} {}: Nix can fetch no origin of the source {}: expected git or archive", place.product.name,
              place.branch.name, source.name);
}

}  // namespace ortforge::recipe_detail
