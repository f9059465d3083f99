"""semaphore.  Where a test follows one of Go's, its docstring names it (semaphore_test.go)."""

import functools
import random
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from gochan import Chan, Deadlock, Panic, context, errgroup, go, run, runtime, semaphore, sync, synctest, time

BACKGROUND = context.background()


def program(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test as a program of its own."""

    @functools.wraps(test)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        run(test, *args, **kwargs)

    return wrapper


def virtual(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test as a program of its own, on a virtual clock; it leaves no goroutine behind."""

    @functools.wraps(test)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        run(synctest.test, test, *args, **kwargs)

    return wrapper


def free(sem: semaphore.Weighted, size: int) -> int:
    """How much of the semaphore is free, if nobody waits."""
    n = next((n for n in range(size, 0, -1) if sem.try_acquire(n)), 0)
    sem.release(n)
    return n


# --- Go's tests ------------------------------------------------------------------------------------------


@virtual
def test_weighted() -> None:
    """TestWeighted: goroutines of different weights come and go; never do they hold more than there is."""
    size, loops = 5, 200
    sem = semaphore.Weighted(size)
    chance = random.Random(1)
    held = 0

    def hammer(n: int) -> None:
        nonlocal held
        for _ in range(loops):
            sem.acquire(BACKGROUND, n)
            held += n
            assert held <= size
            time.sleep(chance.uniform(0, time.MILLISECOND))
            held -= n
            sem.release(n)

    with errgroup.Group() as group:
        for n in range(size):
            group.go(hammer, n)
    assert free(sem, size) == size


def test_weighted_panic() -> None:
    """TestWeightedPanic: more than is held cannot be released; what is held stays as it was."""
    sem = semaphore.Weighted(2)
    words = "^semaphore: released more than held$"
    with pytest.raises(Panic, match=words):
        sem.release(1)
    assert sem.try_acquire(1)
    with pytest.raises(Panic, match=words):
        sem.release(2)
    assert free(sem, 2) == 1


@program
def test_weighted_try_acquire() -> None:
    """TestWeightedTryAcquire."""
    sem = semaphore.Weighted(2)
    sem.acquire(BACKGROUND, 1)
    tries = [sem.try_acquire(1), sem.try_acquire(1)]
    sem.release(2)
    tries.append(sem.try_acquire(1))
    sem.acquire(BACKGROUND, 1)
    tries.append(sem.try_acquire(1))
    assert tries == [True, False, True, False]


@virtual
def test_weighted_acquire() -> None:
    """TestWeightedAcquire: with a context that times out."""
    sem = semaphore.Weighted(2)
    start = time.now()

    def acquire() -> bool:
        with context.with_timeout(BACKGROUND, 10 * time.MILLISECOND) as ctx:
            try:
                sem.acquire(ctx, 1)
            except context.DeadlineExceeded:
                return False
            return True

    sem.acquire(BACKGROUND, 1)
    tries = [acquire(), acquire()]
    sem.release(2)
    tries.append(acquire())
    sem.acquire(BACKGROUND, 1)
    tries.append(acquire())
    assert tries == [True, False, True, False]
    assert time.since(start) == pytest.approx(20 * time.MILLISECOND)


@virtual
def test_weighted_doesnt_block_if_too_big() -> None:
    """TestWeightedDoesntBlockIfTooBig: a request that can never be served holds up nobody."""
    sem = semaphore.Weighted(2)
    too_big, cancel = context.with_cancel(BACKGROUND)
    outcomes = Chan[BaseException]()

    @go
    def _() -> None:
        try:
            sem.acquire(too_big, 3)
        except context.Canceled as error:
            outcomes.send(error)

    synctest.wait()
    with errgroup.with_context(BACKGROUND) as (group, ctx):
        for _ in range(6):

            @group.go
            def _() -> None:
                sem.acquire(ctx, 1)
                time.sleep(1)
                sem.release(1)

    cancel()
    assert outcomes.recv() is too_big.err()


@virtual
def test_large_acquire_doesnt_starve() -> None:
    """TestLargeAcquireDoesntStarve: it gets its turn though the small ones never leave all of it free."""
    size = 4
    sem = semaphore.Weighted(size)
    running = True
    wg = sync.WaitGroup()

    def small() -> None:
        while running:
            time.sleep(time.MILLISECOND)
            sem.release(1)
            sem.acquire(BACKGROUND, 1)
        sem.release(1)

    for _ in range(size):
        sem.acquire(BACKGROUND, 1)
        wg.go(small)
    sem.acquire(BACKGROUND, size)
    running = False
    sem.release(size)
    wg.wait()
    assert free(sem, size) == size


@program
def test_alloc_cancel_doesnt_starve() -> None:
    """TestAllocCancelDoesntStarve: when the first in line gives up, those behind it get what is free."""
    sem = semaphore.Weighted(10)
    sem.acquire(BACKGROUND, 1)
    ctx, cancel = context.with_cancel(BACKGROUND)

    @go
    def _() -> None:
        with pytest.raises(context.Canceled):
            sem.acquire(ctx, 10)

    while sem.try_acquire(1):
        sem.release(1)
        runtime.gosched()
    go(cancel)
    sem.acquire(BACKGROUND, 1)
    sem.release(1)
    assert free(sem, 10) == 9


@program
def test_weighted_acquire_canceled() -> None:
    """TestWeightedAcquireCanceled: a context that ended first wins, and what was granted goes back."""
    sem = semaphore.Weighted(2)
    ctx, cancel = context.with_cancel(BACKGROUND)
    sem.acquire(BACKGROUND, 1)

    @go
    def _() -> None:
        while sem.try_acquire(1):
            sem.release(1)
        cancel()
        sem.release(1)

    with pytest.raises(context.Canceled):
        sem.acquire(ctx, 2)
    assert sem.try_acquire(2)
    sem.release(2)
    with pytest.raises(context.Canceled):
        sem.acquire(ctx, 1)
    assert free(sem, 2) == 2


# --- the order of the queue ------------------------------------------------------------------------------


class Queue:
    """Goroutines that wait for one semaphore, and a log of who was served."""

    def __init__(self, sem: semaphore.Weighted) -> None:
        self.sem = sem
        self.log: list[str] = []

    def join(self, name: str, n: int, ctx: context.Context = BACKGROUND) -> None:
        def wait() -> None:
            try:
                self.sem.acquire(ctx, n)
            except context.Canceled:
                self.log.append(f"no {name}")
            else:
                self.log.append(name)

        go(wait)
        synctest.wait()

    def served(self) -> list[str]:
        synctest.wait()
        served, self.log[:] = sorted(self.log), []
        return served


@virtual
def test_first_come_first_served() -> None:
    sem = semaphore.Weighted(3)
    sem.acquire(BACKGROUND, 3)
    queue = Queue(sem)
    for name, n in ("a", 1), ("b", 3), ("c", 1), ("d", 1), ("e", 2):
        queue.join(name, n)
    served = []
    for n in 1, 2, 1, 1, 1, 2:
        sem.release(n)
        served.append(queue.served())
    # The second release leaves room for c and d, but b is before them.
    assert served == [["a"], [], ["b"], ["c"], ["d"], ["e"]]


@virtual
def test_one_release_serves_many() -> None:
    sem = semaphore.Weighted(4)
    sem.acquire(BACKGROUND, 4)
    queue = Queue(sem)
    for name, n in ("a", 1), ("b", 2), ("c", 2), ("d", 1):
        queue.join(name, n)
    sem.release(4)
    # One is left, which d, behind c, does not get.
    assert queue.served() == ["a", "b"]
    assert not sem.try_acquire(1)
    sem.release(1)
    assert queue.served() == ["c"]
    sem.release(1)
    assert queue.served() == ["d"]


@virtual
def test_zero_waits_behind_others() -> None:
    sem = semaphore.Weighted(1)
    sem.acquire(BACKGROUND, 1)
    sem.acquire(BACKGROUND, 0)
    assert sem.try_acquire(0)
    queue = Queue(sem)
    queue.join("one", 1)
    queue.join("zero", 0)
    assert not sem.try_acquire(0)
    assert queue.served() == []
    sem.release(1)
    assert queue.served() == ["one", "zero"]


@virtual
def test_who_gives_up_in_the_middle_lets_nobody_pass() -> None:
    sem = semaphore.Weighted(3)
    sem.acquire(BACKGROUND, 2)
    queue = Queue(sem)
    ctx, cancel = context.with_cancel(BACKGROUND)
    queue.join("large", 2)
    queue.join("middle", 2, ctx)
    queue.join("small", 1)
    cancel()
    assert queue.served() == ["no middle"]
    sem.release(2)
    assert queue.served() == ["large", "small"]


@virtual
def test_who_gives_up_in_front_lets_others_pass() -> None:
    sem = semaphore.Weighted(3)
    sem.acquire(BACKGROUND, 2)
    queue = Queue(sem)
    ctx, cancel = context.with_cancel(BACKGROUND)
    queue.join("large", 2, ctx)
    queue.join("small", 1)
    queue.join("last", 1)
    cancel()
    assert queue.served() == ["no large", "small"]
    sem.release(1)
    assert queue.served() == ["last"]


@virtual
def test_zero_waits_on_when_nothing_is_free() -> None:
    """As in Go, who gives up in front serves the others only if something is free."""
    sem = semaphore.Weighted(1)
    sem.acquire(BACKGROUND, 1)
    queue = Queue(sem)
    ctx, cancel = context.with_cancel(BACKGROUND)
    queue.join("one", 1, ctx)
    queue.join("zero", 0)
    cancel()
    assert queue.served() == ["no one"]
    sem.release(0)
    assert queue.served() == ["zero"]


@virtual
def test_who_was_served_and_gives_up_passes_it_on() -> None:
    """Its context ended before it ran again."""
    sem = semaphore.Weighted(2)
    sem.acquire(BACKGROUND, 2)
    queue = Queue(sem)
    ctx, cancel = context.with_cancel(BACKGROUND)
    queue.join("large", 2, ctx)
    queue.join("a", 1)
    queue.join("b", 1)
    sem.release(2)
    cancel()
    assert queue.served() == ["a", "b", "no large"]


@program
def test_acquire_in_a_loop_starves_nobody() -> None:
    """As for any loop that never waits, the time slice is what ends a turn."""
    sem = semaphore.Weighted(1)
    stop = False

    @go
    def _() -> None:
        nonlocal stop
        stop = True

    turns = 0
    while not stop:
        sem.acquire(BACKGROUND, 1)
        sem.release(1)
        turns += 1
    assert turns > 1


# --- the end of a context, and of a program --------------------------------------------------------------


@program
def test_an_ended_context_fails_though_all_is_free() -> None:
    sem = semaphore.Weighted(1)
    cause = ValueError("the cause")
    ctx, cancel = context.with_cancel_cause(BACKGROUND)
    cancel(cause)
    with pytest.raises(context.Canceled) as caught:
        sem.acquire(ctx, 1)
    assert caught.value is ctx.err()
    assert context.cause(ctx) is cause
    assert free(sem, 1) == 1


@program
def test_each_failure_has_its_own_traceback() -> None:
    """The context has one exception for all, which must not grow."""
    sem = semaphore.Weighted(1)
    ctx, cancel = context.with_cancel(BACKGROUND)
    cancel()
    depths = []
    for n in 1, 1, 2, 2:
        with pytest.raises(context.Canceled) as caught:
            sem.acquire(ctx, n)
        depths.append(len(traceback.extract_tb(caught.value.__traceback__)))
    assert depths == [2] * 4


def test_a_request_that_never_fits_is_a_deadlock() -> None:
    with pytest.raises(Deadlock, match=r"goroutine 1 \[chan receive \(nil chan\)\]"):
        run(lambda: semaphore.Weighted(1).acquire(BACKGROUND, 2))


def test_a_request_that_never_fits_is_a_deadlock_in_a_bubble() -> None:
    """Nothing outside could end its wait: it is durable, as Go's on a nil channel is."""
    with pytest.raises(Deadlock, match=r"(?s)^deadlock: all gorout.*\[chan receive \(nil chan\),"):
        run(synctest.test, lambda: semaphore.Weighted(1).acquire(BACKGROUND, 2))


@program
def test_who_is_thrown_out_of_its_wait_leaves_the_queue() -> None:
    """By a Deadlock, which main survives here."""
    sem = semaphore.Weighted(2)
    sem.acquire(BACKGROUND, 1)
    with pytest.raises(Deadlock):
        sem.acquire(BACKGROUND, 2)
    assert free(sem, 2) == 1


def test_a_semaphore_outlives_a_program() -> None:
    """Who waited when the program ended is not served in the next one."""
    sem = semaphore.Weighted(2)

    def first() -> None:
        sem.acquire(BACKGROUND, 1)
        for _ in range(3):
            go(sem.acquire, BACKGROUND, 2)
        runtime.gosched()
        assert not sem.try_acquire(1)

    run(first)
    sem.release(1)
    assert free(sem, 2) == 2


# --- bad input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1.0, "1", None, True])
def test_a_weight_that_is_no_int_is_refused(n: Any) -> None:
    sem = semaphore.Weighted(1)
    calls: dict[str, Callable[[], object]] = {
        "Weighted": lambda: semaphore.Weighted(n),
        "Weighted.acquire": lambda: sem.acquire(BACKGROUND, n),
        "Weighted.try_acquire": lambda: sem.try_acquire(n),
        "Weighted.release": lambda: sem.release(n),
    }
    for name, call in calls.items():
        with pytest.raises(TypeError, match=rf"^{name}: {n!r} is not a weight; give an int$"):
            call()


def test_a_weight_below_zero_is_refused() -> None:
    sem = semaphore.Weighted(0)
    calls: dict[str, Callable[[], object]] = {
        "Weighted": lambda: semaphore.Weighted(-1),
        "Weighted.acquire": lambda: sem.acquire(BACKGROUND, -1),
        "Weighted.try_acquire": lambda: sem.try_acquire(-1),
        "Weighted.release": lambda: sem.release(-1),
    }
    for name, call in calls.items():
        with pytest.raises(ValueError, match=rf"^{name}: the weight -1 is below 0; give 0 or more$"):
            call()


@pytest.mark.parametrize("ctx", [None, 1])
def test_what_is_no_context_is_refused(ctx: Any) -> None:
    with pytest.raises(TypeError, match=rf"^{ctx} is not a context; give context.background\(\)"):
        semaphore.Weighted(1).acquire(ctx, 1)
