// The shipped matrix: exact names, counts, feasibility.
#include <algorithm>
#include <set>

#include "support/matrix_fixture.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/matrix/check.hpp"

namespace ortforge {
namespace {

std::vector<Variant> variants(const std::string& branch, const std::string& name = "onnxruntime") {
  const Product& product = shipped_matrix().products.at(name);
  return variants_of(shipped_matrix(), product, product.branches.at(branch));
}

// A file of tests/data/matrix: "[branch]" lines open a group, names follow, several branches may share one
// group.
std::map<std::string, std::vector<std::string>> names_in(const std::string& file) {
  const auto text = read_file(std::filesystem::path(TEST_SOURCE_DIR) / "tests/data/matrix" / file);
  std::map<std::string, std::vector<std::string>> names;
  std::vector<std::string> open;
  bool in_names = true;
  for (const std::string& line : split(text.value(), '\n')) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      if (in_names) open.clear();
      in_names = false;
      open.push_back(line.substr(1, line.size() - 2));
      continue;
    }
    in_names = true;
    for (const std::string& branch : open) names[branch].push_back(line);
  }
  return names;
}

TEST(ShippedMatrix, SeedBranchesHaveExactlyTheNamesOfTheOriginalRecipes) {
  const std::map<std::string, std::size_t> counts{{"main", 66},     {"ort-1.24", 66}, {"ort-1.23", 66},
                                                  {"ort-1.22", 50}, {"ort-1.20", 50}, {"ort-1.19", 50},
                                                  {"ort-1.18", 50}};
  const auto expected = names_in("seed-names.txt");
  ASSERT_EQ(expected.size(), counts.size());
  for (const auto& [branch, count] : counts) {
    std::vector<std::string> names;
    for (const Variant& variant : variants(branch)) names.push_back(variant.name);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names.size(), count) << branch;
    EXPECT_EQ(names, expected.at(branch)) << branch;
  }
}

TEST(ShippedMatrix, PyTorchAndTorchVisionHaveExactlyTheNamesOfTheOriginalRecipes) {
  const std::map<std::string, std::size_t> counts{{"main", 44}, {"cuda-12_9", 57}, {"cuda-13_0", 59}};
  for (const std::string product : {"pytorch", "torchvision"}) {
    const auto expected = names_in(product + "-names.txt");
    ASSERT_EQ(expected.size(), counts.size());
    for (const auto& [branch, count] : counts) {
      std::vector<std::string> names;
      for (const Variant& variant : variants(branch, product)) names.push_back(variant.name);
      std::sort(names.begin(), names.end());
      EXPECT_EQ(names.size(), count) << product << " " << branch;
      EXPECT_EQ(names, expected.at(branch)) << product << " " << branch;
    }
  }
  std::size_t debian = 0;
  for (const auto& [product, branch] : {std::pair{"pytorch", "pt-2.6"}, {"torchvision", "tv-0.21"}}) {
    EXPECT_EQ(shipped_matrix().products.at(product).default_branch, branch);
    for (const Variant& variant : variants(branch, product)) {
      EXPECT_TRUE(variant.backends.at("cmake").feasible) << variant.name;
      ++debian;
    }
  }
  EXPECT_EQ(debian, 4U);
}

TEST(ShippedMatrix, TorchVisionIsBuiltOnThePyTorchWithItsTargets) {
  const Product& torchvision = shipped_matrix().products.at("torchvision");
  for (const auto& [name, branch] : torchvision.branches) {
    for (const Variant& variant : variants(name, "torchvision")) {
      const auto other = required_variant(shipped_matrix(), variant, "pytorch");
      ASSERT_TRUE(other) << other.error().message;
      EXPECT_EQ("torchvision" + other->name.substr(std::string("pytorch").size()), variant.name);
    }
    const Branch& pytorch =
        shipped_matrix().products.at("pytorch").branches.at(branch.required.at("pytorch"));
    for (const char* isa : {"avx", "avx2", "avx512", "armv9"})
      EXPECT_EQ(isa_of(shipped_matrix(), branch, isa).flags, isa_of(shipped_matrix(), pytorch, isa).flags);
  }
}

// Thor and DGX Spark have one kind of processor, and so have GB200 and GB300.
TEST(ShippedMatrix, PyTorchIsRefusedBesideProcessorsThatAreNotThere) {
  for (const Variant& variant : variants("cuda-13_0", "pytorch")) {
    const std::set<int> beside_armv9{100, 103, 110, 121};
    const bool wrong = variant.isa == "armv8_2" && variant.sm && beside_armv9.contains(*variant.sm);
    EXPECT_EQ(variant.backends.at("nix").rule == "isa-beside-gpu", wrong) << variant.name;
  }
}

