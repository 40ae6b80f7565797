# Fetchers as fixed-output derivations that remember what they were asked for. They have a small file for some
# repositories and nothing for others, so with `verify` no build gets past them.
{
  lib,
  stdenv,
  verify,
}:
let
  file = repo: ./sources + "/${repo}.cpp";
  fixed =
    mode: hash: asked:
    stdenv.mkDerivation (
      {
        name = asked.name or "source";
        outputHashMode = mode;
        content = lib.optionalString (asked ? repo && builtins.pathExists (file asked.repo)) (
          builtins.readFile (file asked.repo)
        );
        passthru = asked // {
          inherit hash;
        };
      }
      // lib.optionalAttrs (mode == "recursive") {
        installPhase = ''
          mkdir -p $out/cmake/external
          printf '%s' "$content" > $out/source.cpp
        '';
      }
      // lib.optionalAttrs verify {
        outputHashAlgo = "sha256";
        outputHash = hash;
      }
    );
in
{
  fetchFromGitHub =
    {
      owner,
      repo,
      tag ? null,
      rev ? null,
      hash,
      fetchSubmodules ? false,
    }:
    if (tag == null) == (rev == null) then
      throw "fetchFromGitHub: give one of tag and rev"
    else
      fixed "recursive" hash {
        inherit
          owner
          repo
          tag
          rev
          fetchSubmodules
          ;
      };
  fetchgit =
    {
      url,
      tag ? null,
      rev ? null,
      hash,
      fetchSubmodules ? false,
    }:
    fixed "recursive" hash {
      inherit
        url
        tag
        rev
        fetchSubmodules
        ;
    };
  fetchpatch =
    { url, hash }:
    fixed "flat" hash {
      inherit url;
      name = builtins.unsafeDiscardStringContext (baseNameOf url);
    };
  fetchurl = { url, hash }: fixed "flat" hash { inherit url; };
  fetchzip = { url, hash }: fixed "recursive" hash { inherit url; };
}
