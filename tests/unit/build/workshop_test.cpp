#include "ortforge/build/workshop.hpp"

#include <algorithm>
#include <optional>

#include "support/matrix_fixture.hpp"
#include "support/small_matrix.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"

namespace ortforge {
namespace {

// Two branches that call different contents by the same name and version.
class WorkshopTest : public testing::Test {
 protected:
  void SetUp() override {
    Source& source = demo_branch(matrix_).sources.at("demo");
    source.version = "1.17.0";
    source.digest_kind = Source::DigestKind::file;
    source.digest = sha256("archive");
    Product& product = matrix_.products.at("demo");
    Branch other = product.branches.at("1");
    other.name = "2";
    other.sources.at("demo").digest_kind = Source::DigestKind::nar;
    other.sources.at("demo").digest = sha256("tree");
    product.branches["2"] = other;
    product.branch_order = {"1", "2"};
    options_.home = home_.path();
    options_.templates = std::filesystem::path(TEST_SOURCE_DIR) / "templates";
  }

  std::vector<Variant> variants() const {
    const Product& product = matrix_.products.at("demo");
    std::vector<Variant> all;
    for (const char* branch : {"1", "2"})
      all.push_back(variants_of(matrix_, product, product.branches.at(branch)).at(0));
    return all;
  }

  // Plans with a folder in place of the source; its first step reads that.
  void plan_with_folder() {
    ASSERT_TRUE(write_file(folder_.path() / "CMakeLists.txt", "one"));
    options_.overrides["demo"] = folder_.path();
    workshop_.emplace(matrix_, options_);
    auto requests = workshop_->requests(variants());
    ASSERT_TRUE(requests) << requests.error().message;
    requests_ = *std::move(requests);
    const auto plan = workshop_->plan(requests_);
    ASSERT_TRUE(plan) << plan.error().message;
    prepare_ = plan->steps.front();
    ASSERT_EQ(prepare_.recipe.name, "prepare");
  }

