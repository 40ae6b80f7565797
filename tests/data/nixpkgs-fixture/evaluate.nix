# What recipes come to when nixpkgs is this package set. `list` is a JSON file of paths and systems.
{ list }:
let
  recipe =
    { file, system }:
    let
      package = import file {
        inherit system;
        nixpkgs = ./.;
      };
      core = if package.src ? cmakeFlags then package.src else package;
      pythons = drv: builtins.filter (input: (input.pname or "") == "python3") drv.nativeBuildInputs;
    in
    {
      inherit (package) name pname version;
      inherit (package.meta) description platforms;
      drvPath = builtins.unsafeDiscardStringContext package.drvPath;
      python = map (input: input.version) (pythons package);
      importsChecked = !(package.dontUsePythonImportsCheck or false);
      core = {
        inherit (core) version;
        source = {
          inherit (core.src)
            owner
            repo
            tag
            hash
            fetchSubmodules
            ;
        };
        patches = map (patch: baseNameOf (builtins.unsafeDiscardStringContext "${patch}")) (core.patches or [ ]);
        postPatch = builtins.unsafeDiscardStringContext (core.postPatch or "");
        preConfigure = builtins.unsafeDiscardStringContext (core.preConfigure or "");
        cmakeFlags = map builtins.unsafeDiscardStringContext (core.cmakeFlags or [ ]);
        doCheck = core.doCheck or false;
        features = core.requiredSystemFeatures or [ ];
        python = map (input: input.version) (pythons core);
        toolkit = map (input: input.version) (
          builtins.filter (input: (input.pname or "") == "cuda_nvcc") core.nativeBuildInputs
        );
      };
    };
in
map recipe (builtins.fromJSON (builtins.readFile list))
