"""Follows Go's test/recover*.go and test/defer*.go: what defer, panic and recover do to each other.

A deferred function is one of five things here: started by run, under `@defers`, a method, a callable object,
or made at run time; recover works in each, and in nothing that it calls.
"""

from __future__ import annotations

import functools
import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from goroutines import let_others_run

from gochan import Panic, defer, defers, go, panic, recover, run


def must_recover(value: object) -> None:
    """Deferred: the current panic is value's, no call below sees it, and once recovered it is gone."""
    assert recover_in_a_call() is None
    assert recover() == value
    assert recover() is None


def recover_in_a_call() -> object:
    return recover()


def must_not_recover() -> None:
    """Deferred: no panic is under way."""
    assert recover() is None


# --- test/recover.go -------------------------------------------------------------------------------------


def calls_one_that_recovers() -> None:
    must_not_recover()


def recurses(n: int) -> None:
    if n == 0:
        recurses(1)
    else:
        assert recover() is None


@pytest.mark.gochan
def test_recover_1() -> None:
    """test/recover.go, test1: only the function that was deferred recovers, not what it calls, itself
    even."""
    defer(must_not_recover)
    defer(must_recover, 1)
    defer(calls_one_that_recovers)
    defer(recurses, 0)
    panic(1)


@pytest.mark.gochan
def test_recover_1_with_closures() -> None:
    """test/recover.go, test1WithClosures: the same for functions made on the spot."""

    @defer
    def _() -> None:
        assert recover() is None

    def deferred(value: object) -> None:
        must_not_recover()
        assert recover() == value

    defer(deferred, 1)
    defer(lambda: must_not_recover() or None)
    panic(1)


@pytest.mark.gochan
def test_recover_2() -> None:
    """test/recover.go, test2: recover that is itself deferred is too early: it leaves the panic alone."""
    defer(must_recover, 2)
    defer(recover)
    panic(2)


@pytest.mark.gochan
def test_recover_3() -> None:
    """test/recover.go, test3: a recover whose value is dropped stops the panic as well."""
    defer(must_not_recover)

    @defer
    def _() -> None:
        recover()

    panic(3)


@pytest.mark.gochan
def test_recover_4() -> None:
    """test/recover.go, test4: a deferred function may leave the recover to a defer of its own."""
    defer(must_not_recover)

    @defer
    @defers
    def _() -> None:
        defer(recover)

    panic(4)


def test_recover_5() -> None:
    """test/recover.go, test5: a panic in a deferred call, recovered, leaves what was returned before; the
    recovered value reaches the caller by a variable, where Go has a named result."""

    def attempt(g: Callable[[], object], otherwise: object) -> object:
        caught: object = otherwise

        @defers
        def body() -> str:
            @defer
            def _() -> None:
                nonlocal caught
                v = recover()
                if v is not None:
                    caught = v

            defer(g)
            return "returned"

        assert body() == "returned"
        return caught

    assert attempt(lambda: panic(5), 55) == 5
    assert attempt(lambda: None, "hi") == "hi"


@pytest.mark.gochan
def test_recover_6() -> None:
    """test/recover.go, test6 and test6WithClosures: deferred functions with large frames of their own."""

    def big(wanted: bool) -> None:
        def nest(depth: int) -> int:
            return depth if depth == 100 else nest(depth + 1)

        numbers = list(range(100_000))
        assert nest(0) == 100
        assert (recover() is not None) == wanted
        assert len(numbers) == 100_000

    defer(big, False)
    defer(big, True)
    panic(6)


def test_recover_7() -> None:
    """test/recover.go, test7: after a recover the defers that came earlier run as ever."""
    ran: list[str] = []

    @defers
    def body() -> None:
        defer(ran.append, "first")
        defer(must_recover, 7)
        panic(7)

    body()
    assert ran == ["first"]


def test_recover_8() -> None:
    """test/recover.go, test8: a deferred function with any number of arguments."""
    sums: list[int] = []

    def add_up(*numbers: int) -> None:
        sums.append(sum(numbers) + (100 if recover() is not None else 0))

    @defers
    def panics() -> None:
        defer(add_up, 1, 2, 3)
        panic(0)

    @defers
    def returns() -> None:
        defer(add_up, 4, 5, 6)

    panics()
    returns()
    assert sums == [106, 15]


