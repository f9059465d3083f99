"""Programs whose assertions fail in some orders, and their mended twins."""

from gochan import Chan, context, default, go, recv, select, sync, time, timeout
from gochan.sync import atomic


def check_then_act() -> None:
    """Both see that there is money, and both take it."""
    mu = sync.Mutex()
    balance = [100]
    wg = sync.WaitGroup()

    def withdraw() -> None:
        with mu:
            enough = balance[0] >= 100
        if enough:
            with mu:
                balance[0] -= 100

    wg.go(withdraw)
    wg.go(withdraw)
    wg.wait()
    assert balance[0] >= 0, balance


def check_then_act_mended() -> None:
    mu = sync.Mutex()
    balance = [100]
    wg = sync.WaitGroup()

    def withdraw() -> None:
        with mu:
            if balance[0] >= 100:
                balance[0] -= 100

    wg.go(withdraw)
    wg.go(withdraw)
    wg.wait()
    assert balance[0] >= 0, balance


def atomic_lost_update() -> None:
    """A load and a store are two steps."""
    n = atomic.Int64()
    wg = sync.WaitGroup()

    def increment() -> None:
        n.store(n.load() + 1)

    wg.go(increment)
    wg.go(increment)
    wg.wait()
    assert n.load() == 2


def atomic_lost_update_mended() -> None:
    n = atomic.Int64()
    wg = sync.WaitGroup()

    def increment() -> None:
        n.add(1)

    wg.go(increment)
    wg.go(increment)
    wg.wait()
    assert n.load() == 2


def select_takes_either() -> None:
    """Both channels are ready, and a select has no order."""
    data, quit = Chan[int](1), Chan[int](1)
    data.send(1)
    quit.send(1)
    match select(recv(data), recv(quit)):
        case 0, value, _:
            assert value == 1
        case _:
            raise AssertionError("quit before the data were read")


def select_takes_either_mended() -> None:
    data, quit = Chan[int](1), Chan[int](1)
    data.send(1)
    quit.send(1)
    match select(recv(data), default):
        case 0, value, _:
            assert value == 1
        case _:
            quit.recv()


def result_order() -> None:
    """The first result is not always the first worker's."""
    results = Chan[int](2)
    for i in range(2):
        go(results.send, i)
    assert [results.recv(), results.recv()] in ([1, 0],)


def result_order_mended() -> None:
    results = Chan[int](2)
    for i in range(2):
        go(results.send, i)
    assert sorted([results.recv(), results.recv()]) == [0, 1]


def sleep_for_order() -> None:
    """A sleep is no synchronisation."""
    ready = atomic.Bool()

    def prepare() -> None:
        time.sleep(0.01)
        ready.store(True)

    go(prepare)
    time.sleep(0.02)
    assert ready.load()


def sleep_for_order_mended() -> None:
    ready = atomic.Bool()
    done = Chan[None]()

    def prepare() -> None:
        time.sleep(0.01)
        ready.store(True)
        done.close()

    go(prepare)
    done.recv()
    assert ready.load()


def timeout_may_win() -> None:
    """The worker needs no time at all, and still the timeout may come first."""
    result = Chan[int](1)
    go(result.send, 7)
    match select(recv(result), timeout(1)):
        case 0, value, _:
            assert value == 7
        case _:
            raise AssertionError("too late")


def timeout_may_win_mended() -> None:
    result = Chan[int](1)
    go(result.send, 7)
    match select(recv(result), timeout(1)):
        case 0, value, _:
            assert value == 7
        case _:
            assert result.recv() == 7


def wait_without_loop() -> None:
    """Another goroutine takes what the signal was for."""
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    items: list[int] = []
    wg = sync.WaitGroup()

    def consume() -> None:
        with mu:
            if not items:
                cond.wait()
            assert items
            items.pop()

    wg.go(consume)
    wg.go(consume)
    for i in range(2):
        with mu:
            items.append(i)
        cond.broadcast()
    wg.wait()


def wait_without_loop_mended() -> None:
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    items: list[int] = []
    wg = sync.WaitGroup()

    def consume() -> None:
        with mu:
            while not items:
                cond.wait()
            items.pop()

    wg.go(consume)
    wg.go(consume)
    for i in range(2):
        with mu:
            items.append(i)
        cond.broadcast()
    wg.wait()


def double_check_without_lock() -> None:
    """Two goroutines make the thing that should be made once."""
    made = atomic.Int64()
    there = atomic.Bool()
    wg = sync.WaitGroup()

    def get() -> None:
        if not there.load():
            made.add(1)
            there.store(True)

    wg.go(get)
    wg.go(get)
    wg.wait()
    assert made.load() == 1


def double_check_without_lock_mended() -> None:
    made = atomic.Int64()
    once = sync.Once()
    wg = sync.WaitGroup()

    def make() -> None:
        made.add(1)

    def get() -> None:
        once.do(make)

    wg.go(get)
    wg.go(get)
    wg.wait()
    assert made.load() == 1


def cancelled_too_late() -> None:
    """The worker has done its work before it looks at the context."""
    ctx, cancel = context.with_cancel(context.background())
    done = atomic.Int64()
    wg = sync.WaitGroup()

    def work() -> None:
        if ctx.err() is None:
            done.add(1)

    wg.go(work)
    cancel()
    wg.wait()
    assert done.load() == 0


def cancelled_too_late_mended() -> None:
    ctx, cancel = context.with_cancel(context.background())
    done = atomic.Int64()
    wg = sync.WaitGroup()

    def work() -> None:
        if ctx.err() is None:
            done.add(1)

    cancel()
    wg.go(work)
    wg.wait()
    assert done.load() == 0
