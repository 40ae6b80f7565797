// Products as matrix/<product>.json holds them: branches, lines, sources, options, components.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ortforge/base/digest.hpp"
#include "ortforge/matrix/nix.hpp"

namespace ortforge {

// Where the content of a source can be had. Origins are tried in order; all give the same content.
struct SourceOrigin {
  enum class Kind { git, archive, debian, wheel, directory };
  Kind kind = Kind::archive;
  std::string url;                  // git, archive: address of the repository or file
  std::string revision;             // git: tag or commit
  bool submodules = false;          // git
  std::string package;              // debian: source package; wheel: project name
  std::string version;              // debian, wheel: exact version
  std::string file;                 // debian: tarball name; wheel: file name
  std::vector<std::string> suites;  // debian: suites whose Sources index may list it
  std::string path;                 // directory: relative to the matrix folder's parent (shipped sources)
};

// One content, identified by one digest.
struct Source {
  enum class DigestKind {
    nar,   // Nix archive hash of the unpacked tree (archive unpacked with its single top folder stripped)
    file,  // SHA-256 of the downloaded file
    none,  // no pin: a directory shipped with the matrix (identified by what it holds), or a source that says
           // `unpinned`
  };
  std::string name;
  std::string version;
  std::string license;
  DigestKind digest_kind = DigestKind::file;
  Digest digest;
  std::string subdirectory;  // part of the unpacked tree that is used; empty: all
  std::string when;          // filter expression over a variant's axes; empty: always
  std::vector<SourceOrigin> origins;
  std::string note;
  std::vector<std::string> holds;  // of a toolkit's wheel: files it must bring, below the prefix
  std::string
      unpinned;  // why no digest is known; backends that fetch sources cannot build variants that need it
};

// An edit of a prepared source tree.
struct Substitution {
  enum class Kind { replace, write_file, delete_file, delete_lines };
  Kind kind = Kind::replace;
  std::string source;  // name of the source whose tree is edited
  std::string file;    // relative to that tree
  std::string from;    // replace: text that must occur in the file; delete_lines: text of the lines that go
  std::string to;      // replace: its replacement; write_file: the content
  int following_lines = 0;  // delete_lines: how many lines after each such line go too
  std::string why;
  std::string when;
};

// A patch applied to a source with `patch -p1`; the patch file lies in a source tree.
struct Patch {
  std::string source;                  // tree that is patched
  std::string from_source;             // tree that holds the patch file
  std::string file;                    // path in that tree
  std::vector<std::string> arguments;  // further arguments of patch(1)
  std::string why;
  std::string when;
};

// A CMake cache variable. `type` is "BOOL", "STRING", "PATH" ...; `value` may hold placeholders
// (docs/matrix.md).
struct CmakeOption {
  std::string name;
  std::string type;
  std::string value;
  std::string when;
  std::string output;   // "lib" or "wheel": set only where that is asked for
  std::string without;  // the same: set only where that is not asked for
};

// An environment variable of a build front end that takes its settings from there (setup.py). `value` may
// hold placeholders.
struct Variable {
  std::string name;
  std::string value;
  std::string when;
};

// What a branch has in place of or beside the facts of an ISA.
struct IsaChange {
  std::vector<std::string> flags;     // compiler flags instead of the ISA's; none: the ISA's
  std::vector<std::string> features;  // names in /proc/cpuinfo that these need beside the ISA's
};

// A command of a component as the matrix writes it; arguments may hold placeholders.
struct CommandTemplate {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;
  std::string directory;  // relative to the work root; empty: the work root
  std::string output;     // "lib" or "wheel" when the command is needed for that output only
  std::string when;
};

// Targets whose compiles need more memory than others; `peak_bytes` 0: there are none.
struct HeavyTargets {
  std::vector<std::string> targets;
  std::uint64_t peak_bytes = 0;
  std::string when;
};

// A part of a variant: the steps of one build tree. Variants that agree on `axes` share it.
struct Component {
  std::string name;
  std::vector<std::string> axes;     // of: isa, sm, cuda, python, platform, accelerator
  std::vector<std::string> needs;    // components (or "prepare") whose outputs this one reads
  std::string kind;                  // "prepare", "build", "package", "test"
  std::string front_end = "cmake";   // build: "cmake" (presets), "setup.py" (the branch's variables)
  std::vector<std::string> files;    // recipe files it reads (patterns), for its key
  std::vector<std::string> tools;    // programs whose versions are recorded
  std::string source_directory;      // build: CMake source directory relative to src/
  std::vector<std::string> targets;  // build: targets of its build preset; empty: all
  bool baseline = false;             // build: compiled for the platform's baseline instead of the ISA
  std::string continues;  // build: the component whose build tree it goes on in; empty: one of its own
  std::vector<CmakeOption> options;
  std::vector<CommandTemplate> commands;
  std::vector<std::string> outputs;  // "lib", "wheel": left out when none of them is asked for; empty: never
  std::string when;
  long long expected_cpu_ms = 0;  // CPU milliseconds when nothing is recorded yet
  std::uint64_t peak_bytes = 0;   // its largest process outside `heavy` when nothing is recorded yet
  HeavyTargets heavy;             // build: what is compiled in a pool of its own
  std::uint64_t disk_bytes = 0;   // work directory at its largest
};

// A need on a component of another product, "pytorch.package" taken apart.
struct ForeignNeed {
  std::string product;
  std::string component;
};

// Nothing for a need on a component of the own pipeline, whose name has no dot.
std::optional<ForeignNeed> foreign_need(const std::string& need);

// One block of SM x ISA combinations of a line; `sms` is empty for CPU variants.
struct VariantBlock {
  std::vector<int> sms;
  std::vector<std::string> isas;
};

// An upstream feature that a line switches off.
struct FeatureOff {
  std::string name;    // for people: "flash attention"
  std::string option;  // the CMake option that is OFF for it
};

// One accelerator stack of a branch.
struct Line {
  std::string name;         // "cuda13_0", "cpu"
  std::string cuda;         // toolkit version "13.0"; empty on CPU lines
  std::string python;       // "3.13"; empty: product without Python
  bool is_default = false;  // the line that short names of its accelerator resolve on
  std::vector<VariantBlock> blocks;
  std::map<std::string, std::string> backend_gaps;  // backend -> fact that makes the line infeasible there
  std::string cuda_home;                // where its environment has the toolkit; empty: the wheels' prefix
  std::vector<Source> toolkit_sources;  // wheels of its toolkit; CUDA lines without any cannot be built yet
  std::vector<FeatureOff> features_off;
  std::map<std::string, std::string> environments;  // component -> where it is built instead of the branch's
  std::string nix_pin;  // the package set that Nix takes for it, of the branch's pins; empty: the branch's
};

// A package collection that a backend takes things from, fixed to one revision ("nixpkgs").
struct Pin {
  std::string url;  // of its archive, with @revision@; empty: not known
  std::string revision;
  std::string digest;  // Nix archive hash of the unpacked archive as SRI text; empty: none recorded
  std::string note;
  std::string origin;
};

// Something a backend cannot do. It concerns the variants that `when` matches (empty: all) and, where
// `option_name` is set, only branches that set this CMake option to this value.
struct Gap {
  std::string backend;
  std::string when;
  std::string option_name;
  std::string option_value;
  std::string rule;  // short name, "pin-toolkit"
  std::string fact;
  std::string origin;
};

// The names of what a line switches off, for people.
std::vector<std::string> names_of_features_off(const Line& line);

struct Branch {
  std::string name;
  std::string version;
  std::string status;
  std::string environment;            // default environment of the CMake backend: "host", "debian-trixie"
  std::vector<std::string> backends;  // "cmake", "nix"
  std::map<std::string, Line> lines;
  std::vector<std::string> line_order;  // as the file lists them
  std::map<std::string, Pin> pins;
  std::vector<Gap> gaps;
  std::map<std::string, Source> sources;
  std::vector<Substitution> substitutions;
  std::vector<Patch> patches;
  std::vector<CmakeOption> options;
  std::vector<Variable> variables;              // of components with the front end setup.py
  std::map<std::string, IsaChange> isas;        // by ISA
  std::map<std::string, std::string> required;  // product -> its branch whose variants these are built on
  std::string pipeline;                         // name of the product's pipeline it is built by
  std::vector<Component> components;            // that pipeline, in order
  NixFacts nix;
  std::string inherits;
  std::string origin;
};

struct Product {
  std::string name;
  std::string title;
  std::string license;
  bool is_default = false;  // the product that names without a product stand for
  std::string default_branch;
  std::string short_prefix;  // first part of full names: "onnxruntime"
  std::map<std::string, Branch> branches;
  std::vector<std::string> branch_order;  // as the file lists them
};

}  // namespace ortforge
