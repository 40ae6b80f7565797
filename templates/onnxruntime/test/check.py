#!/usr/bin/env python3
"""Checks an unpacked onnxruntime wheel: one line per check on standard output, exit status 1 if one failed.

    PYTHONPATH=SITE check.py --site SITE --models DIR version 1.21.0
    PYTHONPATH=SITE check.py --site SITE --models DIR providers CPUExecutionProvider[,...]
    PYTHONPATH=SITE check.py --site SITE --models DIR model convnet
"""
import argparse
import math
import pathlib
import sys

TYPES = {"f32": "<f4", "u8": "|u1", "i32": "<i4"}


def fail(message):
    print(f"FAIL {message}")
    sys.exit(1)


def load(site):
    """The modules numpy and onnxruntime; fails unless onnxruntime is the one in `site`."""
    try:
        import numpy
        import onnxruntime
    except ImportError as error:
        fail(f"import: {error}")
    found = pathlib.Path(onnxruntime.__file__).resolve()
    if site.resolve() not in found.parents:
        fail(f"import: onnxruntime came from {found}, expected it in {site}; is PYTHONPATH set?")
    return numpy, onnxruntime


def read_model(numpy, models, wanted):
    """Path, inputs by name, and a list of (name, values, rtol, atol) of one model of models.txt."""
    path, inputs, outputs, names = None, {}, [], []

    def values(kind, shape, file):
        axes = [int(length) for length in shape.split(",")]
        data = (models / file).read_bytes()
        size = numpy.dtype(TYPES[kind]).itemsize
        if len(data) != math.prod(axes) * size:
            fail(f"{models / file}: expected exactly {math.prod(axes)} values of {size} bytes")
        return numpy.frombuffer(data, TYPES[kind]).reshape(axes)

    for line in (models / "models.txt").read_text().splitlines():
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        if fields[0] == "model":
            names.append(fields[1])
            if fields[1] == wanted:
                path = models / fields[2]
        elif names and names[-1] == wanted:
            if fields[0] == "input":
                inputs[fields[1]] = values(*fields[2:5])
            else:
                outputs.append((fields[1], values(fields[2], fields[3], fields[6]),
                                float(fields[4]), float(fields[5])))
    if path is None:
        fail(f"{wanted}: models.txt has no model of this name; it has {' '.join(names)}")
    if not outputs:
        fail(f"{wanted}: models.txt names no output of this model")
    return path, inputs, outputs


def check_output(numpy, label, got, expected, rtol, atol):
    """Compares type, shape and values. NaN never passes.

    A failure shows the element that is furthest beyond its allowance.
    """
    if got.dtype != expected.dtype or got.shape != expected.shape:
        print(f"FAIL {label}: {got.dtype}{got.shape}, expected {expected.dtype}{expected.shape}")
        return False
    want = expected.astype(numpy.float64)
    error = numpy.abs(got.astype(numpy.float64) - want)
    excess = error - (atol + rtol * numpy.abs(want))
    excess[numpy.isnan(excess)] = numpy.inf
    wrong = int(numpy.sum(excess > 0))
    allowed = f"(allowed: {atol:g} + {rtol:g} * |expected|)"
    if wrong == 0:
        print(f"ok {label}: {error.size} values, largest error {error.max():.3g} {allowed}")
        return True
    worst = int(excess.argmax())
    print(f"FAIL {label}: {wrong} of {error.size} values differ; worst at index {worst}: "
          f"got {got.flat[worst]:.9g}, expected {want.flat[worst]:.9g}, error {error.flat[worst]:.9g} "
          f"{allowed}")
    return False


def check_model(numpy, onnxruntime, models, name):
    path, inputs, outputs = read_model(numpy, models, name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        results = session.run([output[0] for output in outputs], inputs)
    except Exception as error:  # the module's own errors have no common base but this
        fail(f"{name}: {error}")
    good = [check_output(numpy, f"{name}.{label}", got, expected, rtol, atol)
            for got, (label, expected, rtol, atol) in zip(results, outputs)]
    return all(good)


def check_version(onnxruntime, site, expected):
    """The module's version, and the version in the wheel's own description."""
    described = [line.split(":", 1)[1].strip()
                 for file in site.glob("onnxruntime*.dist-info/METADATA")
                 for line in file.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
                 if line.startswith("Version:")]
    good = onnxruntime.__version__ == expected and described == [expected]
    print(f"{'ok' if good else 'FAIL'} version: module {onnxruntime.__version__}, "
          f"wheel {', '.join(described) or 'none'}, expected {expected}")
    return good


def check_providers(onnxruntime, expected):
    got = onnxruntime.get_available_providers()
    good = sorted(got) == sorted(expected.split(","))
    print(f"{'ok' if good else 'FAIL'} providers: {','.join(got)}, expected {expected}")
    return good


def main():
    parser = argparse.ArgumentParser(description="Checks an unpacked onnxruntime wheel.")
    parser.add_argument("--site", type=pathlib.Path, required=True, help="folder the wheel was unpacked into")
    parser.add_argument("--models", type=pathlib.Path, required=True, help="folder with models.txt")
    parser.add_argument("check", choices=["version", "providers", "model"])
    parser.add_argument("expected", help="version, comma-separated providers, or name of a model")
    arguments = parser.parse_args()
    try:
        return 0 if run(arguments, *load(arguments.site)) else 1
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")


def run(arguments, numpy, onnxruntime):
    """The check that was asked for; true if it passed."""
    if arguments.check == "version":
        return check_version(onnxruntime, arguments.site, arguments.expected)
    if arguments.check == "providers":
        return check_providers(onnxruntime, arguments.expected)
    return check_model(numpy, onnxruntime, arguments.models, arguments.expected)


if __name__ == "__main__":
    sys.exit(main())
