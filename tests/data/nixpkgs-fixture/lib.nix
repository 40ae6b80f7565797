# As much of nixpkgs' lib as the packages here need.
rec {
  optional = wanted: value: if wanted then [ value ] else [ ];
  optionals = wanted: values: if wanted then values else [ ];
  optionalAttrs = wanted: attrs: if wanted then attrs else { };
  optionalString = wanted: text: if wanted then text else "";
  cmakeOptionType = type: name: value: "-D${name}:${type}=${value}";
  cmakeFeature = cmakeOptionType "STRING";
  cmakeBool = name: on: cmakeOptionType "BOOL" name (if on then "TRUE" else "FALSE");
  platforms.unix = [
    "aarch64-darwin"
    "aarch64-linux"
    "x86_64-linux"
  ];
  licenses = {
    mit = {
      free = true;
    };
    unfree = {
      free = false;
    };
  };

  # What a function returns, with `override` to call it again with other arguments.
  makeOverridable =
    function: arguments:
    let
      result = function arguments;
    in
    result
    // {
      override = changed: makeOverridable function (arguments // changed);
    }
    // optionalAttrs (result ? overrideAttrs) {
      # An overridden derivation keeps `override`, and an override what was done to its attributes.
      overrideAttrs =
        change: makeOverridable (others: (function others).overrideAttrs change) arguments;
    };

  # Calls the function in a file with the packages that its arguments name. A wrong argument is an error.
  callPackageWith =
    packages: file: arguments:
    let
      function = import file;
      named = builtins.intersectAttrs (builtins.functionArgs function) packages;
    in
    makeOverridable function (named // arguments);
}
