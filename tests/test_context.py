"""context: deadlines, cancellation, causes and values.

Where a test follows one of Go's, its docstring names it (context/x_test.go, context_test.go and
afterfunc_test.go).
"""

import gc
import math
import random
import re
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from threading import Thread
from types import CodeType, FrameType
from typing import Any

import pytest

from gochan import (
    Chan,
    Deadlock,
    Panic,
    context,
    default,
    go,
    recv,
    run,
    runtime,
    select,
    sync,
    synctest,
    time,
)
from gochan._engine.impl import sched
from gochan.context import Canceled, Context, DeadlineExceeded

FOREVER = 1e6
BACKGROUND = context.background()


def over(ctx: Context) -> bool:
    """Return whether ctx's channel is closed."""
    index, _, ok = select(recv(ctx.done()), default)
    assert not ok
    return index == 0


def check_over(ctx: Context, err: type[BaseException] = Canceled) -> None:
    assert over(ctx)
    assert type(ctx.err()) is err


def check_alive(ctx: Context) -> None:
    assert not over(ctx)
    assert ctx.err() is None
    assert context.cause(ctx) is None


def shown(ctx: object) -> str:
    """Return a repr without its address."""
    match = re.fullmatch(r"<(.*) at 0x[0-9a-f]+>", repr(ctx))
    assert match is not None, repr(ctx)
    return match[1]


def children(ctx: Any) -> list[Any]:
    return list(ctx._children)


class Wrapper:
    """A context of foreign code's that asks another one for everything."""

    def __init__(self, inner: Context) -> None:
        self.inner = inner

    def deadline(self) -> Any:
        return self.inner.deadline()

    def done(self) -> Any:
        return self.inner.done()

    def err(self) -> BaseException | None:
        return self.inner.err()

    def value(self, key: object, /) -> Any:
        return self.inner.value(key)


class OwnDone(Wrapper):
    """A context that wraps another and has a done channel of its own."""

    def __init__(self, inner: Context) -> None:
        super().__init__(inner)
        self.channel = Chan[None]()

    def done(self) -> Any:
        return self.channel


class Foreign:
    """A context that has nothing from us."""

    def __init__(self) -> None:
        self.channel = Chan[None]()
        self.error: BaseException | None = None

    def deadline(self) -> Any:
        return None, False

    def done(self) -> Any:
        return self.channel

    def err(self) -> BaseException | None:
        return self.error

    def value(self, key: object, /) -> Any:
        return None

    def cancel(self, err: BaseException) -> None:
        self.error = err
        self.channel.close()


class Following(Foreign):
    """A context of foreign code's that can be followed without a goroutine.  Its channel is never closed."""

    def __init__(self) -> None:
        super().__init__()
        self.functions: dict[object, Callable[[], None]] = {}

    def after_func(self, f: Callable[[], None]) -> Callable[[], bool]:
        key = object()
        self.functions[key] = f
        return lambda: self.functions.pop(key, None) is not None

    def cancel(self, err: BaseException) -> None:
        self.error = err
        functions, self.functions = self.functions, {}
        for f in functions.values():
            go(f)


# --- contexts that never end -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ctx", "name"),
    [
        (context.background(), "context.background"),
        (context.todo(), "context.todo"),
        (context.without_cancel(context.todo()), "<context.todo.without_cancel active at 0x"),
    ],
)
def test_a_context_that_never_ends(ctx: Context, name: str) -> None:
    """Go's TestBackground and TestTODO."""
    assert repr(ctx).startswith(name)
    assert ctx.done() is None
    assert ctx.err() is None
    assert ctx.deadline() == (None, False)
    assert ctx.value("key") is None
    assert context.cause(ctx) is None
    assert isinstance(ctx, Context)
    index, _, _ = select(recv(ctx.done()), default)
    assert index == 1


# --- with_cancel -------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_with_cancel() -> None:
    """Go's TestWithCancel."""
    ctx, cancel = context.with_cancel(BACKGROUND)
    assert shown(ctx) == "context.background.with_cancel active children=0"
    wrapper = Wrapper(ctx)
    below, cancel_below = context.with_cancel(wrapper)
    for c in [ctx, wrapper, below]:
        assert isinstance(c, Context)
        check_alive(c)
    cancel()  # at once, for all
    for c in [ctx, wrapper, below]:
        check_over(c)
    cancel_below()


@pytest.mark.gochan
def test_cancel_again_changes_nothing() -> None:
    ctx, cancel = context.with_cancel(BACKGROUND)
    cancel()
    err = ctx.err()
    cancel()
    assert ctx.err() is err
    assert context.cause(ctx) is err
    assert ctx.done() is ctx.done()


@pytest.mark.gochan
def test_the_channel_of_one_that_has_ended_is_closed_when_it_is_first_asked_for() -> None:
    ctx, cancel = context.with_cancel(BACKGROUND)
    cancel()
    done = ctx.done()
    assert done is not None
    assert done.recv_ok() == (None, False)


@pytest.mark.gochan
def test_cancel_wakes_the_waiters() -> None:
    ctx, cancel = context.with_cancel(BACKGROUND)
    wg = sync.WaitGroup()
    done = ctx.done()
    assert done is not None
    for _ in range(3):
        wg.go(done.recv)
    go(cancel)
    wg.wait()
    check_over(ctx)


@pytest.mark.gochan
def test_err_is_set_before_the_channel_is_closed() -> None:
    """Go's TestContextErrDoneRace, and what its Context promises."""
    ctx, cancel = context.with_cancel(BACKGROUND)
    done = ctx.done()
    go(cancel)
    while ctx.err() is None:
        runtime.gosched()
    assert select(recv(done), default)[0] == 0


@pytest.mark.gochan
def test_a_child_of_one_that_has_ended_has_ended() -> None:
    """Go's TestWithCancelCanceledParent."""
    parent, cancel = context.with_cancel_cause(BACKGROUND)
    because = ValueError("because")
    cancel(because)
    child, _ = context.with_cancel(parent)
    check_over(child)
    assert child.err() is parent.err()
    assert context.cause(child) is because
    assert children(parent) == []


@pytest.mark.gochan
def test_cancel_while_a_child_is_made() -> None:
    """Go's TestWithCancelSimultaneouslyCanceledParent."""
    for _ in range(20):
        parent, cancel = context.with_cancel_cause(BACKGROUND)
        because = ValueError("because")
        go(cancel, because)
        child, _ = context.with_cancel(parent)
        done = child.done()
        assert done is not None
        done.recv()
        assert isinstance(child.err(), Canceled)
        assert context.cause(child) is because


@pytest.mark.gochan
def test_interlocked_cancels() -> None:
    """Go's TestInterlockedCancels."""
    parent, cancel_parent = context.with_cancel(BACKGROUND)
    child, cancel_child = context.with_cancel(parent)

    @go
    def _() -> None:
        done = parent.done()
        assert done is not None
        done.recv()
        cancel_child()

    cancel_parent()
    done = child.done()
    assert done is not None
    done.recv()


