#include "ortforge/recipe/template_folder.hpp"

#include <fnmatch.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".mustache";

std::string without_suffix(const std::string& name) {
  return name.ends_with(kSuffix) ? name.substr(0, name.size() - kSuffix.size()) : name;
}

TemplateLanguage language_of(const fs::path& name) {
  if (name.extension() == ".nix") return TemplateLanguage::nix;
  const bool cmake = name.extension() == ".cmake" || name.filename() == "CMakeLists.txt";
  return cmake ? TemplateLanguage::cmake : TemplateLanguage::plain;
}

}  // namespace

Result<TemplateFolder> TemplateFolder::load(const fs::path& folder) {
  TemplateFolder templates;
  templates.folder_ = folder;
  std::error_code error;
  for (fs::recursive_directory_iterator item(folder, error), end; !error && item != end;
       item.increment(error)) {
    if (item->is_regular_file())
      templates.files_.emplace(item->path().lexically_relative(folder).generic_string(), std::nullopt);
  }
  if (error)
    return fail(ErrorKind::missing, "{}: the templates cannot be read: {}", folder.string(), error.message());
  return templates;
}

Result<std::string> TemplateFolder::content(File& file) const {
  auto& [name, text] = file;
  if (!text) {
    ORTFORGE_TRY(text, read_file(folder_ / name));
  }
  return *text;
}

Result<std::string> TemplateFolder::render(const std::string& name, const TemplateValues& values) const {
  if (const auto plain = files_.find(name); plain != files_.end()) return content(*plain);
  const std::string rendered = name + std::string(kSuffix);
  if (const auto found = files_.find(rendered); found != files_.end()) {
    ORTFORGE_TRY(const std::string text, content(*found));
    return render_template(text, (folder_ / rendered).string(), language_of(name), values);
  }
  std::vector<std::string> known;
  for (const auto& [file, text] : files_) known.push_back(without_suffix(file));
  return fail(ErrorKind::missing, "{}: there is no template {}{}", folder_.string(), name,
              did_you_mean(name, known));
}

std::vector<std::string> TemplateFolder::matching(const std::string& prefix,
                                                  const std::string& pattern) const {
  std::vector<std::string> names;
  for (auto file = files_.lower_bound(prefix); file != files_.end() && file->first.starts_with(prefix);
       ++file) {
    std::string name = without_suffix(file->first.substr(prefix.size()));
    if (::fnmatch(pattern.c_str(), name.c_str(), 0) == 0) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace ortforge
