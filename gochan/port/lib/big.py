"""Go's package math/big: Int by Python's int, Rat and Float by its Fraction.

As in Go, an operation stores its result in the receiver and returns that.
"""

from __future__ import annotations

import math
import sys
from builtins import int as _int
from typing import Any

from ._big_float import ABOVE, BELOW, EXACT, Accuracy, Float, accuracy, new_float
from ._big_rat import Rat, new_rat
from ._common import Slice, byte_slice, bytes_of, decode, new_error, panic
from ._panics import GoPanic
from ._quote import quote
from ._types import error, nil
from .strconv import format_int

__all__ = [
    "ABOVE",
    "BELOW",
    "EXACT",
    "Accuracy",
    "Float",
    "Int",
    "Rat",
    "jacobi",
    "new_float",
    "new_int",
    "new_rat",
]

# Numbers of any length are printed and read.
sys.set_int_max_str_digits(0)


def _divide(x: _int, y: _int) -> tuple[_int, _int]:
    """Return quotient and remainder, rounded towards zero."""
    if y == 0:
        raise _zero_division()
    q, r = divmod(abs(x), abs(y))
    return (-q if (x < 0) != (y < 0) else q), (-r if x < 0 else r)


def _zero_division() -> Exception:
    return GoPanic("division by zero")


def _euclid(x: _int, y: _int) -> tuple[_int, _int]:
    """Return quotient and remainder, where the remainder is not negative."""
    if y == 0:
        raise _zero_division()
    r = x % abs(y)
    return (x - r) // y, r