@pytest.mark.gochan
def test_simultaneous_cancels() -> None:
    """Go's TestSimultaneousCancels."""
    pairs = [context.with_cancel(BACKGROUND)]
    for parent, _ in pairs:
        if len(pairs) >= 100:
            break
        pairs += [context.with_cancel(parent) for _ in range(4)]
    rnd = random.Random(1)
    wg = sync.WaitGroup()
    for _, cancel in rnd.sample(pairs, len(pairs)):
        wg.go(cancel)
    for ctx, _ in rnd.sample(pairs, len(pairs)):
        done = ctx.done()
        assert done is not None
        done.recv()
    wg.wait()


def waiters(contexts: list[Context]) -> list[int]:
    """Start a goroutine for each context that waits for its end; return where each adds its index then."""
    woken: list[int] = []

    def wait(i: int, done: Any) -> None:
        done.recv()
        woken.append(i)

    for i, ctx in enumerate(contexts):
        go(wait, i, ctx.done())
    runtime.gosched()
    assert woken == []
    return woken


def in_ready_order(woken: list[int]) -> list[int]:
    """Turn the order in which goroutines ran into that in which they were made ready: the last runs first."""
    return [*woken[1:], woken[0]]


@pytest.mark.gochan
def test_children_end_after_their_parent_and_in_the_order_in_which_they_came() -> None:
    parent, cancel = context.with_cancel(BACKGROUND)
    pairs = [context.with_cancel(parent) for _ in range(5)]
    pairs[2][1]()
    woken = waiters([ctx for i, (ctx, _) in enumerate(pairs) if i != 2] + [parent])
    cancel()
    runtime.gosched()
    assert in_ready_order(woken) == [4, 0, 1, 2, 3]


@pytest.mark.gochan
def test_each_child_is_followed_by_its_own_children() -> None:
    """As in Go, where cancel calls itself for each child in turn."""
    root, cancel = context.with_cancel(BACKGROUND)
    tree = [root]
    # 0 has 1, 4 and 5; 1 has 2 and 3; 5 has 6.
    for parent in [0, 1, 1, 0, 0, 5]:
        tree.append(context.with_timeout(tree[parent], FOREVER)[0])
    woken = waiters(tree)
    cancel()
    runtime.gosched()
    assert in_ready_order(woken) == [0, 1, 2, 3, 4, 5, 6]


# --- depth -------------------------------------------------------------------------------------------------

# Far beyond Python's recursion limit of 1,000.
DEPTH = 5_000


def nest(root: Context, *layers: Callable[[Context], Context], depth: int = DEPTH) -> list[Context]:
    """Nest so many contexts below root, of the kinds in turn; return root and all of them."""
    chain = [root]
    for i in range(depth):
        chain.append(layers[i % len(layers)](chain[-1]))
    return chain


def below(parent: Context) -> Context:
    return context.with_cancel(parent)[0]


def later(parent: Context) -> Context:
    # Not with_timeout: to look for an earlier deadline goes up the whole chain, and 5,000 times that is slow.
    return context.with_deadline(parent, datetime(2100, 1, 1, tzinfo=UTC))[0]


def holding(parent: Context) -> Context:
    return context.with_value(parent, object(), "something")


@pytest.mark.gochan
def test_cancel_reaches_every_depth() -> None:
    root, cancel = context.with_cancel(BACKGROUND)
    chain = nest(root, below)
    calls: list[str] = []
    context.after_func(chain[-1], lambda: calls.append("end"))
    woken = waiters(chain)
    cancel()
    for ctx in chain:
        check_over(ctx)
    assert context.cause(chain[-1]) is root.err()
    runtime.gosched()
    assert calls == ["end"]
    assert sorted(woken) == list(range(len(chain)))


@pytest.mark.gochan
def test_a_deadline_reaches_every_depth() -> None:
    root, _ = context.with_timeout(BACKGROUND, 0.01)
    chain = nest(root, below)
    wait_for_deadline(chain[-1])
    for ctx in chain:
        check_over(ctx, DeadlineExceeded)


@pytest.mark.gochan
def test_a_chain_of_every_kind_can_be_asked_at_every_depth() -> None:
    moment = datetime(2099, 1, 1, tzinfo=UTC)
    root, cancel = context.with_deadline(context.with_value(BACKGROUND, "key", "value"), moment)
    kept = nest(root, below, holding, later)[-1]
    free = nest(kept, holding, context.without_cancel)[-1]
    for ctx in [kept, free]:
        assert ctx.value("key") == "value"
        assert ctx.value("no such key") is None
    assert kept.deadline() == (moment, True)
    assert free.deadline() == (None, False)
    assert (free.done(), free.err(), context.cause(free)) == (None, None, None)
    check_alive(kept)
    cancel()
    check_over(kept)
    assert (free.done(), free.err()) == (None, None)


@pytest.mark.gochan
def test_the_repr_of_a_deep_context() -> None:
    text = shown(nest(BACKGROUND, below, context.without_cancel)[-1])
    assert text == "context.background" + DEPTH // 2 * ".with_cancel.without_cancel" + " active"
    root, cancel = context.with_cancel(BACKGROUND)
    deep = nest(root, holding)[-1]
    assert shown(deep).endswith(") active")
    cancel()
    assert shown(deep).endswith(") canceled")


@pytest.mark.gochan
def test_values_alone_can_be_nested() -> None:
    root, cancel = context.with_cancel(BACKGROUND)
    last = nest(root, holding)[-1]
    assert last.done() is root.done()
    assert (last.value("key"), last.deadline(), last.err()) == (None, (None, False), None)
    child = below(last)
    cancel()
    check_over(last)
    check_over(child)


# --- an exception in the middle ----------------------------------------------------------------------------


class Interrupt(Exception):
    """What a signal handler raises."""


def interrupted(call: Callable[[], object], at: int) -> bool:
    """Call call, and raise Interrupt before bytecode number `at` of gochan.context; False if there is none.

    Python runs signal handlers between bytecodes; this raises wherever a handler could.
    """
    left = at

    def step() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename != context.__file__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and step():
            # From here on nothing is traced: this comes once.
            sys.settrace(None)
            raise Interrupt
        return trace

    def instruction(code: CodeType, offset: int) -> Any:
        if code.co_filename != context.__file__:
            return monitoring.DISABLE
        if step():
            monitoring.set_events(monitoring.DEBUGGER_ID, 0)
            raise Interrupt
        return None

    monitoring: Any = getattr(sys, "monitoring", None)
    if monitoring is None:
        sys.settrace(trace)
    else:
        monitoring.use_tool_id(monitoring.DEBUGGER_ID, "interrupted")
        monitoring.register_callback(monitoring.DEBUGGER_ID, monitoring.events.INSTRUCTION, instruction)
        monitoring.set_events(monitoring.DEBUGGER_ID, monitoring.events.INSTRUCTION)
    try:
        call()
    except Interrupt:
        return True
    finally:
        if monitoring is None:
            sys.settrace(None)
        else:
            monitoring.set_events(monitoring.DEBUGGER_ID, 0)
            monitoring.free_tool_id(monitoring.DEBUGGER_ID)
    return False


