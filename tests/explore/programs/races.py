"""Programs with a data race, and their mended twins."""

from gochan import Chan, close, defer, defers, go, sync
from gochan.port.lib import FieldRef, Slice, copy, struct
from gochan.port.lib import atomic as ported
from gochan.sync import atomic

total = 0


def captured_counter() -> None:
    """A captured variable is counted up without a lock."""
    counter = 0
    wg = sync.WaitGroup()

    def increment() -> None:
        nonlocal counter
        counter += 1

    wg.go(increment)
    wg.go(increment)
    wg.wait()


def captured_counter_mended() -> None:
    counter = 0
    mu = sync.Mutex()
    wg = sync.WaitGroup()

    def increment() -> None:
        nonlocal counter
        with mu:
            counter += 1

    wg.go(increment)
    wg.go(increment)
    wg.wait()
    assert counter == 2


def global_counter() -> None:
    """A global is written by two goroutines."""
    wg = sync.WaitGroup()

    def add() -> None:
        global total
        total += 1

    wg.go(add)
    wg.go(add)
    wg.wait()


def global_counter_mended() -> None:
    wg = sync.WaitGroup()
    mu = sync.Mutex()

    def add() -> None:
        global total
        with mu:
            total += 1

    wg.go(add)
    wg.go(add)
    wg.wait()
    assert total == 2


class Account:
    """Something with an attribute."""

    def __init__(self) -> None:
        self.balance = 0
        self.mu = sync.Mutex()

    def deposit(self, amount: int) -> None:
        """Change it with the lock."""
        with self.mu:
            self.balance += amount


def attribute_read_without_lock() -> None:
    """The writer locks, the reader does not."""
    account = Account()
    wg = sync.WaitGroup()
    wg.go(account.deposit, 1)
    assert account.balance in (0, 1)
    wg.wait()


def attribute_read_without_lock_mended() -> None:
    account = Account()
    wg = sync.WaitGroup()
    wg.go(account.deposit, 1)
    with account.mu:
        assert account.balance in (0, 1)
    wg.wait()


def append_to_a_list() -> None:
    """Two goroutines append."""
    results: list[int] = []
    wg = sync.WaitGroup()
    for i in range(2):
        wg.go(results.append, i)
    wg.go(lambda: results.append(3))
    wg.go(lambda: results.append(4))
    wg.wait()


def append_to_a_list_mended() -> None:
    results = [0, 0]
    wg = sync.WaitGroup()

    def work(i: int) -> None:
        results[i] = i

    for i in range(2):
        wg.go(work, i)
    wg.wait()
    assert results == [0, 1]


def dict_while_it_is_read() -> None:
    """One goroutine writes a dict that another goes over."""
    cache: dict[str, int] = {"a": 1}
    wg = sync.WaitGroup()

    def write() -> None:
        cache["b"] = 2

    def read() -> None:
        for _ in cache:
            pass

    wg.go(write)
    wg.go(read)
    wg.wait()


def dict_while_it_is_read_mended() -> None:
    cache: dict[str, int] = {"a": 1}
    mu = sync.RWMutex()
    wg = sync.WaitGroup()

    def write() -> None:
        with mu:
            cache["b"] = 2

    def read() -> None:
        with mu.rlocker():
            for _ in cache:
                pass

    wg.go(write)
    wg.go(read)
    wg.wait()


def result_without_waiting() -> None:
    """The result is read when the goroutine may still write it."""
    result = [0]

    def work() -> None:
        result[0] = 1

    go(work)
    assert result[0] in (0, 1)


def result_without_waiting_mended() -> None:
    result = [0]
    done = Chan[None]()

    def work() -> None:
        result[0] = 1
        close(done)

    go(work)
    done.recv()
    assert result[0] == 1


def flag_without_atomics() -> None:
    """A flag says that the data are there; nothing orders the two."""
    ready = False
    data = [0]

    def produce() -> None:
        nonlocal ready
        data[0] = 1
        ready = True

    go(produce)
    if ready:
        assert data[0] == 1


def flag_without_atomics_mended() -> None:
    ready = atomic.Bool()
    data = [0]

    def produce() -> None:
        data[0] = 1
        ready.store(True)

    go(produce)
    if ready.load():
        assert data[0] == 1


def two_locks_for_one_thing() -> None:
    """Each goroutine locks, but not the same lock."""
    a, b = sync.Mutex(), sync.Mutex()
    shared = [0]
    wg = sync.WaitGroup()

    def write(mu: sync.Mutex) -> None:
        with mu:
            shared[0] += 1

    wg.go(write, a)
    wg.go(write, b)
    wg.wait()


def two_locks_for_one_thing_mended() -> None:
    a = sync.Mutex()
    shared = [0]
    wg = sync.WaitGroup()

    def write(mu: sync.Mutex) -> None:
        with mu:
            shared[0] += 1

    wg.go(write, a)
    wg.go(write, a)
    wg.wait()
    assert shared[0] == 2


def after_the_semaphore() -> None:
    """A semaphore for two lets two in at once."""
    slots = Chan[None](2)
    shared = [0]
    wg = sync.WaitGroup()

    def enter() -> None:
        slots.send(None)
        shared[0] += 1
        slots.recv()

    wg.go(enter)
    wg.go(enter)
    wg.wait()


