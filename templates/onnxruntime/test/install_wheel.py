#!/usr/bin/env python3
"""Installs the one wheel of a folder into another folder, without network and without its dependencies.

    install_wheel.py DIST SITE

pip does it where this Python has pip. Otherwise the wheel is unpacked here, after its tags and the digests in
its RECORD were checked; that is all that installing means for a wheel without a .data folder.
"""
import base64
import csv
import hashlib
import importlib.util
import io
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile


def fail(message):
    print(f"FAIL wheel: {message}")
    sys.exit(1)


def find_wheel(dist):
    wheels = sorted(dist.glob("*.whl"))
    if len(wheels) != 1:
        fail(f"{dist}: expected one .whl file, found {', '.join(w.name for w in wheels) or 'none'}")
    return wheels[0]


def check_tags(wheel):
    """The Python tag in the file name must be this interpreter's, or one for every Python 3."""
    python_tags = wheel.stem.split("-")[-3].split(".")
    mine = f"cp{sys.version_info.major}{sys.version_info.minor}"
    if not {mine, "py3"} & set(python_tags):
        fail(f"{wheel.name}: is for {' '.join(python_tags)}, this Python is {mine}")


def check_record(archive, name):
    """Every file must be in RECORD with its SHA-256, except RECORD itself."""
    records = [entry for entry in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/RECORD", entry)]
    if len(records) != 1:
        fail(f"{name}: expected one RECORD, found {len(records)}")
    rows = {row[0]: row[1] for row in csv.reader(io.StringIO(archive.read(records[0]).decode())) if row}
    for entry in archive.namelist():
        if entry.endswith("/") or entry == records[0]:
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(archive.read(entry)).digest()).rstrip(b"=").decode()
        if rows.get(entry) != f"sha256={digest}":
            fail(f"{name}: {entry}: RECORD says {rows.get(entry)}, the file has sha256={digest}")


def unpack(wheel, site):
    check_tags(wheel)
    with zipfile.ZipFile(wheel) as archive:
        check_record(archive, wheel.name)
        for entry in archive.namelist():
            if entry.startswith("/") or ".." in entry.split("/"):
                fail(f"{wheel.name}: {entry}: leaves the folder")
            if re.match(r"[^/]+\.data/", entry):
                fail(f"{wheel.name}: {entry}: a .data folder needs pip")
        archive.extractall(site)


def main():
    if len(sys.argv) != 3:
        sys.stderr.write("usage: install_wheel.py DIST SITE\n")
        return 2
    wheel, site = find_wheel(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2])
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    if importlib.util.find_spec("pip"):
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet",
                   "--no-index", "--no-deps", "--no-compile", "--target", str(site), str(wheel)]
        if subprocess.run(command).returncode != 0:
            fail(f"{wheel.name}: pip could not install it")
    else:
        unpack(wheel, site)
    print(f"ok wheel: {wheel.name} in {site}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
