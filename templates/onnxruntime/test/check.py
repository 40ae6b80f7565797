#!/usr/bin/env python3
"""Checks an unpacked onnxruntime wheel: one line per check on standard output, exit status 1 if one failed.

    PYTHONPATH=SITE check.py --site SITE --models DIR version 1.21.0
    PYTHONPATH=SITE check.py --site SITE --models DIR providers CPUExecutionProvider[,...]
    PYTHONPATH=SITE check.py --site SITE --models DIR model convnet
"""
import argparse
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
        return numpy.fromfile(models / file, TYPES[kind]).reshape([int(length) for length in shape.split(",")])

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
    return path, inputs, outputs


def check_output(numpy, label, got, expected, rtol, atol):
    """Compares type, shape and values; NaN never passes."""
    if got.dtype != expected.dtype or got.shape != expected.shape:
        print(f"FAIL {label}: {got.dtype}{got.shape}, expected {expected.dtype}{expected.shape}")
        return False
    want = expected.astype(numpy.float64)
    error = numpy.abs(got.astype(numpy.float64) - want)
    error[numpy.isnan(error)] = numpy.inf
    wrong = int(numpy.sum(~(error <= atol + rtol * numpy.abs(want))))
    allowed = f"(allowed: {atol:g} + {rtol:g} * |expected|)"
    worst = int(error.argmax())
    if wrong:
        print(f"FAIL {label}: {wrong} of {error.size} values differ; largest error {error.flat[worst]:.9g} at index "
              f"{worst}: got {got.flat[worst]:.9g}, expected {want.flat[worst]:.9g} {allowed}")
    else:
        print(f"ok {label}: {error.size} values, largest error {error.flat[worst]:.3g} {allowed}")
    return wrong == 0


def check_model(numpy, onnxruntime, models, name):
    path, inputs, outputs = read_model(numpy, models, name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    results = session.run([output[0] for output in outputs], inputs)
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
    print(f"{'ok' if good else 'FAIL'} version: module {onnxruntime.__version__}, wheel {', '.join(described) or 'none'}, "
          f"expected {expected}")
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
    numpy, onnxruntime = load(arguments.site)
    if arguments.check == "version":
        good = check_version(onnxruntime, arguments.site, arguments.expected)
    elif arguments.check == "providers":
        good = check_providers(onnxruntime, arguments.expected)
    else:
        good = check_model(numpy, onnxruntime, arguments.models, arguments.expected)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
