# TorchVision on a torch: its CUDA targets are those of the torch package, whatever that was overridden to.
{
  lib,
  stdenv,
  fetchFromGitHub,
  buildPythonPackage,
  torch,
  numpy,
}:
buildPythonPackage {
  pname = "torchvision";
  version = "0.24.1";
  src = fetchFromGitHub {
    owner = "pytorch";
    repo = "vision";
    tag = "v0.24.1";
    hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  };
  buildInputs = lib.optional torch.cudaSupport torch.cudaPackages.cuda_nvcc;
  propagatedBuildInputs = [
    torch
    numpy
  ];
  preConfigure = lib.optionalString torch.cudaSupport ''
    export TORCH_CUDA_ARCH_LIST="${builtins.concatStringsSep ";" torch.cudaCapabilities}"
  '';
  buildPhase = ''
    c++ $CXXFLAGS -frecord-gcc-switches -fPIC -shared -o libvision.so source.cpp ${torch}/lib/libtorch.so -Wl,-rpath,${torch}/lib
  '';
  installPhase = ''
    mkdir -p $out/lib
    cp libvision.so $out/lib
  '';
  meta = {
    description = "TorchVision";
    platforms = lib.platforms.unix;
    license = lib.licenses.mit;
  };
}
