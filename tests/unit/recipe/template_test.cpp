#include "ortforge/recipe/template.hpp"

#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/recipe/template_folder.hpp"

namespace ortforge {
namespace {

TemplateValues values() {
  TemplateValues result;
  result.texts = {{"name", "a\"b\\c${d};e"}, {"isa", "avx2"}};
  result.switches = {{"on", true}, {"off", false}};
  TemplateValues row;
  row.texts["item"] = "x";
  result.lists["rows"] = {row, row};
  return result;
}

std::string rendered(std::string_view text, TemplateLanguage language = TemplateLanguage::plain) {
  const auto result = render_template(text, "t", language, values());
  return result ? *result : "error: " + result.error().message;
}

TEST(Template, EscapesForItsLanguage) {
  EXPECT_EQ(rendered("\"{{name}}\"", TemplateLanguage::cmake), "\"a\\\"b\\\\c\\${d};e\"");
  EXPECT_EQ(rendered("{{{name}}}", TemplateLanguage::cmake), "a\"b\\c${d};e");
  EXPECT_EQ(rendered("{{name}}"), "a\"b\\c${d};e") << "no HTML";
}

TEST(Template, KnowsSectionsAndRows) {
  EXPECT_EQ(rendered("{{#on}}1{{/on}}{{#off}}2{{/off}}{{^off}}3{{/off}}"), "13");
  EXPECT_EQ(rendered("{{#rows}}{{item}}-{{isa}} {{/rows}}"), "x-avx2 x-avx2 ");
}

TEST(Template, SectionTagsTakeTheirLinesWithThem) {
  EXPECT_EQ(rendered("a\n{{#on}}\n1\n{{/on}}\n  {{#off}}\n2\n  {{/off}}\n{{^off}}\n3\n{{/off}}\nb\n"),
            "a\n1\n3\nb\n");
  EXPECT_EQ(rendered("{{#off}}\n2\n{{/off}}\n{{#off}}\n2\n{{/off}}"), "");
  EXPECT_EQ(rendered("{{#rows}}\n{{item}}\n\n{{/rows}}\nb"), "x\n\nx\n\nb");
  EXPECT_EQ(rendered("a\n{{#on}}\n\n1\n\n{{/on}}\n\nb\n"), "a\n\n1\n\n\nb\n");
  EXPECT_EQ(rendered("a {{#on}}\n1{{/on}}\n"), "a \n1\n") << "beside other text the line stays";
}

TEST(Template, RefusesUnknownKeysWithLineAndNearest) {
  EXPECT_EQ(rendered("one\ntwo {{isa}} {{isas}}\n"), "error: t:2: unknown key 'isas' (did you mean 'isa'?)");
  EXPECT_EQ(rendered("{{#rows}}\n{{iten}}\n{{/rows}}\n"),
            "error: t:2: unknown key 'iten' (did you mean 'item'?)");
  EXPECT_EQ(rendered("\n{{#onn}}x{{/onn}}"), "error: t:2: unknown key 'onn' (did you mean 'on'?)");
  EXPECT_EQ(rendered("\n{{> isa}}"), "error: t:2: '{{>isa}}': a template cannot take in another file");
}

TEST(Template, RefusesBrokenSyntax) {
  EXPECT_TRUE(rendered("{{#on}}never closed").starts_with("error: t: "));
  EXPECT_EQ(rendered("a\n{{=<% %>=}}"), "error: t:2: a template cannot change its delimiters");
}

TEST(Template, LimitsTheDepthOfSections) {
  const auto nested = [](int depth) {
    std::string text = "x";
    for (int i = 0; i < depth; ++i) text = "{{#on}}" + text + "{{/on}}";
    return text;
  };
  EXPECT_EQ(rendered(nested(8)), "x");
  EXPECT_EQ(rendered("\n" + nested(9)), "error: t:2: sections nest deeper than 8");
  EXPECT_TRUE(rendered(nested(10000)).starts_with("error: t:1: "));
}

TEST(TemplateFolder, RendersMustacheFilesAndKeepsOthers) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "p" / "a.cmake.mustache", "set(x \"{{name}}\")"));
  ASSERT_TRUE(write_file(directory.path() / "p" / "test" / "b.c", "{{name}}"));
  const auto folder = TemplateFolder::load(directory.path());
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->render("p/a.cmake", values()).value(), "set(x \"a\\\"b\\\\c\\${d};e\")");
  EXPECT_EQ(folder->render("p/test/b.c", values()).value(), "{{name}}");
  EXPECT_EQ(folder->matching("p/", "*"), (std::vector<std::string>{"a.cmake", "test/b.c"}));
  EXPECT_EQ(folder->matching("p/", "test/*"), std::vector<std::string>{"test/b.c"});
  EXPECT_TRUE(folder->matching("q/", "*").empty());
  EXPECT_EQ(folder->matching("", "p/t*"), std::vector<std::string>{"p/test/b.c"});
  const auto absent = folder->render("p/a.cmak", values());
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::missing);
  EXPECT_NE(absent.error().message.find("there is no template p/a.cmak (did you mean 'p/a.cmake'"),
            std::string::npos)
      << absent.error().message;
}

TEST(TemplateFolder, ReadsAFileWhenItIsAskedForAndOnlyOnce) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "p" / "a.c", "early"));
  ASSERT_TRUE(write_file(directory.path() / "p" / "gone.c", "x"));
  const auto folder = TemplateFolder::load(directory.path());
  ASSERT_TRUE(folder);
  ASSERT_TRUE(write_file(directory.path() / "p" / "a.c", "late"));
  std::filesystem::remove(directory.path() / "p" / "gone.c");
  EXPECT_EQ(folder->render("p/a.c", values()).value(), "late");
  ASSERT_TRUE(write_file(directory.path() / "p" / "a.c", "later"));
  EXPECT_EQ(folder->render("p/a.c", values()).value(), "late");
  EXPECT_EQ(folder->render("p/gone.c", values()).error().kind, ErrorKind::missing);
}

TEST(TemplateFolder, ThatIsAbsentIsAnError) {
  EXPECT_EQ(TemplateFolder::load("/absent/templates").error().kind, ErrorKind::missing);
}

}  // namespace
}  // namespace ortforge
