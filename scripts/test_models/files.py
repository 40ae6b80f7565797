"""What a test model is, and how it is written to files.

`models.txt` is read by capi/manifest.c and check.py in templates/onnxruntime/test, cuda.txt by its CMake
files. Values are raw little-endian numbers; the file's suffix is their type.
"""
import dataclasses
import random

import numpy as np
import onnx
from onnx import helper, numpy_helper

SUFFIXES = {np.dtype(np.float32): "f32", np.dtype(np.uint8): "u8", np.dtype(np.int32): "i32"}
SIZE_LIMIT = 200_000  # bytes of one file
OPSET = 17            # first one with LayerNormalization
IR_VERSION = 8        # read by every ONNX Runtime from 1.11 on

CUDA_HEADER = """\
# Written by scripts/make-test-models. MODEL OPERATORS: these, with commas between them, are seen running on
# CUDA when the model runs there; "-": any one is enough.
"""
HEADER = """\
# Written by scripts/make-test-models. Values are raw little-endian numbers, in row-major order.
#   model NAME FILE
#   input NAME TYPE SHAPE FILE             (of the model above)
#   output NAME TYPE SHAPE RTOL ATOL FILE  (passes where |got - expected| <= ATOL + RTOL * |expected|)
"""


@dataclasses.dataclass
class Expected:
    """One output: the values, and the tolerances within which another implementation must agree."""
    values: np.ndarray
    rtol: float = 0.0
    atol: float = 0.0


@dataclasses.dataclass
class Model:
    """A model with inputs (name to array) and expected outputs (name to Expected)."""
    name: str
    proto: onnx.ModelProto
    inputs: dict
    outputs: dict
    cuda: tuple = ()  # operators that have to run on CUDA there; none: any one will do


class Random:
    """Numbers from Python's own generator, whose random() is promised to stay the same in every version."""

    def __init__(self, seed):
        self._source = random.Random(seed)

    def uniform(self, shape, low, high):
        """float32 values between low and high, as float64: what the model file can hold exactly."""
        values = [self._source.random() for _ in range(int(np.prod(shape)))]
        return (low + (high - low) * np.array(values)).reshape(shape).astype(np.float32).astype(np.float64)

    def integers(self, shape, low, high):
        """int64 values from low to high, both included."""
        values = [low + int(self._source.random() * (high - low + 1)) for _ in range(int(np.prod(shape)))]
        return np.array(values, np.int64).reshape(shape)


def make_model(name, nodes, constants, inputs, outputs, cuda=()):
    """A Model. constants: name to array of the type the model file holds; the rest as in Model."""
    def value_info(key, values):
        return helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(values.dtype), values.shape)

    graph = helper.make_graph(
        nodes, name,
        [value_info(key, values) for key, values in inputs.items()],
        [value_info(key, output.values) for key, output in outputs.items()],
        [numpy_helper.from_array(np.ascontiguousarray(values), key) for key, values in constants.items()])
    proto = helper.make_model(graph, producer_name="ortforge", ir_version=IR_VERSION,
                              opset_imports=[helper.make_opsetid("", OPSET)])
    onnx.checker.check_model(proto, full_check=True)
    return Model(name, proto, inputs, outputs, cuda)


def write(folder, models):
    """Writes the files of `models`, models.txt and cuda.txt; fails if one would be larger than SIZE_LIMIT."""
    contents = {}
    lines = [HEADER]
    for model in models:
        contents[f"{model.name}.onnx"] = model.proto.SerializeToString(deterministic=True)
        lines.append(f"\nmodel {model.name} {model.name}.onnx\n")
        for role, tensors in (("input", model.inputs), ("output", model.outputs)):
            for name, tensor in tensors.items():
                values = tensor.values if role == "output" else tensor
                suffix = SUFFIXES[values.dtype]
                file = f"{model.name}.{'expected' if role == 'output' else role}.{name}.{suffix}"
                contents[file] = values.astype(values.dtype.newbyteorder("<")).tobytes()
                shape = ",".join(str(length) for length in values.shape)
                tolerance = f" {tensor.rtol:g} {tensor.atol:g}" if role == "output" else ""
                lines.append(f"{role} {name} {suffix} {shape}{tolerance} {file}\n")
    contents["models.txt"] = "".join(lines).encode()
    cuda = [f"{model.name} {','.join(model.cuda) or '-'}\n" for model in models]
    contents["cuda.txt"] = (CUDA_HEADER + "".join(cuda)).encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        if len(data) > SIZE_LIMIT:
            raise ValueError(f"{name}: {len(data)} bytes, more than the limit of {SIZE_LIMIT}")
        (folder / name).write_bytes(data)
