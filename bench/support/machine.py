"""Says which machine numbers come from, and finds the ortforge to measure."""

import os
import platform
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def _first(file, key):
    """Value of the first line "key : value" of a file below /proc; empty when there is none."""
    try:
        for line in Path(file).read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    except OSError:
        pass
    return ""


def cpu_features():
    """What the kernel calls the features of the processor, as a set."""
    return set((_first("/proc/cpuinfo", "flags") or _first("/proc/cpuinfo", "Features")).split())


def cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def load():
    """Load average of the last minute."""
    return os.getloadavg()[0]


def machine_line():
    """Processor, cores usable, memory, kernel and load: one line, printed before any number."""
    memory = int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 1024**2
    return (
        f"machine: {_first('/proc/cpuinfo', 'model name') or platform.machine()}, "
        f"{cores()} cores, {memory:.0f} GiB, Linux {platform.release()}, load {load():.2f}"
    )


def need(program):
    """Path of a program; ends the script with exit code 3 when PATH has none."""
    found = shutil.which(program)
    if not found:
        print(f"{program}: not in PATH", file=sys.stderr)
        raise SystemExit(3)
    return found


def ortforge_path(options):
    """The program of --ortforge; ends the script with exit code 3 when it is not there."""
    path = options.ortforge.resolve()
    if not os.access(path, os.X_OK):
        print(f"{path}: no such program; cmake --preset release && cmake --build --preset release", file=sys.stderr)
        raise SystemExit(3)
    return str(path)


def default_home():
    """The home that ortforge itself takes."""
    return Path(
        os.environ.get("ORTFORGE_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ortforge"
    )


def linked_home(home, known):
    """Makes an empty home that has environments, sources and toolkits of the home `known`."""
    home.mkdir()
    for folder in ("environments", "sources", "toolkits"):
        (known / folder).mkdir(exist_ok=True)
        (home / folder).symlink_to((known / folder).resolve())
    return home


def build_type(program):
    """CMAKE_BUILD_TYPE of the tree the program lies in, "unknown build type" outside of one."""
    cache = Path(program).parent / "CMakeCache.txt"
    if cache.is_file():
        for line in cache.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("CMAKE_BUILD_TYPE:"):
                return line.partition("=")[2]
    return "unknown build type"
