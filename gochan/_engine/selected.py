"""The types of select's result, shared by `select` and `aio.select`.

The result is `(index, value, ok)`.  With up to eight cases, its type is a union of one tuple for each case,
whose index is a literal.  So type checkers know the value's type once a `match` statement has matched the
index.
"""

from __future__ import annotations

from typing import Literal, TypeVar

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
H = TypeVar("H")
I = TypeVar("I")  # noqa: E741

Result1 = tuple[Literal[0], A, bool]
Result2 = Result1[A] | tuple[Literal[1], B, bool]
Result3 = Result2[A, B] | tuple[Literal[2], C, bool]
Result4 = Result3[A, B, C] | tuple[Literal[3], D, bool]
Result5 = Result4[A, B, C, D] | tuple[Literal[4], E, bool]
Result6 = Result5[A, B, C, D, E] | tuple[Literal[5], F, bool]
Result7 = Result6[A, B, C, D, E, F] | tuple[Literal[6], H, bool]
Result8 = Result7[A, B, C, D, E, F, H] | tuple[Literal[7], I, bool]
