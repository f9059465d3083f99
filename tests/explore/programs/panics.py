"""Programs that panic in some orders, and their mended twins."""

from gochan import Chan, close, default, go, recv, runtime, select, sync


def send_on_closed() -> None:
    """The producer is not done when the channel is closed."""
    ch = Chan[int](2)

    def produce() -> None:
        ch.send(1)
        ch.send(2)

    go(produce)
    ch.recv()
    close(ch)


def send_on_closed_mended() -> None:
    ch = Chan[int](2)

    def produce() -> None:
        ch.send(1)
        ch.send(2)
        close(ch)

    go(produce)
    for _ in ch:
        pass


def close_twice() -> None:
    """Each of two workers closes the channel when it sees that it was not closed."""
    done = Chan[None]()
    wg = sync.WaitGroup()

    def stop() -> None:
        match select(recv(done), default):
            case 0, _, _:
                pass
            case _:
                close(done)

    wg.go(stop)
    wg.go(stop)
    wg.wait()


def close_twice_mended() -> None:
    done = Chan[None]()
    wg = sync.WaitGroup()
    once = sync.Once()

    def stop() -> None:
        once.do(done.close)

    wg.go(stop)
    wg.go(stop)
    wg.wait()


def negative_wait_group() -> None:
    """The goroutine counts itself in, and is counted out by another."""
    wg = sync.WaitGroup()
    done = Chan[None](2)

    def work() -> None:
        wg.add(1)
        done.send(None)

    go(work)
    go(wg.done)
    done.recv()
    wg.wait()


def negative_wait_group_mended() -> None:
    wg = sync.WaitGroup()
    done = Chan[None](2)
    wg.add(1)

    def work() -> None:
        done.send(None)
        wg.done()

    go(work)
    done.recv()
    wg.wait()


def unlock_of_unlocked() -> None:
    """Whoever comes second unlocks what is not locked."""
    mu = sync.Mutex()
    mu.lock()
    done = Chan[None](2)

    def give_back() -> None:
        if not mu.try_lock():
            mu.unlock()
        done.send(None)

    go(give_back)
    go(give_back)
    done.recv()
    done.recv()
    runtime.gosched()
    assert mu.try_lock() or True


def unlock_of_unlocked_mended() -> None:
    mu = sync.Mutex()
    mu.lock()
    done = Chan[None](2)
    once = sync.Once()

    def give_back() -> None:
        once.do(mu.unlock)
        done.send(None)

    go(give_back)
    go(give_back)
    done.recv()
    done.recv()


def zero_from_closed() -> None:
    """A receive from a channel that is closed gives the zero value."""
    divisors = Chan[int](1)

    def produce() -> None:
        close(divisors)

    go(divisors.send, 2)
    go(produce)
    assert 10 // divisors.recv() == 5


def zero_from_closed_mended() -> None:
    divisors = Chan[int](1)

    def produce() -> None:
        divisors.send(2)
        close(divisors)

    go(produce)
    divisor, ok = divisors.recv_ok()
    assert not ok or 10 // divisor == 5


def used_before_set() -> None:
    """The handler is set after the goroutine that calls it has started."""
    handlers: dict[str, int] = {}
    mu = sync.Mutex()
    wg = sync.WaitGroup()

    def serve() -> None:
        with mu:
            assert handlers["index"] == 1

    wg.go(serve)
    with mu:
        handlers["index"] = 1
    wg.wait()


def used_before_set_mended() -> None:
    handlers: dict[str, int] = {}
    mu = sync.Mutex()
    wg = sync.WaitGroup()

    def serve() -> None:
        with mu:
            assert handlers["index"] == 1

    with mu:
        handlers["index"] = 1
    wg.go(serve)
    wg.wait()


def woken_and_too_late() -> None:
    """Another takes the item before the one that was woken for it has the lock again."""
    cond = sync.Cond(sync.Mutex())
    items: list[int] = []
    wg = sync.WaitGroup()

    def take() -> None:
        with cond.l:
            if not items:
                cond.wait()
            items.pop()

    def put() -> None:
        with cond.l:
            items.append(1)
        cond.signal()

    for each in (take, take, put, put):
        wg.go(each)
    wg.wait()


def woken_and_too_late_mended() -> None:
    cond = sync.Cond(sync.Mutex())
    items: list[int] = []
    wg = sync.WaitGroup()

    def take() -> None:
        with cond.l:
            while not items:
                cond.wait()
            items.pop()

    def put() -> None:
        with cond.l:
            items.append(1)
        cond.signal()

    for each in (take, take, put, put):
        wg.go(each)
    wg.wait()


def reused_too_early() -> None:
    """The group counts again before the one that has waited for it has gone on."""
    wg = sync.WaitGroup()
    waited = Chan[None]()
    wg.add(1)

    def wait() -> None:
        wg.wait()
        waited.close()

    def work() -> None:
        wg.done()
        wg.add(1)
        wg.done()

    go(wait)
    go(work)
    waited.recv()


def reused_too_early_mended() -> None:
    first, second = sync.WaitGroup(), sync.WaitGroup()
    waited = Chan[None]()
    first.add(1)
    second.add(1)

    def wait() -> None:
        first.wait()
        second.wait()
        waited.close()

    def work() -> None:
        first.done()
        second.done()

    go(wait)
    go(work)
    waited.recv()
