"""singleflight.  Where a test follows one of Go's, its docstring names it (singleflight_test.go)."""

import contextlib
import gc
import re
import traceback
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from goroutines import line_of, rescue

from gochan import (
    Chan,
    Deadlock,
    Panic,
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
    singleflight,
    sync,
    synctest,
    time,
)


class DoomError(Exception):
    """What a call fails with."""


def fail(error: BaseException) -> Any:
    raise error


# --- Go's tests ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["a string", ValueError("an error")])
@pytest.mark.gochan
def test_panic_error_unwrap(value: object) -> None:
    """TestPanicErrorUnwrap: what fn panics with is recovered around do; a wrapper, Go's panicError, it needs
    none: the traceback goes with the exception."""
    recovered: list[object] = []

    @defers
    def call() -> None:
        defer(lambda: recovered.append(recover()))
        singleflight.Group().do("key", lambda: panic(value))

    call()
    assert recovered == [value]


@pytest.mark.gochan
def test_do() -> None:
    """TestDo."""
    assert singleflight.Group().do("key", lambda: "bar") == ("bar", False)


@pytest.mark.gochan
def test_do_err() -> None:
    """TestDoErr: the very exception that fn raised; the next call is a new one."""
    group = singleflight.Group()
    error = ValueError()
    with pytest.raises(ValueError) as caught:
        group.do("key", lambda: fail(error))
    assert caught.value is error
    assert group.do("key", lambda: 1) == (1, False)


@pytest.mark.gochan(synctest=True)
def test_do_dup_suppress() -> None:
    """TestDoDupSuppress: all callers that come while fn runs share its result."""
    group = singleflight.Group()
    gate = Chan[str]()
    calls = 0

    def fn() -> str:
        nonlocal calls
        calls += 1
        return gate.recv()

    got: list[tuple[str, bool]] = []
    wg = sync.WaitGroup()
    for _ in range(10):
        wg.go(lambda: got.append(group.do("key", fn)))
    synctest.wait()
    assert calls == 1
    gate.send("bar")
    wg.wait()
    assert got == [("bar", True)] * 10
    assert calls == 1


@pytest.mark.gochan
def test_forget() -> None:
    """TestForget: a forgotten call goes on for the waiters for it, and does not end the one after it."""
    group = singleflight.Group()
    first, second = Chan[int](), Chan[int]()
    outcome = Chan[tuple[int, bool]](1)
    go(lambda: outcome.send(group.do("key", first.recv)))
    runtime.gosched()

    group.forget("key")
    second_result = group.do_chan("key", second.recv)
    first.send(1)
    assert outcome.recv() == (1, False)
    third_result = group.do_chan("key", lambda: 3)
    second.send(2)
    assert second_result.recv() == third_result.recv() == (2, None, True)


@pytest.mark.gochan
def test_do_chan() -> None:
    """TestDoChan: the channel gets one result, and is not closed."""
    results = singleflight.Group().do_chan("key", lambda: "bar")
    result = results.recv()
    assert (result.val, result.err, result.shared) == ("bar", None, False)
    assert select(recv(results), default)[0] == 1


@pytest.mark.gochan
def test_panic_do() -> None:
    """TestPanicDo: a panic reaches every caller, and each can recover it."""
    group = singleflight.Group()
    gate = Chan[None]()
    recovered: list[object] = []

    def fn() -> None:
        gate.recv()
        panic("boom")

    def call() -> None:
        defer(lambda: recovered.append(recover()))
        group.do("key", fn)

    wg = sync.WaitGroup()
    for _ in range(5):
        wg.go(call)
    runtime.gosched()
    close(gate)
    wg.wait()
    assert recovered == ["boom"] * 5


@pytest.mark.gochan
def test_goexit_do() -> None:
    """TestGoexitDo: it ends every caller's goroutine, with its deferred calls."""
    group = singleflight.Group()
    gate = Chan[None]()
    ended: list[object] = []

    def fn() -> None:
        gate.recv()
        runtime.goexit()

    def call() -> None:
        defer(lambda: ended.append(recover()))
        group.do("key", fn)
        ended.append("returned")

    wg = sync.WaitGroup()
    for _ in range(5):
        wg.go(call)
    runtime.gosched()
    close(gate)
    wg.wait()
    assert ended == [None] * 5
    assert group.do("key", lambda: 1) == (1, False)


