// ONNX Runtime for real: what ORTFORGE_HOME holds is verified and run, what it lacks is built as far as the
// time goes.
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "support/call.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_directory.hpp"
#include "support/user_home.hpp"
#include <gtest/gtest.h>

#include "ortforge/base/file.hpp"
#include "ortforge/base/json_reader.hpp"
#include "ortforge/build/store.hpp"
#include "ortforge/hardware/host.hpp"

namespace ortforge {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariant = "onnxruntime/ort-1.21:cpu-avx2";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

// Seconds the build may take: up to ORTFORGE_REAL_DEADLINE (seconds since 1970), else an hour.
long long budget_seconds() {
  const std::string deadline = variable("ORTFORGE_REAL_DEADLINE");
  if (deadline.empty()) return 3600;
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  return std::stoll(deadline) - now.count();
}

// Requests an interrupt when a time is over, unless it goes away before.
class Alarm {
 public:
  Alarm(Interrupt& interrupt, std::chrono::seconds after)
      : thread_([this, &interrupt, after] {
          std::unique_lock lock(mutex_);
          if (!done_.wait_for(lock, after, [this] { return over_; })) interrupt.request();
        }) {}
  ~Alarm() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    done_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false;
  std::thread thread_;
};

TEST(RealOnnxRuntime, CpuAvx2IsBuiltAndItsModelsGiveTheExpectedValues) {
  const fs::path home = user_home();
  ORTFORGE_SKIP_WITHOUT(check_sandbox(environment_context(home)));
  const auto host = detect_host();
  ASSERT_TRUE(host);
  if (host->platform != "x86_64-linux")
    GTEST_SKIP() << "cpu-avx2 is for x86_64-linux, this is " << host->platform;
  const long long seconds = budget_seconds();
  if (seconds < 30) GTEST_SKIP() << "no time is left for it (" << seconds << " s)";
  const TemporaryDirectory here;

  // A test that has passed before runs again: its step leaves the store, the library it tests stays.
  const CallResult plan = call({home, here.path(), {}, nullptr}, {"plan", kVariant, "--json"});
  ASSERT_EQ(plan.code, 0) << plan.err;
  const Json steps = Json::parse(plan.out).at("steps");
  const Store store(home);
  for (const Json& step : steps) {
    if (step.at("step") != "test" || step.at("key").is_null()) continue;
    const auto tested = store.find(step.at("key"), step.at("scope"));
    ASSERT_TRUE(tested) << tested.error().message;
    if (*tested) {
      ASSERT_TRUE(store.remove(**tested));
    }
  }
  Interrupt interrupt;
  CallResult built;
  {
    const Alarm alarm(interrupt, std::chrono::seconds(seconds));
    built = call({home, here.path(), {}, &interrupt}, {"build", kVariant, "--json"});
  }
  if (built.code == 130)
    GTEST_SKIP() << "the time ran out after " << seconds << " s; what is done is kept for the next run\n"
                 << built.err;
  ASSERT_EQ(built.code, 0) << built.err << built.out;
  EXPECT_EQ(Json::parse(built.out).at("variants").at(0).at("status"), "tested");

  // What the store holds is what was recorded.
  const Json built_steps = Json::parse(built.out).at("steps");
  for (const Json& step : built_steps) {
    if (step.at("step") != "package") continue;
    const auto entry = store.find(step.at("key"), step.at("scope"));
    ASSERT_TRUE(entry && *entry);
    EXPECT_FALSE((*entry)->artefacts.empty());
    EXPECT_EQ(store.verify(**entry).value(), std::vector<std::string>{});
  }
  const fs::path result = here.path() / "result-onnxruntime-python313-cpu-avx2";
  const auto imported =
      run_captured({{(result / "bin" / "python").string(), "-c",
                     "import onnxruntime as o; print(o.__version__, o.get_available_providers())"},
                    own_environment(),
                    here.path()});
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->output, "1.21.0 ['CPUExecutionProvider']\n");
}

}  // namespace
}  // namespace ortforge
