"""runtime.leaked_goroutines: the classic leaks are found, and nothing else is taken for one."""

from __future__ import annotations

import _thread
import asyncio
import atexit
import contextlib
import contextvars
import functools
import gc
import signal
import socket
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from gochan import (
    Chan,
    aio,
    context,
    defer,
    defers,
    go,
    net,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    thread,
    time,
    timeout,
)
from gochan import signal as go_signal
from gochan._engine import slots

pytestmark = [
    pytest.mark.own_process,
    pytest.mark.skipif(
        sys.version_info[:2] not in slots._LAYOUTS, reason="frames cannot be read in this Python"
    ),
]


def settle() -> None:
    """Let all goroutines run until they wait, except for one that polls, which never does."""
    for _ in range(20):
        runtime.gosched()


def leaked() -> set[int]:
    settle()
    return {g.number for g in runtime.leaked_goroutines()}


# --- leaks -----------------------------------------------------------------------------------------------


def abandoned_receiver() -> int:
    go(Chan[int]().recv)
    return 1


def early_return() -> int:
    """The result channel has no room, and the receiver has gone."""
    results = Chan[int]()

    def work(n: int) -> None:
        results.send(n)

    for n in range(3):
        go(work, n)
    results.recv()
    return 2


def forgotten_sender() -> int:
    def generate(out: Chan[int]) -> None:
        for n in range(10):
            out.send(n)
        out.close()

    numbers = Chan[int]()
    go(generate, numbers)
    for n in numbers:
        if n == 3:
            break
    return 1


def never_cancelled_context() -> int:
    ctx, _ = context.with_cancel(context.background())

    def work(ctx: context.Context) -> None:
        select(recv(ctx.done()))

    go(work, ctx)
    return 1


def unclosed_jobs() -> int:
    def work(jobs: Chan[int]) -> None:
        for _ in jobs:
            pass

    jobs = Chan[int]()
    for _ in range(4):
        go(work, jobs)
    jobs.send(1)
    return 4


def range_over_a_temporary() -> int:
    def work() -> None:
        for _ in Chan[int](3):
            pass

    go(work)
    return 1


def locked_mutex() -> int:
    mu = sync.Mutex()
    mu.lock()
    go(mu.lock)
    return 1


def locked_mutex_in_with() -> int:
    mu = sync.Mutex()
    mu.lock()

    def work() -> None:
        with mu:
            pass

    go(work)
    go(work)
    return 2


def locked_rwmutex() -> int:
    mu = sync.RWMutex()
    mu.lock()

    def read() -> None:
        mu.rlock()

    def write() -> None:
        mu.lock()

    go(read)
    go(write)
    return 2


def mutex_of_an_object() -> int:
    class Account:
        def __init__(self) -> None:
            self.mu = sync.Mutex()
            self.balance = 0

        def deposit(self) -> None:
            self.mu.lock()
            self.mu.lock()

    go(Account().deposit)
    return 1


def select_of_unreachable() -> int:
    a, b = Chan[int](), Chan[str]()

    def work() -> None:
        select(recv(a), send(b, "x"))

    go(work)
    return 1


def select_without_cases() -> int:
    go(select)
    return 1


def waitgroup() -> int:
    wg = sync.WaitGroup()
    wg.add(1)

    def work() -> None:
        wg.wait()

    go(work)
    return 1


def cond() -> int:
    c = sync.Cond(sync.Mutex())

    def work() -> None:
        with c.l:
            c.wait()

    go(work)
    return 1


def ring() -> int:
    """Each waits for another one of them."""
    chans = [Chan[int]() for _ in range(5)]

    def work(n: int) -> None:
        chans[n].recv()
        chans[(n + 1) % 5].send(n)

    for n in range(5):
        go(work, n)
    return 5


def arguments() -> int:
    ch = Chan[int]()

    def positional(n: int, c: Chan[int]) -> None:
        c.recv()

    @functools.wraps(positional)
    def wrapped(*args: Any) -> None:
        positional(*args)

    @defers
    def deferring(c: Chan[int]) -> None:
        defer(print, "never")
        c.recv()

    go(positional, 1, ch)
    go(functools.partial(positional, 1), ch)
    go(wrapped, 1, ch)
    go(deferring, ch)
    return 4


def in_a_comprehension() -> int:
    chans = [Chan[int](), Chan[int]()]

    def work() -> None:
        [ch.recv() for ch in chans]

    go(work)
    return 1


