# PyTorch 2.8.0: pytorch-python313-cuda12_8-sm61-avx
# GPU: Pascal (SM 61): GTX 1060, GTX 1070, GTX 1080, GTX 1080 Ti, Titan Xp, Tesla P40, Tesla P4
# Driver: 525.60.13 or newer, for CUDA 12.8
# CPU: AVX, x86_64-linux
# Python: 3.13
# Written by `ortforge generate --backend nix`: changes belong into the matrix.
{
  system ? builtins.currentSystem,
  # nixpkgs: named in the README; the recipes take the caller's package set. Its CUDA is 12.8
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
      cudaSupport = true;
    };
    overlays = [
      # every package that takes CUDA takes the toolkit of the line
      (final: prev: {
        cudaPackages = final.cudaPackages_12_8;
      })
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
      cudaSupport = true;
      gpuTargets = [ "6.1" ];
    }).overrideAttrs
      (old: {
        cmakeFlags =
          without [
            "CXX_AVX2_FOUND"
            "C_AVX2_FOUND"
            "CXX_AVX512_FOUND"
            "C_AVX512_FOUND"
            "CAFFE2_COMPILER_SUPPORTS_AVX512_EXTENSIONS"
          ] (old.cmakeFlags or [ ])
          ++ [
            "-DCXX_AVX2_FOUND:BOOL=FALSE"
            "-DC_AVX2_FOUND:BOOL=FALSE"
            "-DCXX_AVX512_FOUND:BOOL=FALSE"
            "-DC_AVX512_FOUND:BOOL=FALSE"
            "-DCAFFE2_COMPILER_SUPPORTS_AVX512_EXTENSIONS:BOOL=FALSE"
          ];
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CXXFLAGS=\"-mavx -mno-fma -mno-bmi -mno-bmi2 -mno-avx2\${CXXFLAGS:+ $CXXFLAGS}\""
          "export CFLAGS=\"-mavx -mno-fma -mno-bmi -mno-bmi2 -mno-avx2\${CFLAGS:+ $CFLAGS}\""
          "export TORCH_CUDA_ARCH_LIST=6.1"
          "export USE_CUDNN=0"
          "export USE_FBGEMM=0"
          "export USE_MKLDNN=0"
          "export USE_MKLDNN_CBLAS=0"
          "export USE_NNPACK=0"
        ];
        dontUsePythonImportsCheck = true;
        requiredSystemFeatures = [ "big-parallel" ];
        pname = "pytorch-python313-cuda12_8-sm61-avx";
        name = "pytorch-python313-cuda12_8-sm61-avx-2.8.0";
        meta = (old.meta or { }) // {
          description = "PyTorch 2.8.0 for Pascal GPUs (SM 61) with CUDA 12.8, on CPUs with AVX";
          platforms = [ "x86_64-linux" ];
        };
      });

in
torch
