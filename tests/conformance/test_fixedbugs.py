"""Follows the programs of Go's test/fixedbugs that are about channels, select, defer, recover or goroutines.

Each is named by its number there. Where a program looks for damage that the compiler did, what it checks of
the language is checked here.
"""

from __future__ import annotations

import functools
import gc
import traceback
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Protocol

import pytest
from goroutines import let_others_run

import gochan.signal  # issue21576: a deadlock is one with os/signal loaded, too
from gochan import (
    Chan,
    Deadlock,
    Panic,
    RecvChan,
    close,
    default,
    defer,
    defers,
    go,
    panic,
    recover,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    synctest,
    time,
)

assert gochan.signal


class Value:
    """An object that takes weak references."""


def recovers(caught: list[Any]) -> Callable[[], None]:
    """Make a deferred function that recovers, and notes what."""
    return lambda: caught.append(recover())


# --- channels and goroutines -----------------------------------------------------------------------------


def test_bug067() -> None:
    """test/fixedbugs/bug067.go: a goroutine sends into a channel that it finds outside."""

    def main() -> int:
        go(lambda: ch.send(3))
        return ch.recv()

    ch = Chan[int]()
    assert run(main) == 3


@pytest.mark.parametrize("bug", ["bug084", "bug130", "issue25897b"])
def test_go_of_a_method(bug: str) -> None:
    """test/fixedbugs/bug084.go, bug130.go, issue25897b.go: `go` with a method: of an object, of
    what a protocol describes, and looked up by its name."""

    class Sends(Protocol):
        def send_to(self, ch: Chan[int], n: int) -> None: ...

    class Service:
        def send_to(self, ch: Chan[int], n: int) -> None:
            ch.send(n)

    def main() -> int:
        ch = Chan[int]()
        service: Sends = Service()
        if bug == "bug084":
            go(Service().send_to, ch, 1234)
        elif bug == "bug130":
            go(service.send_to, ch, 1234)
        else:
            name = "send_to"
            go(getattr(service, name), ch, 1234)
        return ch.recv()

    assert run(main) == 1234


@pytest.mark.gochan(synctest=True)
def test_bug147() -> None:
    """test/fixedbugs/bug147.go: an unbuffered send returns when the value is taken, and not before."""
    ch, steps = Chan[int](), []

    @go
    def _() -> None:
        ch.recv()
        steps.append(1)
        time.sleep(time.MILLISECOND)
        steps.append(2)
        ch.recv()

    ch.send(1)
    ch.send(2)
    assert steps == [1, 2]


def test_bug225() -> None:
    """test/fixedbugs/bug225.go: a receive whose value is dropped, with default, from empty and from full."""
    ch = Chan[bool](1)
    assert select(recv(ch), default)[0] == 1
    ch.send(True)
    assert select(recv(ch), default)[0] == 0
    assert len(ch) == 0


def test_bug230() -> None:
    """test/fixedbugs/bug230.go: a channel of an interface takes each class that has it, and only those.

    test/fixedbugs/bug312.go, issue43292.go: what comes out is what went in, whatever the channel knows of it.
    """

    class Base:
        def m(self) -> str:
            return type(self).__name__

    class A(Base):
        pass

    class B(Base):
        pass

    ch = Chan[Base](10)
    ch.send(A())
    ch.send(B())
    ch.send(Base())
    assert ch.recv().m() == "A"
    assert select(recv(ch))[1].m() == "B"
    assert ch.recv_ok()[0].m() == "Base"
    with pytest.raises(TypeError, match="Base"):
        ch.send("hi")  # type: ignore[arg-type]


def test_bug234() -> None:
    """test/fixedbugs/bug234.go: the second result of a receive, open and closed."""
    ch = Chan[int](1)
    ch.send(100)
    assert ch.recv_ok() == (100, True)
    close(ch)
    assert ch.recv_ok() == (0, False)


def test_bug243() -> None:
    """test/fixedbugs/bug243.go: a closure accepts, in a loop without end, what another dials."""

    def main() -> list[int]:
        listener = Chan[int]()
        accepted: list[int] = []

        @go
        def _() -> None:
            while True:
                connection, _ = listener.recv(), ""
                accepted.append(connection)

        for n in range(3):
            listener.send(n)
        let_others_run()
        return accepted

    assert run(main) == [0, 1, 2]