TEST(ShippedMatrix, TheDefaultBranchOffersWhatStandsBesideEachGpu) {
  const Product& product = shipped_matrix().products.at("onnxruntime");
  EXPECT_EQ(product.default_branch, "ort-1.21");
  EXPECT_EQ(shipped_matrix().default_product, "onnxruntime");
  std::map<std::string, std::map<int, std::set<std::string>>> by_line;
  for (const Variant& variant : variants("ort-1.21")) {
    by_line[variant.line][variant.sm.value_or(0)].insert(variant.isa);
    EXPECT_EQ(variant.python, "3.13") << variant.name;
    EXPECT_TRUE(variant.backends.at("cmake").feasible)
        << variant.name << ": " << variant.backends.at("cmake").fact;
  }
  const std::set<std::string> x86{"avx2", "avx512", "avx512bf16", "avx512vnni"};
  std::set<std::string> both = x86;
  both.insert({"armv8_2", "armv9"});
  std::set<std::string> grace = x86;
  grace.insert("armv9");
  using BySm = std::map<int, std::set<std::string>>;
  EXPECT_EQ(by_line.at("cpu"), (BySm{{0, both}}));
  EXPECT_EQ(by_line.at("cuda12_4"), (BySm{{75, x86}, {80, x86}, {86, x86}, {89, x86}, {90, both}}));
  EXPECT_EQ(by_line.at("cuda13_0"), (BySm{{75, x86},
                                          {80, x86},
                                          {86, x86},
                                          {89, x86},
                                          {90, both},
                                          {100, grace},
                                          {103, grace},
                                          {110, {"armv9"}},
                                          {120, x86},
                                          {121, {"armv9"}}}));
}

std::size_t feasible_count(const std::string& branch, const std::string& backend) {
  const auto all = variants(branch);
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [&](const Variant& variant) { return variant.backends.at(backend).feasible; }));
}

TEST(ShippedMatrix, FeasibilityFollowsFromFacts) {
  for (const char* branch : {"main", "ort-1.24", "ort-1.23"}) {
    EXPECT_EQ(feasible_count(branch, "cmake"), 58U)
        << branch;  // nvcc 12.4 lacks sm_100 and sm_120: 8 variants
    EXPECT_EQ(feasible_count(branch, "nix"), 36U)
        << branch;  // and the pin lacks CUDA 12.4 altogether: 30 variants
  }
  for (const char* branch : {"ort-1.22", "ort-1.20", "ort-1.19", "ort-1.18"})
    EXPECT_EQ(feasible_count(branch, "cmake"), 50U) << branch;
  for (const char* branch : {"ort-1.22", "ort-1.20"}) EXPECT_EQ(feasible_count(branch, "nix"), 28U) << branch;
  for (const char* branch : {"ort-1.19", "ort-1.18"}) EXPECT_EQ(feasible_count(branch, "nix"), 0U) << branch;
}

TEST(ShippedMatrix, InfeasibleVariantsNameRuleAndFact) {
  std::map<std::string, Variant> by_name;
  for (Variant& variant : variants("main")) by_name.emplace(variant.name, variant);
  const Variant& blackwell = by_name.at("onnxruntime-python312-cuda12_4-sm100-avx2");
  EXPECT_EQ(blackwell.backends.at("cmake"),
            (Feasibility{false, "toolkit-target", "nvcc 12.4 has no sm_100"}));
  EXPECT_EQ(blackwell.backends.at("nix"), (Feasibility{false, "toolkit-target", "nvcc 12.4 has no sm_100"}));
  EXPECT_EQ(by_name.at("onnxruntime-python312-cuda12_4-sm90-avx2").backends.at("nix").rule, "pin-toolkit");
  EXPECT_TRUE(by_name.at("onnxruntime-python313-cuda12_9-sm100-avx2").backends.at("nix").feasible);
  for (const Variant& variant : variants("ort-1.19")) {
    EXPECT_EQ(variant.backends.at("nix").rule, variant.cuda == "12.4" ? "pin-toolkit" : "pin-broken")
        << variant.name;
  }
}

TEST(ShippedMatrix, CheckFindsNothingWrong) {
  const auto findings = check_matrix(shipped_matrix_directory());
  ASSERT_TRUE(findings) << findings.error().message;
  std::size_t notes = 0;
  for (const Finding& finding : *findings) {
    EXPECT_EQ(finding.severity, Severity::note) << describe(finding);
    ++notes;
  }
  EXPECT_GE(notes, 8U);  // one per branch
}

TEST(ShippedMatrix, DriversNeeded) {
  const Hardware& hardware = shipped_matrix().hardware;
  const auto needed = [&](const char* cuda, int sm) {
    return driver_needed(hardware.toolkits.at(cuda), hardware.sms.at(sm));
  };
  EXPECT_EQ(needed("12.4", 75), "525.60.13");
  EXPECT_EQ(needed("12.9", 90), "525.60.13");
  EXPECT_EQ(needed("12.8", 100), "570.26");
  EXPECT_EQ(needed("12.9", 103), "580");
  EXPECT_EQ(needed("12.9", 120), "570.26");
  for (const int sm : {75, 80, 86, 89, 90, 100, 103, 110, 120, 121})
    EXPECT_EQ(needed("13.0", sm), "580.65.06") << sm;
}

TEST(ShippedMatrix, SeedErrorsAreCorrected) {
  std::map<std::string, int> sm;
  for (const Gpu& gpu : shipped_matrix().hardware.gpus) sm[gpu.name] = gpu.sm;
  EXPECT_EQ(sm.at("L40S"), 89);
  EXPECT_EQ(sm.at("DRIVE AGX Orin"), 87);
  EXPECT_EQ(sm.at("RTX A5000"), 86);
  EXPECT_EQ(sm.at("DGX Spark (GB10)"), 121);
  const auto& isas = shipped_matrix().hardware.isas;
  EXPECT_THAT(isas.at("armv9").not_cpus, testing::Contains("neoverse_v1"));
  EXPECT_THAT(isas.at("avx512vnni").not_cpus, testing::Contains("skylake_avx512"));
  EXPECT_THAT(isas.at("avx512bf16").not_cpus, testing::Contains("icelake"));
}

}  // namespace
}  // namespace ortforge
