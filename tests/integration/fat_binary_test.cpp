// Fat binaries as nvcc of CUDA 13.0 writes them, read by ortforge and by NVIDIA's cuobjdump (both from
// wheels, 106 MB, kept in the user's home), and a build whose code is for another GPU than its name says.
#include <map>

#include "support/call.hpp"
#include "support/matrix_fixture.hpp"
#include "support/needs.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include "support/user_home.hpp"
#include <gtest/gtest.h>

#include "ortforge/audit/cuda_code.hpp"
#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/source/source.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, std::size_t>;  // "sm_90a", "PTX 9.0 for compute_90", "lto_80" -> pieces

constexpr const char* kOne = R"(
__global__ void twice(float* x) { x[threadIdx.x] *= 2.0f; }
__global__ void third(float* x) { x[threadIdx.x] /= 3.0f; }
extern "C" void one(float* x) { twice<<<1, 32>>>(x); third<<<1, 32>>>(x); }
)";
constexpr const char* kTwo = R"(
__global__ void add(int* x) { x[threadIdx.x] += 4; }
extern "C" void two(int* x) { add<<<1, 32>>>(x); }
)";

// The wheel with cuobjdump. There is none of CUDA 13.0; later ones read what it writes.
Source cuobjdump_wheel() {
  const Json json = read_json(fs::path(TEST_SOURCE_DIR) / "tests" / "data" / "cuobjdump.json").value();
  Source wheel;
  wheel.name = json.at("name");
  wheel.version = json.at("version");
  wheel.license = json.at("license");
  wheel.digest = parse_digest(json.at("sha256").get<std::string>()).value();
  SourceOrigin origin;
  origin.kind = SourceOrigin::Kind::wheel;
  origin.package = wheel.name;
  origin.version = wheel.version;
  origin.file = json.at("file");
  wheel.origins.push_back(origin);
  return wheel;
}

void count(Counts& counts, const CudaTargets& targets) {
  for (const CudaTarget& target : targets.sass) counts[target.name] += target.count;
  for (const CudaTarget& target : targets.ptx)
    counts[fmt::format("PTX {} for {}", target.version, target.name)] += target.count;
  for (const CudaTarget& target : targets.other) counts[target.name] += target.count;
}

Counts counts_of(const CudaCode& code) {
  Counts counts;
  count(counts, code.ready);
  count(counts, all_modules(code));
  return counts;
}

// What `cuobjdump -all` lists, in ortforge's names. For each piece it prints "Fatbin ptx code:", then
// "arch = sm_90a" and "code version = [9,0]", in which PTX has the version of the language.
Counts listed_by_cuobjdump(const std::string& output) {
  Counts counts;
  std::string kind;
  std::string target;
  for (const std::string& line : split(output, '\n')) {
    if (line.starts_with("Fatbin ")) kind = line.substr(7, line.find(' ', 7) - 7);
    if (line.starts_with("arch = sm_")) target = line.substr(10);
    if (!line.starts_with("code version = [")) continue;
    std::string version = line.substr(16, line.find(']') - 16);
    version.replace(version.find(','), 1, ".");
    if (kind == "elf") ++counts["sm_" + target];
    if (kind == "ptx") ++counts[fmt::format("PTX {} for compute_{}", version, target)];
    if (kind == "nvvm") ++counts["lto_" + target];
  }
  return counts;
}

std::size_t lines_with(const std::string& output, std::string_view start) {
  std::size_t count = 0;
  for (const std::string& line : split(output, '\n')) count += line.starts_with(start) ? 1 : 0;
  return count;
}

std::size_t pieces(const Counts& counts, std::string_view start) {
  std::size_t all = 0;
  for (const auto& [name, count] : counts) all += name.starts_with(start) ? count : 0;
  return all;
}

class BuildFatBinary : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_NEEDS(has_program("g++"), "no g++");
    const Branch& branch = shipped_matrix().products.at("simdkernels").branches.at("1.0");
    SourceContext context;
    context.home = user_home();
    context.matrix_directory = shipped_matrix().directory;
    context.variables = own_environment();
    const auto toolkit = assemble_toolkit(branch.lines.at("cuda13_0").toolkit_sources, context);
    ORTFORGE_NEEDS(toolkit.has_value(), toolkit.error().message);
    const auto tool = assemble_toolkit({cuobjdump_wheel()}, context);
    ORTFORGE_NEEDS(tool.has_value(), tool.error().message);
    nvcc_ = toolkit->path / "bin" / "nvcc";
    cuobjdump_ = tool->path / "bin" / "cuobjdump";
    ASSERT_TRUE(write_file(directory_.path() / "one.cu", kOne));
    ASSERT_TRUE(write_file(directory_.path() / "two.cu", kTwo));
  }

  std::string output_of(const std::vector<std::string>& argv) const {
    const auto done = run_captured({argv, own_environment(), directory_.path()}, Milliseconds{300000});
    EXPECT_TRUE(done && done->outcome.success()) << (done ? done->output : done.error().message);
    return done ? done->output : std::string();
  }

  // Compiles a library; it must hold what `expected` says, and what cuobjdump finds in it.
  void expect_code(const std::string& name, const std::vector<std::string>& options,
                   const std::string& expected) {
    SCOPED_TRACE(name);
    const fs::path library = directory_.path() / ("lib" + name + ".so");
    std::vector<std::string> argv{nvcc_.string(),  "-shared", "-Xcompiler",    "-fPIC",
                                  "--cudart=none", "-o",      library.string()};
    argv.insert(argv.end(), options.begin(), options.end());
    output_of(argv);
    const auto code = read_cuda_code(library);
    ASSERT_TRUE(code) << code.error().message;
    EXPECT_EQ(cuda_code_text(*code), expected);
    const std::string listing = output_of({cuobjdump_.string(), "-all", library.string()});
    EXPECT_EQ(counts_of(*code), listed_by_cuobjdump(listing)) << listing;
    const std::string files = output_of({cuobjdump_.string(), "-all", "-lelf", "-lptx", library.string()});
    EXPECT_EQ(pieces(counts_of(*code), "sm_"), lines_with(files, "ELF file ")) << files;
    EXPECT_EQ(pieces(counts_of(*code), "PTX "), lines_with(files, "PTX file ")) << files;
  }

  TemporaryDirectory directory_;
  fs::path nvcc_;
  fs::path cuobjdump_;
};

