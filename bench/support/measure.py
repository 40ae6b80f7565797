"""Runs commands and counts the CPU time of everything they started.

bubblewrap's outer process ends without waiting for the inner one, so wait4() on it sees next to nothing of what ran
inside. Each measurement therefore runs below a process of its own that is a child subreaper (prctl(2)): what its
children leave behind becomes its child, and is waited for and counted.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def become_subreaper():
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")


def _own_seconds(pid):
    """User and system seconds of a process that has ended and is not waited for yet, without its children (proc(5))."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()  # the name before it may hold anything
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _run_all(commands, log, environment):
    """Runs argument vectors one after the other up to the first that fails; exit code, wall seconds, own seconds."""
    started = time.monotonic()
    code = 0
    own = 0.0
    for directory, argv in commands:
        process = subprocess.Popen(
            argv, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        own += _own_seconds(process.pid)
        code = process.wait()
        if code != 0:
            break
    return code, time.monotonic() - started, own


def _measure_here(commands, log, environment):
    become_subreaper()
    code, wall, own = _run_all(commands, log, environment)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"code": code, "wall": wall, "cpu": used.ru_utime + used.ru_stime, "own": own}


def measured(commands, log_file, environment=None):
    """Runs [(directory, argv), ...] with their output in log_file.

    Returns {"code": exit code of the last one, "wall": seconds until it ended, "cpu": user and system seconds of all
    processes, "own": those of the commands themselves, without what they started, to a tick (10 ms)}. The wall time
    ends with the last command, not with the orphans that are waited for after it.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            with open(log_file, "ab") as log:
                answer = _measure_here(commands, log, environment)
            os.write(writer, json.dumps(answer).encode())
            status = 0
        except BaseException as error:  # the parent reports it: nothing may return into its stack
            print(f"measure: {error}", file=sys.stderr)
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    if not text:
        raise RuntimeError(f"{commands[0][1][0]} could not be measured")
    return json.loads(text)


def successful(commands, what, log_file):
    """As measured(); ends the script with exit code 1, showing the log's last lines, when a command failed."""
    result = measured(commands, log_file)
    if result["code"] == 0:
        return result
    with open(log_file, "rb") as log:
        tail = log.read().decode(errors="replace").splitlines()[-20:]
    print(f"{what}: exit code {result['code']}; the last lines of {log_file}:", *tail, sep="\n  ", file=sys.stderr)
    raise SystemExit(1)
