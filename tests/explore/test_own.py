"""gochan's own packages in all orders of their operations: what each promises holds in every schedule.

Each program is small enough to be explored exhaustively.  What a function of gochan does without waiting is
one step, as it is when the program runs.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gochan import (
    Chan,
    close,
    context,
    errgroup,
    explore,
    go,
    recv,
    runtime,
    select,
    semaphore,
    singleflight,
    sync,
)

RUNS = 20_000


def mutex() -> None:
    mu = sync.Mutex()
    wg = sync.WaitGroup()
    inside = sync.atomic.Int32()

    def work() -> None:
        with mu:
            assert inside.add(1) == 1
            runtime.gosched()
            inside.add(-1)

    wg.go(work)
    wg.go(work)
    if mu.try_lock():
        assert inside.load() == 0
        mu.unlock()
    wg.wait()


def rwmutex() -> None:
    mu = sync.RWMutex()
    wg = sync.WaitGroup()
    readers, writers = sync.atomic.Int32(), sync.atomic.Int32()

    def read() -> None:
        with mu.rlocker():
            readers.add(1)
            assert writers.load() == 0
            readers.add(-1)

    wg.go(read)
    wg.go(read)
    with mu:
        writers.add(1)
        assert readers.load() == 0
        writers.add(-1)
    wg.wait()


def cond() -> None:
    mu = sync.Mutex()
    filled = sync.Cond(mu)
    queue: list[int] = []
    wg = sync.WaitGroup()
    got: list[int] = []

    def take() -> None:
        with mu:
            while not queue:
                filled.wait()
            got.append(queue.pop())

    wg.go(take)
    wg.go(take)
    for i in range(2):
        with mu:
            queue.append(i)
            filled.signal()
    wg.wait()
    assert sorted(got) == [0, 1]


def waitgroup() -> None:
    wg = sync.WaitGroup()
    done: list[int] = []
    mu = sync.Mutex()

    def work(i: int) -> None:
        with mu:
            done.append(i)

    wg.go(work, 1)
    wg.go(work, 2)
    wg.wait()
    assert sorted(done) == [1, 2]
    # It can be used again.
    wg.go(work, 3)
    wg.wait()
    assert sorted(done) == [1, 2, 3]


def once() -> None:
    first = sync.Once()
    wg = sync.WaitGroup()
    ready = Chan[None](1)
    calls = sync.atomic.Int32()

    def prepare() -> None:
        calls.add(1)
        ready.recv()
        calls.add(10)

    def use() -> None:
        first.do(prepare)
        # Whoever comes later waits until the first call has returned.
        assert calls.load() == 11

    wg.go(use)
    wg.go(use)
    ready.send(None)
    wg.wait()


def once_value() -> None:
    made = sync.atomic.Int32()

    def make() -> int:
        runtime.gosched()
        return made.add(1)

    get = sync.once_value(make)
    wg = sync.WaitGroup()
    got = Chan[int](3)
    for _ in range(3):
        wg.go(lambda: got.send(get()))
    wg.wait()
    assert [got.recv() for _ in range(3)] == [1, 1, 1]


def sync_map() -> None:
    values = sync.Map[str, int]()
    got = Chan[tuple[int, bool]](2)

    def store(v: int) -> None:
        got.send(values.load_or_store("key", v))

    go(store, 1)
    go(store, 2)
    (a, a_was_there), (b, b_was_there) = got.recv(), got.recv()
    assert a == b
    assert a_was_there != b_was_there


def errgroup_error() -> None:
    g, ctx = errgroup.with_context(context.background())
    g.go(_fail, "a")
    g.go(_fail, "b")
    ended = Chan[None](1)

    def until_canceled() -> None:
        ctx.done().recv_ok()  # type: ignore[union-attr]
        ended.send(None)

    g.go(until_canceled)
    with pytest.raises(ValueError, match=r"^[ab]$") as failure:
        g.wait()
    assert len(ended) == 1
    assert context.cause(ctx) is failure.value


def errgroup_limit() -> None:
    g = errgroup.Group()
    g.set_limit(1)
    at_once = sync.atomic.Int32()

    def work() -> None:
        assert at_once.add(1) == 1
        runtime.gosched()
        at_once.add(-1)

    g.go(work)
    g.go(work)
    g.try_go(work)
    g.wait()


def weighted() -> None:
    tokens = semaphore.new_weighted(2)
    taken = sync.atomic.Int32()
    wg = sync.WaitGroup()

    def take(n: int) -> None:
        tokens.acquire(context.background(), n)
        assert taken.add(n) <= 2
        taken.add(-n)
        tokens.release(n)

    wg.go(take, 2)
    take(1)
    wg.wait()
    assert tokens.try_acquire(2)


def weighted_canceled() -> None:
    tokens = semaphore.new_weighted(1)
    ctx, cancel = context.with_cancel(context.background())
    wg = sync.WaitGroup()

    def take() -> None:
        try:
            tokens.acquire(ctx, 1)
        except context.Canceled:
            return
        tokens.release(1)

    wg.go(take)
    wg.go(take)
    cancel()
    wg.wait()
    # Whoever gave up has left nothing behind.
    assert tokens.try_acquire(1)


def context_cause() -> None:
    parent, cancel_parent = context.with_cancel_cause(context.background())
    ctx, cancel = context.with_cancel_cause(parent)
    mine, theirs = ValueError("mine"), ValueError("theirs")
    wg = sync.WaitGroup()
    wg.go(cancel, mine)
    wg.go(cancel_parent, theirs)
    ctx.done().recv_ok()  # type: ignore[union-attr]
    assert isinstance(ctx.err(), context.Canceled)
    first = context.cause(ctx)
    assert first in (mine, theirs)
    wg.wait()
    # The first stays.
    assert context.cause(ctx) is first
    assert context.cause(parent) is theirs


def context_after_func() -> None:
    ctx, cancel = context.with_cancel(context.background())
    called = Chan[None](2)
    stop = context.after_func(ctx, lambda: called.send(None))
    go(cancel)
    stopped = stop()
    assert not stop()
    if stopped:
        assert len(called) == 0
    else:
        called.recv()


def context_timeout() -> None:
    ctx, cancel = context.with_timeout(context.background(), 1)
    go(cancel)
    select(recv(ctx.done()))
    assert type(ctx.err()) in (context.Canceled, context.DeadlineExceeded)


def single_flight() -> None:
    flights = singleflight.Group()
    calls = sync.atomic.Int32()
    results = Chan[tuple[int, bool]](2)

    def load() -> int:
        runtime.gosched()
        return calls.add(1)

    def ask() -> None:
        results.send(flights.do("key", load))

    go(ask)
    go(ask)
    got = [results.recv(), results.recv()]
    if calls.load() == 1:
        assert got == [(1, True), (1, True)]
    else:
        assert sorted(got) == [(1, False), (2, False)]


def closed_channel() -> None:
    ch = Chan[int](1)
    wg = sync.WaitGroup()
    sums = Chan[int](2)

    def add_up() -> None:
        sums.send(sum(list(ch)))

    wg.go(add_up)
    wg.go(add_up)
    for i in (1, 2, 4):
        ch.send(i)
    close(ch)
    wg.wait()
    assert sums.recv() + sums.recv() == 7


def _fail(text: str) -> None:
    raise ValueError(text)


PROGRAMS = [
    mutex, rwmutex, cond, waitgroup, once, once_value, sync_map, errgroup_error, errgroup_limit, weighted,
    weighted_canceled, context_cause, context_after_func, context_timeout, single_flight, closed_channel,
]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_it_holds_in_every_schedule(program: Callable[[], None]) -> None:
    result = explore.check(program, strategy="exhaustive", runs=RUNS)
    assert result.exhausted
    assert result.schedules > 1
