# Fetchers as fixed-output derivations that remember what they were asked for.
{ stdenv }:
let
  fixed =
    mode: hash: asked:
    stdenv.mkDerivation {
      name = asked.name or "source";
      outputHashMode = mode;
      outputHashAlgo = "sha256";
      outputHash = hash;
      passthru = asked // {
        inherit hash;
      };
    };
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