def test_panic_do_chan() -> None:
    """TestPanicDoChan: a panic that only a channel waits for ends the program."""

    def main() -> None:
        defer(rescue)
        singleflight.Group().do_chan("", lambda: panic("boom")).recv()  # the line in question
        pytest.fail("do_chan gave a result")

    with pytest.raises(Panic, match="boom") as caught:
        run(main)
    (note,) = caught.value.__notes__
    assert f'File "{__file__}", line {line_of(__file__, "# the line in question")}, in ' in note


def test_panic_do_shared_by_do_chan() -> None:
    """TestPanicDoSharedByDoChan: also where the caller that ran fn would recover it."""
    gate = Chan[None]()
    group = singleflight.Group()

    def fn() -> None:
        gate.recv()
        panic("boom")

    def call() -> None:
        defer(rescue)
        group.do("", fn)  # the other line in question

    def main() -> None:
        go(call)
        runtime.gosched()
        results = group.do_chan("", lambda: pytest.fail("the second fn was called"))
        close(gate)
        results.recv()
        pytest.fail("do_chan gave a result")

    with pytest.raises(Panic, match="boom") as caught:
        run(main)
    (note,) = caught.value.__notes__
    assert f'File "{__file__}", line {line_of(__file__, "# the other line in question")}, in ' in note
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[-1] == "fn"


# --- errors ----------------------------------------------------------------------------------------------


class Crowd:
    """Callers that share one call of fn, by do and by do_chan."""

    def __init__(self, fn: Callable[[], Any], first: str, others: list[str]) -> None:
        self.group = singleflight.Group()
        self.gate = Chan[None]()
        self.fn = fn
        self.outcomes: list[Any] = []
        self.wg = sync.WaitGroup()
        for kind in [first, *others]:
            self.wg.go(getattr(self, kind))
            runtime.gosched()
        close(self.gate)

    def run(self) -> Any:
        self.gate.recv()
        return self.fn()

    def do(self) -> None:
        try:
            self.outcomes.append(self.group.do("key", self.run))
        except Exception as error:
            self.outcomes.append(error)

    def do_chan(self) -> None:
        self.outcomes.append(self.group.do_chan("key", self.run).recv())


@pytest.mark.parametrize("first", ["do", "do_chan"])
@pytest.mark.gochan
def test_an_error_reaches_every_caller(first: str) -> None:
    error = ValueError()
    crowd = Crowd(lambda: fail(error), first, ["do", "do_chan"] * 2)
    crowd.wg.wait()
    raised = [outcome for outcome in crowd.outcomes if outcome is error]
    results = [outcome for outcome in crowd.outcomes if outcome == (None, error, True)]
    assert sorted([len(raised), len(results)]) == [2, 3]


@pytest.mark.parametrize("first", ["do", "do_chan"])
@pytest.mark.gochan
def test_a_value_reaches_every_caller(first: str) -> None:
    crowd = Crowd(lambda: 7, first, ["do", "do_chan"] * 2)
    crowd.wg.wait()
    got = [crowd.outcomes.count((7, True)), crowd.outcomes.count((7, None, True))]
    assert sorted(got) == [2, 3]


@pytest.mark.gochan
def test_goexit_gives_channels_nothing() -> None:
    """As in Go: a waiter for one waits forever."""
    group = singleflight.Group()
    results = group.do_chan("key", runtime.goexit)
    runtime.gosched()
    assert select(recv(results), default)[0] == 1
    assert group.do("key", lambda: 1) == (1, False)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_a_base_exception_ends_the_program_for_channels(kind: type[BaseException]) -> None:
    def main() -> None:
        singleflight.Group().do_chan("key", lambda: fail(kind())).recv()

    with pytest.raises(kind):
        run(main)


