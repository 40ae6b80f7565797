"""The sandbox that docs/environments.md describes, as a person would type it: bubblewrap with the same mounts."""

import json
import os
from pathlib import Path

from support.machine import need

_SYSTEM_FOLDERS = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc", "opt", "nix")
_VARIABLES = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/w/home", "LANG": "C.UTF-8", "TMPDIR": "/tmp", "TZ": "UTC"}


def _root_arguments(root):
    if root != "/":
        return ["--ro-bind", str(root), "/"]
    arguments = ["--tmpfs", "/"]
    for name in _SYSTEM_FOLDERS:
        folder = f"/{name}"
        if os.path.islink(folder):
            arguments += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            arguments += ["--ro-bind", folder, folder]
    return arguments


def enter(root, work, argv, directory=".", variables=None, mounts=None):
    """Argument vector that runs argv inside root ("/": this machine), with `work` as /w, in /w/<directory>.

    mounts: {path below /w: folder on this machine}, read-only.
    """
    arguments = [
        *(need("env"), "--ignore-signal=INT", need("bwrap"), "--die-with-parent", "--unshare-user-try"),
        *("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--hostname", "ortforge"),
        *("--cap-drop", "ALL", *_root_arguments(root), "--proc", "/proc", "--dev", "/dev"),
        *("--perms", "1777", "--tmpfs", "/tmp", "--bind", str(work), "/w"),
    ]
    for target, source in (mounts or {}).items():
        arguments += ["--ro-bind", str(source), os.path.normpath(f"/w/{target}")]
    arguments += ["--remount-ro", "/", "--chdir", os.path.normpath(f"/w/{directory}"), "--clearenv"]
    for name, value in sorted({**_VARIABLES, **(variables or {})}.items()):
        arguments += ["--setenv", name, value]
    return arguments + ["--", "/usr/bin/env", "--default-signal=INT", "--", *argv]


def root_of(home, environment):
    """Root folder of an environment of the home: "/" for the host, else the newest one; None when there is none."""
    if environment == "host":
        return "/"
    manifests = sorted(
        Path(home, "environments").glob(f"{environment}-{'[0-9a-f]' * 12}/manifest.json"), key=lambda file: file.stat().st_mtime
    )
    return manifests[-1].parent / "root" if manifests else None


def read_recipe(folder):
    """recipe.json of a folder that `ortforge generate` wrote."""
    return json.loads(Path(folder, "recipe.json").read_text(encoding="utf-8"))
