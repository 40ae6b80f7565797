// One call of ortforge: where it runs, what the user said for every command, and things loaded on first use.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/result.hpp"
#include "ortforge/matrix/matrix.hpp"
#include "ortforge/matrix/name.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {

// The outside world as parameters; main() fills it in, tests make their own.
struct Surroundings {
  std::vector<std::string> arguments;            // argv, program name first
  std::map<std::string, std::string> variables;  // environment variables
  std::filesystem::path directory;               // current directory
  std::filesystem::path program;                 // resolved path of the running executable
  std::ostream* out = nullptr;                   // results
  std::ostream* err = nullptr;                   // progress and messages
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t out_width = 80;       // columns of the terminal that is standard output
  std::size_t terminal_width = 80;  // of the one that is standard error: status lines go there
  Interrupt* interrupt = nullptr;
};

// Options every command takes.
struct GlobalOptions {
  std::string matrix;
  std::string home;
  std::string product;
  std::string branch;
  std::string cuda;
  std::string python;
  bool json = false;
  bool verbose = false;
  bool quiet = false;
};

class Session {
 public:
  Session(Surroundings surroundings, GlobalOptions options)
      : surroundings_(std::move(surroundings)), options_(std::move(options)) {}

  const Surroundings& surroundings() const { return surroundings_; }
  const GlobalOptions& options() const { return options_; }
  std::ostream& out() const { return *surroundings_.out; }
  std::ostream& err() const { return *surroundings_.err; }

  // An environment variable, or "".
  std::string variable(const std::string& name) const;
  // Whether messages on standard error may have colours: it is a terminal, NO_COLOR is not set or empty, TERM
  // is not "dumb". A status line needs no colours: NO_COLOR does not take it away.
  bool colours() const;
  // Columns for tables on standard output: the terminal's when it is one, else 80.
  std::size_t width() const;

  // --matrix, ORTFORGE_MATRIX, ortforge.json's "matrix", the source tree's when run from a build, the
  // installed one.
  Result<std::filesystem::path> matrix_directory();
  // The templates folder beside the matrix, else the shipped one.
  Result<std::filesystem::path> templates_directory();
  // --home, ORTFORGE_HOME, ${XDG_CACHE_HOME:-~/.cache}/ortforge, as an absolute path; a relative
  // XDG_CACHE_HOME or HOME does not count, without HOME the password database says what ~ is. Not made by
  // this call. Error: missing when nothing names a folder.
  Result<std::filesystem::path> home() const;
  // The remote store: `option` (of --remote), ORTFORGE_REMOTE, ortforge.json's "remote"; an http or https
  // address, or an absolute path (the first two are relative to the current folder, the last to its file's).
  // Empty: none. Error: bad_input for another kind of address.
  Result<std::string> remote(const std::string& option);
  // The folders of an installed CUDA toolkit: `option` (of --toolkit), ORTFORGE_TOOLKIT (parted by colons),
  // ortforge.json's "toolkit", as absolute paths (relative to what those of remote() are). Empty: none.
  Result<std::vector<std::filesystem::path>> toolkit(const std::vector<std::string>& option);
  // Product, branch and versions said by flags; as defaults the product of an ortforge.json found upwards,
  // and the branch of ORTFORGE_BRANCH, else of that file. Error: bad_input.
  Result<NameScope> scope();
  // The matrix, loaded once.
  Result<const Matrix*> matrix();
  // The variants that names and an optional filter stand for, in order, each once; no names: the branch's
  // variants that pass the filter. Error: bad_input.
  Result<std::vector<Variant>> select(const std::vector<std::string>& names, const std::string& filter);

 private:
  struct ProjectFile {
    std::filesystem::path file;
    std::string matrix;
    std::string branch;
    std::string product;
    std::string remote;
    std::vector<std::string> toolkit;
  };
  Result<const ProjectFile*> project_file();
  Result<std::filesystem::path> data_directory(const std::string& name) const;

  Surroundings surroundings_;
  GlobalOptions options_;
  std::optional<ProjectFile> project_;
  std::optional<Matrix> matrix_;
};

}  // namespace ortforge
