#include "nix_layer.hpp"

#include <algorithm>
#include <filesystem>

#include "ortforge/base/text.hpp"
#include "ortforge/process/command.hpp"

namespace ortforge::recipe_detail {
namespace {

// A name of a derivation's attribute or an argument must be one of the language too.
Result<void> check_name(const std::string& name, const std::string& where) {
  if (is_nix_name(name)) return {};
  return fail(ErrorKind::bad_input, "{}: '{}' is no name in Nix", where, name);
}

TemplateValues value_row(std::string value) {
  return row({{"value", std::move(value)}});
}

// A text as a basic regular expression of sed, between slashes, that stands for itself.
std::string sed_pattern(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("\\/.*[]^$").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// A substitution as one shell command, the content of a Nix string.
Result<std::string> edit_command(const Substitution& edit, const NixPlace& place, const std::string& where) {
  const std::string file = escape_nix(shell_word(edit.file));
  ORTFORGE_TRY(const std::string to, nix_shell_word(edit.to, place, where));
  const std::string from = escape_nix(shell_word(edit.from));
  switch (edit.kind) {
    case Substitution::Kind::replace:
      return fmt::format("substituteInPlace {} --replace-fail {} {}", file, from, to);
    case Substitution::Kind::write_file: {
      const std::string folder = std::filesystem::path(edit.file).parent_path().generic_string();
      const std::string made =
          folder.empty() ? std::string() : fmt::format("mkdir -p {} && ", escape_nix(shell_word(folder)));
      return fmt::format("{}printf %s {} > {}", made, to, file);
    }
    case Substitution::Kind::delete_lines: {
      const std::string script =
          fmt::format("/{}/,+{}d", sed_pattern(edit.from), std::to_string(edit.following_lines));
      return fmt::format("grep -qF -e {} {} || exit 1; sed -i -e {} {}", from, file,
                         escape_nix(shell_word(script)), file);
    }
    case Substitution::Kind::delete_file:
      break;
  }
  return "rm " + file;
}

Result<std::vector<TemplateValues>> edit_rows(const NixLayer& layer, const NixPlace& place) {
  std::vector<TemplateValues> rows;
  const auto& edits = place.branch.substitutions;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].source != layer.source) continue;
    const std::string where =
        fmt::format("{} {}: substitutions[{}]", place.product.name, place.branch.name, i);
    ORTFORGE_TRY(const bool in, nix_applies(edits[i].when, place, where));
    if (!in) continue;
    ORTFORGE_TRY(std::string command, edit_command(edits[i], place, where));
    rows.push_back(row({{"why", nix_comment(edits[i].why, 10)}, {"command", std::move(command)}}));
  }
  return rows;
}

// "-DNAME:TYPE=VALUE", as lib.cmakeBool and lib.cmakeFeature write it.
Result<std::string> option_flag(const CmakeOption& option, const NixPlace& place, const std::string& where,
                                std::set<std::string>& used) {
  if (option.type != "BOOL")
    return nix_string(fmt::format("-D{}:STRING={}", option.name, option.value), place, where, &used);
  const bool on = option.value == "ON" || option.value == "TRUE" || option.value == "1";
  return nix_string(fmt::format("-D{}:BOOL={}", option.name, on ? "TRUE" : "FALSE"), place, where, &used);
}

// The options of the branch that the layer sets, in its order.
Result<void> add_options(const NixLayer& layer, const NixPlace& place, const std::string& where,
                         TemplateValues& values, std::set<std::string>& used) {
  auto& flags = values.lists["cmake"];
  for (const std::string& name : layer.cmake) {
    const CmakeOption* chosen = nullptr;
    for (const CmakeOption& option : place.branch.options) {
      if (option.name != name) continue;
      ORTFORGE_TRY(const bool in, nix_applies(option.when, place, where + ": option " + name));
      if (in) chosen = &option;
    }
    if (chosen == nullptr) continue;
    ORTFORGE_TRY(std::string flag, option_flag(*chosen, place, where + ": option " + name, used));
    flags.push_back(row({{"name", name}, {"value", std::move(flag)}}));
  }
  values.switches["sets_cmake"] = !flags.empty();
  return {};
}

