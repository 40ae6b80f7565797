// A matrix made by hand whose product is built with Nix too.
#pragma once

#include "support/small_matrix.hpp"

namespace ortforge {

// small_matrix() with the pin "nixpkgs" and one layer "tool", the package demo.tool with the flags of the
// instruction set in CFLAGS. Tests change what they are about.
inline Matrix nix_matrix() {
  Matrix matrix = small_matrix();
  matrix.hardware.isas.at("avx2").title = "AVX2";
  Branch& branch = demo_branch(matrix);
  branch.backends = {"cmake", "nix"};
  Pin& pin = branch.pins["nixpkgs"];
  pin.url = "https://example.org/@revision@.tar.gz";
  pin.revision = "0123abcd";
  pin.digest = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  NixLayer layer;
  layer.name = "tool";
  layer.attribute = "demo.tool";
  NixFlags flags;
  flags.variable = "CFLAGS";
  layer.flags = {flags};
  branch.nix.pin = "nixpkgs";
  branch.nix.layers = {layer};
  return matrix;
}

}  // namespace ortforge
