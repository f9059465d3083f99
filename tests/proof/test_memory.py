"""Memory: what the program lets go of is gone at once, and doing a thing a million times leaves nothing."""

from __future__ import annotations

import contextvars
import gc
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import pytest
from goroutines import rescue
from memory import MB, resident
from sizes import Sizes

from gochan import (
    Chan,
    Panic,
    close,
    context,
    default,
    defer,
    defers,
    errgroup,
    go,
    panic,
    recv,
    run,
    select,
    semaphore,
    send,
    sync,
    synctest,
    thread,
    time,
    timeout,
)
from gochan._engine.impl import sched
from gochan.runtime import goexit, gosched, stack

T = TypeVar("T")


class Value:
    """Something that a weak reference can watch."""

    def stay(self, ch: Chan[int]) -> None:
        ch.recv()


class Failure(Exception):
    """An exception that a weak reference can watch."""


class Watch:
    """Makes things, and lists those that are still alive."""

    def __init__(self) -> None:
        self.refs: list[tuple[str, weakref.ref[object]]] = []

    def __call__(self, name: str) -> Value:
        return self.see(name, Value())

    def see(self, name: str, value: T) -> T:
        # Compiled, few of gochan's own objects can have weak references to them.
        with suppress(TypeError):
            self.refs.append((name, weakref.ref(value)))
        return value

    def alive(self) -> list[str]:
        return [name for name, ref in self.refs if ref() is not None]


@pytest.fixture(autouse=True)
def counting_alone() -> Iterator[None]:
    """What is let go of is gone at once: the collector has nothing to do with it."""
    gc.collect()
    # Leave out the objects that exist already.
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


def turns(n: int = 4) -> None:
    """Let all others run as far as they can."""
    for _ in range(n):
        gosched()


# --- what a weak reference sees ---------------------------------------------------------------------------


def lose(watch: Watch) -> None:
    """The cases of a select that lose: what they would have sent, and their channels."""
    won = Chan[int](1)
    won.send(1)

    def chooser() -> None:
        ready = watch.see("channel", Chan[Value]())
        select(recv(won), send(ready, watch("value of a ready select")))
        select(recv(late), send(watch.see("channel", Chan[Value]()), watch("value of a waiting select")))
        turns()

    late = Chan[int]()
    go(chooser)
    turns()
    late.send(2)
    turns()


def drop_closed(watch: Watch) -> None:
    """A closed channel with a full buffer, and a sender that waits; let go of without a receive."""
    ch = watch.see("channel", Chan[Value](2))

    def sender() -> None:
        try:
            for _ in range(3):
                ch.send(watch("buffered"))
        except Panic:
            pass

    go(sender)
    turns()
    close(ch)
    turns()


def drain_closed(watch: Watch) -> None:
    """What was in the buffer goes with its receiver, while the channel stays."""
    ch = Chan[Value](20)
    for _ in range(18):
        ch.send(watch("buffered"))
    close(ch)
    for _ in range(20):
        ch.recv()
    assert watch.alive() == []
    turns()


def stop_timers(watch: Watch) -> None:
    """Stopped timers let go of their functions at once; fired ones, too."""
    timer = time.after_func(3600, watch("function of a stopped timer").stay.__get__)  # never called
    timer.stop()
    del timer
    fired = Chan[int]()
    close(fired)
    held = [watch("held by the function of a fired timer")]
    over = Chan[None](1)
    time.after_func(0, lambda: [held.pop().stay(fired), over.send(None)])
    over.recv()
    assert held == []
    turns()


def let_go_of_timers(watch: Watch) -> None:
    """A timer and its channel hold each other: they are the collector's, and never the heap's."""
    time.new_ticker(3600).stop()
    time.new_ticker(3600)
    time.new_timer(3600)
    time.after(3600)
    watch("something")
    assert sched.timeout() == -1
    turns()
    gc.collect()
    assert not [o for o in gc.get_objects() if type(o).__name__ in {"Sender", "Timer", "Ticker"}]


def defer_calls(watch: Watch) -> None:
    """Deferred calls: the function, its arguments, on return, panic, goexit; and a panic's value."""

    @defers
    def in_scope(how: str) -> None:
        held = watch("held by a deferred function")
        defer(rescue)
        defer(lambda x: held, watch("argument of a deferred call"))
        if how == "panic":
            panic(watch("value of a panic"))

    def entry(how: str) -> None:
        defer(lambda x, key: None, watch("argument of a deferred call"), key=watch("keyword argument"))
        in_scope(how)
        if how == "goexit":
            goexit()
        turns()

    for how in ("return", "panic", "goexit"):
        go(entry, how)
        turns(8)