// Lines that hooks of the package run after its own, by phase: flags and environment before it is configured,
// scripts where they say.
class Hooks {
 public:
  void add(const std::string& phase, const std::string& why, std::string value) {
    const auto known = std::find_if(phases_.begin(), phases_.end(), [&](const TemplateValues& hook) {
      return hook.texts.at("phase") == phase;
    });
    TemplateValues& hook = known == phases_.end() ? phases_.emplace_back(row({{"phase", phase}})) : *known;
    TemplateValues line = value_row(std::move(value));
    line.switches["has_why"] = !why.empty();
    line.texts["why"] = nix_comment(why, 10);
    hook.lists["lines"].push_back(std::move(line));
  }
  std::vector<TemplateValues> take() { return std::move(phases_); }

 private:
  std::vector<TemplateValues> phases_;
};

Result<void> add_flags(const NixLayer& layer, const NixPlace& place, const std::string& where, Hooks& hooks) {
  for (const NixFlags& flags : layer.flags) {
    ORTFORGE_TRY(const bool in, nix_applies(flags.when, place, where));
    if (!in) continue;
    std::vector<std::string> all = flags.before;
    const Isa own = isa_of(place.matrix, place.branch, place.variant.isa);
    all.insert(all.end(), own.flags.begin(), own.flags.end());
    ORTFORGE_CHECK(check_name(flags.variable, where));
    const std::string& name = flags.variable;
    hooks.add(
        "preConfigure", "",
        "\"" + escape_nix(fmt::format("export {0}=\"{1}${{{0}:+ ${0}}}\"", name, join(all, " "))) + "\"");
  }
  return {};
}

// What the branch says of its build front end, then what the layer says.
Result<void> add_environment(const NixLayer& layer, const NixPlace& place, const std::string& where,
                             Hooks& hooks, std::set<std::string>& used) {
  const auto add = [&](const std::string& name, const std::string& value,
                       const std::string& when) -> Result<void> {
    ORTFORGE_TRY(const bool in, nix_applies(when, place, where));
    if (!in) return {};
    ORTFORGE_CHECK(check_name(name, where));
    ORTFORGE_TRY(std::string line,
                 nix_string("export " + name + "=" + shell_word(value), place, where, &used));
    hooks.add("preConfigure", "", std::move(line));
    return {};
  };
  if (layer.variables) {
    for (const Variable& variable : place.branch.variables)
      ORTFORGE_CHECK(add(variable.name, variable.value, variable.when));
  }
  for (const NixSetting& variable : layer.environment)
    ORTFORGE_CHECK(add(variable.name, variable.value.text, variable.when));
  return {};
}

Result<void> add_scripts(const NixLayer& layer, const NixPlace& place, const std::string& where, Hooks& hooks,
                         std::set<std::string>& used) {
  for (const NixScript& script : layer.scripts) {
    ORTFORGE_TRY(const bool in, nix_applies(script.when, place, where));
    if (!in) continue;
    ORTFORGE_CHECK(check_name(script.phase, where));
    std::string why = script.why;
    for (const std::string& text : script.lines) {
      ORTFORGE_TRY(std::string line, nix_string(text, place, where, &used));
      hooks.add(script.phase, why, std::move(line));
      why.clear();
    }
  }
  return {};
}

Result<std::vector<std::string>> features_of(const NixLayer& layer, const NixPlace& place,
                                             const std::string& where) {
  std::vector<std::string> features;
  for (const NixWord& feature : layer.features) {
    ORTFORGE_TRY(const bool in, nix_applies(feature.when, place, where));
    if (in) features.push_back(feature.word);
  }
  return features;
}

}  // namespace

