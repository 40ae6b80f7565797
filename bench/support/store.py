"""Reads a home as a stranger would: entries of the store against their own digests, steps against the record."""

import base64
import hashlib
import json
import os
import re
import sqlite3
from pathlib import Path

METADATA = ".entries"  # folder of the store: <entry>.json
_ENTRY = re.compile(r"^([0-9a-f]{32})-(.+)$")


def _text(data):
    """A string of the Nix archive format: length, bytes, zeros up to a multiple of eight."""
    return len(data).to_bytes(8, "little") + data + b"\0" * (-len(data) % 8)


def _node(path, hidden):
    """Pieces of the Nix archive of one file, link or folder; names in `hidden` are left out of the top folder."""
    yield _text(b"(") + _text(b"type")
    if path.is_symlink():
        yield _text(b"symlink") + _text(b"target") + _text(os.fsencode(os.readlink(path)))
    elif path.is_dir():
        yield _text(b"directory")
        for name in sorted(set(os.listdir(os.fsencode(path))) - hidden):
            yield _text(b"entry") + _text(b"(") + _text(b"name") + _text(name) + _text(b"node")
            yield from _node(path / os.fsdecode(name), set())
            yield _text(b")")
    else:
        executable = _text(b"executable") + _text(b"") if path.stat().st_mode & 0o100 else b""
        yield _text(b"regular") + executable + _text(b"contents") + _text(path.read_bytes())
    yield _text(b")")


def nar_digest(path, hidden=()):
    """SRI digest of the Nix archive of a folder."""
    digest = hashlib.sha256(_text(b"nix-archive-1"))
    for piece in _node(Path(path), {os.fsencode(name) for name in hidden}):
        digest.update(piece)
    return "sha256-" + base64.b64encode(digest.digest()).decode()


def entries(home):
    """{scope: folder} of the finished steps in the store."""
    store = Path(home, "store")
    found = {}
    for path in sorted(store.iterdir()) if store.is_dir() else []:
        match = _ENTRY.match(path.name)
        if match:
            found[match.group(2)] = path
    return found


def _faults_of_entry(scope, path):
    try:
        said = json.loads((path.parent / METADATA / f"{path.name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [f"{path.name}: {error}"]
    faults = []
    if not path.name.startswith(said["key"][:32]) or said["scope"] != scope:
        faults.append(f"{path.name}: says it is {said['key'][:32]}-{said['scope']}")
    for artefact in said["artefacts"]:
        file = path / artefact["path"]
        if not file.is_file():
            faults.append(f"{path.name}: {artefact['path']} is missing")
        elif file.stat().st_size != artefact["bytes"] or hashlib.sha256(file.read_bytes()).hexdigest() != artefact["sha256"]:
            faults.append(f"{path.name}: {artefact['path']} differs from its digest")
    # A result gets its provenance and recipe after its digest was taken; its artefacts were checked above.
    if not (path / "provenance.json").exists() and nar_digest(path, set()) != said["output_digest"]:
        faults.append(f"{path.name}: the tree differs from its digest")
    return faults


def store_faults(home):
    """Everything in the store that is not what it says it is; empty when all is well."""
    return [fault for scope, path in entries(home).items() for fault in _faults_of_entry(scope, path)]


class Record:
    """What state.db says, read without ortforge."""

    def __init__(self, home):
        self.file = Path(home, "state.db")

    def _rows(self, question):
        if not self.file.exists():
            return []
        with sqlite3.connect(self.file, timeout=30) as database:
            try:
                return database.execute(question).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):  # killed before the first transaction
                    return []
                raise

    def faults(self):
        try:
            answer = self._rows("PRAGMA integrity_check")
        except sqlite3.DatabaseError as error:
            return [f"{self.file.name}: {error}"]
        return [] if answer in ([], [("ok",)]) else [f"{self.file.name}: {answer}"]

    def built_twice(self):
        """Scopes that the record has as built more than once for the same key."""
        return [
            scope
            for (scope,) in self._rows(
                "SELECT scope FROM steps WHERE status = 'built' GROUP BY key, scope HAVING count(*) > 1"
            )
        ]


def started_steps(home, seen_logs):
    """Scopes whose log appeared since `seen_logs`, a set that is brought up to date: those steps were started."""
    started = set()
    for log in Path(home, "logs").glob("run-*/*.log"):
        if log not in seen_logs:
            seen_logs.add(log)
            started.add(log.stem)
    return started


def finished_objects(home):
    """{work folder/object: time of its file} from the logs of Ninja in unfinished work folders."""
    objects = {}
    for log in Path(home, "work").glob("*/build/*/.ninja_log"):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
            fields = line.split("\t")
            if len(fields) == 5 and fields[3].endswith((".o", ".cubin", ".so")):
                objects[f"{log.parents[2].name}/{fields[3]}"] = fields[2]
    return objects


def differences(left, right, exceptions):
    """Files that two folders do not have alike (content, kind, executable bit), but for names in `exceptions`."""

    def listing(top):
        found = {}
        for folder, folders, files in os.walk(top):
            for name in folders + files:
                path = Path(folder, name)
                if path.is_symlink():
                    content = "link to " + os.readlink(path)
                elif path.is_dir():
                    content = "folder"
                else:
                    content = (path.stat().st_mode & 0o111, hashlib.sha256(path.read_bytes()).hexdigest())
                found[str(path.relative_to(top))] = content
        return found

    ours, theirs = listing(left), listing(right)
    return sorted(
        name
        for name in ours.keys() | theirs.keys()
        if ours.get(name) != theirs.get(name) and not (name in ours and name in theirs and Path(name).name in exceptions)
    )
