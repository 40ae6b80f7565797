// prepare.cmake as CMake really runs it.
#include <cstdlib>

#include "support/small_matrix.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/recipe/recipe.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

class Prepare : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_file(root_.path() / "sources" / "demo" / "file.txt", "one\ntwo\nthree\nfour\n"));
  }

  // Renders the recipe, writes it and runs prepare.cmake; gives what it printed, with lines joined.
  std::string run() {
    const auto recipe =
        render_cmake_recipe(matrix_, demo_variant(matrix_), fs::path(TEST_SOURCE_DIR) / "templates", {});
    if (!recipe) return recipe.error().message;
    for (const auto& [path, content] : recipe->files)
      EXPECT_TRUE(write_file(root_.path() / "recipe" / path, content));
    const fs::path log = root_.path() / "log";
    const std::string command = "cmake -P '" + (root_.path() / "recipe" / "prepare.cmake").string() +
                                "' > '" + log.string() + "' 2>&1";
    succeeded_ = std::system(command.c_str()) == 0;
    std::string text = read_file(log).value_or("");
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }

  std::string prepared(const std::string& file = "file.txt") {
    return read_file(root_.path() / "src" / "demo" / file).value_or("absent");
  }

  void substitute(Substitution::Kind kind, const std::string& from, const std::string& to,
                  const std::string& file = "file.txt", int following = 0) {
    demo_branch(matrix_).substitutions.push_back(
        {kind, "demo", file, from, to, following, "because\nof this", ""});
  }

  TemporaryDirectory root_;
  Matrix matrix_ = small_matrix();
  bool succeeded_ = false;
};

TEST_F(Prepare, WritesAnyTextUnchanged) {
  const std::vector<std::string> texts{"a \"quoted\" text",
                                       "semi;colons;;and \\; escaped",
                                       "back\\slash \\\\ \\n and one at the end\\",
                                       "${VARIABLE} $ENV{HOME} $<CONFIG> @VAR and #comment",
                                       "[[brackets]] [=[ and ]=] ]] (parens) [unbalanced",
                                       "tab\tnewline\n\n\ntrailing blank ",
                                       "continued\\\nline",
                                       "umlaut \xc3\xa4",
                                       ""};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    substitute(Substitution::Kind::write_file, "", texts[i], "written/" + std::to_string(i));
  }
  const std::string said = run();
  ASSERT_TRUE(succeeded_) << said;
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(prepared("written/" + std::to_string(i)), texts[i]);
}

TEST_F(Prepare, ReplacesAnyTextByAnyText) {
  const std::vector<std::string> texts{"a;b", "\"q\"", "c\\d\\",          "${e}", "[[f]]",
                                       "(g",  "]h",    "line\n;next\\\n", "x y"};
  std::string all;
  for (const std::string& text : texts) all += "<" + text + ">";
  ASSERT_TRUE(write_file(root_.path() / "sources" / "demo" / "file.txt", all));
  std::string expected;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string& to = texts[(i + 1) % texts.size()];
    substitute(Substitution::Kind::replace, "<" + texts[i] + ">", "{" + to + "}");
    expected += "{" + to + "}";
  }
  const std::string said = run();
  ASSERT_TRUE(succeeded_) << said;
  EXPECT_EQ(prepared(), expected);
}

TEST_F(Prepare, DeletesFilesAndLines) {
  ASSERT_TRUE(write_file(root_.path() / "sources" / "demo" / "gone", "x"));
  substitute(Substitution::Kind::delete_file, "", "", "gone");
  substitute(Substitution::Kind::delete_lines, "two", "", "file.txt", 1);
  const std::string said = run();
  ASSERT_TRUE(succeeded_) << said;
  EXPECT_EQ(prepared(), "one\nfour\n");
  EXPECT_EQ(prepared("gone"), "absent");
}

