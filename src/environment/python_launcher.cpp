#include "ortforge/environment/python_launcher.hpp"

namespace ortforge {
namespace {

constexpr const char* head = R"sh(#!/bin/sh
# Runs the Python that this result was built for, with the packages of the result importable.
set -eu
self=$(readlink -f -- "$0")
bin=$(dirname -- "$self")
result=$(dirname -- "$bin")
packages=$result/lib/python@python@/site-packages
PYTHONPATH=$packages${PYTHONPATH:+:$PYTHONPATH}
PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH PYTHONDONTWRITEBYTECODE
)sh";

constexpr const char* on_host = R"sh(exec python@python@ "$@"
)sh";

// The host's folders stay where they are, except those that the root brings. The arguments are built back to
// front.
constexpr const char* in_root = R"sh(
# Beside the store of the home that made the result.
root=$bin/../../../environments/@id@/root
if [ ! -d "$root/usr" ]; then
  echo "$0: the environment of this result is gone, expected in $root; build the variant again to make it" >&2
  exit 3
fi
root=$(readlink -f -- "$root")
if ! command -v bwrap >/dev/null; then
  echo "$0: program bwrap is missing: apt-get install bubblewrap" >&2
  exit 3
fi
here=$(pwd -P)
case $here in
  /usr|/usr/*|/etc|/etc/*|/bin|/bin/*|/sbin|/sbin/*|/lib*) here=/ ;;
esac
set -- --chdir "$here" --die-with-parent -- /usr/bin/python@python@ "$@"
for name in usr bin sbin lib lib32 lib64 libx32 etc; do
  if [ -L "$root/$name" ]; then
    set -- --symlink "$(readlink -- "$root/$name")" "/$name" "$@"
  elif [ -d "$root/$name" ]; then
    set -- --ro-bind "$root/$name" "/$name" "$@"
  fi
done
for folder in /*; do
  case ${folder#/} in
    usr|bin|sbin|lib|lib32|lib64|libx32|etc|dev) continue ;;
  esac
  if [ -d "$folder" ] && [ ! -L "$folder" ]; then
    set -- --bind "$folder" "$folder" "$@"
  fi
done
exec bwrap --tmpfs / --dev-bind /dev /dev "$@"
)sh";

std::string filled(std::string text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
  return text;
}

}  // namespace

std::string python_launcher(const Environment& environment, const std::string& python) {
  const bool host = environment.root() == "/";
  std::string text = std::string(head) + (host ? on_host : in_root);
  text = filled(std::move(text), "@python@", python);
  return filled(std::move(text), "@id@", environment.root().parent_path().filename().string());
}

}  // namespace ortforge
