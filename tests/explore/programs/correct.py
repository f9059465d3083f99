"""Correct programs that order their accesses in ways that are easily overlooked: none is to be blamed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from types import MethodType
from typing import Any

from gochan import Chan, context, defer, defers, errgroup, go, recv, select, send, singleflight, sync, time


def once() -> None:
    """What the first call does, all others see."""
    first = sync.Once()
    config: dict[str, int] = {}
    wg = sync.WaitGroup()

    def load() -> None:
        config["size"] = 3

    def use() -> None:
        first.do(load)
        assert config["size"] == 3

    wg.go(use)
    wg.go(use)
    wg.wait()


def once_value() -> None:
    made: list[int] = []
    get = sync.once_value(lambda: made.append(1) or made)
    wg = sync.WaitGroup()

    def use() -> None:
        assert get() == [1]

    wg.go(use)
    wg.go(use)
    wg.wait()


def once_value_beside_a_manager() -> None:
    """Both wrappers have the name of the program's module, but only one of them orders its calls."""
    made: list[int] = []

    @contextmanager
    def managed() -> Iterator[None]:
        yield

    @sync.once_value
    def get() -> list[int]:
        made.append(1)
        return made

    wg = sync.WaitGroup()

    def use() -> None:
        with managed():
            assert get() == [1]

    wg.go(use)
    wg.go(use)
    wg.wait()


def shared_flight() -> None:
    flights = singleflight.Group()
    loads = 0
    wg = sync.WaitGroup()

    def load() -> int:
        nonlocal loads
        loads += 1
        return loads

    wg.go(lambda: flights.do("key", load))
    wg.go(lambda: flights.do("key", load))
    wg.wait()
    assert loads in (1, 2)


def _closed_after(receive: Callable[[Any], object]) -> None:
    """Look at what was written before a channel was closed, when `receive` has seen that."""
    numbers = Chan[int](1)
    written = [0]

    def produce() -> None:
        numbers.send(1)
        written[0] = 1
        numbers.close()

    go(produce)
    receive(numbers)
    assert written[0] == 1


def received_by_list() -> None:
    _closed_after(list)


def received_by_sum() -> None:
    _closed_after(sum)


def received_by_enumerate() -> None:
    _closed_after(lambda numbers: [i + n for i, n in enumerate(numbers)])


def received_by_star() -> None:
    _closed_after(lambda numbers: [*numbers])


def received_by_extend() -> None:
    got: list[int] = []
    _closed_after(got.extend)


def received_by_next() -> None:
    def receive(numbers: Any) -> None:
        each = iter(numbers)
        assert next(each) == 1
        assert next(each, None) is None

    _closed_after(receive)


def received_by_membership() -> None:
    _closed_after(lambda numbers: 7 in numbers)


def received_by_unpacking() -> None:
    def receive(numbers: Any) -> None:
        (one,) = numbers
        assert one == 1

    _closed_after(receive)


def received_by_yield_from() -> None:
    def all_of(numbers: Any) -> Iterator[int]:
        yield from numbers

    _closed_after(lambda numbers: list(all_of(numbers)))


def sent_by_map() -> None:
    numbers = Chan[int](2)
    written = [0]

    def produce() -> None:
        written[0] = 1
        list(map(numbers.send, [1, 2]))

    go(produce)
    numbers.recv()
    assert written[0] == 1


def sent_by_partial() -> None:
    numbers = Chan[int](2)
    written = [0]
    report = partial(numbers.send, 1)

    def produce() -> None:
        written[0] = 1
        report()

    go(produce)
    assert next(iter(numbers.recv, None)) == 1
    assert written[0] == 1


def closed_by_with() -> None:
    numbers = Chan[int](2)
    written = [0]

    def produce() -> None:
        with closing(numbers):
            written[0] = 1

    go(produce)
    numbers.recv()
    assert written[0] == 1


def canceled() -> None:
    """A context's cancel comes before its done channel is closed."""
    state = "running"
    ctx, cancel = context.with_cancel(context.background())
    child, cancel_child = context.with_cancel_cause(ctx)
    done = child.done()
    wg = sync.WaitGroup()

    def wait() -> None:
        match select(recv(done), recv(Chan[int]())):
            case 0, _, _:
                assert state == "over"

    wg.go(wait)
    state = "over"
    cancel()
    wg.wait()
    cancel_child(None)


def stack_of_locks() -> None:
    a, b = sync.Mutex(), sync.Mutex()
    entered = 0
    wg = sync.WaitGroup()

    def enter() -> None:
        nonlocal entered
        with ExitStack() as stack:
            stack.enter_context(a)
            b.lock()
            stack.callback(b.unlock)
            entered += 1

    wg.go(enter)
    wg.go(enter)
    wg.wait()
    assert entered == 2


def group_in_a_with_statement() -> None:
    """The end of the with statement waits for the goroutines."""
    written = [0]
    with errgroup.Group() as group:

        @group.go
        def _() -> None:
            written[0] = 1

    assert written[0] == 1
    with errgroup.with_context(context.background()) as (group, _ctx):

        @group.go
        def _() -> None:
            written[0] = 2

    assert written[0] == 2


