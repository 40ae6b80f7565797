#include "ortforge/matrix/lock.hpp"

#include <ostream>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/cli/application.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/report/lock.hpp"
#include "ortforge/source/measure.hpp"

namespace ortforge {
namespace {

class LockCommand : public CliCommand {
 public:
  std::string name() const override { return "lock"; }
  std::string summary() const override {
    return "Look up the hashes that pins and sources lack, and write them into the matrix";
  }
  void add_options(OptionSet& options) override {
    options.flag("--check", check_, "Write nothing; list what is missing and exit with 1 when something is");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const std::vector<MissingHash> missing, missing_hashes(*matrix));
    std::vector<LockedHash> hashes;
    for (const MissingHash& hash : missing) {
      LockedHash locked{hash, {}, {}};
      if (!check_) {
        ORTFORGE_CHECK(lock(session, locked));
      }
      hashes.push_back(std::move(locked));
    }
    session.out() << (session.options().json ? lock_json(hashes) : lock_text(hashes));
    if (check_) return hashes.empty() ? 0 : 1;
    for (const LockedHash& hash : hashes) {
      if (hash.error) return exit_code(hash.error->kind);
    }
    return 0;
  }

 private:
  // Each hash is written as soon as it is known: the next may take long, or fail. An error ends the command;
  // what could not be had is no such error.
  static Result<void> lock(Session& session, LockedHash& locked) {
    SourceContext context;
    ORTFORGE_TRY(context.home, session.home());
    ORTFORGE_TRY(context.matrix_directory, session.matrix_directory());
    context.variables = session.surroundings().variables;
    context.interrupt = session.surroundings().interrupt;
    const auto digest = measure_source(locked.hash.source, context);
    if (!digest) {
      if (digest.error().kind == ErrorKind::interrupted) return pass_on(digest.error());
      locked.error = digest.error();
      return {};
    }
    ORTFORGE_TRY(const std::string text, read_file(locked.hash.file));
    ORTFORGE_TRY(const std::string changed, with_hash(text, locked.hash, *digest));
    ORTFORGE_CHECK(write_file(locked.hash.file, changed));
    locked.digest = digest->sri();
    return {};
  }

  bool check_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_lock_command() {
  return std::make_unique<LockCommand>();
}

}  // namespace ortforge
