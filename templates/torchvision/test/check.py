#!/usr/bin/env python3
"""Checks an installed TorchVision against NumPy and Pillow: one line per value compared; the exit status is 1 if one
differs.

    PYTHONPATH=SITE check.py --site SITE CHECK VERSION
"""
import importlib.metadata
import io
import pathlib
import sys

import numpy
import PIL.Image
import torch
import torchvision

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "python_test"))
from values import RANDOM, compare, require, run, uniform


def version(expected):
    require("module", torchvision.__version__ == expected, torchvision.__version__)
    wheel = importlib.metadata.version("torchvision")
    require("wheel", wheel == expected, wheel)
    asked = [line for line in importlib.metadata.requires("torchvision") if line.startswith("torch")]
    require("asks for", asked == [f"torch=={importlib.metadata.version('torch')}"], ", ".join(asked))
    require("operators", torchvision.extension._has_ops(), "torchvision._C")


def nms(_):
    corners = RANDOM.uniform(0, 90, (500, 2))
    boxes = numpy.concatenate([corners, corners + RANDOM.uniform(5, 30, (500, 2))], 1).astype(numpy.float32)
    scores = RANDOM.permutation(500).astype(numpy.float32)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    for index in numpy.argsort(-scores):
        low = numpy.maximum(boxes[kept, :2], boxes[index, :2]) if kept else numpy.zeros((0, 2), numpy.float32)
        high = numpy.minimum(boxes[kept, 2:], boxes[index, 2:]) if kept else numpy.zeros((0, 2), numpy.float32)
        common = numpy.prod(numpy.maximum(high - low, 0), 1)
        if not numpy.any(common / (areas[kept] + areas[index] - common) > 0.5):
            kept.append(index)
    compare("nms", torchvision.ops.nms(torch.from_numpy(boxes), torch.from_numpy(scores), 0.5), kept)


def bilinear(plane, y, x):
    height, width = plane.shape
    if y < -1 or y > height or x < -1 or x > width:
        return 0.0
    y, x = max(y, 0.0), max(x, 0.0)
    top, left = min(int(y), height - 1), min(int(x), width - 1)
    bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
    down, over = (y - top if bottom > top else 0.0), (x - left if right > left else 0.0)
    return ((1 - down) * ((1 - over) * plane[top, left] + over * plane[top, right])
            + down * ((1 - over) * plane[bottom, left] + over * plane[bottom, right]))


def roi_align(_):
    image = uniform(1, 3, 20, 24)
    boxes = numpy.array([[0, 1.5, 2.5, 14, 15], [0, 0, 0, 23, 19], [0, -3, 4, 5, 30]], numpy.float32)
    size, samples = 4, 2
    expected = numpy.zeros((len(boxes), 3, size, size))
    for box, (_, left, top, right, bottom) in enumerate(boxes):
        left, top, right, bottom = (value * 0.5 - 0.5 for value in (left, top, right, bottom))
        height, width = (bottom - top) / size, (right - left) / size
        for index in numpy.ndindex(3, size, size):
            channel, row, column = index
            expected[(box, *index)] = numpy.mean([
                bilinear(image[0, channel], top + (row + (i + 0.5) / samples) * height,
                         left + (column + (j + 0.5) / samples) * width)
                for i in range(samples) for j in range(samples)])
    compare("roi_align", torchvision.ops.roi_align(torch.from_numpy(image), torch.from_numpy(boxes), size, 0.5, samples,
                                                   aligned=True), expected, atol=1e-5)


def conv(x, weight, stride=1, padding=0):
    """A convolution of one image as sums over shifted copies of it."""
    x = numpy.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    rows = (x.shape[1] - weight.shape[2]) // stride + 1
    columns = (x.shape[2] - weight.shape[3]) // stride + 1
    total = numpy.zeros((weight.shape[0], rows, columns))
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            part = x[:, i:i + stride * rows:stride, j:j + stride * columns:stride]
            total += numpy.tensordot(weight[:, :, i, j], part, 1)
    return total


def deform_conv(_):
    """Without offsets it is a convolution; with whole ones, one of a shifted image."""
    image, weight = uniform(1, 4, 12, 12), uniform(5, 4, 3, 3)
    still = torch.zeros(1, 18, 10, 10)
    result = torchvision.ops.deform_conv2d(torch.from_numpy(image), still, torch.from_numpy(weight))
    compare("deform_conv2d", result[0], conv(image[0].astype(numpy.float64), weight), atol=1e-5)
    moved = torchvision.ops.deform_conv2d(torch.from_numpy(image), still + 1, torch.from_numpy(weight))
    compare("offset", moved[0, :, :-1, :-1], result[0, :, 1:, 1:], atol=1e-5)


