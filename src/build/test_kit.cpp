#include "ortforge/build/test_kit.hpp"

#include <system_error>

#include "ortforge/base/file.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTests = "tests.txt";

// What run-tests.sh reads: a line for each fact.
std::string facts_of(const TestKit& kit) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{}={}\n", name, value);
  };
  add("product", kit.product);
  add("branch", kit.branch);
  add("variant", kit.variant.name);
  add("platform", kit.variant.platform);
  add("python", kit.variant.python);
  add("glibc", kit.glibc);
  add("features", join(kit.features, " "));
  add("libraries", join(kit.libraries, " "));
  add("result_key", kit.result.key);
  add("result_scope", kit.result.scope);
  add("test_key", kit.test.key);
  add("test_scope", kit.test.scope);
  return text;
}

// A second name for a file of the store; links stay links.
Result<void> link_file(const fs::path& source, const fs::path& target) {
  ORTFORGE_CHECK(make_directories(target.parent_path()));
  std::error_code error;
  if (fs::is_symlink(source, error)) {
    if (fs::read_symlink(source, error).is_absolute()) return {};
    fs::copy_symlink(source, target, error);
  } else {
    fs::create_hard_link(source, target, error);
  }
  if (error) return fail(ErrorKind::missing, "{}: {}", target.string(), error.message());
  return {};
}

Result<StoreEntry> stored(const Step& step, const Store& store, const Variant& variant, const char* what) {
  if (!step.key.empty()) {
    ORTFORGE_TRY(auto entry, store.find(step.key, step.recipe.scope));
    if (entry) return *std::move(entry);
  }
  return fail_with_hint(
      ErrorKind::missing, fmt::format("{}: its {} not in the store", variant.name, what),
      fmt::format("run 'ortforge build {}/{}:{}'", variant.product, variant.branch, variant.name));
}

}  // namespace

Result<TestKit> find_test_kit(const Plan& plan, const PlannedResult& planned, const Variant& variant,
                              const Store& store) {
  TestKit kit;
  kit.product = variant.product;
  kit.branch = variant.branch;
  kit.variant = variant;
  ORTFORGE_TRY(kit.result, stored(plan.steps.at(planned.step), store, variant, "result is"));
  if (!planned.test) return fail(ErrorKind::missing, "{}: has no test step", variant.name);
  const Step& test = plan.steps.at(*planned.test);
  ORTFORGE_TRY(kit.test, stored(test, store, variant, "tests have not passed here: they are"));
  kit.environment = test.environment;
  kit.features = test.recipe.features;
  std::error_code error;
  if (!fs::exists(kit.test.path / kTests, error)) {
    return fail(ErrorKind::missing, "{}: its test step leaves no {}, so its tests run nowhere else",
                variant.name, kTests);
  }
  return kit;
}

Result<void> link_tree(const fs::path& source, const fs::path& target,
                       const std::function<bool(const std::string&)>& wanted) {
  std::error_code error;
  for (fs::recursive_directory_iterator item(source, error), end; !error && item != end;
       item.increment(error)) {
    std::error_code ignored;
    if (fs::is_directory(item->symlink_status(ignored))) continue;
    const fs::path relative = item->path().lexically_relative(source);
    if (wanted(relative.generic_string())) ORTFORGE_CHECK(link_file(item->path(), target / relative));
  }
  if (error) return fail(ErrorKind::internal, "{}: {}", source.string(), error.message());
  return {};
}

bool goes_along(const std::string& path) {
  if (path.ends_with(".debug") || path == "bin/python") return false;
  if (path.starts_with("lib/cmake/") || path.starts_with("lib/pkgconfig/")) return false;
  return path.starts_with("lib/") || path.starts_with("bin/");
}

Result<void> lay_out_tests(const std::vector<TestKit>& kits, const fs::path& script, const fs::path& folder) {
  ORTFORGE_TRY(const std::string text, read_file(script));
  ORTFORGE_CHECK(write_file(folder / script.filename(), text, true));
  for (const TestKit& kit : kits) {
    const fs::path place = folder / "variants" / (kit.branch + "-" + kit.variant.name);
    ORTFORGE_CHECK(link_tree(kit.result.path, place / "result", goes_along));
    ORTFORGE_CHECK(
        link_tree(kit.test.path, place / "kit", [](const std::string& path) { return path != "junit.xml"; }));
    ORTFORGE_CHECK(write_file(place / "variant.txt", facts_of(kit)));
  }
  return {};
}

}  // namespace ortforge
