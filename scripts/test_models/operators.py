"""One small model per operator whose CUDA kernel calls back into the core of ONNX Runtime.

They go through the table that the core hands to the provider, so they fail when the two were compiled with
different ideas of it. Data comes from graph inputs: what is constant would be folded away before it reaches a
provider.
"""
import numpy as np
from onnx import TensorProto, helper

from . import arithmetic as ops
from .files import Expected, Random, make_model

RTOL, ATOL = 1e-5, 1e-5  # of sums; what only moves data is exact
STEPS = 5                # of the loop

node = helper.make_node


def data(rng, *shape):
    return rng.uniform(shape, -2.0, 2.0).astype(np.float32)


def integers(*values):
    return np.array(values, np.int64)


def single(operator, nodes, constants, inputs, outputs):
    """The model op_<operator>; `outputs` are arrays (exact) or Expected."""
    expected = {name: values if isinstance(values, Expected) else Expected(values)
                for name, values in outputs.items()}
    return make_model("op_" + operator.lower(), nodes, constants, inputs, expected, cuda=(operator,))


def close(values):
    return Expected(values.astype(np.float32), RTOL, ATOL)


def subgraph(name, nodes, inputs, outputs):
    """A graph for a branch or a body; inputs and outputs are (name, element type, shape)."""
    return helper.make_graph(nodes, name, [helper.make_tensor_value_info(*entry) for entry in inputs],
                             [helper.make_tensor_value_info(*entry) for entry in outputs])


def slice_model(rng):
    x = data(rng, 4, 32, 48)
    constants = {"starts": integers(2, 47), "ends": integers(30, 0), "axes": integers(1, 2),
                 "steps": integers(3, -2)}
    return single("Slice", [node("Slice", ["x", *constants], ["y"])], constants, {"x": x},
                  {"y": x[:, 2:30:3, 47:0:-2]})


def concat_model(rng):
    left, right = data(rng, 4, 8, 32), data(rng, 4, 24, 32)
    return single("Concat", [node("Concat", ["left", "right"], ["y"], axis=1)], {},
                  {"left": left, "right": right}, {"y": np.concatenate([left, right], axis=1)})


def split_model(rng):
    x = data(rng, 6, 32)
    first, second, third = np.split(x, [8, 28], axis=1)
    return single("Split", [node("Split", ["x", "lengths"], ["first", "second", "third"], axis=1)],
                  {"lengths": integers(8, 20, 4)}, {"x": x},
                  {"first": first, "second": second, "third": third})


def pad_model(rng):
    x = data(rng, 3, 12, 16)
    return single("Pad", [node("Pad", ["x", "pads", "value"], ["y"])],
                  {"pads": integers(0, 2, 1, 1, 0, 3), "value": np.array(0.5, np.float32)}, {"x": x},
                  {"y": np.pad(x, ((0, 1), (2, 0), (1, 3)), constant_values=np.float32(0.5))})


def tile_model(rng):
    x = data(rng, 4, 12, 8)
    return single("Tile", [node("Tile", ["x", "repeats"], ["y"])], {"repeats": integers(2, 1, 3)}, {"x": x},
                  {"y": np.tile(x, (2, 1, 3))})


def cumsum_model(rng):
    x = data(rng, 8, 64)
    backwards = np.cumsum(x.astype(np.float64)[:, ::-1], axis=1)[:, ::-1]
    return single("CumSum", [node("CumSum", ["x", "axis"], ["y"], reverse=1)],
                  {"axis": np.array(1, np.int64)}, {"x": x}, {"y": close(backwards)})


def onehot_model(rng):
    indices = rng.integers((32,), 0, 15).astype(np.int32)
    hot = np.where(indices[:, None] == np.arange(16), np.float32(3), np.float32(-1))
    return single("OneHot", [node("OneHot", ["indices", "depth", "values"], ["y"])],
                  {"depth": np.array(16, np.int32), "values": np.array([-1, 3], np.float32)},
                  {"indices": indices}, {"y": hot.astype(np.float32)})


def einsum_model(rng):
    a, b = data(rng, 2, 16, 24), data(rng, 2, 20, 24)
    product = ops.matmul(a.astype(np.float64), b.astype(np.float64).transpose(0, 2, 1))
    return single("Einsum", [node("Einsum", ["a", "b"], ["y"], equation="bij,bkj->bik")], {},
                  {"a": a, "b": b}, {"y": close(product)})


