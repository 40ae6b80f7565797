#include "ortforge/audit/cuda_code.hpp"

#include "support/fat_binary.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/audit/cuda_libraries.hpp"
#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

// What a library with this content of .nv_fatbin is refused with.
std::string refusal(const std::string& content) {
  const auto code = parse_cuda_code(elf_file({{".nv_fatbin", content}}), "libdemo.so");
  if (code) return "";
  EXPECT_EQ(code.error().kind, ErrorKind::bad_input);
  return code.error().message;
}

std::string text_of(const std::string& library) {
  const auto code = parse_cuda_code(library, "libdemo.so");
  return code ? cuda_code_text(*code) : code.error().message;
}

// `bytes` with other bytes at a place.
std::string changed(std::string bytes, std::size_t at, const std::string& other) {
  return bytes.replace(at, other.size(), other);
}

TEST(CudaCode, EachTargetIsCountedOnce) {
  const auto code = parse_cuda_code(
      elf_file({{".text", "x"},
                {".nv_fatbin", fat_binary({a_cubin(90, kWithA), some_ptx(120, kWithF), a_cubin(80)}) +
                                   std::string(8, '\0') + fat_binary({a_cubin(80), a_cubin(100, kWithF)})},
                {"__nv_relfatbin", fat_binary({a_cubin(90)}) + fat_binary({}) + fat_binary({a_cubin(90)})}}),
      "libdemo.so");
  ASSERT_TRUE(code) << code.error().message;
  const CudaTargets ready{{{"sm_80", 80, "", 2}, {"sm_90a", 90, "", 1}, {"sm_100f", 100, "", 1}},
                          {{"compute_120f", 120, "9.0", 1}},
                          {}};
  const CudaTargets module{{{"sm_90", 90, "", 1}}, {}, {}};
  EXPECT_EQ(*code, (CudaCode{ready, {module, module}}));
  EXPECT_EQ(cuda_code_text(*code),
            "sm_80 in 2 cubins, sm_90a in 1 cubin, sm_100f in 1 cubin, PTX 9.0 for compute_120f, "
            "linked from 2 modules");
}

TEST(CudaCode, IsSaidInWords) {
  EXPECT_EQ(text_of(cuda_library(std::vector<FatCode>(412, a_cubin(90)))), "sm_90 in 412 cubins, no PTX");
  EXPECT_EQ(text_of(cuda_library({some_ptx(90)})), "no SASS, PTX 9.0 for compute_90");
  FatCode to_link = a_cubin(80);
  to_link.kind = 8;
  FatCode unknown = a_cubin(90, kWithA);
  unknown.kind = 16;
  EXPECT_EQ(text_of(cuda_library({to_link, unknown})), "no SASS, no PTX, lto_80, kind 16 for sm_90a");
  EXPECT_EQ(text_of(elf_file({{"__nv_relfatbin", fat_binary({a_cubin(90)}) + fat_binary({a_cubin(90)})}})),
            "not linked: sm_90 in 2 cubins, no PTX");
  EXPECT_EQ(text_of(elf_file({{".text", "x"}})), "none");
  EXPECT_EQ(text_of(elf_file({{".nv_fatbin", ""}})), "none");
  EXPECT_EQ(text_of(elf_file({{".nv_fatbin", std::string(24, '\0')}})), "none");
  EXPECT_EQ(text_of(cuda_library({})), "none");
}

// CUDA 12 writes entries with longer headers, and so does 13.0 for sm_100 and newer.
TEST(CudaCode, HeadersMayBeLonger) {
  FatCode longer = a_cubin(100, 0x1000000);
  longer.header = 112;
  FatCode last = a_cubin(90);
  last.payload = 0;
  EXPECT_EQ(text_of(cuda_library({longer, last})), "sm_90 in 1 cubin, sm_100 in 1 cubin, no PTX");
}

