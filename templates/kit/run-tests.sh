#!/bin/sh
# Runs the tests of the variants that lie beside this script, on the GPU of this machine where it has one, and writes
# what came out to a file for 'ortforge test --import'.
#
#   run-tests.sh [--out FILE]        (default: results.json)
#
# CUDA and cuDNN are looked for in the folders of CUDA_LIBRARY_PATH and LD_LIBRARY_PATH, where ldconfig knows them, in
# /usr/local/cuda*, and in Python's site-packages (nvidia/*/lib). PYTHON names the interpreter for the wheel; where this
# machine has none that fits, the one in the archive is used.
# Exit code 0: no test failed; 1: one failed; 2: wrong usage; 3: a program that this script needs is missing.
set -u

seconds=300 # for one test
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 3
out=results.json
named=
tab=$(printf '\t')
wanted_python=${PYTHON:-}

while [ $# -gt 0 ]; do
  case $1 in
    --out)
      [ $# -ge 2 ] || { echo 'usage: run-tests.sh [--out FILE]' >&2; exit 2; }
      out=$2
      named=1  # whoever names the file knows where it is
      shift 2
      ;;
    *)
      echo 'usage: run-tests.sh [--out FILE]' >&2
      exit 2
      ;;
  esac
done
for program in awk date find grep head mktemp readlink sed sha256sum sort tail timeout tr uname; do
  command -v "$program" >/dev/null 2>&1 || { echo "run-tests.sh: program $program is missing" >&2; exit 3; }
done
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
json=$work/json

now() { date +%s%3N; }

# "TEXT" for JSON; what is not printable ASCII is left out, and what is too long.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | head -c 4000 | LC_ALL=C tr '\t' ' ' | LC_ALL=C tr -cd '\n\040-\176' |
    LC_ALL=C sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' | LC_ALL=C awk '{ printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }')"
}

# Writes "NAME": "TEXT" and what follows it.
member() { printf '%s: %s%s' "$(quoted "$1")" "$(quoted "$2")" "${3-, }" >>"$json"; }

# Of the variant in $variant.
fact() { sed -n "s/^$1=//p" "$variant/variant.txt" | head -n 1; }

# Whether version $1 is at least version $2.
at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]; }

glibc_version() {
  version=$(ldd --version 2>/dev/null | sed -n '1s/.* //p')
  [ -n "$version" ] || version=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/.* //')
  printf '%s' "$version"
}

python_folders() {
  for python in "$wanted_python" python3; do
    [ -z "$python" ] || "$python" -c 'import glob, sys
for folder in sys.path:
    print(*glob.glob((folder or ".") + "/nvidia/*/lib"), sep="\n")' 2>/dev/null
  done
}

library_folders() {
  printf '%s\n' "${CUDA_LIBRARY_PATH:-}:${LD_LIBRARY_PATH:-}" | tr ':' '\n'
  { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | sed -n 's/.* => \(.*\)\/[^/]*$/\1/p' | sort -u
  for folder in /usr/local/cuda*/lib64 /usr/local/cuda*/targets/*/lib /opt/cuda/lib64 /usr/lib/*-linux-gnu; do
    printf '%s\n' "$folder"
  done
  python_folders
}

# Writes where the CUDA libraries are that some variant needs, and lets the dynamic linker find them.
find_libraries() {
  library_folders | grep . >"$work/folders"
  path=$(python_folders | grep . | tr '\n' ':')
  separator=
  for library in $(sed -n 's/^libraries=//p' "$here"/variants/*/variant.txt | tr ' ' '\n' | sort -u); do
    place= version=
    while read -r folder; do
      if [ -z "$place" ] && [ -e "$folder/$library" ]; then
        place=$folder/$library
        path=$folder:$path
        version=$(readlink -f -- "$place" | sed 's/.*\.so\.//')
      fi
    done <"$work/folders"
    printf '%s\n    {' "$separator" >>"$json"
    member name "$library"
    member path "$place"
    member version "$version" '}'
    separator=,
    [ -n "$place" ] || echo "CUDA library $library: not found" >&2
  done
  # What the caller names comes first: a driver of the caller's, before one that merely lies here.
  path=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$path${CUDA_LIBRARY_PATH:-}
  [ -z "$path" ] || { LD_LIBRARY_PATH=$path; export LD_LIBRARY_PATH; }
}

