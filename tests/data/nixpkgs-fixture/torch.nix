# PyTorch: built by its setup.py, CUDA targets in the notation 9.0.
{
  lib,
  stdenv,
  fetchFromGitHub,
  buildPythonPackage,
  python,
  config,
  cudaSupport ? config.cudaSupport or false,
  cudaPackages,
  gpuTargets ? [ ],
  magma,
  cmake,
  numpy,
}:
let
  targets = if gpuTargets != [ ] then gpuTargets else [ "8.0" "9.0" ];
in
buildPythonPackage {
  pname = "torch";
  version = "2.9.1";
  src = fetchFromGitHub {
    owner = "pytorch";
    repo = "pytorch";
    tag = "v2.9.1";
    fetchSubmodules = true;
    hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  };
  nativeBuildInputs = [ cmake ] ++ lib.optional cudaSupport cudaPackages.cuda_nvcc;
  buildInputs = lib.optionals cudaSupport [
    cudaPackages.cudnn
    magma
  ];
  propagatedBuildInputs = [ numpy ];
  preConfigure = lib.optionalString cudaSupport ''
    export TORCH_CUDA_ARCH_LIST="${builtins.concatStringsSep ";" targets}"
  '';
  buildPhase = ''
    c++ $CXXFLAGS -frecord-gcc-switches -fPIC -shared -o libtorch.so source.cpp
  '';
  installPhase = ''
    mkdir -p $out/lib
    cp libtorch.so $out/lib
    echo "BLAS=$BLAS TORCH_CUDA_ARCH_LIST=$TORCH_CUDA_ARCH_LIST" > $out/lib/variables
  '';
  passthru = {
    inherit cudaSupport cudaPackages;
    cudaCapabilities = [ "8.0" "9.0" ];
  };
  meta = {
    description = "PyTorch";
    platforms = lib.platforms.unix;
    license = lib.licenses.mit;
  };
}
