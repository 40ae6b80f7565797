"""Wheels from the index that pip is configured for."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

GLIBC = (17, 27, 28)  # manylinux tags that are looked for, "manylinux_2_17"


def download(requirement, folder, machine, python=None):
    """The wheel of "name==version" for this machine (and Python, "3.13"); None when pip finds none."""
    known = set(folder.iterdir())
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    if python:
        command += ["--python-version", python]
    for glibc in GLIBC:
        command += ["--platform", f"manylinux_2_{glibc}_{machine}"]
    if subprocess.run([*command, "--platform", f"manylinux2014_{machine}", requirement]).returncode != 0:
        return None
    (wheel,) = set(folder.iterdir()) - known
    return wheel


def cuobjdump(facts, folder, machine):
    """NVIDIA's cuobjdump from its wheel, whose name, version and digest `facts` give; None when pip finds none."""
    wheel = download(f"{facts['name']}=={facts['version']}", folder, machine)
    if wheel is None:
        return None
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != facts["sha256"]:
        raise SystemExit(f"{wheel.name}: other content than tests/data/cuobjdump.json says")
    into = folder / "cuobjdump"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(into)
    (program,) = [file for file in into.rglob("cuobjdump") if file.is_file()]
    program.chmod(0o755)
    return program


def largest(folder, pattern):
    """The largest regular file below the folder that fits; links and separate debug information are left out."""
    files = [file for file in Path(folder).rglob(pattern) if not file.is_symlink() and file.suffix != ".debug"]
    return max(files, key=lambda file: file.stat().st_size) if files else None
