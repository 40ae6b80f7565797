// Toolkits in folders of a machine: made up, with the layouts of NVIDIA's installers and of wheels.
#include "ortforge/source/installed_toolkit.hpp"

#include <limits>

#include "support/temporary_directory.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/source/fetch_report.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class InstalledToolkitTest : public testing::Test {
 protected:
  void SetUp() override {
    context_.home = directory_.path() / "home";
    make_cuda(cuda_, "13.0.88");
    ASSERT_TRUE(write_file(cudnn_ / "include/cudnn.h", "cudnn"));
    ASSERT_TRUE(write_file(cudnn_ / "include/__init__.py", ""));
    ASSERT_TRUE(write_file(cudnn_ / "lib/libcudnn.so.9", "dnn"));
  }

  // As an installer lays it out: headers and libraries by way of links.
  static void make_cuda(const fs::path& folder, const std::string& version) {
    const std::string said = "Cuda compilation tools, release 13.0, V" + version;
    ASSERT_TRUE(write_file(folder / "bin/nvcc", "#!/bin/sh\necho '" + said + "'\n", true));
    ASSERT_TRUE(write_file(folder / "bin/nvcc.profile", "TOP = $(_HERE_)/.."));
    ASSERT_TRUE(write_file(folder / "nvvm/bin/cicc", "cicc", true));
    ASSERT_TRUE(write_file(folder / "nvvm/lib64/libnvvm.so", "nvvm"));
    ASSERT_TRUE(write_file(folder / "nvvm/libdevice/libdevice.10.bc", "bc"));
    const fs::path target = folder / "targets/x86_64-linux";
    ASSERT_TRUE(write_file(target / "include/cuda.h", "cuda"));
    ASSERT_TRUE(write_file(target / "include/crt/host_config.h", "crt"));
    ASSERT_TRUE(write_file(target / "lib/libcudart.so.13.0.96", "rt"));
    fs::create_symlink("libcudart.so.13.0.96", target / "lib/libcudart.so.13");
    fs::create_symlink("libcudart.so.13", target / "lib/libcudart.so");
    fs::create_symlink("targets/x86_64-linux/include", folder / "include");
    fs::create_symlink("targets/x86_64-linux/lib", folder / "lib64");
  }

  static InstalledToolkit found(const std::vector<fs::path>& folders) {
    auto toolkit = find_installed_toolkit(folders, nullptr);
    EXPECT_TRUE(toolkit) << toolkit.error().message;
    return toolkit ? *std::move(toolkit) : InstalledToolkit{};
  }

  Digest digest(const std::vector<fs::path>& folders) const {
    return installed_digest(found(folders), context_).value();
  }

  fs::path prefix(const std::vector<fs::path>& folders) const {
    const auto made = link_toolkit(found(folders), context_);
    EXPECT_TRUE(made) << made.error().message;
    return made ? made->path : fs::path();
  }

  static Error error_of(const std::vector<fs::path>& folders) {
    const auto toolkit = find_installed_toolkit(folders, nullptr);
    EXPECT_FALSE(toolkit);
    return toolkit ? Error{} : toolkit.error();
  }

  TemporaryDirectory directory_;
  fs::path cuda_ = fs::canonical(directory_.path()) / "cuda-13.0";
  fs::path cudnn_ = fs::canonical(directory_.path()) / "site-packages/nvidia/cudnn";
  SourceContext context_;
};

TEST_F(InstalledToolkitTest, SaysTheVersionOfItsCompiler) {
  const InstalledToolkit toolkit = found({cudnn_, cuda_});
  EXPECT_EQ(toolkit.version, "13.0.88");
  EXPECT_EQ(toolkit.release(), "13.0");
  EXPECT_EQ(toolkit.compiler, cuda_);
  EXPECT_EQ(toolkit.places(), cudnn_.string() + ":" + cuda_.string());
  ASSERT_TRUE(write_file(cuda_ / "version.json", R"({"cuda_nvcc": {"version": "12.9.41"}})"));
  EXPECT_EQ(found({cuda_}).version, "12.9.41") << "nvcc is not asked";
  ASSERT_TRUE(write_file(cuda_ / "version.json", R"({"cuda": {"version": "12.9.1"}})"));
  EXPECT_EQ(found({cuda_}).version, "13.0.88");
}

