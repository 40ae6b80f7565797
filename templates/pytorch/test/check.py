#!/usr/bin/env python3
"""Checks an installed PyTorch against NumPy: one line per value compared; the exit status is 1 if one differs.

    PYTHONPATH=SITE check.py --site SITE CHECK VERSION
"""
import importlib.metadata
import io
import pathlib
import sys

import numpy
import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "python_test"))
from values import compare, expect_failures, require, run, uniform


def version(expected):
    require("module", torch.__version__ == expected, torch.__version__)
    wheel = importlib.metadata.version("torch")
    require("wheel", wheel == expected, wheel)
    require("capability", torch.backends.cpu.get_cpu_capability() in ("DEFAULT", "AVX2", "AVX512", "SVE256"),
            torch.backends.cpu.get_cpu_capability())


def tensors(_):
    x, y = uniform(64, 65), uniform(64, 65)
    a, b = torch.from_numpy(x), torch.from_numpy(y)
    compare("add", a + b, x + y)
    compare("broadcast", a * b[0], x * y[0])
    compare("exp", a.exp(), numpy.exp(x))
    compare("sum", a.sum(1), x.sum(1), atol=1e-5)
    compare("softmax", a.softmax(1), numpy.exp(x) / numpy.exp(x).sum(1, keepdims=True))
    compare("sort", a.sort(1).values, numpy.sort(x, 1))
    compare("where", torch.where(a > 0, a, b), numpy.where(x > 0, x, y))
    compare("index", a[torch.tensor([3, 1, 2])], x[[3, 1, 2]])
    compare("cumsum", a.double().cumsum(0), x.astype(numpy.float64).cumsum(0))
    compare("int8", (a * 100).to(torch.int8).to(torch.int32).sum(), (x * 100).astype(numpy.int8).astype(int).sum())
    compare("half", a.half().float(), x.astype(numpy.float16).astype(numpy.float32))
    compare("bfloat16", a.bfloat16().float(), x, rtol=2 ** -8)
    compare("conv2d", torch.conv2d(a[None, None], b[None, None, :3, :3])[0, 0],
            sum(x[i:i + 62, j:j + 63] * y[i, j] for i in range(3) for j in range(3)), atol=1e-5)


def linalg(_):
    x, y = uniform(80, 50).astype(numpy.float64), uniform(50, 90).astype(numpy.float64)
    compare("matmul", torch.from_numpy(x) @ torch.from_numpy(y), x @ y, rtol=1e-12, atol=1e-12)
    single = x.astype(numpy.float32), y.astype(numpy.float32)
    compare("matmul32", torch.from_numpy(single[0]) @ torch.from_numpy(single[1]), single[0] @ single[1], atol=1e-4)
    square = x[:50] + 10 * numpy.eye(50)
    compare("solve", torch.linalg.solve(torch.from_numpy(square), torch.from_numpy(y)), numpy.linalg.solve(square, y),
            atol=1e-12)
    compare("svd", torch.linalg.svdvals(torch.from_numpy(x)), numpy.linalg.svd(x, compute_uv=False), atol=1e-10)
    compare("eigh", torch.linalg.eigvalsh(torch.from_numpy(x.T @ x)), numpy.linalg.eigvalsh(x.T @ x), atol=1e-9)
    compare("cholesky", torch.linalg.cholesky(torch.from_numpy(x.T @ x)), numpy.linalg.cholesky(x.T @ x), atol=1e-9)


def fft(_):
    x = uniform(6, 60)
    compare("rfft", torch.fft.rfft(torch.from_numpy(x)).abs(), numpy.abs(numpy.fft.rfft(x)), atol=1e-4)
    compare("irfft", torch.fft.irfft(torch.fft.rfft(torch.from_numpy(x))), x, atol=1e-5)


def autograd(_):
    x = uniform(5, 4).astype(numpy.float64)
    weight = uniform(4, 3).astype(numpy.float64)
    a = torch.from_numpy(x).requires_grad_()
    (torch.tanh(a @ torch.from_numpy(weight)) ** 2).sum().backward()
    inner = numpy.tanh(x @ weight)
    compare("gradient", a.grad, (2 * inner * (1 - inner ** 2)) @ weight.T, rtol=1e-10)
    require("gradcheck", torch.autograd.gradcheck(
        torch.nn.functional.conv2d, (torch.rand(1, 2, 5, 5, dtype=torch.double, requires_grad=True),
                                     torch.rand(3, 2, 3, 3, dtype=torch.double, requires_grad=True))), "conv2d")
    b = torch.tensor(2.0, dtype=torch.double, requires_grad=True)
    first, = torch.autograd.grad(b ** 3, b, create_graph=True)
    compare("second derivative", torch.autograd.grad(first, b)[0], 12.0)


def training(_):
    """Fifty steps of gradient descent on a linear model, as NumPy does them."""
    x, y = uniform(32, 3), uniform(32, 1)
    model = torch.nn.Linear(3, 1)
    weight, bias = model.weight.detach().numpy().T.copy(), model.bias.detach().numpy().copy()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(50):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(torch.from_numpy(x)), torch.from_numpy(y)).backward()
        optimizer.step()
        slope = 2 * (x @ weight + bias - y) / len(x)
        weight, bias = weight - 0.1 * x.T @ slope, bias - 0.1 * slope.sum(0)
    compare("weight", model.weight.detach(), weight.T, atol=1e-5)
    compare("bias", model.bias.detach(), bias, atol=1e-5)


def threads(_):
    """Numbers do not depend on how often something is computed, and little on how many threads do it."""
    x = torch.from_numpy(uniform(512, 512))
    results = []
    for count in (1, 4):
        torch.set_num_threads(count)
        results.append((x @ x).softmax(1))
        require(f"{count} threads", all(torch.equal(results[-1], (x @ x).softmax(1)) for _ in range(5)), "repeats")
    compare("threads", results[1], results[0], atol=1e-5)


def script(_):
    @torch.jit.script
    def steps(x: torch.Tensor, count: int) -> torch.Tensor:
        for _ in range(count):
            if bool(x.sum() > 0):
                x = x - 1
            else:
                x = x * 2
        return x

    compare("script", steps(torch.ones(3), 3), [0.0, 0.0, 0.0])
    compare("trace", torch.jit.trace(lambda x: x * 2 + 1, torch.ones(2))(torch.zeros(2)), [1.0, 1.0])


def saved(_):
    x = uniform(3, 4)
    file = io.BytesIO()
    torch.save({"x": torch.from_numpy(x)}, file)
    file.seek(0)
    compare("saved", torch.load(file, weights_only=True)["x"], x, rtol=0, atol=0)


def finds_wrong_values(_):
    compare("wrong", torch.ones(2), [1.0, 1.1])
    compare("nan", torch.tensor([float("nan")]), [0.0])
    expect_failures(2)


CHECKS = (version, tensors, linalg, fft, autograd, training, threads, script, saved, finds_wrong_values)

if __name__ == "__main__":
    sys.exit(run("PyTorch", (torch,), CHECKS, lambda: torch.manual_seed(7)))
