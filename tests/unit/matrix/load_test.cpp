// Errors of the matrix readers, word for word.
#include "support/matrix_fixture.hpp"
#include <gtest/gtest.h>

namespace ortforge {
namespace {

std::string error_after(const std::string& file, const std::function<void(Json&)>& change) {
  const TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.edit(file, change);
  return matrix.load_error();
}

std::string product_error(const std::function<void(Json&)>& change_v1) {
  return error_after("tool.json", [&](Json& json) { change_v1(json["branches"]["v1"]); });
}

TEST(LoadMatrix, TheSmallMatrixLoads) {
  const TemporaryMatrix small = TemporaryMatrix::small();
  ASSERT_EQ(small.load_error(), "");
  const Matrix matrix = small.load().value();
  const Product& product = matrix.products.at("tool");
  EXPECT_EQ(product.branch_order, (std::vector<std::string>{"v1", "v2"}));
  EXPECT_EQ(product.branches.at("v1").line_order, (std::vector<std::string>{"cuda13_0", "cpu"}));
  std::vector<std::string> names;
  for (const Variant& variant : variants_of(matrix, product, product.branches.at("v1")))
    names.push_back(variant.name);
  EXPECT_EQ(names, (std::vector<std::string>{"tool-python313-cuda13_0-sm90-avx2",
                                             "tool-python313-cuda13_0-sm90-armv9", "tool-python313-cpu-avx2",
                                             "tool-python313-cpu-armv9"}));
}

TEST(LoadMatrix, FilesThatAreMissingOrNoJson) {
  const auto absent = load_matrix("/nonexistent-matrix");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::missing);
  EXPECT_EQ(absent.error().message,
            "/nonexistent-matrix: cannot read the matrix folder: No such file or directory");
  const TemporaryMatrix matrix = TemporaryMatrix::small();
  matrix.write("tool.json", "{\n  \"format\": 1,\n}\n");
  EXPECT_EQ(matrix.load_error().substr(0, 14), "tool.json:3:1:") << matrix.load_error();
  std::filesystem::remove(matrix.path() / "tool.json");
  EXPECT_EQ(matrix.load().error().kind, ErrorKind::missing);
}

TEST(LoadMatrix, UnknownMembersNameTheNearest) {
  EXPECT_EQ(product_error([](Json& v1) { v1["enviroment"] = "host"; }),
            "tool.json: $.branches.v1: unknown member 'enviroment' (did you mean 'environment'?)");
  EXPECT_EQ(error_after("hardware.json", [](Json& json) { json["sms"]["90"]["isa"] = Json::array(); }),
            "hardware.json: $.sms.90: unknown member 'isa' (did you mean 'isas'?)");
}

TEST(LoadMatrix, WrongTypesAndValues) {
  EXPECT_EQ(error_after("tool.json", [](Json& json) { json["format"] = 2; }),
            "tool.json: $.format: this ortforge reads format 1, found 2");
  EXPECT_EQ(error_after("tool.json", [](Json& json) { json["product"] = "tools"; }),
            "tool.json: $.product: expected \"tool\", the name of the file, found \"tools\"");
  EXPECT_EQ(error_after("hardware.json", [](Json& json) { json["sms"]["90"]["compute_capability"] = "9.1"; }),
            "hardware.json: $.sms.90.compute_capability: expected \"9.0\" for sm_90, found \"9.1\"");
  EXPECT_EQ(
      error_after("environments.json", [](Json& json) { json["environments"]["root"]["kind"] = "debain"; }),
      "environments.json: $.environments.root.kind: expected \"host\" or \"debian\", found \"debain\" (did "
      "you mean 'debian'?)");
  EXPECT_EQ(product_error([](Json& v1) { v1["lines"]["cuda13_0"]["variants"][0]["sm"] = {"90"}; }),
            "tool.json: $.branches.v1.lines.cuda13_0.variants[0].sm[0]: expected an integer, found a string");
  EXPECT_EQ(product_error([](Json& v1) { v1["backends"] = {"cmaek"}; }),
            "tool.json: $.branches.v1.backends[0]: unknown backend 'cmaek'; known: cmake, nix (did you mean "
            "'cmake'?)");
}

TEST(LoadMatrix, AnOptionNamesAnOutput) {
  const auto error = [](const char* member, const char* output) {
    return product_error([&](Json& v1) {
      v1["cmake"] = Json::array();
      v1["cmake"].push_back({{"name", "A"}, {"value", "ON"}, {member, output}});
    });
  };
  EXPECT_EQ(error("output", "whel"),
            "tool.json: $.branches.v1.cmake[0].output: unknown 'whel'; known: lib, wheel (did you mean "
            "'wheel'?)");
  EXPECT_EQ(error("without", "dist"),
            "tool.json: $.branches.v1.cmake[0].without: unknown 'dist'; known: lib, wheel");
  EXPECT_EQ(error("without", "wheel"), "");
}

TEST(LoadMatrix, Lines) {
  EXPECT_EQ(
      product_error([](Json& v1) { v1["lines"]["cuda13_0"]["cuda"] = "12.4"; }),
      "tool.json: $.branches.v1.lines.cuda13_0: expected this line to be named 'cuda12_4', found 'cuda13_0'");
  EXPECT_EQ(
      product_error([](Json& v1) { v1["lines"]["cuda13_0"]["variants"][0].erase("sm"); }),
      "tool.json: $.branches.v1.lines.cuda13_0.variants[0]: a CUDA line needs 'sm', the SMs of this block");
  EXPECT_EQ(product_error([](Json& v1) { v1["lines"]["cpu"]["variants"][0]["sm"] = {90}; }),
            "tool.json: $.branches.v1.lines.cpu.variants[0]: a CPU line has no 'sm'");
  EXPECT_EQ(product_error([](Json& v1) {
              v1["lines"]["cuda13_1"] = v1["lines"]["cuda13_0"];
              v1["lines"]["cuda13_1"]["cuda"] = "13.1";
            }),
            "tool.json: $.branches.v1.lines.cuda13_1.cuda: hardware.json has no CUDA toolkit '13.1' (did you "
            "mean '13.0'?)");
  EXPECT_EQ(product_error([](Json& v1) { v1["lines"]["cuda13_0"]["variants"][0]["sm"] = {91}; }),
            "tool.json: $.branches.v1.lines.cuda13_0.variants[0].sm[0]: hardware.json has no SM 91 (did you "
            "mean '90'?)");
  EXPECT_EQ(product_error([](Json& v1) { v1["lines"]["cpu"]["variants"][0]["isa"] = {"avx3"}; }),
            "tool.json: $.branches.v1.lines.cpu.variants[0].isa[0]: hardware.json has no ISA 'avx3' (did you "
            "mean 'avx2'?)");
  EXPECT_EQ(product_error([](Json& v1) {
              v1["lines"]["cpu"]["variants"].push_back({{"isa", {"avx2"}}});
            }),
            "tool.json: $.branches.v1.lines.cpu.variants[1].isa[0]: the variant cpu-avx2 stands twice in "
            "this line");
  EXPECT_EQ(product_error([](Json& v1) { v1["lines"]["cpu"]["python"] = "three"; }),
            "tool.json: $.branches.v1.lines.cpu.python: expected a Python version such as \"3.13\", found "
            "\"three\"");
}

TEST(LoadMatrix, OneDefaultLinePerAccelerator) {
  EXPECT_EQ(product_error([](Json& v1) {
              v1["lines"]["cpu-python312"] = v1["lines"]["cpu"];
              v1["lines"]["cpu-python312"]["python"] = "3.12";
            }),
            "tool.json: $.branches.v1.lines: 2 CPU lines are the default: cpu, cpu-python312");
  EXPECT_EQ(product_error([](Json& v1) { v1["lines"]["cuda13_0"]["default"] = false; }),
            "tool.json: $.branches.v1.lines: no CUDA line is the default, so short names stand for nothing");
}

TEST(LoadMatrix, Sources) {
  const auto origin = [](const char* kind) {
    return Json{{"kind", kind}, {"url", "https://example.org/a.tar.gz"}};
  };
  EXPECT_EQ(product_error([&](Json& v1) { v1["sources"]["tool"]["origins"] = {origin("archive")}; }),
            "tool.json: $.branches.v1.sources.tool: the pin is missing: give 'nar' (Nix archive hash of the "
            "unpacked tree) or "
            "'sha256' (of the file), or say in 'unpinned' why there is none");
  EXPECT_EQ(product_error([&](Json& v1) { v1["sources"]["tool"]["origins"] = {origin("archiv")}; }),
            "tool.json: $.branches.v1.sources.tool.origins[0].kind: unknown kind of origin 'archiv'; known: "
            "git, archive, debian, "
            "wheel, directory (did you mean 'archive'?)");
  EXPECT_EQ(product_error([](Json& v1) {
              v1["sources"]["tool"]["nar"] = "sha256-short";
            }).find("tool.json: $.branches.v1.sources.tool.nar: "),
            0U);
  EXPECT_EQ(
      product_error([](Json& v1) { v1["sources"]["tool"]["holds"] = {"a.h"}; }),
      "tool.json: $.branches.v1.sources.tool: unknown member 'holds': only a wheel of a toolkit has it");
  EXPECT_EQ(
      product_error([](Json& v1) { v1["cmake"][0]["value"] = "@src.tol@"; }),
      "tool.json: $.branches.v1.cmake[0].value: this branch has no source 'tol' (did you mean 'tool'?)");
}

TEST(LoadMatrix, ExpressionsAndPipelines) {
  EXPECT_EQ(product_error([](Json& v1) { v1["cmake"][0]["when"] = "acelerator==cuda"; }),
            "tool.json: $.branches.v1.cmake[0].when: column 1: unknown field 'acelerator' (did you mean "
            "'accelerator'?)");
  EXPECT_EQ(product_error([](Json& v1) { v1["pipeline"] = "hole"; }),
            "tool.json: $.branches.v1.pipeline: there is no pipeline 'hole' (did you mean 'whole'?)");
  EXPECT_EQ(error_after("tool.json", [](Json& json) { json["pipelines"]["whole"][1]["needs"] = {"prepar"}; }),
            "tool.json: $.branches.v1.pipeline(whole).build.needs: 'prepar' is no component before this one "
            "(did you mean 'prepare'?)");
  EXPECT_EQ(error_after("tool.json", [](Json& json) { json["pipelines"]["xs"] = {"whole.biuld"}; }),
            "tool.json: $.pipelines.xs[0]: there is no component 'whole.biuld' before this one (did you mean "
            "'whole.build'?)");
  EXPECT_EQ(error_after("tool.json", [](Json& json) { json["default_branch"] = "v3"; }),
            "tool.json: $.default_branch: there is no branch 'v3' (did you mean 'v1' or 'v2'?)");
  EXPECT_EQ(product_error([](Json& v1) { v1["environment"] = "hots"; }),
            "tool.json: $.branches.v1.environment: environments.json has no environment 'hots' (did you mean "
            "'host'?)");
}

TEST(LoadMatrix, ALineNamesWhereItsComponentsAreBuilt) {
  EXPECT_EQ(
      product_error([](Json& v1) { v1["lines"]["cpu"]["environments"]["biuld"] = "root"; }),
      "tool.json: $.branches.v1.lines.cpu.environments.biuld: pipeline whole has no component 'biuld' (did "
      "you mean 'build'?)");
  EXPECT_EQ(
      product_error([](Json& v1) { v1["lines"]["cpu"]["environments"]["build"] = "rot"; }),
      "tool.json: $.branches.v1.lines.cpu.environments.build: environments.json has no environment 'rot' "
      "(did you mean 'root'?)");
}

TEST(LoadMatrix, AnEnvironmentAddsToAnother) {
  const TemporaryMatrix small = TemporaryMatrix::small();
  small.edit("environments.json", [](Json& json) {
    json["environments"]["root"]["packages"] = {"cmake"};
    json["environments"]["root-more"] = {
        {"extends", "root"}, {"components", {"non-free"}}, {"packages", {"nvcc"}}, {"origin", "test"}};
  });
  const EnvironmentSpec more = small.load().value().environments.at("root-more");
  EXPECT_EQ(more.name, "root-more");
  EXPECT_EQ(more.suite, "trixie");
  EXPECT_EQ(more.python, "3.13");
  EXPECT_EQ(more.packages, (std::vector<std::string>{"cmake", "nvcc"}));
  EXPECT_EQ(more.components, std::vector<std::string>{"non-free"});
  EXPECT_EQ(error_after("environments.json",
                        [](Json& json) {
                          json["environments"]["more"] = {{"extends", "rot"}, {"origin", "test"}};
                        }),
            "environments.json: $.environments.more.extends: there is no environment 'rot' before this one "
            "(did you mean 'root'?)");
}

TEST(LoadMatrix, APipelineTakesComponentsOfAnEarlierOne) {
  const TemporaryMatrix small = TemporaryMatrix::small();
  small.edit("tool.json", [](Json& json) {
    json["pipelines"]["xs"] = {"whole.prepare",
                               {{"name", "extra"}, {"kind", "build"}, {"needs", {"prepare"}}}};
    json["branches"]["v1"]["pipeline"] = "xs";
  });
  const Matrix matrix = small.load().value();
  const auto& components = matrix.products.at("tool").branches.at("v1").components;
  ASSERT_EQ(components.size(), 2U);
  EXPECT_EQ(components[0].name, "prepare");
  EXPECT_EQ(components[1].name, "extra");
}

TEST(LoadMatrix, AComponentContinuesOnlyWhatItMay) {
  const auto error = [](const char* continues, const Json& needs, const Json& axes) {
    return error_after("tool.json", [&](Json& json) {
      Json& pipeline = json["pipelines"]["whole"];
      pipeline[1]["axes"] = {"isa"};
      pipeline.push_back(
          {{"name", "more"}, {"kind", "build"}, {"continues", continues}, {"needs", needs}, {"axes", axes}});
    });
  };
  const std::string place = "tool.json: $.branches.v1.pipeline(whole).more.continues: ";
  EXPECT_EQ(error("build", {"build"}, {"isa", "sm"}), "");
  EXPECT_EQ(error("biuld", {"build"}, {"isa"}),
            place + "'biuld' is no build component before this one (did you mean 'build'?)");
  EXPECT_EQ(error("prepare", {"prepare"}, {"isa"}),
            place + "'prepare' is no build component before this one");
  EXPECT_EQ(error("build", {"prepare"}, {"isa"}), place + "'more' continues 'build' and does not need it");
  EXPECT_EQ(
      error_after("tool.json",
                  [&](Json& json) {
                    Json& pipeline = json["pipelines"]["whole"];
                    pipeline[1]["outputs"] = {"lib"};
                    pipeline.push_back({{"name", "more"},
                                        {"kind", "build"},
                                        {"continues", "build"},
                                        {"needs", {"build"}},
                                        {"outputs", {"wheel"}}});
                  }),
      place +
          "'build' falls away when only the output wheel is asked for, and 'more', which continues it, does "
          "not");
  EXPECT_EQ(error("build", {"build"}, {"sm"}),
            place + "'build' depends on isa, and 'more', which continues it, does not");
}

TEST(LoadMatrix, AComponentNeedsWhatComesBeforeItAndNotItself) {
  const auto error = [](const Json& needs_of_build, const Json& needs_of_more) {
    return error_after("tool.json", [&](Json& json) {
      Json& pipeline = json["pipelines"]["whole"];
      pipeline[1]["needs"] = needs_of_build;
      pipeline.push_back({{"name", "more"}, {"kind", "build"}, {"needs", needs_of_more}});
    });
  };
  const std::string place = "tool.json: $.branches.v1.pipeline(whole).build.needs: ";
  EXPECT_EQ(error({"prepare"}, {"prepare", "build"}), "");
  EXPECT_EQ(error({"prepare", "more"}, {"prepare", "build"}), place + "needs itself: build -> more -> build");
  EXPECT_EQ(error({"build"}, {"prepare"}), place + "needs itself: build -> build");
  EXPECT_EQ(error({"more"}, {"prepare"}), place + "'more' is no component before this one");
}

TEST(LoadMatrix, AnAxisIsOneThatVariantsHave) {
  const auto error = [](const Json& axes, const std::function<void(Json&)>& more) {
    return error_after("tool.json", [&](Json& json) {
      json["pipelines"]["whole"][1]["axes"] = axes;
      more(json["branches"]);
    });
  };
  const auto without_python = [](Json& branches) {
    for (const char* line : {"cuda13_0", "cpu"}) branches["v1"]["lines"][line].erase("python");
  };
  const auto without_cuda = [](Json& branches) { branches["v1"]["lines"].erase("cuda13_0"); };
  const Json all{"isa", "sm", "cuda", "python", "platform", "accelerator"};
  EXPECT_EQ(error(all, [](Json&) {}), "");
  EXPECT_EQ(error({"isa", "gpu"}, [](Json&) {}),
            "tool.json: $.pipelines.whole[1].axes[1]: unknown 'gpu'; known: isa, sm, cuda, python, platform, "
            "accelerator");
  const std::string place = "tool.json: $.branches.v1.pipeline(whole).build.axes: no variant has the axis ";
  EXPECT_EQ(error(all, without_python),
            place + "'python': no branch of this pipeline has a line with 'python'");
  EXPECT_EQ(error({"sm"}, without_cuda), place + "'sm': no branch of this pipeline has a line with 'cuda'");
  EXPECT_EQ(error({"isa"}, without_cuda), "");
  EXPECT_EQ(error({"sm"},
                  [&](Json& branches) {
                    branches["v3"] = branches["v1"];
                    without_cuda(branches);
                  }),
            "")
      << "branches share a pipeline";
}

TEST(LoadMatrix, HeavyTargetsBelongToBuilds) {
  const auto error = [](std::size_t component, const Json& heavy) {
    return error_after("tool.json",
                       [&](Json& json) { json["pipelines"]["whole"][component]["heavy"] = heavy; });
  };
  const std::string place = "tool.json: $.pipelines.whole[1].heavy";
  EXPECT_EQ(error(1, {{"targets", {"gpu"}}, {"peak_bytes", 4000000000}, {"when", "accelerator==cuda"}}), "");
  EXPECT_EQ(error(1, {{"targets", {"gpu"}}, {"peak_bytes", 0}}),
            place + ".peak_bytes: expected a number of bytes, found 0");
  EXPECT_EQ(error(1, {{"targets", Json::array()}, {"peak_bytes", 1}}),
            place + ".targets: expected the names of one or more CMake targets");
  EXPECT_EQ(error(0, {{"targets", {"gpu"}}, {"peak_bytes", 1}}),
            "tool.json: $.pipelines.whole[0].heavy: only a build component has heavy targets");
}

TEST(LoadMatrix, InheritanceMergesAndRemoves) {
  const TemporaryMatrix small = TemporaryMatrix::small();
  small.edit("tool.json", [](Json& json) {
    json["branches"]["v2"]["lines"] = {{"cuda13_0", {{"variants", {{{"sm", {90}}, {"isa", {"avx2"}}}}}}},
                                       {"cpu", nullptr}};
  });
  const Matrix matrix = small.load().value();
  const Branch& v2 = matrix.products.at("tool").branches.at("v2");
  EXPECT_EQ(v2.version, "2.0");
  EXPECT_EQ(v2.line_order, std::vector<std::string>{"cuda13_0"});
  EXPECT_EQ(v2.lines.at("cuda13_0").cuda, "13.0");
  EXPECT_EQ(v2.lines.at("cuda13_0").blocks.at(0).isas, std::vector<std::string>{"avx2"});
  EXPECT_EQ(v2.sources.count("tool"), 1U);

  EXPECT_EQ(error_after("tool.json", [](Json& json) { json["branches"]["v2"]["inherits"] = "v11"; }),
            "tool.json: $.branches.v2.inherits: there is no branch 'v11' (did you mean 'v1'?)");
  EXPECT_EQ(error_after("tool.json", [](Json& json) { json["branches"]["v1"]["inherits"] = "v2"; }),
            "tool.json: $.branches.v1: inherits from itself: v1 -> v2 -> v1");
}

TEST(LoadMatrix, BranchNames) {
  EXPECT_EQ(error_after("tool.json",
                        [](Json& json) {
                          json["branches"]["a:b"] = {{"inherits", "v1"}};
                        }),
            "tool.json: $.branches[\"a:b\"]: 'a:b' is no name for a branch: expected letters, digits, '_', "
            "'.' and '-'");
}

TEST(LoadMatrix, HardwareMeaning) {
  EXPECT_EQ(error_after("hardware.json", [](Json& json) { json["gpus"][0]["sm"] = 89; }),
            "hardware.json: $.gpus[0].sm: 'H100' has SM 89, which 'sms' does not describe");
  EXPECT_EQ(error_after("hardware.json", [](Json& json) { json["gpus"].push_back(json["gpus"][0]); }),
            "hardware.json: $.gpus[1].name: the GPU 'H100' is listed twice");
  EXPECT_EQ(
      error_after("hardware.json", [](Json& json) { json["sms"]["121"]["isas"] = {"avx2"}; }),
      "hardware.json: $.sms.121.isas[0]: 'avx2' is an ISA of x86_64-linux, where sm_121 does not exist");
  EXPECT_EQ(error_after("hardware.json",
                        [](Json& json) {
                          json["toolkits"]["13.0"]["targets"] = {"90", "sm_100"};
                        }),
            "hardware.json: $.toolkits[\"13.0\"].targets[1]: 'sm_100' is no target: expected digits as in "
            "sm_90, with a or f behind");
}

}  // namespace
}  // namespace ortforge