class Methods:
    """Each way that a method can be what is deferred."""

    def plain(self, value: object) -> None:
        assert (recover_in_a_call(), recover(), recover()) == (None, value, None)

    @classmethod
    def of_class(cls, value: object) -> None:
        assert (recover_in_a_call(), recover(), recover()) == (None, value, None)

    @staticmethod
    def static(value: object) -> None:
        assert (recover_in_a_call(), recover(), recover()) == (None, value, None)

    def __call__(self, value: object) -> None:
        assert (recover_in_a_call(), recover(), recover()) == (None, value, None)

    def after_a_panic_of_its_own(self, value: object) -> None:
        recovers_a_method_that_panics()
        assert (recover_in_a_call(), recover(), recover()) == (None, value, None)

    def panics(self) -> None:
        panic(112)


@defers
def recovers_a_method_that_panics() -> None:
    defer(must_recover, 112)
    Methods().panics()


class Slotted(Methods):
    __slots__ = ()


class Large(Methods):
    def __init__(self) -> None:
        self.content = bytes(8192)


METHODS: dict[str, Callable[[object], object]] = {
    "9: bound": Methods().plain,
    "9: looked up in the class": functools.partial(Methods.plain, Methods()),
    "9: looked up by name": getattr(Methods(), "plain"),  # noqa: B009
    "10: static": Methods.static,
    "11: inherited": Slotted().plain,
    "12: of the class": Slotted.of_class,
    "13: of a large object": Large().plain,
    "14: callable object": Large(),
    "15: made at run time": eval("lambda value, check=must_recover_inline: check(value, recover())", None, {
        "must_recover_inline": lambda value, recovered: recovered == value or panic("not recovered"),
    } | {"recover": recover}),
    "111: after another panic": Methods().after_a_panic_of_its_own,
}


@pytest.mark.gochan
@pytest.mark.parametrize("name", METHODS)
def test_recover_methods(name: str) -> None:
    """test/recover.go, test9 to test15 and test111: what is deferred is a method, or a function made at run
    time; what wraps it on the way, in C, counts for nothing."""
    number = int(name.partition(":")[0])
    defer(must_not_recover)
    defer(METHODS[name], number)
    panic(number)


@pytest.mark.gochan
def test_recover_16() -> None:
    """test/recover.go, test16: a function that the deferred one calls, made at run time too, does not
    recover."""

    def calls(f: Callable[[], None]) -> None:
        f()

    defer(must_recover, 16)
    defer(functools.partial(calls), functools.partial(must_not_recover))
    panic(16)


# --- test/recover1.go: panics within panics --------------------------------------------------------------


@pytest.mark.gochan
def test_recover1_1() -> None:
    """test/recover1.go, test1: a panic in a deferred function has its own recover; the first goes on."""
    defer(must_recover, 1)

    @defer
    @defers
    def _() -> None:
        defer(must_recover, 2)
        panic(2)

    panic(1)


@pytest.mark.gochan
@pytest.mark.parametrize("picky", [True, False], ids=["test2", "test3"])
def test_recover1_2(picky: bool) -> None:
    """test/recover1.go, test2 and test3: one panic after the other, the second in the function that recovered
    the first."""
    defer(must_not_recover)

    @defer
    @defers
    def _() -> None:
        v = recover()
        assert v == 2 or not picky
        defer(must_recover, 3)
        panic(3)

    panic(2)


def test_recover1_4() -> None:
    """test/recover1.go, test4 and test5: a single panic, recovered in the call or by its deferred recover."""

    def main(deferred: bool) -> None:
        defer(must_not_recover)

        @defer
        @defers
        def _() -> None:
            if deferred:
                defer(recover)
            else:
                recover()

        panic(4)

    run(main, False)
    run(main, True)


@pytest.mark.gochan
def test_recover1_6() -> None:
    """test/recover1.go, test6: a deferred recover sees the panic below once the one on top is recovered."""
    defer(must_not_recover)

    @defer
    @defers
    def _() -> None:
        defer(recover)
        defer(must_recover, 3)
        panic(3)

    panic(2)


@pytest.mark.gochan
def test_recover1_7() -> None:
    """test/recover1.go, test7: and not while the one on top is under way."""
    defer(must_recover, 2)

    @defer
    @defers
    def _() -> None:
        defer(must_recover, 3)
        defer(recover)
        panic(3)

    panic(2)


# --- test/recover2.go, recover3.go, recover5.go ----------------------------------------------------------