def test_bug273() -> None:
    """test/fixedbugs/bug273.go: a negative capacity is refused.  A vast one is Go's fault too; here a buffer
    is as large as what lies in it, so that one works."""
    with pytest.raises(ValueError, match="capacity is 0 or more"):
        Chan[int](-1)
    ch = Chan[int](1 << 46)
    ch.send(1)
    assert (ch.recv(), ch.cap) == (1, 1 << 46)


def test_bug285() -> None:
    """test/fixedbugs/bug285.go: channels are keys of a map, each a key of its own; nil is one as well."""
    a, b = Chan[int](), Chan[int]()
    places: dict[Chan[int] | None, str] = {a: "a", b: "b", None: "nil"}
    assert [places[a], places[b], places[None], len(places)] == ["a", "b", "nil", 3]


def test_bug320() -> None:
    """test/fixedbugs/bug320.go: a case's value, kept by a goroutine that starts in its body."""

    def main() -> list[int]:
        ch, idle, kept = Chan[int](1), Chan[int](), []
        for v in range(10):
            ch.send(v)
            match select(recv(ch), send(idle, 1)):
                case 0, t, _:
                    go(lambda t=t: kept.append(t))
                    assert t == v
        let_others_run()
        return kept

    assert sorted(run(main)) == list(range(10))


@pytest.mark.gochan
def test_issue11256() -> None:
    """test/fixedbugs/issue11256.go: goroutines that spin, and then end by Goexit rather than by a return."""
    ended: list[int] = []
    for i in range(100):
        stop = Chan[None]()

        def spin(i: int = i, stop: Chan[None] = stop) -> None:
            while select(recv(stop), default)[0] == 1:
                runtime.gosched()
            ended.append(i)
            runtime.goexit()
            ended.append(-1)

        go(spin)
        runtime.gosched()
        close(stop)
        while len(ended) == i:
            runtime.gosched()
    assert ended == list(range(100))
    assert runtime.num_goroutine() == 1


def test_issue13169() -> None:
    """test/fixedbugs/issue13169.go: many senders and receivers on a channel of anything; some recurse deeply
    in between."""

    def deep(depth: int) -> int:
        return depth if depth == 0 else deep(depth - 1)

    def main() -> int:
        ch, done = Chan[object](), Chan[bool]()
        received = 0

        def sender() -> None:
            for _ in range(100):
                ch.send(Value())
            done.send(True)

        def receiver() -> None:
            nonlocal received
            for _ in range(100):
                assert isinstance(ch.recv(), Value)
                received += 1
                deep(32)
            done.send(True)

        for _ in range(10):
            go(sender)
            go(receiver)
        for _ in range(20):
            done.recv()
        return received

    assert run(main) == 1000


@pytest.mark.gochan
@pytest.mark.parametrize("form", ["range", "receive"])
def test_issue15281(form: str) -> None:
    """test/fixedbugs/issue15281.go: once it is out, a value is its receiver's alone; the channel keeps
    none."""
    ch = Chan[Value](10)
    x: Value | None = Value()
    alive = weakref.ref(x)
    ch.send(x)
    x = None
    close(ch)
    gc.collect()
    assert alive() is not None
    if form == "range":
        for x in ch:
            assert x is alive()
            x = None  # noqa: PLW2901
            gc.collect()
            assert alive() is None
    else:
        x, ok = ch.recv_ok()
        assert ok and x is alive()
        x = None
        gc.collect()
        assert alive() is None


@pytest.mark.gochan
def test_issue16870() -> None:
    """test/fixedbugs/issue16870.go: value and ok, in every form of receive."""
    ch, other = Chan[int](1), Chan[int]()
    forms: list[Callable[[], tuple[int, bool]]] = [
        ch.recv_ok,
        lambda: select(recv(ch))[1:],
        lambda: select(recv(ch), default)[1:],
        lambda: select(recv(ch), recv(other))[1:],
        lambda: select(recv(other), recv(ch))[1:],
    ]
    for form in forms:
        ch.send(42)
        assert form() == (42, True)
    close(ch)
    for form in forms:
        assert form() == (0, False)


