// What is written beside a result, from a plan whose steps ran or were reused.
#include "ortforge/record/result_files.hpp"

#include <stdexcept>

#include "support/archive_maker.hpp"
#include "support/matrix_fixture.hpp"
#include "support/temporary_directory.hpp"
#include "unit/record/json_schema_check.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

class ResultFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    // An environment that is found wherever there is a shell, by way of a bwrap that nobody starts.
    matrix_.environments.at("host").programs = {"sh"};
    ASSERT_TRUE(write_file(directory_.path() / "bin/bwrap", "#!/bin/sh\n", true));
    options_.home = directory_.path() / "home";
    options_.templates = fs::path(TEST_SOURCE_DIR) / "templates";
    options_.variables["PATH"] = (directory_.path() / "bin").string() + ":/usr/bin:/bin";
  }

  Branch& branch() { return matrix_.products.at(product_).branches.at(branch_); }
  Source& source() { return branch().sources.at("simdkernels"); }

  // provenance.json of the variant's result: the package step ran, all before it was reused.
  Json provenance() {
    Workshop workshop(matrix_, options_);
    std::vector<Variant> variants = variants_of(matrix_, matrix_.products.at(product_), branch());
    std::erase_if(variants, [&](const Variant& variant) { return variant.name != variant_; });
    const auto requests = workshop.requests(variants);
    if (!requests) throw std::runtime_error(requests.error().message);
    const auto plan = workshop.plan(*requests);
    if (!plan) throw std::runtime_error(plan.error().message);
    const std::size_t result = plan->results.at(0).step;
    std::vector<StepRecord> records(plan->steps.size());
    for (StepRecord& record : records) record.status = "reused";
    records[result].status = "built";
    records[result].log = "logs/run-000001/package.log";
    records[result].artefacts = {{"lib/libsimdkernels.so", 3, sha256("abc").hex()}};
    EXPECT_TRUE(write_file(options_.home / records[result].log, "said\n"));
    ResultFiles files{&*requests, &workshop, std::nullopt, {}};
    files.run.ortforge_version = "0.1.0";
    const fs::path output = directory_.path() / "output";
    const auto added = files.add(*plan, result, records, output);
    if (!added) throw std::runtime_error(added.error().message);
    const std::string text = read_file(output / "provenance.json").value();
    EXPECT_THAT(schema_findings("provenance.schema.json", text), IsEmpty());
    return parse_json(text, "provenance.json").value().at("predicate");
  }

  // The dependency of a name; null: there is none.
  static Json dependency(const Json& predicate, const std::string& name) {
    for (const Json& each : predicate.at("buildDefinition").at("resolvedDependencies")) {
      if (each.at("name") == name) return each;
    }
    return nullptr;
  }

  TemporaryDirectory directory_;
  Matrix matrix_ = shipped_matrix();
  std::string product_ = "simdkernels";
  std::string branch_ = "1.0";
  std::string variant_ = "simdkernels-cuda13_0-sm90-avx2";
  WorkshopOptions options_;
};

TEST_F(ResultFilesTest, NamesTheOriginThatTheCacheRecorded) {
  const fs::path archive = directory_.path() / "s-1.tar.gz";
  make_archive(archive, {a_file("s-1/sub/CMakeLists.txt", "#")});
  SourceOrigin origin;
  origin.url = "file://" + archive.string();
  source().digest_kind = Source::DigestKind::file;
  source().digest = sha256_file(archive).value();
  source().subdirectory = "sub";
  source().origins = {origin};
  {
    const Workshop earlier(matrix_, options_);
    ASSERT_TRUE(fetch_source(source(), earlier.source_context()));
  }
  const Json found = dependency(provenance(), "source/simdkernels");
  EXPECT_EQ(found.at("uri"), "archive " + origin.url);
  EXPECT_EQ(found.at("digest").at("sha256"), source().digest.hex()) << "of the file, whatever part is used";
  EXPECT_EQ(found.at("annotations").at("subdirectory"), "sub");
}