def if_model(rng):
    """Both branches are taken once."""
    x = data(rng, 8, 32)

    def choose(condition, result):
        shape = (TensorProto.FLOAT, x.shape)
        added, negated = f"{result}.then", f"{result}.else"
        then = subgraph("then", [node("Add", ["x", "one"], [added])], [], [(added, *shape)])
        other = subgraph("else", [node("Neg", ["x"], [negated])], [], [(negated, *shape)])
        return node("If", [condition], [result], then_branch=then, else_branch=other)

    nodes = [node("Cast", ["flag"], ["condition"], to=TensorProto.BOOL),
             node("Not", ["condition"], ["opposite"]),
             choose("condition", "added"), choose("opposite", "negated")]
    return single("If", nodes, {"one": np.array(1, np.float32)}, {"x": x, "flag": np.array([1], np.uint8)},
                  {"added": x + np.float32(1), "negated": -x})


def loop_model(rng):
    """state = state / 2 + x, five times; every state is an output as well."""
    x = data(rng, 8, 32)
    body = subgraph(
        "body",
        [node("Identity", ["go"], ["go.on"]), node("Mul", ["state", "half"], ["halved"]),
         node("Add", ["halved", "x"], ["next"]), node("Identity", ["next"], ["seen"])],
        [("step", TensorProto.INT64, (1,)), ("go", TensorProto.BOOL, (1,)),
         ("state", TensorProto.FLOAT, x.shape)],
        [("go.on", TensorProto.BOOL, (1,)), ("next", TensorProto.FLOAT, x.shape),
         ("seen", TensorProto.FLOAT, x.shape)])
    state, states = x.astype(np.float64), []
    for _ in range(STEPS):
        state = state / 2 + x
        states.append(state)
    return single("Loop", [node("Loop", ["steps", "true", "x"], ["last", "states"], body=body)],
                  {"steps": integers(STEPS), "true": np.array([True]), "half": np.array(0.5, np.float32)},
                  {"x": x}, {"last": close(state), "states": close(np.stack(states))})


def scan_model(rng):
    """Sums along the second axis, which the kernel has to bring to the front and back."""
    x = data(rng, 64, 10)
    column = (TensorProto.FLOAT, (64,))
    body = subgraph("body", [node("Add", ["sum", "column"], ["sum.next"]),
                             node("Identity", ["sum.next"], ["seen"])],
                    [("sum", *column), ("column", *column)], [("sum.next", *column), ("seen", *column)])
    sums = np.cumsum(x.astype(np.float64), axis=1)
    return single("Scan", [node("Scan", ["zero", "x"], ["total", "sums"], body=body, num_scan_inputs=1,
                                scan_input_axes=[1], scan_output_axes=[1])],
                  {"zero": np.zeros(64, np.float32)}, {"x": x},
                  {"total": close(sums[:, -1]), "sums": close(sums)})


def gather_model(rng):
    x, indices = data(rng, 64, 24), rng.integers((10, 3), 0, 63).astype(np.int32)
    return single("Gather", [node("Gather", ["x", "indices"], ["y"], axis=0)], {},
                  {"x": x, "indices": indices}, {"y": x[indices]})


def gathernd_model(rng):
    x = data(rng, 8, 10, 12)
    indices = integers((0, 0), (7, 9), (3, -1), (5, 4), (1, 8), (5, 4))
    return single("GatherND", [node("GatherND", ["x", "indices"], ["y"])], {"indices": indices}, {"x": x},
                  {"y": x[indices[:, 0], indices[:, 1]]})


def topk_model(rng):
    x = data(rng, 8, 100)
    order = np.argsort(-x, axis=1, kind="stable")[:, :7]
    nodes = [node("TopK", ["x", "count"], ["largest", "places.wide"], axis=1),
             node("Cast", ["places.wide"], ["places"], to=TensorProto.INT32)]
    return single("TopK", nodes, {"count": integers(7)}, {"x": x},
                  {"largest": np.take_along_axis(x, order, 1), "places": order.astype(np.int32)})


def build():
    """The Models, in the order of models.txt."""
    makers = [slice_model, concat_model, split_model, pad_model, tile_model, cumsum_model, onehot_model,
              einsum_model, if_model, loop_model, scan_model, gather_model, gathernd_model, topk_model]
    return [make(Random(20250310 + number)) for number, make in enumerate(makers)]
