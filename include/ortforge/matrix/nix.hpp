// What the Nix backend must know of a product's packages in nixpkgs, as matrix/<product>.json holds it
// (docs/matrix.md, Nix). Texts may hold the placeholders of docs/nix.md.
#pragma once

#include <string>
#include <vector>

namespace ortforge {

// A value as a recipe writes it.
struct NixValue {
  enum class Kind {
    boolean,
    text,
    list,       // of texts
    attribute,  // an attribute of the package set: "python313Packages"
    layer,      // an earlier layer of the recipe
  };
  Kind kind = Kind::boolean;
  bool boolean = false;
  std::string text;  // text, attribute or name of the layer
  std::vector<std::string> list;

  bool operator==(const NixValue&) const = default;
};

// NAME = VALUE. Of two with one name that both apply, the later counts.
struct NixSetting {
  std::string name;
  NixValue value;
  std::string when;
};

// A patch that Nix fetches (fetchpatch).
struct NixPatch {
  std::string url;
  std::string sha256;  // SRI text of the normalised patch
  std::string why;
  std::string when;
};

// A change of the package set as a whole.
struct NixOverlay {
  std::string attribute;  // what is replaced: "cudaPackages"
  std::string by;         // another attribute of the set, or empty: itself with `patches`
  std::vector<NixPatch> patches;
  std::string why;
  std::string when;
};

// Compiler flags of the instruction set, put before what a variable holds.
struct NixFlags {
  std::string variable;             // "CXXFLAGS"
  std::vector<std::string> before;  // flags that stand before those of the instruction set
  std::string when;
};

// Lines of shell at the end of a phase hook of the package.
struct NixScript {
  std::string phase;  // "preConfigure"
  std::vector<std::string> lines;
  std::string why;
  std::string when;
};

// A name in a list of the derivation, such as a system feature.
struct NixWord {
  std::string word;
  std::string when;
};

// How a layer treats what the package definition edits itself.
enum class NixEdits {
  keep,     // postPatch stays; the branch's substitutions are part of the package definition
  append,   // the substitutions come behind it
  replace,  // the substitutions come instead of it
};

// One package that is overridden. The last layer of a recipe is the variant's package.
struct NixLayer {
  std::string name;
  std::string like;       // "PRODUCT/BRANCH:LAYER", a layer of another product that it equals; empty: none
  std::string attribute;  // of the package set: "python313Packages.onnxruntime"
  std::vector<NixSetting> arguments;  // of `override`
  std::string source;  // source of the branch that its version and src come from; empty: the package's own
  bool keep_patches = true;       // those of the package definition
  std::vector<NixPatch> patches;  // further ones
  NixEdits edits = NixEdits::keep;
  std::vector<std::string>
      cmake;  // options of the branch's `cmake` that it sets, instead of any of that name
  std::vector<NixFlags> flags;
  bool variables = false;               // exports the variables of the branch's build front end
  std::vector<NixSetting> environment;  // texts, exported before it is configured
  std::vector<NixScript> scripts;
  std::vector<NixSetting> attributes;  // of the derivation
  std::vector<NixWord> features;       // requiredSystemFeatures; none at all: the package's own
};

// Everything, for one branch. No layers: the branch says nothing.
struct NixFacts {
  std::string pin;                 // the package set, a name in the branch's `pins`
  std::vector<NixSetting> config;  // of the package set
  std::vector<NixOverlay> overlays;
  std::vector<NixLayer> layers;  // in order
  std::string origin;
};

}  // namespace ortforge
