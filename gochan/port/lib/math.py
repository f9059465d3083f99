"""Go's package math.

Results are those of Go on amd64, to the last bit; see _elementary.py.
"""

from __future__ import annotations

import math as _math
import struct
from builtins import abs as _abs
from builtins import round as _round
from typing import Final

from . import _elementary
from ._elementary import atan, cbrt, cos, exp, exp2, expm1, fma, ldexp, log, log1p, pow, sin, tan

__all__ = [
    "LN2",
    "LN10",
    "LOG2_E",
    "LOG10_E",
    "MAX_FLOAT32",
    "MAX_FLOAT64",
    "MAX_INT",
    "MAX_INT8",
    "MAX_INT16",
    "MAX_INT32",
    "MAX_INT64",
    "MAX_UINT",
    "MAX_UINT8",
    "MAX_UINT16",
    "MAX_UINT32",
    "MAX_UINT64",
    "MIN_INT",
    "MIN_INT8",
    "MIN_INT16",
    "MIN_INT32",
    "MIN_INT64",
    "PHI",
    "PI",
    "SMALLEST_NONZERO_FLOAT32",
    "SMALLEST_NONZERO_FLOAT64",
    "SQRT2",
    "SQRT_E",
    "SQRT_PHI",
    "SQRT_PI",
    "E",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "copysign",
    "cos",
    "cosh",
    "dim",
    "exp",
    "exp2",
    "expm1",
    "float32bits",
    "float32frombits",
    "float64bits",
    "float64frombits",
    "floor",
    "fma",
    "frexp",
    "gamma",
    "hypot",
    "ilogb",
    "inf",
    "is_inf",
    "is_nan",
    "ldexp",
    "log",
    "log1p",
    "log2",
    "log10",
    "logb",
    "max",
    "min",
    "mod",
    "modf",
    "nan",
    "nextafter",
    "pow",
    "pow10",
    "remainder",
    "round",
    "round_to_even",
    "signbit",
    "sin",
    "sincos",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
]

E: Final = 2.718281828459045
PI: Final = 3.141592653589793
PHI: Final = 1.618033988749895
SQRT2: Final = 1.4142135623730951
SQRT_E: Final = 1.6487212707001282
SQRT_PI: Final = 1.772453850905516
SQRT_PHI: Final = 1.272019649514069
LN2: Final = 0.6931471805599453
LOG2_E: Final = 1.4426950408889634
LN10: Final = 2.302585092994046
LOG10_E: Final = 0.4342944819032518
MAX_FLOAT32: Final = 3.4028234663852886e38
SMALLEST_NONZERO_FLOAT32: Final = 1.401298464324817e-45
MAX_FLOAT64: Final = 1.7976931348623157e308
SMALLEST_NONZERO_FLOAT64: Final = 5e-324
MAX_INT: Final = 0x7FFFFFFFFFFFFFFF
MIN_INT: Final = -0x8000000000000000
MAX_INT8: Final = 0x7F
MIN_INT8: Final = -0x80
MAX_INT16: Final = 0x7FFF
MIN_INT16: Final = -0x8000
MAX_INT32: Final = 0x7FFFFFFF
MIN_INT32: Final = -0x80000000
MAX_INT64: Final = 0x7FFFFFFFFFFFFFFF
MIN_INT64: Final = -0x8000000000000000
MAX_UINT: Final = 0xFFFFFFFFFFFFFFFF
MAX_UINT8: Final = 0xFF
MAX_UINT16: Final = 0xFFFF
MAX_UINT32: Final = 0xFFFFFFFF
MAX_UINT64: Final = 0xFFFFFFFFFFFFFFFF

_INF: Final = _math.inf
_NAN: Final = _math.nan

float64bits = _elementary.bits
float64frombits = _elementary.from_bits


def float32bits(f: float) -> int:
    return int(struct.unpack("<I", struct.pack("<f", f))[0])


def float32frombits(b: int) -> float:
    return float(struct.unpack("<f", struct.pack("<I", b))[0])


def inf(sign: int) -> float:
    return _INF if sign >= 0 else -_INF


def nan() -> float:
    return _NAN


def is_inf(f: float, sign: int) -> bool:
    return (sign >= 0 and f == _INF) or (sign <= 0 and f == -_INF)


def is_nan(f: float) -> bool:
    return _math.isnan(f)


def signbit(x: float) -> bool:
    return _math.copysign(1, x) < 0


def copysign(f: float, sign: float) -> float:
    return _math.copysign(f, sign)


def abs(x: float) -> float:
    return _abs(x)


def sqrt(x: float) -> float:
    return _math.sqrt(x) if x >= 0 else x if _math.isnan(x) else _NAN


def floor(x: float) -> float:
    # From 2**52 on all numbers are whole; a zero keeps its sign.
    return float(_math.floor(x)) if -4503599627370496.0 < x < 4503599627370496.0 and x else x


def ceil(x: float) -> float:
    if not -4503599627370496.0 < x < 4503599627370496.0 or not x:
        return x
    return float(_math.ceil(x)) or (-0.0 if x < 0 else 0.0)