def recover_panics(watch: Watch) -> None:
    """What was recovered, with its traceback and the locals in it, and the panic that it replaced."""

    @defers
    def failing(arg: Value) -> None:
        defer(rescue)
        defer(second)
        exc = watch.see("exception", Failure(watch("argument of an exception")))
        try:
            raise exc
        finally:
            del exc

    def second() -> None:
        panic(watch("value of a second panic"))

    def goroutine() -> None:
        failing(watch("argument"))
        turns()

    go(goroutine)
    turns(8)


def end_goroutines(watch: Watch) -> None:
    """A finished goroutine: function, arguments, locals, contextvars; its greenlet serves the next."""
    var: contextvars.ContextVar[object] = contextvars.ContextVar("var")

    def make() -> None:
        closure = watch("closure")

        def fn(arg: Value, *, key: Value) -> None:
            local = watch("local")
            var.set(watch("contextvar's value"))
            gosched()
            assert closure is not local is not arg is not key

        watch.see("function", fn)
        go(fn, watch("argument"), key=watch("keyword argument"))
        go(watch("bound method's object").stay, ended)

    ended = Chan[int]()
    close(ended)
    for _ in range(3):
        make()
        turns()


def catch_exceptions(watch: Watch) -> None:
    """An exception that was handled in a goroutine which then waits."""

    def waiting(ch: Chan[int]) -> None:
        try:
            raise watch.see("exception", Failure(watch("argument of an exception")))
        except Failure:
            pass
        ch.recv()

    ch = Chan[int]()
    go(waiting, ch)
    turns()
    assert watch.alive() == []
    close(ch)
    turns()


def end_contexts(watch: Watch) -> None:
    root, cancel_root = context.with_cancel(context.background())
    ctx, cancel = context.with_timeout(context.with_value(root, "key", watch("value")), 3600)
    watch.see("context", ctx)
    stop = context.after_func(ctx, watch("function after").stay.__get__)
    stop()
    cancel()
    del ctx, cancel, stop
    assert watch.alive() == []
    cancel_root()
    turns()


def call_threads(watch: Watch) -> None:
    """A call in a thread: function, arguments, result; the thread itself waits for the next."""

    def work(arg: Value) -> Value:
        return watch("result")

    def caller() -> None:
        thread.call(work, watch("argument"))

    wg = sync.WaitGroup()
    wg.go(caller)
    wg.wait()
    # The pool's thread lets go of its last task when it takes the next.
    thread.call(int)
    turns()


def group_errors(watch: Watch) -> None:
    def fail() -> None:
        raise watch.see("exception", Failure(watch("argument of an exception")))

    def grouped() -> None:
        group = errgroup.Group()
        group.go(fail)
        with suppress(Failure):
            group.wait()

    grouped()
    turns()