FAULTS: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "index": (lambda: bytearray(10)[123], IndexError, "index out of range"),
    "empty": (lambda: list[int]()[99999], IndexError, "index out of range"),
    "key": (lambda: {}["x"], KeyError, "x"),
    "type": (lambda: 1 + "1", TypeError, "unsupported operand"),  # type: ignore[operator]
    "unhashable": (lambda: {[]: 1}, TypeError, "unhashable type"),
    "divide": (lambda: 1 // 0, ZeroDivisionError, "by zero"),
    "nil": (lambda: None.x, AttributeError, "'NoneType'"),  # type: ignore[attr-defined]
    "method": (lambda: (1).m, AttributeError, "no attribute 'm'"),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("name", FAULTS)
def test_recover2(name: str) -> None:
    """test/recover2.go, test/recover3.go: a run-time error is recovered as the exception that it is."""
    fault, kind, text = FAULTS[name]
    caught: list[BaseException] = []

    @defers
    def body() -> None:
        defer(lambda: caught.append(recover()))
        fault()

    assert body() is None
    assert type(caught[0]) is kind
    assert text in str(caught[0])


def test_recover3_faults_of_the_runtime() -> None:
    """test/recover3.go: a fault of the runtime's own is recovered as its text."""
    caught: list[object] = []

    @defers
    def body() -> None:
        defer(lambda: caught.append(recover()))
        raise Panic("send on closed channel")

    body()
    assert caught == ["send on closed channel"]


def test_recover5() -> None:
    """test/recover5.go: recover takes no argument (Go's compiler says so, here it is the call)."""
    for args in ((1,), (1, 2)):
        with pytest.raises(TypeError, match="recover"):
            recover(*args)  # type: ignore[call-arg]


# --- test/defer*.go --------------------------------------------------------------------------------------


def test_defer() -> None:
    """test/defer.go: deferred calls run last in, first out, with the arguments of their time."""
    result: list[int] = []

    @defers
    def helper(record: Callable[..., None]) -> None:
        for i in range(10):
            defer(record, i)

    helper(result.append)
    helper(lambda *values: result.extend(values))
    assert result == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] * 2


@pytest.mark.gochan
def test_deferfin() -> None:
    """test/deferfin.go: a deferred call that has run keeps nothing alive."""

    class Value:
        pass

    values: list[weakref.ref[Value]] = []

    def worker() -> None:
        value = Value()
        values.append(weakref.ref(value))
        defer(lambda: value)
        defer(id, value)

    for _ in range(10):
        go(worker)
    let_others_run()
    gc.collect()
    assert len(values) == 10
    assert [value() for value in values] == [None] * 10


def test_defernil() -> None:
    """test/defernil.go: Go's panic comes when the nil function would run; here it is refused where it is
    deferred, like any wrong argument, and can be recovered as well."""
    ran: list[str] = []
    caught: list[Any] = []

    @defers
    def body() -> None:
        defer(lambda: caught.append(recover()))
        defer(ran.append, "a defer from before")
        defer(None)  # type: ignore[arg-type]

    body()
    assert ran == ["a defer from before"]
    assert isinstance(caught[0], TypeError) and "None is not callable" in str(caught[0])


def test_deferprint(capsys: pytest.CaptureFixture[str]) -> None:
    """test/deferprint.go: what is built in can be deferred."""

    def main() -> None:
        defer(print, 42, True, False, 1.5, "world", None, [], {})
        defer(print, *range(1, 21))
        defer(print, "printing: ", end="")

    run(main)
    numbers = " ".join(map(str, range(1, 21)))
    assert capsys.readouterr().out == f"printing: {numbers}\n42 True False 1.5 world None [] {{}}\n"


def test_range4_defer() -> None:
    """test/range4.go, testfunc7 and testfunc8: a defer in a loop is the function's, run when that returns."""
    saved: list[int] = []

    def numbers(n: int) -> Iterator[int]:
        yield from range(1, n + 1)

    @defers
    def one_loop() -> None:
        defer(saved.append, -1)
        for i in numbers(4):
            defer(saved.append, i)
        defer(saved.append, 5)

    @defers
    def nested_loops() -> None:
        defer(saved.append, -1)
        for i in numbers(2):
            for j in numbers(3):
                defer(saved.append, i * 10 + j)
            defer(saved.append, i)
        defer(saved.append, -2)
        for i in numbers(4):
            defer(saved.append, i)
        defer(saved.append, -3)

    one_loop()
    assert saved == [5, 4, 3, 2, 1, -1]
    saved.clear()
    nested_loops()
    assert saved == [-3, 4, 3, 2, 1, -2, 2, 23, 22, 21, 1, 13, 12, 11, -1]
