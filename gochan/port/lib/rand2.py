"""Go's package math/rand/v2: the numbers that follow from the seed of a PCG are Go's."""

from __future__ import annotations

import random
from builtins import int as _int
from collections.abc import Callable
from typing import Any, Protocol

from ._common import Slice, panic
from ._types import INT
from ._ziggurat import exponential, normal

__all__ = [
    "PCG",
    "Rand",
    "Source",
    "exp_float64",
    "float32",
    "float64",
    "int",
    "int32",
    "int32_n",
    "int64",
    "int64_n",
    "int_n",
    "n",
    "new",
    "new_pcg",
    "norm_float64",
    "perm",
    "shuffle",
    "uint",
    "uint32",
    "uint32_n",
    "uint64",
    "uint64_n",
    "uint_n",
]

_M32 = 0xFFFFFFFF
_M64 = 0xFFFFFFFFFFFFFFFF
_M128 = (1 << 128) - 1


class Source(Protocol):
    """Go's rand.Source."""

    def uint64(self) -> _int: ...


class _PythonSource:
    def uint64(self) -> _int:
        return random.getrandbits(64)


class PCG:
    """Go's rand.PCG: the generator PCG-DXSM with 128 bits of state."""

    def __init__(self, hi: _int = 0, lo: _int = 0) -> None:
        self.seed(hi, lo)

    def seed(self, hi: _int, lo: _int) -> None:
        self._state = hi << 64 | lo

    def uint64(self) -> _int:
        self._state = (
            self._state * (2549297995355413924 << 64 | 4865540595714422341)
            + (6364136223846793005 << 64 | 1442695040888963407)
        ) & _M128
        hi, lo = self._state >> 64, self._state & _M64
        hi ^= hi >> 32
        hi = hi * 0xDA942042E4DD58B5 & _M64
        hi ^= hi >> 48
        return hi * (lo | 1) & _M64


def new_pcg(seed1: _int, seed2: _int) -> PCG:
    return PCG(seed1, seed2)


class Rand:
    """Go's rand.Rand of version 2."""

    def __init__(self, src: Any = None) -> None:
        self._src = src

    def uint64(self) -> _int:
        return self._src.uint64()  # type: ignore[no-any-return]

    def int64(self) -> _int:
        return self.uint64() & 0x7FFFFFFFFFFFFFFF

    def uint32(self) -> _int:
        return self.uint64() >> 32

    def int32(self) -> _int:
        return self.uint64() >> 33

    def int(self) -> _int:
        return self.int64()

    def uint(self) -> _int:
        return self.uint64()

    def _below(self, n: _int) -> _int:
        if n & n - 1 == 0:
            return self.uint64() & n - 1
        product = self.uint64() * n
        if product & _M64 < n:
            least = (1 << 64) % n
            while product & _M64 < least:
                product = self.uint64() * n
        return product >> 64

    def int64_n(self, n: _int) -> _int:
        if n <= 0:
            panic("invalid argument to Int64N")
        return self._below(n)

    def uint64_n(self, n: _int) -> _int:
        if n == 0:
            panic("invalid argument to Uint64N")
        return self._below(n)

    def int32_n(self, n: _int) -> _int:
        if n <= 0:
            panic("invalid argument to Int32N")
        return self._below(n)

    def uint32_n(self, n: _int) -> _int:
        if n == 0:
            panic("invalid argument to Uint32N")
        return self._below(n)

    def int_n(self, n: _int) -> _int:
        if n <= 0:
            panic("invalid argument to IntN")
        return self._below(n)

    def uint_n(self, n: _int) -> _int:
        if n == 0:
            panic("invalid argument to UintN")
        return self._below(n)

    def float64(self) -> float:
        return (self.uint64() & (1 << 53) - 1) / (1 << 53)

    def float32(self) -> float:
        return (self.uint32() & (1 << 24) - 1) / (1 << 24)

    def perm(self, n: _int) -> Slice[_int]:
        values = list(range(n))

        def swap(i: _int, j: _int) -> None:
            values[i], values[j] = values[j], values[i]

        self.shuffle(n, swap)
        return Slice._make(values, INT)

    def shuffle(self, n: _int, swap: Callable[[_int, _int], object]) -> None:
        if n < 0:
            panic("invalid argument to Shuffle")
        for i in range(n - 1, 0, -1):
            swap(i, self._below(i + 1))

    def _layer(self) -> tuple[_int, _int]:
        u = self.uint64()
        return u & _M32, u >> 32

    def norm_float64(self) -> float:
        return normal(self._layer, self.float64)

    def exp_float64(self) -> float:
        return exponential(self._layer, self.float64)


def new(src: Any) -> Rand:
    return Rand(src)


_global = Rand(_PythonSource())
uint64 = _global.uint64
int64 = _global.int64
uint32 = _global.uint32
int32 = _global.int32
int = _global.int
uint = _global.uint
int64_n = _global.int64_n
uint64_n = _global.uint64_n
int32_n = _global.int32_n
uint32_n = _global.uint32_n
int_n = _global.int_n
uint_n = _global.uint_n
float64 = _global.float64
float32 = _global.float32
perm = _global.perm
shuffle = _global.shuffle
norm_float64 = _global.norm_float64
exp_float64 = _global.exp_float64


def n(n: Any) -> Any:
    """Return a number in [0, n) of n's type."""
    if n <= 0:
        panic("invalid argument to N")
    return n.__class__(_global._below(_int(n)))
