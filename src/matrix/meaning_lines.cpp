#include <map>
#include <set>

#include "meaning.hpp"
#include "readers.hpp"

#include "ortforge/base/text.hpp"

namespace ortforge::matrix_meaning {
namespace {

bool is_version(const std::string& text) {
  const std::vector<std::string> parts = split(text, '.');
  if (parts.size() != 2) return false;
  for (const std::string& part : parts) {
    if (part.empty() || part.find_first_not_of("0123456789") != std::string::npos) return false;
  }
  return true;
}

void check_blocks(const Hardware& hardware, const Line& line, const std::string& path, Findings& findings) {
  std::set<std::pair<int, std::string>> seen;
  for (std::size_t b = 0; b < line.blocks.size(); ++b) {
    const VariantBlock& block = line.blocks[b];
    const std::string place = fmt::format("{}.variants[{}]", path, b);
    for (std::size_t s = 0; s < block.sms.size(); ++s) {
      if (hardware.sms.contains(block.sms[s])) continue;
      std::vector<std::string> known;
      for (const auto& [number, sm] : hardware.sms) known.push_back(std::to_string(number));
      findings.error(fmt::format("{}.sm[{}]", place, s),
                     fmt::format("hardware.json has no SM {}{}", block.sms[s],
                                 did_you_mean(std::to_string(block.sms[s]), known)));
    }
    for (std::size_t i = 0; i < block.isas.size(); ++i) {
      const std::string where = fmt::format("{}.isa[{}]", place, i);
      if (!hardware.isas.contains(block.isas[i])) {
        findings.error(where, fmt::format("hardware.json has no ISA '{}'{}", block.isas[i],
                                          did_you_mean(block.isas[i], names_of(hardware.isas))));
      }
      const std::vector<int> cpu_only{0};
      for (const int sm : block.sms.empty() ? cpu_only : block.sms) {
        if (seen.emplace(sm, block.isas[i]).second) continue;
        findings.error(
            where, sm == 0 ? fmt::format("the variant cpu-{} stands twice in this line", block.isas[i])
                           : fmt::format("the variant sm{}-{} stands twice in this line", sm, block.isas[i]));
      }
    }
  }
}

}  // namespace

void check_lines(const Hardware& hardware, const Branch& branch, const std::string& path,
                 Findings& findings) {
  std::map<bool, std::vector<std::string>> defaults;  // by "is a CUDA line"
  std::set<bool> accelerators;
  for (const std::string& name : branch.line_order) {
    const Line& line = branch.lines.at(name);
    const std::string place = matrix_reader::member_path(path + ".lines", name);
    accelerators.insert(!line.cuda.empty());
    if (line.is_default) defaults[!line.cuda.empty()].push_back(name);
    if (!line.cuda.empty() && !hardware.toolkits.contains(line.cuda)) {
      findings.error(place + ".cuda", fmt::format("hardware.json has no CUDA toolkit '{}'{}", line.cuda,
                                                  did_you_mean(line.cuda, names_of(hardware.toolkits))));
    }
    if (!line.python.empty() && !is_version(line.python)) {
      findings.error(place + ".python",
                     fmt::format("expected a Python version such as \"3.13\", found \"{}\"", line.python));
    }
    if (line.blocks.empty())
      findings.error(place + ".variants", "a line needs at least one block of variants");
    check_blocks(hardware, line, place, findings);
  }
  for (const bool cuda : accelerators) {
    const std::vector<std::string>& chosen = defaults[cuda];
    if (chosen.size() == 1) continue;
    const char* accelerator = cuda ? "CUDA" : "CPU";
    findings.error(
        path + ".lines",
        chosen.empty()
            ? fmt::format("no {} line is the default, so short names stand for nothing", accelerator)
            : fmt::format("{} {} lines are the default: {}", chosen.size(), accelerator, join(chosen, ", ")));
  }
}

}  // namespace ortforge::matrix_meaning
