// Hardware facts as matrix/hardware.json holds them: GPUs, compute capabilities, instruction sets, CUDA
// toolkits.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ortforge {

// "x86_64-linux": the CPU architecture and operating system a variant is for.
struct Platform {
  std::string name;
  std::string machine;                      // `uname -m`
  std::vector<std::string> baseline_flags;  // compiler flags every CPU of the platform can run
  std::string origin;
};

// A CUDA compute capability as nvcc names its SASS target: sm_90 is number 90.
struct Sm {
  int number = 0;
  std::string compute_capability;  // "9.0"
  std::string architecture;        // "Hopper"
  std::string first_driver;        // first driver branch that knows the GPU; empty: no public driver branch
  std::vector<std::string> platforms;  // platforms the hardware exists on
  // ISAs that exist beside it, platform by platform: where an ISA of a platform is listed, only the listed
  // ones exist there; a platform of which none is listed has every ISA beside it.
  std::vector<std::string> isas;
  std::string note;
  std::string origin;
};

// A GPU product and the compute capability it has.
struct Gpu {
  std::string name;
  std::string architecture;
  int sm = 0;
  std::string first_driver;  // where it needs a newer driver than the first GPUs of its compute capability
  std::string origin;
};

// A CPU instruction set level that variants are compiled for.
struct Isa {
  std::string name;                   // "avx512"
  std::string title;                  // "AVX-512 (F, DQ, VL, BW)"
  std::string platform;               // "x86_64-linux"
  int rank = 0;                       // higher wins when a host can run several
  std::vector<std::string> flags;     // compiler flags
  std::vector<std::string> features;  // names in /proc/cpuinfo that the host must list
  std::vector<std::string> macros;    // predefined macros the flags switch on
  std::vector<std::string> cpus;      // archspec microarchitectures that satisfy it
  std::vector<std::string> not_cpus;  // archspec microarchitectures that do not, and are often mistaken
  std::string note;
  std::string origin;
};

struct CompilerRange {
  std::string name;       // "gcc", "clang"
  int highest_major = 0;  // newest major version the toolkit accepts
  std::string origin;
};

// A CUDA toolkit: what its compiler can produce and what it needs.
struct Toolkit {
  std::string version;               // "13.0"
  std::vector<std::string> targets;  // as `nvcc --list-gpu-code` names them, without "sm_": "90", "90a"
  std::string driver;                // toolkit driver (needed when PTX is compiled at run time)
  std::string driver_floor;          // minor-version compatibility floor (SASS only)
  std::vector<CompilerRange> host_compilers;
  std::string origin;
};

// A rule about drivers, for people.
struct DriverRule {
  std::string rule;
  std::string origin;
};

struct Hardware {
  std::map<std::string, Platform> platforms;
  std::map<int, Sm> sms;
  std::vector<Gpu> gpus;
  std::map<std::string, Isa> isas;
  std::map<std::string, Toolkit> toolkits;
  std::vector<DriverRule> driver_rules;
};

// Whether a toolkit's compiler has a target of its own for an SM: "90" in its list, not "90a".
bool has_target(const Toolkit& toolkit, int sm);

// Whether an ISA exists beside the GPUs of an SM, on a platform they exist on.
bool stands_beside(const Hardware& hardware, const Sm& sm, const Isa& isa);

// The driver that compiled code (SASS) of a toolkit needs on GPUs of an SM: the highest of the toolkit's
// minor-version floor and the first driver that knows the GPU. Source: NVIDIA CUDA compatibility guide.
std::string driver_needed(const Toolkit& toolkit, const Sm& sm);

}  // namespace ortforge
