"""errgroup.  Where a test follows one of Go's, its docstring names it (errgroup_test.go)."""

import asyncio
import re
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from goroutines import line_of, rescue

from gochan import (
    Chan,
    Deadlock,
    Panic,
    close,
    context,
    default,
    defer,
    errgroup,
    go,
    panic,
    recv,
    run,
    runtime,
    select,
    time,
)


class DoomError(Exception):
    """What a goroutine of a group fails with."""


def fail(error: Exception | None) -> None:
    """Go's func() error { return error }."""
    if error is not None:
        raise error


def outcome(group: errgroup.Group) -> Exception | None:
    """What Go's Wait would return."""
    try:
        group.wait()
    except Exception as error:
        return error
    return None


def is_done(ctx: context.Context) -> bool:
    match select(recv(ctx.done()), default):
        case 0, _, _:
            return True
        case _:
            return False


FIRST, SECOND = DoomError("first"), DoomError("second")


# --- Go's tests ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("errors", [[], [None], [FIRST], [FIRST, None], [FIRST, None, SECOND]])
@pytest.mark.gochan
def test_zero_group(errors: list[Exception | None]) -> None:
    """TestZeroGroup: a group can be used again after a wait, and keeps its first error."""
    group = errgroup.Group()
    first = None
    assert outcome(group) is None
    for error in errors:
        group.go(fail, error)
        first = first or error
        assert outcome(group) is first


@pytest.mark.parametrize(
    ("errors", "want"), [([], None), ([None], None), ([FIRST], FIRST), ([FIRST, None], FIRST)]
)
@pytest.mark.gochan
def test_with_context(errors: list[Exception | None], want: Exception | None) -> None:
    """TestWithContext: the context ends with the group, whether it failed or not."""
    group, ctx = errgroup.with_context(context.background())
    for error in errors:
        group.go(fail, error)
    assert not is_done(ctx)
    assert outcome(group) is want
    assert is_done(ctx)


@pytest.mark.parametrize(
    ("errors", "want"), [([], None), ([None], None), ([FIRST], FIRST), ([FIRST, None], FIRST)]
)
@pytest.mark.gochan
def test_cancel_cause(errors: list[Exception | None], want: Exception | None) -> None:
    """TestCancelCause: the cause of the context's end is the first error, or else Canceled."""
    group, ctx = errgroup.with_context(context.background())
    for error in errors:
        assert group.try_go(fail, error)
    assert outcome(group) is want
    assert isinstance(ctx.err(), context.Canceled)
    assert context.cause(ctx) is (want or ctx.err())


@pytest.mark.gochan
def test_try_go() -> None:
    """TestTryGo: it starts as many as the limit allows, and no more; the limit can change in between."""
    group = errgroup.Group()
    values = Chan[None]()

    def take(n: int) -> None:
        for _ in range(n):
            values.recv()

    group.set_limit(42)
    assert [group.try_go(values.send, None) for _ in range(43)] == [True] * 42 + [False]
    go(take, 42)
    group.wait()

    assert group.try_go(values.send, None)
    go(take, 1)
    group.wait()

    group.set_limit(1)
    assert group.try_go(values.send, None)
    assert not group.try_go(values.send, None)
    go(take, 1)
    group.wait()

    group.set_limit(0)
    assert not any(group.try_go(values.send, None) for _ in range(1024))
    group.wait()


@pytest.mark.gochan(synctest=True)
def test_go_limit() -> None:
    """TestGoLimit: never are more goroutines active than the limit says; here, never fewer either."""
    limit = 10
    group = errgroup.Group()
    group.set_limit(limit)
    active = most = ended = 0

    def work() -> None:
        nonlocal active, most, ended
        active += 1
        most = max(most, active)
        time.sleep(time.MICROSECOND)
        active -= 1
        ended += 1

    for _ in range(1025):
        group.go(work)
    group.wait()
    assert (most, ended) == (limit, 1025)


# --- errors ----------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_first_failure_cancels_at_once() -> None:
    """The others see the end of the context, with its cause, while the group is still at work."""
    group, ctx = errgroup.with_context(context.background())
    seen: list[BaseException | None] = []

    def wait_for_the_end() -> None:
        ctx.done().recv()  # type: ignore[union-attr]
        seen.append(context.cause(ctx))
        raise SECOND

    group.go(wait_for_the_end)
    group.go(wait_for_the_end)
    group.go(fail, FIRST)
    assert outcome(group) is FIRST
    assert seen == [FIRST, FIRST]


