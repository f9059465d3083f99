"""What the programs of go/ print, by gochan.port.lib."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Protocol

from core_scans import scans
from core_times import times

from gochan import Chan, close, defer, defers
from gochan.port.lib import (
    Boxed,
    GoError,
    Len,
    NilMap,
    Pointer,
    Ref,
    Slice,
    append,
    append_all,
    assert_type,
    assert_type_ok,
    cap,
    clear,
    copy,
    copy_slice,
    equal,
    error,
    errors,
    fdiv,
    float32,
    fmt,
    from_bytes,
    from_runes,
    int16,
    int32,
    is_nil,
    key,
    make_slice,
    nil,
    os,
    panic,
    quo,
    recover,
    rem,
    rune_str,
    runes,
    same,
    shl,
    shr,
    slice_array,
    slice_of,
    str_at,
    str_len,
    str_slice,
    struct,
    time,
    to_bytes,
    to_float,
    to_float32,
    to_int8,
    to_int16,
    to_int32,
    to_int64,
    to_runes,
    to_uint8,
    to_uint16,
    to_uint32,
    to_uint64,
    type_is,
    uint8,
)


def f32(x: float) -> Boxed[float]:
    return Boxed(to_float32(x), float32)


def integers() -> None:
    ints = [0, 1, -1, 2, 7, -7, 127, 128, -128, -129, 255, 256, 32767, 32768, -32769, 65535, 65536]
    ints += [(1 << 31) - 1, 1 << 31, -(1 << 31) - 1, (1 << 32) - 1, 1 << 32, (1 << 53) + 1]
    ints += [(1 << 63) - 1, -(1 << 63), 1234567890123]
    for x in ints:
        fmt.println(
            *(x, to_int8(x), to_int16(x), to_int32(x), to_int64(x)),
            *(to_uint8(x), to_uint16(x), to_uint32(x), to_uint64(x), to_float(x), f32(x)),
        )
    floats = [0.0, 0.5, -0.5, 1.9, -1.9, 127.99, 300.7, -300.7, 65535.5, 1e9, 3e9, -3e9, 1e15]
    for y in [*floats, 4611686018427387904.0, 1e-300]:
        n = to_int64(y)
        fmt.println(y, n, to_int32(n), to_int8(n), to_uint8(n), f32(y))
    fmt.println(to_uint64(1e19), to_uint64(9.3e18), to_int64(9e18))
    for a in ints:
        for b in ints:
            if b != 0:
                fmt.print(quo(a, b), " ", rem(a, b), " ")
        fmt.println()
    for k in [0, 1, 31, 32, 63, 64, 65, 200]:
        for x in ints:
            fmt.print(to_int64(shl(x, k)), " ", shr(x, k), " ", shr(to_uint64(x), k), " ")
            fmt.print(to_int32(shl(to_int32(x), k)), " ", to_uint8(shl(to_uint8(x), k)), " ")
        fmt.println()
    xs = [0.0, -0.0, 1.0, -2.5, math.inf, -math.inf, math.nan]
    for c in xs:
        for d in xs:
            fmt.print(fdiv(c, d), " ")
        fmt.println()
    for e in [0.1, 1e39, -1e39, 16777217.0, 1e-46, 3.4028235677973366e38]:
        f = to_float32(e)
        fmt.println(f32(f), f32(f * 2), f32(f + 1))


@struct
class Pair:
    a: int = 0
    b: str = ""


@struct
class Big:
    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0
    e: int = 0


@struct
class Flags:
    a: bool = False
    b: bool = False


@struct(go="struct {}")
class Empty:
    pass


def caps(name: str, t: Any, zero: Any) -> None:
    s = Slice[t]()  # type: ignore[valid-type]
    last = -1
    fmt.print(name, ":")
    for _ in range(3000):
        s = append(s, zero)
        if cap(s) != last:
            last = cap(s)
            fmt.print(" ", last)
    fmt.println()
    for n in [1, 2, 3, 5, 6, 7, 9, 13, 17, 33, 65, 100, 129, 255, 257, 300, 513, 1000, 1025, 2049, 5000]:
        nothing = Slice[t]()  # type: ignore[valid-type]
        grown = append_all(nothing, make_slice(t, n))
        u = append(make_slice(t, n - 1), zero)
        v = append_all(make_slice(t, 5), make_slice(t, n))
        fmt.print(cap(grown), " ", cap(u), " ", cap(v), " ")
    fmt.println()


def show(s: Slice[int]) -> None:
    fmt.println(s, len(s), cap(s), is_nil(s))


def slices() -> None:
    caps("int", int, 0)
    caps("string", str, "")
    caps("byte", uint8, 0)
    caps("bool", bool, False)
    caps("float64", float, 0.0)
    caps("int16", int16, 0)
    caps("int32", int32, 0)
    caps("pair", Pair, Pair())
    caps("big", Big, Big())
    caps("flags", Flags, Flags())
    caps("pointer", Pointer[Pair], None)
    caps("any", Any, None)
    caps("slice", Slice[int], Slice())
    caps("array", Annotated[list[uint8], Len(3)], [0, 0, 0])
    caps("map", dict[str, int], NilMap())
    caps("empty", Empty, Empty())

    a = Slice([1, 2, 3, 4, 5])
    b = a[1:3]
    b[0] = 20
    show(a)
    show(b)
    b = append(b, 40)
    show(a)
    show(b)
    b = append(b, 50, 60)
    b[0] = 99
    show(a)
    show(b)
    c = a.slice3(1, 3, 3)
    c = append(c, 77)
    show(a)
    show(c)
    show(a[2:2])
    show(a[5:])
    show(b[: cap(b)])
    d = make_slice(0, 0, 10)
    e = append(d, 1)
    f = append(d, 2)
    show(e)
    show(f)
    show(d[:3])
    n: Slice[int] = Slice()
    show(n)
    show(n[0:0])
    show(append_all(n, n))
    show(Slice([]))
    show(append_all(Slice([]), n))
    g = make_slice(0, 3)
    counts = [copy_slice(g, a), copy_slice(g, Slice([9])), copy_slice(g[1:], g), copy_slice(a, a[1:])]
    fmt.println(*counts)
    show(g)
    show(a)
    h = append_all(a[:1], a[2:])
    show(h)
    show(a)
    arr = [1, 2, 3, 4]
    s = slice_of(arr, 1, 3)
    s[0] = 7
    s = append(s, 8)
    fmt.println(arr, s, len(s), cap(s))
    s = append(s, 9)
    s[0] = 0
    fmt.println(arr, s, cap(s))
    brr = copy(arr)
    brr[0] = 100
    fmt.println(arr, brr, arr == brr, same(slice_array(slice_of(arr), 4), arr))
    bs = append_all(to_bytes("héllo"), " wörld")
    fmt.println(len(bs), copy_slice(bs, "HE"), from_bytes(bs[:3]))
    fmt.println(from_bytes(bs))
    ps = Slice[Pair]([Pair(1, "a"), Pair(2, "b")])
    q = ps[0]
    q.a = 10
    ps = append(ps, Pair(3, "c"))
    q.a = 11
    fmt.println(ps, q)
    rows = make_slice(Slice[int], 2)
    for i in range(len(rows)):
        rows[i] = make_slice(0, 2)
    rows[0][1] = 5
    alias = rows
    alias[1][0] = 6
    fmt.println(rows, alias)
    total = 0
    for i, v in enumerate(a):
        a[len(a) - 1] = 100
        if i == 0:
            a = append(a, 1000)
        total += v
    fmt.println(total, a)
    clear(a[:2])
    fmt.println(a)
    queue = Slice([1, 2, 3])
    while len(queue) > 0:
        x = queue[0]
        queue = queue[1:]
        if x < 3:
            queue = append(queue, x + 2)
        fmt.print(x, len(queue), cap(queue), " ")
    fmt.println()
    stack = Slice[int]([])
    for i in range(5):
        stack = append(stack, i)
    while len(stack) > 0:
        top = stack[len(stack) - 1]
        stack = stack[: len(stack) - 1]
        fmt.print(top, " ")
    fmt.println(len(stack), cap(stack))


def text() -> None:
    samples = ["", "abc", "héllo", "世界", "a\udcffb", "\udce4\udcb8", "\udced\udca0\udc80", "😀x"]
    samples += ["\udcf0\udc9f", "\udcc0\udc80", "é\udce9é", "\x00\x7f"]
    for s in samples:
        fmt.printf("%q %d", s, str_len(s))
        for i in range(str_len(s)):
            fmt.print(" ", str_at(s, i))
        for i, r in runes(s):
            fmt.print(" ", i, ":", r)
        fmt.println()
        for i in range(str_len(s) + 1):
            fmt.printf("%q %q ", str_slice(s, i), str_slice(s, None, i))
        fmt.println()
        fmt.println(to_bytes(s), to_runes(s), from_bytes(to_bytes(s)) == s, from_runes(to_runes(s)))
    fmt.println(
        *(rune_str(65), rune_str(0x4E16), rune_str(-1), rune_str(0xD800), rune_str(0x110000)),
        from_runes(Slice([72, -5, 0x1F600])),
    )
    fmt.println("a" < "b", "abc" < "abd", "Z" < "a", "é" > "z", "" < "a")  # noqa: PLR0133
    x = "héllo"
    whole = str_slice(x, 1, 2) + str_slice(x, 2, 3)
    fmt.println(to_bytes(whole).tolist() == to_bytes("é").tolist(), str_slice(x, 0, 1) + str_slice(x, 3))
    fmt.println(str_len(str_slice(x, 1, 2)))


class Shape(Protocol):
    def area(self) -> float: ...

    def perimeter(self) -> float: ...


@struct
class Square:
    side: float = 0.0

    def area(self) -> float:
        return self.side * self.side


@struct(pointer=True)
class Circle:
    r: float = 0.0

    def area(self) -> float:
        return self.r

    def perimeter(self) -> float:
        return self.r


@struct
class Node:
    value: int = 0
    next: Pointer[Node] = nil


class Color(int):
    pass


@struct
class MyErr:
    code: int = 0

    def error(self) -> str:
        return fmt.sprint("code ", self.code)


@defers
def attempt(name: str, f: Callable[[], object]) -> None:
    @defer
    def _() -> None:
        r = recover()
        err, is_err = assert_type_ok(r, error)
        _, is_runtime = assert_type_ok(r, GoError)
        fmt.printf("%s: %v | %T %t %t\n", name, r, r, is_err, is_runtime)
        if is_err:
            fmt.println("   ", str(err))

    f()


def panics() -> None:
    s = Slice([1, 2, 3])
    five, minus, zero = 5, -1, 0
    arr = [0] * 4
    m: dict[str, int] = NilMap()
    p: Pointer[Node] = nil
    shape: Any = nil
    fn: Any = nil
    text = "héllo"

    def set_item() -> None:
        s[five] = 1

    def set_map() -> None:
        m["a"] = 1

    def set_field() -> None:
        p.value = 1

    def close_closed() -> None:
        c = Chan[int]()
        close(c)
        close(c)

    def send_closed() -> None:
        c = Chan[int](1)
        close(c)
        c.send(1)

    def set_key() -> None:
        {}[key(Slice([1]))] = 1

    attempt("none", lambda: None)
    attempt("string", lambda: panic("boom"))
    attempt("int", lambda: panic(42))
    attempt("error", lambda: panic(errors.new("bad")))
    attempt("errorf", lambda: panic(fmt.errorf("ctx: %w", os.ErrNotExist)))
    attempt("myerr", lambda: panic(MyErr(3)))
    attempt("nil", lambda: panic(nil))
    attempt("struct", lambda: panic(Node(1, nil)))
    attempt("index", lambda: s[five])
    attempt("index negative", lambda: s[minus])
    attempt("index set", set_item)
    attempt("array", lambda: arr[five])
    attempt("string index", lambda: str_at(text, five + 5))
    attempt("string index negative", lambda: str_at(text, minus))
    attempt("slice high", lambda: s[:five])
    attempt("slice low", lambda: s[five:])
    attempt("slice both", lambda: s[3:zero])
    attempt("slice negative", lambda: s[minus:])
    attempt("slice negative high", lambda: s[:minus])
    attempt("slice3 max", lambda: s.slice3(0, 1, five))
    attempt("slice3 high", lambda: s.slice3(0, five - 1, 3))
    attempt("slice3 low", lambda: s.slice3(five - 2, 2, 3))
    attempt("string slice high", lambda: str_slice(text, None, five + 5))
    attempt("string slice low", lambda: str_slice(text, five + 5))
    attempt("string slice both", lambda: str_slice(text, five, 3))
    attempt("array slice", lambda: slice_of(arr, None, five))
    attempt("divide", lambda: quo(five, zero))
    attempt("modulo", lambda: rem(five, zero))
    attempt("nil map", set_map)
    attempt("nil pointer", lambda: p.value)
    attempt("nil pointer set", set_field)
    attempt("nil next", lambda: Node().next.next)
    attempt("nil interface", lambda: shape.area())  # noqa: PLW0108
    attempt("nil func", lambda: fn())  # noqa: PLW0108
    attempt("close nil", lambda: close(None))
    attempt("close closed", close_closed)
    attempt("send closed", send_closed)
    attempt("shift", lambda: shl(1, minus))
    attempt("makeslice", lambda: make_slice(0, minus))
    attempt("to array", lambda: slice_array(s, 4))
    e: Any = nil
    attempt("assert nil", lambda: assert_type(e, int))
    e = "text"
    attempt("assert int", lambda: assert_type(e, int))
    attempt("assert color", lambda: assert_type(e, Color))
    attempt("assert slice", lambda: assert_type(e, Slice[str]))
    attempt("assert map", lambda: assert_type(e, dict[str, int]))
    attempt("assert pointer", lambda: assert_type(e, Pointer[Node]))
    attempt("assert iface", lambda: assert_type(e, Shape))
    e = Square(2)
    attempt("assert missing", lambda: assert_type(e, Shape))
    e = nil
    attempt("assert nil iface", lambda: assert_type(e, Shape))
    shape = Circle(1)

    def concrete() -> None:
        assert_type(shape, Pointer[Circle])
        panic("fine")

    attempt("assert concrete", concrete)
    attempt("compare slices", lambda: equal(Slice([1]), Slice([1])))
    attempt("compare maps", lambda: equal(Boxed({}, dict[str, int]), Boxed({}, dict[str, int])))
    attempt("compare structs", lambda: fmt.println(equal(Node(1, nil), Node(1, nil))))
    fmt.println(
        *(equal(1, 1.0), equal(1, 1), equal(Color(1), 1), equal("a", "a"), equal(nil, nil)),
        equal(Boxed(nil, Pointer[Node]), nil),
    )
    attempt("unhashable", set_key)

    @defers
    def repanic() -> None:
        @defer
        def _() -> None:
            panic(fmt.sprint("again: ", recover()))

        panic("first")

    attempt("repanic", repanic)

    @defers
    def goexit_style() -> None:
        @defer
        def _() -> None:
            fmt.println("deferred", recover())

        q: Pointer[Node] = nil
        q.next.value += 1

    attempt("goexit style", goexit_style)
    err: Any = fmt.errorf("a: %w", fmt.errorf("b: %w", MyErr(7)))
    target = Ref(MyErr())
    fmt.println(
        *(errors.as_(err, target, MyErr), target.v.code, errors.is_(err, MyErr(7))),
        *(errors.is_(err, MyErr(8)), errors.unwrap(err), err),
    )
    joined = errors.join(errors.new("x"), err)
    fmt.println(errors.is_(joined, MyErr(7)), errors.unwrap(joined), joined)
    w2 = fmt.errorf("%w and %w", errors.new("p"), MyErr(1))
    fmt.println(w2, errors.is_(w2, MyErr(1)), errors.unwrap(w2))
    _, err = os.read_file("/no/such/file")
    fmt.println(err, errors.is_(err, os.ErrNotExist), os.is_not_exist(err))
    perr: Ref[Any] = Ref(nil)
    fmt.println(errors.as_(err, perr, Pointer[os.PathError]), perr.v.op, perr.v.path, perr.v.err)
    x = 3 * time.SECOND
    if type_is(x, int):
        fmt.println("int", x)
    elif type_is(x, Stringer):
        fmt.println("stringer", x)


class Stringer(Protocol):
    def string(self) -> str: ...


PROGRAMS: dict[str, Callable[[], None]] = {
    "integers": integers,
    "slices": slices,
    "text": text,
    "panics": panics,
    "times": times,
    "scans": scans,
}