write_host() {
  gpu=$(nvidia-smi --query-gpu=compute_cap,driver_version,name --format=csv,noheader 2>/dev/null | head -n 1)
  case $gpu in *,*,*) ;; *) gpu=', ,' ;; esac
  printf '  "host": {' >>"$json"
  member cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
  member cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
  member platform "$(uname -m)-linux"
  member kernel "$(uname -r)"
  member os "$(sed -n 's/^PRETTY_NAME="*\([^"]*\)"*$/\1/p' /etc/os-release 2>/dev/null)"
  member glibc "$glibc"
  member gpu "$(printf '%s' "$gpu" | sed 's/^[^,]*, *[^,]*, *//; s/^[ ,]*//')"
  member compute_capability "$(printf '%s' "$gpu" | sed 's/,.*//')"
  member driver "$(printf '%s' "$gpu" | sed 's/^[^,]*, *//; s/,.*//; s/ //g')" '},
'
}

# Why nothing of the variant can run here; empty: it can.
obstacle() {
  wanted=$(fact platform)
  [ "$wanted" = "$(uname -m)-linux" ] || { echo "built for $wanted, this is $(uname -m)-linux"; return; }
  wanted=$(fact glibc)
  if [ -n "$wanted" ] && ! at_least "$glibc" "$wanted"; then
    echo "needs glibc $wanted, this machine has ${glibc:-none}"
    return
  fi
  for feature in $(fact features); do
    grep -qw -- "$feature" /proc/cpuinfo || { echo "host lacks $feature"; return; }
  done
}

find_python() {
  [ -n "$1" ] || return
  for python in "$wanted_python" "python$1" python3 "$here/python/$1/python"; do
    [ -n "$python" ] || continue
    if "$python" -c "import sys, numpy; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null; then
      printf '%s' "$python"
      return
    fi
  done
}

# Runs one test of the variant: sets status, message and took.
run_test() {
  status=passed message='' took=0
  if [ -n "$reason" ]; then
    status=skipped message=$reason
  elif [ "$needs" = python ] && [ ! -d "$SITE" ]; then
    status=skipped message='the wheel is not here'
  elif [ "$needs" = python ] && [ -z "$PYTHON" ]; then
    status=skipped message="no Python $(fact python) with NumPy here"
  else
    begun=$(now)
    if [ "$needs" = python ]; then
      PYTHONPATH=$SITE${PYTHONPATH:+:$PYTHONPATH} timeout "$seconds" sh -c "$command" </dev/null >"$work/log" 2>&1
    else
      timeout "$seconds" sh -c "$command" </dev/null >"$work/log" 2>&1
    fi
    code=$?
    took=$(($(now) - begun))
    case $code in
      0) ;;
      77) status=skipped message=$(sed -n 's/^skipped: //p' "$work/log" | tail -n 1) ;;
      124) status=failed message="took longer than $seconds s" ;;
      *)
        status=failed
        message=$(grep '^FAIL' "$work/log" | head -n 8)
        [ -n "$message" ] || message="exit code $code: $(tail -n 20 "$work/log")"
        ;;
    esac
  fi
  [ "$status" = passed ] || [ -n "$message" ] || message="$status without a reason"
}

write_files() {
  (cd "$RESULT" && find . -type f \( -name '*.so' -o -name '*.so.*' -o -path './bin/*' \) | sort |
    while read -r file; do sha256sum "$file"; done) >"$work/files"
  separator=
  while read -r digest file; do
    printf '%s\n      {' "$separator" >>"$json"
    member path "${file#./}"
    member sha256 "$digest" '}'
    separator=,
  done <"$work/files"
}

run_variant() {
  RESULT=$variant/result KIT=$variant/kit WORK=$work/scratch SITE=$variant/result/lib/python$(fact python)/site-packages
  PYTHON=$(find_python "$(fact python)")
  export RESULT KIT WORK SITE PYTHON
  rm -rf "$WORK"
  mkdir -p "$WORK"
  reason=$(obstacle)
  printf '    {' >>"$json"
  for name in product branch variant result_key result_scope test_key test_scope; do
    member "$name" "$(fact "$name")"
  done
  printf '\n     "files": [' >>"$json"
  write_files
  printf '],\n     "tests": [' >>"$json"
  separator=
  passed=0 failed=0 skipped=0
  while IFS=$tab read -r name needs command; do
    run_test
    case $status in
      passed) passed=$((passed + 1)) ;;
      failed) failed=$((failed + 1)) ;;
      skipped) skipped=$((skipped + 1)) ;;
    esac
    [ "$status" = passed ] || echo "$name: $status: $message"
    printf '%s\n      {' "$separator" >>"$json"
    member name "$name"
    member status "$status"
    printf '"ms": %s, ' "$took" >>"$json"
    member message "$message" '}'
    separator=,
  done <"$KIT/tests.txt"
  printf ']}' >>"$json"
  echo "$(fact variant): $passed passed, $failed failed, $skipped skipped"
  all_failed=$((all_failed + failed))
}

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
glibc=$(glibc_version)
all_failed=0
printf '{\n  "schema": "test-results/1",\n  "started_ms": %s,\n' "$(now)" >"$json"
write_host
printf '  "libraries": [' >>"$json"
find_libraries
printf '],\n  "variants": [\n' >>"$json"
between=
for variant in "$here"/variants/*; do
  [ -f "$variant/variant.txt" ] || continue
  printf '%s' "$between" >>"$json"
  run_variant
  between=',
'
done
printf '],\n  "finished_ms": %s\n}\n' "$(now)" >>"$json"
cat "$json" >"$out" || exit 3
[ -n "$named" ] || echo "results: $out"
[ "$all_failed" -eq 0 ]
