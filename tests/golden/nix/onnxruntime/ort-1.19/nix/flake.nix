# Written by `ortforge generate --backend nix`: changes belong into the matrix.
# Each package brings its own pinned nixpkgs, so there is nothing to lock here.
{
  description = "ONNX Runtime 1.19.2 (branch ort-1.19): a package for each GPU and CPU instruction set";

  outputs =
    { self }:
    {
      packages = {
      };
    };
}
