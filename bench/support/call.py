"""Calls ortforge for what it prints; a call that fails ends in subprocess.CalledProcessError."""

import json
import subprocess


def text(program, home, *words):
    """What it prints for these words."""
    argv = [program, "--home", *map(str, (home, *words))]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return done.stdout


def answer(program, home, *words):
    """The JSON that it prints for these words."""
    return json.loads(text(program, home, *words, "--json"))