STORIES: list[Callable[[Watch], None]] = [
    lose,
    drop_closed,
    drain_closed,
    stop_timers,
    let_go_of_timers,
    defer_calls,
    recover_panics,
    end_goroutines,
    catch_exceptions,
    end_contexts,
    call_threads,
    group_errors,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_no_reference_is_kept(story: Callable[[Watch], None]) -> None:
    """Each story three times, so that greenlets, goroutines and threads are used again."""
    watch = Watch()

    def main() -> None:
        for _ in range(3):
            story(watch)
            turns()
            if story is group_errors:
                # An exception that is kept and raised again is in a ring with its traceback.
                gc.collect()
            assert watch.alive() == []

    run(main)
    assert len(watch.refs) >= 3


@pytest.mark.filterwarnings("ignore:case .* was never given to select")
def test_a_weak_reference_is_called_or_refused() -> None:
    """Compiled, an object that cannot have one says so; one that is freed without a word would be a crash."""
    makers: list[Callable[[], object]] = [
        Chan,
        lambda: recv(None),
        lambda: timeout(1),
        sync.Mutex,
        sync.RWMutex,
        sync.WaitGroup,
        sync.Once,
        sync.Map,
        lambda: sync.Pool(int),
        lambda: sync.Cond(sync.Mutex()),
        lambda: sync.once_value(int),
        lambda: time.new_timer(3600),
        lambda: time.new_ticker(3600),
        lambda: context.with_cancel(context.background()),
        errgroup.Group,
        lambda: semaphore.Weighted(1),
    ]
    for make in makers:
        thing = make()
        try:
            ref = weakref.ref(thing)
        except TypeError:
            continue
        del thing
        gc.collect()
        assert ref() is None


def test_no_reference_is_kept_to_what_ended_a_program() -> None:
    """The exception that left `run`, once it is handled; what the goroutines held that were unwound."""
    watch = Watch()

    def fail(arg: Value) -> None:
        raise watch.see("exception", Failure(watch("argument of an exception")))

    def waiting(arg: Value, ch: Chan[int]) -> None:
        local = watch("local of one that waited")
        ch.recv()
        assert local

    def main(arg: Value) -> None:
        ch = Chan[int]()
        for _ in range(3):
            go(waiting, watch("argument of one that waited"), ch)
        turns()
        go(waiting, watch("argument of one that never ran"), ch)
        go(fail, watch("argument"))
        select(recv(ch), timeout(3600), send(Chan[Value](), watch("value of main's select")))

    for _ in range(3):
        with suppress(Failure):
            run(main, watch("argument of main"))
        assert watch.alive() == []


# --- counting all objects ---------------------------------------------------------------------------------


class Bench:
    """What the operations work on."""

    def __init__(self) -> None:
        self.unbuffered, self.buffered, self.echo = Chan[int](), Chan[int](4), Chan[int]()
        self.mutex, self.rw = sync.Mutex(), sync.RWMutex()
        self.pool = sync.Pool(int)
        self.map = sync.Map[int, int]()
        self.weighted = semaphore.Weighted(2)
        self.root = context.background()
        go(self._answer)

    def _answer(self) -> None:
        for v in self.echo:
            self.unbuffered.send(v)

    def ping(self) -> None:
        self.echo.send(1)
        self.unbuffered.recv()

    def buffer(self) -> None:
        self.buffered.send(1)
        self.buffered.recv_ok()

    def make_close(self) -> None:
        ch = Chan[int](3)
        ch.send(1)
        close(ch)
        list(ch)

    def select_waits(self) -> None:
        go(self.echo.send, 1)
        select(recv(self.unbuffered), send(Chan[int](), 1), timeout(3600))

    def select_default(self) -> None:
        select(recv(self.unbuffered), default)

    def spawn(self) -> None:
        go(int)
        gosched()

    def spawn_with(self) -> None:
        go(max, 1, 2, key=abs)
        gosched()

    def panics(self) -> None:
        go(_panicking)
        gosched()

    def goexits(self) -> None:
        go(goexit)
        gosched()

    def sleep(self) -> None:
        time.sleep(1e-9)

    def timer(self) -> None:
        t = time.new_timer(3600)
        t.reset(1800)
        t.stop()

    def timer_fires(self) -> None:
        time.new_timer(0).c.recv()  # type: ignore[union-attr]

    def ticker(self) -> None:
        with time.new_ticker(3600):
            pass

    def after_func(self) -> None:
        time.after_func(0, int)
        gosched()

    def cancel(self) -> None:
        with context.with_cancel(self.root) as ctx:
            context.with_value(ctx, "key", 1)

    def deadline(self) -> None:
        with context.with_timeout(self.root, 3600) as ctx:
            context.after_func(ctx, int)()

    def locks(self) -> None:
        with self.mutex:
            self.rw.rlock()
            self.rw.runlock()

    def contended(self) -> None:
        self.mutex.lock()
        go(self._lock_once)
        gosched()
        self.mutex.unlock()
        gosched()

    def _lock_once(self) -> None:
        with self.mutex:
            pass

    def group(self) -> None:
        wg = sync.WaitGroup()
        wg.go(int)
        wg.wait()

    def errgroup(self) -> None:
        g = errgroup.Group()
        g.go(lambda: None)
        g.wait()

    def others(self) -> None:
        self.pool.put(self.pool.get())
        self.map.store(1, 1)
        self.map.load(1)
        sync.Once().do(int)
        self.weighted.acquire(self.root, 1)
        self.weighted.release(1)

    def stacks(self) -> None:
        stack()

    def bubble(self) -> None:
        synctest.test(_in_bubble)


@defers
def _panicking() -> None:
    defer(rescue)
    panic("over")


def _in_bubble() -> None:
    go(time.sleep, 3600)
    time.sleep(7200)


KINDS = [name for name in vars(Bench) if not name.startswith("_")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_objects_stays(kind: str, size: Sizes) -> None:
    """After many of one operation there are as many objects as after few, and as much memory."""
    # The expensive ones do less in the suite; in `make soak`, all do a million.
    many = size.operations if size.operations > 10**4 else size.operations // 10
    if kind in {"bubble", "stacks"}:
        many //= 10

    def main() -> None:
        operation = getattr(Bench(), kind)

        def repeat(times: int) -> int:
            for i in range(times):
                operation()
                if i % 10_000 == 0:
                    # In Python, a timer and its channel refer to each other.
                    gc.collect()
            turns(3)
            gc.collect()
            return len(gc.get_objects())

        repeat(300)
        few, before = repeat(100), resident()
        blocks = sys.getallocatedblocks()
        after = repeat(many)
        assert after - few < 40
        # What the collector does not see: ints, strings, the memory of arrays.
        assert sys.getallocatedblocks() - blocks < 200 + many // 100
        grown = resident() - before
        print(f"\n{many:,} of {kind}: {after - few:+} objects, {grown / MB:+.1f} MB")
        assert grown < 8 * MB

    run(main)