def group_on_a_stack() -> None:
    written = [0]
    with ExitStack() as stack:
        group = stack.enter_context(errgroup.Group())

        @group.go
        def _() -> None:
            written[0] = 1

    assert written[0] == 1


def canceled_by_with() -> None:
    state = "running"
    wg = sync.WaitGroup()
    with context.with_cancel(context.background()) as ctx:

        @wg.go
        def _() -> None:
            done = ctx.done()
            assert done is not None
            done.recv()
            assert state == "over"

        state = "over"
    wg.wait()


def timer_in_a_with_statement() -> None:
    fired = [0]
    done = Chan[None]()

    def fire() -> None:
        fired[0] = 1
        done.close()

    with time.after_func(1, fire) as timer:
        done.recv()
        assert not timer.stop()
    assert fired[0] == 1


@dataclass
class _Click:
    x: int = 0


@dataclass
class _Key:
    x: int = 0


def _beside_a_write(look: Callable[[], object], write: Callable[[], object]) -> None:
    wg = sync.WaitGroup()
    wg.go(look)
    wg.go(write)
    wg.wait()


def pattern_of_another_class() -> None:
    """An object of another class is not read."""
    key = _Key()

    def look() -> object:
        match key:
            case _Click(x=0):  # type: ignore[misc]
                return 1
        return 0

    def write() -> None:
        key.x = 1

    _beside_a_write(look, write)


def pattern_that_reads_nothing() -> None:
    """What a name captures is not read."""
    items: list[int] = []

    def look() -> object:
        match "later", items:
            case "now", [_, *_]:
                return 1
            case _, later:
                return later

    def write() -> None:
        items.append(1)

    _beside_a_write(look, write)


def semaphore_of_selects() -> None:
    """A buffer of one is a lock, also if different goroutines send and receive."""
    room = Chan[None](1)
    entered = 0
    wg = sync.WaitGroup()

    def enter_by_select() -> None:
        nonlocal entered
        select(send(room, None), recv(Chan[int]()))
        entered += 1
        select(recv(room))

    def enter() -> None:
        nonlocal entered
        room.send(None)
        entered += 1
        room.recv()

    wg.go(enter_by_select)
    wg.go(enter)
    wg.wait()
    assert entered == 2


class _Locked:
    """A descriptor with a lock."""

    def __get__(self, o: Any, kind: Any = None) -> Any:
        with o.mu:
            return vars(o)["_value"]

    def __set__(self, o: Any, value: Any) -> None:
        with o.mu:
            vars(o)["_value"] = value


class _Item:
    value = _Locked()

    def __init__(self) -> None:
        self.mu = sync.Mutex()
        self.value = 0


class _Proxy:
    """Its attributes are in a dict with a lock."""

    def __init__(self) -> None:
        vars(self).update(mu=sync.Mutex(), all={})

    def __getattr__(self, name: str) -> Any:
        with self.mu:
            return self.all.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        with self.mu:
            self.all[name] = value


def _written_twice(o: Any) -> None:
    wg = sync.WaitGroup()

    def write() -> None:
        o.value = 1

    wg.go(write)
    wg.go(write)
    wg.wait()
    assert o.value == 1


def attribute_with_code() -> None:
    _written_twice(_Item())


def attribute_of_a_proxy() -> None:
    _written_twice(_Proxy())


def started_by_decorator() -> None:
    written = [0]
    done = Chan[None]()

    @go
    def _() -> None:
        written[0] = 1
        done.close()

    done.recv()
    assert written[0] == 1


def names_of_its_own() -> None:
    """The names that rewritten code adds are not seen."""
    count = 1

    def increment() -> None:
        nonlocal count
        count += 1

    increment()
    assert sorted(locals()) == sorted(vars()) == dir() == ["count", "increment"]


class _Nameless:
    """A callable without a name."""

    def __call__(self, o: Any) -> Any:
        return o


def method_without_a_name() -> None:
    assert MethodType(_Nameless(), 7)() == 7


def entered_as() -> None:
    """What a lock's with statement binds, if anything, is what the lock says."""
    with sync.Mutex() as bound:
        assert bound is None


def under_defers() -> None:
    """What is under @defers calls the program's own code, beside which others are started."""
    mu = sync.RWMutex()
    ages = {"ann": 1}
    wg = sync.WaitGroup()

    @defers
    def read() -> int:
        mu.rlock()
        defer(mu.runlock)
        return ages["ann"]

    @defers
    def write() -> None:
        mu.lock()
        defer(mu.unlock)
        ages["ann"] += 1

    for each in (read, write, read):
        wg.go(each)
    wg.wait()


def started_beside_a_call_of_the_library() -> None:
    """While a function that singleflight calls waits, main starts one that unlocks something else."""
    calls = singleflight.Group()
    mu, other, third = sync.Mutex(), sync.Mutex(), sync.Mutex()
    total = 0
    wg = sync.WaitGroup()

    def call() -> None:
        with third:
            pass

    def add() -> None:
        nonlocal total
        with mu:
            total += 1

    def add_later() -> None:
        with other:
            pass
        add()

    wg.go(calls.do, "a", call)
    wg.go(add_later)
    add()
    wg.wait()
