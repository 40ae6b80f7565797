#!/usr/bin/env python3
"""Checks an unpacked onnxruntime wheel: one line per check on standard output.

The exit status is 1 if one failed, 77 if nothing was checked because the machine has no GPU for it.

    PYTHONPATH=SITE check.py --site SITE --models DIR version 1.21.0
    PYTHONPATH=SITE check.py --site SITE --models DIR providers CPUExecutionProvider[,...]
    PYTHONPATH=SITE check.py --site SITE --models DIR model convnet
    PYTHONPATH=SITE check.py --site SITE --models DIR --provider cuda --sm 90
        [--profile START --operators Slice] model op_slice
"""
import argparse
import ctypes
import json
import math
import pathlib
import sys

TYPES = {"f32": "<f4", "u8": "|u1", "i32": "<i4"}
CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"
SKIPPED = 77


def fail(message):
    print(f"FAIL {message}")
    sys.exit(1)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def find_gpu():
    """SM of the first device (90 for compute capability 9.0), or None; and why there is none."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None, "no CUDA driver (libcuda.so.1)"
    count, device, major, minor = (ctypes.c_int() for _ in range(4))
    status = driver.cuInit(0)
    if status or driver.cuDeviceGetCount(ctypes.byref(count)) or count.value == 0:
        return None, f"the CUDA driver finds no device (cuInit: {status})"
    if (driver.cuDeviceGet(ctypes.byref(device), 0)
            or driver.cuDeviceGetAttribute(ctypes.byref(major), 75, device)
            or driver.cuDeviceGetAttribute(ctypes.byref(minor), 76, device)):
        return None, "the CUDA driver does not describe its device"
    return 10 * major.value + minor.value, ""


def code_runs(built_for, device):
    """Whether machine code for one SM runs on another: same major number, minor number at least as high."""
    return built_for // 10 == device // 10 and built_for % 10 <= device % 10


def wrong_sm(built_for, device):
    rest = ": the provider holds no code for it" if code_runs(built_for, device) else ", no PTX"
    return f"built for sm{built_for}, this is sm{device}{rest}"


def missing_library(message):
    """The library that a message of the dynamic linker names as missing, unless it is ONNX Runtime's own."""
    head, found, _ = message.partition(": cannot open shared object file")
    name = head.replace("/", " ").split(" ")[-1]
    return name if found and name and not name.startswith("libonnxruntime") else None


def require_cuda(session, onnxruntime):
    """Ends the program unless the session has the CUDA provider: skipped, or failed with the reason."""
    device, why = find_gpu()
    if device is None:
        skip(f"no GPU here: {why}")
    if CUDA in session.get_providers():
        return device
    provider = pathlib.Path(onnxruntime.__file__).parent / "capi" / "libonnxruntime_providers_cuda.so"
    try:
        ctypes.CDLL(str(provider))
        reason = "see the messages of onnxruntime"
    except OSError as error:
        reason = str(error)
    if missing := missing_library(reason):
        skip(f"no CUDA libraries here: {missing} is missing")
    fail(f"CUDA provider: the session runs on {', '.join(session.get_providers())}: {reason}")


def check_profile(events, operators, label):
    """Whether a profile shows every one of `operators` on CUDA; "-" stands for any one. One line for each."""
    where = {}
    for event in events:
        details = event.get("args", {})
        if "op_name" in details and "provider" in details:
            for name in (details["op_name"], "-"):
                if where.get(name) != CUDA:
                    where[name] = details["provider"]
    good = True
    for name in operators.split(","):
        shown, found = "some operator" if name == "-" else name, where.get(name)
        if found == CUDA:
            print(f"ok {label}: {shown} ran on {CUDA}")
        elif found:
            print(f"FAIL {label}: {shown} ran on {found}, expected {CUDA}")
        else:
            print(f"FAIL {label}: the profile does not show {shown}")
        good = good and found == CUDA
    return good


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


def check_model(numpy, onnxruntime, request):
    """Runs a model and compares; on CUDA with ten times the tolerances, as sums have another order there."""
    name, device, slack = request.expected, None, 1
    path, inputs, outputs = read_model(numpy, request.models, name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    if request.profile:
        options.enable_profiling, options.profile_file_prefix = True, request.profile
    providers = [(CUDA, {"use_tf32": "0"})] if request.provider == "cuda" else []
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=[*providers, CPU])
        if providers:
            device, slack = require_cuda(session, onnxruntime), 10
        results = session.run([output[0] for output in outputs], inputs)
    except Exception as error:  # the module's own errors have no common base but this
        if device is not None and "no kernel image is available" in str(error):
            print(f"FAIL {name}: {wrong_sm(request.sm, device)}")
        fail(f"{name}: {error}")
    good = all([check_output(numpy, f"{name}.{label}", got, expected, slack * rtol, slack * atol)
                for got, (label, expected, rtol, atol) in zip(results, outputs)])
    if request.profile:
        profile = pathlib.Path(session.end_profiling())
        good = check_profile(json.loads(profile.read_text()), request.operators, name) and good
    if not good and device is not None and not code_runs(request.sm, device):
        print(f"FAIL gpu: {wrong_sm(request.sm, device)}")
    return good


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
    parser.add_argument("--provider", choices=["cpu", "cuda"], default="cpu", help="where models run first")
    parser.add_argument("--sm", type=int, help="cuda: what the provider was built for, such as 90")
    parser.add_argument("--profile", metavar="START", help="the profile goes to a file that begins so")
    parser.add_argument("--operators", default="-", help="with --profile: seen on CUDA; '-': any one")
    parser.add_argument("check", choices=["version", "providers", "model"])
    parser.add_argument("expected", help="version, comma-separated providers, or name of a model")
    arguments = parser.parse_args()
    if arguments.provider == "cuda" and arguments.sm is None:
        parser.error("--provider cuda: needs --sm")
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
    return check_model(numpy, onnxruntime, arguments)


if __name__ == "__main__":
    sys.exit(main())
