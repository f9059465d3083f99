"""Programs with a race on what Python has besides plain variables, and their mended twins."""

import bisect
import heapq
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterator

from gochan import Chan, errgroup, sync, time


def together(*functions: Callable[[], object]) -> None:
    """Run functions as goroutines, and wait for all."""
    wg = sync.WaitGroup()
    for function in functions:
        wg.go(function)
    wg.wait()


def locked(function: Callable[[], object], mu: sync.Mutex) -> Callable[[], None]:
    """Return a function that calls another with a lock."""

    def call() -> None:
        with mu:
            function()

    return call


def membership() -> None:
    """One asks for the key that the other adds."""
    ages: dict[str, int] = {}
    together(lambda: ages.update(ann=1), lambda: "ann" in ages)


def membership_mended() -> None:
    ages: dict[str, int] = {}
    mu = sync.Mutex()
    together(locked(lambda: ages.update(ann=1), mu), locked(lambda: "ann" in ages, mu))


def missing_key() -> None:
    """A defaultdict adds what is only read."""
    groups = defaultdict[str, list[int]](list)
    together(lambda: groups["a"], lambda: groups["b"])


def missing_key_mended() -> None:
    groups = defaultdict[str, list[int]](list, a=[], b=[])
    together(lambda: groups["a"], lambda: groups["b"])


def counted_words() -> None:
    """A Counter's methods are written in Python."""
    words = Counter[str]()
    together(lambda: words.update("ab"), lambda: words.most_common(1))


def counted_words_mended() -> None:
    words = Counter[str]()
    mu = sync.Mutex()
    together(locked(lambda: words.update("ab"), mu), locked(lambda: words.most_common(1), mu))


def moved_entry() -> None:
    """The order of an OrderedDict is data, too."""
    recent = OrderedDict(a=1, b=2)
    together(lambda: recent.move_to_end("a"), lambda: list(recent))


def moved_entry_mended() -> None:
    recent = OrderedDict(a=1, b=2)
    mu = sync.Mutex()
    together(locked(lambda: recent.move_to_end("a"), mu), locked(lambda: list(recent), mu))


def pushed_on_a_heap() -> None:
    """A function of the standard library changes the list that it gets."""
    heap: list[int] = []
    together(lambda: heapq.heappush(heap, 1), lambda: bisect.insort(heap, 2))


def pushed_on_a_heap_mended() -> None:
    heap: list[int] = []
    room = Chan[None](1)

    def push(value: int) -> None:
        room.send(None)
        heapq.heappush(heap, value)
        room.recv()

    together(lambda: push(1), lambda: push(2))


def sum_while_written() -> None:
    """An item is a part of the list that is summed up."""
    results = [0, 0]

    def write() -> None:
        results[1] = 1

    together(write, lambda: sum(results))


def sum_while_written_mended() -> None:
    results = [0, 0]

    def write() -> None:
        results[1] = 1

    together(write, lambda: len(results), lambda: results[0])
    assert sum(results) == 1


def slice_while_written() -> None:
    """So it is of a slice, which copies."""
    results = [0, 0]

    def write() -> None:
        results[0] = 1

    together(write, lambda: results[:1])


def slice_while_written_mended() -> None:
    results = [0, 0]
    mu = sync.Mutex()

    def write() -> None:
        results[0] = 1

    together(locked(write, mu), locked(lambda: results[:1], mu))


def last_item() -> None:
    """Item -1 is item 1."""
    results = [0, 0]

    def write() -> None:
        results[-1] = 1

    together(write, lambda: results[1])


def last_item_mended() -> None:
    results = [0, 0]

    def write() -> None:
        results[-1] = 1

    together(write, lambda: results[0])


def swapped_items() -> None:
    """Two targets of one assignment."""
    pair = [1, 2]

    def swap() -> None:
        pair[0], pair[1] = pair[1], pair[0]

    together(swap, swap)


def swapped_items_mended() -> None:
    pair = [1, 2]
    mu = sync.Mutex()

    def swap() -> None:
        with mu:
            pair[0], pair[1] = pair[1], pair[0]

    together(swap, swap)
    assert pair == [1, 2]


def swapped_variables() -> None:
    """Captured variables are unpacked into."""
    a, b = 1, 2

    def swap() -> None:
        nonlocal a, b
        a, b = b, a

    together(swap, swap)


