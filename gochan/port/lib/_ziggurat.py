"""Normal and exponential random numbers, as Go's math/rand draws them.

The method is that of Marsaglia and Tsang (2000).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import cache
from typing import Final

from ._elementary import exp, log

__all__ = ["exponential", "normal"]

_NORMAL_END: Final = 3.442619855899
_EXPONENTIAL_END: Final = 7.69711747013104972
_Tables = tuple[list[int], list[float], list[float]]


def _float32(x: float) -> float:
    return float(struct.unpack("f", struct.pack("f", x))[0])


def _make_tables(  # noqa: PLR0917
    n: int,
    scale: int,
    end: float,
    area: float,
    f: Callable[[float], float],
    inverse: Callable[[float], float],
) -> _Tables:
    """Return the tables of n layers under f, which have the same area."""
    limits, widths, heights = [0] * n, [0.0] * n, [0.0] * n
    q = area / f(end)
    limits[0] = int(end / q * scale)
    widths[0], widths[-1] = _float32(q / scale), _float32(end / scale)
    heights[0], heights[-1] = 1.0, _float32(f(end))
    x = last = end
    for i in range(n - 2, 0, -1):
        x = inverse(area / x + f(x))
        limits[i + 1] = int(x / last * scale)
        last = x
        heights[i] = _float32(f(x))
        widths[i] = _float32(x / scale)
    return limits, widths, heights


@cache
def _normal_tables() -> _Tables:
    return _make_tables(
        128,
        1 << 31,
        _NORMAL_END,
        9.91256303526217e-3,
        lambda x: math.exp(-0.5 * x * x),
        lambda y: math.sqrt(-2 * math.log(y)),
    )


@cache
def _exponential_tables() -> _Tables:
    return _make_tables(
        256,
        1 << 32,
        _EXPONENTIAL_END,
        3.949659822581572e-3,
        lambda x: math.exp(-x),
        lambda y: -math.log(y),
    )


def normal(draw: Callable[[], tuple[int, int]], float64: Callable[[], float]) -> float:
    """Return a number of the normal distribution.

    draw returns 32 bits, with a sign, and the number of a layer.
    """
    limits, widths, heights = _normal_tables()
    while True:
        j, i = draw()
        if j >= 1 << 31:
            j -= 1 << 32
        i &= 0x7F
        x = j * widths[i]
        if abs(j) < limits[i]:
            return x
        if i == 0:
            while True:
                x = -log(float64()) * (1.0 / _NORMAL_END)
                y = -log(float64())
                if y + y >= x * x:
                    return _NORMAL_END + x if j > 0 else -_NORMAL_END - x
        if _above(heights, i, float64()) < _float32(exp(-0.5 * x * x)):
            return x


def _above(heights: list[float], i: int, u: float) -> float:
    """Return a height in layer i, in the arithmetic of float32."""
    return _float32(heights[i] + _float32(_float32(u) * _float32(heights[i - 1] - heights[i])))


def exponential(draw: Callable[[], tuple[int, int]], float64: Callable[[], float]) -> float:
    """Return a number of the exponential distribution; draw returns 32 bits and the number of a layer."""
    limits, widths, heights = _exponential_tables()
    while True:
        j, i = draw()
        i &= 0xFF
        x = j * widths[i]
        if j < limits[i]:
            return x
        if i == 0:
            return _EXPONENTIAL_END - log(float64())
        if _above(heights, i, float64()) < _float32(exp(-x)):
            return x
