"""What reports say of goroutines that are left blocked: what they wait for, and who could have ended that."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from gochan import Chan, context, errgroup, explore, go, recv, select, semaphore, sync


def lock_order() -> None:
    a, b = sync.Mutex(), sync.Mutex()
    wg = sync.WaitGroup()

    def take(first: sync.Mutex, second: sync.Mutex) -> None:
        with first, second:
            pass

    wg.go(take, a, b)
    wg.go(take, b, a)
    wg.wait()


def not_unlocked() -> None:
    mu, wg = sync.Mutex(), sync.WaitGroup()

    @wg.go
    def _() -> None:
        mu.lock()

    wg.wait()
    mu.lock()


def locked_twice() -> None:
    mu = sync.Mutex()
    mu.lock()
    mu.unlock()
    mu.lock()
    mu.lock()


def read_twice() -> None:
    rw = sync.RWMutex()

    def read() -> None:
        with rw.rlocker():
            with rw.rlocker():
                pass
            rw.rlock()
            rw.runlock()

    wg = sync.WaitGroup()

    @wg.go
    def _() -> None:
        with rw:
            pass

    wg.go(read)
    wg.wait()


def upgrade() -> None:
    rw = sync.RWMutex()
    rw.rlock()
    rw.lock()


def lost_close() -> None:
    ch = Chan[int]()
    go(lambda: ch.send(1))
    for _ in ch:
        pass


def no_receiver() -> None:
    go(Chan[int]().send, 1)


def only_itself() -> None:
    ch = Chan[int](1)
    ch.send(1)
    ch.send(2)


def of_several() -> None:
    a, b = Chan[int](), Chan[int]()
    go(a.send, 1)
    for _ in range(2):
        select(recv(a), recv(b))


def nil_channels() -> None:
    select(recv(None))


def lost_signal() -> None:
    cond = sync.Cond(sync.Mutex())
    go(cond.signal)
    with cond.l:
        cond.wait()


def once_in_itself() -> None:
    once = sync.Once()
    once.do(lambda: once.do(print))


def group_in_itself() -> None:
    group = errgroup.Group()
    group.go(group.wait)
    group.wait()


def hold_and_wait() -> None:
    sem = semaphore.Weighted(1)
    sem.acquire(context.background(), 1)
    sem.acquire(context.background(), 1)


def not_canceled() -> None:
    ctx, cancel = context.with_cancel(context.background())
    ch = Chan[int]()
    go(lambda: [select(recv(ctx.done()), recv(ch)) for _ in range(2)])
    ch.send(1)
    context.with_value(ctx, "kept", cancel).done().recv()


HERE = r"test_waits\.py:\d+"
NOT_CANCELED = r"ctx\.done\(\) 1 is closed when its context is canceled, which has not happened"
CASES: dict[Callable[[], None], list[str]] = {
    lock_order: [
        "goroutine 1 waits in wait: WaitGroup 1",
        f"goroutine 2 waits in lock: Mutex 2 is held by goroutine 3 since {HERE}",
        f"goroutine 3 waits in lock: Mutex 1 is held by goroutine 2 since {HERE}",
    ],
    not_unlocked: [rf"goroutine 1 waits in lock: Mutex 1 is held by goroutine 2 \(ended\) since {HERE}"],
    locked_twice: [f"goroutine 1 waits in lock: Mutex 1 is held by the goroutine itself since {HERE}"],
    read_twice: [
        "goroutine 1 waits in wait: WaitGroup 1",
        f"goroutine 2 waits in lock: RWMutex 1 is held by goroutine 3 since {HERE}",
        f"goroutine 3 waits in rlock: RWMutex 1 is held by the goroutine itself since {HERE}"
        ", and goroutine 2 waits to lock it",
    ],
    upgrade: [f"goroutine 1 waits in lock: RWMutex 1 is held by the goroutine itself since {HERE}"],
    lost_close: [
        rf"goroutine 1 waits in recv_ok: Chan 1 was last used by goroutine 2 \(ended\): send at {HERE}"
    ],
    no_receiver: ["goroutine 2 waits in send: no other goroutine has used Chan 1"],
    only_itself: [f"goroutine 1 waits in send: only the goroutine itself has used Chan 1: send at {HERE}"],
    of_several: [
        r"goroutine 1 waits in select: Chan 1 was last used by goroutine 2 \(ended\): send"
        f"; only the goroutine itself has used Chan 2: select at {HERE}"
    ],
    nil_channels: ["goroutine 1 waits in select: it has no channel, so it waits forever"],
    lost_signal: [r"goroutine 1 waits in wait: Cond 1 was last used by goroutine 2 \(ended\): signal"],
    once_in_itself: [f"goroutine 1 waits in do: only the goroutine itself has used Once 1: do at {HERE}"],
    group_in_itself: [
        "goroutine 1 waits in wait: Group 1",
        f"goroutine 2 waits in wait: Group 1 was last used by goroutine 1: go at {HERE}",
    ],
    not_canceled: [
        f"goroutine 1 waits in recv: {NOT_CANCELED}",
        f"goroutine 2 waits in select: {NOT_CANCELED}; Chan 1 was last used by goroutine 1: send at {HERE}",
    ],
    hold_and_wait: [
        f"goroutine 1 waits in acquire: only the goroutine itself has used Weighted 1: acquire at {HERE}"
    ],
}


@pytest.mark.parametrize("program", CASES, ids=lambda program: program.__name__)
def test_what_they_wait_for(program: Callable[[], None]) -> None:
    with pytest.raises(explore.Found) as found:
        explore.check(program)
    text = str(found.value)
    lines = text.partition("what they wait for:\n")[2].partition("\n\n")[0].splitlines()
    assert re.fullmatch("\n".join(f"  {line}" for line in CASES[program]), "\n".join(lines)), text


def test_other_failures_have_no_waits() -> None:
    def main() -> None:
        go(Chan[int]().recv)
        raise AssertionError

    with pytest.raises(explore.Found) as found:
        explore.check(main)
    assert "what they wait for" not in str(found.value)


def test_where_a_goroutine_was_started() -> None:
    def main() -> None:
        go(Chan[int]().recv)
        sync.WaitGroup().go(Chan[int]().recv)

    with pytest.raises(explore.Found) as found:
        explore.check(main)
    places = re.findall(
        r'created by goroutine 1 at\n  File ".*test_waits.py", line (\d+), in', str(found.value)
    )
    first = main.__code__.co_firstlineno
    assert sorted(map(int, places)) == [first + 1, first + 2]
