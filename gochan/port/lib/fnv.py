"""Go's package hash/fnv."""

from __future__ import annotations

from .hash import Base

__all__ = ["new32", "new32a", "new64", "new64a", "new128", "new128a"]

_PARAMETERS = {
    32: (0x811C9DC5, 0x01000193),
    64: (0xCBF29CE484222325, 0x100000001B3),
    128: (0x6C62272E07BB014262B821756295C58D, 0x0000000001000000000000000000013B),
}


class _Fnv(Base):
    def __init__(self, width: int, xor_first: bool) -> None:
        self._width = width
        self._xor_first = xor_first
        self.reset()

    def reset(self) -> None:
        self._value = _PARAMETERS[self._width][0]

    def size(self) -> int:
        return self._width // 8

    def block_size(self) -> int:
        return 1

    def _update(self, data: bytes) -> None:
        value = self._value
        prime = _PARAMETERS[self._width][1]
        mask = (1 << self._width) - 1
        if self._xor_first:
            for b in data:
                value = (value ^ b) * prime & mask
        else:
            for b in data:
                value = value * prime & mask ^ b
        self._value = value

    def _digest(self) -> bytes:
        return self._value.to_bytes(self._width // 8, "big")

    def sum32(self) -> int:
        return self._value

    def sum64(self) -> int:
        return self._value


def new32() -> _Fnv:
    return _Fnv(32, False)


def new32a() -> _Fnv:
    return _Fnv(32, True)


def new64() -> _Fnv:
    return _Fnv(64, False)


def new64a() -> _Fnv:
    return _Fnv(64, True)


def new128() -> _Fnv:
    return _Fnv(128, False)


def new128a() -> _Fnv:
    return _Fnv(128, True)
