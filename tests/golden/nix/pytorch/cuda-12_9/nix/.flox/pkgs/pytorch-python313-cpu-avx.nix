# PyTorch 2.9.1: pytorch-python313-cpu-avx
# GPU: none needed; CPU only
# CPU: AVX, x86_64-linux
# Python: 3.13
# Written by `ortforge generate --backend nix`: changes belong into the matrix.
{
  system ? builtins.currentSystem,
  # nixpkgs: the recipes fetch it without a hash; its PyTorch is 2.9.1, its cuDNN 9.13.0
  nixpkgs ? builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/6a030d535719c5190187c4cec156f335e95e3211.tar.gz";
    sha256 = throw "the hash of nixpkgs 6a030d535719c5190187c4cec156f335e95e3211 is not on record: run 'ortforge lock' where the network is";
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
          "export BLAS=OpenBLAS"
          "export USE_CUDA=0"
          "export USE_CUDNN=0"
          "export USE_FBGEMM=0"
          "export USE_MKLDNN=0"
          "export USE_MKLDNN_CBLAS=0"
          "export USE_NNPACK=0"
        ];
        dontUsePythonImportsCheck = true;
        requiredSystemFeatures = [ "big-parallel" ];
        pname = "pytorch-python313-cpu-avx";
        name = "pytorch-python313-cpu-avx-2.9.1";
        meta = (old.meta or { }) // {
          description = "PyTorch 2.9.1 for CPUs with AVX";
          platforms = [ "x86_64-linux" ];
        };
      });

in
torch
