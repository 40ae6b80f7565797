"""One pre-norm transformer block.

Layer normalisation, masked multi-head attention, feed-forward with GELU, residuals.
"""
import math

import numpy as np
from onnx import helper

from . import arithmetic as ops
from .files import Expected, Random, make_model

BATCH, TOKENS, WIDTH, HEADS, HIDDEN = 2, 32, 64, 4, 128
EPSILON = 1e-5
MASKED = -10000.0
RTOL, ATOL = 1e-5, 1e-5  # reached: about 1e-6 absolute


def parameters(rng):
    """Weights by name, float64 values that float32 holds exactly."""
    p = {}
    for name, rows, columns in (("query", WIDTH, WIDTH), ("key", WIDTH, WIDTH), ("value", WIDTH, WIDTH),
                                ("merge", WIDTH, WIDTH), ("up", WIDTH, HIDDEN), ("down", HIDDEN, WIDTH)):
        bound = math.sqrt(3.0 / rows)
        p[f"{name}.weight"] = rng.uniform((rows, columns), -bound, bound)
        p[f"{name}.bias"] = rng.uniform((columns,), -0.2, 0.2)
    for name in ("norm1", "norm2"):
        p[f"{name}.scale"] = rng.uniform((WIDTH,), 0.7, 1.3)
        p[f"{name}.bias"] = rng.uniform((WIDTH,), -0.2, 0.2)
    return p


def forward(p, tokens, mask):
    """tokens[batch, tokens, width], mask[batch, 1, 1, tokens] added to the attention scores; all float64."""
    epsilon = float(np.float32(EPSILON))

    def linear(name, x):
        return ops.matmul(x, p[f"{name}.weight"]) + p[f"{name}.bias"]

    def heads(x):
        return x.reshape(BATCH, TOKENS, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    x = ops.layer_norm(tokens, p["norm1.scale"], p["norm1.bias"], epsilon)
    query, key, value = (heads(linear(name, x)) for name in ("query", "key", "value"))
    scores = ops.matmul(query, key.transpose(0, 1, 3, 2)) / math.sqrt(WIDTH // HEADS) + mask
    context = ops.matmul(ops.softmax(scores), value)
    merged = context.transpose(0, 2, 1, 3).reshape(BATCH, TOKENS, WIDTH)
    attended = tokens + linear("merge", merged)
    y = ops.layer_norm(attended, p["norm2.scale"], p["norm2.bias"], epsilon)
    return attended + linear("down", ops.gelu(linear("up", y)))


def linear_nodes(name, source, result):
    return [helper.make_node("MatMul", [source, f"{name}.weight"], [f"{name}.product"]),
            helper.make_node("Add", [f"{name}.product", f"{name}.bias"], [result])]


def head_nodes(name, perm):
    return linear_nodes(name, "norm1.out", f"{name}.flat") + [
        helper.make_node("Reshape", [f"{name}.flat", "heads.shape"], [f"{name}.split"]),
        helper.make_node("Transpose", [f"{name}.split"], [f"{name}.heads"], perm=perm)]


def norm_node(name, source):
    return helper.make_node("LayerNormalization", [source, f"{name}.scale", f"{name}.bias"], [f"{name}.out"],
                            axis=-1, epsilon=EPSILON)


def graph_nodes():
    node = helper.make_node
    attention = [
        node("MatMul", ["query.heads", "key.heads"], ["scores.raw"]),
        node("Div", ["scores.raw", "scores.divisor"], ["scores.scaled"]),
        node("Add", ["scores.scaled", "mask"], ["scores"]),
        node("Softmax", ["scores"], ["weights"], axis=-1),
        node("MatMul", ["weights", "value.heads"], ["context"]),
        node("Transpose", ["context"], ["context.joined"], perm=[0, 2, 1, 3]),
        node("Reshape", ["context.joined", "tokens.shape"], ["merged"]),
    ]
    gelu = [
        node("Div", ["up.out", "root2"], ["gelu.scaled"]),
        node("Erf", ["gelu.scaled"], ["gelu.erf"]),
        node("Add", ["gelu.erf", "one"], ["gelu.shifted"]),
        node("Mul", ["up.out", "gelu.shifted"], ["gelu.twice"]),
        node("Mul", ["gelu.twice", "half"], ["gelu.out"]),
    ]
    return [
        norm_node("norm1", "tokens"),
        *head_nodes("query", [0, 2, 1, 3]),
        *head_nodes("key", [0, 2, 3, 1]),  # transposed, as the product with the queries wants it
        *head_nodes("value", [0, 2, 1, 3]),
        *attention, *linear_nodes("merge", "merged", "merge.out"),
        node("Add", ["tokens", "merge.out"], ["attended"]),
        norm_node("norm2", "attended"),
        *linear_nodes("up", "norm2.out", "up.out"), *gelu, *linear_nodes("down", "gelu.out", "down.out"),
        node("Add", ["attended", "down.out"], ["result"]),
    ]


def build():
    """The Model `transformer_block`; the last five tokens of the second sequence are masked."""
    rng = Random(20250308)
    p = parameters(rng)
    tokens = rng.uniform((BATCH, TOKENS, WIDTH), -2.0, 2.0)
    mask = np.zeros((BATCH, 1, 1, TOKENS))
    mask[1, ..., -5:] = MASKED
    constants = {name: values.astype(np.float32) for name, values in p.items()}
    constants["heads.shape"] = np.array([BATCH, TOKENS, HEADS, WIDTH // HEADS], np.int64)
    constants["tokens.shape"] = np.array([BATCH, TOKENS, WIDTH], np.int64)
    constants["scores.divisor"] = np.array(math.sqrt(WIDTH // HEADS), np.float32)
    constants["root2"] = np.array(math.sqrt(2.0), np.float32)
    constants["one"] = np.array(1.0, np.float32)
    constants["half"] = np.array(0.5, np.float32)
    result = forward(p, tokens, mask)
    return make_model("transformer_block", graph_nodes(), constants,
                      {"tokens": tokens.astype(np.float32), "mask": mask.astype(np.float32)},
                      {"result": Expected(result.astype(np.float32), RTOL, ATOL)})
