# ONNX Runtime 1.20.1: onnxruntime-python313-cpu-avx2
# GPU: none needed; CPU only
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
    };
    overlays = [
    ];
  };

  sources = {
    google_nsync = pkgs.fetchFromGitHub {
      owner = "google";
      repo = "nsync";
      tag = "1.26.0";
      hash = "sha256-pE9waDI+6LQwbyPJ4zROoF93Vt6+SETxxJ/UxeZE5WE=";
    };
    onnx = pkgs.fetchFromGitHub {
      owner = "onnx";
      repo = "onnx";
      tag = "v1.16.1";
      hash = "sha256-I1wwfn91hdH3jORIKny0Xc73qW2P04MjkVCgcaNnQUE=";
    };
    onnxruntime = pkgs.fetchFromGitHub {
      owner = "microsoft";
      repo = "onnxruntime";
      tag = "v1.20.1";
      fetchSubmodules = true;
      hash = "sha256-xIjR2HsVIqc78ojSXzoTGIxk7VndGYa8o4pVB8U8oXI=";
    };
    pthreadpool = pkgs.fetchFromGitHub {
      owner = "Maratyszcza";
      repo = "pthreadpool";
      rev = "4fe0e1e183925bf8cfa6aae24237e724a96479b8";
      hash = "sha256-R4YmNzWEELSkAws/ejmNVxqXDTJwcqjLU/o/HvgRn2E=";
    };
    pytorch_cpuinfo = pkgs.fetchFromGitHub {
      owner = "pytorch";
      repo = "cpuinfo";
      rev = "ca678952a9a8eaa6de112d154e8e104b22f9ab3f";
      hash = "sha256-UKy9TIiO/UJ5w+qLRlMd085CX2qtdVH2W3rtxB5r6MY=";
    };
    utf8_range = pkgs.fetchFromGitHub {
      owner = "protocolbuffers";
      repo = "utf8_range";
      rev = "72c943dea2b9240cd09efde15191e144bc7c7d38";
      hash = "sha256-rhd035bVtMYrHl6yzrchKuYPrscHC5uxivdyzDtIwo0=";
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
      cudaSupport = false;
      pythonSupport = true;
      python3Packages = pkgs.python313Packages;
    }).overrideAttrs
      (old: {
        version = "1.20.1";
        src = sources.onnxruntime;
        patches = [
        ];
        postPatch = builtins.concatStringsSep "\n" [
          # CMake install dirs are already absolute, so the prefix must not be prepended in the pkg-config file
          "substituteInPlace cmake/libonnxruntime.pc.cmake.in --replace-fail '\${prefix}/@CMAKE_INSTALL_' @CMAKE_INSTALL_"
          # GCC 15 no longer includes <cstdint> transitively
          "substituteInPlace onnxruntime/core/optimizer/transpose_optimization/optimizer_api.h --replace-fail '#pragma once' '#pragma once\n#include <cstdint>'"
          # GCC 15: missing transitive <cstring>
          "substituteInPlace onnxruntime/core/optimizer/transpose_optimization/onnx_transpose_optimization.cc --replace-fail '#include <cassert>' '#include <cassert>\n#include <cstring>'"
          # ClearedCount/ReleaseCleared were removed in protobuf 5.26 (C++ 26); nixpkgs has protobuf 32.1
          "grep -qF -e ClearedCount onnxruntime/core/graph/graph.cc || exit 1; sed -i -e /ClearedCount/,+3d onnxruntime/core/graph/graph.cc"
          # system cpuinfo exports no separate clog target
          "substituteInPlace cmake/external/onnxruntime_external_deps.cmake --replace-fail 'set(ONNXRUNTIME_CLOG_TARGET_NAME clog)' 'set(ONNXRUNTIME_CLOG_TARGET_NAME cpuinfo::cpuinfo)'"
          # GCC 15 emits warnings that these versions turn into errors
          "substituteInPlace cmake/CMakeLists.txt --replace-fail 'COMPILE_WARNING_AS_ERROR ON' 'COMPILE_WARNING_AS_ERROR OFF'"
          # lets the core find libonnxruntime_providers_*.so next to the installed library
          "substituteInPlace onnxruntime/core/platform/env.h --replace-fail 'GetRuntimePath() const { return PathString(); }' 'GetRuntimePath() const { return PathString(\"${placeholder "out"}/lib/\"); }'"
        ];
        cmakeFlags =
          without [
            "CMAKE_COMPILE_WARNING_AS_ERROR"
            "CMAKE_POLICY_VERSION_MINIMUM"
            "onnxruntime_BUILD_UNIT_TESTS"
            "FETCHCONTENT_SOURCE_DIR_ONNX"
            "FETCHCONTENT_SOURCE_DIR_GOOGLE_NSYNC"
            "FETCHCONTENT_SOURCE_DIR_PTHREADPOOL"
            "FETCHCONTENT_SOURCE_DIR_PYTORCH_CPUINFO"
            "FETCHCONTENT_SOURCE_DIR_UTF8_RANGE"
          ] (old.cmakeFlags or [ ])
          ++ [
            "-DCMAKE_COMPILE_WARNING_AS_ERROR:BOOL=FALSE"
            "-DCMAKE_POLICY_VERSION_MINIMUM:STRING=3.5"
            "-Donnxruntime_BUILD_UNIT_TESTS:BOOL=FALSE"
            "-DFETCHCONTENT_SOURCE_DIR_ONNX:STRING=${sources.onnx}"
            "-DFETCHCONTENT_SOURCE_DIR_GOOGLE_NSYNC:STRING=${sources.google_nsync}"
            "-DFETCHCONTENT_SOURCE_DIR_PTHREADPOOL:STRING=${sources.pthreadpool}"
            "-DFETCHCONTENT_SOURCE_DIR_PYTORCH_CPUINFO:STRING=${sources.pytorch_cpuinfo}"
            "-DFETCHCONTENT_SOURCE_DIR_UTF8_RANGE:STRING=${sources.utf8_range}"
          ];
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CXXFLAGS=\"-Wno-error -mavx2 -mfma\${CXXFLAGS:+ $CXXFLAGS}\""
          "export CFLAGS=\"-mavx2 -mfma\${CFLAGS:+ $CFLAGS}\""
        ];
        doCheck = false;
      });

  python =
    (pkgs.python313Packages.onnxruntime.override {
      onnxruntime = core;
    }).overrideAttrs
      (old: {
        dontUsePythonImportsCheck = true;
        pname = "onnxruntime-python313-cpu-avx2";
        name = "onnxruntime-python313-cpu-avx2-1.20.1";
        meta = (old.meta or { }) // {
          description = "ONNX Runtime 1.20.1 for CPUs with AVX2 and FMA";
          platforms = [ "x86_64-linux" ];
        };
      });

in
python
