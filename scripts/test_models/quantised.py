"""An int8 model.

QLinearConv (dense, depthwise, a scale per channel), QLinearMatMul, ConvInteger, MatMulInteger, and a product
in QDQ form (floats between DequantizeLinear and QuantizeLinear).

All expected values are exact, with no tolerance, because of two choices:
- no value that is rounded lies so near to a tie that float32 arithmetic could round it the other way
  (`quantise` refuses; `build` takes the first seed without such a value);
- signed weights stay within 7 bits: the x86 kernels for CPUs without VNNI add pairs of u8 x s8 products in
  saturating 16 bits (vpmaddubsw), where larger weights may overflow; unsigned weights use all 8 bits.
"""
from fractions import Fraction

import numpy as np
from onnx import helper

from . import arithmetic as ops
from .files import Expected, Random, make_model

SIGNED = 63  # largest signed weight: 2 * 255 * 63 < 2^15
FIRST_SEED, SEEDS = 20250309, 100


class NearTie(Exception):
    """A value lies too near to the middle between two integers for every implementation to round it alike."""


def quantise(values, multiplier, zero_point):
    """round(values * multiplier) + zero_point, saturated to uint8; exact.

    values: integers or Fractions [n, c, ...]; multiplier: one Fraction, or a list of one per channel. Raises
    NearTie where float32 arithmetic (a few roundings of relative size 2^-24) might round otherwise.
    """
    multipliers = multiplier if isinstance(multiplier, list) else [multiplier] * values.shape[1]
    result = np.empty(values.shape, np.uint8)
    for index, value in np.ndenumerate(values.astype(object)):
        exact = value * multipliers[index[1]]
        if -zero_point - 1 < exact < 256 - zero_point:
            to_tie = abs(exact % 1 - Fraction(1, 2))
            if to_tie < abs(exact) / 2**20 + Fraction(1, 10**6):
                raise NearTie
        result[index] = min(max(round(exact) + zero_point, 0), 255)
    return result


def fraction(value):
    """The exact value of a float32."""
    return Fraction(float(value))


class Parameters:
    """Weights, scales and zero points; names are those of the model's initialisers."""

    def __init__(self, rng):
        def scale(low, high, count=None):
            values = rng.uniform((count or 1,), low, high).astype(np.float32)
            return values if count else values[0]

        def signed(*shape):
            return rng.integers(shape, -SIGNED, SIGNED).astype(np.int8)

        def unsigned(*shape):
            return rng.integers(shape, 0, 255).astype(np.uint8)

        self.constants = {
            "image.scale": scale(0.012, 0.013), "image.zero": np.uint8(117),
            "conv.weight": signed(16, 4, 3, 3), "conv.weight.scale": scale(0.002, 0.006, 16),
            "conv.weight.zero": np.zeros(16, np.int8),
            "conv.bias": rng.integers((16,), -9000, 9000).astype(np.int32),
            "conv.scale": scale(0.005, 0.006), "conv.zero": np.uint8(0),
            "depthwise.weight": signed(16, 1, 3, 3), "depthwise.weight.scale": scale(0.004, 0.009, 16),
            "depthwise.weight.zero": np.zeros(16, np.int8),
            "depthwise.bias": rng.integers((16,), -4000, 4000).astype(np.int32),
            "depthwise.scale": scale(0.012, 0.016), "depthwise.zero": np.uint8(93),
            "dense.weight": signed(256, 32), "dense.weight.scale": scale(0.003, 0.004),
            "dense.weight.zero": np.int8(0), "dense.scale": scale(0.012, 0.016), "dense.zero": np.uint8(120),
            "score.weight": signed(32, 10), "score.weight.scale": scale(0.006, 0.008),
            "score.weight.zero": np.int8(0), "score.scale": scale(0.02, 0.03), "score.zero": np.uint8(128),
            "sums.weight": unsigned(256, 8), "sums.weight.zero": np.uint8(131),
            "maps.weight": unsigned(4, 4, 3, 3), "maps.weight.zero": np.uint8(125),
        }

    def __getitem__(self, name):
        return self.constants[name]

    def offset(self, values, name):
        """values minus the zero point `name`, as int64."""
        return values.astype(np.int64) - int(self[name])

    def integers(self, name):
        return self[name].astype(np.int64)

    def multiplier(self, source, name):
        """Factor from products of `source` and weights `name` to quanta of `name`: one, or a list."""
        weights = self[f"{name}.weight.scale"]
        ratio = fraction(self[f"{source}.scale"]) / fraction(self[f"{name}.scale"])
        return [fraction(s) * ratio for s in weights] if weights.ndim else fraction(weights) * ratio