@pytest.mark.gochan
def test_parent_ends_the_context() -> None:
    parent, cancel = context.with_cancel(context.background())
    group, ctx = errgroup.with_context(parent)
    group.go(ctx.done().recv)  # type: ignore[union-attr]
    cancel()
    group.wait()
    assert isinstance(ctx.err(), context.Canceled)


@pytest.mark.gochan
def test_every_waiter_gets_the_first_error() -> None:
    group = errgroup.Group()
    outcomes = Chan[Any](3)
    for _ in range(3):
        go(lambda: outcomes.send(outcome(group)))
    blocked = Chan[None]()
    group.go(blocked.recv)
    group.go(fail, FIRST)
    runtime.gosched()
    assert len(outcomes) == 0
    close(blocked)
    assert [outcomes.recv() for _ in range(3)] == [FIRST] * 3


@pytest.mark.gochan
def test_traceback_shows_where_it_failed_and_where_wait_was_called() -> None:
    """Only the user's lines, and the same number of them at each wait."""

    def doomed() -> None:
        raise DoomError

    group = errgroup.Group()
    group.go(doomed)
    for _ in range(3):
        try:
            group.wait()
        except DoomError as error:
            frames = traceback.extract_tb(error.__traceback__)
        names = [frame.name for frame in frames if frame.filename == __file__]
        assert names == ["test_traceback_shows_where_it_failed_and_where_wait_was_called", "doomed"]
        assert len(frames) == 3  # and errgroup's wait


@pytest.mark.gochan
def test_arguments_and_decorator() -> None:
    group = errgroup.Group()
    got: list[Any] = []
    group.go(lambda *args, **kwargs: got.append((args, kwargs)), 1, 2, fn=3)
    assert group.try_go(lambda *args, **kwargs: got.append((args, kwargs)), 4, self=5)

    @group.go
    def _() -> None:
        got.append("decorated")

    group.wait()
    assert sorted(got, key=str) == [((1, 2), {"fn": 3}), ((4,), {"self": 5}), "decorated"]


@pytest.mark.gochan
def test_arguments_that_do_not_fit_are_an_error_of_the_group() -> None:
    group = errgroup.Group()
    group.go(fail)
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        group.wait()


@pytest.mark.gochan
def test_a_returned_exception_is_refused() -> None:
    """What Go returns is raised here; a port that forgot would lose its error."""
    group = errgroup.Group()
    group.go(lambda: FIRST)
    with pytest.raises(TypeError, match=r"<lambda> returned DoomError\('first'\), .*; raise it"):
        group.wait()


@pytest.mark.gochan
def test_a_coroutine_function_is_refused() -> None:
    group = errgroup.Group()
    group.go(asyncio.sleep, 1)
    with pytest.raises(TypeError, match="sleep is a coroutine function"):
        group.wait()


@pytest.mark.gochan
def test_an_error_names_the_call() -> None:
    group = errgroup.Group()
    assert group.try_go(lambda: FIRST)
    with pytest.raises(TypeError, match=r"^Group.try_go: .* returned DoomError\('first'\), .*; raise it$"):
        group.wait()
    group = errgroup.Group()
    group.go(asyncio.sleep, 1)
    with pytest.raises(TypeError, match=r"^Group.go: sleep is a coroutine function"):
        group.wait()


# --- panics, Goexit, defer -------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [-1, 1])
def test_a_panic_ends_the_program(limit: int) -> None:
    """It is not an error of the group: wait doesn't return it, and a recover around wait doesn't get it."""

    def main() -> None:
        group = errgroup.Group()
        group.set_limit(limit)
        group.go(panic, "boom")  # the line in question
        defer(rescue)
        group.wait()

    with pytest.raises(Panic, match="boom") as caught:
        run(main)
    (note,) = caught.value.__notes__
    assert f'File "{__file__}", line {line_of(__file__, "# the line in question")}, in ' in note