TEST_F(InstalledToolkitTest, IsRefusedWithTheReason) {
  const fs::path absent = directory_.path() / "absent";
  EXPECT_EQ(error_of({cuda_, absent}).message, "toolkit " + absent.string() + ": no such folder");
  const fs::path empty = directory_.path() / "empty";
  ASSERT_TRUE(make_directories(empty / "doc"));
  EXPECT_EQ(error_of({empty}).message,
            "toolkit " + empty.string() + ": it holds none of bin, include, lib, lib64 and nvvm");
  EXPECT_EQ(error_of({"/usr"}).message,
            "toolkit /usr: it holds more than a toolkit; name a folder of its own");
  for (const fs::path& folder : {absent, empty, fs::path("/usr")})
    EXPECT_EQ(error_of({folder}).kind, ErrorKind::bad_input);

  EXPECT_EQ(error_of({cudnn_}).message, "toolkit " + cudnn_.string() + ": no bin/nvcc there");
  EXPECT_EQ(error_of({cudnn_}).kind, ErrorKind::missing);
  ASSERT_TRUE(write_file(cuda_ / "bin/nvcc", "#!/bin/sh\nexit 3\n", true));
  EXPECT_EQ(error_of({cuda_}).message, "toolkit " + cuda_.string() + ": " + cuda_.string() +
                                           "/bin/nvcc --version names no release (exit code 3)");
  EXPECT_EQ(error_of({cuda_}).kind, ErrorKind::missing);
}

TEST_F(InstalledToolkitTest, BecomesAPrefixOfLinks) {
  const fs::path prefix = this->prefix({cuda_, cudnn_});
  EXPECT_EQ(prefix.filename(), "prefix");
  EXPECT_TRUE(prefix.parent_path().string().ends_with("-installed")) << prefix;
  for (const auto& [file, content] :
       std::map<std::string, std::string>{{"bin/nvcc.profile", "TOP = $(_HERE_)/.."},
                                          {"nvvm/bin/cicc", "cicc"},
                                          {"nvvm/lib64/libnvvm.so", "nvvm"},
                                          {"include/cuda.h", "cuda"},
                                          {"include/crt/host_config.h", "crt"},
                                          {"include/cudnn.h", "cudnn"},
                                          {"lib/libcudart.so", "rt"},
                                          {"lib64/libcudnn.so", "dnn"}}) {
    EXPECT_EQ(read_file(prefix / file).value(), content) << file;
  }
  for (const char* folder : {"bin", "nvvm", "include", "lib"})
    EXPECT_FALSE(fs::is_symlink(prefix / folder)) << folder << ": nvcc looks for its parts in bin/..";
  EXPECT_EQ(fs::read_symlink(prefix / "bin/nvcc"), "../../toolkit-folders/0/bin/nvcc");
  EXPECT_EQ(fs::read_symlink(prefix / "include/cuda.h"),
            "../../toolkit-folders/0/targets/x86_64-linux/include/cuda.h");
  EXPECT_EQ(fs::read_symlink(prefix / "lib/libcudnn.so"), "libcudnn.so.9");
  EXPECT_EQ(fs::read_symlink(prefix / "lib64"), "lib");
  EXPECT_FALSE(fs::exists(prefix / "include/__init__.py"));
  EXPECT_THAT(linked_folders(prefix), ElementsAre(cuda_, cudnn_));
}

TEST_F(InstalledToolkitTest, ShowsPartsThatLinksTookElsewhereToo) {
  const fs::path headers = fs::canonical(directory_.path()) / "headers";
  fs::rename(cudnn_ / "include", headers);
  fs::create_symlink(headers, cudnn_ / "include");
  const fs::path prefix = this->prefix({cuda_, cudnn_});
  EXPECT_EQ(read_file(prefix / "include/cudnn.h").value(), "cudnn");
  EXPECT_EQ(fs::read_symlink(prefix / "include/cudnn.h"), "../../toolkit-folders/2/cudnn.h");
  EXPECT_THAT(linked_folders(prefix), ElementsAre(cuda_, cudnn_, headers));
}

// As wheels lie in site-packages: libraries in lib, libnvvm among them, no plain names.
TEST_F(InstalledToolkitTest, CompletesFoldersOfWheels) {
  ASSERT_TRUE(remove_tree(cuda_ / "nvvm/lib64"));
  ASSERT_TRUE(write_file(cuda_ / "lib/libnvvm.so.4", "nvvm 4"));
  const fs::path prefix = this->prefix({cuda_});
  EXPECT_EQ(read_file(prefix / "nvvm/lib64/libnvvm.so").value(), "nvvm 4");
  EXPECT_EQ(read_file(prefix / "lib/libcudart.so").value(), "rt") << "lib64 counts too";
  EXPECT_FALSE(fs::exists(cuda_ / "nvvm/lib64")) << "nothing is written into the folders";
  EXPECT_FALSE(fs::exists(cuda_ / "lib/libnvvm.so"));
}

