"""panic, defer and recover; where a comment names Go, its program was run and did the same."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import pytest

from gochan import Chan, Deadlock, Panic, defer, defers, go, panic, recover, run, select
from gochan.runtime import goexit, gosched, num_goroutine


def in_main(f: Callable[[], object]) -> object:
    return run(f)


def in_goroutine(f: Callable[[], object]) -> object:
    """Run f as a goroutine's entry; what it raises ends the program as ever."""

    def main() -> None:
        go(f)
        for _ in range(10):
            gosched()
        if num_goroutine() > 1:
            # It waits, and so do we.
            select()

    return run(main)


def under_defers(f: Callable[[], object]) -> object:
    return defers(f)()


def under_defers_in_a_program(f: Callable[[], object]) -> object:
    return run(defers(f))


EVERYWHERE = pytest.mark.parametrize(
    "start", [in_main, in_goroutine, under_defers, under_defers_in_a_program]
)
Start = Callable[[Callable[[], object]], object]


@dataclass(frozen=True)
class Frozen(Exception):
    """An exception whose attributes cannot be set by an assignment."""

    code: int


# --- panic ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["text", 5, ("a", 1), "", 0])
def test_panic_carries_its_value(value: object) -> None:
    with pytest.raises(Panic) as info:
        panic(value)
    assert info.value.value == value
    assert str(info.value) == str(value)
    assert isinstance(info.value, RuntimeError)
    assert type(info.value).__module__ == "gochan"


def test_panic_of_an_exception_raises_it() -> None:
    e = KeyError("k")
    with pytest.raises(KeyError) as info:
        panic(e)
    assert info.value is e


def test_panic_of_none_is_a_fault() -> None:
    with pytest.raises(Panic, match=r"^panic called with nil argument"):
        panic(None)


# --- defer ------------------------------------------------------------------------------------------------


@EVERYWHERE
def test_deferred_calls_run_last_in_first_out(start: Start) -> None:
    log: list[object] = []

    def f() -> None:
        for i in range(3):
            defer(log.append, i)
        log.append("body")

    start(f)
    assert log == ["body", 2, 1, 0]


@EVERYWHERE
def test_deferred_calls_run_on_an_exception(start: Start) -> None:
    log: list[object] = []

    def f() -> None:
        defer(log.append, 1)
        defer(log.append, 2)
        raise ValueError("no luck")

    with pytest.raises(ValueError, match="no luck"):
        start(f)
    assert log == [2, 1]


@EVERYWHERE
def test_arguments_are_evaluated_at_once(start: Start) -> None:
    log: list[object] = []

    def note(*args: object, **kwargs: object) -> None:
        log.append((args, kwargs))

    def f() -> None:
        x = 1
        defer(note, x, fn=x)
        defer(functools.partial(note, x), key=x)
        x = 2
        log.append(x)

    start(f)
    assert log == [2, ((1,), {"key": 1}), ((1,), {"fn": 1})]


def test_defer_as_a_decorator() -> None:
    log: list[str] = []

    def main() -> None:
        @defer
        def at_end() -> None:
            log.append("deferred")

        assert at_end is None
        log.append("body")

    run(main)
    assert log == ["body", "deferred"]


def test_deferred_calls_see_the_result_of_nothing_and_change_none() -> None:
    def main() -> int:
        defer(lambda: 7)
        return 5

    assert run(main) == 5


def test_a_deferred_call_may_wait() -> None:
    log: list[str] = []

    def main() -> None:
        ch, done = Chan[str](), Chan[None]()

        @go
        def _() -> None:
            defer(done.send, None)
            defer(lambda: log.append(ch.recv()))

        ch.send("hello")
        done.recv()

    run(main)
    assert log == ["hello"]


def test_deferred_calls_of_a_function_run_before_its_caller_goes_on() -> None:
    log: list[str] = []

    @defers
    def inner(name: str) -> int:
        defer(log.append, f"{name} deferred")
        log.append(name)
        return len(name)

    def main() -> None:
        defer(log.append, "main deferred")
        log.append(str(inner("inner")))
        log.append("main")

    run(main)
    assert log == ["inner", "inner deferred", "5", "main", "main deferred"]


def test_defers_on_a_recursive_function() -> None:
    log: list[int] = []

    @defers
    def down(n: int) -> None:
        defer(log.append, n)
        if n:
            down(n - 1)

    run(lambda: down(3))
    down(1)
    assert log == [0, 1, 2, 3, 0, 1]