def test_a_panic_in_try_go_ends_the_program() -> None:
    def main() -> None:
        group = errgroup.Group()
        group.try_go(close, None)  # the other line in question
        group.wait()

    with pytest.raises(Panic, match="close of nil channel") as caught:
        run(main)
    (note,) = caught.value.__notes__
    assert f'File "{__file__}", line {line_of(__file__, "# the other line in question")}, in ' in note


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_a_base_exception_ends_the_program(kind: type[BaseException]) -> None:
    def doomed() -> None:
        raise kind

    def main() -> None:
        group = errgroup.Group()
        group.go(doomed)
        with pytest.raises(BaseException):  # noqa: B017 - main must not see it
            group.wait()

    with pytest.raises(kind):
        run(main)


@pytest.mark.gochan
def test_a_recovered_panic_is_not_an_error() -> None:
    def rescued() -> None:
        defer(rescue)
        panic("boom")

    group = errgroup.Group()
    group.go(rescued)
    group.wait()


@pytest.mark.gochan
def test_goexit_counts_as_finished() -> None:
    group = errgroup.Group()
    group.set_limit(1)
    for _ in range(3):
        group.go(runtime.goexit)
    group.wait()
    assert group.try_go(print)


@pytest.mark.gochan
def test_deferred_calls_run_before_the_goroutine_counts_as_finished() -> None:
    """And what one of them raises is the goroutine's error."""
    group = errgroup.Group()
    log: list[str] = []

    def work() -> None:
        defer(fail, FIRST)
        defer(log.append, "second")
        defer(log.append, "first")

    group.go(work)
    assert outcome(group) is FIRST
    assert log == ["first", "second"]


# --- the limit -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [2, -1])
@pytest.mark.gochan
def test_limit_cannot_change_while_goroutines_are_active(before: int) -> None:
    """Without a limit before, Go lets it pass, and the group never finishes."""
    group = errgroup.Group()
    group.set_limit(before)
    blocked = Chan[None]()
    group.go(blocked.recv)
    group.go(blocked.recv)
    words = "^errgroup: modify limit while 2 goroutines in the group are still active$"
    with pytest.raises(Panic, match=words):
        group.set_limit(3)
    close(blocked)
    group.wait()
    group.set_limit(3)


@pytest.mark.gochan
def test_limit_can_be_lifted_while_goroutines_are_active() -> None:
    group = errgroup.Group()
    group.set_limit(1)
    blocked = Chan[None]()
    group.go(blocked.recv)
    assert not group.try_go(blocked.recv)
    group.set_limit(-1)
    assert all(group.try_go(blocked.recv) for _ in range(10))
    close(blocked)
    group.wait()


@pytest.mark.gochan
def test_go_waits_for_a_place() -> None:
    """The next goroutine starts when one has finished, in the order of the calls."""
    group = errgroup.Group()
    group.set_limit(2)
    gates = [Chan[None]() for _ in range(4)]
    log: list[str] = []

    def work(i: int) -> None:
        log.append(f"start {i}")
        gates[i].recv()

    def spawn() -> None:
        for i in range(4):
            group.go(work, i)
            log.append(f"called {i}")

    go(spawn)
    runtime.gosched()
    assert log == ["called 0", "called 1", "start 1", "start 0"]
    log.clear()
    close(gates[1])
    runtime.gosched()
    assert log == ["called 2", "start 2"]
    for gate in gates[0], gates[2], gates[3]:
        close(gate)
    group.wait()


def test_a_limit_of_zero_blocks_go() -> None:
    def main() -> None:
        group = errgroup.Group()
        group.set_limit(0)
        group.go(print)

    with pytest.raises(Deadlock, match=r"goroutine 1 \[chan send\]"):
        run(main)


@pytest.mark.gochan
def test_try_go_in_a_loop_starves_no_goroutine() -> None:
    group = errgroup.Group()
    group.set_limit(1)
    group.go(time.sleep, 0.001)
    runtime.gosched()
    while not group.try_go(print, end=""):
        pass
    group.wait()


# --- with ------------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_with_waits() -> None:
    ended = False

    def work() -> None:
        nonlocal ended
        time.sleep(1)
        ended = True

    with errgroup.Group() as group:
        group.go(work)
        assert not ended
    assert ended


@pytest.mark.gochan
def test_with_raises_the_first_error() -> None:
    with pytest.raises(DoomError) as caught, errgroup.Group() as group:
        group.go(fail, FIRST)
    assert caught.value is FIRST