def in_a_generator() -> int:
    def values(ch: Chan[int]) -> Any:
        while True:
            yield ch.recv()

    def work(ch: Chan[int]) -> None:
        for _ in values(ch):
            pass

    go(work, Chan[int]())
    return 1


def operators() -> int:
    ch = Chan[int]()

    def work() -> None:
        ch << 1

    go(work)
    return 1


def garbage() -> int:
    """A cycle of garbage has the channel, too."""

    def work(ch: Chan[int]) -> None:
        ch.recv()

    ch = Chan[int]()
    cycle: list[object] = [ch]
    cycle.append(cycle)
    go(work, ch)
    return 1


LEAKS = [
    abandoned_receiver,
    arguments,
    cond,
    early_return,
    forgotten_sender,
    garbage,
    in_a_comprehension,
    in_a_generator,
    locked_mutex,
    locked_mutex_in_with,
    locked_rwmutex,
    mutex_of_an_object,
    never_cancelled_context,
    operators,
    range_over_a_temporary,
    ring,
    select_of_unreachable,
    select_without_cases,
    unclosed_jobs,
    waitgroup,
]


def test_leaks_are_found() -> None:
    """All of them in one program: a search takes a while."""

    def main() -> None:
        wrong: dict[str, tuple[int, list[int]]] = {}
        numbers: dict[str, tuple[int, range]] = {}
        first = 2
        for leak in LEAKS:
            expected = leak()
            settle()
            last = max(g.number for g in runtime.goroutines()) + 1
            numbers[leak.__name__] = expected, range(first, last)
            first = last
        before = runtime.goroutines()
        found = leaked()
        for name, (expected, started) in numbers.items():
            mine = [n for n in started if n in found]
            if len(mine) != expected:
                wrong[name] = expected, mine
        assert wrong == {}
        assert runtime.num_goroutine() == 1 + sum(expected for expected, _ in numbers.values())
        # It has changed nothing.
        assert [g.number for g in runtime.goroutines()] == [g.number for g in before]
        assert leaked() == found

    run(main)


def test_what_is_returned() -> None:
    def work(ch: Chan[int]) -> None:
        ch.recv()

    def main() -> None:
        go(work, Chan[int]())
        settle()
        [g] = runtime.leaked_goroutines()
        assert (g.number, g.state, g.reason) == (2, "waiting", "chan receive")
        assert g.function.endswith("work") and g.stack[0].function == g.function
        assert g.created_by is not None and g.created_by.function.endswith("main")

    run(main)


def test_without_a_program_there_is_none() -> None:
    found: list[Any] = []
    worker = threading.Thread(target=lambda: found.append(runtime.leaked_goroutines()))
    worker.start()
    worker.join()
    assert found == [[]]


# --- no leaks --------------------------------------------------------------------------------------------

kept = Chan[int]()
number: contextvars.ContextVar[object] = contextvars.ContextVar("number")


def waits(ch: Chan[int]) -> None:
    ch.recv()


def in_a_global() -> None:
    go(waits, kept)


