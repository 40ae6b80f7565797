#include "ortforge/matrix/filter.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

Variant gpu_variant() {
  Variant variant;
  variant.name = "onnxruntime-python313-cuda12_9-sm90-avx512bf16";
  variant.short_name = "sm90-avx512bf16";
  variant.product = "onnxruntime";
  variant.branch = "ort-1.24";
  variant.line = "cuda12_9";
  variant.cuda = "12.9";
  variant.python = "3.13";
  variant.sm = 90;
  variant.isa = "avx512bf16";
  variant.platform = "x86_64-linux";
  variant.backends["cmake"] = {};
  variant.backends["nix"] = {false, "rule", "fact"};
  return variant;
}

Variant cpu_variant() {
  Variant variant;
  variant.name = "simdkernels-cpu-avx2";
  variant.short_name = "cpu-avx2";
  variant.product = "simdkernels";
  variant.branch = "main";
  variant.line = "cpu";
  variant.isa = "avx2";
  variant.platform = "x86_64-linux";
  variant.backends["cmake"] = {};
  return variant;
}

bool on_gpu(const char* text, std::string_view backend = "cmake", std::string_view component = {}) {
  return Filter::parse(text).value().matches(gpu_variant(), backend, component);
}
bool on_cpu(const char* text) {
  return Filter::parse(text).value().matches(cpu_variant());
}

std::string error_of(const std::string& text) {
  const auto filter = Filter::parse(text);
  return filter ? "" : filter.error().message;
}

TEST(Filter, TheExampleOfTheDesign) {
  EXPECT_TRUE(on_gpu("sm>=90 && isa=~avx512 && feasible"));
  EXPECT_FALSE(on_cpu("sm>=90 && isa=~avx512 && feasible"));
}

TEST(Filter, NumbersAndVersionsAreNotTexts) {
  EXPECT_TRUE(on_gpu("sm<100"));
  EXPECT_TRUE(on_gpu("sm==sm90"));
  EXPECT_TRUE(on_gpu("cuda<12.10"));
  EXPECT_TRUE(on_gpu("python>3.9"));
  EXPECT_FALSE(on_gpu("sm>90"));
  EXPECT_TRUE(on_gpu("sm<=90"));
}

TEST(Filter, AnUnsetFieldIsNothing) {
  EXPECT_FALSE(on_cpu("sm<90"));
  EXPECT_FALSE(on_cpu("sm>=0"));
  EXPECT_TRUE(on_cpu("sm!=90"));
  EXPECT_FALSE(on_cpu("cuda"));
  EXPECT_TRUE(on_cpu("!sm && accelerator==cpu"));
  EXPECT_TRUE(on_gpu("sm && cuda"));
}

TEST(Filter, ContainsAndGlobs) {
  EXPECT_TRUE(on_gpu("isa=~bf16"));
  EXPECT_FALSE(on_gpu("isa=~bf16*"));
  EXPECT_TRUE(on_gpu("isa=~avx*16"));
  EXPECT_TRUE(on_gpu("name=~*-sm90-*"));
  EXPECT_FALSE(on_gpu("name=~*-sm9-*"));
  EXPECT_TRUE(on_gpu("isa!~arm"));
  EXPECT_TRUE(on_gpu("branch=='ort-1.24'"));
}

TEST(Filter, PrecedenceAndGrouping) {
  EXPECT_TRUE(on_gpu("isa==avx2 && sm==75 || sm==90"));
  EXPECT_FALSE(on_gpu("isa==avx2 && (sm==75 || sm==90)"));
  EXPECT_TRUE(on_gpu("!(sm==75) && !isa==avx2"));
  EXPECT_TRUE(on_gpu("!!feasible"));
}

TEST(Filter, BackendAndComponent) {
  EXPECT_TRUE(on_gpu("feasible==true"));
  EXPECT_FALSE(on_gpu("feasible", "nix"));
  EXPECT_TRUE(on_gpu("!feasible && backend==nix", "nix"));
  EXPECT_TRUE(on_gpu("component==core", "cmake", "core"));
  EXPECT_FALSE(on_gpu("component"));
}

TEST(Filter, ErrorsNameColumnAndExpectation) {
  EXPECT_EQ(error_of(""), "column 1: expected a field, found nothing");
  EXPECT_EQ(error_of("smm>=90"), "column 1: unknown field 'smm' (did you mean 'sm'?)");
  EXPECT_EQ(error_of("sm>=90 &&"), "column 10: expected a field, found the end");
  EXPECT_EQ(error_of("sm>=90 & isa"), "column 8: unexpected '&' (write &&)");
  EXPECT_EQ(error_of("sm=90"), "column 3: unexpected '=' (write == to compare)");
  EXPECT_EQ(error_of("sm>=ninety"), "column 5: expected a number such as 90, found 'ninety'");
  EXPECT_EQ(error_of("isa<avx2"), "column 4: '<' orders sm, cuda and python only");
  EXPECT_EQ(error_of("(sm==90"), "column 8: expected ')', found the end");
  EXPECT_EQ(error_of("sm==90)"), "column 7: expected '&&', '||' or the end, found ')'");
  EXPECT_EQ(error_of("isa=='avx2"), "column 6: the quote is not closed");
  EXPECT_EQ(error_of("feasible==yes"), "column 11: expected true or false, found 'yes'");
  EXPECT_EQ(error_of("accelerator==gpu"), "column 14: expected cpu or cuda, found 'gpu'");
  EXPECT_EQ(error_of("sm==90 isa"), "column 8: expected '&&', '||' or the end, found 'isa'");
  EXPECT_EQ(error_of("sm==99999999999"), "column 5: expected a number such as 90, found '99999999999'");
  EXPECT_EQ(error_of("\x01"), "column 1: unexpected byte 0x01");
}

TEST(Filter, DepthAndLengthAreLimited) {
  EXPECT_EQ(error_of(std::string(200, '(')), "column 101: nested deeper than 100");
  EXPECT_EQ(error_of(std::string(200, '!')), "column 101: nested deeper than 100");
  EXPECT_EQ(error_of(std::string(70000, 'a')), "longer than 65536 bytes");
  std::string many = "sm";
  for (int i = 1; i < 1000; ++i) many += "||sm";
  EXPECT_TRUE(on_gpu(many.c_str()));
  EXPECT_EQ(error_of(many + "||sm"), "column 4001: more than 1000 conditions");
}

TEST(Filter, SmComparesWithAnyNumber) {
  EXPECT_TRUE(on_gpu("sm>-2147483648"));
  EXPECT_TRUE(on_gpu("sm<2147483647"));
}

}  // namespace
}  // namespace ortforge