@pytest.mark.skipif(sys.gettrace() is not None, reason="a debugger or coverage uses the trace function")
def test_an_exception_in_the_middle_of_cancel_leaves_all_or_none_alive() -> None:
    outcomes: list[bool] = []

    def main(at: int) -> None:
        root, cancel = context.with_cancel(BACKGROUND)
        first = below(root)
        tree = [root, first, below(first), later(root), holding(below(root))]
        woken = waiters(tree)
        outcomes.append(interrupted(cancel, at))
        ended = {over(ctx) for ctx in tree}
        assert ended == {ctx.err() is not None for ctx in tree}
        assert len(ended) == 1, at
        cancel()
        for ctx in tree:
            check_over(ctx)
        runtime.gosched()
        assert sorted(woken) == [0, 1, 2, 3, 4]
        assert sched.timeout() == -1
        assert runtime.num_goroutine() == 1, runtime.stack(all=True)

    for at in range(1, 10_000):
        run(main, at)
        if not outcomes[-1]:
            break
    # It came somewhere in the middle often enough.
    assert len(outcomes) > 300


@pytest.mark.gochan
def test_cancel_near_the_recursion_limit_ends_all_or_none() -> None:
    seen: set[bool] = set()

    def dive(cancel: Callable[[], None], left: int) -> None:
        if left:
            dive(cancel, left - 1)
        else:
            cancel()

    for left in range(sys.getrecursionlimit() - 120, sys.getrecursionlimit()):
        root, cancel = context.with_cancel(BACKGROUND)
        tree = [root, below(root), later(below(root))]
        dones = [ctx.done() for ctx in tree]
        assert None not in dones
        with suppress(RecursionError):
            dive(cancel, left)
        ended = {over(ctx) for ctx in tree} | {ctx.err() is not None for ctx in tree}
        assert len(ended) == 1
        seen |= ended
        cancel()
    assert seen == {True, False}


# --- threads -----------------------------------------------------------------------------------------------


def test_children_are_made_and_ended_in_several_threads() -> None:
    """Whichever comes first, a child of a canceled context has ended, and its done channel is closed once."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(300):
            root, cancel = context.with_cancel(BACKGROUND)
            made: list[Context] = []

            def derive(root: Context = root, made: list[Context] = made) -> None:
                for _ in range(20):
                    made.append(below(root))
                    made[-1].done()

            threads = [Thread(target=target) for target in [derive, cancel, derive, cancel]]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for ctx in made:
                check_over(ctx)
            assert children(root) == []
    finally:
        sys.setswitchinterval(before)


def test_waiting_for_an_uncanceled_context_is_a_deadlock() -> None:
    def main() -> None:
        ctx, _ = context.with_cancel(BACKGROUND)
        done = ctx.done()
        assert done is not None
        done.recv()

    with pytest.raises(Deadlock, match=r"goroutine 1 \[chan receive\]"):
        run(main)


# --- deadlines ---------------------------------------------------------------------------------------------


def wait_for_deadline(ctx: Context) -> None:
    """Go's testDeadline."""
    done = ctx.done()
    assert done is not None
    done.recv()
    assert type(ctx.err()) is DeadlineExceeded
    assert isinstance(ctx.err(), TimeoutError)
    assert str(ctx.err()) == "context deadline exceeded"


@pytest.mark.gochan(synctest=True)
def test_with_deadline() -> None:
    """Go's TestDeadline."""
    ctx, _ = context.with_deadline(BACKGROUND, time.now() + timedelta(seconds=1))
    assert shown(ctx).startswith("context.background.with_deadline(2000-01-01 ")
    assert shown(ctx).endswith(" [1s]) active children=0")
    check_alive(ctx)
    wait_for_deadline(ctx)
    assert ctx.deadline() == (time.now(), True)
    assert shown(ctx).endswith(" [0s]) expired children=0")

    ctx, _ = context.with_deadline(BACKGROUND, time.now() + timedelta(seconds=1))
    wait_for_deadline(Wrapper(ctx))

    soon, _ = context.with_deadline(BACKGROUND, time.now() + timedelta(seconds=1))
    late, _ = context.with_deadline(Wrapper(soon), time.now() + timedelta(seconds=FOREVER))
    assert late.deadline() == soon.deadline()
    wait_for_deadline(late)

    for past in [timedelta(0), timedelta(seconds=1)]:
        ctx, cancel = context.with_deadline(BACKGROUND, time.now() - past)
        check_over(ctx, DeadlineExceeded)
        cancel()
        check_over(ctx, DeadlineExceeded)


@pytest.mark.gochan(synctest=True)
def test_with_timeout() -> None:
    """Go's TestTimeout."""
    ctx, _ = context.with_timeout(BACKGROUND, 1)
    assert shown(ctx).startswith("context.background.with_deadline(")
    start = time.now()
    wait_for_deadline(ctx)
    assert time.since(start) == 1

    ctx, _ = context.with_timeout(BACKGROUND, timedelta(seconds=1))
    wait_for_deadline(Wrapper(ctx))

    ctx, _ = context.with_timeout(BACKGROUND, 1)
    ctx, _ = context.with_timeout(Wrapper(ctx), FOREVER)
    wait_for_deadline(ctx)
    assert time.since(start) == 3


@pytest.mark.gochan
def test_with_timeout_on_the_real_clock() -> None:
    start = time.now()
    with context.with_timeout(BACKGROUND, 0.002) as ctx:
        wait_for_deadline(ctx)
    assert time.since(start) >= 0.002


@pytest.mark.gochan(synctest=True)
def test_a_deadline_of_the_parent_that_is_sooner_stays() -> None:
    soon, _ = context.with_timeout(BACKGROUND, 1)
    late, cancel = context.with_timeout(soon, 2)
    assert late.deadline() == soon.deadline()
    assert shown(late).endswith(".with_cancel active children=0")
    deadline, ok = soon.deadline()
    assert ok
    assert deadline is not None
    same, cancel_same = context.with_deadline(soon, deadline)
    assert repr(same).count(".with_deadline") == 2  # as in Go: only one that is sooner makes it needless
    cancel_same()
    sooner, cancel_sooner = context.with_timeout(soon, 0.5)
    assert sooner.deadline() == (time.now() + timedelta(seconds=0.5), True)
    time.sleep(0.5)
    synctest.wait()
    check_over(sooner, DeadlineExceeded)
    check_alive(soon)
    time.sleep(0.5)
    synctest.wait()
    check_over(late, DeadlineExceeded)
    cancel()
    cancel_sooner()


@pytest.mark.gochan(synctest=True)
def test_cancel_before_the_deadline() -> None:
    """Go's TestCanceledTimeout."""
    outer, _ = context.with_timeout(BACKGROUND, 1)
    ctx, cancel = context.with_timeout(Wrapper(outer), FOREVER)
    cancel()
    check_over(ctx)
    time.sleep(2)
    check_over(ctx)
    check_over(outer, DeadlineExceeded)


@pytest.mark.gochan(synctest=True)
def test_a_deadline_that_passes_after_the_parent_was_cancelled() -> None:
    parent, cancel = context.with_cancel(BACKGROUND)
    ctx, _ = context.with_timeout(parent, 1)
    cancel()
    time.sleep(2)
    check_over(ctx)
    late, _ = context.with_timeout(parent, 1)
    check_over(late)


@pytest.mark.gochan
def test_a_cancelled_deadline_leaves_no_timer() -> None:
    for end in ["cancel", "with", "parent", "deadline"]:
        parent, cancel_parent = context.with_cancel(BACKGROUND)
        ctx, cancel = context.with_timeout(parent, 0.001 if end == "deadline" else FOREVER)
        assert sched.timeout() >= 0
        match end:
            case "cancel":
                cancel()
            case "with":
                with context.Pair((ctx, cancel)):
                    pass
            case "parent":
                cancel_parent()
            case "deadline":
                wait_for_deadline(ctx)
        assert sched.timeout() == -1
        cancel_parent()


