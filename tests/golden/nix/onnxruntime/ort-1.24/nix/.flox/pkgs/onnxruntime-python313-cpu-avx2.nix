# ONNX Runtime 1.24.2: onnxruntime-python313-cpu-avx2
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
    abseil_cpp = pkgs.fetchFromGitHub {
      owner = "abseil";
      repo = "abseil-cpp";
      tag = "20250814.0";
      hash = "sha256-6Ro7miql9+wcArsOKTjlyDSyD91rmmPsIfO5auk9kiI=";
    };
    onnx = pkgs.fetchFromGitHub {
      owner = "onnx";
      repo = "onnx";
      tag = "v1.20.1";
      hash = "sha256-XZJXD6sBvVJ6cLPyDkKOW8oSkjqcw9whUqDWd7dxY3c=";
    };
    onnxruntime = pkgs.fetchFromGitHub {
      owner = "microsoft";
      repo = "onnxruntime";
      tag = "v1.24.2";
      fetchSubmodules = true;
      hash = "sha256-eUxjijbUDoaaRDV3LASsrOK1kMCypbw3dWkoaw4ZU7Q=";
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
        version = "1.24.2";
        src = sources.onnxruntime;
        patches = [
        ];
        postPatch = builtins.concatStringsSep "\n" [
          # CMake install dirs are already absolute, so the prefix must not be prepended in the pkg-config file
          "substituteInPlace cmake/libonnxruntime.pc.cmake.in --replace-fail '\${prefix}/@CMAKE_INSTALL_' @CMAKE_INSTALL_"
        ];
        cmakeFlags =
          without [
            "onnxruntime_BUILD_UNIT_TESTS"
            "FETCHCONTENT_SOURCE_DIR_ONNX"
            "FETCHCONTENT_SOURCE_DIR_ABSEIL_CPP"
          ] (old.cmakeFlags or [ ])
          ++ [
            "-Donnxruntime_BUILD_UNIT_TESTS:BOOL=FALSE"
            "-DFETCHCONTENT_SOURCE_DIR_ONNX:STRING=${sources.onnx}"
            "-DFETCHCONTENT_SOURCE_DIR_ABSEIL_CPP:STRING=${sources.abseil_cpp}"
          ];
        preConfigure = builtins.concatStringsSep "\n" [
          (old.preConfigure or "")
          "export CXXFLAGS=\"-mavx2 -mfma\${CXXFLAGS:+ $CXXFLAGS}\""
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
        name = "onnxruntime-python313-cpu-avx2-1.24.2";
        meta = (old.meta or { }) // {
          description = "ONNX Runtime 1.24.2 for CPUs with AVX2 and FMA";
          platforms = [ "x86_64-linux" ];
        };
      });

in
python
