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
  meta = {
    description = "TorchVision";
    platforms = lib.platforms.unix;
    license = lib.licenses.mit;
  };
}
