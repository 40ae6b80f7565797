// What a branch says of its packages in nixpkgs.
#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_reader {
namespace {

// true, "text", ["text"], {"attribute": "a.b"} or {"layer": "core"}.
Result<NixValue> read_value(const JsonPlace& place) {
  NixValue value;
  const Json& json = place.value();
  if (json.is_boolean()) {
    ORTFORGE_TRY(value.boolean, place.boolean());
  } else if (json.is_string()) {
    value.kind = NixValue::Kind::text;
    ORTFORGE_TRY(value.text, place.string());
  } else if (json.is_array()) {
    value.kind = NixValue::Kind::list;
    ORTFORGE_TRY(value.list, place.strings());
  } else if (json.is_object() && json.size() == 1 && (place.has("attribute") || place.has("layer"))) {
    const bool layer = place.has("layer");
    value.kind = layer ? NixValue::Kind::layer : NixValue::Kind::attribute;
    ORTFORGE_TRY(value.text, place.string(layer ? "layer" : "attribute"));
  } else {
    return place.error(
        "expected true, false, a text, a list of texts, {\"attribute\": ...} or {\"layer\": ...}");
  }
  return value;
}

Result<NixSetting> read_setting(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "value", "when", "why"}));
  NixSetting setting;
  ORTFORGE_TRY(setting.name, place.string("name"));
  ORTFORGE_TRY(const JsonPlace value, place.at("value"));
  ORTFORGE_TRY(setting.value, read_value(value));
  ORTFORGE_TRY(setting.when, read_when(place));
  return setting;
}

// A variable of a build's environment: its value is a text.
Result<NixSetting> read_exported(const JsonPlace& place) {
  ORTFORGE_TRY(NixSetting setting, read_setting(place));
  if (setting.value.kind == NixValue::Kind::text) return setting;
  ORTFORGE_TRY(const JsonPlace value, place.at("value"));
  return value.error("the value of an environment variable is a text");
}

Result<NixPatch> read_nix_patch(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"url", "sha256", "why", "when"}));
  NixPatch patch;
  ORTFORGE_TRY(patch.url, place.string("url"));
  ORTFORGE_TRY(const JsonPlace member, place.at("sha256"));
  ORTFORGE_TRY(const std::string text, member.string());
  const Result<Digest> digest = parse_digest(text);
  if (!digest) return member.error(digest.error().message);
  patch.sha256 = digest->sri();
  ORTFORGE_TRY(patch.why, place.string("why"));
  ORTFORGE_TRY(patch.when, read_when(place));
  return patch;
}

Result<NixOverlay> read_overlay(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"attribute", "by", "patches", "why", "when"}));
  NixOverlay overlay;
  ORTFORGE_TRY(overlay.attribute, place.string("attribute"));
  ORTFORGE_TRY(overlay.by, place.string_or("by", ""));
  ORTFORGE_TRY(overlay.patches, read_list(place, "patches", read_nix_patch));
  ORTFORGE_TRY(overlay.why, place.string("why"));
  ORTFORGE_TRY(overlay.when, read_when(place));
  if (overlay.by.empty() == overlay.patches.empty())
    return place.error("an overlay has either 'by', the attribute taken instead, or 'patches'");
  return overlay;
}

Result<NixFlags> read_flags(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"variable", "before", "when"}));
  NixFlags flags;
  ORTFORGE_TRY(flags.variable, place.string("variable"));
  ORTFORGE_TRY(flags.before, place.strings_or("before"));
  ORTFORGE_TRY(flags.when, read_when(place));
  return flags;
}

Result<NixScript> read_script(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"phase", "lines", "why", "when"}));
  NixScript script;
  ORTFORGE_TRY(script.phase, place.string("phase"));
  ORTFORGE_TRY(const JsonPlace lines, place.at("lines"));
  ORTFORGE_TRY(script.lines, lines.strings());
  ORTFORGE_TRY(script.why, place.string("why"));
  ORTFORGE_TRY(script.when, read_when(place));
  return script;
}

Result<NixWord> read_feature_needed(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"name", "when"}));
  NixWord word;
  ORTFORGE_TRY(word.word, place.string("name"));
  ORTFORGE_TRY(word.when, read_when(place));
  return word;
}

Result<NixEdits> read_edits(const JsonPlace& place) {
  ORTFORGE_TRY(const std::string word, place.string_or("edits", "keep"));
  if (word == "keep") return NixEdits::keep;
  if (word == "append") return NixEdits::append;
  if (word == "replace") return NixEdits::replace;
  ORTFORGE_TRY(const JsonPlace member, place.at("edits"));
  return member.error(fmt::format("unknown '{}'; known: keep, append, replace{}", word,
                                  did_you_mean(word, {"keep", "append", "replace"})));
}

Result<NixLayer> read_layer(const std::string& name, const JsonPlace& place) {
  NixLayer layer;
  layer.name = name;
  if (place.has("like")) {
    ORTFORGE_CHECK(place.only({"like"}));
    ORTFORGE_TRY(layer.like, place.string("like"));
    return layer;
  }
  ORTFORGE_CHECK(place.only({"attribute", "arguments", "source", "keep_patches", "patches", "edits", "cmake",
                             "flags", "variables", "environment", "scripts", "attributes", "features"}));
  ORTFORGE_TRY(layer.attribute, place.string("attribute"));
  ORTFORGE_TRY(layer.arguments, read_list(place, "arguments", read_setting));
  ORTFORGE_TRY(layer.source, place.string_or("source", ""));
  ORTFORGE_TRY(layer.keep_patches, place.boolean_or("keep_patches", true));
  ORTFORGE_TRY(layer.patches, read_list(place, "patches", read_nix_patch));
  ORTFORGE_TRY(layer.edits, read_edits(place));
  ORTFORGE_TRY(layer.cmake, place.strings_or("cmake"));
  ORTFORGE_TRY(layer.flags, read_list(place, "flags", read_flags));
  ORTFORGE_TRY(layer.variables, place.boolean_or("variables", false));
  ORTFORGE_TRY(layer.environment, read_list(place, "environment", read_exported));
  ORTFORGE_TRY(layer.scripts, read_list(place, "scripts", read_script));
  ORTFORGE_TRY(layer.attributes, read_list(place, "attributes", read_setting));
  ORTFORGE_TRY(layer.features, read_list(place, "features", read_feature_needed));
  return layer;
}

}  // namespace

Result<NixFacts> read_nix(const JsonPlace& place) {
  ORTFORGE_CHECK(place.only({"pin", "config", "overlays", "layers", "origin"}));
  NixFacts facts;
  ORTFORGE_TRY(facts.pin, place.string_or("pin", "nixpkgs"));
  ORTFORGE_TRY(facts.config, read_list(place, "config", read_setting));
  ORTFORGE_TRY(facts.overlays, read_list(place, "overlays", read_overlay));
  ORTFORGE_TRY(const JsonPlace layers, place.at("layers"));
  ORTFORGE_TRY(const auto members, layers.members());
  for (const auto& [name, member] : members) {
    ORTFORGE_TRY(NixLayer layer, read_layer(name, member));
    facts.layers.push_back(std::move(layer));
  }
  if (facts.layers.empty()) return layers.error("names no package");
  ORTFORGE_TRY(facts.origin, place.string("origin"));
  return facts;
}

}  // namespace ortforge::matrix_reader