def swapped_variables_mended() -> None:
    a, b = 1, 2
    mu = sync.Mutex()

    def swap() -> None:
        nonlocal a, b
        with mu:
            a, b = b, a

    together(swap, swap)
    assert (a, b) == (1, 2)


def walrus() -> None:
    """An expression assigns a captured variable."""
    last = 0
    numbers = Chan[int](2)
    numbers.send(1)
    numbers.send(2)

    def take() -> None:
        nonlocal last
        if (last := numbers.recv()) == 3:
            raise ValueError(last)

    together(take, take)


def walrus_mended() -> None:
    numbers = Chan[int](2)
    numbers.send(1)
    numbers.send(2)

    def take() -> None:
        if (last := numbers.recv()) == 3:
            raise ValueError(last)

    together(take, take)


def empty_queue() -> None:
    """The test whether anything is there has no lock."""
    queue = [1]
    mu = sync.Mutex()

    def take() -> None:
        if queue:
            with mu:
                if queue:
                    queue.pop()

    together(take, take)


def empty_queue_mended() -> None:
    queue = [1]
    mu = sync.Mutex()

    def take() -> None:
        with mu:
            if queue:
                queue.pop()

    together(take, take)
    assert not queue


def class_attribute() -> None:
    """The class has it, and the instance reads it."""

    class Config:
        verbose = False

    def write() -> None:
        Config.verbose = True

    together(write, lambda: Config().verbose)


def class_attribute_mended() -> None:
    class Config:
        verbose = False

        def __init__(self) -> None:
            self.verbose = True

    def write() -> None:
        Config.verbose = True

    together(write, lambda: Config().verbose)


class Cache:
    """It makes what it does not have."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}
        self.mu = sync.Mutex()

    def get(self, name: str) -> int:
        """Look it up first."""
        if name in self.made:
            return self.made[name]
        value = self.made[name] = len(name)
        return value

    def get_locked(self, name: str) -> int:
        """Do so with the lock."""
        with self.mu:
            return self.get(name)


def cache() -> None:
    """Both make the same."""
    names = Cache()
    together(lambda: names.get("a"), lambda: names.get("a"))


def cache_mended() -> None:
    names = Cache()
    together(lambda: names.get_locked("a"), lambda: names.get_locked("a"))


class Gauge:
    """Its property has code."""

    def __init__(self) -> None:
        self.now = 0
        self.mu = sync.Mutex()

    @property
    def value(self) -> int:
        """Read it without the lock."""
        return self.now

    @value.setter
    def value(self, value: int) -> None:
        self.now = value

    @property
    def safe(self) -> int:
        """Read it with the lock."""
        with self.mu:
            return self.now

    @safe.setter
    def safe(self, value: int) -> None:
        with self.mu:
            self.now = value


def property_without_lock() -> None:
    """What looks like an attribute is code that reads and writes one."""
    gauge = Gauge()

    def write() -> None:
        gauge.value = 1

    together(write, lambda: gauge.value)


def property_without_lock_mended() -> None:
    gauge = Gauge()

    def write() -> None:
        gauge.safe = 1

    together(write, lambda: gauge.safe)


def group_of_errors() -> None:
    """An errgroup's goroutines share a list."""
    found: list[int] = []
    group = errgroup.Group()
    group.go(lambda: found.append(1))
    group.go(lambda: found.append(2))
    group.wait()


def group_of_errors_mended() -> None:
    found = [0, 0]
    group = errgroup.Group()

    def find(i: int) -> None:
        found[i] = i

    group.go(lambda: find(0))
    group.go(lambda: find(1))
    group.wait()
    assert found == [0, 1]


def timer() -> None:
    """The function of a timer runs beside who set it."""
    ticks = 0
    done = Chan[None]()

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        done.close()

    time.after_func(1, tick)
    ticks += 1
    done.recv()


def timer_mended() -> None:
    ticks = 1
    done = Chan[None]()

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        done.close()

    time.after_func(1, tick)
    done.recv()
    assert ticks == 2


def generator() -> None:
    """The frame of a generator is not shared, but what it reads is."""
    limits = [1]

    def numbers() -> Iterator[int]:
        while limits:
            yield len(limits)

    ones = numbers()
    together(lambda: next(ones), limits.clear)


def generator_mended() -> None:
    limits = [1]
    mu = sync.Mutex()

    def numbers() -> Iterator[int]:
        while limits:
            yield len(limits)

    ones = numbers()
    together(locked(lambda: next(ones, 0), mu), locked(limits.clear, mu))