def test_a_panic_for_a_channel_comes_before_the_other_callers() -> None:
    """They are made ready, but the program has ended before they run."""
    group = singleflight.Group()
    gate = Chan[None]()

    def fn() -> None:
        gate.recv()
        panic("boom")

    def call() -> None:
        with pytest.raises(Panic):
            group.do("key", fn)
        seen.append("caught")

    def main(first: str) -> None:
        if first == "do":
            go(call)
            runtime.gosched()
        group.do_chan("key", fn)
        go(call)
        runtime.gosched()
        close(gate)
        runtime.gosched()
        seen.append("main goes on")

    for first in "do", "do_chan":
        gate = Chan[None]()
        seen: list[str] = []
        with pytest.raises(Panic, match="boom"):
            run(main, first)
        assert seen == []


@pytest.mark.gochan
def test_traceback_shows_the_failure_and_the_caller() -> None:
    """Only the user's lines and one of do's, for the first caller and the others alike."""
    group = singleflight.Group()
    gate = Chan[None]()
    names: list[list[str]] = []

    def doomed() -> None:
        gate.recv()
        raise ValueError

    def call() -> None:
        try:
            group.do("key", doomed)
        except ValueError as error:
            names.append([frame.name for frame in traceback.extract_tb(error.__traceback__)])

    wg = sync.WaitGroup()
    for _ in range(3):
        wg.go(call)
    runtime.gosched()
    close(gate)
    wg.wait()
    assert names == [["call", "do", "doomed"]] * 3


@pytest.mark.gochan
def test_an_error_that_was_handled_is_freed() -> None:
    """No ring of frames and exceptions keeps it, and the caller's variables, until the collector comes."""

    group = singleflight.Group()
    freed: list[object] = []

    def error() -> DoomError:
        made = DoomError()
        weakref.finalize(made, freed.append, "freed")
        return made

    def doomed() -> None:
        raise error()

    def call() -> None:
        with contextlib.suppress(DoomError):
            group.do("key", doomed)

    gc.collect()
    gc.disable()
    try:
        call()
        assert freed == ["freed"]
    finally:
        gc.enable()


# --- keys, nesting, programs -----------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_keys_do_not_wait_for_each_other() -> None:
    group = singleflight.Group()
    start = time.now()
    results = [group.do_chan(key, lambda: time.sleep(1)) for key in ("a", 7, ("a", 7), None)]
    assert [result.recv().shared for result in results] == [False] * 4
    assert time.since(start) == pytest.approx(1)


@pytest.mark.gochan
def test_groups_do_not_share() -> None:
    gate = Chan[None]()
    results = [singleflight.Group().do_chan("key", lambda i=i: (gate.recv(), i)[1]) for i in range(3)]
    close(gate)
    assert [result.recv().val for result in results] == [0, 1, 2]


@pytest.mark.gochan
def test_fn_can_use_the_group() -> None:
    group = singleflight.Group()
    assert group.do("outer", lambda: group.do("inner", lambda: 7)) == ((7, False), False)


def test_fn_that_waits_for_itself_is_a_deadlock() -> None:
    group = singleflight.Group()
    with pytest.raises(Deadlock):
        run(group.do, "key", lambda: group.do("key", lambda: 7))


@pytest.mark.gochan
def test_fn_can_defer() -> None:
    """Through do, which calls it, as through do_chan, which starts it."""
    log: list[str] = []

    def fn() -> str:
        defer(log.append, "deferred")
        log.append("called")
        return "value"

    group = singleflight.Group()
    assert group.do("key", fn) == ("value", False)
    assert group.do_chan("key", fn).recv() == ("value", None, False)
    assert log == ["called", "deferred"] * 2


@pytest.mark.gochan
def test_fn_runs_in_the_callers_goroutine() -> None:
    """do starts no goroutine; do_chan's runs when its caller waits."""
    group = singleflight.Group()
    log: list[str] = []
    before = runtime.num_goroutine()
    group.do("key", lambda: log.append(f"{runtime.num_goroutine() - before}"))
    results = group.do_chan("key", lambda: log.append(f"{runtime.num_goroutine() - before}"))
    log.append("called")
    results.recv()
    assert log == ["0", "called", "1"]


