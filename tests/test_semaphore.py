"""semaphore.  Where a test follows one of Go's, its docstring names it (semaphore_test.go)."""

import random
import re
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from gochan import Chan, Deadlock, Panic, context, errgroup, go, run, runtime, semaphore, sync, synctest, time

BACKGROUND = context.background()


def free(sem: semaphore.Weighted, size: int) -> int:
    """Return how much of the semaphore is free, if no goroutine waits."""
    n = next((n for n in range(size, 0, -1) if sem.try_acquire(n)), 0)
    sem.release(n)
    return n


# --- Go's tests ------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
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


@pytest.mark.gochan
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


@pytest.mark.gochan(synctest=True)
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


@pytest.mark.gochan(synctest=True)
def test_weighted_doesnt_block_if_too_big() -> None:
    """TestWeightedDoesntBlockIfTooBig: a request that can never be served holds up no other."""
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


@pytest.mark.gochan(synctest=True)
def test_large_acquire_doesnt_starve() -> None:
    """TestLargeAcquireDoesntStarve: it is served though the small ones never leave all of it free."""
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


@pytest.mark.gochan
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


@pytest.mark.gochan
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
    """Goroutines that wait for one semaphore, and a log of those that were served."""

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


@pytest.mark.gochan(synctest=True)
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


@pytest.mark.gochan(synctest=True)
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


@pytest.mark.gochan(synctest=True)
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


class GivesUp(NamedTuple):
    """All but `free` of a semaphore is held; goroutines wait for it, and one gives up."""

    size: int
    free: int
    waiting: dict[str, int]
    canceled: str
    first_release: int  # before it gives up
    served: list[str]
    then_release: int
    then_served: list[str]


GIVES_UP = {
    "in the middle: no other passes": GivesUp(
        3, 1, {"large": 2, "middle": 2, "small": 1}, "middle", 0, ["no middle"], 2, ["large", "small"]
    ),
    "in front: others pass": GivesUp(
        3, 1, {"large": 2, "small": 1, "last": 1}, "large", 0, ["no large", "small"], 1, ["last"]
    ),
    # As in Go: the others are served only if something is free.
    "in front, nothing is free": GivesUp(1, 0, {"one": 1, "zero": 0}, "one", 0, ["no one"], 0, ["zero"]),
    # Its context ends before it runs again.
    "when it was served": GivesUp(
        2, 0, {"large": 2, "a": 1, "b": 1}, "large", 2, ["a", "b", "no large"], 0, []
    ),
}


@pytest.mark.gochan(synctest=True)
@pytest.mark.parametrize("case", GIVES_UP.values(), ids=GIVES_UP)
def test_a_waiter_gives_up(case: GivesUp) -> None:
    sem = semaphore.Weighted(case.size)
    sem.acquire(BACKGROUND, case.size - case.free)
    queue = Queue(sem)
    ctx, cancel = context.with_cancel(BACKGROUND)
    for name, n in case.waiting.items():
        queue.join(name, n, ctx if name == case.canceled else BACKGROUND)
    if case.first_release:
        sem.release(case.first_release)
    cancel()
    assert queue.served() == case.served
    sem.release(case.then_release)
    assert queue.served() == case.then_served


@pytest.mark.gochan
def test_acquire_in_a_loop_starves_no_goroutine() -> None:
    """As in any loop that never blocks, only the time slice ends a run."""
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


@pytest.mark.gochan
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


@pytest.mark.gochan
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


@pytest.mark.gochan
def test_an_exception_in_a_wait_removes_the_waiter() -> None:
    """By a Deadlock, which main survives here."""
    sem = semaphore.Weighted(2)
    sem.acquire(BACKGROUND, 1)
    with pytest.raises(Deadlock):
        sem.acquire(BACKGROUND, 2)
    assert free(sem, 2) == 1


def test_a_semaphore_outlives_a_program() -> None:
    """A goroutine that waited when the program ended is not served in the next one."""
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
def test_a_non_int_weight_is_refused(n: Any) -> None:
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


class Liar(int):
    """Says that it is as large, and as small, as anything."""

    def __le__(self, other: object) -> bool:
        return True

    __lt__ = __ge__ = __gt__ = __le__


def test_a_weight_whose_comparisons_lie() -> None:
    sem = semaphore.Weighted(Liar(2))
    assert sem.try_acquire(Liar(2))
    sem.release(Liar(2))
    assert not sem.try_acquire(Liar(3))
    with pytest.raises(Panic, match="released more than held"):
        sem.release(Liar(1))
    with pytest.raises(ValueError, match=r"^Weighted: the weight -1 is below 0"):
        semaphore.Weighted(Liar(-1))


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
def test_a_non_context_is_refused(ctx: Any) -> None:
    with pytest.raises(TypeError, match=rf"^Weighted.acquire: {ctx} is not a context; give context.back"):
        semaphore.Weighted(1).acquire(ctx, 1)


def test_new_weighted_makes_what_the_class_makes() -> None:
    sem = semaphore.new_weighted(3)
    assert type(sem) is semaphore.Weighted
    assert free(sem, 5) == 3
    with pytest.raises(ValueError, match=r"^Weighted: the weight -1 is below 0"):
        semaphore.new_weighted(-1)


@pytest.mark.gochan
def test_the_repr() -> None:
    sem = semaphore.Weighted(10)
    assert re.fullmatch(r"<Weighted size=10 held=0 waiters=0 at 0x\w+>", repr(sem))
    sem.acquire(BACKGROUND, 7)
    go(sem.acquire, BACKGROUND, 4)
    go(sem.acquire, BACKGROUND, 5)
    runtime.gosched()
    assert re.fullmatch(r"<Weighted size=10 held=7 waiters=2 at 0x\w+>", repr(sem))
    sem.release(7)
    runtime.gosched()
    assert re.fullmatch(r"<Weighted size=10 held=9 waiters=0 at 0x\w+>", repr(sem))