def resnet18(_):
    """The forward pass of the model, with random weights, in float64."""
    model = torchvision.models.resnet18(weights=None, num_classes=10).eval()
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.uniform_(-0.1, 0.1)
        elif name.endswith("running_var"):
            buffer.uniform_(0.5, 1.5)
    values = {name: value.numpy().astype(numpy.float64) for name, value in model.state_dict().items()}

    def norm(x, name):
        mean, variance, weight, bias = (values[f"{name}.{part}"][:, None, None]
                                        for part in ("running_mean", "running_var", "weight", "bias"))
        return (x - mean) / numpy.sqrt(variance + 1e-5) * weight + bias

    def block(x, name, stride):
        inner = numpy.maximum(norm(conv(x, values[f"{name}.conv1.weight"], stride, 1), f"{name}.bn1"), 0)
        inner = norm(conv(inner, values[f"{name}.conv2.weight"], 1, 1), f"{name}.bn2")
        if f"{name}.downsample.0.weight" in values:
            x = norm(conv(x, values[f"{name}.downsample.0.weight"], stride), f"{name}.downsample.1")
        return numpy.maximum(x + inner, 0)

    image = uniform(1, 3, 64, 64)
    x = numpy.maximum(norm(conv(image[0].astype(numpy.float64), values["conv1.weight"], 2, 3), "bn1"), 0)
    x = numpy.pad(x, ((0, 0), (1, 1), (1, 1)))
    x = numpy.max([x[:, i:i + 31:2, j:j + 31:2] for i in range(3) for j in range(3)], 0)
    for layer in range(1, 5):
        x = block(x, f"layer{layer}.0", 1 if layer == 1 else 2)
        x = block(x, f"layer{layer}.1", 1)
    expected = values["fc.weight"] @ x.mean((1, 2)) + values["fc.bias"]
    with torch.no_grad():
        compare("resnet18", model(torch.from_numpy(image))[0], expected, rtol=1e-3, atol=1e-4)
        compare("double", model.double()(torch.from_numpy(image).double())[0], expected, rtol=1e-9, atol=1e-9)


def picture():
    rows, columns = numpy.mgrid[0:40, 0:56]
    return numpy.stack([rows * 6, columns * 4, (rows + columns) * 2]).astype(numpy.uint8)


def encoded(image, kind):
    file = io.BytesIO()
    PIL.Image.fromarray(image.transpose(1, 2, 0)).save(file, kind, **({"lossless": True} if kind == "WEBP" else {}))
    return torch.frombuffer(bytearray(file.getvalue()), dtype=torch.uint8)


def png(_):
    image = picture()
    data = torchvision.io.encode_png(torch.from_numpy(image))
    compare("round trip", torchvision.io.decode_png(data), image, 0, 0)
    compare("to Pillow", numpy.asarray(PIL.Image.open(io.BytesIO(data.numpy().tobytes()))).transpose(2, 0, 1), image, 0, 0)
    compare("from Pillow", torchvision.io.decode_image(encoded(image, "PNG")), image, 0, 0)


def jpeg(_):
    data = torchvision.io.encode_jpeg(torch.from_numpy(picture()), quality=95)
    expected = numpy.asarray(PIL.Image.open(io.BytesIO(data.numpy().tobytes()))).transpose(2, 0, 1)
    compare("as Pillow decodes it", torchvision.io.decode_jpeg(data), expected, 0, 2)
    compare("original", expected, picture(), 0, 16)


def webp(_):
    compare("from Pillow", torchvision.io.decode_webp(encoded(picture(), "WEBP")), picture(), 0, 0)


def transforms(_):
    from torchvision.transforms import v2
    image = torch.from_numpy(picture())
    compare("flip", v2.functional.horizontal_flip(image), picture()[:, :, ::-1], 0, 0)
    compare("crop", v2.functional.center_crop(image, [20, 20]), picture()[:, 10:30, 18:38], 0, 0)
    normal = v2.functional.normalize(image.double() / 255, [0.5] * 3, [0.25] * 3)
    compare("normalize", normal, (picture() / 255 - 0.5) / 0.25)
    halved = v2.functional.resize(image.double(), [20, 28], antialias=False)
    compare("resize", halved, picture().astype(float).reshape(3, 20, 2, 28, 2).mean((2, 4)))


CHECKS = (version, nms, roi_align, deform_conv, resnet18, png, jpeg, webp, transforms)

if __name__ == "__main__":
    sys.exit(run("TorchVision", (torch, torchvision), CHECKS, lambda: torch.manual_seed(7)))
