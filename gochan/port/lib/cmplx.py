"""The functions of Go's package math/cmplx whose results are Go's to the last bit."""

from __future__ import annotations

import cmath
import math as _math

from . import math as _go
from ._common import panic
from .math import atan2, hypot
from .math import cos as _cos
from .math import sin as _sin

__all__ = [
    "abs",
    "conj",
    "exp",
    "inf",
    "is_inf",
    "is_nan",
    "log",
    "log10",
    "nan",
    "phase",
    "polar",
    "pow",
    "rect",
    "sqrt",
]


def abs(x: complex) -> float:
    return hypot(x.real, x.imag)


def conj(x: complex) -> complex:
    return complex(x.real, -x.imag)


def phase(x: complex) -> float:
    return atan2(x.imag, x.real)


def polar(x: complex) -> tuple[float, float]:
    return abs(x), phase(x)


def rect(r: float, theta: float) -> complex:
    return complex(r * _cos(theta), r * _sin(theta))


def inf() -> complex:
    return complex(_math.inf, _math.inf)


def nan() -> complex:
    return complex(_math.nan, _math.nan)


def is_inf(x: complex) -> bool:
    return _math.isinf(x.real) or _math.isinf(x.imag)


def is_nan(x: complex) -> bool:
    return not is_inf(x) and (_math.isnan(x.real) or _math.isnan(x.imag))


def sqrt(x: complex) -> complex:
    """Return the square root, by Go's method."""
    if x.imag == 0:
        if x.real == 0:
            return complex(0, x.imag)
        if x.real < 0:
            return complex(0, _math.copysign(_math.sqrt(-x.real), x.imag))
        return complex(_math.sqrt(x.real), x.imag)
    if not _math.isfinite(x.real) or not _math.isfinite(x.imag):
        return cmath.sqrt(x)
    if x.real == 0:
        r = _math.sqrt(0.5 * _math.fabs(x.imag))
        return complex(r, _math.copysign(r, x.imag))
    a, b = x.real, x.imag
    # Rescale to avoid overflow and underflow.
    if _math.fabs(a) > 4 or _math.fabs(b) > 4:
        a *= 0.25
        b *= 0.25
        scale = 2.0
    else:
        a *= 1.8014398509481984e16
        b *= 1.8014398509481984e16
        scale = 7.450580596923828125e-9
    r = hypot(a, b)
    if a > 0:
        t = _math.sqrt(0.5 * r + 0.5 * a)
        r = scale * _math.fabs((0.5 * b) / t)
        t *= scale
    else:
        r = _math.sqrt(0.5 * r - 0.5 * a)
        t = scale * _math.fabs((0.5 * b) / r)
        r *= scale
    return complex(t, -r if b < 0 else r)


def exp(x: complex) -> complex:
    re, im = x.real, x.imag
    if _math.isinf(re):
        if re > 0 and im == 0:
            return x
        if not _math.isfinite(im):
            if re < 0:
                return complex(0, _math.copysign(0, im))
            return complex(_math.inf, _math.nan)
    elif _math.isnan(re) and im == 0:
        return complex(_math.nan, im)
    r = _go.exp(re)
    s, c = _go.sincos(im)
    return complex(r * c, r * s)


def log(x: complex) -> complex:
    return complex(_go.log(abs(x)), phase(x))


def log10(x: complex) -> complex:
    z = log(x)
    return complex(_go.LOG10_E * z.real, _go.LOG10_E * z.imag)


def pow(x: complex, y: complex) -> complex:
    """Return x to the power y, by Go's method."""
    if x == 0:
        if y == 0:
            return complex(1, 0)
        if y.real < 0:
            return complex(_math.inf, 0) if y.imag == 0 else inf()
        if y.real > 0:
            return 0j
        panic("not reached")
    modulus = abs(x)
    if modulus == 0:
        return 0j
    r = _go.pow(modulus, y.real)
    arg = phase(x)
    theta = y.real * arg
    if y.imag != 0:
        r *= _go.exp(-y.imag * arg)
        theta += y.imag * _go.log(modulus)
    s, c = _go.sincos(theta)
    return complex(r * c, r * s)