TEST(CudaCode, WhatIsNotAsExpectedIsRefused) {
  const std::string good = fat_binary({a_cubin(90), some_ptx(90)});
  EXPECT_EQ(refusal(good), "");
  EXPECT_EQ(refusal(good + "ELF"), "libdemo.so: .nv_fatbin at 0xe0: a fat binary is cut short");
  EXPECT_EQ(refusal(good + std::string(16, 'x')),
            "libdemo.so: .nv_fatbin at 0xe0: expected a fat binary (ba55ed50), found 78787878");
  EXPECT_EQ(refusal(changed(good, 4, "\x02")),
            "libdemo.so: .nv_fatbin at 0x0: expected version 1 of a fat binary, found 2");
  EXPECT_EQ(refusal(changed(good, 6, "\x0f")),
            "libdemo.so: .nv_fatbin at 0x0: a fat binary of 15 + 208 bytes where 224 are left");
  EXPECT_EQ(
      refusal(changed(good, 8, std::string(8, '\xff'))),
      "libdemo.so: .nv_fatbin at 0x0: a fat binary of 16 + 18446744073709551615 bytes where 224 are left");
  EXPECT_EQ(refusal(changed(good, 18, "\x02")),
            "libdemo.so: .nv_fatbin at 0x10: expected version 0x101 of an entry, found 0x102");
  EXPECT_EQ(refusal(changed(good, 20, "\x2f")),
            "libdemo.so: .nv_fatbin at 0x10: an entry of 47 + 24 bytes where 208 are left");
  EXPECT_EQ(refusal(changed(good, 24, std::string(8, '\xff'))),
            "libdemo.so: .nv_fatbin at 0x10: an entry of 64 + 18446744073709551615 bytes where 208 are left");
  EXPECT_EQ(refusal(changed(good, 24, "\x78")), "libdemo.so: .nv_fatbin at 0xc8: an entry is cut short");
  EXPECT_EQ(refusal(changed(good, 44, std::string(1, '\0'))),
            "libdemo.so: .nv_fatbin at 0x10: expected the number of an SM, found 0");
  EXPECT_EQ(refusal(changed(good, 44, "\x10\x27")),
            "libdemo.so: .nv_fatbin at 0x10: expected the number of an SM, found 10000");
}

TEST(CudaCode, EveryTruncationIsReadOrRefused) {
  const std::string good = fat_binary({a_cubin(90), some_ptx(90)});
  for (std::size_t size = 1; size < good.size(); ++size) ASSERT_NE(refusal(good.substr(0, size)), "") << size;
  const std::string library = cuda_library({a_cubin(90)});
  for (std::size_t size = 0; size < library.size(); ++size) {
    const auto code = parse_cuda_code(std::string_view(library).substr(0, size), "libdemo.so");
    ASSERT_FALSE(code) << size;
    ASSERT_TRUE(code.error().message.starts_with("libdemo.so: ")) << code.error().message;
  }
}

TEST(CudaCode, OtherFilesAreRefused) {
  EXPECT_EQ(read_cuda_code("/absent/libdemo.so").error().message,
            "/absent/libdemo.so: cannot be read: No such file or directory");
  EXPECT_EQ(parse_cuda_code("INPUT(libdemo.so.1)\n", "libdemo.so").error().message,
            "libdemo.so: is no ELF file");
}

class CudaLibrariesTest : public testing::Test {
 protected:
  // A library of the folder, with these entries; replaces an earlier one.
  void add(const std::string& name, const std::vector<FatCode>& codes) {
    ASSERT_TRUE(write_file(folder_.path() / name, cuda_library(codes)));
  }
  std::string fault(int sm, bool ptx = false) const {
    const auto libraries = cuda_libraries(folder_.path());
    return libraries ? cuda_fault(*libraries, sm, ptx) : libraries.error().message;
  }

  TemporaryDirectory folder_;
};

TEST_F(CudaLibrariesTest, ALibraryThatLiesThereTwiceCountsOnce) {
  add("libcuda_part.so", {a_cubin(90), a_cubin(90)});
  add("python3.13/site-packages/demo/libcuda_part.so", {a_cubin(90), a_cubin(90)});
  add("libother.so.1", {a_cubin(90)});
  ASSERT_TRUE(write_file(folder_.path() / "libplain.so", elf_file({{".text", "x"}})));
  ASSERT_TRUE(write_file(folder_.path() / "libcuda_part.so.debug", "no library"));
  const auto libraries = cuda_libraries(folder_.path());
  ASSERT_TRUE(libraries) << libraries.error().message;
  std::vector<std::string> files;
  for (const CudaLibrary& library : *libraries) files.push_back(library.file.string());
  EXPECT_EQ(files, (std::vector<std::string>{"libcuda_part.so", "libother.so.1",
                                             "python3.13/site-packages/demo/libcuda_part.so"}));
  EXPECT_EQ(cuda_code_text(all_cuda_code(*libraries)), "sm_90 in 3 cubins, no PTX");
  EXPECT_EQ(fault(90), "");
  EXPECT_TRUE(cuda_libraries(folder_.path() / "absent")->empty());
}

