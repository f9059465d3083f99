"""The values of go/verbs.go, as ported code has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Protocol

from gochan.port.lib import (
    Boxed,
    Len,
    NilMap,
    Pointer,
    PointerBox,
    Ref,
    Slice,
    complex64,
    error,
    errors,
    field,
    float32,
    fmt,
    int8,
    int32,
    nil,
    panic,
    rune,
    struct,
    to_float32,
    uint8,
    uint64,
    uintptr,
)
from gochan.port.lib.time import MILLISECOND, SECOND, Duration, Month, Weekday


class Stringer(Protocol):
    __go_name__ = "fmt.Stringer"

    def string(self) -> str: ...


class Color(int):
    def string(self) -> str:
        return fmt.sprintf("Color(%d)", int(self))


class Celsius(float):
    pass


class Name(str):
    pass


@struct(names={"x": "X", "y": "Y"})
class Point:
    x: int = 0
    y: int = 0


@struct(go="main.hidden")
class Hidden:
    color: Color = Color(0)
    name: str = ""
    when: Duration = Duration(0)


@struct(names={"color": "Color", "name": "Name", "any": "Any", "err": "Err"})
class Shown:
    color: Color = Color(0)
    name: str = ""
    any: Any = nil
    err: error = nil


@struct(names={"a": "A", "b": "B", "p": "P", "tags": "Tags", "m": "M"})
class Line:
    a: Point = field(default_factory=Point)
    b: Point = field(default_factory=Point)
    p: Pointer[Point] = nil
    tags: Slice[str] = field(default_factory=Slice)
    m: dict[str, int] = field(default_factory=NilMap)


@struct
class Stringy:
    n: int = 0

    def string(self) -> str:
        return fmt.sprint("stringy ", self.n)


@struct(pointer_methods="string")
class PtrStringy:
    n: int = 0

    def string(self) -> str:
        return fmt.sprint("ptr ", self.n)


@struct(pointer=True, names={"code": "Code"})
class MyErr:
    code: int = 0

    def error(self) -> str:
        return fmt.sprintf("code %d", self.code)


@struct
class Panicky:
    def string(self) -> str:
        panic("no")


@struct
class NilDeref:
    p: Ref[int] = nil

    def string(self) -> str:
        return fmt.sprint(self.p.v)


@struct
class GoS:
    n: int = 0

    def go_string(self) -> str:
        return "GoS!"


@struct
class Fmter:
    def format(self, f: fmt.State, verb: rune) -> None:
        w, wok = f.width()
        p, pok = f.precision()
        fmt.fprintf(
            f,
            "<%c %d %t %d %t %t%t%t%t%t>",
            verb,
            w,
            wok,
            p,
            pok,
            *(f.flag(ord(c)) for c in "+-# 0"),
        )


class Ints(Slice[int]):
    pass


class IntMap(dict[str, int]):
    pass


@struct(names={"inner": "Inner", "d": "D", "d_2": "d"})
class Wrapper:
    inner: Stringer = nil
    d: Duration = Duration(0)
    d_2: Duration = Duration(0)


@struct(go="struct { A int; B string }", names={"a": "A", "b": "B"})
class Anon:
    a: int = 0
    b: str = ""


def b(data: bytes) -> Any:
    return Boxed(Slice[uint8](list(data)), Slice[uint8])


VALUES: dict[str, Any] = {
    "true": True,
    "0": 0,
    "7": 7,
    "-42": -42,
    "1234567": 1234567,
    "minint": -(1 << 63),
    "maxuint": Boxed((1 << 64) - 1, uint64),
    "uint8": Boxed(200, uint8),
    "int8": Boxed(-5, int8),
    "rune": Boxed(ord("é"), rune),
    "rune2": Boxed(ord("世"), int32),
    "badrune": Boxed(-1, rune),
    "surrogate": Boxed(0xD800, rune),
    "uintptr": Boxed(0xBEEF, uintptr),
    "1.0": 1.0,
    "3.14159": 3.14159,
    "-0.0": -0.0,
    "1e6": 1e6,
    "1e20": 1e20,
    "1e21": 1e21,
    "123456789.0": 123456789.0,
    "1e-5": 1e-5,
    "0.0001": 0.0001,
    "inf": math.inf,
    "-inf": -math.inf,
    "nan": math.nan,
    "max": 1.7976931348623157e308,
    "tiny": 5e-324,
    "100.0": 100.0,
    "f32": Boxed(to_float32(0.1), float32),
    "f32big": Boxed(16777216.0, float32),
    "complex": complex(1.5, -2),
    "c64": Boxed(complex(to_float32(0.1), to_float32(1e10)), complex64),
    "empty": "",
    "hi": "hi",
    "quoted": 'a"b\\c\n\t\x00',
    "uni": "héllo 世界",
    "bad": "a\udcffb",
    "tick": "a`b",
    "zw": "\u200b\u00a0\U0001f600",
    "bytes": b("hé".encode() + b"\xff"),
    "nilbytes": Boxed(Slice[uint8](), Slice[uint8]),
    "array": Boxed([1, 2, 3], Annotated[list[uint8], Len(3)]),
    "ints": Slice([1, -2, 30]),
    "strs": Slice(["a", "b c", ""]),
    "nilslice": Slice[int](),
    "emptyslice": Slice[int]([]),
    "anys": Slice[Any]([1, "a", nil, 2.5, True, Boxed(ord("x"), rune)]),
    "nested": Slice[Slice[int]]([Slice([1]), Slice([2, 3]), Slice()]),
    "array2": [True, False],
    "floats": Slice([1.0, 2.5, 1e21]),
    "errs": Slice[error]([errors.new("e1"), nil]),
    "map": {"b": 2, "a": 1, "é": 3},
    "map2": {3: "x", -1: "y"},
    "nilmap": Boxed(NilMap(), dict[str, int]),
    "boolmap": {True: 1, False: 0},
    "fmap": {2.5: 1, -1.0: 2},
    "structmap": {Point(2, 1): "b", Point(1, 5): "a"},
    "anymap": Boxed({"a": 1, 2: 2, 1.5: 3, True: 4}, dict[Any, int]),
    "nil": nil,
    "nilptr": Boxed(nil, Pointer[Point]),
    "nilerr": nil,
    "nilstringy": Boxed(nil, Pointer[PtrStringy]),
    "nilfunc": Boxed(nil, Callable[[], None]),
    "color": Color(3),
    "celsius": Celsius(36.6),
    "name": Name("bob"),
    "namednames": Slice([Name("x"), Name("y")]),
    "colors": Slice([Color(1), Color(2)]),
    "colormap": {Color(2): Color(1), Color(1): Color(2)},
    "point": Point(1, -2),
    "ppoint": PointerBox(Point(3, 4)),
    "hidden": Hidden(Color(2), "n", SECOND),
    "shown": Shown(Color(4), "s", 5, errors.new("bad")),
    "shownnil": Shown(),
    "shownpt": Shown(any=Point(1, 2)),
    "line": Line(a=Point(1, 2), tags=Slice(["q"]), m={"k": 1}),
    "points": Slice([Point(1, 2), Point(3, 4)]),
    "pointarr": Boxed([Point(1, 2), Point(3, 4)], Pointer[Annotated[list[Point], Len(2)]]),
    "pslice": Ref(Slice([1, 2])),
    "pmap": Ref({"a": 1}),
    "stringy": Stringy(5),
    "pstringy": PointerBox(Stringy(6)),
    "ptrstringy": PtrStringy(7),
    "pptrstringy": PointerBox(PtrStringy(8)),
    "stringys": Slice([Stringy(1), Stringy(2)]),
    "stringymap": {"a": Stringy(1)},
    "err": errors.new("oops"),
    "myerr": MyErr(7),
    "wrapped": fmt.errorf("ctx: %w", errors.new("inner")),
    "joined": errors.join(errors.new("a"), errors.new("b")),
    "panicky": Panicky(),
    "nilderef": NilDeref(),
    "gos": GoS(1),
    "goss": Slice([GoS(1)]),
    "fmter": Fmter(),
    "fmters": Slice([Fmter()]),
    "namedints": Ints([1, 2]),
    "namedmap": IntMap({"a": 1}),
    "wrapper": Wrapper(Stringy(1), Duration(1500 * MILLISECOND), SECOND),
    "wrappernil": Wrapper(),
    "duration": Duration(90 * SECOND),
    "durations": Slice([Duration(1), Duration(1000)]),
    "month": Month(3),
    "weekday": Weekday(5),
    "anon": Anon(1, "x"),
}