class Int:
    """Go's big.Int."""

    __slots__ = ("_n",)
    __go_name__ = "big.Int"

    def __init__(self) -> None:
        self._n = 0

    def _be(self, n: _int) -> Int:
        self._n = n
        return self

    # --- setting ------------------------------------------------------------------------------------------

    def set(self, x: Int) -> Int:
        return self._be(x._n)

    def set_int64(self, x: _int) -> Int:
        return self._be(x)

    def set_uint64(self, x: _int) -> Int:
        return self._be(x)

    def set_bytes(self, buf: Any) -> Int:
        return self._be(_int.from_bytes(bytes_of(buf), "big"))

    def set_bit(self, x: Int, i: _int, b: _int) -> Int:
        return self._be(x._n | 1 << i if b else x._n & ~(1 << i))

    def set_string(self, s: str, base: _int) -> tuple[Int, bool]:
        text = s.replace("_", "") if base == 0 else s
        if not s.isascii() or (s != s.strip()) or (base != 0 and "_" in s):
            return nil, False
        try:
            if base == 0 and text.lstrip("+-").startswith("0") and text.lstrip("+-")[1:].isdigit():
                self._n = _int(text, 8)
            else:
                if base != 0 and text.lstrip("+-")[:2].lower() in ("0x", "0b", "0o") and base in (2, 8, 16):
                    return nil, False
                self._n = _int(text, base)
        except ValueError:
            return nil, False
        return self, True

    # --- arithmetic ---------------------------------------------------------------------------------------

    def add(self, x: Int, y: Int) -> Int:
        return self._be(x._n + y._n)

    def sub(self, x: Int, y: Int) -> Int:
        return self._be(x._n - y._n)

    def mul(self, x: Int, y: Int) -> Int:
        return self._be(x._n * y._n)

    def quo(self, x: Int, y: Int) -> Int:
        return self._be(_divide(x._n, y._n)[0])

    def rem(self, x: Int, y: Int) -> Int:
        return self._be(_divide(x._n, y._n)[1])

    def quo_rem(self, x: Int, y: Int, r: Int) -> tuple[Int, Int]:
        self._n, r._n = _divide(x._n, y._n)
        return self, r

    def div(self, x: Int, y: Int) -> Int:
        return self._be(_euclid(x._n, y._n)[0])

    def mod(self, x: Int, y: Int) -> Int:
        return self._be(_euclid(x._n, y._n)[1])

    def div_mod(self, x: Int, y: Int, m: Int) -> tuple[Int, Int]:
        self._n, m._n = _euclid(x._n, y._n)
        return self, m

    def rand(self, rnd: Any, n: Int) -> Int:
        """Set a random number from 0 to n - 1, the same as Go's for the same source."""
        if n._n <= 0:
            return self._be(0)
        bits = n._n.bit_length()
        while True:
            # In words of 64 bits, from the lowest; each takes two numbers of the source.
            found = sum(rnd.uint32() << shift for shift in range(0, (bits + 63) // 64 * 64, 32))
            found &= (1 << bits) - 1
            if found < n._n:
                return self._be(found)

    def neg(self, x: Int) -> Int:
        return self._be(-x._n)

    def abs(self, x: Int) -> Int:
        return self._be(abs(x._n))

    def exp(self, x: Int, y: Int, m: Any) -> Int:
        modulus = 0 if m is None else abs(m._n)
        if y._n < 0:
            if not modulus:
                return self._be(1)
            try:
                return self._be(pow(x._n, y._n, modulus))
            except ValueError:
                return nil
        return self._be(pow(x._n, y._n, modulus) if modulus else x._n**y._n)

    def mod_inverse(self, g: Int, n: Int) -> Int:
        try:
            return self._be(pow(g._n, -1, abs(n._n)))
        except ValueError:
            return nil

    def gcd(self, x: Any, y: Any, a: Int, b: Int) -> Int:
        if x is not None or y is not None:
            old, s, t = a._n, 1, 0
            r, s2, t2 = b._n, 0, 1
            while r:
                q = old // r
                old, r = r, old - q * r
                s, s2 = s2, s - q * s2
                t, t2 = t2, t - q * t2
            if x is not None:
                x._n = s
            if y is not None:
                y._n = t
        return self._be(math.gcd(a._n, b._n))

    def sqrt(self, x: Int) -> Int:
        if x._n < 0:
            panic("square root of negative number")
        return self._be(math.isqrt(x._n))

    def mul_range(self, a: _int, b: _int) -> Int:
        if a > b:
            return self._be(1)
        if a <= 0 <= b:
            return self._be(0)
        return self._be(math.prod(range(a, b + 1)))

    def binomial(self, n: _int, k: _int) -> Int:
        return self._be(math.comb(n, k) if 0 <= k <= n else 0)

    # --- bits ---------------------------------------------------------------------------------------------

    def lsh(self, x: Int, n: _int) -> Int:
        return self._be(x._n << n)

    def rsh(self, x: Int, n: _int) -> Int:
        return self._be(x._n >> n)

    def and_(self, x: Int, y: Int) -> Int:
        return self._be(x._n & y._n)

    def or_(self, x: Int, y: Int) -> Int:
        return self._be(x._n | y._n)

    def xor(self, x: Int, y: Int) -> Int:
        return self._be(x._n ^ y._n)

    def and_not(self, x: Int, y: Int) -> Int:
        return self._be(x._n & ~y._n)

    def not_(self, x: Int) -> Int:
        return self._be(~x._n)

    def bit_len(self) -> _int:
        return self._n.bit_length()

    def bit(self, i: _int) -> _int:
        return self._n >> i & 1

    def trailing_zero_bits(self) -> _int:
        return (self._n & -self._n).bit_length() - 1 if self._n else 0

    # --- asking -------------------------------------------------------------------------------------------

    def cmp(self, y: Int) -> _int:
        return (self._n > y._n) - (self._n < y._n)

    def cmp_abs(self, y: Int) -> _int:
        return (abs(self._n) > abs(y._n)) - (abs(self._n) < abs(y._n))

    def sign(self) -> _int:
        return (self._n > 0) - (self._n < 0)

    def int64(self) -> _int:
        return ((self._n + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)

    def uint64(self) -> _int:
        return self._n & ((1 << 64) - 1)

    def is_int64(self) -> bool:
        return -(1 << 63) <= self._n < 1 << 63

    def is_uint64(self) -> bool:
        return 0 <= self._n < 1 << 64

    def float64(self) -> tuple[float, Accuracy]:
        try:
            f = float(self._n)
        except OverflowError:
            f = math.copysign(math.inf, self._n)
        return f, accuracy(f, self._n)

    def bytes(self) -> Any:
        n = abs(self._n)
        return byte_slice(n.to_bytes((n.bit_length() + 7) // 8, "big"))

    def probably_prime(self, n: _int) -> bool:
        """Return whether the number is prime, by the test of Miller and Rabin."""
        x = self._n
        primes = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
        if x < 2 or any(x % p == 0 for p in primes):
            return x in primes
        d, s = x - 1, 0
        while d % 2 == 0:
            d //= 2
            s += 1

        def passes(base: _int) -> bool:
            v = pow(base, d, x)
            if v in (1, x - 1):
                return True
            for _ in range(s - 1):
                v = v * v % x
                if v == x - 1:
                    return True
            return False

        # The first thirteen primes decide for all numbers below 3.3e24.
        return all(passes(p) for p in (*primes, *range(43, 43 + 2 * n, 2)))

    # --- text ---------------------------------------------------------------------------------------------

    def marshal_text(self) -> tuple[Slice[_int], error]:
        return byte_slice(str(self._n).encode()), None

    marshal_json = marshal_text

    def unmarshal_text(self, text: Any) -> error:
        shown = decode(bytes_of(text))
        if self.set_string(shown, 0)[1]:
            return None
        return new_error(f"math/big: cannot unmarshal {quote(shown)} into a *big.Int")

    def unmarshal_json(self, text: Any) -> error:
        return None if bytes_of(text) == b"null" else self.unmarshal_text(text)

    def text(self, base: _int) -> str:
        return format_int(self._n, base)

    def string(self) -> str:
        return str(self._n)

    def __str__(self) -> str:
        return str(self._n)

    def format(self, state: Any, verb: _int) -> None:
        """Write the number for one of fmt's verbs."""
        digits = {"d": "d", "v": "d", "s": "d", "x": "x", "X": "X", "b": "b", "o": "o", "O": "o"}.get(
            chr(verb)
        )
        if digits is None:
            state.write_string(f"%!{chr(verb)}(big.Int={self._n})")
            return
        sign = "-" if self._n < 0 else "+" if state.flag(0x2B) else " " if state.flag(0x20) else ""
        prefix = ""
        if state.flag(0x23):
            prefix = {"x": "0x", "X": "0X", "b": "0b", "o": "0"}.get(chr(verb), "")
        if chr(verb) == "O":
            prefix = "0o"
        text = format(abs(self._n), digits)
        precision, given = state.precision()
        if given:
            text = text.rjust(precision, "0")
        width, wide = state.width()
        room = width - len(sign + prefix + text) if wide else 0
        if room > 0 and state.flag(0x2D):
            state.write_string(sign + prefix + text + " " * room)
        elif room > 0 and state.flag(0x30) and not given:
            state.write_string(sign + prefix + "0" * room + text)
        else:
            state.write_string(" " * room + sign + prefix + text)


def new_int(x: _int) -> Int:
    return Int()._be(x)


def jacobi(x: Int, y: Int) -> _int:
    a, n = x._n, y._n
    if n % 2 == 0:
        panic(f"big: invalid 2nd argument to Int.Jacobi: need odd integer but got {n}")
    result = 1
    if n < 0:
        n = -n
        if a < 0:
            result = -1
    a %= n
    while a:
        while a % 2 == 0:
            a //= 2
            if n % 8 in (3, 5):
                result = -result
        a, n = n, a
        if a % 4 == 3 and n % 4 == 3:
            result = -result
        a %= n
    return result if n == 1 else 0
