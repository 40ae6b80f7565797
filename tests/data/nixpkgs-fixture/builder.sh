# What a package goes through, in small: unpack, patch, configure, build, install. The compiler is the machine's.
PATH=/usr/local/bin:/usr/bin:/bin
export PATH
: "${outputs:=out}"

phase() {
  printf '@nix { "action": "setPhase", "phase": "%s" }\n' "$1" >&2
  echo "$1"
}
# Sources here have little of what the recipes edit: an edit is said, and made where its file is.
substituteInPlace() { echo "edit $*"; }

if [ -n "${src:-}" ]; then
  phase unpackPhase
  [ ! -d "$src" ] || cp -r "$src/." .
  chmod -R u+w .
  phase patchPhase
  eval "${postPatch:-}"
  phase configurePhase
  eval "${preConfigure:-}"
fi
phase buildPhase
eval "${trouble:-}"
eval "${buildPhase:-}"
phase installPhase
if [ -n "${installPhase:-}" ]; then
  eval "$installPhase"
elif [ "${outputHashMode:-}" = flat ]; then
  printf '%s' "${content:-}" > "$out"
fi
for output in $outputs; do
  eval "place=\$$output"
  [ -e "$place" ] || mkdir -p "$place"
done