TEST_F(Prepare, StopsAtASubstitutionThatNoLongerMatchesAndNamesBoth) {
  substitute(Substitution::Kind::replace, "one", "1");
  substitute(Substitution::Kind::replace, "five", "5");
  const std::string said = run();
  EXPECT_FALSE(succeeded_);
  EXPECT_NE(said.find("substitutions[1] no longer matches demo/file.txt"), std::string::npos) << said;
  EXPECT_NE(said.find("five"), std::string::npos) << said;
}

TEST_F(Prepare, StopsAtFilesThatAreMissing) {
  substitute(Substitution::Kind::replace, "one", "1", "absent.txt");
  EXPECT_NE(run().find("substitutions[0]: the file demo/absent.txt is missing"), std::string::npos);
  EXPECT_FALSE(succeeded_);
  demo_branch(matrix_).substitutions.clear();
  substitute(Substitution::Kind::delete_file, "", "", "absent.txt");
  EXPECT_NE(run().find("substitutions[0]: the file demo/absent.txt, which it deletes,"), std::string::npos);
  EXPECT_FALSE(succeeded_);
}

TEST_F(Prepare, AppliesPatchesOrSaysWhichDoesNotApply) {
  ASSERT_TRUE(write_file(root_.path() / "sources" / "demo" / "fix.patch",
                         "--- a/file.txt\n+++ b/file.txt\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n"));
  demo_branch(matrix_).patches = {{"demo", "demo", "fix.patch", {"--ignore-whitespace"}, "", ""}};
  const std::string said = run();
  ASSERT_TRUE(succeeded_) << said;
  EXPECT_EQ(prepared(), "1\ntwo\nthree\nfour\n");
  ASSERT_TRUE(write_file(root_.path() / "sources" / "demo" / "file.txt", "other\n"));
  EXPECT_NE(run().find("patch demo/fix.patch does not apply to demo"), std::string::npos);
  EXPECT_FALSE(succeeded_);
}

TEST_F(Prepare, LeavesOutWhatNoDigestCovers) {
  const fs::path source = root_.path() / "sources" / "demo";
  ASSERT_TRUE(write_file(source / ".git/objects/ab/cd", "object"));
  ASSERT_TRUE(write_file(source / "module/.git", "gitdir: ../.git/modules/module\n"));
  ASSERT_TRUE(write_file(source / "module/.gitignore", "build\n"));
  fs::permissions(source / ".git/objects/ab/cd", fs::perms::owner_read);
  const std::string said = run();
  ASSERT_TRUE(succeeded_) << said;
  EXPECT_FALSE(fs::exists(root_.path() / "src/demo/.git"));
  EXPECT_FALSE(fs::exists(root_.path() / "src/demo/module/.git"));
  EXPECT_EQ(prepared("module/.gitignore"), "build\n");
  EXPECT_TRUE(fs::exists(source / ".git/objects/ab/cd")) << "the source itself is left alone";
}

TEST_F(Prepare, TakesThePartOfASourceOutOfItsWholeTree) {
  ASSERT_TRUE(write_file(root_.path() / "sources" / "demo" / "include/demo.h", "int;\n"));
  demo_branch(matrix_).sources.at("demo").subdirectory = "include";
  const std::string said = run();
  ASSERT_TRUE(succeeded_) << said;
  EXPECT_EQ(prepared("demo.h"), "int;\n");
  EXPECT_EQ(prepared(), "absent");
}

TEST_F(Prepare, StartsFromTheSourceEachTimeAndLeavesItAlone) {
  substitute(Substitution::Kind::replace, "one", "one one");
  for (int i = 0; i < 2; ++i) {
    const std::string said = run();
    ASSERT_TRUE(succeeded_) << said;
    EXPECT_EQ(prepared(), "one one\ntwo\nthree\nfour\n");
  }
  EXPECT_EQ(read_file(root_.path() / "sources" / "demo" / "file.txt").value(), "one\ntwo\nthree\nfour\n");
  EXPECT_NE(prepared("CMakeUserPresets.json").find("\"../../recipe/CMakePresets.json\""), std::string::npos);
}

}  // namespace
}  // namespace ortforge
