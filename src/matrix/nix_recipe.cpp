#include "ortforge/matrix/nix_recipe.hpp"

#include <algorithm>
#include <map>

#include "nix_values.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

using nix_text::Binding;
using nix_text::Document;
using nix_text::Token;
using nix_text::Values;

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

// A text that is known to its end; nothing for one with a computed part.
std::string plain(const std::string& text) {
  return text.find("${") == std::string::npos ? text : std::string();
}

// The words of a text between blanks and quotes.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  constexpr const char* kBlanks = " \t\r\n\"';";
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

// What a shell line gives a variable: `export CXXFLAGS="a b $CXXFLAGS"` -> "a b $CXXFLAGS". All of them.
std::vector<std::string> assigned_in_shell(const std::string& script, const std::string& variable) {
  std::vector<std::string> values;
  const std::string start = variable + "=";
  for (std::size_t at = script.find(start); at != std::string::npos; at = script.find(start, at + 1)) {
    const bool own = at == 0 || std::string_view(" \t\n;").find(script[at - 1]) != std::string_view::npos;
    if (!own) continue;
    std::size_t from = at + start.size();
    const bool quoted = from < script.size() && (script[from] == '"' || script[from] == '\'');
    const std::size_t end =
        quoted ? script.find(script[from], from + 1) : script.find_first_of(" \t\n;", from);
    if (quoted) ++from;
    values.push_back(script.substr(from, end == std::string::npos ? end : end - from));
  }
  return values;
}

// "cudaPackages_12_9" -> "12.9"; "cudaPackages_13" -> "13"; nothing for any other word.
std::string toolkit_of(const std::string& word) {
  constexpr std::string_view kStart = "cudaPackages_";
  if (!word.starts_with(kStart)) return {};
  std::string version = word.substr(kStart.size());
  std::replace(version.begin(), version.end(), '_', '.');
  return version.find_first_not_of("0123456789.") == std::string::npos ? version : std::string();
}

// "python312Packages", "python312" -> "3.12"; nothing for any other word, python3Packages among them.
std::string python_of(const std::string& word) {
  std::string digits = word.starts_with("python3") ? word.substr(6) : std::string();
  if (digits.ends_with("Packages")) digits.resize(digits.size() - std::string_view("Packages").size());
  const bool version = digits.size() > 1 && digits.find_first_not_of("0123456789") == std::string::npos;
  return version ? digits.substr(0, 1) + "." + digits.substr(1) : std::string();
}

class RecipeReader {
 public:
  explicit RecipeReader(const Document& document) : document_(document), values_(document) {}

  NixRecipe read() {
    recipe_.head = document_.head;
    for (const Binding& binding : document_.bindings) read_binding(binding);
    for (std::size_t i = 0; i < document_.tokens.size(); ++i) {
      const Token& token = document_.tokens[i];
      if (token.kind == Token::Kind::word) read_word(token.text, i);
      if (token.kind == Token::Kind::string) read_string(values_.expanded(token, i));
    }
    read_flag_lists();
    return std::move(recipe_);
  }

 private:
  bool is(std::size_t i, std::string_view wanted) const {
    return i < document_.tokens.size() && document_.tokens[i].is(wanted);
  }

  void read_binding(const Binding& binding) {
    const std::string& name = binding.name;
    if (name == "pname") recipe_.name = plain(values_.text(binding.begin, binding.end).value_or(""));
    if (name == "description" || name == "meta.description")
      recipe_.description = values_.text(binding.begin, binding.end).value_or("");
    if (name == "platforms" || name == "meta.platforms") {
      recipe_.says_platforms = true;
      recipe_.platforms = values_.list(binding.begin, binding.end);
    }
    if (name == "gpuTargets" || name == "cudaCapabilities") {
      for (const std::string& target :
           values_.list(binding.begin, binding.end).value_or(std::vector<std::string>()))
        add_once(recipe_.gpu_targets, plain(target));
    }
    const bool yes = binding.end == binding.begin + 1 && is(binding.begin, "true");
    if (name == "cudaSupport" && yes) recipe_.cuda_support = true;
    if (name == "pythonSupport" && yes) recipe_.builds_core_python = true;
    if (name == "python3Packages") recipe_.core_python = true;
    if (name == "CXXFLAGS" || name == "env.CXXFLAGS")
      add_flags(values_.text(binding.begin, binding.end).value_or(""));
  }

  void read_word(const std::string& word, std::size_t i) {
    add_once(recipe_.cuda_toolkits, toolkit_of(word));
    if (const std::string python = python_of(word); !python.empty()) recipe_.pythons.insert(python);
    if (word == "cmakeFeature" && i + 2 < document_.tokens.size() &&
        document_.tokens[i + 1].kind == Token::Kind::string &&
        values_.expanded(document_.tokens[i + 1], i + 1) == "CMAKE_CUDA_ARCHITECTURES")
      add_once(recipe_.gpu_targets, plain(values_.text(i + 2, i + 3).value_or("")));
    if (word == "fetchTarball" || word == "fetchzip") read_fetch(i + 1, false);
    if (word == "fetchFromGitHub") read_fetch(i + 1, true);
  }

