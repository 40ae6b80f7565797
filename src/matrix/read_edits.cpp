// Substitutions, patches, CMake options, variables, changes of ISAs, pins and gaps.
#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

Result<Substitution::Kind> substitution_kind(const JsonPlace& place) {
  ORTFORGE_TRY(const std::string name, place.string_or("kind", "replace"));
  if (name == "replace") return Substitution::Kind::replace;
  if (name == "write-file") return Substitution::Kind::write_file;
  if (name == "delete-file") return Substitution::Kind::delete_file;
  if (name == "delete-lines") return Substitution::Kind::delete_lines;
  ORTFORGE_TRY(const JsonPlace member, place.at("kind"));
  const std::vector<std::string> known{"replace", "write-file", "delete-file", "delete-lines"};
  return member.error(fmt::format("unknown kind of substitution '{}'; known: {}{}", name, join(known, ", "),
                                  did_you_mean(name, known)));
}

}  // namespace

Result<std::string> read_when(const JsonPlace& place) {
  ORTFORGE_TRY(std::string text, place.string_or("when", ""));
  if (text.empty()) return text;
  if (const Result<Filter> filter = Filter::parse(text); !filter) {
    ORTFORGE_TRY(const JsonPlace member, place.at("when"));
    return member.error(filter.error().message);
  }
  return text;
}

Result<Substitution> read_substitution(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"kind", "source", "file", "from", "to", "following_lines", "why", "when"}));
  Substitution edit;
  ORTFORGE_TRY(edit.kind, substitution_kind(place));
  ORTFORGE_TRY(edit.source, place.string("source"));
  ORTFORGE_TRY(edit.file, place.string("file"));
  ORTFORGE_TRY(edit.from, place.string_or("from", ""));
  ORTFORGE_TRY(edit.to, place.string_or("to", ""));
  ORTFORGE_TRY(const long long lines, place.integer_or("following_lines", 0));
  edit.following_lines = static_cast<int>(lines);
  ORTFORGE_TRY(edit.why, place.string("why"));
  ORTFORGE_TRY(edit.when, read_when(place));
  const bool searches =
      edit.kind == Substitution::Kind::replace || edit.kind == Substitution::Kind::delete_lines;
  const bool writes = edit.kind == Substitution::Kind::replace || edit.kind == Substitution::Kind::write_file;
  if (searches && edit.from.empty())
    return place.error("this kind of substitution needs 'from', the text to look for");
  if (writes && !place.has("to"))
    return place.error("this kind of substitution needs 'to', the text to write");
  return edit;
}

Result<Patch> read_patch(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"source", "from_source", "file", "arguments", "why", "when"}));
  Patch patch;
  ORTFORGE_TRY(patch.source, place.string("source"));
  ORTFORGE_TRY(patch.from_source, place.string("from_source"));
  ORTFORGE_TRY(patch.file, place.string("file"));
  ORTFORGE_TRY(patch.arguments, place.strings_or("arguments"));
  ORTFORGE_TRY(patch.why, place.string_or("why", ""));
  ORTFORGE_TRY(patch.when, read_when(place));
  return patch;
}

namespace {

// The name of an output; absent is empty.
Result<std::string> read_output(const JsonPlace& place, const char* key) {
  ORTFORGE_TRY(const std::string word, place.string_or(key, ""));
  if (word.empty() || word == "lib" || word == "wheel") return word;
  ORTFORGE_TRY(const JsonPlace member, place.at(key));
  return member.error(
      fmt::format("unknown '{}'; known: lib, wheel{}", word, did_you_mean(word, {"lib", "wheel"})));
}

}  // namespace

Result<CmakeOption> read_option(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "type", "value", "when", "output", "without"}));
  CmakeOption option;
  ORTFORGE_TRY(option.name, place.string("name"));
  ORTFORGE_TRY(option.type, place.string_or("type", "STRING"));
  ORTFORGE_TRY(option.value, place.string("value"));
  ORTFORGE_TRY(option.when, read_when(place));
  ORTFORGE_TRY(option.output, read_output(place, "output"));
  ORTFORGE_TRY(option.without, read_output(place, "without"));
  return option;
}

Result<Variable> read_variable(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "value", "when", "why"}));
  Variable variable;
  ORTFORGE_TRY(variable.name, place.string("name"));
  ORTFORGE_TRY(variable.value, place.string("value"));
  ORTFORGE_TRY(variable.when, read_when(place));
  return variable;
}

Result<std::map<std::string, IsaChange>> read_isa_changes(const JsonPlace& place) {
  std::map<std::string, IsaChange> changes;
  ORTFORGE_TRY(const auto members, place.members());
  for (const auto& [name, member] : members) {
    ORTFORGE_CHECK(member.only({"flags", "features", "why"}));
    ORTFORGE_TRY(changes[name].flags, member.strings_or("flags"));
    ORTFORGE_TRY(changes[name].features, member.strings_or("features"));
  }
  return changes;
}

Result<Pin> read_pin(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"url", "revision", "digest", "note", "origin"}));
  Pin pin;
  ORTFORGE_TRY(pin.url, place.string_or("url", ""));
  ORTFORGE_TRY(pin.revision, place.string("revision"));
  if (place.has("digest")) {
    ORTFORGE_TRY(const JsonPlace member, place.at("digest"));
    ORTFORGE_TRY(const std::string text, member.string());
    const Result<Digest> digest = parse_digest(text);
    if (!digest) return member.error(digest.error().message);
    pin.digest = digest->sri();
  }
  ORTFORGE_TRY(pin.note, place.string_or("note", ""));
  ORTFORGE_TRY(pin.origin, place.string("origin"));
  return pin;
}

Result<Gap> read_gap(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"backend", "when", "option", "rule", "fact", "origin"}));
  Gap gap;
  ORTFORGE_TRY(gap.backend, place.string("backend"));
  ORTFORGE_TRY(gap.when, read_when(place));
  if (place.has("option")) {
    ORTFORGE_TRY(const JsonPlace option, place.at("option"));
    ORTFORGE_CHECK(option.only({"name", "value"}));
    ORTFORGE_TRY(gap.option_name, option.string("name"));
    ORTFORGE_TRY(gap.option_value, option.string("value"));
  }
  ORTFORGE_TRY(gap.rule, place.string("rule"));
  ORTFORGE_TRY(gap.fact, place.string("fact"));
  ORTFORGE_TRY(gap.origin, place.string("origin"));
  return gap;
}

}  // namespace ortforge::matrix_reader
