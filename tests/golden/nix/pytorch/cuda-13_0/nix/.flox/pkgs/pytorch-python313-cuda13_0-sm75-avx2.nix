# PyTorch 2.10.0: pytorch-python313-cuda13_0-sm75-avx2
# GPU: Turing (SM 75): T4, T4G, RTX 2060, RTX 2070, RTX 2080, RTX 2080 Ti, Titan RTX, Quadro RTX 6000, Quadro RTX 8000
# Driver: 580.65.06 or newer, for CUDA 13.0
# CPU: AVX2 and FMA, x86_64-linux
# Python: 3.13
# Written by `ortforge generate --backend nix`: changes belong into the matrix.
{
  system ? builtins.currentSystem,
  # nixpkgs: the recipes fetch it without a hash; its PyTorch is 2.9.1 and allows CUDA 11 and 12 only (allowBroken)
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
      allowBroken = true;
      cudaSupport = true;
    };
    overlays = [
      # every package that takes CUDA takes the toolkit of the line
      (final: prev: {
        cudaPackages = final.cudaPackages_13_0;
      })
      # it does not compile with CUDA 13
      (final: prev: {
        magma = prev.magma.overrideAttrs (old: { patches = (old.patches or [ ]) ++ [ (final.fetchpatch { url = "https://github.com/icl-utk-edu/magma/commit/235aefb7b064954fce09d035c69907ba8a87cbcd.patch"; hash = "sha256-i9InbxD5HtfonB/GyF9nQhFmok3jZ73RxGcIciGBGvU="; }) ]; });
      })
    ];
  };

  sources = {
    pytorch = pkgs.fetchFromGitHub {
      owner = "pytorch";
      repo = "pytorch";
      tag = "v2.10.0";
      fetchSubmodules = true;
      hash = "sha256-RKiZLHBCneMtZKRgTEuW1K7+Jpi+tx11BMXuS1jC1xQ=";
    };
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
      gpuTargets = [ "7.5" ];
    }).overrideAttrs
      (old: {
        version = "2.10.0";
        src = sources.pytorch;
        patches = [
        ];
        postPatch = builtins.concatStringsSep "\n" [
          (old.postPatch or "")
          # the code asks for TORCH_VERSION_2_10_0
          "printf %s '2.10.0\n' > version.txt"
          # the install step copies this file, nixpkgs removes it, and an empty one breaks the detection of CUDA in gloo: it stands for CMake's own
          "mkdir -p cmake/Modules && printf %s 'set(own_modules \"\${CMAKE_MODULE_PATH}\")\nlist(REMOVE_ITEM CMAKE_MODULE_PATH \"\${CMAKE_CURRENT_LIST_DIR}\")\ninclude(FindCUDAToolkit)\nset(CMAKE_MODULE_PATH \"\${own_modules}\")\n' > cmake/Modules/FindCUDAToolkit.cmake"
        ];
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CXXFLAGS=\"-mavx2 -mfma -mf16c\${CXXFLAGS:+ $CXXFLAGS}\""
          "export CFLAGS=\"-mavx2 -mfma -mf16c\${CFLAGS:+ $CFLAGS}\""
          "export PYTORCH_BUILD_VERSION=2.10.0"
          "export PYTORCH_BUILD_NUMBER=1"
          "export CUDA_VERSION=13.0"
          "export TORCH_CUDA_ARCH_LIST=7.5"
          # the bundled CUTLASS includes <cccl/cuda/std/...>
          "mkdir -p \"$NIX_BUILD_TOP/cccl-compat/cccl\""
          "for part in cuda cub thrust nv; do ln -s ${pkgs.cudaPackages.cuda_cccl}/include/$part \"$NIX_BUILD_TOP/cccl-compat/cccl/\"; done"
          "export CXXFLAGS=\"$CXXFLAGS -I$NIX_BUILD_TOP/cccl-compat\" CFLAGS=\"$CFLAGS -I$NIX_BUILD_TOP/cccl-compat\""
          "export CUDAFLAGS=\"\${CUDAFLAGS-} -I$NIX_BUILD_TOP/cccl-compat\" CMAKE_CUDA_FLAGS=\"\${CMAKE_CUDA_FLAGS-} -I$NIX_BUILD_TOP/cccl-compat\""
        ];
        dontUsePythonImportsCheck = true;
        requiredSystemFeatures = [ "big-parallel" ];
        pname = "pytorch-python313-cuda13_0-sm75-avx2";
        name = "pytorch-python313-cuda13_0-sm75-avx2-2.10.0";
        meta = (old.meta or { }) // {
          description = "PyTorch 2.10.0 for Turing GPUs (SM 75) with CUDA 13.0, on CPUs with AVX2 and FMA";
          platforms = [ "x86_64-linux" ];
        };
      });

in
torch
