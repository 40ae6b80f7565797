"""Starts a command and kills it with everything it started."""

import os
import signal
import subprocess
import time
from pathlib import Path


def _children():
    """{process: its parent} of all processes there are."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # "pid (name) state ppid": the name may hold anything, so count from its end.
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            pass
    return parents


def descendants(root):
    """Processes below `root`, parents before children."""
    parents = _children()
    found, layer = [], [root]
    while layer:
        layer = [process for process, parent in parents.items() if parent in layer]
        found += layer
    return found


def _reap():
    """Waits for children that have ended; whether any child is left."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return True
        except ChildProcessError:
            return False


def kill_all(first):
    """SIGKILL to `first`, then to everything that this process, a subreaper, has below it, until nothing is left.

    Returns how many processes were there when the first was killed.
    """
    below = descendants(os.getpid())
    os.kill(first, signal.SIGKILL)
    targets = below
    while True:
        for process in targets:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if not _reap():
            return len(below)
        time.sleep(0.002)
        targets = descendants(os.getpid())


def run_for(argv, directory, seconds, log_file):
    """Runs argv in a session of its own and kills it with all its descendants after `seconds`.

    Returns (exit code, processes killed): exit code None when it was killed, processes 0 when it ended before that.
    The calling process has to be a subreaper without other children.
    """
    with open(log_file, "ab") as log:
        process = subprocess.Popen(
            argv, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        code = process.wait(timeout=seconds)
        _reap()
        return code, 0
    except subprocess.TimeoutExpired:
        killed = kill_all(process.pid)
        process.returncode = -signal.SIGKILL
        return None, killed