def test_issue21576() -> None:
    """test/fixedbugs/issue21576.go: a program that imports os/signal, and asks for no signal, can
    deadlock."""

    def main() -> None:
        Chan[int]().send(1)

    with pytest.raises(Deadlock, match="all goroutines are asleep - deadlock!"):
        run(main)


def test_issue22683() -> None:
    """test/fixedbugs/issue22683.go: a structure with a reference in it comes out of a closed channel
    whole."""
    ch = Chan[tuple[list[Value]]](2)
    value = Value()
    ch.send(([value],))
    close(ch)
    assert [v[0][0] for v in ch] == [value]


@pytest.mark.gochan
def test_issue25897a() -> None:
    """test/fixedbugs/issue25897a.go: goroutines that have not begun, of functions made at run time, outlive a
    collection of garbage."""
    ch = Chan[bool](200)
    for _ in range(100):
        go(functools.partial(ch.send, True))
        go(eval("lambda ch, _: ch.send(True)"), ch, None)
    gc.collect()
    for _ in range(200):
        assert ch.recv()


@pytest.mark.gochan
def test_issue5493() -> None:
    """test/fixedbugs/issue5493.go: a goroutine that has ended keeps its function alive no longer."""
    functions: list[weakref.ref[Any]] = []

    def start() -> None:
        def f() -> None:
            pass

        functions.append(weakref.ref(f))
        go(f)

    wg = sync.WaitGroup()
    for _ in range(10):
        wg.go(start)
    wg.wait()
    let_others_run()
    gc.collect()
    assert [f() for f in functions] == [None] * 10


@pytest.mark.gochan(synctest=True)
def test_issue59680() -> None:
    """test/fixedbugs/issue59680.go: a goroutine that works at each timeout, until it is reported to stop."""
    stop, wg, worked = Chan[None](), sync.WaitGroup(), []

    @wg.go
    def _() -> None:
        while True:
            match select(recv(stop), recv(time.after(time.MILLISECOND))):
                case 0, _, _:
                    return
                case 1, _, _:
                    worked.append(17 * 17)

    time.sleep(10.5 * time.MILLISECOND)
    stop.send(None)
    wg.wait()
    assert worked == [289] * 10


def test_issue67190() -> None:
    """test/fixedbugs/issue67190.go: a channel is equal to itself, seen from either end, and to no other."""
    ch = Chan[int]()
    receiving: RecvChan[int] = ch
    assert ch == receiving
    assert Chan[int]() != ch


def test_issue8011() -> None:
    """test/fixedbugs/issue8011.go: a receive from what is received."""
    outer, inner = Chan[Chan[int]](1), Chan[int](1)
    inner.send(42)
    outer.send(inner)
    assert outer.recv().recv() == 42


def test_issue9110() -> None:
    """test/fixedbugs/issue9110.go: a select that waits three times on one channel leaves no waiter behind."""

    def waiters() -> int:
        gc.collect()
        return sum(type(thing).__name__ == "Case" for thing in gc.get_objects())

    def main() -> None:
        for _ in range(5):
            ch = Chan[int]()

            def waiter(ch: Chan[int] = ch) -> None:
                assert select(recv(ch), recv(ch), recv(ch))[1:] == (0, False)

            for _ in range(10):
                go(waiter)
            let_others_run()
            assert waiters() == before + 30
            close(ch)
            let_others_run()
            assert waiters() == before

    before = waiters()
    run(main)


@pytest.mark.gochan
def test_issue9321() -> None:
    """test/fixedbugs/issue9321.go: goroutines that write out all stacks at the same time."""
    wg = sync.WaitGroup()

    def dump() -> None:
        for _ in range(10):
            text = runtime.stack(all=True)
            assert text.count("goroutine ") - text.count("by goroutine ") == runtime.num_goroutine()
            runtime.gosched()

    wg.go(dump)
    wg.go(dump)
    wg.wait()


# --- select ----------------------------------------------------------------------------------------------


