"""Programs that deadlock in some orders, and their mended twins."""

from gochan import Chan, close, default, go, select, send, sync


def opposite_locks() -> None:
    """Each holds what the other wants."""
    a, b = sync.Mutex(), sync.Mutex()
    wg = sync.WaitGroup()

    def move(first: sync.Mutex, second: sync.Mutex) -> None:
        with first, second:
            pass

    wg.go(move, a, b)
    wg.go(move, b, a)
    wg.wait()


def opposite_locks_mended() -> None:
    a, b = sync.Mutex(), sync.Mutex()
    wg = sync.WaitGroup()

    def move(first: sync.Mutex, second: sync.Mutex) -> None:
        with first, second:
            pass

    wg.go(move, a, b)
    wg.go(move, a, b)
    wg.wait()


def recursive_read_lock() -> None:
    """A writer comes between two read locks of one goroutine."""
    mu = sync.RWMutex()
    wg = sync.WaitGroup()

    def read() -> None:
        mu.rlock()
        mu.rlock()
        mu.runlock()
        mu.runlock()

    def write() -> None:
        with mu:
            pass

    wg.go(read)
    wg.go(write)
    wg.wait()


def recursive_read_lock_mended() -> None:
    mu = sync.RWMutex()
    wg = sync.WaitGroup()

    def read() -> None:
        mu.rlock()
        mu.runlock()
        mu.rlock()
        mu.runlock()

    def write() -> None:
        with mu:
            pass

    wg.go(read)
    wg.go(write)
    wg.wait()


def lock_and_channel() -> None:
    """One waits for a message with the lock that the sender needs."""
    mu = sync.Mutex()
    ch = Chan[int]()
    wg = sync.WaitGroup()

    def receive() -> None:
        with mu:
            ch.recv()

    def produce() -> None:
        with mu:
            pass
        ch.send(1)

    wg.go(receive)
    wg.go(produce)
    wg.wait()


def lock_and_channel_mended() -> None:
    mu = sync.Mutex()
    ch = Chan[int]()
    wg = sync.WaitGroup()

    def receive() -> None:
        ch.recv()
        with mu:
            pass

    def produce() -> None:
        with mu:
            pass
        ch.send(1)

    wg.go(receive)
    wg.go(produce)
    wg.wait()


def missed_signal() -> None:
    """The signal comes before the wait."""
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    wg = sync.WaitGroup()

    def wait() -> None:
        with mu:
            cond.wait()

    wg.go(wait)
    with mu:
        cond.signal()
    wg.wait()


def missed_signal_mended() -> None:
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    wg = sync.WaitGroup()
    ready = [False]

    def wait() -> None:
        with mu:
            while not ready[0]:
                cond.wait()

    wg.go(wait)
    with mu:
        ready[0] = True
        cond.signal()
    wg.wait()


def signal_for_one_of_two() -> None:
    """One signal wakes one of two that wait for the same."""
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    open = [False]
    wg = sync.WaitGroup()

    def enter() -> None:
        with mu:
            while not open[0]:
                cond.wait()

    wg.go(enter)
    wg.go(enter)
    with mu:
        open[0] = True
    cond.signal()
    wg.wait()


def signal_for_one_of_two_mended() -> None:
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    open = [False]
    wg = sync.WaitGroup()

    def enter() -> None:
        with mu:
            while not open[0]:
                cond.wait()

    wg.go(enter)
    wg.go(enter)
    with mu:
        open[0] = True
    cond.broadcast()
    wg.wait()


def dropped_wakeup() -> None:
    """A non-blocking send is dropped when the receiver is not there yet."""
    wake = Chan[None]()

    def notify() -> None:
        select(send(wake, None), default)

    go(notify)
    wake.recv()


def dropped_wakeup_mended() -> None:
    wake = Chan[None](1)

    def notify() -> None:
        select(send(wake, None), default)

    go(notify)
    wake.recv()


def two_senders_one_receive() -> None:
    """The second sender of two waits for ever, if the first is not the one that is counted."""
    ch = Chan[int]()
    wg = sync.WaitGroup()
    first = Chan[int](1)

    def produce(i: int) -> None:
        match select(send(first, i), default):
            case 0, _, _:
                pass
            case _:
                ch.send(i)

    wg.go(produce, 1)
    wg.go(produce, 2)
    got = first.recv()
    if got == 2:
        ch.recv()
    wg.wait()


def two_senders_one_receive_mended() -> None:
    ch = Chan[int](2)
    wg = sync.WaitGroup()
    wg.go(ch.send, 1)
    wg.go(ch.send, 2)
    ch.recv()
    wg.wait()


def wait_inside_the_group_mended() -> None:
    wg = sync.WaitGroup()
    done = Chan[None]()
    for _ in range(2):
        wg.go(lambda: None)

    def wait() -> None:
        wg.wait()
        close(done)

    go(wait)
    done.recv()


class _Box:
    """Room for one item; put and take wait on one Cond."""

    def __init__(self) -> None:
        self.cond = sync.Cond(sync.Mutex())
        self.full = False

    def change(self, full: bool) -> None:
        with self.cond.l:
            while self.full == full:
                self.cond.wait()
            self.full = full


def signal_to_the_wrong_one() -> None:
    """A taker's signal wakes the other taker, and not the one that wants to put.

    For that, one who puts takes the lock before the taker that has been woken.
    """
    box = _Box()
    wg = sync.WaitGroup()

    def change(full: bool) -> None:
        box.change(full)
        box.cond.signal()

    for full in (True, True, False, False):
        wg.go(change, full)
    wg.wait()


def signal_to_the_wrong_one_mended() -> None:
    box = _Box()
    wg = sync.WaitGroup()

    def change(full: bool) -> None:
        box.change(full)
        box.cond.broadcast()

    for full in (True, False, False, True):
        wg.go(change, full)
    wg.wait()