@pytest.mark.parametrize("d", [0, -1, -math.inf, math.nan, timedelta(0), timedelta(seconds=-1)])
@pytest.mark.gochan
def test_a_timeout_of_no_time_has_passed(d: float | timedelta) -> None:
    ctx, cancel = context.with_timeout(BACKGROUND, d)
    check_over(ctx, DeadlineExceeded)
    deadline, _ = ctx.deadline()
    assert deadline is not None
    assert time.until(deadline) <= 0
    cancel()


@pytest.mark.parametrize("d", [math.inf, 1e300, 10**400, timedelta.max, 1e10])
@pytest.mark.gochan
def test_a_timeout_beyond_all_clocks_never_passes(d: float | timedelta) -> None:
    ctx, cancel = context.with_timeout(BACKGROUND, d)
    check_alive(ctx)
    deadline, _ = ctx.deadline()
    assert deadline is not None
    assert time.until(deadline) > 100 * 365 * 24 * time.HOUR
    assert "[2562047h47m16s])" in repr(ctx)
    cancel()
    check_over(ctx)


@pytest.mark.gochan
def test_a_deadline_without_a_time_zone_is_in_local_time() -> None:
    soon = datetime.now() + timedelta(hours=1)
    with context.with_deadline(BACKGROUND, soon) as ctx:
        assert ctx.deadline() == (soon.astimezone(), True)
        check_alive(ctx)
    with context.with_deadline(BACKGROUND, datetime.max) as ctx:
        check_alive(ctx)
    with context.with_deadline(BACKGROUND, datetime.min) as ctx:
        check_over(ctx, DeadlineExceeded)
        assert "[-2562047h47m16s])" in repr(ctx)


@pytest.mark.gochan
def test_the_deadline_of_a_foreign_parent_may_lack_a_time_zone() -> None:
    class Naive(Wrapper):
        def deadline(self) -> Any:
            return datetime(2000, 1, 1), True

    with context.with_timeout(Naive(BACKGROUND), FOREVER) as ctx:
        assert ctx.deadline() == (datetime(2000, 1, 1), True)


@pytest.mark.parametrize("answer", [None, datetime(2000, 1, 1), (None, True), ("2000", True), (1, 2, 3)])
def test_the_deadline_of_a_foreign_parent_is_checked(answer: Any) -> None:
    class Bad(Wrapper):
        def deadline(self) -> Any:
            return answer

    with pytest.raises(TypeError, match=r"Bad.deadline: returned .*; return \(datetime, True\) or \("):
        context.with_timeout(Bad(BACKGROUND), FOREVER)


# --- values ------------------------------------------------------------------------------------------------


class Key(int):
    """A key of a type of its own."""


def test_values() -> None:
    """Go's TestValues."""
    k1, k2, k3 = 1, Key(1), Key(3)

    def check(ctx: Context, v1: str | None, v2: str | None, v3: str | None) -> None:
        assert (ctx.value(k1), ctx.value(k2), ctx.value(k3)) == (v1, v2, v3)

    check(BACKGROUND, None, None, None)
    c1 = context.with_value(BACKGROUND, k1, "c1k1")
    check(c1, "c1k1", None, None)
    c2 = context.with_value(c1, k2, "c2k2")
    check(c2, "c1k1", "c2k2", None)
    c3 = context.with_value(c2, k3, "c3k3")
    check(c3, "c1k1", "c2k2", "c3k3")
    c4 = context.with_value(c3, k1, None)
    check(c4, None, "c2k2", "c3k3")

    check(Wrapper(BACKGROUND), None, None, None)
    o1 = Wrapper(context.with_value(BACKGROUND, k1, "c1k1"))
    check(o1, "c1k1", None, None)
    o2 = context.with_value(o1, k2, "o2k2")
    check(o2, "c1k1", "o2k2", None)
    o3 = Wrapper(c4)
    check(o3, None, "c2k2", "c3k3")
    o4 = context.with_value(o3, k3, None)
    check(o4, None, "c2k2", None)


def test_a_value_shows_its_key_and_hides_itself() -> None:
    ctx = context.with_value(BACKGROUND, "user", "s3cret")
    ctx = context.with_value(ctx, Key(3), 4.5)
    assert shown(ctx) == "context.background.with_value('user', str).with_value(Key, float) active"


class Names(Enum):
    USER = 1


class Shouting:
    def __repr__(self) -> str:
        raise AssertionError("a repr calls no other")

    __str__ = __repr__


def test_a_repr_runs_no_code_of_the_users() -> None:
    class Own(Wrapper):
        __repr__ = Shouting.__repr__

        def err(self) -> BaseException | None:
            raise AssertionError("a repr asks a context of the user's nothing")

    ctx = context.with_value(BACKGROUND, Names.USER, 3)
    ctx = context.with_value(ctx, Shouting(), Shouting())
    assert shown(ctx).endswith(".with_value(Names.USER, int).with_value(Shouting, Shouting) active")
    ctx = context.with_value(Own(BACKGROUND), 7, None)
    # Whether a context of the user's has ended, only it knows.
    assert re.fullmatch(r"\S*\.Own\.with_value\(7, NoneType\)", shown(ctx))


@pytest.mark.gochan
def test_a_repr_shows_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    parent, cancel = context.with_cancel(BACKGROUND)
    child, _ = context.with_cancel_cause(context.with_value(parent, "k", 1))
    other, cancel_other = context.with_timeout(parent, FOREVER)
    assert shown(parent) == "context.background.with_cancel active children=2"
    assert shown(child) == "context.background.with_cancel.with_value('k', int).with_cancel active children=0"
    cancel_other()
    assert shown(parent) == "context.background.with_cancel active children=1"
    assert shown(other).endswith(") canceled children=0")
    cancel()
    assert all(shown(ctx).endswith("with_cancel canceled children=0") for ctx in (parent, child))
    custom = Foreign()
    follower, _ = context.with_cancel(custom)
    custom.cancel(ValueError("neither"))
    runtime.gosched()
    assert shown(follower) == "Foreign.with_cancel ended children=0"
    monkeypatch.setattr(context, "poll_point", None)
    assert shown(context.with_cancel(BACKGROUND)[0]), "a repr does not yield"


def test_keys_are_compared_by_type_and_value() -> None:
    ctx = context.with_value(BACKGROUND, 1, "one")
    assert ctx.value(1) == "one"
    assert ctx.value(True) is None
    assert ctx.value(1.0) is None
    key = object()
    ctx = context.with_value(ctx, key, "object")
    assert ctx.value(key) == "object"
    assert ctx.value(object()) is None
    nan = math.nan
    assert context.with_value(BACKGROUND, nan, "nan").value(nan) == "nan"  # the very same object


@pytest.mark.gochan
def test_values_go_through_every_kind_of_context() -> None:
    ctx = context.with_value(BACKGROUND, "key", "value")
    ctx, cancel = context.with_cancel(ctx)
    ctx, cancel_timeout = context.with_timeout(Wrapper(ctx), FOREVER)
    ctx = context.without_cancel(ctx)
    assert ctx.value("key") == "value"
    assert ctx.value("other") is None
    cancel()
    cancel_timeout()


