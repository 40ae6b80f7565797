"""The operators of the test models, written plainly in NumPy.

They work in the element type they are given: float64 for the float models, int64 for the quantised one. Sums
are taken in a fixed order, one term after the other, so that the result depends neither on BLAS nor on the
CPU.
"""
import functools
import math

import numpy as np


def total(x, axis):
    """Sum of `x` along `axis`, which stays as an axis of length 1."""
    return np.expand_dims(functools.reduce(np.add, np.moveaxis(x, axis, 0)), axis)


def matmul(a, b):
    """a[..., m, k] times b[..., k, n]; leading axes broadcast."""
    terms = (a[..., :, k, None] * b[..., None, k, :] for k in range(a.shape[-1]))
    return functools.reduce(np.add, terms)


def pad_planes(x, amount, value):
    """x[n, c, h, w] with `amount` rows and columns of `value` on all four sides."""
    return np.pad(x, ((0, 0), (0, 0), (amount, amount), (amount, amount)), constant_values=value)


def conv2d(x, weight, stride=1, pad=0, groups=1, pad_value=0):
    """x[n, c, h, w] convolved with weight[o, c / groups, kh, kw], no bias."""
    out_channels, group_channels, kernel_h, kernel_w = weight.shape
    x = pad_planes(x, pad, pad_value)
    rows = (x.shape[2] - kernel_h) // stride + 1
    columns = (x.shape[3] - kernel_w) // stride + 1
    first = np.arange(out_channels) // (out_channels // groups) * group_channels
    result = np.zeros((x.shape[0], out_channels, rows, columns), x.dtype)
    for c in range(group_channels):
        for i in range(kernel_h):
            for j in range(kernel_w):
                taps = x[:, first + c, i:i + stride * rows:stride, j:j + stride * columns:stride]
                result = result + taps * weight[None, :, c, i, j, None, None]
    return result


def max_pool(x, size):
    """Maximum over size x size windows that do not overlap."""
    n, c, h, w = x.shape
    return x.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5))


def per_channel(values):
    """values[c] shaped to be broadcast over [n, c, h, w]."""
    return values[None, :, None, None]


def relu(x):
    return np.maximum(x, 0)


def exp(x):
    return np.vectorize(math.exp, otypes=[np.float64])(x)


def gelu(x):
    """x times the standard normal distribution function, by the error function (no tanh approximation)."""
    return 0.5 * x * (1.0 + np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2.0)))


def softmax(x):
    """Along the last axis."""
    powers = exp(x - x.max(axis=-1, keepdims=True))
    return powers / total(powers, -1)


def layer_norm(x, scale, bias, epsilon):
    """Along the last axis."""
    centred = x - total(x, -1) / x.shape[-1]
    variance = total(centred * centred, -1) / x.shape[-1]
    return centred / np.sqrt(variance + epsilon) * scale + bias
