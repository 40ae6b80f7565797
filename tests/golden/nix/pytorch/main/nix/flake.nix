# Written by `ortforge generate --backend nix`: changes belong into the matrix.
# Each package brings its own pinned nixpkgs, so there is nothing to lock here.
{
  description = "PyTorch 2.8.0 (branch main): a package for each GPU and CPU instruction set";

  outputs =
    { self }:
    {
      packages = {
        x86_64-linux = {
          pytorch-python313-cuda12_8-sm61-avx = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm61-avx.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm61-avx2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm61-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm80-avx2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm80-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm80-avx512 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm80-avx512.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm80-avx512vnni = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm80-avx512vnni.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm80-avx512bf16 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm80-avx512bf16.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm86-avx2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm86-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm86-avx512 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm86-avx512.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm86-avx512vnni = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm86-avx512vnni.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm86-avx512bf16 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm86-avx512bf16.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm89-avx2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm89-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm89-avx512 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm89-avx512.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm89-avx512vnni = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm89-avx512vnni.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm89-avx512bf16 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm89-avx512bf16.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm90-avx2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm90-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm90-avx512 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm90-avx512.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm90-avx512vnni = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm90-avx512vnni.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm90-avx512bf16 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm90-avx512bf16.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm100-avx2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm100-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm100-avx512 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm100-avx512.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm100-avx512vnni = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm100-avx512vnni.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm100-avx512bf16 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm100-avx512bf16.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm120-avx2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm120-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm120-avx512 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm120-avx512.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm120-avx512vnni = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm120-avx512vnni.nix { system = "x86_64-linux"; };
          pytorch-python313-cuda12_8-sm120-avx512bf16 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm120-avx512bf16.nix { system = "x86_64-linux"; };
          pytorch-python313-cpu-avx2 = import ./.flox/pkgs/pytorch-python313-cpu-avx2.nix { system = "x86_64-linux"; };
          pytorch-python313-cpu-avx512 = import ./.flox/pkgs/pytorch-python313-cpu-avx512.nix { system = "x86_64-linux"; };
          pytorch-python313-cpu-avx512vnni = import ./.flox/pkgs/pytorch-python313-cpu-avx512vnni.nix { system = "x86_64-linux"; };
          pytorch-python313-cpu-avx512bf16 = import ./.flox/pkgs/pytorch-python313-cpu-avx512bf16.nix { system = "x86_64-linux"; };
        };
        aarch64-linux = {
          pytorch-python313-cuda12_8-sm80-armv8_2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm80-armv8_2.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm80-armv9 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm80-armv9.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm86-armv8_2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm86-armv8_2.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm86-armv9 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm86-armv9.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm89-armv8_2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm89-armv8_2.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm89-armv9 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm89-armv9.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm90-armv8_2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm90-armv8_2.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm90-armv9 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm90-armv9.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm100-armv9 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm100-armv9.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm120-armv8_2 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm120-armv8_2.nix { system = "aarch64-linux"; };
          pytorch-python313-cuda12_8-sm120-armv9 = import ./.flox/pkgs/pytorch-python313-cuda12_8-sm120-armv9.nix { system = "aarch64-linux"; };
          pytorch-python313-cpu-armv8_2 = import ./.flox/pkgs/pytorch-python313-cpu-armv8_2.nix { system = "aarch64-linux"; };
          pytorch-python313-cpu-armv9 = import ./.flox/pkgs/pytorch-python313-cpu-armv9.nix { system = "aarch64-linux"; };
        };
      };
    };
}
