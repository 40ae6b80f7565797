#include "ortforge/plan/plan.hpp"

#include <gtest/gtest.h>

namespace ortforge {
namespace {

// Two variants of one branch: their cores differ, their preparation and provider are the same.
class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    branch_.name = "b";
    branch_.sources["lib"] = Source{.name = "lib",
                                    .version = "1",
                                    .license = {},
                                    .digest_kind = Source::DigestKind::file,
                                    .digest = sha256("lib"),
                                    .subdirectory = {},
                                    .when = {},
                                    .origins = {},
                                    .note = {},
                                    .holds = {},
                                    .unpinned = {}};
    digests_.environment = [](const std::string&) { return std::optional<Digest>(sha256("environment")); };
    digests_.source = [](const Source& source) { return std::optional<Digest>(source.digest); };
    digests_.toolkit = [](const std::vector<Source>&) { return std::optional<Digest>(sha256("toolkit")); };
  }

  static RecipeStep step(const std::string& name, const std::string& kind, std::vector<std::string> needs,
                         const std::string& flag) {
    RecipeStep result;
    result.name = name;
    result.kind = kind;
    result.scope = name + "-" + flag;
    result.environment = "host";
    result.output = "out/" + name;
    result.needs = std::move(needs);
    result.files["toolchain.cmake"] = flag;
    result.commands = {Command{{"cmake", flag}, {}, {}}};
    return result;
  }

  PlanRequest request(const std::string& isa) const {
    PlanRequest result;
    result.product = &product_;
    result.branch = &branch_;
    result.line = &line_;
    result.variant.name = "v-" + isa;
    result.recipe.environment = "host";
    result.recipe.steps = {step("prepare", "prepare", {}, "all"), step("core", "build", {"prepare"}, isa),
                           step("provider", "build", {"prepare"}, "sm90"),
                           step("package", "package", {"core", "provider"}, isa),
                           step("test", "test", {"package"}, isa)};
    result.recipe.steps[0].sources = {"lib"};
    return result;
  }

  Product product_;
  Branch branch_;
  Line line_;
  PlanDigests digests_;
};

TEST_F(PlanTest, SharesStepsWithEqualInputs) {
  const auto plan = make_plan({request("avx2"), request("avx512")}, digests_);
  ASSERT_TRUE(plan) << plan.error().message;
  std::vector<std::string> scopes;
  for (const Step& each : plan->steps) scopes.push_back(each.recipe.scope);
  EXPECT_EQ(scopes, (std::vector<std::string>{"prepare-all", "core-avx2", "provider-sm90", "package-avx2",
                                              "test-avx2", "core-avx512", "package-avx512", "test-avx512"}));
  EXPECT_EQ(plan->steps[2].variants, (std::vector<std::string>{"v-avx2", "v-avx512"}));
  EXPECT_EQ(plan->results[1], (PlannedResult{"v-avx512", 6, 7}));
  EXPECT_EQ(plan->steps[6].needs, (std::vector<std::size_t>{5, 2}));
}

// The request of another product, which `user` is built on.
PlanRequest base_of(PlanRequest& user) {
  PlanRequest base = user;
  base.wanted = false;
  base.variant.product = "base";
  base.variant.branch = "b";
  base.variant.name = "base-" + user.variant.name;
  for (RecipeStep& each : base.recipe.steps) each.scope = "base-" + each.scope;
  base.recipe.steps[1].files["base"] = "yes";  // or it would be the same step
  user.required["base"] = base.variant;
  user.recipe.steps[1].needs.emplace_back("base.package");
  return base;
}

