"""Compares what an installed Python package computes with NumPy: one line for each value, and whether all were right."""
import argparse
import pathlib

import numpy

RANDOM = numpy.random.default_rng(7)
failures = 0


def compare(name, got, expected, rtol=1e-5, atol=1e-6):
    """One line that says how far a tensor is from the array it should be; NaN never passes."""
    global failures
    got, expected = numpy.asarray(got, dtype=numpy.float64), numpy.asarray(expected, dtype=numpy.float64)
    if got.shape != expected.shape:
        print(f"FAIL {name}: shape {got.shape}, expected {expected.shape}")
        failures += 1
        return
    error = numpy.abs(got - expected)
    wrong = int(numpy.sum(~(error <= atol + rtol * numpy.abs(expected))))
    if wrong:
        print(f"FAIL {name}: {wrong} of {error.size} values differ, largest error {error.max():.3g}")
        failures += 1
    else:
        print(f"ok {name}: {error.size} values, largest error {error.max():.3g}")


def require(name, condition, found):
    global failures
    print(f"{'ok' if condition else 'FAIL'} {name}: {found}")
    failures += not condition


def uniform(*shape):
    return RANDOM.uniform(-1, 1, shape).astype(numpy.float32)


def expect_failures(count):
    """So many comparisons had to fail by now; forgets them."""
    global failures
    failures = 0 if failures == count else 1


def run(what, modules, checks, before):
    """Runs the check that the command line names, `--site SITE CHECK VERSION`, after before(); its exit status.

    modules: those that must come from SITE. checks: functions of the version.
    """
    known = {check.__name__: check for check in checks}
    parser = argparse.ArgumentParser(description=f"Checks an installed {what}.")
    parser.add_argument("--site", type=pathlib.Path, required=True, help="folder it was installed into")
    parser.add_argument("check", choices=sorted(known))
    parser.add_argument("version")
    arguments = parser.parse_args()
    for module in modules:
        found = pathlib.Path(module.__file__).resolve()
        if arguments.site.resolve() not in found.parents:
            print(f"FAIL import: {module.__name__} came from {found}, expected it in {arguments.site}")
            return 1
    before()
    known[arguments.check](arguments.version)
    return 1 if failures else 0