def in_a_local_of_main(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    then()
    ch.close()


def on_the_stack_of_main(then: Callable[[], None]) -> None:
    def take(ch: Chan[int], _: None) -> None:
        ch.close()

    def make() -> Chan[int]:
        ch = Chan[int]()
        go(waits, ch)
        return ch

    # While `then` runs, only the stack of this frame has the channel.
    take(make(), then())


def iterated_by_main(then: Callable[[], None]) -> None:
    def make() -> Chan[int]:
        ch = Chan[int]()

        @go
        def _() -> None:
            ch.send(1)
            ch.send(2)
            ch.close()

        return ch

    for n in make():
        if n == 1:
            then()


def in_a_closure_of_a_runnable_goroutine(then: Callable[[], None]) -> None:
    done: list[None] = []

    def begin() -> None:
        ch = Chan[int]()
        go(waits, ch)

        @go
        def _() -> None:
            while not done:
                runtime.gosched()
            ch.send(1)

    begin()
    then()
    done.append(None)


def of_a_goroutine_that_has_not_started(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    settle()
    go(ch.send, 1)
    del ch
    then()


def in_a_timers_function(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    time.after_func(1000, ch.close)
    del ch
    then()


def of_a_deadline(then: Callable[[], None]) -> None:
    ctx, cancel = context.with_timeout(context.background(), 1000)

    def work(ctx: context.Context) -> None:
        ctx.done().recv()

    go(work, ctx)
    del ctx, cancel
    then()


def of_a_timer(then: Callable[[], None]) -> None:
    def after() -> None:
        time.after(1000).recv()

    def tick() -> None:
        for _ in time.tick(1000):
            pass

    def selects() -> None:
        select(recv(time.after(1000)), recv(Chan[int]()))

    for f in (after, tick, selects):
        go(f)
    then()


def of_a_select_with_a_timeout(then: Callable[[], None]) -> None:
    go(lambda: select(recv(Chan[int]()), timeout(1000)))
    then()


def in_another_waiting_goroutine(then: Callable[[], None]) -> None:
    """It waits for one that can be reached, and this goes on for some steps."""
    first = Chan[int]()
    ch = first
    for _ in range(5):
        following = Chan[int]()

        def work(a: Chan[int], b: Chan[int]) -> None:
            a.recv()
            b.send(1)

        go(work, ch, following)
        ch = following
    go(waits, ch)
    del ch, following
    then()
    first.send(1)


def of_a_sleeper(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)

    def work(ch: Chan[int]) -> None:
        time.sleep(1000)
        ch.send(1)

    go(work, ch)
    del ch
    then()


def of_one_that_waits_for_a_socket(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    listener = net.listen("tcp", "127.0.0.1:0")

    def work(ch: Chan[int], listener: net.Listener) -> None:
        with contextlib.suppress(OSError):
            listener.accept()
        ch.send(1)

    go(work, ch, listener)
    del ch
    then()
    listener.close()


def of_a_call_in_a_thread(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    a, b = socket.socketpair()

    def work(ch: Chan[int]) -> None:
        with a:
            thread.call(a.recv, 1)
        ch.send(1)

    go(work, ch)
    del ch
    then()
    b.send(b"x")
    b.close()
    settle()


def in_a_local_of_a_thread(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    begun, end = threading.Event(), threading.Event()

    def work(mine: list[Chan[int]]) -> None:
        ch = mine.pop()
        begun.set()
        end.wait()
        ch.close()

    worker = threading.Thread(target=work, args=([ch],))
    del ch
    worker.start()
    begun.wait()
    then()
    end.set()
    worker.join()


def of_a_thread_that_waits(then: Callable[[], None]) -> None:
    """It waits for a channel where goroutines do."""
    ch = Chan[int]()
    go(waits, ch)

    def work(ch: Chan[int], end: Chan[int]) -> None:
        end.recv()
        ch.close()

    end = Chan[int]()
    worker = threading.Thread(target=work, args=(ch, end))
    worker.start()
    del ch
    then()
    end.send(1)
    thread.call(worker.join)


def in_a_thread_local(then: Callable[[], None]) -> None:
    local = threading.local()
    local.ch = Chan[int]()
    go(waits, local.ch)
    then()


def in_a_context_variable(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    number.set(ch)
    del ch
    then()
    number.set(None)


def in_a_signal_handler(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    before = signal.signal(signal.SIGUSR1, lambda *_, ch=ch: ch.close())
    del ch
    then()
    signal.signal(signal.SIGUSR1, before)


def notified(then: Callable[[], None]) -> None:
    ch = Chan[signal.Signals](1)
    go_signal.notify(ch, signal.SIGUSR1)

    def work(ch: Chan[signal.Signals]) -> None:
        ch.recv()

    go(work, ch)
    then()
    go_signal.stop(ch)


def at_exit(then: Callable[[], None]) -> None:
    ch = Chan[int]()
    go(waits, ch)
    atexit.register(waits, ch)
    del ch
    then()
    atexit.unregister(waits)


def of_a_sort(then: Callable[[], None]) -> None:
    """While a list is sorted, only C has its items."""
    chans = [Chan[int]()]
    go(waits, chans[0])

    def key(ch: Chan[int]) -> int:
        del ch
        then()
        return 1

    chans.sort(key=key)


def of_c(then: Callable[[], None]) -> None:
    """A lock's function, which C calls in a new thread, has it as an argument only."""
    ch = Chan[int]()
    go(waits, ch)
    lock = _thread.allocate_lock()
    lock.acquire()

    def work(mine: list[object]) -> None:
        del mine
        with lock:
            pass

    _thread.start_new_thread(work, ([ch],))
    del ch
    then()
    lock.release()


def weakly_held(then: Callable[[], None]) -> None:
    """The program may take it from there at any time."""
    ch = Chan[int]()
    go(waits, ch)
    registry: weakref.WeakSet[Chan[int]] = weakref.WeakSet([ch])
    del ch
    then()
    for ch in registry:
        ch.close()


def with_a_finalizer(then: Callable[[], None]) -> None:
    """Garbage that was not collected yet closes it."""

    class Pool:
        def __init__(self, ch: Chan[int]) -> None:
            self.ch = ch
            self.me = self

        def __del__(self) -> None:
            self.ch.close()

    gc.disable()
    try:
        ch = Chan[int]()
        go(waits, ch)
        Pool(ch)
        del ch
        then()
    finally:
        gc.enable()


def untracked_containers(then: Callable[[], None]) -> None:
    """The collector leaves out a dict that has nothing but locks."""
    mu = sync.Mutex()
    mu.lock()

    def work(mu: sync.Mutex) -> None:
        mu.lock()

    go(work, mu)
    held = {"lock": (mu,)}
    gc.collect()
    del mu
    then()
    held["lock"][0].unlock()


def frozen(then: Callable[[], None]) -> None:
    """gc.freeze hides objects from the collector."""
    holder = [Chan[int]()]
    go(waits, holder[0])
    gc.collect()
    gc.freeze()
    try:
        then()
    finally:
        gc.unfreeze()
    holder[0].close()


def wait_groups_members(then: Callable[[], None]) -> None:
    """The end of a goroutine that WaitGroup.go started wakes those that wait for the group."""
    wg = sync.WaitGroup()
    wg.go(time.sleep, 1000)

    def work(wg: sync.WaitGroup) -> None:
        wg.wait()

    go(work, wg)
    del wg
    then()


def of_an_asyncio_task(then: Callable[[], None]) -> None:
    ch = Chan[int]()

    async def work(ch: Chan[int], event: asyncio.Event) -> None:
        await event.wait()
        await aio.send(ch, 1)

    async def begin(ch: Chan[int]) -> Any:
        event = asyncio.Event()
        task = asyncio.create_task(work(ch, event))
        asyncio.get_running_loop().call_later(1000, event.set)
        await asyncio.sleep(0)
        return task

    go(waits, ch)
    task = aio.await_(begin(ch))
    del ch
    then()
    task.cancel()


FINE: list[Callable[..., None]] = [
    at_exit,
    in_a_closure_of_a_runnable_goroutine,
    in_a_context_variable,
    in_a_local_of_a_thread,
    in_a_local_of_main,
    in_a_signal_handler,
    in_a_thread_local,
    in_a_timers_function,
    in_another_waiting_goroutine,
    iterated_by_main,
    notified,
    of_a_call_in_a_thread,
    of_a_deadline,
    of_a_goroutine_that_has_not_started,
    of_a_select_with_a_timeout,
    of_a_sleeper,
    of_a_sort,
    of_a_thread_that_waits,
    of_a_timer,
    of_c,
    of_one_that_waits_for_a_socket,
    on_the_stack_of_main,
    untracked_containers,
    wait_groups_members,
    weakly_held,
]
# They change how the collector works, or who runs.
ALONE = [frozen, of_an_asyncio_task, with_a_finalizer]


def search(where: str) -> set[int]:
    """Ask in main, or in a thread while main waits for it."""
    settle()
    if where == "main":
        return leaked()
    return {g.number for g in thread.call(runtime.leaked_goroutines)}


@pytest.mark.parametrize("where", ["main", "thread"])
def test_no_false_alarm(where: str) -> None:
    """All scenes at once, each inside the one before."""
    owners: dict[int, str] = {}
    wrong: list[set[str]] = []

    def enter(scenes: list[Callable[..., None]]) -> None:
        settle()
        for g in runtime.goroutines():
            owners.setdefault(g.number, FINE[len(FINE) - len(scenes) - 1].__name__)
        if scenes:
            scenes[0](functools.partial(enter, scenes[1:]))
        else:
            assert len(owners) > len(FINE)
            wrong.append({owners.get(n, str(n)) for n in search(where)})

    run(enter, FINE)
    assert wrong == [set()]


@pytest.mark.parametrize("scene", ALONE, ids=lambda f: f.__name__)
def test_no_false_alarm_alone(scene: Callable[..., None]) -> None:
    found: list[set[int]] = []
    run(scene, lambda: found.append(search("main")))
    assert found == [set()]


def test_a_global_is_no_leak() -> None:
    def main() -> None:
        in_a_global()
        assert leaked() == set()

    run(main)


def test_main_is_no_leak() -> None:
    """Ctrl-C reaches it, and its finally blocks may do anything."""
    found: list[Any] = []

    def main() -> None:
        ch, end = Chan[int](), Chan[None]()
        go(waits, ch)

        def look() -> None:
            found.append(runtime.leaked_goroutines())
            end.close()

        threading.Timer(0.01, look).start()
        try:
            end.recv()
        finally:
            ch.close()

    run(main)
    assert found == [[]]


def test_leaks_and_others_are_told_apart() -> None:
    def main() -> None:
        mine = Chan[int]()
        numbers: list[int] = []
        for n in range(40):
            go(waits, mine if n % 2 else Chan[int]())
            numbers.append(n + 2)
        assert leaked() == set(numbers[::2])
        mine.close()

    run(main)


def test_it_works_in_a_signal_handler() -> None:
    found: list[int] = []

    def main() -> None:
        go(waits, Chan[int]())
        settle()
        signal.raise_signal(signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, lambda *_: found.append(len(runtime.leaked_goroutines())))
    try:
        run(main)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert found == [1]


def test_a_search_that_takes_longer_than_its_beginning_may_is_no_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gochan._engine import leaks

    searching = threading.Event()

    class Finished:
        """A lock; the time that its user gives is over while the search runs."""

        def __init__(self) -> None:
            self.lock = threading.Lock()
            self.release = self.lock.release

        def acquire(self, timeout: float = -1) -> bool:
            if timeout < 0:
                return self.lock.acquire(timeout=10)
            searching.wait(10)
            return False

    def search() -> list[Any]:
        searching.set()
        return []

    monkeypatch.setattr(leaks, "allocate_lock", Finished)
    monkeypatch.setattr(leaks, "_leaked", search)
    assert run(thread.call, runtime.leaked_goroutines) == []


def test_a_busy_program_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """From another thread; the goroutines' thread has to switch."""
    from gochan._engine import leaks

    monkeypatch.setattr(leaks, "PATIENCE", 0.05)
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            runtime.leaked_goroutines()
        except TimeoutError as exc:
            raised.append(exc)

    def main() -> None:
        worker = threading.Thread(target=ask)
        worker.start()
        worker.join()

    run(main)
    assert "did not start the search within 0.05 s" in str(raised[0])


def test_an_exception_reaches_the_thread_that_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def check() -> None:
        raise NotImplementedError("not here")

    monkeypatch.setattr(slots, "check", check)

    def main() -> None:
        with pytest.raises(NotImplementedError, match="not here"):
            thread.call(runtime.leaked_goroutines)
        with pytest.raises(NotImplementedError, match="not here"):
            runtime.leaked_goroutines()

    run(main)


# --- frames ----------------------------------------------------------------------------------------------


def test_frames_can_be_read_here() -> None:
    slots.check()


@pytest.mark.parametrize("name", ["argparse", "dataclasses", "asyncio.base_events", "typing", "tarfile"])
def test_the_depth_of_the_stack_is_known_at_each_instruction(name: str) -> None:
    import importlib

    def codes(code: Any) -> Any:
        yield code
        for constant in code.co_consts:
            if isinstance(constant, type(code)):
                yield from codes(constant)

    path = importlib.import_module(name).__file__
    assert path is not None
    with open(path, encoding="utf-8") as file:
        module = compile(file.read(), path, "exec")
    for code in codes(module):
        depths = slots._depths(code)
        assert min(depths.values()) >= 0 and max(depths.values()) <= code.co_stacksize


def test_another_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_LAYOUTS", {})
    with pytest.raises(NotImplementedError, match=r"does not lay out frames as 3\.11 to 3\.13 do"):
        slots.check()


def test_another_layout_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = slots._LAYOUTS[sys.version_info[:2]]
    monkeypatch.setitem(slots._LAYOUTS, sys.version_info[:2], layout._replace(code=layout.locals))
    with pytest.raises(NotImplementedError, match=r"does not lay out frames as 3\.11 to 3\.13 do"):
        slots.check()
