# ONNX Runtime 1.22.2: onnxruntime-python313-cuda12_9-sm75-avx2
# GPU: Turing (SM 75): T4, T4G, RTX 2060, RTX 2070, RTX 2080, RTX 2080 Ti, Titan RTX, Quadro RTX 6000, Quadro RTX 8000
# Driver: 525.60.13 or newer, for CUDA 12.9
# CPU: AVX2 and FMA, x86_64-linux
# Python: 3.13
# Written by `ortforge generate --backend nix`: changes belong into the matrix.
{
  system ? builtins.currentSystem,
  # nixpkgs: its ONNX Runtime is 1.23.2
  nixpkgs ? builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0.tar.gz";
    sha256 = "sha256-dYP3DjiL7oIiiq3H65tGIXXIT1Waiadmv93JS0sS+8A=";
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
        cudaPackages = final.cudaPackages_12_9;
      })
    ];
  };

  sources = {
    cutlass = pkgs.fetchFromGitHub {
      owner = "NVIDIA";
      repo = "cutlass";
      tag = "v3.5.1";
      hash = "sha256-sTGYN+bjtEqQ7Ootr/wvx3P9f8MCDSSj3qyCWjfdLEA=";
    };
    onnx = pkgs.fetchFromGitHub {
      owner = "onnx";
      repo = "onnx";
      tag = "v1.17.0";
      hash = "sha256-9oORW0YlQ6SphqfbjcYb0dTlHc+1gzy9quH/Lj6By8Q=";
    };
    onnxruntime = pkgs.fetchFromGitHub {
      owner = "microsoft";
      repo = "onnxruntime";
      tag = "v1.22.2";
      fetchSubmodules = true;
      hash = "sha256-X8Pdtc0eR0iU+Xi2A1HrNo1xqCnoaxNjj4QFm/E3kSE=";
    };
  };

  # The flags of a package without those that set one of these options.
  without =
    names:
    builtins.filter (
      flag: !(builtins.any (name: builtins.match "-D${name}(:[A-Z]+)?=.*" flag != null) names)
    );

  core =
    (pkgs.onnxruntime.override {
      cudaSupport = true;
      pythonSupport = true;
      python3Packages = pkgs.python313Packages;
    }).overrideAttrs
      (old: {
        version = "1.22.2";
        src = sources.onnxruntime;
        patches = [
        ];
        postPatch = builtins.concatStringsSep "\n" [
          # CMake install dirs are already absolute, so the prefix must not be prepended in the pkg-config file
          "substituteInPlace cmake/libonnxruntime.pc.cmake.in --replace-fail '\${prefix}/@CMAKE_INSTALL_' @CMAKE_INSTALL_"
          # use the packaged cudnn-frontend instead of downloading it (file exists upstream from 1.20 on)
          "mkdir -p cmake/external && printf %s 'find_package(cudnn_frontend REQUIRED)\n' > cmake/external/cudnn_frontend.cmake"
          # GCC 15 no longer includes <cstdint> transitively
          "substituteInPlace onnxruntime/core/optimizer/transpose_optimization/optimizer_api.h --replace-fail '#pragma once' '#pragma once\n#include <cstdint>'"
          # lets the core find libonnxruntime_providers_*.so next to the installed library
          "substituteInPlace onnxruntime/core/platform/env.h --replace-fail 'GetRuntimePath() const { return PathString(); }' 'GetRuntimePath() const { return PathString(\"${placeholder "out"}/lib/\"); }'"
        ];
        cmakeFlags =
          without [
            "CMAKE_CUDA_ARCHITECTURES"
            "onnxruntime_BUILD_UNIT_TESTS"
            "FETCHCONTENT_SOURCE_DIR_CUTLASS"
            "FETCHCONTENT_SOURCE_DIR_ONNX"
          ] (old.cmakeFlags or [ ])
          ++ [
            "-DCMAKE_CUDA_ARCHITECTURES:STRING=75"
            "-Donnxruntime_BUILD_UNIT_TESTS:BOOL=FALSE"
            "-DFETCHCONTENT_SOURCE_DIR_CUTLASS:STRING=${sources.cutlass}"
            "-DFETCHCONTENT_SOURCE_DIR_ONNX:STRING=${sources.onnx}"
          ];
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CXXFLAGS=\"-mavx2 -mfma\${CXXFLAGS:+ $CXXFLAGS}\""
          "export CFLAGS=\"-mavx2 -mfma\${CFLAGS:+ $CFLAGS}\""
        ];
        doCheck = false;
        requiredSystemFeatures = [ "big-parallel" ];
      });

  python =
    (pkgs.python313Packages.onnxruntime.override {
      onnxruntime = core;
    }).overrideAttrs
      (old: {
        dontUsePythonImportsCheck = true;
        pname = "onnxruntime-python313-cuda12_9-sm75-avx2";
        name = "onnxruntime-python313-cuda12_9-sm75-avx2-1.22.2";
        meta = (old.meta or { }) // {
          description = "ONNX Runtime 1.22.2 for Turing GPUs (SM 75) with CUDA 12.9, on CPUs with AVX2 and FMA";
          platforms = [ "x86_64-linux" ];
        };
      });

in
python
