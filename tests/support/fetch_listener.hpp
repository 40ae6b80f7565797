// Listens to fetches: keeps what it is told, and lets a test act on progress.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ortforge/source/source.hpp"

namespace ortforge {

class TestFetchListener : public FetchListener {
 public:
  explicit TestFetchListener(std::function<void()> on_progress = {}) : on_progress_(std::move(on_progress)) {}

  void started(const Source& source) override { told.push_back("started " + source.name); }
  void progress(const Source& source, std::uint64_t, std::uint64_t) override {
    last_progress = source.name;
    if (on_progress_) on_progress_();
  }
  void finished(const Source& source) override { told.push_back("finished " + source.name); }

  std::vector<std::string> told;  // starts and ends, in order
  std::string last_progress;      // name of the source it was about

 private:
  std::function<void()> on_progress_;
};

}  // namespace ortforge
