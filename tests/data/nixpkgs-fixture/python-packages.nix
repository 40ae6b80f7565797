# The packages of one Python.
{
  lib,
  stdenv,
  autoPatchelfHook,
  cmake,
  cudaPackages,
  config,
  fetchFromGitHub,
  magma,
  onednn,
  onnxruntime,
  openvino,
  re2,
  version,
}:
let
  self = {
    inherit
      lib
      stdenv
      autoPatchelfHook
      cmake
      config
      cudaPackages
      fetchFromGitHub
      magma
      onednn
      openvino
      re2
      ;
    python = stdenv.mkDerivation {
      pname = "python3";
      inherit version;
    };
    # Names the derivation itself, as nixpkgs' function does.
    buildPythonPackage =
      attrs:
      stdenv.mkDerivation (
        attrs
        // {
          name = "python${version}-${attrs.pname}-${attrs.version}";
          nativeBuildInputs = (attrs.nativeBuildInputs or [ ]) ++ [ self.python ];
        }
      );
    coloredlogs = stub "coloredlogs";
    numpy = stub "numpy";
    packaging = stub "packaging";
    onnxruntime = lib.callPackageWith (self // { inherit onnxruntime; }) ./python-onnxruntime.nix { };
    torch = lib.callPackageWith self ./torch.nix { };
    torchvision = lib.callPackageWith self ./torchvision.nix { };
  };
  stub = pname: stdenv.mkDerivation { inherit pname; version = "1"; };
in
self