def forward(p, image):
    """Expected outputs by name, from image float32[1, 4, 16, 16]."""
    exact_image = np.array([fraction(v) for v in image.ravel()], dtype=object).reshape(image.shape)
    pixels = quantise(exact_image, 1 / fraction(p["image.scale"]), int(p["image.zero"]))
    centred = p.offset(pixels, "image.zero")

    x = ops.conv2d(centred, p.integers("conv.weight"), pad=1) + ops.per_channel(p.integers("conv.bias"))
    x = ops.max_pool(quantise(x, p.multiplier("image", "conv"), int(p["conv.zero"])), 2)
    x = ops.conv2d(p.offset(x, "conv.zero"), p.integers("depthwise.weight"), stride=2, pad=1, groups=16)
    x = x + ops.per_channel(p.integers("depthwise.bias"))
    codes = quantise(x, p.multiplier("conv", "depthwise"), int(p["depthwise.zero"])).reshape(1, -1)
    centred_codes = p.offset(codes, "depthwise.zero")

    hidden = quantise(ops.matmul(centred_codes, p.integers("dense.weight")),
                        p.multiplier("depthwise", "dense"), int(p["dense.zero"]))
    scores = quantise(ops.matmul(p.offset(hidden, "dense.zero"), p.integers("score.weight")),
                        p.multiplier("dense", "score"), int(p["score.zero"]))
    sums = ops.matmul(centred_codes, p.offset(p["sums.weight"], "sums.weight.zero"))
    maps = ops.conv2d(centred, p.offset(p["maps.weight"], "maps.weight.zero"))
    return {
        "codes": codes,
        "hidden": hidden,
        "scores": p.offset(scores, "score.zero").astype(np.float32) * p["score.scale"],
        "sums": sums.astype(np.int32),
        "maps": maps.astype(np.int32),
    }


def graph_nodes():
    node = helper.make_node

    def quantised(operator, source, name, result, biased=False, **attributes):
        scale_of, value = source
        inputs = [value, f"{scale_of}.scale", f"{scale_of}.zero",
                  f"{name}.weight", f"{name}.weight.scale", f"{name}.weight.zero",
                  f"{name}.scale", f"{name}.zero"]
        return node(operator, inputs + ([f"{name}.bias"] if biased else []), [result], name, **attributes)

    return [
        node("QuantizeLinear", ["image", "image.scale", "image.zero"], ["pixels"]),
        quantised("QLinearConv", ("image", "pixels"), "conv", "conv.out", True, pads=[1] * 4),
        node("MaxPool", ["conv.out"], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
        quantised("QLinearConv", ("conv", "pooled"), "depthwise", "depthwise.out", True, pads=[1] * 4,
                  strides=[2, 2], group=16),
        node("Flatten", ["depthwise.out"], ["codes"]),
        quantised("QLinearMatMul", ("depthwise", "codes"), "dense", "hidden"),
        node("DequantizeLinear", ["hidden", "dense.scale", "dense.zero"], ["hidden.real"]),
        node("DequantizeLinear", ["score.weight", "score.weight.scale", "score.weight.zero"],
             ["score.weight.real"]),
        node("MatMul", ["hidden.real", "score.weight.real"], ["score.real"]),
        node("QuantizeLinear", ["score.real", "score.scale", "score.zero"], ["score.quantised"]),
        node("DequantizeLinear", ["score.quantised", "score.scale", "score.zero"], ["scores"]),
        node("MatMulInteger", ["codes", "sums.weight", "depthwise.zero", "sums.weight.zero"], ["sums"]),
        node("ConvInteger", ["pixels", "maps.weight", "image.zero", "maps.weight.zero"], ["maps"]),
    ]


def build():
    """The Model `int8`."""
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        rng = Random(seed)
        p = Parameters(rng)
        image = rng.uniform((1, 4, 16, 16), -1.5, 1.7).astype(np.float32)
        try:
            outputs = forward(p, image)
        except NearTie:
            continue
        constants = {name: np.asarray(values) for name, values in p.constants.items()}
        return make_model("int8", graph_nodes(), constants, {"image": image},
                          {name: Expected(values) for name, values in outputs.items()})
    raise RuntimeError(f"int8: every one of {SEEDS} seeds gives a value too near to a rounding tie")
