#include "compare_recipe.hpp"

#include <algorithm>
#include <charconv>

#include "ortforge/base/digest.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge::matrix_import {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The dotted number that follows a title in a text; "v" before it does not count.
std::string version_after(const std::string& text, const std::string& title) {
  for (std::size_t at = text.find(title); at != std::string::npos; at = text.find(title, at + 1)) {
    std::size_t start = at + title.size();
    while (start < text.size() && text[start] == ' ') ++start;
    if (start < text.size() && text[start] == 'v') ++start;
    std::size_t end = start;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.')) ++end;
    while (end > start && text[end - 1] == '.') --end;
    std::string version = text.substr(start, end - start);
    if (version.find('.') != std::string::npos) return version;
  }
  return {};
}

bool names(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_letter_or_digit(text[at - 1]);
    if (starts && (end == text.size() || !is_letter_or_digit(text[end]))) return true;
  }
  return false;
}

std::string without(std::string text, std::string_view start) {
  if (text.starts_with(start)) text.erase(0, start.size());
  return text;
}

// The SM of "90", "90-real", "9.0", "sm_90"; 0 for anything else.
int sm_of(const std::string& target) {
  std::string number = without(without(target, "sm_"), "compute_");
  for (const char* kind : {"-real", "-virtual", "+PTX"}) {
    if (number.ends_with(kind)) number.erase(number.size() - std::string_view(kind).size());
  }
  const std::size_t dot = number.find('.');
  if (dot != std::string::npos && dot + 2 == number.size()) number.erase(dot, 1);
  int sm = 0;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), sm);
  return fault == std::errc() && end == number.data() + number.size() ? sm : 0;
}

std::string quoted(const std::vector<std::string>& words) {
  return "[ " + join(words, " ") + (words.empty() ? "]" : " ]");
}

std::vector<std::string> only_in(const std::vector<std::string>& left,
                                 const std::vector<std::string>& right) {
  std::vector<std::string> only;
  for (const std::string& word : left) {
    if (std::find(right.begin(), right.end(), word) == right.end()) only.push_back(word);
  }
  return only;
}

class Comparison {
 public:
  Comparison(const Matrix& matrix, const BranchChoice& choice, const Variant& variant,
             const NixRecipe& recipe)
      : matrix_(matrix), choice_(choice), variant_(variant), recipe_(recipe) {}

  std::vector<Difference> run() {
    name();
    gpu();
    gpu_names();
    flags();
    version();
    sources();
    pin();
    toolkit();
    python();
    platforms();
    feasibility();
    return std::move(found_);
  }

 private:
  template <class... Args>
  void add(const char* kind, fmt::format_string<Args...> format, Args&&... args) {
    found_.emplace_back(kind, fmt::format(format, std::forward<Args>(args)...));
  }

  void name() {
    if (!recipe_.name.empty() && recipe_.name != variant_.name)
      add("name", "the package calls itself {}", recipe_.name);
  }

  void gpu() {
    if (!variant_.sm) {
      for (const std::string& target : recipe_.gpu_targets)
        add("gpu", "a CPU variant with the GPU target {}", target);
      if (recipe_.cuda_support) add("gpu", "a CPU variant with cudaSupport");
      return;
    }
    if (recipe_.gpu_targets.empty()) add("gpu", "no GPU target can be told");
    for (const std::string& target : recipe_.gpu_targets) {
      const int sm = sm_of(target);
      if (sm == 0) {
        add("gpu", "the GPU target '{}' is no compute capability", target);
      } else if (sm != *variant_.sm) {
        add("gpu", "named after SM {}, compiled for {} (GPU target {})", *variant_.sm, sm, target);
      }
      if (target.starts_with("sm_"))
        add("gpu", "the GPU target '{}' is not in a notation of CMake or PyTorch", target);
    }
  }

  // GPUs that the text for people gives another SM than they have.
  void gpu_names() {
    if (!variant_.sm) return;
    const std::string text = recipe_.head + "\n" + recipe_.description;
    for (const Gpu& gpu : matrix_.hardware.gpus) {
      if (gpu.sm != *variant_.sm && names(text, gpu.name) && !is_part_of_own(text, gpu.name))
        add("gpu", "{} is counted among SM {}; it has SM {}", gpu.name, *variant_.sm, gpu.sm);
    }
  }

  // "RTX 4070" in a text that says "RTX 4070 Ti".
  bool is_part_of_own(const std::string& text, const std::string& name) const {
    const auto& gpus = matrix_.hardware.gpus;
    return std::any_of(gpus.begin(), gpus.end(), [&](const Gpu& gpu) {
      return gpu.name.size() > name.size() && names(gpu.name, name) && names(text, gpu.name);
    });
  }

