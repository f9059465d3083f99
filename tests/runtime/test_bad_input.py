"""Bad input: a clear error that names what was given and what would do, at the call, and nothing lost.

What belongs to a package (a ticker's period, a wait group's counter, signals) is tested with the package;
defer's and the element types' own faults with defer and the types.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from math import nan
from typing import Any

import pytest

from gochan import (
    Chan,
    cap,
    close,
    default,
    defer,
    defers,
    errgroup,
    go,
    recv,
    run,
    select,
    send,
    sync,
    synctest,
    thread,
    time,
    timeout,
)
from gochan.runtime import gosched, num_goroutine


@pytest.fixture(params=["in a program", "outside"])
def refused(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """Check that a call is refused, with the error and the text given; a goroutine that waits is unharmed."""

    def check(call: Callable[[], object], error: type[Exception], *texts: str) -> None:
        def main() -> None:
            ch, got = Chan[int](), Chan[int](1)
            go(lambda: got.send(ch.recv()))
            gosched()
            before = num_goroutine()
            with pytest.raises(error) as info:
                call()
            assert type(info.value) is error
            for text in texts:
                assert text in str(info.value)
            assert num_goroutine() == before
            ch.send(1)
            assert got.recv() == 1

        if request.param == "outside":
            main()
        else:
            run(main)

    yield check


Refused = Callable[..., None]


@pytest.mark.parametrize("bad", ["3", 1.0, True, None, [1], 1j, timedelta(1)], ids=repr)
def test_a_non_int_capacity_is_refused(refused: Refused, bad: Any) -> None:
    refused(
        lambda: Chan(bad), TypeError, f"Chan({bad!r}): the capacity is an int", f", not {type(bad).__name__}"
    )
    refused(lambda: Chan[int](bad), TypeError, f"Chan({bad!r})", "the capacity is an int")


def test_a_negative_capacity(refused: Refused) -> None:
    refused(lambda: Chan(-1), ValueError, "Chan(-1)", "0 or more")
    refused(lambda: Chan[int](-(10**30)), ValueError, "0 or more")


def test_a_capacity_that_is_too_large(refused: Refused) -> None:
    assert Chan(sys.maxsize).cap == sys.maxsize
    refused(lambda: Chan(sys.maxsize + 1), ValueError, f"Chan({sys.maxsize + 1})", f"at most {sys.maxsize}")
    refused(lambda: Chan[int](10**30), ValueError, "at most")


def test_arguments_of_chan(refused: Refused) -> None:
    refused(lambda: Chan(1, 2), TypeError)  # type: ignore[call-arg]


@pytest.mark.parametrize("bad", [3, None, "f", [print], {}], ids=repr)
def test_go_refuses_a_non_function(refused: Refused, bad: Any) -> None:
    refused(lambda: go(bad), TypeError, f"go: {bad!r} is not callable", "go(f, x)")
    refused(lambda: go(bad, 1, x=2), TypeError, f"go: {bad!r} is not callable")


# Builtins that work in the namespace of their caller, unless they are given one.
NAMESPACE: list[tuple[Any, ...]] = [
    (exec, "a = 1"),
    (exec, "a = 1", None),
    (eval, "a"),
    (locals,),
    (globals,),
    (vars,),
    (dir,),
    (super,),
    (partial(exec, "a = 1"),),
    (partial(partial(vars)),),
]


@pytest.mark.parametrize("call", NAMESPACE, ids=repr)
def test_a_builtin_that_needs_its_callers_namespace_is_refused(
    refused: Refused, call: tuple[Any, ...]
) -> None:
    fn, *args = call
    for start, name in (
        (go, "go"),
        (sync.WaitGroup().go, "WaitGroup.go"),
        (errgroup.Group().go, "Group.go"),
        (errgroup.Group().try_go, "Group.try_go"),
        (thread.call, "thread.call"),
        (thread.submit, "thread.submit"),
        (synctest.test, "synctest.test"),
    ):
        refused(partial(start, fn, *args), TypeError, f"{name}: ", "in the namespace of its caller")
    if not args:
        refused(lambda: time.after_func(1, fn), TypeError, "time.after_func: ", "in the namespace")
    with pytest.raises(TypeError, match=r"^run: .* works in the namespace of its caller"):
        run(fn, *args)


def test_builtins_that_are_given_a_namespace() -> None:
    names: dict[str, int] = {}

    def main() -> None:
        go(exec, "a = 1", names)
        go(partial(exec, "b = 2"), names)
        go(partial(exec, "c = 3", names))
        if sys.version_info >= (3, 13):
            go(exec, "d = 4", globals=names)
        go(vars, main)
        go(dir, 1)
        gosched()

    run(main)
    assert {*names} - {"d"} == {"__builtins__", "a", "b", "c"}


def test_go_of_nothing(refused: Refused) -> None:
    refused(go, TypeError)  # type: ignore[call-arg]
    refused(lambda: go(fn=print), TypeError)  # type: ignore[call-arg]


@pytest.mark.parametrize("bad", [3, None, "main"], ids=repr)
def test_run_refuses_a_non_function(bad: Any) -> None:
    with pytest.raises(TypeError) as info:
        run(bad)
    assert str(info.value) == f"run: {bad!r} is not callable; give the main function: run(main)"
    assert run(lambda: 1) == 1


@pytest.mark.parametrize("bad", [3, "ch", [Chan(), Chan()], Chan, object()], ids=lambda x: type(x).__name__)
def test_a_non_channel_is_refused(refused: Refused, bad: Any) -> None:
    refused(lambda: recv(bad), TypeError, f"recv: {bad!r} is not a Chan", "or None")
    refused(lambda: send(bad, 1), TypeError, f"send: {bad!r} is not a Chan", "or None")
    refused(lambda: close(bad), TypeError, f"close: {bad!r} is not a Chan")
    refused(lambda: cap(bad), TypeError, f"cap: {bad!r} is not a Chan")


@pytest.mark.parametrize("bad", [3, None, "recv", recv, print], ids=repr)
def test_a_non_case_is_refused(refused: Refused, bad: Any) -> None:
    ch = Chan[int](1)
    ch << 7
    refused(lambda: select(bad), TypeError, f"select: case 0 is {bad!r}", "recv(ch), send(ch, v), timeout(")
    # Nothing was received before it was seen.
    refused(lambda: select(recv(ch), bad, default), TypeError, f"select: case 1 is {bad!r}")
    assert len(ch) == 1


def test_a_channel_given_as_a_case(refused: Refused) -> None:
    ch = Chan[int](1)
    ch << 7
    refused(lambda: select(ch), TypeError, f"select: case 0 is {ch!r}")  # type: ignore[call-overload]
    cases = [recv(ch)]
    refused(lambda: select(cases), TypeError, "select: case 0 is [recv(")  # type: ignore[call-overload]
    assert select(*cases, default) == (0, 7, True)


def test_two_defaults(refused: Refused) -> None:
    ch = Chan[int](1)
    ch << 7
    refused(lambda: select(default, recv(ch), default), ValueError, "cases 0 and 2 are both default")
    assert len(ch) == 1


@pytest.mark.parametrize("bad", ["1s", None, [], True, b""], ids=repr)
def test_a_timeout_of_a_non_duration(refused: Refused, bad: Any) -> None:
    refused(lambda: timeout(bad), TypeError, f"timeout: {bad!r} is not a duration", "seconds as a number")


def test_a_timeout_of_nan_fires_at_once() -> None:
    """As in Go, where a negative duration waits no time at all; a NaN counts as one."""
    assert select(timeout(nan)) == (0, None, True)
    assert select(timeout(-1)) == (0, None, True)


@pytest.mark.parametrize("value", ["1", 1.5, None, [1]], ids=repr)
def test_a_value_of_the_wrong_type(refused: Refused, value: Any) -> None:
    message = f"Chan[int].send: got {value!r} ({type(value).__name__}), want int"
    for capacity in (0, 1):
        ch = Chan[int](capacity)
        refused(lambda ch=ch: ch.send(value), TypeError, message)
        refused(lambda ch=ch: ch << value, TypeError, message)
        refused(lambda ch=ch: send(ch, value), TypeError, message)
        assert len(ch) == 0
        # No sender was left waiting.
        assert select(recv(ch), default)[0] == 1


def test_a_value_of_the_wrong_type_for_a_receiver_that_waits() -> None:
    ch, got = Chan[int](), Chan[int](1)
    go(lambda: got.send(ch.recv()))
    gosched()
    with pytest.raises(TypeError):
        ch.send("1")  # type: ignore[arg-type]
    gosched()
    assert len(got) == 0
    ch.send(2)
    assert got.recv() == 2


def test_a_value_whose_repr_fails() -> None:
    class Odd:
        def __repr__(self) -> str:
            raise ZeroDivisionError

    ch = Chan[int](1)
    with pytest.raises(ZeroDivisionError):
        ch.send(Odd())  # type: ignore[arg-type]
    assert len(ch) == 0


def test_a_shift_the_wrong_way() -> None:
    """Receive is a method, as Python has no prefix arrow."""
    ch = Chan[int](1)
    with pytest.raises(TypeError):
        ch >> 1  # type: ignore[operator]
    with pytest.raises(TypeError, match=r"^1 << ch: the channel stands first; to send, write ch << 1$"):
        1 << ch
    with pytest.raises(TypeError):
        ch << 1 << 2  # type: ignore[operator]
    assert ch.recv() == 1


def test_attributes_that_are_not_there() -> None:
    ch = Chan[int](1)
    for name in ("put", "get", "qsize"):
        with pytest.raises(AttributeError):
            getattr(ch, name)
    with pytest.raises(AttributeError):
        ch.cap = 3  # type: ignore[misc]


def wait_for_group(fn: Any) -> None:
    wg = sync.WaitGroup()
    wg.go(fn)
    wg.wait()


def wait_for_errgroup(fn: Any) -> None:
    group = errgroup.Group()
    group.go(fn)
    group.wait()


async def coroutine() -> None:
    pass


def numbers() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("run", run),
        ("go", lambda fn: run(lambda: [go(fn), Chan().recv()])),
        ("WaitGroup.go", lambda fn: run(wait_for_group, fn)),
        ("Group.go", lambda fn: run(wait_for_errgroup, fn)),
        ("Once.do", lambda fn: run(sync.Once().do, fn)),
        ("synctest.test", lambda fn: run(synctest.test, fn)),
    ],
    ids=str,
)
@pytest.mark.parametrize("fn", [coroutine, numbers])
def test_a_coroutine_or_generator_function(name: str, call: Callable[[Any], object], fn: Any) -> None:
    """Calling it runs nothing of it, so it would be lost without a word."""
    with pytest.raises(TypeError) as info:
        call(fn)
    kind = "generator" if fn is numbers else "coroutine"
    assert str(info.value).startswith(f"{name}: {fn.__name__} is a {kind} function, want a plain function")


class Proxy:
    """Stands for an object that is not there, as a LocalProxy outside of its context does."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(f"{name} is looked up")

    def __bool__(self) -> bool:
        raise AssertionError("its truth is asked for")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("it is compared")

    __hash__ = None  # type: ignore[assignment]


def test_a_result_that_raises_when_it_is_looked_at() -> None:
    proxy = Proxy()
    assert run(lambda: proxy) is proxy
    assert run(synctest.test, lambda: proxy) is proxy
    assert run(thread.call, lambda: proxy) is proxy
    run(lambda: [go(lambda: proxy), gosched()])
    run(wait_for_group, lambda: proxy)
    run(wait_for_errgroup, lambda: proxy)
    run(sync.Once().do, lambda: proxy)


def test_fn_is_a_keyword_argument_of_the_function() -> None:
    """The parameter fn is positional only."""
    got: list[object] = []

    def take(x: int, *, fn: str) -> None:
        got.append((x, fn))

    @defers
    def deferring() -> None:
        defer(take, 4, fn="defer")

    def main() -> None:
        go(take, 1, fn="go")
        gosched()
        wg = sync.WaitGroup()
        wg.go(take, 2, fn="WaitGroup.go")
        wg.wait()
        take(3, fn="main")
        deferring()

    run(main)
    run(take, 5, fn="run")
    assert got == [(1, "go"), (2, "WaitGroup.go"), (3, "main"), (4, "defer"), (5, "run")]