TEST_F(ResultFilesTest, ListsTheToolkitAndItsWheels) {
  const fs::path own = directory_.path() / "own";
  ASSERT_TRUE(write_file(own / "nvidia/cu13/bin/cicc", "mine", true));
  options_.overrides["nvidia-nvvm"] = own;
  const Json predicate = provenance();
  const std::vector<Source>& wheels = branch().lines.at("cuda13_0").toolkit_sources;
  const Json toolkit = dependency(predicate, "toolkit");
  EXPECT_EQ(toolkit.at("annotations").at("packages").size(), wheels.size());
  const Workshop workshop(matrix_, options_);
  EXPECT_EQ(toolkit.at("digest").at("listSha256"),
            toolkit_digest(wheels, workshop.source_context()).value().hex());
  EXPECT_EQ(dependency(predicate, "toolkit/" + wheels.front().name).at("digest").at("sha256"),
            wheels.front().digest.hex());
  const Json replaced = dependency(predicate, "toolkit/nvidia-nvvm");
  EXPECT_EQ(replaced.at("digest").at("narSha256"), nar_digest(own).value().hex());
  EXPECT_EQ(replaced.at("uri"), "folder " + own.string());
  EXPECT_EQ(dependency(predicate, "source/simdkernels").at("uri"), "directory examples/simdkernels");
}

TEST_F(ResultFilesTest, ListsAnInstalledToolkitInPlaceOfWheels) {
  const fs::path cuda = fs::canonical(directory_.path()) / "cuda";
  const fs::path cudnn = fs::canonical(directory_.path()) / "cudnn";
  ASSERT_TRUE(write_file(cuda / "bin/nvcc", "#!/bin/sh\necho release 13.0, V13.0.88\n", true));
  ASSERT_TRUE(write_file(cudnn / "include/cudnn.h", ""));
  options_.toolkit = find_installed_toolkit({cuda, cudnn}, nullptr).value();
  const Json predicate = provenance();
  const Json toolkit = dependency(predicate, "toolkit");
  const Workshop workshop(matrix_, options_);
  EXPECT_EQ(toolkit.at("digest").at("listSha256"),
            installed_digest(*options_.toolkit, workshop.source_context()).value().hex());
  EXPECT_EQ(toolkit.at("annotations"),
            (Json{{"folders", cuda.string() + ":" + cudnn.string()}, {"version", "13.0.88"}}));
  EXPECT_EQ(predicate.at("buildDefinition").at("externalParameters").at("toolkit"),
            Json::array({cuda.string(), cudnn.string()}));
  EXPECT_EQ(dependency(predicate, "toolkit/nvidia-nvvm"), nullptr);
}

TEST_F(ResultFilesTest, ListsTheSourcesOfWhatItIsBuiltOn) {
  product_ = "torchvision";
  branch_ = "tv-0.21";
  variant_ = "torchvision-python313-cpu-avx2";
  options_.environment = "host";
  const Json predicate = provenance();
  const Source& own = branch().sources.at("torchvision");
  EXPECT_EQ(dependency(predicate, "source/torchvision").at("digest").at("sha256"), own.digest.hex());
  const Source& other = matrix_.products.at("pytorch").branches.at("pt-2.6").sources.at("pytorch");
  EXPECT_EQ(dependency(predicate, "pytorch/source/pytorch").at("digest").at("sha256"), other.digest.hex());
  EXPECT_EQ(dependency(predicate, "source/pytorch"), nullptr);
  const Json& options = predicate.at("buildDefinition").at("internalParameters").at("options");
  EXPECT_EQ(options.at("core/TORCHVISION_USE_PNG"), "1");
  EXPECT_EQ(options.at("core/PYTORCH_VERSION"), "2.6.0");
}

TEST_F(ResultFilesTest, HasAPythonOnlyForAWheel) {
  product_ = "onnxruntime";
  branch_ = "ort-1.21";
  variant_ = "onnxruntime-python313-cpu-avx2";
  options_.environment = "host";
  const fs::path python = directory_.path() / "output/bin/python";
  options_.outputs = {"lib"};
  provenance();
  EXPECT_FALSE(fs::exists(python));
  options_.outputs = {"lib", "wheel"};
  provenance();
  EXPECT_TRUE(fs::exists(python));
}

TEST_F(ResultFilesTest, HoldsTheOptionsAndTheLogsOfWhatRan) {
  const Json predicate = provenance();
  const Json& options = predicate.at("buildDefinition").at("internalParameters").at("options");
  EXPECT_EQ(options.at("core/CMAKE_BUILD_TYPE"), "Release");
  EXPECT_EQ(options.at("core/SIMDKERNELS_CUDA"), "OFF");
  EXPECT_EQ(options.at("provider/CMAKE_CUDA_ARCHITECTURES"), "90-real");
  const Json& logs = predicate.at("runDetails").at("byproducts");
  ASSERT_EQ(logs.size(), 1U);
  EXPECT_EQ(logs[0].at("name"), "logs/run-000001/package.log");
  EXPECT_EQ(logs[0].at("digest").at("sha256"), sha256("said\n").hex());
}

}  // namespace
}  // namespace ortforge
