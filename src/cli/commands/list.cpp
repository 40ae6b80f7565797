#include <ostream>

#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/filter_option.hpp"
#include "ortforge/cli/session.hpp"
#include "ortforge/cli/variant_rows.hpp"
#include "ortforge/report/variants.hpp"

namespace ortforge {
namespace {

class ListCommand : public CliCommand {
 public:
  std::string name() const override { return "list"; }
  std::string summary() const override { return "List the variants of a branch, or of all"; }
  void add_options(OptionSet& options) override {
    options.positional("FILTER", filter_, "Such as 'sm>=90 && isa=~avx512 && feasible'", false);
    options.flag("--all", all_, "Every product and branch");
    options.flag("--names", names_, "Full names, one a line");
    options.flag("--markdown", markdown_, "A Markdown table");
  }

  Result<int> run(Session& session) override {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    std::vector<Variant> variants;
    if (all_) {
      variants = all_variants(*matrix);
    } else {
      ORTFORGE_TRY(variants, session.select({}, ""));
    }
    ORTFORGE_CHECK(keep_matching(variants, filter_));
    if (variants.empty()) say_nothing_passes(session);
    if (names_) {
      std::vector<VariantRow> rows;
      rows.reserve(variants.size());
      for (Variant& variant : variants) rows.push_back({std::move(variant), std::nullopt, {}, {}});
      session.out() << variants_names(rows);
      return 0;
    }
    ORTFORGE_TRY(const std::vector<VariantRow> rows, variant_rows(session, std::move(variants)));
    if (session.options().json) {
      session.out() << variants_json(rows);
    } else if (markdown_) {
      session.out() << variants_markdown(rows);
    } else if (!rows.empty()) {
      session.out() << variants_table(rows, session.width());
    }
    return 0;
  }

 private:
  std::string filter_;
  bool all_ = false;
  bool names_ = false;
  bool markdown_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_list_command() {
  return std::make_unique<ListCommand>();
}

}  // namespace ortforge
