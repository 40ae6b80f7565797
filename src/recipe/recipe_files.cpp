#include "recipe_files.hpp"

#include "prepare_values.hpp"
#include "presets.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::recipe_detail {
namespace {

constexpr const char* kCommon = "cmake";  // templates that every product shares
constexpr char kRootMark = '\x01';        // stands for the work folder until values are escaped

using Files = std::map<std::string, std::string>;

Result<void> add_common(const TemplateFolder& templates, const std::string& name, const std::string& target,
                        const TemplateValues& values, Files& files) {
  ORTFORGE_TRY(files[target], templates.render(std::string(kCommon) + "/" + name, values));
  return {};
}

// A text inside a quoted CMake argument, with folders below ${root}.
std::string rooted(const std::string& text) {
  std::string escaped = escape_cmake(text);
  for (std::size_t at = escaped.find(kRootMark); at != std::string::npos; at = escaped.find(kRootMark, at))
    escaped.replace(at, 1, "${root}");
  return escaped;
}

// What setup.py is run by, and the cache variables that it has no way to pass on.
Result<void> add_front_end(const ComponentPlace& place, const TemplateFolder& templates, Files& files) {
  TemplateValues values = template_values_of(place);
  values.texts["flags"] = join(flags_of(place), " ");
  auto& packages = values.lists["packages"];
  for (const std::string& need : place.component.needs) {
    if (foreign_need(need))
      packages.push_back(row({{"folder", "out/" + need}, {"python", place.variant.python}}));
  }
  ORTFORGE_CHECK(add_common(templates, "front-end.cmake", "front-end.cmake", values, files));
  std::vector<CmakeOption> wanted = place.branch.options;
  wanted.insert(wanted.end(), place.component.options.begin(), place.component.options.end());
  const std::string root = std::string(1, kRootMark) + "/";
  ORTFORGE_TRY(const std::vector<CmakeOption> chosen,
               chosen_options(wanted, place, placeholders_of(place, root)));
  if (chosen.empty()) return {};
  TemplateValues options;
  auto& rows = options.lists["options"];
  for (const CmakeOption& option : chosen)
    rows.push_back(row({{"name", option.name}, {"type", option.type}, {"value", rooted(option.value)}}));
  return add_common(templates, "options.cmake", "options.cmake", options, files);
}

// Adds the templates that fit a pattern of the component: the product's own or, failing that, common ones or
// those of the whole folder.
Result<void> add_matching(const ComponentPlace& place, const TemplateFolder& templates,
                          const std::string& pattern, const TemplateValues& values, Files& files) {
  for (const std::string& folder : {place.product.name + "/", std::string(kCommon) + "/", std::string()}) {
    const std::vector<std::string> names = templates.matching(folder, pattern);
    for (const std::string& name : names) {
      ORTFORGE_TRY(files[name], templates.render(folder + name, values));
    }
    if (!names.empty()) return {};
  }
  return fail(ErrorKind::bad_input, "{} {}: files of component {}: no template fits '{}'", place.product.name,
              place.branch.name, place.component.name, pattern);
}

}  // namespace

Result<Files> step_files(const ComponentPlace& place, const TemplateFolder& templates) {
  Files files;
  const TemplateValues values = template_values_of(place);
  const Component& component = place.component;
  if (component.kind == "prepare") {
    ORTFORGE_TRY(const TemplateValues edits, prepare_values(place));
    ORTFORGE_CHECK(add_common(templates, "prepare.cmake", "prepare.cmake", edits, files));
    ORTFORGE_CHECK(add_common(templates, "edit.cmake", "edit.cmake", values, files));
  } else if (runs_setup_py(component)) {
    ORTFORGE_CHECK(add_front_end(place, templates, files));
  } else if (component.kind == "build") {
    ORTFORGE_TRY(const ComponentPresets presets, presets_of(place));
    files[kPresetsFile] = presets_file({presets});
    const ComponentPlace tree = tree_place(place);
    TemplateValues flags = template_values_of(tree);
    flags.texts["flags"] = join(flags_of(tree), " ");
    ORTFORGE_CHECK(add_common(templates, "toolchain.cmake", "toolchain/" + tree.component.name + ".cmake",
                              flags, files));
    ORTFORGE_CHECK(add_common(templates, "hook.cmake", "hook.cmake", values, files));
    ORTFORGE_TRY(const HeavyTargets heavy, heavy_of(place));
    if (!heavy.targets.empty())
      ORTFORGE_CHECK(add_common(templates, "heavy.cmake", "heavy.cmake", values, files));
  }
  for (const std::string& pattern : component.files) {
    ORTFORGE_CHECK(add_matching(place, templates, pattern, values, files));
  }
  return files;
}

}  // namespace ortforge::recipe_detail
