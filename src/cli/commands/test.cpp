#include <ostream>

#include "ortforge/base/file.hpp"
#include "ortforge/build/home_lock.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/test_run.hpp"

namespace ortforge {
namespace {

class TestCommand : public CliCommand {
 public:
  std::string name() const override { return "test"; }
  std::string summary() const override { return "Test built variants again, here or on another machine"; }
  void add_options(OptionSet& options) override {
    add_selection_options(options, selection_);
    options.option("--pack", pack_, "Write them to an archive that tests them on a machine with a GPU",
                   "FILE.tar.zst");
    options.option("--import", import_, "Record the results of such a machine", "results.json");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_CHECK(check_options());
    ORTFORGE_TRY(const std::filesystem::path home, session.home());
    ORTFORGE_CHECK(make_directories(home));
    ORTFORGE_TRY(const FileLock in_use,
                 use_store(home, session.surroundings().interrupt,
                           [&](const std::string& text) { session.err() << text << std::endl; }));
    ORTFORGE_TRY(const TestSummary summary, import_.empty() ? test(session) : record(session, home));
    session.out() << (session.options().json ? test_json(summary) : test_text(summary, session.width()));
    return summary.success() ? 0 : 1;
  }

 private:
  Result<void> check_options() const {
    if (import_.empty()) return {};
    if (!pack_.empty()) return fail(ErrorKind::bad_input, "--pack and --import exclude each other");
    if (!selection_.names.empty() || selection_.all || !selection_.filter.empty())
      return fail(ErrorKind::bad_input, "--import takes the variants from the file; name none");
    return {};
  }

  Result<TestSummary> test(Session& session) const {
    ORTFORGE_TRY(BuildSetup setup, BuildSetup::make(session, selection_));
    const bool by_name = !selection_.names.empty() && selection_.filter.empty();
    ORTFORGE_TRY(const auto kits, find_test_kits(setup, by_name));
    return pack_.empty() ? run_tests(session, setup, kits) : pack_tests(session, setup, kits, pack_);
  }

  Result<TestSummary> record(Session& session, const std::filesystem::path& home) const {
    const auto text = read_file(session.surroundings().directory / import_);
    if (!text) return fail(ErrorKind::bad_input, "--import: {}", text.error().message);
    return record_tests(session, home, *text, import_, "imported");
  }

  SelectionOptions selection_;
  std::string pack_;
  std::string import_;
};

}  // namespace

std::unique_ptr<CliCommand> make_test_command() {
  return std::make_unique<TestCommand>();
}

}  // namespace ortforge
