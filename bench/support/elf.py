"""What is in a shared library, as binutils and the headers of CUDA's code tell it."""

import re
import struct
import subprocess
import tempfile
from pathlib import Path

from support.machine import need

_FATBIN_SECTIONS = (".nv_fatbin", "__nv_relfatbin")  # the second one: code that is linked on the device
_FATBIN_MAGIC = 0xBA55ED50
_PTX = 1  # kind of an entry; 2 is machine code


def _lines(*argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True)
    return done.stdout.splitlines()


def libraries(folder):
    """{path below the folder: file} of every shared library; links and debug information are left out."""
    files = [file for file in sorted(Path(folder).rglob("*.so*")) if not file.is_symlink()]
    return {str(file.relative_to(folder)): file for file in files if file.suffix != ".debug"}


def exported(file):
    """Defined dynamic symbols with their versions, "OrtGetApiBase@@VERS_1.21.0"."""
    found = _lines(need("nm"), "--dynamic", "--defined-only", "--with-symbol-versions", "--format=posix", str(file))
    return {line.split()[0] for line in found}


def needed(file):
    """Names of the libraries it asks for (NEEDED)."""
    found = _lines(need("readelf"), "--dynamic", "--wide", str(file))
    return {match.group(1) for match in map(re.compile(r"\(NEEDED\).*\[(.+)\]").search, found) if match}


def _architectures(data):
    """Of a section of containers: magic, version, size of this header, size of the entries. Each entry has kind,
    version, size of its header and size of the code behind that; 28 bytes in stands the architecture."""
    found = set()
    at = 0
    while at + 16 <= len(data):
        magic, _, header, size = struct.unpack_from("<IHHQ", data, at)
        if magic != _FATBIN_MAGIC:
            at += 8
            continue
        entry = at + header
        at = entry + size
        while entry + 32 <= min(at, len(data)):
            kind, _, header, size = struct.unpack_from("<HHIQ", data, entry)
            (architecture,) = struct.unpack_from("<I", data, entry + 28)
            found.add(f"{'compute' if kind == _PTX else 'sm'}_{architecture}")
            entry += header + size
    return found


def cuda_code(file):
    """What CUDA code it holds: {"sm_90", "compute_90"} for machine code and PTX; empty without."""
    headers = "\n".join(_lines(need("readelf"), "--section-headers", "--wide", str(file)))
    found = set()
    for section in _FATBIN_SECTIONS:
        if f" {section} " not in headers:
            continue
        with tempfile.NamedTemporaryFile() as content:
            dump = f"{section}={content.name}"
            subprocess.run([need("objcopy"), "--dump-section", dump, str(file), "/dev/null"], check=True)
            found |= _architectures(Path(content.name).read_bytes())
    return found
