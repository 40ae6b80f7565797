# A small package set that stands for nixpkgs in tests: the packages that recipes override, with the names of
# the arguments that nixpkgs' own definitions have and nothing that swallows a wrong one. What they are made of
# is left out: a build compiles one small file with the machine's compiler, so it needs Nix without a sandbox. A
# recipe is given it as its argument `nixpkgs`.
{
  system ? builtins.currentSystem,
  config ? { },
  overlays ? [ ],
  # Whether what is fetched must have the digest that was asked for. It never has.
  verify ? true,
  # Name of a package -> lines of shell that its build begins with.
  trouble ? (name: ""),
}:
let
  lib = import ./lib.nix;

  packages =
    self:
    let
      callPackage = lib.callPackageWith self;
      stub = pname: self.stdenv.mkDerivation { inherit pname; version = "1"; };
      stubs = names: builtins.listToAttrs (map (name: { inherit name; value = stub name; }) names);
    in
    stubs [
      "autoPatchelfHook"
      "cmake"
      "cpuinfo"
      "eigen"
      "glibcLocales"
      "gtest"
      "howard-hinnant-date"
      "libpng"
      "magma"
      "microsoft-gsl"
      "nlohmann_json"
      "onednn"
      "openblas"
      "openvino"
      "pkg-config"
      "protobuf"
      "removeReferencesTo"
      "zlib"
    ]
    // {
      inherit lib system config;
      stdenv = import ./stdenv.nix {
        inherit
          lib
          system
          config
          trouble
          ;
      };
      inherit (import ./fetchers.nix { inherit (self) stdenv; inherit lib verify; })
        fetchFromGitHub
        fetchgit
        fetchpatch
        fetchurl
        fetchzip
        ;
      abseil-cpp_202407 = stub "abseil-cpp" // {
        src = "/nix/store/abseil-cpp-src";
      };
      flatbuffers_23 = stub "flatbuffers" // {
        src = "/nix/store/flatbuffers-src";
      };
      re2 = stub "re2" // {
        src = "/nix/store/re2-src";
      };
      darwinMinVersionHook = version: stub "darwin-min-version-hook";
      rocmPackages = { };

      cudaPackages = self.cudaPackages_12_8;
      cudaPackages_12_4 = throw "CUDA 12.4 has been removed from Nixpkgs";
      cudaPackages_12_8 = callPackage ./cuda-packages.nix { version = "12.8"; };
      cudaPackages_12_9 = callPackage ./cuda-packages.nix { version = "12.9"; };
      cudaPackages_13_0 = callPackage ./cuda-packages.nix { version = "13.0"; };

      onnxruntime = callPackage ./onnxruntime.nix { };
      python312Packages = callPackage ./python-packages.nix { version = "3.12.12"; };
      python313Packages = callPackage ./python-packages.nix { version = "3.13.11"; };
      python3Packages = self.python313Packages;
    };

  apply = base: overlay: self: let prev = base self; in prev // overlay self prev;
  final = builtins.foldl' apply packages overlays final;
in
final