def trunc(x: float) -> float:
    return floor(x) if x > 0 else ceil(x)


def round(x: float) -> float:
    """Round half away from zero."""
    if not -4503599627370496.0 < x < 4503599627370496.0 or not x:
        return x
    t = trunc(x)
    return t + _math.copysign(1, x) if _abs(x - t) >= 0.5 else t


def round_to_even(x: float) -> float:
    if not -4503599627370496.0 < x < 4503599627370496.0:
        return x
    return _math.copysign(float(_round(x)), x)


def modf(f: float) -> tuple[float, float]:
    """Return the integer part and the fraction."""
    if _math.isinf(f):
        return f, _NAN
    fraction, whole = _math.modf(f)
    return whole, fraction


def frexp(f: float) -> tuple[float, int]:
    return _math.frexp(f)


def mod(x: float, y: float) -> float:
    if y == 0 or _math.isinf(x) or _math.isnan(x) or _math.isnan(y):
        return _NAN
    return _math.fmod(x, y)


def remainder(x: float, y: float) -> float:
    if y == 0 or _math.isinf(x) or _math.isnan(x) or _math.isnan(y):
        return _NAN
    return _math.remainder(x, y)


def max(x: float, y: float) -> float:
    if _INF in (x, y):
        return _INF
    if _math.isnan(x) or _math.isnan(y):
        return _NAN
    if x == 0 and x == y:
        return y if signbit(x) else x
    return x if x > y else y


def min(x: float, y: float) -> float:
    if x == -_INF or y == -_INF:
        return -_INF
    if _math.isnan(x) or _math.isnan(y):
        return _NAN
    if x == 0 and x == y:
        return x if signbit(x) else y
    return x if x < y else y


def dim(x: float, y: float) -> float:
    v = x - y
    return 0.0 if v <= 0 else v


def hypot(p: float, q: float) -> float:
    p, q = _abs(p), _abs(q)
    if _INF in (p, q):
        return _INF
    if _math.isnan(p) or _math.isnan(q):
        return _NAN
    if p < q:
        p, q = q, p
    if p == 0:
        return 0.0
    q /= p
    return p * _math.sqrt(1 + q * q)


def log2(x: float) -> float:
    frac, exponent = _math.frexp(x)
    if frac == 0.5:
        return float(exponent - 1)
    return log(frac) * (1 / LN2) + exponent


def log10(x: float) -> float:
    return log(x) * 0.4342944819032518


def logb(x: float) -> float:
    if x == 0:
        return -_INF
    if not _math.isfinite(x):
        return _abs(x)
    return float(_math.frexp(x)[1] - 1)


def ilogb(x: float) -> int:
    if x == 0:
        return MIN_INT32
    if not _math.isfinite(x):
        return MAX_INT32
    return _math.frexp(x)[1] - 1


def pow10(n: int) -> float:
    if n < -323:
        return 0.0
    return float(f"1e{n}") if n <= 308 else _INF


def nextafter(x: float, y: float) -> float:
    return x if x == y else _math.nextafter(x, y)


def sincos(x: float) -> tuple[float, float]:
    return sin(x), cos(x)


def asin(x: float) -> float:
    if x == 0:
        return x
    a = _abs(x)
    if a > 1 or _math.isnan(x):
        return _NAN
    t = sqrt(1 - a * a)
    t = PI / 2 - _satan(t / a) if a > 0.7 else _satan(a / t)
    return -t if x < 0 else t


def _satan(x: float) -> float:
    return _elementary.atan_positive(x)


def acos(x: float) -> float:
    return PI / 2 - asin(x)


def atan2(y: float, x: float) -> float:
    if _math.isnan(y) or _math.isnan(x):
        return _NAN
    if y == 0:
        return _math.copysign(0.0 if x >= 0 and not signbit(x) else PI, y)
    if x == 0:
        return _math.copysign(PI / 2, y)
    if _math.isinf(x):
        if x > 0:
            return _math.copysign(PI / 4 if _math.isinf(y) else 0.0, y)
        return _math.copysign(3 * PI / 4 if _math.isinf(y) else PI, y)
    if _math.isinf(y):
        return _math.copysign(PI / 2, y)
    q = atan(_quotient(y, x))
    if x < 0:
        return q + PI if q <= 0 else q - PI
    return q


def _quotient(y: float, x: float) -> float:
    return y / x


def sinh(x: float) -> float:
    if x == 0:
        return x
    a = _abs(x)
    if a > 21:
        t = exp(a) * 0.5
    elif a > 0.5:
        e = exp(a)
        t = (e - 1 / e) * 0.5
    else:
        sq = a * a
        t = (
            (
                (-0.2630563213397497062819489e2 * sq + -0.2894211355989563807284660366e4) * sq
                + -0.8991272022039509355398013511e5
            )
            * sq
            + -0.6307673640497716991184787251e6
        ) * a
        t = t / (
            ((sq + -0.173678953558233699533450911e3) * sq + 0.1521517378790019070696485176e5) * sq
            + -0.6307673640497716991212077277e6
        )
    return -t if x < 0 else t