def after_the_semaphore_mended() -> None:
    slots = Chan[None](1)
    shared = [0]
    wg = sync.WaitGroup()

    def enter() -> None:
        slots.send(None)
        shared[0] += 1
        slots.recv()

    wg.go(enter)
    wg.go(enter)
    wg.wait()
    assert shared[0] == 2


def deferred_unlock_too_early() -> None:
    """The lock is given back before the write."""
    mu = sync.Mutex()
    shared = [0]
    wg = sync.WaitGroup()

    def write() -> None:
        mu.lock()
        mu.unlock()
        shared[0] += 1

    wg.go(write)
    wg.go(write)
    wg.wait()


def deferred_unlock_too_early_mended() -> None:
    mu = sync.Mutex()
    shared = [0]
    wg = sync.WaitGroup()

    @defers
    def write() -> None:
        mu.lock()
        defer(mu.unlock)
        shared[0] += 1

    wg.go(write)
    wg.go(write)
    wg.wait()
    assert shared[0] == 2


def loop_variable() -> None:
    """All goroutines read the variable that the loop goes on assigning."""
    wg = sync.WaitGroup()
    for name in ["a", "b", "c"]:
        wg.go(lambda: len(name))  # noqa: B023 - the bug
    wg.wait()


def loop_variable_mended() -> None:
    wg = sync.WaitGroup()
    for name in ["a", "b", "c"]:
        wg.go(len, name)
    wg.wait()


def sorted_while_it_grows() -> None:
    """A list is sorted, into another, while a goroutine appends to it."""
    found = [3, 1]
    wg = sync.WaitGroup()
    wg.go(found.append, 2)
    sorted(found)
    wg.wait()


def sorted_while_it_grows_mended() -> None:
    found = [3, 1]
    wg = sync.WaitGroup()
    wg.go(found.append, 2)
    wg.wait()
    assert sorted(found) == [1, 2, 3]


def copied_while_it_grows() -> None:
    """A dict is merged into another while a goroutine adds to it."""
    settings = {"a": 1}
    wg = sync.WaitGroup()
    wg.go(settings.setdefault, "b", 2)
    merged: dict[str, int] = {}
    merged.update(settings)
    wg.wait()


def copied_while_it_grows_mended() -> None:
    settings = {"a": 1}
    wg = sync.WaitGroup()
    wg.go(settings.setdefault, "b", 2)
    wg.wait()
    merged: dict[str, int] = {}
    merged.update(settings)
    assert merged == {"a": 1, "b": 2}


@struct
class _Hits:
    count: int = 0


def atomic_beside_plain() -> None:
    """A ported program adds by its address, atomically, and reads without."""
    hits = _Hits()
    wg = sync.WaitGroup()

    def hit() -> None:
        ported.add_int32(FieldRef(hits, "count"), 1)

    wg.go(hit)
    wg.go(hit)
    copy(hits)
    wg.wait()


def atomic_beside_plain_mended() -> None:
    hits = _Hits()
    wg = sync.WaitGroup()

    def hit() -> None:
        ported.add_int32(FieldRef(hits, "count"), 1)

    wg.go(hit)
    wg.go(hit)
    ported.load_int32(FieldRef(hits, "count"))
    wg.wait()
    assert copy(hits).count == 2


def slices_of_one_array() -> None:
    """Two slices of a ported program share an element."""
    numbers = Slice([1, 2, 3, 4])
    left, right = numbers[:3], numbers[2:]
    wg = sync.WaitGroup()

    def write(part: Slice[int], i: int) -> None:
        part[i] = 0

    wg.go(write, left, 2)
    wg.go(write, right, 0)
    wg.wait()


def slices_of_one_array_mended() -> None:
    numbers = Slice([1, 2, 3, 4])
    left, right = numbers[:3], numbers[2:]
    wg = sync.WaitGroup()

    def write(part: Slice[int], i: int) -> None:
        part[i] = 0

    wg.go(write, left, 1)
    wg.go(write, right, 0)
    wg.wait()
    assert list(numbers) == [1, 0, 0, 4]


class _Server:
    """Starts a goroutine of its own."""

    def __init__(self, early: bool) -> None:
        self.seen = Chan[int](1)
        if early:
            go(self.serve)
        self.limit = 3
        if not early:
            go(self.serve)

    def serve(self) -> None:
        self.seen.send(getattr(self, "limit", 0))


def started_in_its_constructor() -> None:
    """The constructor assigns what the goroutine reads that it has started."""
    _Server(early=True).seen.recv()


def started_in_its_constructor_mended() -> None:
    _Server(early=False).seen.recv()


def captured_too_early() -> None:
    """A variable that is assigned once is read by a goroutine that starts before."""
    seen = Chan[int](1)

    def read() -> None:
        try:
            seen.send(limit)
        except NameError:
            seen.send(0)

    go(read)
    limit = 3
    seen.recv()


def captured_too_early_mended() -> None:
    seen = Chan[int](1)

    def read() -> None:
        try:
            seen.send(limit)
        except NameError:
            seen.send(0)

    limit = 3
    go(read)
    seen.recv()
