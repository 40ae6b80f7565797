"""What the scripts begin and end with: their options, and a folder to work in."""

import argparse
import shutil
import tempfile
from pathlib import Path

from support import machine


def parser(words):
    """A parser that shows these words as they are; it knows --ortforge."""
    made = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument(
        "--ortforge",
        type=Path,
        default=machine.REPOSITORY / "build" / "release" / "ortforge",
        help="program to measure (default: build/release/ortforge)",
    )
    return made


def add_keep_option(options):
    options.add_argument("--keep", action="store_true", help="keep the folders and logs")


def in_folder(name, run, options):
    """Gives run(options, folder) a new folder, which goes afterwards unless there is options.keep; what run returns."""
    folder = Path(tempfile.mkdtemp(prefix=f"ortforge-{name}-"))
    try:
        return run(options, folder)
    finally:
        if getattr(options, "keep", False):
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
