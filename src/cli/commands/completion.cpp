#include <ostream>

#include "ortforge/base/text.hpp"
#include "ortforge/cli/commands.hpp"
#include "ortforge/cli/session.hpp"

namespace ortforge {
namespace {

constexpr const char* kBash = R"~(_ortforge() {
  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
  case "$before" in
    --matrix|--home|--remote) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --pack|--import) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --branch|--from) COMPREPLY=($(compgen -W "$(ortforge completion --branches 2>/dev/null)" -- "$word")); return ;;
    --product|--version|--cuda|--python|--filter|-j|--jobs|--step-timeout|--shards) return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "@COMMANDS@" -- "$word")); return
  fi
  case "${COMP_WORDS[1]}" in
    ci) COMPREPLY=($(compgen -W "github gitlab" -- "$word")) ;;
    branch) COMPREPLY=($(compgen -W "new" -- "$word")) ;;
    diff) COMPREPLY=($(compgen -W "$(ortforge completion --branches 2>/dev/null)" -- "$word")) ;;
    import) COMPREPLY=($(compgen -d -- "$word")) ;;
    show|plan|build|test|fetch|shell|why|log)
      COMPREPLY=($(compgen -W "$(ortforge completion --variants 2>/dev/null)" -- "$word")) ;;
  esac
}
complete -F _ortforge ortforge
)~";

constexpr const char* kZsh = R"~(#compdef ortforge
_ortforge() {
  if (( CURRENT == 2 )); then
    compadd -- @COMMANDS@
    return
  fi
  case "${words[2]}" in
    ci) compadd -- github gitlab ;;
    branch) compadd -- new ;;
    diff) compadd -- ${(f)"$(ortforge completion --branches 2>/dev/null)"} ;;
    show|plan|build|test|fetch|shell|why|log) compadd -- ${(f)"$(ortforge completion --variants 2>/dev/null)"} ;;
    *) _files ;;
  esac
}
compdef _ortforge ortforge
)~";

constexpr const char* kFish = R"~(complete -c ortforge -f
complete -c ortforge -n __fish_use_subcommand -a '@COMMANDS@'
complete -c ortforge -n '__fish_seen_subcommand_from ci' -a 'github gitlab'
complete -c ortforge -n '__fish_seen_subcommand_from branch' -a new
complete -c ortforge -n '__fish_seen_subcommand_from diff' -a '(ortforge completion --branches 2>/dev/null)'
complete -c ortforge -n '__fish_seen_subcommand_from import' -a '(__fish_complete_directories)'
complete -c ortforge -n '__fish_seen_subcommand_from show plan build test fetch shell why log' -a '(ortforge completion --variants 2>/dev/null)'
)~";

std::string with_commands(std::string text) {
  std::vector<std::string> names;
  for (const auto& command : all_commands()) names.push_back(command->name());
  constexpr std::string_view kMark = "@COMMANDS@";
  return text.replace(text.find(kMark), kMark.size(), join(names, " "));
}

class CompletionCommand : public CliCommand {
 public:
  std::string name() const override { return "completion"; }
  std::string summary() const override { return "Print the completion script of a shell: bash, zsh, fish"; }
  void add_options(OptionSet& options) override {
    options.positional("SHELL", shell_, "bash, zsh or fish", false);
    options.flag("--variants", variants_, "Print the short names that complete a variant");
    options.flag("--branches", branches_, "Print the names that complete a branch");
  }

  Result<int> run(Session& session) override {
    if (variants_) {
      ORTFORGE_TRY(const auto variants, session.select({}, ""));
      for (const Variant& variant : variants) session.out() << variant.short_name << '\n';
      return 0;
    }
    if (branches_) return print_branches(session);
    if (shell_ == "bash") {
      session.out() << with_commands(kBash);
    } else if (shell_ == "zsh") {
      session.out() << with_commands(kZsh);
    } else if (shell_ == "fish") {
      session.out() << with_commands(kFish);
    } else if (shell_.empty()) {
      return fail(ErrorKind::bad_input, "name a shell: bash, zsh or fish");
    } else {
      return fail(ErrorKind::bad_input, "completion {}: expected bash, zsh or fish{}", shell_,
                  did_you_mean(shell_, {"bash", "zsh", "fish"}));
    }
    return 0;
  }

 private:
  // Those of the product that is meant as they are, others with their product.
  static Result<int> print_branches(Session& session) {
    ORTFORGE_TRY(const Matrix* matrix, session.matrix());
    ORTFORGE_TRY(const NameScope scope, session.scope());
    ORTFORGE_TRY(const BranchChoice choice, resolve_branch(*matrix, scope));
    for (const auto& [name, product] : matrix->products) {
      for (const std::string& branch : product.branch_order)
        session.out() << (&product == choice.product ? "" : name + "/") << branch << '\n';
    }
    return 0;
  }

  std::string shell_;
  bool variants_ = false;
  bool branches_ = false;
};

}  // namespace

std::unique_ptr<CliCommand> make_completion_command() {
  return std::make_unique<CompletionCommand>();
}

}  // namespace ortforge
