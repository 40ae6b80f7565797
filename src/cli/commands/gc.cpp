#include <ostream>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/build/clean.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"

namespace ortforge {
namespace {

class GcCommand : public CliCommand {
 public:
  std::string name() const override { return "gc"; }
  std::string summary() const override { return "Remove finished steps that no result link needs"; }
  void add_options(OptionSet& options) override {
    options.flag("--dry-run", options_.dry_run, "Only say what would go");
    options.flag("--work", options_.work, "Unfinished work directories too");
    options.option("--max-size", max_size_, "Only until the store is this small, oldest first", "SIZE");
  }

  Result<int> run(Session& session) override {
    if (!max_size_.empty()) {
      const auto bytes = parse_bytes(max_size_);
      if (!bytes) {
        return fail(ErrorKind::bad_input, "--max-size {}: expected a size such as 20G or 500M", max_size_);
      }
      options_.max_bytes = *bytes;
    }
    options_.interrupt = session.surroundings().interrupt;
    ORTFORGE_TRY(const std::filesystem::path home, session.home());
    ORTFORGE_TRY(const auto cleaned, clean_home(home, options_));
    std::uint64_t total = 0;
    Json list = Json::array();
    for (const Cleaned& item : cleaned) {
      total += item.bytes;
      list.push_back({{"path", item.path}, {"bytes", item.bytes}});
      if (!session.options().json)
        session.out() << fmt::format("{:>10}  {}\n", format_bytes(item.bytes), item.path);
    }
    if (session.options().json) {
      const Json json{
          {"schema", "gc/1"}, {"dry_run", options_.dry_run}, {"bytes", total}, {"removed", std::move(list)}};
      session.out() << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    } else {
      session.out() << fmt::format("{} {} in {} places\n", options_.dry_run ? "would free" : "freed",
                                   format_bytes(total), cleaned.size());
    }
    return 0;
  }

 private:
  CleanOptions options_;
  std::string max_size_;
};

}  // namespace

std::unique_ptr<CliCommand> make_gc_command() {
  return std::make_unique<GcCommand>();
}

}  // namespace ortforge
