#include "nix_readme.hpp"

#include <algorithm>
#include <set>

#include "ortforge/base/text.hpp"

namespace ortforge::recipe_detail {
namespace {

bool is_built(const Variant& variant) {
  const auto backend = variant.backends.find("nix");
  return backend != variant.backends.end() && backend->second.feasible;
}

// Products with GPUs of this SM: "H100, H200, GH200".
std::string gpus_of(const Hardware& hardware, int sm) {
  std::vector<std::string> names;
  for (const Gpu& gpu : hardware.gpus) {
    if (gpu.sm == sm) names.push_back(gpu.name);
  }
  return names.empty() ? "no product is known" : join(names, ", ");
}

std::string description_of(const Matrix& matrix, const Product& product, const Branch& branch,
                           const Variant& variant) {
  const std::string what = product.title + " " + branch.version;
  const std::string& cpu = matrix.hardware.isas.at(variant.isa).title;
  if (!variant.is_cuda()) return fmt::format("{} for CPUs with {}", what, cpu);
  return fmt::format("{} for {} GPUs (SM {}) with CUDA {}, on CPUs with {}", what,
                     matrix.hardware.sms.at(*variant.sm).architecture, *variant.sm, variant.cuda, cpu);
}

// A text in a cell of a Markdown table.
std::string cell(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void add_packages(const std::vector<Variant>& variants, TemplateValues& values) {
  auto& systems = values.lists["systems"];
  std::vector<std::string> names;
  for (const Variant& variant : variants) {
    if (!is_built(variant)) continue;
    auto known = std::find_if(systems.begin(), systems.end(), [&](const TemplateValues& system) {
      return system.texts.at("system") == variant.platform;
    });
    if (known == systems.end()) {
      systems.push_back(row({{"system", variant.platform}}));
      known = systems.end() - 1;
      names.push_back("\"" + variant.platform + "\"");
    }
    known->lists["packages"].push_back(row({{"name", variant.name}}));
  }
  std::sort(names.begin(), names.end());
  values.texts["system_list"] = join(names, ", ");
}

// One table for each line that has packages.
void add_lines(const Matrix& matrix, const Product& product, const Branch& branch,
               const std::vector<Variant>& variants, TemplateValues& values) {
  auto& lines = values.lists["lines"];
  for (const std::string& name : branch.line_order) {
    const Line& line = branch.lines.at(name);
    TemplateValues item = row({{"line", name}, {"cuda", line.cuda}, {"python", line.python}});
    item.switches["gpu_line"] = !line.cuda.empty();
    item.switches["python_line"] = !line.python.empty();
    auto& rows = item.lists["rows"];
    for (const Variant& variant : variants) {
      if (variant.line != name || !is_built(variant)) continue;
      const TemplateValues one = nix_variant_values(matrix, product, branch, variant);
      const std::string gpu =
          variant.is_cuda() ? one.texts.at("architecture") + ", SM " + one.texts.at("sm") : "none";
      rows.push_back(row({{"name", variant.name},
                          {"gpu", gpu},
                          {"cpu", cell(one.texts.at("cpu"))},
                          {"driver", variant.is_cuda() ? one.texts.at("driver") : "none"},
                          {"platform", variant.platform}}));
    }
    if (!rows.empty()) lines.push_back(std::move(item));
  }
}

// Which of them a machine takes: GPUs by SM, instruction sets by what the CPU lists, the best first.
void add_guide(const Matrix& matrix, const std::vector<Variant>& variants, TemplateValues& values) {
  std::set<int> sms;
  std::set<std::string> isas;
  for (const Variant& variant : variants) {
    if (!is_built(variant)) continue;
    if (variant.sm) sms.insert(*variant.sm);
    isas.insert(variant.isa);
  }
  auto& gpus = values.lists["guide_gpus"];
  for (const int sm : sms) {
    gpus.push_back(row({{"sm", std::to_string(sm)},
                        {"architecture", matrix.hardware.sms.at(sm).architecture},
                        {"gpus", cell(gpus_of(matrix.hardware, sm))}}));
  }
  std::vector<const Isa*> ranked;
  ranked.reserve(isas.size());
  for (const std::string& isa : isas) ranked.push_back(&matrix.hardware.isas.at(isa));
  std::sort(ranked.begin(), ranked.end(), [](const Isa* left, const Isa* right) {
    if (left->platform != right->platform) return left->platform > right->platform;
    return left->rank > right->rank;
  });
  auto& cpus = values.lists["guide_cpus"];
  for (const Isa* isa : ranked) {
    cpus.push_back(row({{"isa", isa->name},
                        {"title", cell(isa->title)},
                        {"platform", isa->platform},
                        {"features", join(isa->features, " ")}}));
  }
  values.switches["has_packages"] = !isas.empty();
  values.switches["has_gpus"] = !sms.empty();
}

void add_pins(const Branch& branch, TemplateValues& values) {
  auto& rows = values.lists["pins"];
  for (const auto& [name, pin] : branch.pins) {
    rows.push_back(row({{"pin", name},
                        {"revision", pin.revision},
                        {"digest", pin.digest.empty() ? "not on record: run `ortforge lock`" : pin.digest}}));
  }
}

}  // namespace

TemplateValues nix_variant_values(const Matrix& matrix, const Product& product, const Branch& branch,
                                  const Variant& variant) {
  TemplateValues values = row({{"title", product.title},
                               {"version", branch.version},
                               {"variant", variant.name},
                               {"cpu", matrix.hardware.isas.at(variant.isa).title},
                               {"platform", variant.platform},
                               {"python", variant.python},
                               {"description", description_of(matrix, product, branch, variant)}});
  values.switches["gpu"] = variant.is_cuda();
  values.switches["has_python"] = !variant.python.empty();
  if (variant.is_cuda()) {
    const Sm& sm = matrix.hardware.sms.at(*variant.sm);
    values.texts["architecture"] = sm.architecture;
    values.texts["sm"] = std::to_string(sm.number);
    values.texts["gpus"] = gpus_of(matrix.hardware, sm.number);
    values.texts["driver"] = driver_needed(matrix.hardware.toolkits.at(variant.cuda), sm);
    values.texts["cuda"] = variant.cuda;
  }
  return values;
}

TemplateValues nix_branch_values(const Matrix& matrix, const Product& product, const Branch& branch,
                                 const std::vector<Variant>& variants) {
  TemplateValues values = row({{"title", product.title},
                               {"product", product.name},
                               {"version", branch.version},
                               {"branch", branch.name},
                               {"status", branch.status.empty() ? "no status" : branch.status}});
  add_packages(variants, values);
  add_lines(matrix, product, branch, variants, values);
  add_guide(matrix, variants, values);
  add_pins(branch, values);
  auto& left_out = values.lists["left_out"];
  std::size_t built = 0;
  for (const Variant& variant : variants) {
    if (is_built(variant)) {
      if (built++ == 0) values.texts["example"] = variant.name;
      continue;
    }
    const auto backend = variant.backends.find("nix");
    const Feasibility answer = backend == variant.backends.end()
                                   ? Feasibility{false, "backend-absent", "the branch does not offer Nix"}
                                   : backend->second;
    left_out.push_back(row({{"name", variant.name}, {"rule", answer.rule}, {"fact", cell(answer.fact)}}));
  }
  values.texts.emplace("example", "");
  values.texts["built"] = counted(built, "package");
  values.texts["absent"] = counted(left_out.size(), "variant");
  values.switches["has_left_out"] = !left_out.empty();
  return values;
}

}  // namespace ortforge::recipe_detail
