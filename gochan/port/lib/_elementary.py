"""Elementary functions with the results of Go on amd64, bit for bit.

Go does not use the C library, whose results differ in the last digit now and then, and Println shows it.  The
methods are the published ones that Go uses: Cephes for the trigonometric functions, FreeBSD's msun for
logarithms, cube roots and expm1, SLEEF for exp.  The order of the operations matters.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import math
import struct
from collections.abc import Callable
from typing import Final

__all__ = [
    "atan",
    "atan_positive",
    "bits",
    "cbrt",
    "cos",
    "exp",
    "exp2",
    "expm1",
    "fma",
    "from_bits",
    "ldexp",
    "log",
    "log1p",
    "pow",
    "sin",
    "tan",
]

_INF: Final = math.inf
_NAN: Final = math.nan


def bits(x: float) -> int:
    """Return the 64 bits of a float."""
    return int(struct.unpack("<Q", struct.pack("<d", x))[0])


def from_bits(b: int) -> float:
    """Return the float with 64 bits."""
    return float(struct.unpack("<d", struct.pack("<Q", b))[0])


def _find_fma() -> Callable[[float, float, float], float]:
    """Return x*y + z with one rounding: of Python 3.13, of the C library, or by exact fractions."""
    found = getattr(math, "fma", None)
    if found is not None:
        return _total(found)
    try:
        function = ctypes.CDLL(ctypes.util.find_library("m")).fma
        function.restype = ctypes.c_double
        function.argtypes = [ctypes.c_double] * 3
        if function(1 + 2.0**-52, 1 - 2.0**-52, -1.0) == -(2.0**-104):
            return function
    except (AttributeError, OSError, TypeError):
        pass
    return _exact_fma


def _total(fma: Callable[[float, float, float], float]) -> Callable[[float, float, float], float]:
    """Make a function that returns infinities and NaN where Python's raises."""

    def total(x: float, y: float, z: float) -> float:
        try:
            return fma(x, y, z)
        except (OverflowError, ValueError):
            return _exact_fma(x, y, z)

    return total


def _exact_fma(x: float, y: float, z: float) -> float:
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        return x * y + z
    from fractions import Fraction

    exact = Fraction(x) * Fraction(y) + Fraction(z)
    try:
        return float(exact) if exact else x * y + z
    except OverflowError:
        return math.copysign(_INF, exact)


fma: Final = _find_fma()

# --- exponentials -----------------------------------------------------------------------------------------


def exp(x: float) -> float:
    if math.isnan(x) or x == _INF:
        return x
    if x == -_INF:
        return 0.0
    if x > 7.09782712893384e02:
        return _INF
    quotient = 1.4426950408889634 * x
    if quotient < -2000:
        return 0.0
    k = round(quotient)
    r = fma(-0.69314718055966295651160180568695068359375, k, x)
    r = fma(-0.28235290563031577122588448175013436025525412068e-12, k, r)
    r *= 0.0625
    p = 2.4801587301587301587e-5
    p = fma(p, r, 1.9841269841269841270e-4)
    p = fma(p, r, 1.3888888888888888889e-3)
    p = fma(p, r, 8.3333333333333333333e-3)
    p = fma(p, r, 4.1666666666666666667e-2)
    p = fma(p, r, 1.6666666666666666667e-1)
    p = fma(p, r, 0.5)
    p = fma(p, r, 1.0)
    r *= p
    r *= r + 2.0
    r *= r + 2.0
    r *= r + 2.0
    r = fma(r, r + 2.0, 1.0)
    k += 0x3FF
    if k > 0:
        return _INF if k >= 0x7FF else r * from_bits(k << 52)
    if k < -52:
        return 0.0
    return r * from_bits((k + 0x3FE) << 52) * from_bits(1 << 52)


def exp2(x: float) -> float:
    if math.isnan(x):
        return x
    if x > 1.0239999999999999e03:
        return _INF
    if x < -1.0740e03:
        return 0.0
    k = int(x + 0.5) if x > 0 else int(x - 0.5) if x < 0 else 0
    t = x - k
    hi = t * 6.93147180369123816490e-01
    lo = -t * 1.90821492927058770002e-10
    r = hi - lo
    t = r * r
    c = 6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
    c = r - t * (1.66666666666666657415e-01 + t * (-2.77777777770155933842e-03 + t * c))
    return ldexp(1 - ((lo - (r * c) / (2 - c)) - hi), k)