def cosh(x: float) -> float:
    x = _abs(x)
    if x > 21:
        return exp(x) * 0.5
    e = exp(x)
    return (e + 1 / e) * 0.5


def tanh(x: float) -> float:
    z = _abs(x)
    if z > 0.5 * 8.8029691931113054295988e01:
        return -1.0 if x < 0 else 1.0
    if z >= 0.625:
        z = 1 - 2 / (exp(2 * z) + 1)
        return -z if x < 0 else z
    if x == 0:
        return x
    s = x * x
    return x + x * s * (
        (-9.64399179425052238628e-1 * s + -9.92877231001918586564e1) * s + -1.61468768441708447952e3
    ) / (((s + 1.12811678491632931402e2) * s + 2.23548839060100448583e3) * s + 4.84406305325125486048e3)


def asinh(x: float) -> float:
    if not x or not _math.isfinite(x):
        return x
    a = _abs(x)
    if a > 2.0**28:
        t = log(a) + LN2
    elif a > 2:
        t = log(2 * a + 1 / (_math.sqrt(a * a + 1) + a))
    elif a < 2.0**-28:
        t = a
    else:
        t = log1p(a + a * a / (1 + _math.sqrt(1 + a * a)))
    return -t if x < 0 else t


def acosh(x: float) -> float:
    if x < 1 or _math.isnan(x):
        return _NAN
    if x == 1:
        return 0.0
    if x >= 2.0**28:
        return log(x) + LN2
    if x > 2:
        return log(2 * x - 1 / (x + _math.sqrt(x * x - 1)))
    t = x - 1
    return log1p(t + _math.sqrt(2 * t + t * t))


def atanh(x: float) -> float:
    a = _abs(x)
    if a > 1 or _math.isnan(x):
        return _NAN
    if x == 0:
        return x
    if a == 1:
        return _math.copysign(_INF, x)
    if a < 2.0**-28:
        t = a
    elif a < 0.5:
        t = a + a
        t = 0.5 * log1p(t + t * a / (1 - a))
    else:
        t = 0.5 * log1p((a + a) / (1 - a))
    return -t if x < 0 else t


# Cephes' approximation between 2 and 3, and its series for Stirling's formula.
_GAMMA_P: Final = (
    *(1.60119522476751861407e-04, 1.19135147006586384913e-03, 1.04213797561761569935e-02),
    *(4.76367800457137231464e-02, 2.07448227648435975150e-01, 4.94214826801497100753e-01),
    9.99999999999999996796e-01,
)
_GAMMA_Q: Final = (
    *(-2.31581873324120129819e-05, 5.39605580493303397842e-04, -4.45641913851797240494e-03),
    *(1.18139785222060435552e-02, 3.58236398605498653373e-02, -2.34591795718243348568e-01),
    *(7.14304917030273074085e-02, 1.00000000000000000320e00),
)
_STIRLING: Final = (
    *(7.87311395793093628397e-04, -2.29549961613378126380e-04, -2.68132617805781232825e-03),
    *(3.47222221605458667310e-03, 8.33333333333482257126e-02),
)
_SQRT_2_PI: Final = 2.506628274631000502417
_EULER: Final = 0.57721566490153286060651209008240243104215933593992


def _polynomial(x: float, coefficients: tuple[float, ...]) -> float:
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def _stirling(x: float) -> tuple[float, float]:
    """Return two factors of the gamma function of a large number: their product may be too large."""
    if x > 200:
        return _INF, 1.0
    w = 1 / x
    w = 1 + w * _polynomial(w, _STIRLING)
    if x > 143.01608:
        half = pow(x, 0.5 * x - 0.25)
        return half, _SQRT_2_PI * w * (half / exp(x))
    return pow(x, x - 0.5) / exp(x), _SQRT_2_PI * w * 1.0


def _gamma_below(x: float) -> float:
    """Return the gamma function of a number below -33 that is no integer, by reflection."""
    q = -x
    p = floor(q)
    sign = -1.0 if p % 2 == 0 else 1.0
    z = q - p
    if z > 0.5:
        z = q - (p + 1)
    z = _abs(q * sin(PI * z))
    if z == 0:
        return sign * _INF
    a, b = _stirling(q)
    d = z * a * b
    return sign * (PI / z / a / b if _math.isinf(d) else PI / d)


def gamma(x: float) -> float:
    if _math.isnan(x) or x == -_INF or (x < 0 and x == floor(x)):
        return _NAN
    if x in {0.0, _INF}:
        return _math.copysign(_INF, x)
    if x > 33:
        a, b = _stirling(x)
        return a * b
    if x < -33:
        return _gamma_below(x)
    z = 1.0
    while x >= 3:
        x -= 1
        z *= x
    while x < 2:
        if -1e-9 < x < 1e-9:
            return z / ((1 + _EULER * x) * x) if x else _INF
        z /= x
        x += 1
    if x == 2:
        return z
    x -= 2
    return z * _polynomial(x, _GAMMA_P) / _polynomial(x, _GAMMA_Q)