def test_defers_on_a_method() -> None:
    class Visitor:
        def __init__(self) -> None:
            self.log: list[str] = []

        @defers
        def visit(self, name: str, *, times: int = 1) -> str:
            """Say the name."""
            defer(self.log.append, f"bye {name}")
            self.log.extend([name] * times)
            return name

    visitor = Visitor()
    assert visitor.visit("gopher", times=2) == "gopher"
    assert visitor.log == ["gopher", "gopher", "bye gopher"]
    assert Visitor.visit.__name__ == "visit"
    assert Visitor.visit.__doc__ == "Say the name."


def test_defers_as_a_goroutines_entry() -> None:
    log: list[str] = []

    @defers
    def worker() -> None:
        defer(log.append, "deferred")
        log.append("body")

    def main() -> None:
        go(worker)
        gosched()
        log.append("main")

    run(main)
    run(worker)
    assert log == ["body", "deferred", "main", "body", "deferred"]


def test_goroutines_one_after_another() -> None:
    """Whatever they are made of is used again, but for what they deferred."""
    log: list[object] = []

    def main() -> None:
        def worker(i: int) -> None:
            defer(log.append, i)
            defer(lambda: log.append(recover()))
            if i % 2:
                panic(-i)

        for i in range(4):
            go(worker, i)
            gosched()
            gosched()

    run(main)
    assert log == [None, 0, -1, 1, None, 2, -3, 3]


def test_goroutines_interleave_their_scopes() -> None:
    """Functions under @defers wait in many goroutines at once, and each keeps its own deferred calls."""

    def main() -> list[int]:
        done = Chan[int](100)

        @defers
        def step(i: int, n: int) -> None:
            defer(done.send, i)
            gosched()
            if n:
                step(i, n - 1)
            gosched()

        for i in range(5):
            go(step, i, 3)
        return [done.recv() for _ in range(20)]

    assert sorted(run(main)) == sorted(list(range(5)) * 4)


def test_a_run_under_defers() -> None:
    """Main's deferred calls and those of the function that calls run are apart."""
    log: list[str] = []

    def main() -> None:
        defer(log.append, "main deferred")
        log.append("main")

    @defers
    def outer() -> None:
        defer(log.append, "outer deferred")
        run(main)
        defer(log.append, "outer deferred, too")
        log.append("outer")
        panicking()

    @defers
    def panicking() -> None:
        defer(lambda: log.append(str(recover())))
        with pytest.raises(ValueError, match="three"):
            run(lambda: int("three"))
        panic("recovered")

    outer()
    assert log == ["main", "main deferred", "outer", "recovered", "outer deferred, too", "outer deferred"]


# --- misuse -----------------------------------------------------------------------------------------------


def test_defer_in_a_function_that_may_not() -> None:
    log: list[str] = []

    def helper() -> None:
        defer(log.append, "never")

    @defers
    def misplaced() -> None:
        defer(log.append, "of a function")
        with pytest.raises(RuntimeError, match=message):
            helper()

    message = r"^defer: .*helper is neither started by go or run nor decorated with @defers; put @defers"

    def main() -> None:
        with pytest.raises(RuntimeError, match=message):
            helper()
        defer(log.append, "once")
        with pytest.raises(RuntimeError, match=message):
            helper()
        misplaced()

    run(main)
    in_goroutine(main)
    assert log == ["of a function", "once"] * 2
    with pytest.raises(RuntimeError, match=message):
        helper()
    gosched()  # now there is a main goroutine, but no run: still none that may
    with pytest.raises(RuntimeError, match=message):
        helper()


def test_defer_in_a_deferred_call_that_may_not() -> None:
    def deferred() -> None:
        defer(print, "never")

    def main() -> None:
        defer(deferred)

    for start in (in_main, in_goroutine, under_defers):
        with pytest.raises(RuntimeError, match=r"^defer: .*deferred is neither"):
            start(main)


def test_a_deferred_call_under_defers_may() -> None:
    log: list[str] = []

    @defers
    def deferred() -> None:
        defer(log.append, "inner")
        log.append("deferred")

    def main() -> None:
        defer(log.append, "first deferred")
        defer(deferred)

    for start in (in_main, in_goroutine, under_defers):
        start(main)
    assert log == ["deferred", "inner", "first deferred"] * 3