def ldexp(frac: float, exponent: int) -> float:
    try:
        return math.ldexp(frac, exponent)
    except OverflowError:
        return math.copysign(_INF, frac)


def expm1(x: float) -> float:
    if x == _INF or math.isnan(x):
        return x
    if x == -_INF:
        return -1.0
    size = abs(x)
    negative = x < 0
    if size >= 3.88162421113569373274e01:
        if negative:
            return -1.0
        if size >= 7.09782712893383973096e02:
            return _INF
    c = 0.0
    k = 0
    if size > 3.46573590279972654709e-01:
        if size < 1.03972077083991796413e00:
            k = -1 if negative else 1
        else:
            k = int(1.44269504088896338700e00 * x + (-0.5 if negative else 0.5))
        hi = x - k * 6.93147180369123816490e-01
        lo = k * 1.90821492927058770002e-10
        x = hi - lo
        c = (hi - x) - lo
    elif size < 2.0**-54:
        return x
    half = 0.5 * x
    square = x * half
    r = -7.93650757867487942473e-05 + square * (
        4.00821782732936239552e-06 + square * -2.01099218183624371326e-07
    )
    r = 1 + square * (-3.33333333333331316428e-02 + square * (1.58730158725481460165e-03 + square * r))
    t = 3 - r * half
    e = square * ((r - t) / (6.0 - x * t))
    if k == 0:
        return x - (x * e - square)
    e = x * (e - c) - c
    e -= square
    if k == -1:
        return 0.5 * (x - e) - 0.5
    if k == 1:
        return -2 * (e - (x + 0.5)) if x < -0.25 else 1 + 2 * (x - e)
    shift = k << 52
    if k <= -2 or k > 56:
        return from_bits((bits(1 - (e - x)) + shift) & 0xFFFFFFFFFFFFFFFF) - 1
    if k < 20:
        t = from_bits(0x3FF0000000000000 - (0x20000000000000 >> k))
        return from_bits(bits(t - (e - x)) + shift)
    t = from_bits((0x3FF - k) << 52)
    return from_bits(bits(x - (e + t) + 1) + shift)


# --- logarithms -------------------------------------------------------------------------------------------

_LN2_HI: Final = 6.93147180369123816490e-01
_LN2_LO: Final = 1.90821492927058770002e-10


def log(x: float) -> float:
    if x <= 0:
        return -_INF if x == 0 else _NAN
    if math.isnan(x) or x == _INF:
        return x
    if x >= 2.2250738585072014e-308:
        f, k = math.frexp(x)
    else:
        # Go's assembly takes a subnormal number for one with the least exponent.
        f, k = from_bits(bits(x) | 0x3FE0000000000000), -0x3FE
    if f <= 7.07106781186547524401e-01:
        k -= 1
        f *= 2
    f -= 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    t1 = 2.857142874366239149e-01 + s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)
    t1 = s2 * (6.666666666666735130e-01 + s4 * t1)
    t2 = s4 * (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01))
    half = 0.5 * f * f
    return k * _LN2_HI - ((half - (s * (half + (t1 + t2)) + k * _LN2_LO)) - f)


def log1p(x: float) -> float:
    if x < -1 or math.isnan(x):
        return _NAN
    if x == -1:
        return -_INF
    if x == _INF:
        return x
    size = abs(x)
    f = c = 0.0
    small = False
    k = 1
    if size < 4.142135623730950488017e-01:
        if size < 2.0**-29:
            return x if size < 2.0**-54 else x - x * x * 0.5
        if x > -2.928932188134524755992e-01:
            k = 0
            f = x
    if k:
        if size < 2.0**53:
            u = 1.0 + x
            b = bits(u)
            k = (b >> 52) - 1023
            c = 1.0 - (u - x) if k > 0 else x - (u - 1.0)
            c /= u
        else:
            b = bits(x)
            k = (b >> 52) - 1023
        b &= 0x000FFFFFFFFFFFFF
        if b < 0x0006A09E667F3BCD:
            u = from_bits(b | 0x3FF0000000000000)
            small = b == 0
        else:
            k += 1
            u = from_bits(b | 0x3FE0000000000000)
            small = (0x0010000000000000 - b) >> 2 == 0
        f = u - 1.0
    half = 0.5 * f * f
    if small:
        if f == 0:
            return 0.0 if k == 0 else k * _LN2_HI + (c + k * _LN2_LO)
        r = half * (1.0 - 0.66666666666666666 * f)
        return f - r if k == 0 else k * _LN2_HI - ((r - (k * _LN2_LO + c)) - f)
    s = f / (2.0 + f)
    z = s * s
    r = 1.531383769920937332e-01 + z * 1.479819860511658591e-01
    r = 2.857142874366239149e-01 + z * (2.222219843214978396e-01 + z * (1.818357216161805012e-01 + z * r))
    r = z * (6.666666666666735130e-01 + z * (3.999999999940941908e-01 + z * r))
    if k == 0:
        return f - (half - s * (half + r))
    return k * _LN2_HI - ((half - (s * (half + r) + (k * _LN2_LO + c))) - f)