def test_bug347() -> None:
    """test/fixedbugs/bug347.go: a fault in a select is reported at the select's line."""
    nothing: Any = None

    def f() -> None:
        select(recv(nothing.c), recv(Chan[int]()))

    with pytest.raises(AttributeError) as info:
        run(f)
    last = traceback.extract_tb(info.value.__traceback__)[-1]
    assert (last.name, last.lineno) == ("f", f.__code__.co_firstlineno + 1)


@pytest.mark.gochan
@pytest.mark.parametrize("issue", ["issue43111", "issue4313"])
def test_select_evaluates_first(issue: str) -> None:
    """test/fixedbugs/issue43111.go, issue4313.go: channels and values are those of when the select began,
    what a later case's expression does to the variables notwithstanding."""
    ch: Chan[int] | None = Chan[int](1)
    first = ch
    x = 42

    def disturb() -> int:
        nonlocal ch, x
        ch = None
        x = 0
        return 0

    def channel() -> Chan[int]:
        disturb()
        return Chan[int]()

    if issue == "issue43111":
        assert select(send(ch, x), send(None, disturb()))[0] == 0
    else:
        assert select(send(ch, x), recv(channel()))[0] == 0
    assert first.recv() == 42
    assert (ch, x) == (None, 0)


@pytest.mark.gochan
def test_issue43111_closed() -> None:
    """test/fixedbugs/issue43111.go: a case's expression may close the channel of another."""
    ch = Chan[int]()

    def closes() -> int:
        close(ch)
        return 0

    assert select(recv(ch), send(None, closes())) == (0, 0, False)


def test_issue8336() -> None:
    """test/fixedbugs/issue8336.go: cases are evaluated in order: after one that faults no other is."""
    nothing: Any = None

    def other() -> NoReturn:
        pytest.fail("must not be called")

    with pytest.raises(AttributeError, match="'c'"):
        run(lambda: select(recv(nothing.c), recv(other())))


@pytest.mark.gochan
def test_issue8347() -> None:
    """test/fixedbugs/issue8347.go: a default leaves the variables of the other cases as they were."""
    ch, ok, turns = Chan[bool](1), True, 0
    for i in range(12):
        match select(recv(ch), default):
            case 0, _, ok:
                turns += 1
            case _:
                pass
        if i < 10:
            assert ok
        elif ok:
            close(ch)
    assert (ok, turns) == (False, 1)


# --- defer, panic and recover ----------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, 3, "oops"])
def test_bug266(value: object) -> None:
    """test/fixedbugs/bug266.go, issue43835.go: a function that recovered returns the zero value, None,
    whatever it was about to return.  test/fixedbugs/issue14725.go: panic(nil) too."""

    @defers
    def f() -> tuple[bool, object]:
        defer(recovers([]))
        return True, panic(value)

    @defers
    def loops() -> object:
        while True:
            defer(recovers(caught))
            panic(value)

    caught: list[Any] = []
    assert f() is None
    assert loops() is None
    nil = "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"
    assert caught == [nil if value is None else value]


def test_bug364() -> None:
    """test/fixedbugs/bug364.go: the arguments of a deferred call are those of the time of its defer."""
    got: list[float] = []

    @defers
    def f() -> None:
        v = 0.0
        for _ in range(3):
            v += 0.1
            defer(got.append, v)

    f()
    assert got == [0.1 + 0.1 + 0.1, 0.2, 0.1]


def test_issue32175() -> None:
    """test/fixedbugs/issue32175.go: what is deferred may be made by a call, made now; what it refers to is
    looked up when it runs.  test/fixedbugs/issue9738.go: so it sees what the function did last."""
    seen: list[int] = []

    @defers
    def f() -> None:
        x = 0

        def make() -> Callable[[], None]:
            assert x == 0
            return lambda: seen.append(x)

        defer(make())
        x = 42

    f()
    assert seen == [42]


@pytest.mark.parametrize("issue", ["issue15975", "issue6055"])
def test_defer_of_what_nothing_has(issue: str) -> None:
    """test/fixedbugs/issue15975.go, issue6055.go: a method of nil faults where it is deferred."""
    nothing: Any = None
    reached: list[str] = []

    @defers
    def f() -> None:
        defer(reached.append, "an earlier defer")
        defer(nothing.close)
        reached.append("after")

    with pytest.raises(AttributeError, match="close"):
        f()
    assert reached == ["an earlier defer"]