@pytest.mark.gochan
def test_with_value_has_the_rest_of_its_parent() -> None:
    parent, cancel = context.with_timeout(BACKGROUND, FOREVER)
    ctx = context.with_value(parent, "key", "value")
    assert ctx.deadline() == parent.deadline()
    assert ctx.done() is parent.done()
    check_alive(ctx)
    cancel()
    check_over(ctx)
    assert ctx.err() is parent.err()


@pytest.mark.gochan
def test_without_cancel() -> None:
    """Go's TestWithoutCancel."""
    parent, cancel = context.with_cancel(context.with_value(BACKGROUND, "key", "value"))
    ctx = context.without_cancel(parent)
    cancel()
    assert ctx.deadline() == (None, False)
    assert ctx.done() is None
    assert ctx.err() is None
    assert context.cause(ctx) is None
    assert ctx.value("key") == "value"
    assert shown(ctx) == "context.background.with_value('key', str).with_cancel.without_cancel active"
    with context.with_cancel(ctx) as child:
        check_alive(child)


# --- many layers -------------------------------------------------------------------------------------------


def layers(rnd: random.Random, d: float) -> tuple[Context, list[object], list[Callable[[], None]]]:
    ctx = BACKGROUND
    keys: list[object] = []
    cancels: list[Callable[[], None]] = []
    for i in range(30):
        kind = rnd.choice(["value", "cancel", "timeout"]) if i >= 3 else ["value", "cancel", "timeout"][i]
        match kind:
            case "value":
                keys.append(object())
                ctx = context.with_value(ctx, keys[-1], keys[-1])
            case "cancel":
                ctx, cancel = context.with_cancel(ctx)
                cancels.append(cancel)
            case "timeout":
                ctx, cancel = context.with_timeout(ctx, d)
                cancels.append(cancel)
    return ctx, keys, cancels


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.gochan
def test_layers_cancel(seed: int) -> None:
    """Go's TestLayersCancel."""
    rnd = random.Random(seed)
    ctx, keys, cancels = layers(rnd, FOREVER)
    check_alive(ctx)
    assert [ctx.value(key) for key in keys] == keys
    rnd.choice(cancels)()
    check_over(ctx)
    assert [ctx.value(key) for key in keys] == keys
    for cancel in cancels:
        cancel()
    assert sched.timeout() == -1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.gochan(synctest=True)
def test_layers_timeout(seed: int) -> None:
    """Go's TestLayersTimeout."""
    ctx, keys, _ = layers(random.Random(seed), 1)
    check_alive(ctx)
    wait_for_deadline(ctx)
    assert [ctx.value(key) for key in keys] == keys


# --- causes ------------------------------------------------------------------------------------------------

PARENT_CAUSE = ValueError("parent cause")
CHILD_CAUSE = KeyError("child cause")
TOO_SLOW = TimeoutError("too slow")
FINISHED_EARLY = RuntimeError("finished early")


def following(parent: Context) -> tuple[Context, Callable[[], None]]:
    """Make a context of foreign code's that has parent's values and ends with it: Go's newCustomContext."""
    ctx = OwnDone(parent)
    error: list[BaseException | None] = []

    def end(err: BaseException | None) -> None:
        if not error:
            error.append(err)
            ctx.channel.close()

    ctx.err = lambda: error[0] if error else None  # type: ignore[method-assign]
    context.after_func(parent, lambda: end(parent.err()))
    return ctx, lambda: end(Canceled())


def cancelled() -> Context:
    ctx, cancel = context.with_cancel(BACKGROUND)
    cancel()
    return ctx


def cancelled_for(cause: BaseException | None) -> Context:
    ctx, cancel = context.with_cancel_cause(BACKGROUND)
    cancel(cause)
    return ctx


def cancelled_for_nothing() -> Context:
    ctx, cancel = context.with_cancel_cause(BACKGROUND)
    cancel()
    return ctx


def both_with_cause(parent_first: bool) -> Context:
    parent, cancel_parent = context.with_cancel_cause(BACKGROUND)
    child, cancel_child = context.with_cancel_cause(parent)
    calls = [lambda: cancel_parent(PARENT_CAUSE), lambda: cancel_child(CHILD_CAUSE)]
    for call in calls if parent_first else reversed(calls):
        call()
    return child


def parent_with_cause(parent_first: bool) -> Context:
    parent, cancel_parent = context.with_cancel_cause(BACKGROUND)
    child, cancel_child = context.with_cancel(parent)
    calls = [lambda: cancel_parent(PARENT_CAUSE), cancel_child]
    for call in calls if parent_first else reversed(calls):
        call()
    return child


def child_with_cause(parent_first: bool) -> Context:
    parent, cancel_parent = context.with_cancel(BACKGROUND)
    child, cancel_child = context.with_cancel_cause(parent)
    calls = [cancel_parent, lambda: cancel_child(CHILD_CAUSE)]
    for call in calls if parent_first else reversed(calls):
        call()
    return child


def timed(d: float, cause: BaseException | None) -> Context:
    ctx, cancel = context.with_timeout_cause(BACKGROUND, d, cause)
    cancel()
    return ctx


def stacked(d: float) -> Context:
    parent, cancel = context.with_cancel_cause(BACKGROUND)
    ctx, _ = context.with_timeout_cause(parent, d, TOO_SLOW)
    cancel(FINISHED_EARLY)
    return ctx


def dated(d: timedelta) -> Context:
    ctx, cancel = context.with_deadline_cause(BACKGROUND, time.now() + d, TOO_SLOW)
    cancel()
    return ctx


def foreign(*order: str) -> Context:
    parent, cancel_parent = context.with_cancel_cause(BACKGROUND)
    ctx, cancel = following(parent)
    for who in order:
        if who == "parent":
            cancel_parent(PARENT_CAUSE)
        else:
            cancel()
    return ctx


# The error that a context has, and its cause; None for a cause that is the error itself.
CAUSES = [
    pytest.param(cancelled, Canceled, None, id="cancel"),
    pytest.param(lambda: cancelled_for(PARENT_CAUSE), Canceled, PARENT_CAUSE, id="cancel with a cause"),
    pytest.param(lambda: cancelled_for(None), Canceled, None, id="cancel with None"),
    pytest.param(cancelled_for_nothing, Canceled, None, id="cancel with nothing"),
    pytest.param(lambda: both_with_cause(True), Canceled, PARENT_CAUSE, id="parent before child"),
    pytest.param(lambda: both_with_cause(False), Canceled, CHILD_CAUSE, id="child before parent"),
    pytest.param(lambda: parent_with_cause(True), Canceled, PARENT_CAUSE, id="parent's before none"),
    pytest.param(lambda: parent_with_cause(False), Canceled, None, id="none before parent's"),
    pytest.param(lambda: child_with_cause(True), Canceled, None, id="none before child's"),
    pytest.param(lambda: child_with_cause(False), Canceled, CHILD_CAUSE, id="child's before none"),
    pytest.param(lambda: timed(0, None), DeadlineExceeded, None, id="timeout"),
    pytest.param(lambda: timed(FOREVER, None), Canceled, None, id="timeout cancelled"),
    pytest.param(lambda: timed(0, TOO_SLOW), DeadlineExceeded, TOO_SLOW, id="timeout with a cause"),
    pytest.param(lambda: timed(FOREVER, TOO_SLOW), Canceled, None, id="cancelled, so not too slow"),
    pytest.param(lambda: dated(timedelta(0)), DeadlineExceeded, TOO_SLOW, id="deadline with a cause"),
    pytest.param(lambda: dated(timedelta(1)), Canceled, None, id="deadline with a cause cancelled"),
    pytest.param(lambda: stacked(0), DeadlineExceeded, TOO_SLOW, id="timeout below a cause"),
    pytest.param(lambda: stacked(FOREVER), Canceled, FINISHED_EARLY, id="timeout below a cause cancelled"),
    pytest.param(lambda: foreign("child"), Canceled, None, id="foreign"),
    pytest.param(lambda: foreign("parent", "child"), Canceled, PARENT_CAUSE, id="foreign after its parent"),
    # Not quite right, and as in Go: it is unknown which of the two ended first.
    pytest.param(lambda: foreign("child", "parent"), Canceled, PARENT_CAUSE, id="foreign before its parent"),
]