  void read_string(const std::string& text) {
    constexpr std::string_view kArchitectures = "-DCMAKE_CUDA_ARCHITECTURES=";
    if (text.starts_with(kArchitectures))
      add_once(recipe_.gpu_targets, plain(text.substr(kArchitectures.size())));
    for (const std::string& list : assigned_in_shell(text, "TORCH_CUDA_ARCH_LIST")) {
      for (const std::string& target : split(list, ';')) add_once(recipe_.gpu_targets, plain(trim(target)));
    }
    for (const std::string& flags : assigned_in_shell(text, "CXXFLAGS")) add_flags(flags);
  }

  void add_flags(const std::string& text) {
    std::vector<std::string> flags = words_of(text);
    std::erase_if(flags, [](const std::string& word) { return !word.starts_with("-m"); });
    add_flags(std::move(flags));
  }

  void add_flags(std::vector<std::string> flags) {
    auto& known = recipe_.cpu_flags;
    if (!flags.empty() && std::find(known.begin(), known.end(), flags) == known.end())
      known.push_back(std::move(flags));
  }

  // Where nothing could be seen of what the compiler is given: a list of flags that has a name.
  void read_flag_lists() {
    if (!recipe_.cpu_flags.empty()) return;
    for (const Binding& binding : document_.bindings) {
      if (binding.name == "cpuFlags")
        add_flags(join(values_.list(binding.begin, binding.end).value_or(std::vector<std::string>()), " "));
    }
  }

  // The strings that an attribute set at a token assigns.
  std::map<std::string, std::string> strings_in(std::size_t opening) {
    std::map<std::string, std::string> found;
    if (!is(opening, "{")) return found;
    for (const Binding& binding : document_.bindings) {
      if (document_.scopes[binding.scope].begin != opening) continue;
      if (std::optional<std::string> text = values_.text(binding.begin, binding.end))
        found.emplace(binding.name, *std::move(text));
    }
    return found;
  }

  void read_fetch(std::size_t opening, bool github) {
    if (is(opening, "rec")) ++opening;
    const std::map<std::string, std::string> said = strings_in(opening);
    const auto value = [&](const char* name) {
      const auto found = said.find(name);
      return found == said.end() ? std::string() : plain(found->second);
    };
    const std::string digest = value("hash").empty() ? value("sha256") : value("hash");
    if (!github) {
      const bool direct =
          document_.tokens.size() > opening && document_.tokens[opening].kind == Token::Kind::string;
      read_pin(direct ? values_.expanded(document_.tokens[opening], opening) : value("url"), digest);
      return;
    }
    NixRecipe::Fetch fetch{fmt::format("https://github.com/{}/{}", value("owner"), value("repo")),
                           value("tag").empty() ? value("rev") : value("tag"), digest};
    if (value("repo").empty()) return;  // the word alone, as in `inherit (pkgs) fetchFromGitHub`
    if (value("repo") == "nixpkgs") {
      add_pin({fetch.revision, !digest.empty()});
    } else if (std::find(recipe_.fetches.begin(), recipe_.fetches.end(), fetch) == recipe_.fetches.end()) {
      recipe_.fetches.push_back(std::move(fetch));
    }
  }

  // ".../NixOS/nixpkgs/archive/REVISION.tar.gz"
  void read_pin(const std::string& url, const std::string& digest) {
    constexpr std::string_view kArchive = "/nixpkgs/archive/";
    const std::size_t at = url.find(kArchive);
    if (at == std::string::npos) return;
    const std::string rest = url.substr(at + kArchive.size());
    add_pin({rest.substr(0, rest.find('.')), !digest.empty()});
  }

  void add_pin(const NixRecipe::Pin& pin) {
    if (std::find(recipe_.pins.begin(), recipe_.pins.end(), pin) == recipe_.pins.end())
      recipe_.pins.push_back(pin);
  }

  const Document& document_;
  Values values_;
  NixRecipe recipe_;
};

}  // namespace

Result<NixRecipe> read_nix_recipe(std::string_view text) {
  if (text.size() > kNixRecipeLimit) {
    return fail(ErrorKind::bad_input, "line 1: longer than {}, which no recipe is",
                format_bytes(kNixRecipeLimit));
  }
  ORTFORGE_TRY(const Document document, nix_text::parse(text));
  if (document.bindings.empty()) return fail(ErrorKind::bad_input, "line 1: assigns nothing");
  return RecipeReader(document).read();
}

}  // namespace ortforge
