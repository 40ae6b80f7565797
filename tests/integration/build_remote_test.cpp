// The shared store over HTTP, by a real nginx: what one home built is not compiled in another.
#include <filesystem>
#include <thread>

#include "support/call.hpp"
#include "support/http_server.hpp"
#include "support/json_schema.hpp"
#include "support/needs.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/source/remote_files.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariant = "simdkernels/cpu-avx2";

constexpr const char* kConfiguration = R"(daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log access.log;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_max_body_size 0;
  server {
    listen 127.0.0.1:@port@;
    root files;
    location / {
      dav_methods PUT;
      create_full_put_path on;
    }
  }
}
)";

// It stands where users do not look.
std::optional<fs::path> nginx() {
  return find_program("nginx", own_environment()["PATH"] + ":/usr/sbin");
}

class BuildRemote : public testing::Test {
 protected:
  void SetUp() override {
    ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home("first"))));
    ORTFORGE_NEEDS(nginx(), "the program nginx");
    const int port = closed_port();
    address_ = "http://127.0.0.1:" + std::to_string(port);
    std::string configuration = kConfiguration;
    configuration.replace(configuration.find("@port@"), 6, std::to_string(port));
    const fs::path place = directory_.path() / "nginx";
    ASSERT_TRUE(write_file(place / "nginx.conf", configuration));
    fs::create_directories(place / "files");
    ASSERT_TRUE(server_->start(
        {{nginx()->string(), "-p", place.string(), "-c", "nginx.conf", "-e", "error.log"}, {}, place}, {}));
    const auto files = remote_address(address_, remote_limits());
    for (int i = 0; i < 200 && !files->has("any"); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    const auto answers = files->has("any");
    ASSERT_TRUE(answers) << answers.error().message;
  }
  void TearDown() override {
    server_->stop_all();
    while (server_->running() > 0 && server_->wait(Milliseconds{100})) {
    }
  }

  fs::path home(const std::string& name) const { return directory_.path() / name; }

  CallResult run(const std::string& name, std::vector<std::string> arguments) {
    fs::create_directories(home(name) / "here");
    for (const char* option : {"--remote", address_.c_str(), "--share-host", "--json"})
      arguments.emplace_back(option);
    return call({home(name) / "home", home(name) / "here", {}, nullptr}, std::move(arguments));
  }

  static std::map<std::string, std::string> by_step(const CallResult& result, const std::string& member) {
    std::map<std::string, std::string> all;
    const Json json = Json::parse(result.out);
    for (const Json& step : json.at("steps")) all[step.at("step")] = step.at(member);
    return all;
  }

  TemporaryDirectory directory_;
  std::string address_;
  std::unique_ptr<ProcessRunner> server_ = make_process_runner();
};

TEST_F(BuildRemote, ASecondHomeCompilesNothing) {
  using Words = std::map<std::string, std::string>;
  const CallResult first = run("first", {"build", kVariant, "--push"});
  ASSERT_EQ(first.code, 0) << first.err << first.out;
  EXPECT_EQ(first.err.find("not put into the remote store"), std::string::npos) << first.err;

  const CallResult planned = run("second", {"plan", kVariant});
  EXPECT_EQ(
      by_step(planned, "state"),
      (Words{{"prepare", "not needed"}, {"core", "not needed"}, {"package", "remote"}, {"test", "remote"}}));
  EXPECT_EQ(schema_violations("plan", planned.out), "");

  const CallResult second = run("second", {"build", kVariant});
  ASSERT_EQ(second.code, 0) << second.err << second.out;
  EXPECT_EQ(
      by_step(second, "status"),
      (Words{{"prepare", "not needed"}, {"core", "not needed"}, {"package", "reused"}, {"test", "reused"}}));
  EXPECT_EQ(by_step(second, "reason").at("package"), "from the remote store");
  EXPECT_FALSE(fs::exists(home("second") / "home" / "logs")) << "no command ran";
  const auto provenance = [&](const std::string& name) {
    return read_file(home(name) / "here" / "result-simdkernels-cpu-avx2" / "provenance.json").value();
  };
  EXPECT_EQ(provenance("second"), provenance("first")) << "it says how the files came to be";
}

TEST_F(BuildRemote, AShellTakesWhatItsStepNeeds) {
  const CallResult first = run("first", {"build", kVariant, "--no-test", "--push"});
  ASSERT_EQ(first.code, 0) << first.err << first.out;
  const std::vector<std::string> look{"shell", kVariant,    "--step", "package",   "--command",
                                      "test",  "--command", "-d",     "--command", "out/core/lib"};
  const CallResult shell = run("second", look);
  EXPECT_EQ(shell.code, 0) << shell.err;
  fs::create_directories(home("third"));
  const CallResult alone = call({home("third") / "home", home("third"), {}, nullptr}, look);
  EXPECT_EQ(alone.code, 2);
  EXPECT_NE(alone.err.find(" has nothing to work on yet: not in the store: simdkernels-1.0.0-core-"),
            std::string::npos)
      << alone.err;
  EXPECT_NE(
      alone.err.find("run 'ortforge build simdkernels/cpu-avx2' first, or name a remote store that has it: "
                     "--remote DIR|URL"),
      std::string::npos)
      << alone.err;
}

TEST_F(BuildRemote, WhatTheHostMadeIsSharedOnlyWhenAskedFor) {
  const fs::path place = home("third");
  fs::create_directories(place);
  const CallResult built = call({place / "home", place, {}, nullptr},
                                {"build", kVariant, "--no-test", "--remote", address_, "--push"});
  ASSERT_EQ(built.code, 0) << built.err;
  EXPECT_TRUE(fs::is_empty(directory_.path() / "nginx" / "files"));
}

}  // namespace
}  // namespace ortforge