@pytest.mark.parametrize(("make", "err", "cause"), CAUSES)
@pytest.mark.gochan(synctest=True)
def test_cause(make: Callable[[], Context], err: type[BaseException], cause: BaseException | None) -> None:
    """Go's TestCause."""
    ctx = make()
    synctest.wait()
    assert type(ctx.err()) is err
    assert context.cause(ctx) is (ctx.err() if cause is None else cause)
    for below in [context.with_value(ctx, "key", "value"), Wrapper(ctx), context.with_cancel(ctx)[0]]:
        synctest.wait()
        assert below.err() is ctx.err()
        assert context.cause(below) is context.cause(ctx)
    assert context.cause(context.without_cancel(ctx)) is None


@pytest.mark.gochan(synctest=True)
def test_the_cause_of_a_deadline_that_passes_later() -> None:
    ctx, cancel = context.with_timeout_cause(BACKGROUND, 1, TOO_SLOW)
    below, cancel_below = context.with_cancel_cause(ctx)
    assert context.cause(below) is None
    wait_for_deadline(below)
    cancel_below(CHILD_CAUSE)
    assert context.cause(below) is context.cause(ctx) is TOO_SLOW
    cancel()


@pytest.mark.gochan
def test_the_cause_of_a_deadline_is_lost_where_the_parents_is_sooner() -> None:
    """As in Go, where the child then is one of WithCancel."""
    soon, _ = context.with_timeout(BACKGROUND, -1)
    ctx, _ = context.with_timeout_cause(soon, 1, TOO_SLOW)
    assert context.cause(ctx) is soon.err()


@pytest.mark.gochan
def test_cause_is_none_until_the_context_has_ended() -> None:
    """Go's TestCauseRace; and a foreign context may end later than gochan's above it."""
    ctx, cancel = context.with_cancel_cause(BACKGROUND)
    go(cancel, PARENT_CAUSE)
    while context.cause(ctx) is None:
        runtime.gosched()
    assert context.cause(ctx) is PARENT_CAUSE

    lagging = OwnDone(ctx)
    lagging.err = lambda: None  # type: ignore[method-assign]
    assert context.cause(lagging) is None


def test_a_cause_may_be_any_exception() -> None:
    ctx, cancel = context.with_cancel_cause(BACKGROUND)
    cause = KeyboardInterrupt()
    cancel(cause)
    assert context.cause(ctx) is cause
    assert isinstance(ctx.err(), Canceled)


def test_the_errors_are_those_of_go_in_words() -> None:
    assert str(Canceled()) == "context canceled"
    assert str(DeadlineExceeded()) == "context deadline exceeded"
    assert issubclass(DeadlineExceeded, TimeoutError)  # Go's TestDeadlineExceededSupportsTimeout
    assert not issubclass(Canceled, TimeoutError)
    ctx, cancel = context.with_cancel(BACKGROUND)
    cancel()
    err = ctx.err()
    assert err is not None
    with pytest.raises(Canceled, match=r"^context canceled$"):
        raise err


# --- foreign contexts --------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_foreign_channel_decides_when_the_child_ends() -> None:
    """Go's TestCustomContextPropagation."""
    above, cancel_above = context.with_cancel_cause(BACKGROUND)
    custom = OwnDone(above)
    ctx, cancel = context.with_cancel(custom)
    cancel_above(PARENT_CAUSE)
    runtime.gosched()
    check_alive(ctx)
    # As for one that is made now: custom has an err(), and its channel is still open.
    late, cancel_late = context.with_cancel(custom)
    check_alive(late)
    custom.channel.close()
    for c in [ctx, late]:
        done = c.done()
        assert done is not None
        done.recv()
        check_over(c)
        assert context.cause(c) is PARENT_CAUSE
    cancel()
    cancel_late()


@pytest.mark.gochan
def test_cause_of_a_foreign_context() -> None:
    """Go's TestCustomContextCause."""
    custom = Foreign()
    custom.cancel(Canceled())
    assert context.cause(custom) is custom.err()

    custom = Foreign()
    ctx, cancel = context.with_cancel_cause(custom)
    cancel(CHILD_CAUSE)
    check_over(ctx)
    assert context.cause(ctx) is CHILD_CAUSE
    check_alive(custom)
    custom.cancel(Canceled())
    check_over(ctx)
    assert context.cause(ctx) is CHILD_CAUSE
    assert context.cause(custom) is custom.err()

    # One that ends its child itself.
    custom = Foreign()
    ctx, cancel = context.with_cancel_cause(custom)
    custom.cancel(Canceled())
    cancel()
    check_over(ctx)
    assert context.cause(ctx) is ctx.err()


@pytest.mark.gochan
def test_a_foreign_parent_ends_its_children() -> None:
    custom = Foreign()
    err = ConnectionError("gone")
    ctx, _ = context.with_cancel(custom)
    timed, _ = context.with_timeout(custom, FOREVER)
    called = Chan[BaseException | None]()
    context.after_func(custom, lambda: called.send(custom.err()))
    custom.cancel(err)
    for c in [ctx, timed]:
        done = c.done()
        assert done is not None
        done.recv()
        assert c.err() is err
        assert context.cause(c) is err
    assert called.recv() is err


def goroutines() -> int:
    return runtime.num_goroutine() - 1


@pytest.mark.gochan
def test_a_goroutine_is_needed_only_for_a_channel_that_is_not_ours() -> None:
    """Go's XTestCustomContextGoroutines."""
    for make in [context.with_cancel, lambda parent: context.with_timeout(parent, FOREVER)]:
        _, cancel = make(OwnDone(BACKGROUND))
        assert goroutines() == 1
        cancel()
        runtime.gosched()
        assert goroutines() == 0

    ctx1, cancel1 = context.with_cancel(BACKGROUND)
    ctx2 = Wrapper(ctx1)
    ctx3, cancel3 = context.with_cancel(ctx2)
    assert goroutines() == 0
    assert children(ctx1) == [ctx3]
    _, cancel3b = context.with_cancel(OwnDone(ctx2))
    assert goroutines() == 1
    ctx4, cancel4 = context.with_timeout(ctx3, FOREVER)
    ctx5, cancel5 = context.with_cancel(ctx4)
    cancel5()
    _, cancel6 = context.with_timeout(ctx5, FOREVER)
    cancel6()
    cancel1()
    _, cancel7 = context.with_cancel(ctx5)
    assert goroutines() == 1
    for cancel in [cancel3, cancel3b, cancel4, cancel7]:
        cancel()


