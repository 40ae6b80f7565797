// Two small Python packages with C modules, built for real by setup.py on the host: the second on the first,
// as TorchVision is on PyTorch.
#include <filesystem>

#include "support/call.hpp"
#include "support/matrix_fixture.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"
#include "ortforge/process/runner.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProduct = R"({"format":1,"product":"NAME","default_branch":"1",
 "pipelines":{"wheel":[
  {"name":"prepare","kind":"prepare","commands":[{"argv":["cmake","-P","recipe/prepare.cmake"]}]},
  {"name":"core","kind":"build","front_end":"setup.py","axes":["isa","python"],"needs":["prepare"],
   "source_directory":"NAME","outputs":["wheel"],
   "commands":[{"argv":["cmake","-DARGUMENTS=bdist_wheel;--dist-dir;../../@out@/dist","-P","recipe/front-end.cmake"]}]},
  {"name":"package","kind":"package","axes":["isa","python"],"needs":["prepare","core"],"outputs":["wheel"],
   "files":["package.cmake","wheel.cmake","result.cmake"],
   "commands":[{"argv":["cmake","-P","recipe/package.cmake"]}]}]},
 "branches":{"1":{"version":"7.0","environment":"host","backends":["cmake"],"pipeline":"wheel",
  "lines":{"cpu":{"python":"PYTHON","default":true,"variants":[{"isa":["avx2"]}]}},
  "variables":[{"name":"NAME_VERSION","value":"@version@"}],
  "sources":{"NAME":{"origins":[{"kind":"directory","path":"sources/NAME"}]}}}}}
)";

constexpr const char* kPackage = R"(cmake_minimum_required(VERSION 3.23)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
include("${CMAKE_CURRENT_LIST_DIR}/result.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/wheel.cmake")
set(result "${root}/{{out}}")
file(REMOVE_RECURSE "${result}/dist" "${result}/lib")
ortforge_finish_wheel("${root}" "${root}/{{out_core}}/dist" "${root}/{{build}}/wheel" "${result}/dist")
ortforge_unpack_wheel("${result}/dist" "${result}/lib/python{{python}}/site-packages")
)";

constexpr const char* kModule = R"(#define PY_SSIZE_T_CLEAN
#include <Python.h>
INCLUDE
static PyObject* answer(PyObject* self, PyObject* none) { (void)self; (void)none; return PyLong_FromLong(ANSWER); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_C", "", -1, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__C(void) { return PyModule_Create(&module); }
)";

std::string with(std::string text, const std::string& name, const std::string& value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
  return text;
}

class BuildSetupPy : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home())));
    const auto asked = run_captured(
        {{"python3", "-c", "import sys, setuptools, wheel; print('%d.%d' % sys.version_info[:2], end='')"},
         {{"PATH", "/usr/local/bin:/usr/bin:/bin"}},
         "/"});
    ORTFORGE_NEEDS(asked && asked->outcome.success(), "a python3 with setuptools and wheel");
    python_ = asked->output;
    fs::copy(shipped_matrix_directory() / "schema", place("matrix/schema"), fs::copy_options::recursive);
    for (const char* file : {"hardware.json", "environments.json"})
      fs::copy_file(shipped_matrix_directory() / file, place("matrix") / file);
    fs::copy(shipped_matrix_directory().parent_path() / "templates/cmake", place("templates/cmake"),
             fs::copy_options::recursive);
    write_base();
    write_tool();
  }

  fs::path home() const { return directory_.path() / "home"; }
  fs::path here() const { return directory_.path() / "here"; }
  // A path in the folder that holds matrix/, made up to its last part.
  fs::path place(const std::string& path) const {
    fs::create_directories((directory_.path() / path).parent_path());
    return directory_.path() / path;
  }
  static void write(const fs::path& file, const std::string& text) { ASSERT_TRUE(write_file(file, text)); }

  void write_product(const std::string& name, const std::string& package) const {
    write(place("matrix/" + name + ".json"), with(with(kProduct, "NAME", name), "PYTHON", python_));
    write(place("templates/" + name + "/package.cmake.mustache"), package);
    write(place("sources/" + name + "/setup.py"),
          with("import os\n"
               "from setuptools import Extension, setup\n"
               "EXTRA\n"
               "setup(name='NAME', version=os.environ['NAME_VERSION'], packages=['NAME'],\n"
               "      package_data={'NAME': ['*.h']},\n"
               "      ext_modules=[Extension('NAME._C', ['NAME/module.c'], include_dirs=folders)])\n",
               "NAME", name));
  }

  void replace_extra(const std::string& name, const std::string& line) const {
    const fs::path file = place("sources/" + name + "/setup.py");
    write(file, with(read_file(file).value(), "EXTRA", line));
  }

  // Its module says whether it was compiled for AVX2; its header is for others to compile against.
  void write_base() const {
    write_product("base", kPackage);
    replace_extra("base", "folders = []");
    const fs::path package = place("sources/base/base/x").parent_path();
    write(package / "__init__.py",
          "import os\nfrom base._C import answer\nfolder = os.path.dirname(__file__)\n");
    write(package / "base.h", "#define BASE_ANSWER 42\n");
    write(package / "module.c",
          with(kModule, "INCLUDE", "#ifdef __AVX2__\n#define ANSWER 2\n#else\n#define ANSWER 0\n#endif"));
  }

  // It is compiled against the header of the base that it imports, and its result has that base beside it.
  void write_tool() const {
    write_product("tool", std::string(kPackage) +
                              "file(COPY \"${root}/{{out_base_package}}/lib\" DESTINATION "
                              "\"${result}\")\n");
    replace_extra("tool", "import base\nassert base.answer() == 2\nfolders = [base.folder]");
    const fs::path package = place("sources/tool/tool/x").parent_path();
    write(package / "__init__.py", "import base\nfrom tool._C import answer\n");
    write(package / "module.c",
          with(with(kModule, "INCLUDE", "#include <base.h>"), "ANSWER)", "BASE_ANSWER)"));
    Json json = read_json(place("matrix/tool.json")).value();
    json["branches"]["1"]["requires"] = {{"base", "1"}};
    Json& pipeline = json["pipelines"]["wheel"];
    for (const std::size_t component : {1U, 2U}) pipeline[component]["needs"].push_back("base.package");
    write(place("matrix/tool.json"), json.dump(1));
  }

  CallResult run(std::vector<std::string> arguments) const {
    fs::create_directories(here());
    arguments.insert(arguments.begin(), {"--matrix", place("matrix/x").parent_path().string()});
    return call({home(), here(), {}, nullptr}, std::move(arguments));
  }

  // Status of every step of a build, by its scope.
  static std::map<std::string, std::string> statuses(const CallResult& result) {
    std::map<std::string, std::string> all;
    const Json steps = Json::parse(result.out).at("steps");
    for (const Json& step : steps) all[step.at("scope")] = step.at("status");
    return all;
  }

  std::string part() const { return "python" + with(python_, ".", ""); }

  TemporaryDirectory directory_;
  std::string python_;
};