def test_defer_deferred() -> None:
    """C calls it, and no function is there to defer in."""
    with pytest.raises(RuntimeError, match=r"^defer: .* is neither"):
        in_goroutine(lambda: defer(defer, print, "never"))


@pytest.mark.parametrize("bad", [None, 3, "print", ()])
def test_what_cannot_be_deferred(bad: object) -> None:
    def main() -> str:
        with pytest.raises(TypeError, match=r"^defer: .* is not callable; give the function and its"):
            defer(bad)
        return "unharmed"

    assert run(main) == "unharmed"


def generator() -> Iterator[int]:
    yield 1


async def coroutine() -> None: ...


async def async_generator() -> object:
    yield 1


@pytest.mark.parametrize("bad", [generator, coroutine, async_generator])
def test_defers_on_what_does_not_run_when_called(bad: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=rf"^defers: {bad.__name__} is a coroutine or generator function"):
        defers(bad)


def test_defers_refuses_a_non_function() -> None:
    with pytest.raises(TypeError, match=r"^defers: 3 is not callable; put @defers above a def"):
        defers(3)  # type: ignore[arg-type]


def test_defers_on_a_callable_object() -> None:
    log: list[int] = []
    defers(functools.partial(log.append, 1))()
    assert log == [1]


def test_a_deferred_call_whose_arguments_do_not_fit() -> None:
    log: list[str] = []

    def main() -> None:
        defer(log.append, "the others run all the same")
        defer(lambda x: None)

    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        run(main)
    assert log == ["the others run all the same"]


# --- recover ----------------------------------------------------------------------------------------------


def raiser(e: BaseException) -> Callable[[], None]:
    def deferred() -> None:
        raise e

    return deferred


@EVERYWHERE
def test_recover_stops_a_panic(start: Start) -> None:
    log: list[object] = []

    def f() -> int:
        defer(lambda: log.append(("later", recover())))
        defer(lambda: log.append((recover(), recover())))
        panic("P")

    assert start(f) is None
    # Go: the second finds nothing, nor do the calls that were deferred earlier.
    assert log == [("P", None), ("later", None)]


@EVERYWHERE
def test_recover_gives_the_exception_of_a_raise(start: Start) -> None:
    log: list[object] = []
    e = ValueError("no luck")

    def f() -> None:
        defer(lambda: log.append(recover()))
        raise e

    start(f)
    assert log == [e]


def test_recover_gives_the_text_of_a_fault() -> None:
    log: list[object] = []

    def main() -> None:
        defer(lambda: log.append(recover()))
        ch = Chan[int]()
        ch.close()
        ch.send(1)

    run(main)
    assert log == ["send on closed channel"]


@EVERYWHERE
def test_recover_without_a_panic(start: Start) -> None:
    log: list[object] = []

    def f() -> int:
        log.append(recover())
        defer(lambda: log.append(recover()))
        return 5

    result = start(f)
    assert log == [None, None]
    if start is not in_goroutine:
        assert result == 5


def test_recover_outside_any_program() -> None:
    assert recover() is None
    gosched()
    assert recover() is None


@EVERYWHERE
def test_only_the_deferred_call_itself_recovers(start: Start) -> None:
    log: list[object] = []

    def helper() -> object:
        return recover()

    def f() -> None:
        defer(lambda: log.append(helper()))
        panic("P")

    with pytest.raises(Panic, match=r"^P"):
        start(f)
    assert log == [None]


@EVERYWHERE
def test_a_deferred_recover_does_not_recover(start: Start) -> None:
    def f() -> None:
        defer(recover)
        panic("P")

    with pytest.raises(Panic, match=r"^P"):
        start(f)


@EVERYWHERE
def test_a_deferred_call_under_defers_recovers(start: Start) -> None:
    log: list[object] = []

    @defers
    def deferred() -> None:
        defer(log.append, "its own")
        log.append(recover())

    def f() -> None:
        defer(deferred)
        panic("P")

    start(f)
    assert log == ["P", "its own"]


@EVERYWHERE
def test_deferred_calls_of_a_deferred_call_do_not_recover_its_panic(start: Start) -> None:
    """In Go, e is run by the return of the deferred call, and not by the panic."""
    log: list[object] = []

    @defers
    def deferred() -> None:
        defer(lambda: log.append(recover()))

    def f() -> None:
        defer(deferred)
        panic("P")

    with pytest.raises(Panic, match=r"^P"):
        start(f)
    assert log == [None]


