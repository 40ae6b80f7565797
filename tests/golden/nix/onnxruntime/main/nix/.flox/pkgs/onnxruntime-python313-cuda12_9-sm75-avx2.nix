# ONNX Runtime 1.23.2: onnxruntime-python313-cuda12_9-sm75-avx2
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
        cmakeFlags =
          without [
            "CMAKE_CUDA_ARCHITECTURES"
            "onnxruntime_BUILD_UNIT_TESTS"
          ] (old.cmakeFlags or [ ])
          ++ [
            "-DCMAKE_CUDA_ARCHITECTURES:STRING=75"
            "-Donnxruntime_BUILD_UNIT_TESTS:BOOL=FALSE"
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
        name = "onnxruntime-python313-cuda12_9-sm75-avx2-1.23.2";
        meta = (old.meta or { }) // {
          description = "ONNX Runtime 1.23.2 for Turing GPUs (SM 75) with CUDA 12.9, on CPUs with AVX2 and FMA";
          platforms = [ "x86_64-linux" ];
        };
      });

in
python