TEST_F(CudaLibrariesTest, ModulesCountWhereAllCouldBeLinkedForSomethingElse) {
  const auto add_linked = [&](const std::vector<FatCode>& ready,
                              const std::vector<std::vector<FatCode>>& modules) {
    std::string all;
    for (const std::vector<FatCode>& module : modules) all += fat_binary(module);
    ASSERT_TRUE(write_file(folder_.path() / "a.so",
                           elf_file({{".nv_fatbin", fat_binary(ready)}, {"__nv_relfatbin", all}})));
  };
  const std::vector<FatCode> device_runtime{a_cubin(80), a_cubin(90), a_cubin(120), some_ptx(120)};
  add_linked({a_cubin(90)}, {{a_cubin(90)}, device_runtime});
  EXPECT_EQ(fault(90), "");
  add_linked({a_cubin(90)}, {{a_cubin(80), a_cubin(90)}, device_runtime});
  EXPECT_EQ(fault(90),
            "a.so holds modules with sm_80 in 2 cubins, sm_90 in 2 cubins, sm_120 in 1 cubin, "
            "PTX 9.0 for compute_120; the variant names sm_90 and no PTX");
  add_linked({a_cubin(90)}, {{a_cubin(90), some_ptx(90)}, device_runtime});
  EXPECT_NE(fault(90), "") << "the driver compiles PTX and links it";
  EXPECT_EQ(fault(90, true), "");
  add_linked({a_cubin(80)}, {{a_cubin(90)}});
  EXPECT_EQ(fault(90), "a.so holds sm_80 in 1 cubin, no PTX; the variant names sm_90 and no PTX");
  add_linked({}, {{a_cubin(90)}, {a_cubin(90)}});
  EXPECT_EQ(fault(90), "");
  add_linked({}, {{a_cubin(90)}, {a_cubin(80)}});
  EXPECT_EQ(
      fault(90),
      "a.so holds modules with sm_80 in 1 cubin, sm_90 in 1 cubin, no PTX; the variant names sm_90 and no "
      "PTX");
}

TEST_F(CudaLibrariesTest, CodeThatTheVariantDoesNotNameIsAFault) {
  EXPECT_EQ(fault(90), "no library holds CUDA code; the variant names sm_90 and no PTX");
  add("a.so", {a_cubin(90), a_cubin(90, kWithA)});
  EXPECT_EQ(fault(90), "") << "sm_90a runs on sm_90, and nowhere else";
  EXPECT_EQ(fault(80),
            "a.so holds sm_90 in 1 cubin, sm_90a in 1 cubin, no PTX; the variant names sm_80 and no PTX");
  add("b.so", {a_cubin(80), a_cubin(90)});
  EXPECT_EQ(fault(90),
            "b.so holds sm_80 in 1 cubin, sm_90 in 1 cubin, no PTX; the variant names sm_90 and no PTX");
  add("b.so", {a_cubin(90), some_ptx(90)});
  EXPECT_EQ(fault(90),
            "b.so holds sm_90 in 1 cubin, PTX 9.0 for compute_90; the variant names sm_90 and no PTX");
  EXPECT_EQ(fault(90, true), "");
  add("b.so", {a_cubin(90), some_ptx(80)});
  EXPECT_EQ(
      fault(90, true),
      "b.so holds sm_90 in 1 cubin, PTX 9.0 for compute_80; the variant names sm_90 and PTX for compute_90");
  add("b.so", {some_ptx(90)});
  EXPECT_EQ(fault(90, true),
            "b.so holds no SASS, PTX 9.0 for compute_90; the variant names sm_90 and PTX for compute_90");
}

}  // namespace
}  // namespace ortforge
