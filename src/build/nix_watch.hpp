// Follows the derivations that Nix builds: what runs, what each printed, how it ended. Inner header of
// `build`.
#pragma once

#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "ortforge/build/nix_build.hpp"

namespace ortforge::build_detail {

// One derivation that Nix built, or tried to.
struct NixBuilt {
  std::string derivation;
  std::int64_t started_ms = 0;
  std::int64_t finished_ms = 0;  // 0: not ended as far as Nix said
  std::string log;               // path below the home
  std::string tail;              // last lines of it, without colours
  bool told = false;             // the listener knows how it ended
};

class NixWatch {
 public:
  explicit NixWatch(NixContext& context) : context_(context) {}
  ~NixWatch() { close(); }
  NixWatch(const NixWatch&) = delete;
  NixWatch& operator=(const NixWatch&) = delete;

  void take(const NixEvent& event);
  // Tells the listener how far it is.
  void tell();
  // Of a call of Nix that has ended: nothing runs any more.
  void close();

  // In the order in which they started.
  const std::vector<NixBuilt>& built() const { return built_; }
  const std::map<std::string, NixFailure>& failures() const { return failures_; }  // by derivation
  const std::map<std::string, std::string>& fetched() const { return fetched_; }   // path -> binary cache

 private:
  struct Active {
    std::size_t index = 0;  // in built_
    std::string phase;
    std::string line;
    std::deque<std::string> tail;
    std::ofstream log;
  };

  void start(const NixEvent& event);
  void add_line(Active& active, const std::string& line);
  void stop(std::uint64_t activity);
  void take_failure(NixFailure failure);
  NixBuilt* find(const std::string& derivation);
  void keep_tail(Active& active);

  NixContext& context_;
  std::int64_t begun_ms_ = 0;
  std::uint64_t all_ = 0;  // the activity that counts all builds; 0: not known yet
  NixEvent counts_;
  std::map<std::uint64_t, Active> active_;
  std::vector<NixBuilt> built_;
  std::map<std::string, NixFailure> failures_;
  std::map<std::string, std::string> fetched_;
};

}  // namespace ortforge::build_detail