@EVERYWHERE
def test_a_panic_in_a_deferred_call_recovered_there(start: Start) -> None:
    """The panic that ran the deferred call goes on; a second recover finds nothing."""
    log: list[object] = []

    @defers
    def deferred() -> None:
        defer(lambda: log.append((recover(), recover())))
        panic("Q")

    def f() -> None:
        defer(deferred)
        panic("P")

    with pytest.raises(Panic, match=r"^P"):
        start(f)
    assert log == [("Q", None)]


@EVERYWHERE
def test_a_function_called_by_a_deferred_call_has_panics_of_its_own(start: Start) -> None:
    log: list[object] = []

    @defers
    def inner() -> None:
        defer(lambda: log.append(("inner", recover())))
        panic("Q")

    def deferred() -> None:
        inner()
        log.append(("deferred", recover()))

    def f() -> None:
        defer(deferred)
        panic("P")

    start(f)
    assert log == [("inner", "Q"), ("deferred", "P")]


@EVERYWHERE
def test_a_recovered_function_panics_again(start: Start) -> None:
    log: list[object] = []

    def again() -> None:
        log.append(recover())
        panic("R")

    def f() -> None:
        defer(lambda: log.append(recover()))
        defer(again)
        panic("P")

    start(f)
    assert log == ["P", "R"]


@EVERYWHERE
def test_a_raise_in_a_deferred_call_replaces_the_panic(start: Start) -> None:
    p, q = ValueError("P"), KeyError("Q")

    def f() -> None:
        defer(raiser(q))
        raise p

    with pytest.raises(KeyError) as info:
        start(f)
    assert info.value is q
    assert q.__context__ is p


def test_a_raise_in_a_deferred_call_without_a_panic() -> None:
    log: list[object] = []

    def main() -> None:
        defer(lambda: log.append(recover()))
        defer(raiser(ValueError("Q")))

    run(main)
    assert [str(e) for e in log] == ["Q"]


def test_contexts_of_replaced_panics() -> None:
    """A chain of replacements can be read from the last one back, whatever each had for a context itself."""

    def during() -> None:
        try:
            raise KeyError("first")
        except KeyError:
            raise ValueError("second") from None

    def main() -> None:
        defer(raiser(OSError("last")))
        defer(during)
        raise IndexError("origin")

    with pytest.raises(OSError, match="last") as info:
        run(main)
    chain: list[str] = []
    e: BaseException | None = info.value
    while e is not None:
        chain.append(str(e))
        e = e.__context__
    assert chain == ["last", "second", "'first'", "origin"]


def test_the_same_exceptions_raised_over_and_over() -> None:
    """No chain of contexts comes back to itself, or the next one would look for its end forever."""
    a, b, c = ValueError("a"), ValueError("b"), ValueError("c")

    def during_a() -> None:
        try:
            raise a
        except ValueError:
            raise b from None

    def main() -> None:
        for e in (a, c, b, b, a, c, a):
            defer(raiser(e))
            defer(during_a)
        raise a

    with pytest.raises(ValueError, match="a"):
        run(main)
    for e in (a, b, c):
        seen: list[BaseException] = []
        context: BaseException | None = e
        while context is not None:
            assert context not in seen
            seen.append(context)
            context = context.__context__
        assert len(seen) <= 3


def test_a_reraise_of_the_same_exception() -> None:
    log: list[object] = []
    p = ValueError("P")

    def main() -> None:
        defer(raiser(p))
        raise p

    with pytest.raises(ValueError, match="P") as info:
        run(main)
    assert info.value is p
    assert p.__context__ is None

    def again() -> None:
        log.append(recover())
        raise p

    def second() -> None:
        defer(again)
        raise p

    with pytest.raises(ValueError, match="P") as info:
        run(second)
    assert log == [p]


@pytest.mark.parametrize("e", [KeyboardInterrupt(), SystemExit(1), Deadlock("asleep")])
def test_what_cannot_be_recovered(e: BaseException) -> None:
    log: list[object] = []

    def main() -> None:
        defer(lambda: log.append(recover()))
        raise e

    with pytest.raises(type(e)) as info:
        run(main)
    assert info.value is e
    # A deadlock is a fatal error: no deferred call runs at all.
    assert log == ([] if isinstance(e, Deadlock) else [None])