TEST_F(BuildFatBinary, IsReadAsCuobjdumpReadsIt) {
  expect_code("real",
              {"one.cu", "two.cu", "-gencode", "arch=compute_75,code=sm_75", "-gencode",
               "arch=compute_90,code=sm_90"},
              "sm_75 in 2 cubins, sm_90 in 2 cubins, no PTX");
  expect_code("targets",
              {"two.cu", "-gencode", "arch=compute_90a,code=[sm_90a,compute_90a]", "-gencode",
               "arch=compute_100f,code=sm_100f", "-gencode", "arch=compute_120,code=sm_120", "-gencode",
               "arch=compute_120f,code=compute_120f"},
              "sm_90a in 1 cubin, sm_100f in 1 cubin, sm_120 in 1 cubin, PTX 9.0 for compute_90a, "
              "PTX 9.0 for compute_120f");
  const std::string with_ptx = "sm_80 in 1 cubin, PTX 9.0 for compute_80";
  const std::vector<std::string> for_sm80{"two.cu", "-gencode", "arch=compute_80,code=[sm_80,compute_80]"};
  const auto and_with = [&](const std::vector<std::string>& options) {
    std::vector<std::string> all = for_sm80;
    all.insert(all.end(), options.begin(), options.end());
    return all;
  };
  expect_code("default", for_sm80, with_ptx);
  expect_code("compressed", and_with({"-Xfatbin", "-compress-all"}), with_ptx);
  expect_code("lz4", and_with({"--compress-mode", "speed"}), with_ptx);
  expect_code("plain", and_with({"--no-compress"}), with_ptx);
  expect_code("debug", and_with({"-G"}), with_ptx);
  expect_code("link", {"one.cu", "two.cu", "-rdc=true", "-gencode", "arch=compute_80,code=[sm_80,lto_80]"},
              "not linked: sm_80 in 2 cubins, no PTX, lto_80");
  const std::vector<std::string> sm80{"-gencode", "arch=compute_80,code=sm_80", "-Xcompiler", "-fPIC"};
  const auto nvcc = [&](std::vector<std::string> argv) {
    argv.insert(argv.begin(), nvcc_.string());
    argv.insert(argv.end(), sm80.begin(), sm80.end());
    output_of(argv);
  };
  nvcc({"-rdc=true", "-c", "one.cu", "two.cu"});
  nvcc({"-dlink", "one.o", "two.o", "-o", "both.o"});
  expect_code("linked", {"one.o", "two.o", "both.o"}, "sm_80 in 1 cubin, no PTX, linked from 2 modules");
}

// A project that sets the architectures itself, whatever the recipe says.
TEST_F(BuildFatBinary, AResultForAnotherGpuFailsItsStep) {
  const fs::path home = directory_.path() / "home";
  ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home)));
  fs::create_directories(home);
  for (const char* folder : {"sources", "toolkits"}) {
    fs::create_directories(user_home() / folder);
    fs::create_directory_symlink(user_home() / folder, home / folder);
  }
  const fs::path sources = directory_.path() / "sources";
  ASSERT_TRUE(copy_tree(fs::path(TEST_SOURCE_DIR) / "examples" / "simdkernels", sources));
  const fs::path list = sources / "cmake" / "cuda.cmake";
  ASSERT_TRUE(write_file(list, "set(CMAKE_CUDA_ARCHITECTURES 80-real)\n" + read_file(list).value()));
  const fs::path here = directory_.path() / "here";
  fs::create_directories(here);
  const CallResult built = call({home, here, {}, nullptr}, {"build", "simdkernels/sm90-avx2", "--json",
                                                            "--source", "simdkernels=" + sources.string()});
  EXPECT_EQ(built.code, 1) << built.err;
  const Json variant = Json::parse(built.out).at("variants").at(0);
  EXPECT_EQ(variant.at("status"), "failed");
  const std::string reason = variant.at("reason");
  EXPECT_TRUE(reason.starts_with("libsimdkernels_cuda.so holds sm_80 in ")) << reason;
  EXPECT_TRUE(reason.ends_with(" cubins, no PTX; the variant names sm_90 and no PTX")) << reason;
  EXPECT_NE(built.err.find(reason), std::string::npos) << built.err;
  EXPECT_TRUE(fs::is_empty(here)) << "no link to it";
}

}  // namespace
}  // namespace ortforge
