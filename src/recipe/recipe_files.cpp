#include "recipe_files.hpp"

#include "prepare_values.hpp"
#include "presets.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::recipe_detail {
namespace {

constexpr const char* kCommon = "cmake";  // templates that every product shares

using Files = std::map<std::string, std::string>;

Result<void> add_common(const TemplateFolder& templates, const std::string& name, const std::string& target,
                        const TemplateValues& values, Files& files) {
  ORTFORGE_TRY(files[target], templates.render(std::string(kCommon) + "/" + name, values));
  return {};
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
