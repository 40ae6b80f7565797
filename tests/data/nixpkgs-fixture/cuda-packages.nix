# A toolkit: everything in it has an unfree license.
{
  lib,
  stdenv,
  version,
}:
let
  part =
    pname:
    stdenv.mkDerivation {
      inherit pname version;
      meta = {
        license = lib.licenses.unfree;
        available = true;
      };
    };
  names = [
    "cuda_cccl"
    "cuda_cudart"
    "cuda_nvcc"
    "cudnn"
    "cudnn-frontend"
    "libcublas"
    "libcufft"
    "libcurand"
    "libcusparse"
    "nccl"
  ];
in
builtins.listToAttrs (map (name: { inherit name; value = part name; }) names)
// {
  backendStdenv = stdenv;
  cudaMajorMinorVersion = version;
  cudaOlder = other: builtins.compareVersions version other < 0;
  flags = {
    cmakeCudaArchitecturesString = "75;80;86;89;90";
    isJetsonBuild = false;
  };
}