@pytest.mark.parametrize("start", ["started", "not started"])
@pytest.mark.parametrize("how", ["do", "do_chan"])
def test_a_group_outlives_a_program(start: str, how: str) -> None:
    """A call that the program's end cut off does not block the key in the next one."""
    group = singleflight.Group()

    def first() -> None:
        if how == "do":
            go(group.do, "key", Chan[int]().recv)
        else:
            group.do_chan("key", Chan[int]().recv)
        if start == "started":
            runtime.gosched()

    run(first)
    assert run(group.do, "key", lambda: 7) == (7, False)


@pytest.mark.gochan
def test_a_group_outlives_a_bubble() -> None:
    """Whose goroutines are unwound at its deadlock."""
    group = singleflight.Group()
    with pytest.raises(Deadlock):
        synctest.test(lambda: group.do("key", Chan[int]().recv))
    assert group.do("key", lambda: 7) == (7, False)


def test_goexit_reaches_code_that_no_goroutine_runs() -> None:
    """Without run there is none to end, as runtime.goexit itself says."""
    group = singleflight.Group()
    gate = Chan[None](1)

    def fn() -> None:
        gate.recv()
        runtime.goexit()

    go(group.do, "key", fn)
    runtime.gosched()
    gate.send(None)
    with pytest.raises(RuntimeError, match="goexit: no goroutine to end"):
        group.do("key", print)


def test_outside_a_program() -> None:
    assert singleflight.Group().do("key", lambda: 7) == (7, False)


# --- bad input -------------------------------------------------------------------------------------------


def test_what_is_not_callable_is_refused() -> None:
    group = singleflight.Group()
    with pytest.raises(TypeError, match=r"^Group\.do: 7 is not callable; give a key and a function"):
        group.do("key", 7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^Group\.do_chan: 7 is not callable; give a key and a function"):
        group.do_chan("key", 7)  # type: ignore[arg-type]


class Slow(str):
    """A key whose `__hash__` and `__eq__` yield, so that others run in the middle of a look-up."""

    __slots__ = ()

    def __hash__(self) -> int:
        runtime.gosched()
        return 7

    def __eq__(self, other: object) -> bool:
        runtime.gosched()
        return str.__eq__(self, other)


@pytest.mark.gochan
@pytest.mark.parametrize("kind", ["do", "do_chan"])
def test_one_call_at_a_time_also_if_the_key_yields(kind: str) -> None:
    group = singleflight.Group()
    running = most = 0

    def fn() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(20):
            runtime.gosched()
        running -= 1

    def caller() -> None:
        key = Slow("key")
        if kind == "do":
            group.do(key, fn)
        else:
            group.do_chan(key, fn).recv()

    wg = sync.WaitGroup()
    for _ in range(5):
        wg.go(caller)
    wg.wait()
    assert most == 1


def test_a_key_that_cannot_be_hashed_is_refused() -> None:
    group = singleflight.Group()
    calls: dict[str, Callable[[], object]] = {
        "do": lambda: group.do([], print),  # type: ignore[arg-type]
        "do_chan": lambda: group.do_chan([], print),  # type: ignore[arg-type]
        "forget": lambda: group.forget([]),  # type: ignore[arg-type]
    }
    for name, call in calls.items():
        with pytest.raises(TypeError, match=rf"^Group\.{name}: \[\] is not hashable \(.*unhashable type"):
            call()


@pytest.mark.gochan
def test_forget_of_an_unknown_key_does_nothing() -> None:
    singleflight.Group().forget("key")


@pytest.mark.gochan
def test_the_repr() -> None:
    group, gate = singleflight.Group(), Chan[None]()
    assert re.fullmatch(r"<Group calls=0 at 0x\w+>", repr(group))
    result = group.do_chan("key", gate.recv)
    group.do_chan("key", gate.recv)
    group.do_chan("other", gate.recv)
    assert re.fullmatch(r"<Group calls=2 at 0x\w+>", repr(group))
    gate.close()
    result.recv()
    runtime.gosched()
    assert re.fullmatch(r"<Group calls=0 at 0x\w+>", repr(group))
