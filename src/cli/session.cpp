#include "ortforge/cli/session.hpp"

#include <algorithm>
#include <set>

#include <pwd.h>
#include <unistd.h>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/cli/filter_option.hpp"
#include "ortforge/source/download.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

// The user's own folder as the password database has it; empty when it does not know the user.
fs::path folder_of_user() {
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr && user->pw_dir != nullptr ? fs::path(user->pw_dir) : fs::path();
}

}  // namespace

std::string Session::variable(const std::string& name) const {
  const auto found = surroundings_.variables.find(name);
  return found == surroundings_.variables.end() ? std::string() : found->second;
}

bool Session::colours() const {
  return surroundings_.err_is_terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

std::size_t Session::width() const {
  return surroundings_.out_is_terminal ? surroundings_.out_width : 80;
}

Result<const Session::ProjectFile*> Session::project_file() {
  if (project_) return &*project_;
  ProjectFile project;
  std::error_code error;
  for (fs::path folder = surroundings_.directory; !folder.empty(); folder = folder.parent_path()) {
    const fs::path candidate = folder / "ortforge.json";
    if (fs::is_regular_file(candidate, error)) {
      ORTFORGE_TRY(const Json json, read_json(candidate));
      const JsonPlace root(json, candidate.string());
      ORTFORGE_CHECK(root.only({"$schema", "matrix", "branch", "product", "remote", "toolkit"}));
      ORTFORGE_TRY(project.matrix, root.string_or("matrix", ""));
      ORTFORGE_TRY(project.branch, root.string_or("branch", ""));
      ORTFORGE_TRY(project.product, root.string_or("product", ""));
      ORTFORGE_TRY(project.remote, root.string_or("remote", ""));
      ORTFORGE_TRY(project.toolkit, root.strings_or("toolkit"));
      project.file = candidate;
      break;
    }
    if (folder == folder.root_path()) break;
  }
  project_ = std::move(project);
  return &*project_;
}

Result<fs::path> Session::data_directory(const std::string& name) const {
  std::vector<fs::path> candidates;
  const fs::path prefix = surroundings_.program.parent_path().parent_path();
  candidates.push_back(prefix / ORTFORGE_DATA_SUBDIR / name);
  // Run from a build tree: the source tree it was made from.
  if (const fs::path source = ORTFORGE_SOURCE_DIR; is_folder(source / name))
    candidates.push_back(source / name);
  for (const fs::path& candidate : candidates) {
    if (is_folder(candidate)) return candidate;
  }
  return fail_with_hint(ErrorKind::missing,
                        fmt::format("the {} folder is neither at {} nor at {}", name,
                                    candidates.front().string(), ORTFORGE_SOURCE_DIR),
                        "name one with --matrix DIR or ORTFORGE_MATRIX");
}

Result<fs::path> Session::matrix_directory() {
  if (!options_.matrix.empty()) return surroundings_.directory / options_.matrix;
  if (const std::string named = variable("ORTFORGE_MATRIX"); !named.empty())
    return surroundings_.directory / named;
  ORTFORGE_TRY(const ProjectFile* project, project_file());
  if (!project->matrix.empty()) return project->file.parent_path() / project->matrix;
  return data_directory("matrix");
}

Result<fs::path> Session::templates_directory() {
  ORTFORGE_TRY(const fs::path matrix, matrix_directory());
  const fs::path beside = matrix.parent_path() / "templates";
  return is_folder(beside) ? beside : data_directory("templates");
}

Result<fs::path> Session::home() const {
  const std::string named = options_.home.empty() ? variable("ORTFORGE_HOME") : options_.home;
  if (!named.empty()) {
    std::error_code error;
    const fs::path path = fs::absolute(surroundings_.directory / named, error);
    if (!error) return path;
    return fail_with_hint(
        ErrorKind::missing,
        fmt::format("{}: relative to a current folder that cannot be read: {}", named, error.message()),
        "name an absolute folder with --home or ORTFORGE_HOME");
  }
  // "If an implementation encounters a relative path [...] it should consider the path invalid and ignore it"
  // (XDG Base Directory Specification).
  if (const fs::path cache = variable("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "ortforge";
  fs::path user = variable("HOME");
  if (!user.is_absolute()) user = folder_of_user();
  if (user.is_absolute()) return user / ".cache" / "ortforge";
  return fail_with_hint(ErrorKind::missing,
                        "there is no place for ortforge's files: HOME is not set, and the password database "
                        "does not know this user's folder",
                        "name a folder with --home or ORTFORGE_HOME");
}

Result<std::string> Session::remote(const std::string& option) {
  std::string named = option.empty() ? variable("ORTFORGE_REMOTE") : option;
  fs::path folder = surroundings_.directory;
  if (named.empty()) {
    ORTFORGE_TRY(const ProjectFile* project, project_file());
    named = project->remote;
    folder = project->file.parent_path();
  }
  if (named.empty() || named.starts_with("http://") || named.starts_with("https://")) return named;
  if (named.find("://") != std::string::npos) {
    return fail(ErrorKind::bad_input, "remote store {}: expected a folder or an address with http or https",
                public_url(named));
  }
  return (folder / named).lexically_normal().string();
}

Result<std::vector<fs::path>> Session::toolkit(const std::vector<std::string>& option) {
  std::vector<std::string> named = option.empty() ? split(variable("ORTFORGE_TOOLKIT"), ':') : option;
  if (option.empty()) std::erase(named, "");
  fs::path folder = surroundings_.directory;
  if (named.empty()) {
    ORTFORGE_TRY(const ProjectFile* project, project_file());
    named = project->toolkit;
    folder = project->file.parent_path();
  }
  std::vector<fs::path> folders;
  folders.reserve(named.size());
  for (const std::string& name : named) folders.push_back((folder / name).lexically_normal());
  return folders;
}

Result<NameScope> Session::scope() {
  ORTFORGE_TRY(const ProjectFile* project, project_file());
  NameScope scope{options_.product, options_.branch,  options_.cuda,
                  options_.python,  project->product, variable("ORTFORGE_BRANCH")};
  if (scope.default_branch.empty()) scope.default_branch = project->branch;
  return scope;
}

Result<const Matrix*> Session::matrix() {
  if (!matrix_) {
    ORTFORGE_TRY(const fs::path directory, matrix_directory());
    ORTFORGE_TRY(matrix_, load_matrix(directory));
  }
  return &*matrix_;
}

Result<std::vector<Variant>> Session::select(const std::vector<std::string>& names,
                                             const std::string& filter) {
  ORTFORGE_TRY(const Matrix* all, matrix());
  ORTFORGE_TRY(const NameScope scope, this->scope());
  std::vector<Variant> selected;
  if (names.empty()) {
    ORTFORGE_TRY(const BranchChoice choice, resolve_branch(*all, scope));
    selected = variants_of(*all, *choice.product, *choice.branch);
  }
  std::set<std::string> seen;
  for (const std::string& name : names) {
    ORTFORGE_TRY(Variant variant, resolve_variant(*all, name, scope));
    if (seen.insert(variant.branch + ":" + variant.name).second) selected.push_back(std::move(variant));
  }
  ORTFORGE_CHECK(keep_matching(selected, filter));
  return selected;
}

}  // namespace ortforge