@pytest.mark.gochan
def test_with_context_gives_both() -> None:
    with errgroup.with_context(context.background()) as (group, ctx):
        group.go(lambda: None)
    assert isinstance(context.cause(ctx), context.Canceled)
    with pytest.raises(DoomError), errgroup.with_context(context.background()) as (group, ctx):
        group.go(fail, FIRST)
    assert context.cause(ctx) is FIRST


@pytest.mark.gochan
def test_with_lets_the_body_s_exception_pass_once_all_have_finished() -> None:
    group, ctx = errgroup.with_context(context.background())
    ended: list[BaseException | None] = []

    def work() -> None:
        ctx.done().recv()  # type: ignore[union-attr]
        runtime.gosched()
        ended.append(context.cause(ctx))

    body = DoomError("body")
    with pytest.raises(DoomError) as caught, group:
        group.go(work)
        raise body
    assert caught.value is body
    assert ended == [body]


@pytest.mark.gochan
def test_with_shows_the_group_s_error_behind_the_body_s() -> None:
    """The body often fails because the group did."""
    group, ctx = errgroup.with_context(context.background())
    error = DoomError()
    with pytest.raises(context.Canceled) as caught, group:
        group.go(fail, error)
        ctx.done().recv()  # type: ignore[union-attr]
        raise context.Canceled
    assert caught.value.__context__ is error


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.gochan
def test_with_makes_no_ring_of_exceptions(same: bool) -> None:
    """The group's error can be, or come from, the body's."""
    group, ctx = errgroup.with_context(context.background())
    body = DoomError("body")

    def work() -> None:
        ctx.done().recv()  # type: ignore[union-attr]
        cause = context.cause(ctx)
        assert cause is not None
        if same:
            raise cause
        raise DoomError("group") from cause

    with pytest.raises(DoomError) as caught, group:
        group.go(work)
        raise body
    assert list(chain(caught.value)) == [body]


@pytest.mark.gochan
def test_goexit_in_the_body_waits_too() -> None:
    log = Chan[str](2)

    def leave() -> None:
        with errgroup.Group() as group:
            group.go(log.send, "worker")
            runtime.goexit()

    def leaver() -> None:
        defer(log.send, "leaver")
        leave()

    go(leaver)
    assert [log.recv(), log.recv()] == ["worker", "leaver"]


def test_a_deadlock_in_the_body_is_raised_once() -> None:
    def main() -> None:
        with errgroup.Group() as group:
            group.go(Chan[None]().recv)
            Chan[str]().recv()  # here

    with pytest.raises(Deadlock) as caught:
        run(main)
    assert caught.value.__context__ is None
    assert traceback.extract_tb(caught.value.__traceback__)[-1].line == "Chan[str]().recv()  # here"


# --- bad input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["go", "try_go"])
@pytest.mark.gochan
def test_what_is_not_callable_is_refused(start: str) -> None:
    group = errgroup.Group()
    group.set_limit(1)
    with pytest.raises(TypeError, match=rf"^Group\.{start}: 7 is not callable; give the function"):
        getattr(group, start)(7)
    assert group.try_go(print, end="")
    group.wait()


@pytest.mark.parametrize("n", [1.0, "1", None, True])
def test_a_non_int_limit_is_refused(n: Any) -> None:
    with pytest.raises(TypeError, match=rf"^Group\.set_limit: {n!r} is not a number of goroutines"):
        errgroup.Group().set_limit(n)


def test_a_non_context_as_parent_is_refused() -> None:
    with pytest.raises(Panic, match="cannot create context from nil parent"):
        errgroup.with_context(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="7 is not a context"):
        errgroup.with_context(7)  # type: ignore[arg-type]


@pytest.mark.gochan
def test_the_repr() -> None:
    group, gate = errgroup.Group(), Chan[None]()
    assert re.fullmatch(r"<Group limit=None active=0 at 0x\w+>", repr(group))
    group.set_limit(3)
    group.go(gate.recv)
    group.go(gate.recv)
    assert re.fullmatch(r"<Group limit=3 active=2 at 0x\w+>", repr(group))
    gate.close()
    group.wait()
    assert re.fullmatch(r"<Group limit=3 active=0 at 0x\w+>", repr(group))