TEST_F(BuildSetupPy, BuildsAPackageOnAnother) {
  const CallResult first = run({"build", "tool/cpu-avx2", "--json"});
  ASSERT_EQ(first.code, 0) << first.err << first.out;
  const std::string tail = "-avx2-" + part();
  using Statuses = std::map<std::string, std::string>;
  EXPECT_EQ(statuses(first), (Statuses{{"base-7.0-prepare", "built"},
                                       {"base-7.0-core" + tail, "built"},
                                       {"base-7.0-package" + tail, "built"},
                                       {"tool-7.0-prepare", "built"},
                                       {"tool-7.0-core" + tail, "built"},
                                       {"tool-7.0-package" + tail, "built"}}));
  const fs::path result = here() / ("result-tool-" + part() + "-cpu-avx2");
  const auto said = run_captured(
      {{(result / "bin/python").string(), "-c", "import tool; print(tool.answer(), tool.base.answer())"},
       {{"PATH", "/usr/local/bin:/usr/bin:/bin"}},
       "/"});
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_EQ(said->output, "42 2\n");

  // The base is a result of its own, though nobody asked for it.
  const CallResult base = run({"build", "base/cpu-avx2", "--json"});
  ASSERT_EQ(base.code, 0) << base.err;
  EXPECT_EQ(statuses(base).at("base-7.0-package" + tail), "reused");
  const fs::path other = here() / ("result-base-" + part() + "-cpu-avx2");
  EXPECT_TRUE(fs::exists(other / "provenance.json"));
  EXPECT_TRUE(fs::exists(other / "bin/python"));

  write(place("sources/tool/tool/more.py"), "");
  const CallResult second = run({"build", "tool/cpu-avx2", "--json"});
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(statuses(second).at("base-7.0-core" + tail), "not needed");
  EXPECT_EQ(statuses(second).at("base-7.0-package" + tail), "reused");
  EXPECT_EQ(statuses(second).at("tool-7.0-core" + tail), "built");
}

TEST_F(BuildSetupPy, AFailureOfWhatItIsBuiltOnStopsIt) {
  write(place("sources/base/base/module.c"), "#error not today\n");
  const CallResult result = run({"build", "tool/cpu-avx2", "--json"});
  EXPECT_EQ(result.code, 1) << result.err;
  const std::string tail = "-avx2-" + part();
  EXPECT_EQ(statuses(result).at("base-7.0-core" + tail), "failed");
  EXPECT_EQ(statuses(result).at("tool-7.0-core" + tail), "not run");
  EXPECT_NE(result.err.find("not today"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("ortforge shell base/1:base-" + part() + "-cpu-avx2 --step core"),
            std::string::npos)
      << result.err;
}

}  // namespace
}  // namespace ortforge