@pytest.mark.gochan(synctest=True)
def test_issue16016() -> None:
    """test/fixedbugs/issue16016.go: thousands of goroutines sleep with a deferred call that waits for its
    turn."""

    class Q:
        def foo(self, values: list[object]) -> None:
            done.extend(values)

    done: list[object] = []

    def sleeper() -> None:
        defer(Q().foo, ["meow"])
        time.sleep(100 * time.MILLISECOND)

    for _ in range(2000):
        go(sleeper)
    time.sleep(50 * time.MILLISECOND)
    assert done == []
    time.sleep(time.SECOND)
    assert done == ["meow"] * 2000


class _Stringer:
    def __str__(self) -> str:
        return "s-stringer"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"),
        (8, "8"),
        (True, "True"),
        (8 + 16j, "(8+16j)"),
        ("test", "test"),
        (_Stringer(), "s-stringer"),
    ],
)
def test_issue19658(value: object, text: str) -> None:
    """test/fixedbugs/issue19658.go: what an unrecovered panic reports of its value."""
    with pytest.raises(Panic) as info:
        run(panic, value)
    assert str(info.value) == text


def test_issue19658_error() -> None:
    """test/fixedbugs/issue19658.go: an error, here an exception, is reported as itself."""
    with pytest.raises(LookupError, match="test"):
        run(panic, LookupError("test"))


def test_issue19710() -> None:
    """test/fixedbugs/issue19710.go: a deferred delete deletes from what was returned already."""

    @defers
    def f() -> dict[int, bool]:
        m: dict[int, bool] = {}
        for i in range(3):
            m[i] = True
            defer(m.pop, i)
        return m

    assert f() == {}


def test_issue40629() -> None:
    """test/fixedbugs/issue40629.go: while a panic runs the deferred calls, one of them starts a goroutine and
    waits for it, another recurses; the variables of the function are whole when the last one recovers."""

    def deep(n: int) -> int:
        return n if n == 0 else deep(n - 1)

    caught: list[Any] = []

    def main() -> None:
        x = [0x999] * 40

        @defer
        def _() -> None:
            caught.append(recover())
            assert x == [0x999] * 40

        @defer
        def _() -> None:
            done = Chan[bool]()

            @go
            def _() -> None:
                deep(300)
                done.send(True)

            done.recv()

        defer(deep, 300)
        x[40] = 0

    run(main)
    assert isinstance(caught[0], IndexError)


def test_issue43942() -> None:
    """test/fixedbugs/issue43942.go: panics that replace each other, deferred panics among them."""
    seen: list[Any] = []

    def note() -> None:
        seen.append(recover())

    @defers
    def first() -> None:
        note_here = recover()
        assert note_here is None

        @defer
        @defers
        def _() -> None:
            @defer
            @defers
            def _() -> None:
                @defer
                @defers
                def _() -> None:
                    defer(note)
                    defer(panic, 3)
                    panic(2)

                defer(note)
                panic(1)

    @defers
    def second() -> None:
        while True:

            @defer
            @defers
            def _() -> None:
                defer(panic, 5)

            break
        panic(4)

    def main() -> None:
        defer(note)
        first()
        second()

    run(main)
    assert seen == [1, 3, 5]


def test_issue48898() -> None:
    """test/fixedbugs/issue48898.go: after all that, a deferred call of a function in the panic's way runs."""
    seen: list[Any] = []

    @defers
    def first() -> None:
        @defer
        @defers
        def _() -> None:
            defer(recovers(seen))
            defer(panic, 3)
            panic(2)

        defer(recovers(seen))
        panic(1)

    @defers
    def second() -> None:
        defer(seen.append, 123)

        @defers
        def inner() -> None:
            defer(lambda: None)
            panic(4)

        inner()

    def main() -> None:
        defer(recovers(seen))
        first()
        second()

    run(main)
    assert seen == [1, 3, 123, 4]


