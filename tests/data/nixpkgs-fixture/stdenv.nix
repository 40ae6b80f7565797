# mkDerivation with overrideAttrs, and the checks of `meta` that stop an evaluation in nixpkgs.
{
  lib,
  system,
  config,
  trouble,
}:
let
  refuse =
    name: meta:
    if meta.broken or false && !(config.allowBroken or false) then
      throw "Package '${name}' is marked as broken, refusing to evaluate"
    else if !(meta.license.free or true) && !(config.allowUnfree or false) then
      throw "Package '${name}' has an unfree license, refusing to evaluate"
    else if !(builtins.elem system (meta.platforms or [ system ])) then
      throw "Package '${name}' is not available on the requested hostPlatform ${system}"
    else
      false;

  # `make` is a function of the final package.
  extendable =
    make:
    let
      attrs = make package;
      name = attrs.name or "${attrs.pname}-${attrs.version}";
      meta = attrs.meta or { };
      plain = removeAttrs attrs [
        "env"
        "meta"
        "passthru"
      ];
      built = derivation (
        {
          inherit system;
          builder = "/bin/sh";
          args = [
            "-e"
            "-c"
            (builtins.readFile ./builder.sh)
          ];
          trouble = trouble name;
        }
        // plain
        // (attrs.env or { })
        // {
          inherit name;
        }
      );
      package =
        attrs
        // (attrs.passthru or { })
        // (if refuse name meta then { } else built)
        // {
          inherit name meta;
          overrideAttrs =
            change:
            extendable (
              self:
              let
                old = make self;
                changed = change self;
              in
              old // (if builtins.isFunction changed then changed old else change old)
            );
        };
    in
    package;
in
{
  mkDerivation = attrs: extendable (if builtins.isFunction attrs then attrs else (self: attrs));
  hostPlatform = {
    inherit system;
    isLinux = true;
    isDarwin = false;
    isAarch64 = system == "aarch64-linux";
    isMusl = false;
  };
  buildPlatform = {
    inherit system;
  };
}
