"""Go's package math/rand: the numbers that follow from the seed of a source are Go's."""

from __future__ import annotations

import random
import struct
from builtins import int as _int
from collections.abc import Callable
from typing import Any, Protocol

from ._common import Slice, fill, panic
from ._lagged import LaggedSource
from ._types import INT
from ._ziggurat import exponential, normal

__all__ = [
    "Rand",
    "Source",
    "Source64",
    "exp_float64",
    "float32",
    "float64",
    "int",
    "int31",
    "int31n",
    "int63",
    "int63n",
    "intn",
    "new",
    "new_source",
    "norm_float64",
    "perm",
    "read",
    "seed",
    "shuffle",
    "uint32",
    "uint64",
]


class Source(Protocol):
    """Go's rand.Source."""

    def int63(self) -> _int: ...
    def seed(self, seed: _int, /) -> None: ...


class Source64(Source, Protocol):
    def uint64(self) -> _int: ...


class _PythonSource:
    """A source of random numbers without a seed, as the functions of the package have it."""

    def int63(self) -> _int:
        return random.getrandbits(63)

    def uint64(self) -> _int:
        return random.getrandbits(64)

    def seed(self, seed: _int) -> None:
        """Do nothing, as Go does since 1.24."""


def new_source(seed: _int) -> LaggedSource:
    return LaggedSource(seed)


class Rand:
    """Go's rand.Rand."""

    def __init__(self, src: Any = None) -> None:
        self._src = src

    def seed(self, seed: _int) -> None:
        self._src.seed(seed)

    def int63(self) -> _int:
        return self._src.int63()  # type: ignore[no-any-return]

    def uint64(self) -> _int:
        if hasattr(self._src, "uint64"):
            return self._src.uint64()  # type: ignore[no-any-return]
        return self.int63() >> 31 | self.int63() << 32 & 0xFFFFFFFFFFFFFFFF

    def uint32(self) -> _int:
        return self.int63() >> 31

    def int31(self) -> _int:
        return self.int63() >> 32

    def int(self) -> _int:
        return self.int63()

    def int63n(self, n: _int) -> _int:
        if n <= 0:
            panic("invalid argument to Int63n")
        if n & n - 1 == 0:
            return self.int63() & n - 1
        most = (1 << 63) - 1 - (1 << 63) % n
        v = self.int63()
        while v > most:
            v = self.int63()
        return v % n

    def int31n(self, n: _int) -> _int:
        if n <= 0:
            panic("invalid argument to Int31n")
        if n & n - 1 == 0:
            return self.int31() & n - 1
        most = (1 << 31) - 1 - (1 << 31) % n
        v = self.int31()
        while v > most:
            v = self.int31()
        return v % n

    def intn(self, n: _int) -> _int:
        if n <= 0:
            panic("invalid argument to Intn")
        return self.int31n(n) if n <= 0x7FFFFFFF else self.int63n(n)

    def float64(self) -> float:
        while True:
            f = self.int63() / (1 << 63)
            if f != 1:
                return f

    def float32(self) -> float:
        while True:
            f = float(struct.unpack("f", struct.pack("f", self.float64()))[0])
            if f != 1:
                return f

    def perm(self, n: _int) -> Slice[_int]:
        values = list(range(n))
        for i in range(n):
            j = self.intn(i + 1)
            values[i] = values[j]
            values[j] = i
        return Slice._make(values, INT)

    def shuffle(self, n: _int, swap: Callable[[_int, _int], object]) -> None:
        if n < 0:
            panic("invalid argument to Shuffle")
        for i in range(n - 1, 0, -1):
            swap(i, self._below(i + 1) if i < 0x7FFFFFFF else self.int63n(i + 1))

    def _below(self, n: _int) -> _int:
        """Return a number in [0, n) as `shuffle` draws it."""
        product = self.uint32() * n
        if product & 0xFFFFFFFF < n:
            least = (1 << 32) % n
            while product & 0xFFFFFFFF < least:
                product = self.uint32() * n
        return product >> 32

    def _layer(self) -> tuple[_int, _int]:
        u = self.uint32()
        return u, u

    def norm_float64(self) -> float:
        return normal(self._layer, self.float64)

    def exp_float64(self) -> float:
        return exponential(self._layer, self.float64)

    def read(self, p: Any) -> tuple[_int, None]:
        data = bytearray()
        while len(data) < len(p):
            data += self.int63().to_bytes(8, "little")[:7]
        return fill(p, data), None


def new(src: Any) -> Rand:
    return Rand(src)


_global = Rand(_PythonSource())
seed = _global.seed
int63 = _global.int63
uint64 = _global.uint64
uint32 = _global.uint32
int31 = _global.int31
int = _global.int
int63n = _global.int63n
int31n = _global.int31n
intn = _global.intn
float64 = _global.float64
float32 = _global.float32
perm = _global.perm
shuffle = _global.shuffle
norm_float64 = _global.norm_float64
exp_float64 = _global.exp_float64
read = _global.read