  void flags() {
    const std::vector<std::string>& wanted = matrix_.hardware.isas.at(variant_.isa).flags;
    if (recipe_.cpu_flags.empty() && !wanted.empty())
      add("flags", "no CPU flags of {} can be told", variant_.isa);
    for (const std::vector<std::string>& given : recipe_.cpu_flags) {
      const std::vector<std::string> more = only_in(given, wanted);
      const std::vector<std::string> less = only_in(wanted, given);
      std::vector<std::string> parts;
      if (!less.empty()) parts.push_back("lacks " + join(less, " "));
      if (!more.empty()) parts.push_back("has " + join(more, " ") + " too");
      if (!parts.empty()) add("flags", "{} {}", variant_.isa, join(parts, " and "));
    }
  }

  void version() {
    const std::string said = version_said(recipe_, choice_.product->title);
    if (!said.empty() && compare_versions(said, choice_.branch->version) != 0)
      add("version", "version {}; the matrix has {}", said, choice_.branch->version);
  }

  void sources() {
    for (const NixRecipe::Fetch& fetch : recipe_.fetches) {
      for (const auto& [key, source] : choice_.branch->sources) source_of(fetch, source);
    }
  }

  void source_of(const NixRecipe::Fetch& fetch, const Source& source) {
    for (const SourceOrigin& origin : source.origins) {
      if (origin.kind != SourceOrigin::Kind::git || without_git(origin.url) != fetch.address) continue;
      if (!fetch.revision.empty() && fetch.revision != origin.revision) {
        add("source", "{} at {}; the matrix has {}", source.name, fetch.revision, origin.revision);
        return;  // other content has another digest
      }
      const Result<Digest> digest = parse_digest(fetch.digest);
      if (source.digest_kind == Source::DigestKind::nar && digest && *digest != source.digest)
        add("source", "{} with {}; the matrix has {}", source.name, fetch.digest, source.digest.sri());
    }
  }

  static std::string without_git(std::string url) {
    if (url.ends_with(".git")) url.resize(url.size() - 4);
    return url;
  }

  void pin() {
    if (recipe_.pins.empty()) add("pin", "takes its packages from the caller: nixpkgs is not pinned");
    const auto wanted = choice_.branch->pins.find("nixpkgs");
    for (const NixRecipe::Pin& pin : recipe_.pins) {
      if (wanted != choice_.branch->pins.end() && wanted->second.revision != pin.revision)
        add("pin", "nixpkgs at {}; the matrix has {}", pin.revision, wanted->second.revision);
      if (!pin.hashed) add("pin", "nixpkgs is fetched without a hash");
    }
  }

  void toolkit() {
    if (variant_.cuda.empty()) {
      for (const std::string& toolkit : recipe_.cuda_toolkits)
        add("toolkit", "a CPU variant with CUDA {}", toolkit);
      return;
    }
    if (recipe_.cuda_toolkits.empty())
      add("toolkit", "takes the CUDA toolkit that is the default of its packages, not {} by name",
          variant_.cuda);
    for (const std::string& toolkit : recipe_.cuda_toolkits) {
      const bool same = variant_.cuda == toolkit || variant_.cuda.starts_with(toolkit + ".");
      if (!same) add("toolkit", "CUDA {}; the name says {}", toolkit, variant_.cuda);
    }
  }

  void python() {
    if (variant_.python.empty()) return;
    for (const std::string& python : recipe_.pythons) {
      if (python != variant_.python) add("python", "Python {}; the name says {}", python, variant_.python);
    }
    if (recipe_.pythons.contains(variant_.python) && recipe_.builds_core_python && !recipe_.core_python) {
      add("python",
          "the core is built with the default Python of its packages, not {}: no python3Packages is given",
          variant_.python);
    }
  }

  void platforms() {
    if (!recipe_.says_platforms) {
      add("platforms", "no platforms are said; {} is meant", variant_.platform);
    } else if (!recipe_.platforms) {
      add("platforms", "the platforms are computed; {} is meant", variant_.platform);
    } else if (*recipe_.platforms != std::vector<std::string>{variant_.platform}) {
      add("platforms", "platforms {}; {} is meant", quoted(*recipe_.platforms), variant_.platform);
    }
  }

  void feasibility() {
    const auto nix = variant_.backends.find("nix");
    if (nix != variant_.backends.end() && !nix->second.feasible)
      add("feasibility", "cannot be built with Nix: {}", nix->second.fact);
  }

  const Matrix& matrix_;
  const BranchChoice& choice_;
  const Variant& variant_;
  const NixRecipe& recipe_;
  std::vector<Difference> found_;
};

}  // namespace

std::string version_said(const NixRecipe& recipe, const std::string& title) {
  const std::string version = version_after(recipe.description, title);
  return version.empty() ? version_after(recipe.head, title) : version;
}

std::vector<Difference> compare_recipe(const Matrix& matrix, const BranchChoice& choice,
                                       const Variant& variant, const NixRecipe& recipe) {
  return Comparison(matrix, choice, variant, recipe).run();
}

}  // namespace ortforge::matrix_import
