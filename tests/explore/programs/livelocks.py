"""Programs that never get done in some orders, and their mended twins."""

from gochan import go, runtime, sync
from gochan.sync import atomic


def spin_on_a_flag() -> None:
    """The flag is set only by one that came before."""
    flag = atomic.Bool()
    taken = atomic.Int64()

    def set_flag() -> None:
        if taken.add(1) == 1:
            flag.store(True)

    go(set_flag)
    if taken.add(1) == 1:
        while not flag.load():
            runtime.gosched()


def spin_on_a_flag_mended() -> None:
    flag = atomic.Bool()
    go(flag.store, True)
    while not flag.load():
        runtime.gosched()


def polite_neighbours() -> None:
    """Each gives way to the other, for ever."""
    a, b = sync.Mutex(), sync.Mutex()
    wg = sync.WaitGroup()

    def take(mine: sync.Mutex, other: sync.Mutex) -> None:
        mine.lock()
        while not other.try_lock():
            runtime.gosched()
        other.unlock()
        mine.unlock()

    wg.go(take, a, b)
    wg.go(take, b, a)
    wg.wait()


def polite_neighbours_mended() -> None:
    a, b = sync.Mutex(), sync.Mutex()
    wg = sync.WaitGroup()

    def take(mine: sync.Mutex, other: sync.Mutex) -> None:
        mine.lock()
        while not other.try_lock():
            runtime.gosched()
        other.unlock()
        mine.unlock()

    wg.go(take, a, b)
    wg.go(take, a, b)
    wg.wait()
