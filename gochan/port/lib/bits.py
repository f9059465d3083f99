"""Go's package math/bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ._common import GoError

__all__ = [
    "UINT_SIZE",
    "add",
    "add32",
    "add64",
    "div",
    "div32",
    "div64",
    "leading_zeros",
    "leading_zeros8",
    "leading_zeros16",
    "leading_zeros32",
    "leading_zeros64",
    "len",
    "len8",
    "len16",
    "len32",
    "len64",
    "mul",
    "mul32",
    "mul64",
    "ones_count",
    "ones_count8",
    "ones_count16",
    "ones_count32",
    "ones_count64",
    "rem",
    "rem32",
    "rem64",
    "reverse",
    "reverse8",
    "reverse16",
    "reverse32",
    "reverse64",
    "reverse_bytes",
    "reverse_bytes16",
    "reverse_bytes32",
    "reverse_bytes64",
    "rotate_left",
    "rotate_left8",
    "rotate_left16",
    "rotate_left32",
    "rotate_left64",
    "sub",
    "sub32",
    "sub64",
    "trailing_zeros",
    "trailing_zeros8",
    "trailing_zeros16",
    "trailing_zeros32",
    "trailing_zeros64",
]

UINT_SIZE: Final = 64
_One = Callable[[int], int]


def len(x: int) -> int:
    return x.bit_length()


len8 = len16 = len32 = len64 = len


def ones_count(x: int) -> int:
    return x.bit_count()


ones_count8 = ones_count16 = ones_count32 = ones_count64 = ones_count


def _leading_zeros(width: int) -> _One:
    return lambda x: width - x.bit_length()


leading_zeros8: Final = _leading_zeros(8)
leading_zeros16: Final = _leading_zeros(16)
leading_zeros32: Final = _leading_zeros(32)
leading_zeros64: Final = _leading_zeros(64)
leading_zeros: Final = leading_zeros64


def _trailing_zeros(width: int) -> _One:
    return lambda x: (x & -x).bit_length() - 1 if x else width


trailing_zeros8: Final = _trailing_zeros(8)
trailing_zeros16: Final = _trailing_zeros(16)
trailing_zeros32: Final = _trailing_zeros(32)
trailing_zeros64: Final = _trailing_zeros(64)
trailing_zeros: Final = trailing_zeros64


def _reverse(width: int) -> _One:
    return lambda x: int(f"{x:0{width}b}"[::-1], 2)


reverse8: Final = _reverse(8)
reverse16: Final = _reverse(16)
reverse32: Final = _reverse(32)
reverse64: Final = _reverse(64)
reverse: Final = reverse64


def _reverse_bytes(width: int) -> _One:
    return lambda x: int.from_bytes(x.to_bytes(width // 8, "little"), "big")


reverse_bytes16: Final = _reverse_bytes(16)
reverse_bytes32: Final = _reverse_bytes(32)
reverse_bytes64: Final = _reverse_bytes(64)
reverse_bytes: Final = reverse_bytes64


def _rotate_left(width: int) -> Callable[[int, int], int]:
    mask = (1 << width) - 1

    def rotate(x: int, k: int) -> int:
        k %= width
        return (x << k | x >> (width - k)) & mask

    return rotate


rotate_left8: Final = _rotate_left(8)
rotate_left16: Final = _rotate_left(16)
rotate_left32: Final = _rotate_left(32)
rotate_left64: Final = _rotate_left(64)
rotate_left: Final = rotate_left64

_Carry = Callable[[int, int, int], tuple[int, int]]


def _add(width: int) -> _Carry:
    mask = (1 << width) - 1

    def add(x: int, y: int, carry: int) -> tuple[int, int]:
        total = x + y + carry
        return total & mask, total >> width

    return add


add32: Final = _add(32)
add64: Final = _add(64)
add: Final = add64


def _sub(width: int) -> _Carry:
    mask = (1 << width) - 1

    def sub(x: int, y: int, borrow: int) -> tuple[int, int]:
        diff = x - y - borrow
        return diff & mask, int(diff < 0)

    return sub


sub32: Final = _sub(32)
sub64: Final = _sub(64)
sub: Final = sub64


def _mul(width: int) -> Callable[[int, int], tuple[int, int]]:
    mask = (1 << width) - 1
    return lambda x, y: (x * y >> width, x * y & mask)


mul32: Final = _mul(32)
mul64: Final = _mul(64)
mul: Final = mul64


def _div(width: int) -> _Carry:
    def div(hi: int, lo: int, y: int) -> tuple[int, int]:
        if y == 0:
            raise GoError("integer divide by zero")
        if y <= hi:
            raise GoError("integer overflow")
        return divmod(hi << width | lo, y)

    return div


div32: Final = _div(32)
div64: Final = _div(64)
div: Final = div64


def _rem(width: int) -> Callable[[int, int, int], int]:
    def rem(hi: int, lo: int, y: int) -> int:
        if y == 0:
            raise GoError("integer divide by zero")
        return (hi << width | lo) % y

    return rem


rem32: Final = _rem(32)
rem64: Final = _rem(64)
rem: Final = rem64