  TemporaryDirectory home_;
  TemporaryDirectory folder_;
  Matrix matrix_ = small_matrix();
  WorkshopOptions options_;
  std::optional<Workshop> workshop_;
  std::vector<PlanRequest> requests_;
  Step prepare_;
};

TEST_F(WorkshopTest, EachPinHasItsOwnDigestWhateverTheVersionSays) {
  Workshop workshop(matrix_, options_);
  const auto requests = workshop.requests(variants());
  ASSERT_TRUE(requests) << requests.error().message;
  const auto plan = workshop.plan(*requests);
  ASSERT_TRUE(plan) << plan.error().message;
  std::vector<std::string> digests;
  for (const Step& step : plan->steps) {
    if (step.recipe.name == "prepare") digests.push_back(step.parts.at("source/demo"));
  }
  EXPECT_EQ(digests, (std::vector<std::string>{sha256("archive").hex(), sha256("tree").hex()}));
  EXPECT_EQ(workshop.sources(*requests).size(), 2U);
}

TEST_F(WorkshopTest, NoticesAFolderThatChangedAfterThePlan) {
  ASSERT_NO_FATAL_FAILURE(plan_with_folder());
  EXPECT_EQ(workshop_->changed_source(prepare_).value(), "");
  ASSERT_TRUE(write_file(folder_.path() / "CMakeLists.txt", "two"));
  EXPECT_EQ(workshop_->changed_source(prepare_).value(), "demo");
}

TEST_F(WorkshopTest, FetchesForOneStepWhateverTheStoreHolds) {
  ASSERT_NO_FATAL_FAILURE(plan_with_folder());
  const auto fetched = workshop_->fetch_for(prepare_, requests_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(workshop_->trees().at(prepare_.parts.at("source/demo")), folder_.path());
}

TEST_F(WorkshopTest, AnInstalledToolkitNeedsNoWheels) {
  const TemporaryDirectory folder;
  ASSERT_TRUE(write_file(folder.path() / "bin/nvcc", "#!/bin/sh\necho release 13.0, V13.0.88\n", true));
  options_.toolkit = find_installed_toolkit({folder.path()}, nullptr).value();
  options_.offline = true;
  Workshop workshop(shipped_matrix(), options_);
  const Product& product = shipped_matrix().products.at("simdkernels");
  auto all = variants_of(shipped_matrix(), product, product.branches.at("1.0"));
  std::erase_if(all, [](const Variant& variant) { return variant.name != "simdkernels-cuda13_0-sm90-avx2"; });
  const auto requests = workshop.requests(all);
  ASSERT_TRUE(requests) << requests.error().message;
  ASSERT_EQ(workshop.sources(*requests).size(), 1U) << "simdkernels, no wheel";
  EXPECT_EQ(workshop.installed_toolkit(*requests)->version, "13.0.88");
  EXPECT_FALSE(workshop.installed_toolkit({}));
  const auto plan = workshop.plan(*requests);
  ASSERT_TRUE(plan) << plan.error().message;
  const auto provider = std::find_if(plan->steps.begin(), plan->steps.end(),
                                     [](const Step& step) { return step.recipe.name == "provider"; });
  ASSERT_NE(provider, plan->steps.end());
  const auto digest = installed_digest(*options_.toolkit, workshop.source_context());
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_EQ(provider->parts.at("toolkit"), digest->hex());
  EXPECT_TRUE(provider->toolkit.empty()) << "names of wheels";
  const auto fetched = workshop.fetch(*plan, *requests, Store(home_.path()));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_TRUE(std::filesystem::exists(workshop.trees().at(digest->hex()) / "bin/nvcc"));
  EXPECT_EQ(workshop.changed_source(*provider).value(), "");
  ASSERT_TRUE(write_file(folder.path() / "bin/ptxas", "new", true));
  EXPECT_EQ(workshop.changed_source(*provider).value(), "toolkit");
}

TEST_F(WorkshopTest, RequestsWhatVariantsAreBuiltOnOnceAndLast) {
  Product base = matrix_.products.at("demo");
  base.name = base.short_prefix = "base";
  matrix_.products["base"] = base;
  for (const char* branch : {"1", "2"}) {
    Branch& user = matrix_.products.at("demo").branches.at(branch);
    user.required = {{"base", "1"}};
    user.components[1].needs.emplace_back("base.core");
  }
  Workshop workshop(matrix_, options_);
  const auto requests = workshop.requests(variants());
  ASSERT_TRUE(requests) << requests.error().message;
  ASSERT_EQ(requests->size(), 3U);
  EXPECT_TRUE((*requests)[1].wanted);
  EXPECT_EQ((*requests)[1].required.at("base").name, "base-cpu-avx2");
  EXPECT_FALSE((*requests)[2].wanted);
  EXPECT_EQ((*requests)[2].variant.name, "base-cpu-avx2");
  const auto plan = workshop.plan(*requests);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->results.size(), 2U);
  EXPECT_EQ(plan->required.size(), 1U);
  const auto& core = plan->steps.at(plan->results[0].step);
  EXPECT_EQ(plan->steps.at(core.needs.at(1)).product, "base");
  auto all = variants();
  const Product& second = matrix_.products.at("base");
  all.push_back(variants_of(matrix_, second, second.branches.at("1")).at(0));
  const auto asked_for = workshop.requests(all);
  ASSERT_TRUE(asked_for) << asked_for.error().message;
  EXPECT_EQ(asked_for->size(), 3U);
  EXPECT_TRUE(asked_for->back().wanted);
}

TEST_F(WorkshopTest, PlansNothingAfterCtrlC) {
  Interrupt interrupt;
  interrupt.request();
  options_.interrupt = &interrupt;
  Workshop workshop(matrix_, options_);
  const auto requests = workshop.requests(variants());
  ASSERT_TRUE(requests) << requests.error().message;
  const auto plan = workshop.plan(*requests);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(workshop.realize_environments(*requests).error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace ortforge