std::string nix_comment(const std::string& text, std::size_t indent) {
  return join(split(text, '\n'), "\n" + std::string(indent, ' ') + "# ");
}

Result<std::vector<TemplateValues>> nix_patch_rows(const std::vector<NixPatch>& patches,
                                                   const std::string& set, const NixPlace& place) {
  std::vector<TemplateValues> rows;
  for (const NixPatch& patch : patches) {
    ORTFORGE_TRY(const bool in, nix_applies(patch.when, place, "patch " + patch.url));
    if (!in) continue;
    rows.push_back(row({{"why", nix_comment(patch.why, 10)},
                        {"value", fmt::format("({}.fetchpatch {{ url = \"{}\"; hash = \"{}\"; }})", set,
                                              escape_nix(patch.url), patch.sha256)}}));
  }
  return rows;
}

Result<std::vector<TemplateValues>> nix_setting_rows(const std::vector<NixSetting>& settings,
                                                     const NixPlace& place, const std::string& where,
                                                     std::set<std::string>* used) {
  std::vector<TemplateValues> rows;
  for (const NixSetting& setting : settings) {
    ORTFORGE_TRY(const bool in, nix_applies(setting.when, place, where + ": " + setting.name));
    if (!in) continue;
    ORTFORGE_CHECK(check_name(setting.name, where));
    ORTFORGE_TRY(std::string value, nix_value(setting.value, place, where + ": " + setting.name, used));
    std::erase_if(rows, [&](const TemplateValues& other) { return other.texts.at("name") == setting.name; });
    rows.push_back(row({{"name", setting.name}, {"value", std::move(value)}}));
  }
  return rows;
}

Result<TemplateValues> nix_layer_values(const NixLayer& layer, const std::string& name, const NixPlace& place,
                                        std::set<std::string>& used) {
  const std::string where =
      fmt::format("{} {}: nix layer {}", place.product.name, place.branch.name, layer.name);
  ORTFORGE_CHECK(check_name(name, where));
  TemplateValues values = row({{"layer", name}});
  ORTFORGE_TRY(values.texts["attribute"], nix_attribute("pkgs", layer.attribute, place, where));
  ORTFORGE_TRY(values.lists["arguments"], nix_setting_rows(layer.arguments, place, where, &used));
  values.switches["has_arguments"] = !values.lists["arguments"].empty();
  values.switches["has_source"] = !layer.source.empty();
  values.texts["source"] = "sources." + nix_source_name(place, layer.source);
  values.texts["version"] = place.branch.version;
  if (!layer.source.empty()) used.insert(layer.source);

  ORTFORGE_TRY(values.lists["patches"], nix_patch_rows(layer.patches, "pkgs", place));
  values.switches["keep_patches"] = layer.keep_patches;
  values.switches["edits_patches"] = !layer.keep_patches || !values.lists["patches"].empty();

  auto& edits = values.lists["edits"];
  if (layer.edits != NixEdits::keep) {
    ORTFORGE_TRY(edits, edit_rows(layer, place));
  }
  values.switches["keep_edits"] = layer.edits != NixEdits::replace;
  values.switches["edits_files"] = layer.edits == NixEdits::replace || !edits.empty();

  ORTFORGE_CHECK(add_options(layer, place, where, values, used));
  Hooks hooks;
  ORTFORGE_CHECK(add_flags(layer, place, where, hooks));
  ORTFORGE_CHECK(add_environment(layer, place, where, hooks, used));
  ORTFORGE_CHECK(add_scripts(layer, place, where, hooks, used));
  values.lists["hooks"] = hooks.take();
  ORTFORGE_TRY(values.lists["attributes"], nix_setting_rows(layer.attributes, place, where, &used));
  ORTFORGE_TRY(const std::vector<std::string> features, features_of(layer, place, where));
  values.switches["has_features"] = !features.empty();
  values.texts["features"] = nix_list(features);
  return values;
}

}  // namespace ortforge::recipe_detail