TEST_F(PlanTest, StepsOfAnotherProductStandOnceBeforeThoseThatNeedThem) {
  PlanRequest one = request("avx2");
  PlanRequest other = request("avx2");
  const PlanRequest base = base_of(one);
  base_of(other);
  other.variant.name = "w-avx2";
  other.recipe.steps[1].files["other"] = "yes";
  const auto plan = make_plan({one, other, base}, digests_);
  ASSERT_TRUE(plan) << plan.error().message;
  std::vector<std::string> scopes;
  for (const Step& each : plan->steps) scopes.push_back(each.recipe.scope);
  EXPECT_EQ(scopes, (std::vector<std::string>{"base-prepare-all", "base-core-avx2", "base-provider-sm90",
                                              "base-package-avx2", "core-avx2", "package-avx2", "test-avx2",
                                              "core-avx2", "package-avx2", "test-avx2"}))
      << "prepare and provider have equal inputs; what is only needed is not tested";
  EXPECT_EQ(plan->steps[4].needs, (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(plan->steps[4].parts.at("needs/base.package"), plan->steps[3].key);
  EXPECT_EQ(plan->steps[3].variants, std::vector<std::string>{"base-v-avx2"});
  EXPECT_EQ(plan->results, (std::vector<PlannedResult>{{"v-avx2", 5, 6}, {"w-avx2", 8, 9}}));
  EXPECT_EQ(plan->required, (std::vector<PlannedResult>{{"base-v-avx2", 3, std::nullopt}}));
  EXPECT_EQ(steps_of(*plan, plan->results[0]), (std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6}));

  PlanRequest asked_for = base;
  asked_for.wanted = true;
  const auto both = make_plan({one, asked_for}, digests_);
  ASSERT_TRUE(both) << both.error().message;
  ASSERT_EQ(both->results.size(), 2U);
  EXPECT_EQ(both->results[0].variant, "v-avx2") << "results stand as they were asked for";
  EXPECT_EQ(both->results[1].variant, "base-v-avx2");
  EXPECT_TRUE(both->results[1].test) << "who asks for it gets it tested";
  EXPECT_TRUE(both->required.empty());

  const auto alone = make_plan({one}, digests_);
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().message, "v-avx2: is built on base-v-avx2, which is not in the plan");
}

TEST_F(PlanTest, EqualInputsGiveEqualPlans) {
  EXPECT_EQ(make_plan({request("avx2")}, digests_).value(), make_plan({request("avx2")}, digests_).value());
}

TEST_F(PlanTest, KeysFollowEveryInput) {
  const std::string before = make_plan({request("avx2")}, digests_)->steps[1].key;
  ASSERT_EQ(before.size(), 64U);
  PlanRequest changed = request("avx2");
  changed.recipe.steps[1].files["toolchain.cmake"] += " ";
  EXPECT_NE(make_plan({changed}, digests_)->steps[1].key, before) << "a recipe file";
  changed = request("avx2");
  changed.recipe.steps[1].commands[0].environment["A"] = "1";
  EXPECT_NE(make_plan({changed}, digests_)->steps[1].key, before) << "a command's environment";
  changed = request("avx2");
  changed.recipe.steps[0].files["x"] = "";
  EXPECT_NE(make_plan({changed}, digests_)->steps[1].key, before) << "the key of a needed step";
  PlanDigests other = digests_;
  other.environment = [](const std::string&) { return std::optional<Digest>(sha256("another")); };
  EXPECT_NE(make_plan({request("avx2")}, other)->steps[1].key, before) << "the environment";
  other = digests_;
  other.source = [](const Source&) { return std::optional<Digest>(sha256("override")); };
  EXPECT_NE(make_plan({request("avx2")}, other)->steps[1].key, before) << "a source of a needed step";
}

TEST_F(PlanTest, AnUnknownDigestLeavesKeysOpenAndStepsShared) {
  PlanDigests open = digests_;
  open.environment = [](const std::string&) { return std::optional<Digest>(); };
  const auto plan = make_plan({request("avx2"), request("avx512")}, open);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->steps.size(), 8U);
  EXPECT_EQ(plan->steps[7].key, "");
  EXPECT_EQ(plan->steps[7].unknown, "the environment host is not made yet");
}

TEST_F(PlanTest, ContentKeysFollowOutputsNotKeys) {
  PlanRequest changed = request("avx2");
  changed.recipe.steps[0].files["comment"] = "changed";
  const Step before = make_plan({request("avx2")}, digests_)->steps[1];
  const Step after = make_plan({changed}, digests_)->steps[1];
  EXPECT_NE(before.key, after.key);
  const std::vector<Digest> same{sha256("output")};
  EXPECT_EQ(content_key_of(before, same, {"prepare"}), content_key_of(after, same, {"prepare"}));
  EXPECT_NE(content_key_of(before, same, {"prepare"}),
            content_key_of(before, {sha256("other")}, {"prepare"}));
}

TEST_F(PlanTest, RefusesANeedThatIsNotThere) {
  PlanRequest broken = request("avx2");
  broken.recipe.steps[1].needs = {"absent"};
  EXPECT_EQ(make_plan({broken}, digests_).error().message,
            "v-avx2: step core needs the step 'absent', which does not stand before it");
}

}  // namespace
}  // namespace ortforge
