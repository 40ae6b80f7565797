"""A small image classifier.

Convolutions (dense, depthwise, 1x1, residual), batch normalisation, pooling, Gemm, softmax.
"""
import numpy as np
from onnx import helper

from . import arithmetic as ops
from .files import Expected, Random, make_model

CHANNELS = (3, 16, 32)
CLASSES = 10
EPSILON = 1e-5
# Softmax hides errors, so the logits are an output too.
RTOL, ATOL = 1e-5, 1e-5  # reached: about 1e-6 absolute


def parameters(rng):
    """Weights by name, float64 values that float32 holds exactly."""
    image, narrow, wide = CHANNELS

    def weight(*shape):
        bound = np.sqrt(6.0 / np.prod(shape[1:]))
        return rng.uniform(shape, -bound, bound)

    return {
        "stem.weight": weight(narrow, image, 3, 3), "stem.bias": rng.uniform((narrow,), -0.2, 0.2),
        "depthwise.weight": weight(narrow, 1, 3, 3),
        "norm.scale": rng.uniform((narrow,), 0.7, 1.3), "norm.bias": rng.uniform((narrow,), -0.2, 0.2),
        "norm.mean": rng.uniform((narrow,), -0.3, 0.3), "norm.var": rng.uniform((narrow,), 0.5, 1.5),
        "pointwise.weight": weight(wide, narrow, 1, 1), "pointwise.bias": rng.uniform((wide,), -0.2, 0.2),
        "block.weight": weight(wide, wide, 3, 3), "block.bias": rng.uniform((wide,), -0.2, 0.2),
        "classifier.weight": rng.uniform((CLASSES, wide), -0.7, 0.7),
        "classifier.bias": rng.uniform((CLASSES,), -0.2, 0.2),
    }


def forward(p, image):
    """Logits and probabilities in float64."""
    x = ops.relu(ops.conv2d(image, p["stem.weight"], pad=1) + ops.per_channel(p["stem.bias"]))
    x = ops.conv2d(x, p["depthwise.weight"], stride=2, pad=1, groups=CHANNELS[1])
    factor = p["norm.scale"] / np.sqrt(p["norm.var"] + np.float64(np.float32(EPSILON)))
    x = (x - ops.per_channel(p["norm.mean"])) * ops.per_channel(factor) + ops.per_channel(p["norm.bias"])
    x = ops.relu(x)
    x = ops.relu(ops.conv2d(x, p["pointwise.weight"]) + ops.per_channel(p["pointwise.bias"]))
    x = x + ops.relu(ops.conv2d(x, p["block.weight"], pad=1) + ops.per_channel(p["block.bias"]))
    x = ops.max_pool(x, 2)
    flat = x.reshape(x.shape[0], x.shape[1], -1)
    pooled = ops.total(flat, -1)[..., 0] / flat.shape[-1]
    logits = ops.matmul(pooled, p["classifier.weight"].T) + p["classifier.bias"]
    return logits, ops.softmax(logits)


def graph_nodes():
    def conv(name, source, result, biased=True, **attributes):
        weights = [f"{name}.weight"] + ([f"{name}.bias"] if biased else [])
        return helper.make_node("Conv", [source, *weights], [result], name, **attributes)

    return [
        conv("stem", "image", "stem.sum", pads=[1] * 4),
        helper.make_node("Relu", ["stem.sum"], ["stem.out"]),
        conv("depthwise", "stem.out", "depthwise.sum", biased=False, pads=[1] * 4, strides=[2, 2],
             group=CHANNELS[1]),
        helper.make_node("BatchNormalization",
                         ["depthwise.sum", "norm.scale", "norm.bias", "norm.mean", "norm.var"], ["norm.sum"],
                         epsilon=EPSILON),
        helper.make_node("Relu", ["norm.sum"], ["norm.out"]),
        conv("pointwise", "norm.out", "pointwise.sum"),
        helper.make_node("Relu", ["pointwise.sum"], ["pointwise.out"]),
        conv("block", "pointwise.out", "block.sum", pads=[1] * 4),
        helper.make_node("Relu", ["block.sum"], ["block.out"]),
        helper.make_node("Add", ["pointwise.out", "block.out"], ["residual"]),
        helper.make_node("MaxPool", ["residual"], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["pooled"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["features"]),
        helper.make_node("Gemm", ["features", "classifier.weight", "classifier.bias"], ["logits"], transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
    ]


def build():
    """The Model `convnet`."""
    rng = Random(20250307)
    p = parameters(rng)
    image = rng.uniform((2, CHANNELS[0], 32, 32), -1.0, 1.0)
    logits, probabilities = forward(p, image)
    return make_model(
        "convnet", graph_nodes(), {name: values.astype(np.float32) for name, values in p.items()},
        {"image": image.astype(np.float32)},
        {"logits": Expected(logits.astype(np.float32), RTOL, ATOL),
         "probabilities": Expected(probabilities.astype(np.float32), RTOL, ATOL)})