@pytest.mark.gochan
def test_stop_ends_the_goroutine_that_follows_a_foreign_context() -> None:
    stop = context.after_func(Foreign(), lambda: None)
    assert goroutines() == 1
    assert stop() is True
    runtime.gosched()
    assert goroutines() == 0


@pytest.mark.gochan
def test_a_foreign_context_with_after_func_is_followed_by_it() -> None:
    """Go's TestCustomContextAfterFuncCancel, ...AfterFuncTimeout and ...AfterFuncAfterFunc."""
    parent = Following()
    ctx, _ = context.with_cancel(parent)
    timed, _ = context.with_timeout(parent, FOREVER)
    called = Chan[None]()
    stop = context.after_func(parent, called.close)
    assert goroutines() == 0
    err = Canceled()
    parent.cancel(err)
    for c in [ctx, timed]:
        done = c.done()
        assert done is not None
        done.recv()
        assert c.err() is err
    called.recv()
    assert stop() is False


@pytest.mark.gochan
def test_the_end_of_a_child_leaves_no_function_in_a_foreign_context() -> None:
    """Go's TestCustomContextAfterFuncUnregisterCancel, ...UnregisterTimeout and ...UnregisterAfterFunc."""
    parent = Following()
    _, cancel1 = context.with_cancel(parent)
    _, cancel2 = context.with_cancel(parent)
    _, cancel3 = context.with_timeout(parent, FOREVER)
    stop = context.after_func(parent, lambda: None)
    assert len(parent.functions) == 4
    cancel1()
    cancel2()
    assert len(parent.functions) == 2
    cancel3()
    assert len(parent.functions) == 1
    stop()
    assert len(parent.functions) == 0


@pytest.mark.gochan
def test_a_foreign_context_that_has_ended_without_an_error() -> None:
    custom = Foreign()
    custom.channel.close()
    with pytest.raises(Panic, match=r"^context: internal error: missing cancel error$"):
        context.with_cancel(custom)


def test_a_foreign_context_that_ends_without_an_error_ends_the_program() -> None:
    def main() -> None:
        custom = Foreign()
        context.with_cancel(custom)
        custom.channel.close()
        Chan[None]().recv()

    with pytest.raises(
        Panic, match=r"^context: internal error: missing cancel error\nin goroutine 2, created by"
    ):
        run(main)


def test_a_foreign_context_whose_channel_is_none() -> None:
    custom = Foreign()
    custom.channel = [1]  # type: ignore[assignment]
    with pytest.raises(TypeError, match=r"^Foreign.done: returned \[1\]; return a Chan or None$"):
        context.with_cancel(custom)


# --- after_func --------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_after_func_is_called_after_cancel() -> None:
    """Go's TestAfterFuncCalledAfterCancel and TestAfterFuncCalledAsynchronously."""
    ctx, cancel = context.with_cancel(BACKGROUND)
    called = Chan[str]()
    stop = context.after_func(ctx, lambda: called.send("called"))
    time.sleep(1)
    assert select(recv(called), default)[0] == 1
    cancel()  # does not wait for the function, which waits for us
    assert called.recv() == "called"
    assert stop() is False


@pytest.mark.gochan(synctest=True)
def test_after_func_is_called_after_a_timeout() -> None:
    """Go's TestAfterFuncCalledAfterTimeout."""
    ctx, cancel = context.with_timeout(BACKGROUND, 1)
    called = Chan[None]()
    start = time.now()
    context.after_func(ctx, called.close)
    called.recv()
    assert time.since(start) == 1
    cancel()


@pytest.mark.gochan
def test_after_func_of_a_context_that_has_ended_is_called_at_once() -> None:
    """Go's TestAfterFuncCalledImmediately."""
    called = Chan[None]()
    stop = context.after_func(cancelled(), called.close)
    assert stop() is False
    called.recv()


@pytest.mark.gochan(synctest=True)
def test_after_func_is_not_called_after_stop() -> None:
    """Go's TestAfterFuncNotCalledAfterStop."""
    ctx, cancel = context.with_cancel(BACKGROUND)
    called: list[bool] = []
    stop = context.after_func(ctx, lambda: called.append(True))
    assert stop() is True
    cancel()
    time.sleep(1)
    assert not called
    assert stop() is False


@pytest.mark.gochan
def test_after_func_of_what_never_ends() -> None:
    stop = context.after_func(BACKGROUND, lambda: None)
    assert stop() is True
    assert stop() is False


@pytest.mark.gochan
def test_each_after_func_is_called_in_the_order_of_the_calls() -> None:
    """Go promises no order.  Each new goroutine runs next, so that the last one runs first."""
    ctx, cancel = context.with_cancel(BACKGROUND)
    called: list[int] = []
    wg = sync.WaitGroup()
    for i in range(3):
        wg.add(1)
        context.after_func(ctx, lambda i=i: (called.append(i), wg.done()))
    cancel()
    wg.wait()
    assert called == [2, 0, 1]