@EVERYWHERE
def test_a_deadlock_runs_no_deferred_calls(start: Start) -> None:
    log: list[str] = []

    def f() -> None:
        defer(log.append, "never")
        Chan[int]().recv()

    with pytest.raises(Deadlock):
        start(f)
    assert log == []


def test_recover_in_a_goroutine_saves_the_program() -> None:
    def main() -> list[object]:
        results = Chan[object](3)

        def worker(i: int) -> None:
            @defer
            def _() -> None:
                if (value := recover()) is not None:
                    results.send(value)

            results.send(6 // i)

        for i in (1, 0, 2):
            go(worker, i)
        return [results.recv() for _ in range(3)]

    got = run(main)
    assert [x for x in got if isinstance(x, int)] in ([6, 3], [3, 6])
    assert [type(x) for x in got if not isinstance(x, int)] == [ZeroDivisionError]


# --- Goexit -----------------------------------------------------------------------------------------------


def test_goexit_runs_deferred_calls_and_is_not_recovered() -> None:
    log: list[object] = []

    def main() -> None:
        done = Chan[None]()

        @defers
        def deep() -> None:
            defer(log.append, "deep")
            try:
                goexit()
            except Exception:
                log.append("never")
            finally:
                log.append("finally")

        @go
        def _() -> None:
            defer(done.close)
            defer(lambda: log.append(recover()))
            deep()
            log.append("never")

        done.recv()
        log.append("main")

    run(main)
    assert log == ["finally", "deep", None, "main"]


def test_goexit_in_a_deferred_call_ends_a_panic() -> None:
    """Go: the panic is gone, recover finds nothing, and the goroutine ends without a word."""
    log: list[object] = []

    def main() -> None:
        done = Chan[None]()

        @go
        def _() -> None:
            defer(done.close)
            defer(lambda: log.append(recover()))
            defer(goexit)
            panic("P")

        done.recv()

    run(main)
    assert log == [None]


def test_a_panic_on_top_of_goexit_is_recovered_and_goexit_goes_on() -> None:
    log: list[object] = []

    def main() -> None:
        done = Chan[None]()

        @defers
        def deep() -> None:
            defer(lambda: log.append(recover()))
            defer(panic, "Q")
            goexit()

        @go
        def _() -> None:
            defer(done.close)
            deep()
            log.append("never")

        done.recv()

    run(main)
    assert log == ["Q"]


def test_a_panic_on_top_of_goexit_ends_the_program() -> None:
    def main() -> None:
        @go
        def _() -> None:
            defer(panic, "Q")
            goexit()

        gosched()

    with pytest.raises(Panic, match=r"^Q"):
        run(main)


def test_goexit_outside_a_goroutine() -> None:
    with pytest.raises(RuntimeError, match=r"^goexit: no goroutine to end"):
        goexit()
    gosched()
    with pytest.raises(RuntimeError, match=r"^goexit: no goroutine to end"):
        goexit()
    # The main goroutine of a run has one.
    with pytest.raises(Deadlock, match=r"main called runtime.Goexit"):
        run(goexit)


# --- exceptions that refuse assignments ---------------------------------------------------------------------


@EVERYWHERE
def test_a_frozen_exception_ends_the_program_as_itself(start: Start) -> None:
    def fail() -> None:
        raise Frozen(7)

    with pytest.raises(Frozen) as caught:
        start(fail)
    assert caught.value.code == 7


class Odd(Exception):
    """An exception that no code can test for truth, and whose traceback only BaseException sets."""

    def __bool__(self) -> bool:
        raise KeyError

    def with_traceback(self, tb: object) -> Self:
        raise KeyError


@EVERYWHERE
def test_an_odd_exception_ends_the_program_as_itself(start: Start) -> None:
    odd = Odd()

    def fail() -> None:
        raise odd

    with pytest.raises(Odd) as caught:
        start(fail)
    assert caught.value is odd


@EVERYWHERE
@pytest.mark.parametrize("kinds", [(Frozen, ValueError), (ValueError, Frozen), (Frozen, Frozen)])
def test_a_frozen_exception_in_a_chain(start: Start, kinds: tuple[type[Exception], type[Exception]]) -> None:
    def again() -> None:
        raise kinds[1](2)

    def fail() -> None:
        defer(again)
        raise kinds[0](1)

    with pytest.raises(kinds[1]) as caught:
        start(fail)
    assert caught.value.args == (2,) and repr(caught.value.__context__) == repr(kinds[0](1))