def test_issue5963() -> None:
    """test/fixedbugs/issue5963.go: main ends by Goexit; its deferred call has another goroutine end the
    program."""

    def main() -> None:
        ch = Chan[int](1)
        defer(ch.send, 7)

        @go
        def _() -> None:
            raise SystemExit(ch.recv())

        runtime.goexit()

    with pytest.raises(SystemExit) as info:
        run(main)
    assert info.value.code == 7


def test_issue71675() -> None:
    """test/fixedbugs/issue71675.go: a loop whose own machinery panics runs the defers made in its body."""
    out: list[str] = []

    def once_then_panic() -> Iterator[int]:
        yield 0
        panic("yield stop")

    def next_of(i: int) -> int:
        return panic("next stop") if i == 0 else i + 1

    def recovered(who: str) -> None:
        out.append(f"{who}: {recover()}")

    @defers
    def f() -> None:
        defer(out.append, "F first")
        i = 0
        while i < 1:
            defer(recovered, "f")
            i = next_of(i)

    @defers
    def g() -> None:
        defer(out.append, "G first")
        for _ in once_then_panic():
            defer(recovered, "g")

    @defers
    def h() -> None:
        defer(out.append, "H first")
        for _ in range(1):
            defer(out.append, "H second")
        defer(out.append, "H third")
        for _ in once_then_panic():
            defer(recovered, "h")

    @defers
    def i() -> None:
        for _ in range(1):
            defer(recovered, "i")
        panic("i panic")

    for function in (f, g, h, i):
        function()
        out.append("returned")
    assert out == [
        *("f: next stop", "F first", "returned"),
        *("g: yield stop", "G first", "returned"),
        *("h: yield stop", "H third", "H second", "H first", "returned"),
        *("i: i panic", "returned"),
    ]


@pytest.mark.gochan
def test_issue8039() -> None:
    """test/fixedbugs/issue8039.go: a receive among a deferred call's arguments is done at the defer."""
    ch = Chan[int](1)
    ch.send(1)
    got: list[int] = []

    @defers
    def f() -> None:
        defer(got.append, ch.recv())
        assert len(ch) == 0
        assert got == []

    f()
    assert got == [1]


@pytest.mark.parametrize("issue", ["issue8047", "issue8047b"])
def test_deferred_call_that_fails(issue: str) -> None:
    """test/fixedbugs/issue8047.go, issue8047b.go: a deferred call that fails as it is made, with recursion or
    a panic before it: what it raises takes the panic's place, and is what is recovered."""
    nil: Any = None
    caught: list[Any] = []

    def deep(n: int) -> int:
        return n if n == 0 else deep(n - 1)

    @defers
    def f() -> None:
        defer(recovers(caught))

        @defer
        def _() -> None:
            nil()

        if issue == "issue8047":
            deep(300)
        else:
            panic(1)

    f()
    assert isinstance(caught[0], TypeError)
    context = caught[0].__context__
    assert context is None if issue == "issue8047" else context.value == 1


def test_issue8132() -> None:
    """test/fixedbugs/issue8132.go: a fault in the function that recovered one just like it."""
    nil: Any = None
    caught: list[Any] = []

    @defers
    def outer() -> None:
        defer(recovers(caught))

        @defers
        def inner(large: bytes) -> None:
            @defer
            def _() -> None:
                if recover() is not None:
                    nil.second()

            nil.first()

        inner(bytes(8192))

    outer()
    assert "second" in str(caught[0])


@pytest.mark.gochan(synctest=True)
def test_issue8158() -> None:
    """test/fixedbugs/issue8158.go: a goroutine recovers, and ends by Goexit in the function that did; another
    sleeps, and does the same."""
    done = Chan[object](1)

    def first() -> None:
        @defer
        def _() -> None:
            done.send(recover())
            runtime.goexit()

        panic("p")

    def second() -> None:
        @defer
        def _() -> None:
            done.send(recover())
            runtime.goexit()

        time.sleep(10 * time.MILLISECOND)
        gc.collect()
        panic("q")

    go(first)
    assert done.recv() == "p"
    time.sleep(10 * time.MILLISECOND)
    go(second)
    assert done.recv() == "q"
    synctest.wait()
    assert runtime.num_goroutine() == 2  # this one, and the one that the bubble began in