# --- powers -----------------------------------------------------------------------------------------------


def _odd(x: float) -> bool:
    return abs(x) < 9007199254740992.0 and x == int(x) and int(x) & 1 == 1


def pow(x: float, y: float) -> float:
    if y == 0 or x == 1:
        return 1.0
    if y == 1:
        return x
    if math.isnan(x) or math.isnan(y):
        return _NAN
    if x == 0:
        negative = math.copysign(1, x) < 0 and _odd(y)
        if y < 0:
            return -_INF if negative else _INF
        return x if negative else 0.0
    if math.isinf(y):
        if x == -1:
            return 1.0
        return 0.0 if (abs(x) < 1) == (y > 0) else _INF
    if math.isinf(x):
        if x < 0:
            return pow(1 / x, -y)
        return 0.0 if y < 0 else _INF
    if y == 0.5:
        return math.sqrt(x) if x >= 0 else _NAN
    if y == -0.5:
        return 1 / math.sqrt(x) if x >= 0 else _NAN
    yf, yi = math.modf(abs(y))
    if yf and x < 0:
        return _NAN
    if yi >= 9.223372036854775808e18:
        if x == -1:
            return 1.0
        return 0.0 if (abs(x) < 1) == (y > 0) else _INF
    a1 = 1.0
    ae = 0
    if yf:
        if yf > 0.5:
            yf -= 1
            yi += 1
        a1 = exp(yf * log(x))
    x1, xe = math.frexp(x)
    i = int(yi)
    while i:
        if not -4096 <= xe <= 4096:
            ae += xe
            break
        if i & 1:
            a1 *= x1
            ae += xe
        x1 *= x1
        xe <<= 1
        if x1 < 0.5:
            x1 += x1
            xe -= 1
        i >>= 1
    if y < 0:
        a1 = 1 / a1
        ae = -ae
    return ldexp(a1, ae)


