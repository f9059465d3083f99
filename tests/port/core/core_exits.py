"""The program of go/exits.go, ported: python core_exits.py WAY."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gochan import Chan, close, defer, defers, go, select, sync, time
from gochan.port.lib import (
    Boxed,
    NilMap,
    Pointer,
    Slice,
    assert_type,
    builtin_println,
    errors,
    fmt,
    int8,
    nil,
    os,
    panic,
    quo,
    recover,
    run,
    struct,
)


class Color(int):
    def string(self) -> str:
        return "color!"


class Plain(int):
    pass


class Text(str):
    pass


class Ratio(float):
    pass


@struct
class Point:
    x: int = 0
    y: int = 0


@struct(pointer=True)
class MyErr:
    code: int = 0

    def error(self) -> str:
        return fmt.sprintf("code %d\nsecond line", self.code)


zero = 0
ways: dict[str, Callable[[], None]] = {}


def way(f: Callable[[], None]) -> None:
    ways[f.__name__.rstrip("_")] = f


def value(name: str, v: Any) -> None:
    ways[name] = lambda: panic(v)


value("int", 42)
value("negative", Boxed(-3, int8))
value("float", 1.5)
value("bool", True)
value("complex", complex(1, -2))
value("error", errors.new("bad thing"))
value("myerr", MyErr(3))
value("stringer", Color(3))
value("plain", Plain(3))
value("text", Text("t"))
value("ratio", Ratio(2))
value("nil", nil)


def rec(n: int) -> int:
    if n == 0:
        return 0
    return rec(n - 1) + 1


def forever(n: int) -> int:
    return forever(n + 1) + 1


@way
def return_() -> None:
    fmt.println("fine")


@way
def string() -> None:
    fmt.println("before")
    panic("boom\nnext")


@way
def index() -> None:
    s = Slice([1])
    fmt.println(s[zero + 5])


@way
def divide() -> None:
    fmt.println(quo(1, zero))


@way
def nilmap() -> None:
    m: dict[str, int] = NilMap()
    m["a"] = 1


@way
def nilptr() -> None:
    p: Pointer[Point] = nil
    fmt.println(p.x)


@way
def assert_() -> None:
    e: Any = "s"
    fmt.println(assert_type(e, int))


@way
def close_() -> None:
    c = Chan[int]()
    close(c)
    close(c)


@way
def goroutine() -> None:
    @go
    def _() -> None:
        panic("in goroutine")

    time.sleep(time.SECOND)
    fmt.println("not reached")


@way
def deadlock() -> None:
    fmt.println("x")
    c = Chan[int]()
    c.recv()


@way
def deadlockwg() -> None:
    wg = sync.WaitGroup()
    wg.add(1)
    wg.wait()


@way
def selectforever() -> None:
    select()


@way
@defers
def unlock() -> None:
    @defer
    def _() -> None:
        fmt.println(recover())

    mu = sync.Mutex()
    mu.unlock()


@way
@defers
def negativewg() -> None:
    @defer
    def _() -> None:
        fmt.println("recovered", recover())

    wg = sync.WaitGroup()
    wg.done()


@way
@defers
def exit3() -> None:
    defer(fmt.println, "not run")
    fmt.print("out")
    os.exit(3)


@way
def exit0() -> None:
    go(fmt.println, "no")
    os.exit(0)


@way
def exitgoroutine() -> None:
    go(os.exit, 4)
    time.sleep(time.SECOND)
    fmt.println("no")


@way
@defers
def repanic() -> None:
    @defer
    def _() -> None:
        r = recover()
        fmt.println("got", r)
        panic(fmt.sprint("re-", r))

    panic("first")


@way
@defers
def panicindefer() -> None:
    @defer
    def _() -> None:
        panic("second")

    panic("first")


@way
@defers
def same() -> None:
    @defer
    def _() -> None:
        r = recover()
        panic(r)

    panic("first")


@way
@defers
def defers_() -> None:
    defer(fmt.println, "deferred 1")
    defer(fmt.println, "deferred 2")
    panic("x")


@way
def deep() -> None:
    fmt.println(rec(100000))


@way
def overflow() -> None:
    forever(0)


@way
def stderr() -> None:
    fmt.fprintln(os.stderr, "to stderr")
    fmt.fprint(os.stdout, "to ", "stdout\n")
    os.stdout.write_string("bytes \udcff\n")
    os.stdout.write(Slice([65, 10]))
    builtin_println("builtin", 1, True)


@way
def mainreturns() -> None:
    @go
    def _() -> None:
        defer(fmt.println, "not run")
        select()

    time.sleep(time.MILLISECOND)


if __name__ == "__main__":
    run(ways[sys.argv[1]])