def test_an_exception_in_an_after_func_ends_the_program() -> None:
    def main() -> None:
        ctx, cancel = context.with_cancel(BACKGROUND)
        context.after_func(ctx, lambda: 1 // 0)
        cancel()
        Chan[None]().recv()

    with pytest.raises(ZeroDivisionError) as caught:
        run(main)
    (note,) = caught.value.__notes__
    assert note.startswith("in goroutine 2, created by goroutine 1 at\n")
    assert "cancel()" in note


# --- children are dropped ----------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_parent_ends_its_children_and_drops_them() -> None:
    """Go's XTestParentFinishesChild."""
    parent, cancel = context.with_cancel(BACKGROUND)
    child, _ = context.with_cancel(parent)
    value = context.with_value(parent, "key", "value")
    timed, _ = context.with_timeout(value, FOREVER)
    context.after_func(parent, lambda: None)
    for ctx in [parent, child, value, timed]:
        check_alive(ctx)
    assert len(children(parent)) == 3
    assert children(parent)[:2] == [child, timed]
    cancel()
    assert children(parent) == []
    for ctx in [parent, child, value, timed, context.with_value(parent, "key", "value")]:
        check_over(ctx)
    runtime.gosched()


@pytest.mark.gochan
def test_a_child_that_ends_first() -> None:
    """Go's XTestChildFinishesFirst."""
    cancelable, stop = context.with_cancel(BACKGROUND)
    for parent in [BACKGROUND, cancelable]:
        child, cancel = context.with_cancel(parent)
        if parent is cancelable:
            assert children(parent) == [child]
        cancel()
        check_over(child)
        check_alive(parent)
    assert children(cancelable) == []
    stop()


@pytest.mark.gochan(synctest=True)
def test_a_child_is_dropped_however_it_ends() -> None:
    """Go's XTestCancelRemoves."""
    parent, cancel_parent = context.with_cancel(BACKGROUND)
    _, cancel = context.with_cancel(parent)
    assert len(children(parent)) == 1
    cancel()
    assert children(parent) == []
    _, cancel = context.with_timeout(parent, FOREVER)
    assert len(children(parent)) == 1
    cancel()
    assert children(parent) == []
    context.with_timeout(Wrapper(context.with_value(parent, "key", 1)), 1)
    assert len(children(parent)) == 1
    time.sleep(2)
    assert children(parent) == []
    context.with_timeout(parent, -1)
    assert children(parent) == []
    stop = context.after_func(parent, lambda: None)
    assert len(children(parent)) == 1
    stop()
    assert children(parent) == []
    cancel_parent()


@contextmanager
def no_collector() -> Iterator[None]:
    """What is freed here is freed without the garbage collector: it is in no cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "make",
    [
        context.with_cancel,
        context.with_cancel_cause,
        lambda parent: context.with_timeout(parent, FOREVER),
        lambda parent: context.with_deadline(parent, datetime.now(UTC) + timedelta(days=1)),
    ],
    ids=["with_cancel", "with_cancel_cause", "with_timeout", "with_deadline"],
)
@pytest.mark.gochan
def test_a_long_lived_parent_keeps_nothing_of_its_children(make: Callable[[Context], Any]) -> None:
    for root in [context.with_cancel(BACKGROUND)[0], Following(), Foreign()]:
        with no_collector():
            seen = []
            for _ in range(3):
                with make(root) as ctx, make(ctx) as below:
                    seen += [weakref.ref(ctx), weakref.ref(below)]
                    done = below.done()
                del ctx, below
                assert done is not None
                done.recv()
            # The goroutine that followed a foreign context has to see the end.
            runtime.gosched()
            assert [ref() for ref in seen] == [None] * 6
    assert sched.timeout() == -1


@pytest.mark.gochan
def test_a_context_that_is_dropped_below_one_that_never_ends_is_garbage() -> None:
    with no_collector():
        pair = context.with_cancel(context.with_value(BACKGROUND, "key", "value"))
        ref = weakref.ref(pair[0])
        del pair
        assert ref() is None


# --- with statements ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda: context.with_cancel(BACKGROUND),
        lambda: context.with_cancel_cause(BACKGROUND),
        lambda: context.with_timeout(BACKGROUND, FOREVER),
        lambda: context.with_timeout_cause(BACKGROUND, FOREVER, TOO_SLOW),
        lambda: context.with_deadline(BACKGROUND, datetime.max),
        lambda: context.with_deadline_cause(BACKGROUND, datetime.max, TOO_SLOW),
    ],
)
@pytest.mark.gochan
def test_with_cancels_at_the_end(make: Callable[[], Any]) -> None:
    with make() as ctx:
        check_alive(ctx)
    check_over(ctx)
    assert context.cause(ctx) is ctx.err()
    with pytest.raises(ZeroDivisionError), make() as ctx:
        raise ZeroDivisionError
    check_over(ctx)

    pair = make()
    assert isinstance(pair, tuple)
    ctx, cancel = pair
    with pair as entered:
        assert entered is ctx
        cancel()
        check_over(ctx)
    assert sched.timeout() == -1


@pytest.mark.gochan(synctest=True)
def test_with_leaves_the_error_of_a_deadline() -> None:
    with context.with_timeout(BACKGROUND, 1) as ctx:
        time.sleep(2)
    check_over(ctx, DeadlineExceeded)


# --- bad input ---------------------------------------------------------------------------------------------

DERIVE = [
    pytest.param(context.with_cancel, id="with_cancel"),
    pytest.param(context.with_cancel_cause, id="with_cancel_cause"),
    pytest.param(lambda parent: context.with_timeout(parent, 1), id="with_timeout"),
    pytest.param(lambda parent: context.with_timeout_cause(parent, 1, None), id="with_timeout_cause"),
    pytest.param(lambda parent: context.with_deadline(parent, datetime.now()), id="with_deadline"),
    pytest.param(lambda parent: context.with_deadline_cause(parent, datetime.now(), None), id="..._cause"),
    pytest.param(lambda parent: context.with_value(parent, "key", 1), id="with_value"),
    pytest.param(context.without_cancel, id="without_cancel"),
]


@pytest.mark.parametrize("derive", DERIVE)
def test_a_parent_is_needed(derive: Callable[[Any], object]) -> None:
    """Go's TestInvalidDerivedFail."""
    with pytest.raises(Panic, match=r"^cannot create context from nil parent$"):
        derive(None)


@pytest.mark.parametrize("derive", [*DERIVE, context.cause, lambda ctx: context.after_func(ctx, print)])
@pytest.mark.parametrize(
    "parent", [3, "background", context.background, context.Canceled(), (BACKGROUND, None)]
)
def test_a_parent_is_a_context(derive: Callable[[Any], object], parent: object) -> None:
    with pytest.raises(
        TypeError, match=r"^context.\w+: .* is not a context; give context.background\(\) or one derived"
    ):
        derive(parent)


@pytest.mark.parametrize("use", [context.cause, lambda ctx: context.after_func(ctx, print)])
def test_none_is_not_a_context(use: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match=r"^context.\w+: None is not a context"):
        use(None)


def test_a_key_is_needed() -> None:
    """Go's TestWithValueChecksKey.  What Go cannot compare, Python can."""
    with pytest.raises(Panic, match=r"^nil key$"):
        context.with_value(BACKGROUND, None, "value")
    assert context.with_value(BACKGROUND, ["list"], "value").value(["list"]) == "value"


@pytest.mark.parametrize("d", ["1", None, True, datetime.now()])
def test_a_timeout_is_a_duration(d: Any) -> None:
    with pytest.raises(TypeError, match=r"^context.with_timeout: .* is not a duration"):
        context.with_timeout(BACKGROUND, d)
    with pytest.raises(TypeError, match=r"^context.with_timeout_cause: .* is not a duration"):
        context.with_timeout_cause(BACKGROUND, d, None)


@pytest.mark.parametrize("d", [1, 1.5, None, "tomorrow", timedelta(1), datetime.now().date()])
def test_a_deadline_is_a_moment(d: Any) -> None:
    advice = ": .* is not a datetime; give one, or use context."
    with pytest.raises(TypeError, match=f"^context.with_deadline{advice}with_timeout for"):
        context.with_deadline(BACKGROUND, d)
    with pytest.raises(TypeError, match=f"^context.with_deadline_cause{advice}with_timeout_cause for"):
        context.with_deadline_cause(BACKGROUND, d, None)


@pytest.mark.parametrize("cause", ["because", 3, ValueError])
def test_a_cause_is_an_exception(cause: Any) -> None:
    ctx, cancel = context.with_cancel_cause(BACKGROUND)
    with pytest.raises(TypeError, match=r"^cancel: the cause .* is not an exception; give an exc"):
        cancel(cause)
    check_alive(ctx)
    with pytest.raises(TypeError, match=r"^context.with_timeout_cause: the cause .* is not an exception"):
        context.with_timeout_cause(BACKGROUND, 1, cause)
    with pytest.raises(TypeError, match=r"^context.with_deadline_cause: the cause .* is not an exception"):
        context.with_deadline_cause(BACKGROUND, datetime.now(), cause)


@pytest.mark.parametrize("f", [None, 3, "f"])
def test_after_func_refuses_what_cannot_be_called(f: Any) -> None:
    with pytest.raises(TypeError, match=r"^context.after_func: .* is not callable; give a function"):
        context.after_func(BACKGROUND, f)


def test_what_is_exported_is_there() -> None:
    assert all(hasattr(context, name) for name in context.__all__)
