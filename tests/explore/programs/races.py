"""Programs with a data race, and their mended twins."""

from gochan import Chan, close, defer, defers, go, sync
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
