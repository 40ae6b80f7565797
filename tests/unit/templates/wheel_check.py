"""Checks the parts of check.py that need neither onnxruntime nor a GPU: wheel_check.py FOLDER-OF-CHECK.PY"""
import contextlib
import io
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import check  # noqa: E402


def profile(events, operators):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        good = check.check_profile(events, operators, "model")
    return good, said.getvalue()


def event(name, provider):
    return {"cat": "Node", "args": {"op_name": name, "provider": provider}}


assert check.wrong_sm(80, 90) == "built for sm80, this is sm90, no PTX"
assert check.wrong_sm(90, 90) == "built for sm90, this is sm90: the provider holds no code for it"
assert check.code_runs(80, 86) and not check.code_runs(86, 80) and not check.code_runs(80, 90)
assert check.missing_library("libcudnn.so.9: cannot open shared object file: No such file") == "libcudnn.so.9"
assert check.missing_library("/x/libonnxruntime_providers_cuda.so: cannot open shared object file") is None
assert check.missing_library("undefined symbol: x") is None
EVENTS = [{"cat": "Session", "args": {}}, event("Slice", check.CPU), event("Slice", check.CUDA),
          event("Slice", check.CPU), event("If", check.CPU)]
assert profile(EVENTS, "Slice") == (True, "ok model: Slice ran on CUDAExecutionProvider\n")
assert profile(EVENTS, "-") == (True, "ok model: some operator ran on CUDAExecutionProvider\n")
assert profile(EVENTS, "If") == (
    False, "FAIL model: If ran on CPUExecutionProvider, expected CUDAExecutionProvider\n")
assert profile(EVENTS, "Loop") == (False, "FAIL model: the profile does not show Loop\n")