TEST_F(InstalledToolkitTest, TakesTheFirstFolderThatHasIt) {
  ASSERT_TRUE(write_file(cudnn_ / "include/cuda.h", "other"));
  ASSERT_TRUE(write_file(cudnn_ / "bin/ptxas", "other"));
  EXPECT_EQ(read_file(prefix({cuda_, cudnn_}) / "include/cuda.h").value(), "cuda");
  EXPECT_EQ(read_file(prefix({cudnn_, cuda_}) / "include/cuda.h").value(), "other");
  EXPECT_FALSE(fs::exists(prefix({cudnn_, cuda_}) / "bin/ptxas")) << "programs are those beside nvcc";
  EXPECT_NE(digest({cuda_, cudnn_}), digest({cudnn_, cuda_}));
}

TEST_F(InstalledToolkitTest, IsIdentifiedByContent) {
  const Digest before = digest({cuda_, cudnn_});
  EXPECT_EQ(digest({cuda_, cudnn_}), before);
  const fs::path moved = fs::canonical(directory_.path()) / "moved";
  ASSERT_TRUE(copy_tree(cuda_, moved));
  EXPECT_EQ(digest({moved, cudnn_}), before) << "where it lies does not count";
  EXPECT_NE(prefix({moved, cudnn_}), prefix({cuda_, cudnn_})) << "but links say where";
  ASSERT_TRUE(write_file(cudnn_ / "include/__pycache__/__init__.pyc", "code"));
  ASSERT_TRUE(write_file(cuda_ / "doc/index.html", "text"));
  EXPECT_EQ(digest({cuda_, cudnn_}), before);
  Digest last = before;
  for (const char* file :
       {"bin/nvcc.profile", "nvvm/libdevice/libdevice.10.bc",
        "targets/x86_64-linux/include/crt/host_config.h", "targets/x86_64-linux/lib/libcudart.so.13.0.96"}) {
    ASSERT_TRUE(write_file(cuda_ / file, "changed"));
    const Digest now = digest({cuda_, cudnn_});
    EXPECT_NE(now, last) << file;
    last = now;
  }
}

TEST_F(InstalledToolkitTest, IsRememberedWithoutItsFile) {
  DigestMemo memo([] { return std::numeric_limits<std::int64_t>::max(); });
  context_.installed = &memo;
  const Digest before = digest({cuda_, cudnn_});
  const std::size_t readings = memo.readings();
  const fs::path file = context_.home / "toolkits" / "installed.json";
  ASSERT_TRUE(fs::exists(file));
  fs::remove(file);
  EXPECT_EQ(digest({cuda_, cudnn_}), before);
  EXPECT_EQ(memo.readings(), readings);
  EXPECT_FALSE(fs::exists(file)) << "nothing new to write";
  ASSERT_TRUE(write_file(cuda_ / "bin/nvcc.profile", "changed"));
  EXPECT_NE(digest({cuda_, cudnn_}), before);
  EXPECT_EQ(memo.readings(), readings + 1);
  EXPECT_TRUE(fs::exists(file));
}

TEST_F(InstalledToolkitTest, GetsAnotherPrefixWhenItChanges) {
  const fs::path before = prefix({cuda_, cudnn_});
  EXPECT_EQ(prefix({cuda_, cudnn_}), before);
  const Json json = read_json(before.parent_path() / "toolkit.json").value();
  EXPECT_EQ(json.at("version"), "13.0.88");
  EXPECT_EQ(json.at("folders"), Json::array({cuda_.string(), cudnn_.string()}));
  EXPECT_EQ(json.at("digest"), digest({cuda_, cudnn_}).sri());
  ASSERT_TRUE(write_file(cudnn_ / "include/cudnn_ops.h", "new"));
  const fs::path after = prefix({cuda_, cudnn_});
  EXPECT_NE(after, before);
  EXPECT_TRUE(fs::exists(after / "include/cudnn_ops.h"));
  EXPECT_FALSE(fs::exists(before / "include/cudnn_ops.h"));
}

TEST_F(InstalledToolkitTest, IsReportedAsASourceThatIsHere) {
  const auto report = report_installed(found({cuda_, cudnn_}), context_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->name, "toolkit");
  EXPECT_EQ(report->version, "13.0.88");
  EXPECT_EQ(report->origin, "installed " + cuda_.string() + ":" + cudnn_.string());
  EXPECT_EQ(report->digest, digest({cuda_, cudnn_}).sri());
  EXPECT_EQ(report->tree, prefix({cuda_, cudnn_}));
  EXPECT_TRUE(report->cached);
}

TEST_F(InstalledToolkitTest, StopsWhenAskedTo) {
  Interrupt interrupt;
  interrupt.request();
  context_.interrupt = &interrupt;
  EXPECT_EQ(link_toolkit(found({cuda_}), context_).error().kind, ErrorKind::interrupted);
}

TEST(LinkedFolders, AreNoneForAPrefixOfWheels) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory.path() / "prefix"));
  EXPECT_THAT(linked_folders(directory.path() / "prefix"), IsEmpty());
}

}  // namespace
}  // namespace ortforge
