"""Conversions to Go's signed integers."""

from collections.abc import Callable
from math import inf, nan
from random import Random

import pytest

from gochan._engine.impl import to_int8, to_int16, to_int32, to_int64

WIDTHS: dict[Callable[[float], int], int] = {to_int8: 8, to_int16: 16, to_int32: 32, to_int64: 64}


class Count(int):
    """An integer of a class of its own, as Go's named types are."""


@pytest.fixture(params=WIDTHS, ids=lambda convert: convert.__name__)
def convert(request: pytest.FixtureRequest) -> Callable[[float], int]:
    convert: Callable[[float], int] = request.param
    return convert


def wrapped(n: int, bits: int) -> int:
    half = 1 << bits - 1
    return (n + half) % (1 << bits) - half


def test_integers_wrap_around(convert: Callable[[float], int]) -> None:
    bits = WIDTHS[convert]
    random = Random(bits)
    near = [
        sign * (1 << k) + d
        for k in (0, 7, 8, 15, 31, 32, 62, 63, 64, 65, 200)
        for sign in (1, -1)
        for d in (-1, 0, 1)
    ]
    for n in [*near, *(random.getrandbits(80) - (1 << 79) for _ in range(200))]:
        for x in (n, Count(n)):
            found = convert(x)
            assert found == wrapped(n, bits)
            assert type(found) is int


def test_an_integer_that_fits_stays_the_same_object() -> None:
    n = 1 << 40
    assert to_int64(n) is n


@pytest.mark.parametrize(
    ("x", "whole"),
    [
        (2.9, 2),
        (-2.9, -2),
        (-0.0, 0),
        (1e15, 10**15),
        (-(2.0**63), -(2**63)),
        (2.0**63, -(2**63)),
        (-1e300, -(2**63)),
        (inf, -(2**63)),
        (nan, -(2**63)),
    ],
)
def test_floats_are_cut_and_wrap_around(convert: Callable[[float], int], x: float, whole: int) -> None:
    assert convert(x) == wrapped(whole, WIDTHS[convert])


def test_true_is_one(convert: Callable[[float], int]) -> None:
    assert convert(True) == 1
    assert type(convert(True)) is int


@pytest.mark.parametrize("x", ["1", None, 1j, b"1"])
def test_what_is_no_number_is_refused(convert: Callable[[float], int], x: float) -> None:
    with pytest.raises(
        TypeError, match=rf"^{convert.__name__}: {x!r} is not an int or a float$".replace("(", r"\(")
    ):
        convert(x)