def cbrt(x: float) -> float:
    if x == 0 or not math.isfinite(x):
        return x
    a = abs(x)
    if a < 2.22507385850720138309e-308:
        t = from_bits(bits(18014398509481984.0 * a) // 3 + (696219795 << 32))
    else:
        t = from_bits(bits(a) // 3 + (715094163 << 32))
    r = t * t / a
    s = 5.42857142857142815906e-01 + r * t
    s = s + 1.41428571428571436819e00 + -7.05306122448979611050e-01 / s
    t *= 3.57142857142857150787e-01 + 1.60714285714285720630e00 / s
    t = from_bits((bits(t) & 0xFFFFFFFFC0000000) + 0x40000000)
    s = t * t
    r = a / s
    r = (r - t) / ((t + t) + r)
    return math.copysign(t + t * r, x)


# --- trigonometry -----------------------------------------------------------------------------------------

_WORD: Final = 0xFFFFFFFFFFFFFFFF
# 4/pi, with 1216 bits after the point.
_FOUR_OVER_PI: Final = int(
    "145f306dc9c882a53f84eafa3ea69bb81b6c52b3278872083fca2c757bd778ac36e48dc74849ba5c00c925dd413a32439fc3bd63962534e7d"
    "d1046bea5d768909d338e04d68befc827323ac7306a673e93908bf177bf250763ff12fffbc0b301fde5e2316b414da3eda6cfd9e4f96136e"
    "9e8c7ecd3cbfd45aea4f758fd7cbe2f67a0e73ef14a525d4d7f6bf623f1aba10ac06608df8f6d757",
    16,
)


def _reduced(x: float) -> tuple[int, float]:
    """Return the octant of a number that is not negative, and what remains after it."""
    if x >= 536870912.0:
        return _reduced_far(x)
    j = int(x * 1.2732395447351628)
    if j & 1:
        j += 1
    return j & 7, (
        (x - j * 7.85398125648498535156e-1) - j * 3.77489470793079817668e-8
    ) - j * 2.69515142907905952645e-15


def _reduced_far(x: float) -> tuple[int, float]:
    """Do the same for a large number, by the method of Payne and Hanek."""
    b = bits(x)
    at = (b >> 52 & 0x7FF) - 1023 - 52 + 61
    mantissa = b & 0x000FFFFFFFFFFFFF | 0x0010000000000000
    digits = _FOUR_OVER_PI >> (1280 - 192 - at)
    low = ((digits >> 64) * mantissa & _WORD) + ((digits & _WORD) * mantissa >> 64)
    high = (digits >> 128) * mantissa + ((digits >> 64 & _WORD) * mantissa >> 64) + (low >> 64) & _WORD
    low &= _WORD
    j = high >> 61
    high = (high << 3 | low >> 61) & _WORD
    zeros = 64 - high.bit_length()
    top = (high << (zeros + 1) | low >> (64 - (zeros + 1))) & _WORD
    z = from_bits(top >> 12 | (1023 - (zeros + 1)) << 52)
    if j & 1:
        j = (j + 1) & 7
        z -= 1
    return j, z * 0.7853981633974483


def _sine(z: float) -> float:
    zz = z * z
    p = (1.58962301576546568060e-10 * zz + -2.50507477628578072866e-8) * zz + 2.75573136213857245213e-6
    p = (
        (p * zz + -1.98412698295895385996e-4) * zz + 8.33333333332211858878e-3
    ) * zz + -1.66666666666666307295e-1
    return z + z * zz * p


def _cosine(z: float) -> float:
    zz = z * z
    p = (-1.13585365213876817300e-11 * zz + 2.08757008419747316778e-9) * zz + -2.75573141792967388112e-7
    p = (
        (p * zz + 2.48015872888517045348e-5) * zz + -1.38888888888730564116e-3
    ) * zz + 4.16666666666665929218e-2
    return 1.0 - 0.5 * zz + zz * zz * p


def sin(x: float) -> float:
    if x == 0 or math.isnan(x):
        return x
    if math.isinf(x):
        return _NAN
    j, z = _reduced(abs(x))
    negative = x < 0
    if j > 3:
        negative = not negative
        j -= 4
    y = _cosine(z) if j in (1, 2) else _sine(z)
    return -y if negative else y


def cos(x: float) -> float:
    if not math.isfinite(x):
        return _NAN
    j, z = _reduced(abs(x))
    negative = False
    if j > 3:
        j -= 4
        negative = True
    if j > 1:
        negative = not negative
    y = _sine(z) if j in (1, 2) else _cosine(z)
    return -y if negative else y


def tan(x: float) -> float:
    if x == 0 or math.isnan(x):
        return x
    if math.isinf(x):
        return _NAN
    j, z = _reduced(abs(x))
    zz = z * z
    y = z
    if zz > 1e-14:
        p = (-1.30936939181383777646e4 * zz + 1.15351664838587416140e6) * zz + -1.79565251976484877988e7
        q = ((zz + 1.36812963470692954678e4) * zz + -1.32089234440210967447e6) * zz + 2.50083801823357915839e7
        q = q * zz + -5.38695755929454629881e7
        y = z + z * (zz * p / q)
    if j & 2:
        y = -1 / y
    return -y if x < 0 else y


def _atan(x: float) -> float:
    z = x * x
    p = (-8.750608600031904122785e-01 * z + -1.615753718733365076637e01) * z + -7.500855792314704667340e01
    p = (p * z + -1.228866684490136173410e02) * z + -6.485021904942025371773e01
    q = ((z + 2.485846490142306297962e01) * z + 1.650270098316988542046e02) * z + 4.328810604912902668951e02
    q = (q * z + 4.853903996359136964868e02) * z + 1.945506571482613964425e02
    return x * (z * p / q) + x


def atan_positive(x: float) -> float:
    """Return the arctangent of a positive number."""
    if x <= 0.66:
        return _atan(x)
    if x > 2.41421356237309504880:
        return 1.5707963267948966 - _atan(1 / x) + 6.123233995736765886130e-17
    return 0.7853981633974483 + _atan((x - 1) / (x + 1)) + 0.5 * 6.123233995736765886130e-17


def atan(x: float) -> float:
    if x == 0:
        return x
    return atan_positive(x) if x > 0 else -atan_positive(-x)
