# TorchVision 0.23.0: torchvision-python313-cpu-avx2
# GPU: none needed; CPU only
# CPU: AVX2 and FMA, x86_64-linux
# Python: 3.13
# Written by `ortforge generate --backend nix`: changes belong into the matrix.
{
  system ? builtins.currentSystem,
  # nixpkgs: the recipes fetch it without a hash; its CUDA is 12.8
  nixpkgs ? builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/fe5e41d7ffc0421f0913e8472ce6238ed0daf8e3.tar.gz";
    sha256 = throw "the hash of nixpkgs fe5e41d7ffc0421f0913e8472ce6238ed0daf8e3 is not on record: run 'ortforge lock' where the network is";
  },
}:
let
  pkgs = import nixpkgs {
    inherit system;
    config = {
      allowUnfree = true;
    };
    overlays = [
    ];
  };

  # The flags of a package without those that set one of these options.
  without =
    names:
    builtins.filter (
      flag: !(builtins.any (name: builtins.match "-D${name}(:[A-Z]+)?=.*" flag != null) names)
    );

  torch =
    (pkgs.python313Packages.torch.override {
      cudaSupport = false;
    }).overrideAttrs
      (old: {
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CXXFLAGS=\"-mavx2 -mfma -mf16c\${CXXFLAGS:+ $CXXFLAGS}\""
          "export CFLAGS=\"-mavx2 -mfma -mf16c\${CFLAGS:+ $CFLAGS}\""
          "export BLAS=OpenBLAS"
          "export USE_CUDA=0"
          "export USE_CUDNN=0"
          "export USE_MKLDNN=1"
          "export USE_MKLDNN_CBLAS=1"
        ];
        dontUsePythonImportsCheck = true;
        requiredSystemFeatures = [ "big-parallel" ];
      });

  vision =
    (pkgs.python313Packages.torchvision.override {
      torch = torch;
    }).overrideAttrs
      (old: {
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CXXFLAGS=\"-mavx2 -mfma -mf16c\${CXXFLAGS:+ $CXXFLAGS}\""
          "export CFLAGS=\"-mavx2 -mfma -mf16c\${CFLAGS:+ $CFLAGS}\""
        ];
        dontUsePythonImportsCheck = true;
        requiredSystemFeatures = [ "big-parallel" ];
        pname = "torchvision-python313-cpu-avx2";
        name = "torchvision-python313-cpu-avx2-0.23.0";
        meta = (old.meta or { }) // {
          description = "TorchVision 0.23.0 for CPUs with AVX2 and FMA";
          platforms = [ "x86_64-linux" ];
        };
      });

in
vision
