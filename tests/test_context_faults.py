"""Contexts, interrupted at chosen points: by a handler that raises, or by another thread that is faster.

test_context.py raises at every point, by a trace function.  Here one point is chosen at a time.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gochan import Chan, Panic, context, go, run, synctest, time
from gochan.context import Canceled, Context, background, with_cancel, with_deadline, with_timeout
from gochan.runtime import gosched
from gochan.sync import Mutex


def once(function: Callable[..., Any], before: Callable[[], object]) -> Callable[..., Any]:
    """Return a function that calls `before` first, the first time that it is called."""
    calls = [before]

    def call(*args: Any) -> Any:
        if calls:
            calls.pop()()
        return function(*args)

    return call


def fail() -> None:
    raise ZeroDivisionError


def tree() -> tuple[Callable[[], None], list[Any]]:
    """Make a root, two children and a grandchild; return the root's cancel function and all of them."""
    root, cancel = with_cancel(background())
    first, _ = with_cancel(root)
    second, _ = with_timeout(root, 3600)
    below, _ = with_cancel(first)
    every: list[Any] = [root, first, second, below]
    for ctx in every:
        ctx.done()
    return cancel, every


def check_over(every: list[Any]) -> None:
    for ctx in every:
        assert type(ctx.err()) is Canceled
        assert ctx.done()._can_recv()
        assert ctx._children == {}


@pytest.mark.parametrize("index", range(4))
@pytest.mark.parametrize("name", ["_ended", "_close_done"])
def test_a_handler_raises_while_a_tree_ends(monkeypatch: pytest.MonkeyPatch, name: str, index: int) -> None:
    """The exception reaches the caller of cancel after the whole tree has ended."""
    cancel, every = tree()
    monkeypatch.setattr(every[index], name, once(getattr(every[index], name), fail))
    with pytest.raises(ZeroDivisionError):
        cancel()
    check_over(every)
    cancel()


def test_a_handler_raises_before_the_tree_has_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    cancel, every = tree()
    monkeypatch.setattr(every[0], "_mark", once(every[0]._mark, fail))
    with pytest.raises(ZeroDivisionError):
        cancel()
    check_over(every)


def test_a_handler_raises_twice_while_a_tree_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was interrupted twice keeps an open channel, and nothing else."""
    cancel, every = tree()

    def always(*args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(every[1], "_ended", always)
    with pytest.raises(ZeroDivisionError):
        cancel()
    check_over([every[0], *every[2:]])
    assert type(every[1].err()) is Canceled
    assert not every[1].done()._can_recv()


def test_a_channel_that_another_thread_has_closed_by_now() -> None:
    cancel, every = tree()
    every[1]._done.close()
    cancel()
    check_over(every)


def test_a_child_that_has_ended_and_is_still_in_its_parent() -> None:
    """Another thread has cancelled it, and is about to remove it: it keeps its own error."""
    cancel, every = tree()
    gone, why = Canceled(), ValueError("its own")
    every[1]._end(gone, why)
    cancel()
    assert every[1].err() is gone
    assert context.cause(every[1]) is why
    assert context.cause(every[3]) is why
    check_over([every[0], every[2]])


class Racing(dict[Any, None]):
    """The children of a context that another thread cancels as one is added."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        self.cancel = cancel

    def __setitem__(self, child: Any, value: None) -> None:
        self.cancel()
        super().__setitem__(child, value)


@pytest.mark.parametrize("derive", [with_cancel, lambda parent: with_timeout(parent, 3600)])
def test_the_parent_ends_while_a_child_is_added(derive: Callable[[Context], Any]) -> None:
    parent: Any
    parent, cancel = with_cancel(background())
    parent._children = Racing(cancel)
    child, _ = derive(parent)
    assert child.err() is parent.err()
    assert parent._children == {}


def test_another_thread_makes_the_channel_first(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx: Any
    ctx, cancel = with_cancel(background())
    first: Chan[Any] = Chan()

    def make() -> Chan[Any]:
        ctx._done = first
        return Chan()

    monkeypatch.setattr(context, "Chan", make)
    assert ctx.done() is first
    monkeypatch.undo()
    cancel()
    assert first._can_recv()


def test_the_context_ends_while_its_timer_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    parent, cancel = with_cancel(background())
    made: list[time.Timer] = []

    def after_func(left: float, expire: Callable[[], None]) -> time.Timer:
        made.append(real(left, expire))
        cancel()
        return made[0]

    real = time.after_func
    monkeypatch.setattr(time, "after_func", after_func)
    child, _ = with_timeout(parent, 3600)
    assert child.err() is parent.err()
    assert made[0].stop() is False  # stopped already


def test_a_deadline_below_a_context_that_has_ended() -> None:
    parent, cancel = with_cancel(background())
    cancel()
    child: Any
    child, _ = with_deadline(parent, time.now() + timedelta(hours=1))
    assert child.err() is parent.err()
    assert child._timer is None


def test_a_function_that_cannot_be_started_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is started when the end of the tree is repeated, and once only."""
    log: list[int] = []

    def main() -> None:
        ctx, cancel = with_cancel(background())
        stop = context.after_func(ctx, lambda: log.append(1))
        monkeypatch.setattr(context, "spawn", once(context.spawn, fail))
        with pytest.raises(ZeroDivisionError):
            cancel()
        time.sleep(0.001)
        assert log == [1]
        assert stop() is False

    run(main)
    assert log == [1]


def test_a_function_that_was_started_when_a_handler_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[int] = []

    def main() -> None:
        ctx, cancel = with_cancel(background())
        context.after_func(ctx, lambda: log.append(1))
        real: Any = context.spawn

        def spawn(*args: Any) -> None:
            real(*args)
            raise ZeroDivisionError

        monkeypatch.setattr(context, "spawn", spawn)
        with pytest.raises(ZeroDivisionError):
            cancel()
        time.sleep(0.001)

    run(main)
    assert log == [1]


def test_a_channel_of_a_bubble_is_skipped() -> None:
    """The bubble's context has ended, with an open channel; the rest of the tree has ended as usual."""
    root, cancel = with_cancel(background())
    outside: Any
    outside, _ = with_cancel(root)
    outside.done()
    inside: list[Any] = []
    # A mutex of no bubble, so that the bubble's clock stands still while it is locked.
    gate = Mutex()

    def bubble() -> None:
        inside.append(with_cancel(root)[0])
        inside[0].done()
        with gate:
            pass

    def main() -> None:
        gate.lock()
        ended: Chan[bool] = Chan(1)
        go(lambda: ended.send(synctest.test(bubble) is None))
        while not inside:
            gosched()
        with pytest.raises(Panic, match="synctest"):
            cancel()
        gate.unlock()
        assert ended.recv()

    run(main)
    check_over([outside])
    assert type(inside[0].err()) is Canceled
