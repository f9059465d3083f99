"""Faults: an exception anywhere ends the program with that exception; the next program is unharmed."""

from __future__ import annotations

import gc
import itertools
import os
import random
import signal
import sys
import threading
import time as clock
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any

import pytest
from goroutines import Finalized, rescue
from greenlet import GreenletExit
from sizes import Sizes

from gochan import (
    Chan,
    Panic,
    close,
    context,
    default,
    defer,
    defers,
    go,
    panic,
    recover,
    recv,
    run,
    select,
    send,
    sync,
    synctest,
    time,
    timeout,
)
from gochan._engine.functions import is_own
from gochan._engine.impl import sched
from gochan._engine.py.state import sched as state
from gochan._engine.run import program
from gochan.runtime import COMPILED, gosched, num_goroutine


def check_usable() -> None:
    """The program has ended without a trace, and the next one runs as any."""
    s = sched
    assert s.main is None
    assert s.curg is None
    assert not s.runnable()
    assert s.timeout() == -1
    assert s.goroutines() == s.threads() == []
    assert program.wakers == 0
    assert not s.ending

    def main() -> int:
        ch = Chan[int]()
        go(ch.send, 7)
        select(recv(Chan[int]()), timeout(0.0001))
        return ch.recv()

    assert run(main) == 7


class Blocks:
    """`with blocks("name"):` counts the goroutines that enter and leave."""

    def __init__(self) -> None:
        self.entered: Counter[int] = Counter()
        self.left: Counter[int] = Counter()
        self.names: dict[int, str] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        number = len(self.names)
        self.names[number] = name
        self.entered[number] += 1
        try:
            yield
        finally:
            self.left[number] += 1

    def check(self) -> None:
        """Each goroutine that entered has left, once."""
        assert set(self.entered.values()) <= {1}
        assert {n: self.names[n] for n in self.entered} == {n: self.names[n] for n in self.left}
        assert set(self.left.values()) <= {1}


untraced = pytest.mark.skipif(
    "coverage" in sys.modules, reason="a tracer lets anything happen in the midst of the interpreted engine"
)


# --- exceptions at every switch point ---------------------------------------------------------------------


class Bomb:
    """Raises one exception when the program comes by for the k-th time."""

    def __init__(self, k: int, exc: BaseException | None) -> None:
        self.k = k
        self.exc = exc
        self.passed = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.k:
            assert self.exc is not None
            raise self.exc


def every_wait(point: Bomb, blocks: Blocks) -> str:
    """Use every kind of wait and wake there is; by a `point` before and after each, in every goroutine."""
    unbuffered, buffered, results = Chan[int](), Chan[int](2), Chan[int](100)
    wg, mutex, once = sync.WaitGroup(), sync.Mutex(), sync.Once()
    ctx, cancel = context.with_cancel(context.background())

    def sender(ch: Chan[int]) -> None:
        with blocks("sender"):
            for i in range(3):
                point()
                ch.send(i)
                point()

    def relay() -> None:
        with blocks("relay"):
            for v in unbuffered:
                point()
                buffered.send(v)
                point()
            close(buffered)

    def deferred_point() -> None:
        point()

    def locked(i: int) -> None:
        with blocks("locked"):
            point()
            with mutex:
                point()
                gosched()
                point()
            once.do(point)
            point()
            results.send(i)

    @defers
    def guarded() -> None:
        with blocks("guarded"):
            defer(rescue)
            defer(deferred_point)
            point()
            panic("recovered")

    def deferring() -> None:
        defer(point)
        with blocks("deferring"):
            defer(wg.done)
            defer(rescue)
            point()
            gosched()
            guarded()
            point()
            # Only `recover` stops it: the first deferred call that does.
            panic("recovered, too")

    def selecting() -> None:
        with blocks("selecting"):
            other = Chan[int]()
            while True:
                point()
                index, v, ok = select(recv(buffered), send(other, 1), recv(ctx.done()), timeout(3600))
                point()
                if index == 2:
                    return
                if ok:
                    results.send(v)
                else:
                    cancel()

    def sleeping() -> None:
        with blocks("sleeping"):
            point()
            time.sleep(1e-6)
            point()
            select(recv(time.after(1e-6)), recv(None))
            point()
            select(default, recv(unbuffered if point.k < 0 else None))
            point()

    def nested() -> None:
        with blocks("nested"):
            wg.go(locked, 10)
            point()
            gosched()
            point()

    with blocks("main"):
        for i in range(3):
            wg.go(locked, i)
        wg.go(sleeping)
        wg.go(nested)
        wg.go(selecting)
        wg.add(1)
        go(deferring)
        go(relay)
        point()
        for _ in range(2):
            sender(unbuffered)
            point()
        close(unbuffered)
        point()
        wg.wait()
        point()
        assert ctx.err() is not None
        total = sum(results.recv() for _ in range(len(results)))
        point()
        return f"{total}"


KINDS: list[Callable[[], BaseException]] = [
    lambda: ValueError("fault"),
    lambda: GreenletExit("fault"),
    lambda: SystemExit("fault"),
    lambda: KeyboardInterrupt("fault"),
    lambda: MemoryError("fault"),
    lambda: RecursionError("fault"),
    lambda: Panic("fault"),
    lambda: TimeoutError("fault"),
    lambda: StopIteration("fault"),
    lambda: BaseExceptionGroup("fault", [KeyboardInterrupt()]),
]


def test_an_exception_at_every_switch_point(size: Sizes) -> None:
    """It leaves `run` itself, unless a deferred `recover` stood above it; every `finally` ran once."""
    quiet = Bomb(0, None)
    assert run(every_wait, quiet, Blocks()) == "19"
    points = quiet.passed
    assert points > 50
    moments = [(k, kind) for k in range(1, points + 1) for kind in KINDS]
    chosen = random.Random(6).sample(moments, min(size.faults, len(moments)))
    ended = recovered = 0
    for k, kind in chosen:
        exc = kind()
        bomb, blocks = Bomb(k, exc), Blocks()
        where = f"point {k} of {points}, {exc!r}"
        try:
            result = run(every_wait, bomb, blocks)
        except BaseException as raised:
            assert raised is exc, f"{where}: {raised!r} came out instead"
            ended += 1
        else:
            if bomb.passed >= k:
                frames = traceback_names(exc)
                assert isinstance(exc, Exception), f"{where}: vanished"
                assert frames & {"guarded", "deferring", "deferred_point"}, f"{where}: vanished from {frames}"
                recovered += 1
            else:
                # A select has taken another way, or a timer was later.
                assert result == "19", where
        blocks.check()
        check_usable()
    print(f"\n{len(chosen)} exceptions at {points} points: {ended} ended the program, {recovered} recovered")
    assert ended > len(chosen) // 2


def traceback_names(exc: BaseException) -> set[str]:
    names = set()
    tb = exc.__traceback__
    while tb is not None:
        names.add(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    return names


@pytest.mark.parametrize("start", ["run", "without run"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind()).__name__)
def test_an_exception_ends_a_waiting_main(kind: Callable[[], BaseException], start: str) -> None:
    """Main's wait does not end as if something had come in."""
    exc = kind()
    seen: list[object] = []

    def fail() -> None:
        raise exc

    def main() -> None:
        go(fail)
        seen.append(Chan[int]().recv_ok())

    with pytest.raises(type(exc)) as info:
        run(main) if start == "run" else main()
    assert info.value is exc
    assert seen == []
    run(gosched)
    check_usable()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind()).__name__)
def test_an_exception_of_a_deferred_call(kind: Callable[[], BaseException]) -> None:
    exc = kind()
    log: list[str] = []

    def fail() -> None:
        raise exc

    def goroutine() -> None:
        defer(log.append, "deferred first")
        defer(fail)

    def main() -> None:
        go(goroutine)
        select()

    with pytest.raises(type(exc)) as info:
        run(main)
    assert info.value is exc
    # As after any fatal error, and as greenlet has it: what was to come is not run.
    assert log == ([] if isinstance(exc, GreenletExit) else ["deferred first"])
    check_usable()


def test_a_deadlock_that_a_deferred_call_raises() -> None:
    """One of a bubble, in a goroutine: the program ends with it."""

    def goroutine() -> None:
        defer(synctest.test, lambda: Chan[int]().recv())

    def main() -> None:
        go(goroutine)
        select()

    with pytest.raises(Exception, match="all goroutines in bubble are blocked"):
        run(main)
    check_usable()


def test_a_greenlet_exit_in_a_forked_child() -> None:
    """It ends the child, as any exception does that leaves the goroutine in which it was forked."""
    if not hasattr(os, "fork"):
        pytest.skip("no fork")

    def goroutine(status: Chan[int]) -> None:
        pid = os.fork()
        if pid == 0:
            sys.excepthook = lambda *args: None
            raise ValueError
        status.send(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

    def main() -> int:
        status = Chan[int]()
        go(goroutine, status)
        return status.recv()

    assert run(main) == 1


# --- Ctrl-C -----------------------------------------------------------------------------------------------


class Brief:
    """Runs code of its own when it is let go of."""

    def __del__(self) -> None:
        gc.isenabled()


class Ends:
    """Which goroutines began and which ended; an interrupt strikes between any two of Python's own steps.

    So each goroutine says that it began inside its `try`, and both by a call of C: after it has said so, its
    `finally` is sure to say the other.
    """

    def __init__(self) -> None:
        self.began: list[str] = []
        self.ended: list[str] = []
        self.numbers = itertools.count()

    def check(self) -> None:
        assert Counter(self.began) == Counter(self.ended)
        assert set(Counter(self.began).values()) == {1}


def busy(ends: Ends, rng: random.Random) -> None:
    """Keep a dozen goroutines in every kind of wait, without end."""
    began, ended = ends.began, ends.ended
    a, b, log = Chan[int](), Chan[int](3), Chan[int](1)
    mutex, cond = sync.Mutex(), sync.Cond(sync.Mutex())

    def forever(name: str, step: Callable[[], object]) -> None:
        try:
            began.append(name)
            while True:
                step()
        finally:
            ended.append(name)

    def short(name: str) -> None:
        try:
            began.append(name)
            gosched()
        finally:
            ended.append(name)

    def locking() -> None:
        with mutex:
            gosched()

    def timers() -> None:
        with context.with_timeout(context.background(), rng.random() * 1e-4) as ctx:
            select(recv(ctx.done()), timeout(1e-3))

    def waiting() -> None:
        with cond.l:
            cond.wait()

    def waking() -> None:
        cond.signal()
        time.sleep(rng.random() * 1e-4)

    @defers
    def panicking() -> None:
        defer(rescue)
        panic("over")

    def group() -> None:
        wg = sync.WaitGroup()
        for _ in range(rng.randint(1, 4)):
            wg.go(short, f"short {next(ends.numbers)}")
        wg.wait()

    def cells() -> None:
        # Let go of wherever it is; Python swallows an interrupt that strikes while it acts.
        ch = Chan[object](1)
        go(lambda: [ch.send(Brief()), close(ch)])
        list(ch)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("send", partial(a.send, 1)),
        ("select", lambda: select(recv(a), send(b, 1), timeout(1e-3))),
        ("receive", b.recv),
        ("poll", lambda: [select(send(log, 1), default), gosched()]),
        ("drain", lambda: [select(recv(log), default), gosched()]),
        ("lock", locking),
        ("lock too", locking),
        ("timers", timers),
        ("wait", waiting),
        ("wake", waking),
        ("panic", lambda: [panicking(), gosched()]),
        ("group", group),
        ("cells", cells),
    ]
    rng.shuffle(steps)
    for name, step in steps[1:]:
        go(forever, name, step)
    forever(*steps[0])


class Swallowed:
    """Counts what Python itself swallows: a KeyboardInterrupt that strikes in a finalizer or a callback."""

    def __init__(self) -> None:
        self.interrupts = 0
        self.others: list[str] = []

    def __call__(self, unraisable: Any) -> None:
        if isinstance(unraisable.exc_value, KeyboardInterrupt):
            self.interrupts += 1
        else:
            self.others.append(f"{unraisable.exc_value!r} in {unraisable.object!r}")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
@untraced
# Coverage's tracer takes a lock at each call, in Python, and an interrupt there leaves it held for good.
@pytest.mark.skipif(sys.gettrace() is not None, reason="an interrupt may hit the tracer")
def test_an_interrupt_at_many_moments(size: Sizes) -> None:
    """A real SIGINT: the busy program ends with KeyboardInterrupt, and the next one is unharmed.

    It must be the first signal that ends it.  Only where Python has said that it swallowed that one, another
    is sent.
    """
    seed = int.from_bytes(os.urandom(4), "big")
    rng = random.Random(seed)
    swallowed = Swallowed()
    hook, sys.unraisablehook = sys.unraisablehook, swallowed
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    # Interpreted, the signal is raised again by a thread until it finds the user's code.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    moments = again = 0
    try:
        for moment in range(size.interrupts):
            ends = Ends()
            sender = Sender(ends, rng.random() * 0.004, swallowed)
            with suppress(KeyboardInterrupt):
                try:
                    sender.start()
                    run(busy, ends, random.Random(seed + moment))
                finally:
                    sender.over.set()
            sender.join()
            where = f"moment {moment} with seed {seed}"
            assert not sender.lost, f"{where}: lost"
            assert sender.sent == 1 + sender.swallowed(), where
            assert not swallowed.others, where
            ends.check()
            assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, where
            check_usable()
            moments += 1
            again += sender.sent - 1
    finally:
        sys.setswitchinterval(interval)
        sys.unraisablehook = hook
        signal.signal(signal.SIGINT, handler)
    print(f"\n{moments} interrupts, each the end of its program; Python swallowed {again} more")


class Sender(threading.Thread):
    """Sends SIGINT to a busy program once it is under way, and another for each that Python has swallowed."""

    def __init__(self, ends: Ends, delay: float, swallowed: Swallowed) -> None:
        super().__init__()
        self.over = threading.Event()
        self.sent = 0
        self.lost = False
        self._ends = ends
        self._delay = delay
        self._swallowed = swallowed
        self._before = swallowed.interrupts
        self._target_thread = threading.get_ident()

    def swallowed(self) -> int:
        return self._swallowed.interrupts - self._before

    def run(self) -> None:
        while not self._ends.began:
            clock.sleep(0.0002)
        clock.sleep(self._delay)
        limit = clock.monotonic() + 30
        while not self.over.is_set():
            self.sent += 1
            signal.pthread_kill(self._target_thread, signal.SIGINT)
            while not self.over.wait(0.02) and self.swallowed() < self.sent and not self.lost:
                self.lost = clock.monotonic() > limit


# --- MemoryError, RecursionError --------------------------------------------------------------------------


def out_of_memory() -> None:
    bytearray(1 << 62)


def too_deep(depth: int = 0) -> None:
    too_deep(depth + 1)


@pytest.mark.parametrize("fail", [out_of_memory, too_deep])
@pytest.mark.parametrize("how", ["except", "recover", "nobody"])
def test_an_error_of_the_interpreter_stays_in_its_goroutine(fail: Callable[[], None], how: str) -> None:
    error = MemoryError if fail is out_of_memory else RecursionError
    log: list[str] = []

    def failing() -> None:
        if how == "recover":

            @defer
            def _() -> None:
                assert isinstance(recover(), error)
                log.append("recovered")

        try:
            gosched()
            fail()
        except error:
            if how != "except":
                raise
            log.append("caught")
        gosched()

    def other(ch: Chan[int]) -> None:
        try:
            for i in range(100):
                ch.send(i)
        finally:
            log.append("other ended")

    def main() -> int:
        ch = Chan[int]()
        wg = sync.WaitGroup()
        for _ in range(3):
            wg.go(failing)
        go(other, ch)
        gosched()
        wg.wait()
        return sum(ch.recv() for _ in range(100))

    if how == "nobody":
        with pytest.raises(error) as info:
            run(main)
        assert info.value.__notes__[0].startswith("in goroutine ")
        assert log == ["other ended"]
    else:
        assert run(main) == 4950
        assert log.count("caught" if how == "except" else "recovered") == 3
    check_usable()


# --- other code that may run in between --------------------------------------------------------------------


class Actor:
    """What a finalizer or a callback does with channels, one after the other; never a wait."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.acted = self.sent = self.started = self.ran = 0
        self.log = Chan[int](64)
        self.other = Chan[int](3)
        self.kept = time.new_timer(3600)
        self.ctx, self.cancel = context.with_cancel(context.background())

    def __call__(self) -> None:
        self.acted += 1
        what = self.random.randrange(6)
        if what == 0:
            if select(send(self.log, 1), default)[0] == 0:
                self.sent += 1
        elif what == 1:
            self.started += 1
            go(self.count)
        elif what == 2:
            select(recv(self.other), default)
            select(send(self.other, 1), default)
        elif what == 3:
            ch = Chan[int](1)
            ch.send(1)
            assert ch.recv_ok() == (1, True)
            close(ch)
        elif what == 4:
            self.kept.reset(3600)
        else:
            ctx, cancel = context.with_timeout(self.ctx, 3600)
            cancel()
            assert ctx.err() is not None

    def count(self) -> None:
        self.ran += 1


class Cycle:
    """Something that only the collector frees; with it, what it holds."""

    def __init__(self, thing: object) -> None:
        self.me = self
        self.thing = thing


def traffic(size: int, make: Callable[[], object]) -> None:
    """Send what make() makes through channels and selects; drop it in arguments and in locals."""
    stop, buffered, unbuffered = Chan[None](), Chan[object](2), Chan[object]()
    wg = sync.WaitGroup()

    def producer(n: int) -> None:
        for i in range(n):
            buffered.send(make())
            make()
            if i % 7 == 0:
                go(lambda *args: gosched(), make(), make())

    def relay(n: int) -> None:
        for _ in range(n):
            unbuffered.send(buffered.recv())

    def sink(n: int) -> None:
        for i in range(n):
            if i % 2:
                unbuffered.recv()
            else:
                select(recv(unbuffered), recv(stop), timeout(3600))

    for _ in range(3):
        for fn in (producer, relay, sink):
            wg.go(fn, size // 3)
    wg.wait()


@untraced
@pytest.mark.parametrize("kind", ["__del__", "weakref", "gc", "trace", "profile"])
def test_channels_in_what_runs_in_between(kind: str, size: Sizes) -> None:
    """Finalizers, weak references' callbacks, trace and profile functions, the collector's callbacks.

    They come at any moment, in the middle of the engine too; each act is whole, and so is what it interrupts.
    """
    actor = Actor(6)
    refs: set[weakref.ref[object]] = set()
    failed: list[object] = []
    received = 0

    def acted(ref: weakref.ref[object]) -> None:
        refs.discard(ref)
        actor()

    def make() -> object:
        if kind == "__del__":
            thing = Finalized(actor)
            return Cycle(thing) if actor.random.random() < 0.3 else thing
        value = Cycle(None)
        if kind == "weakref":
            refs.add(weakref.ref(value, acted))
        return value

    def collected(phase: str, info: object) -> None:
        actor()

    def tracer(frame: FrameType, event: str, arg: object) -> Any:
        # A line of the interpreted engine is the middle of a step: see docs/reliability.rst.
        if is_own(frame.f_code) or frame.f_code.co_filename != __file__:
            return None
        if actor.random.random() < 0.05:
            actor()
        return tracer

    def main() -> None:
        nonlocal received
        drained = sync.WaitGroup()

        def drain() -> None:
            nonlocal received
            for v in actor.log:
                received += v

        drained.go(drain)
        if kind == "gc":
            gc.callbacks.append(collected)
        elif kind == "trace":
            sys.settrace(tracer)
        elif kind == "profile":
            sys.setprofile(tracer)
        gc.set_threshold(17, 3, 3)
        try:
            traffic(size.finalizers, make)
        finally:
            gc.set_threshold(*threshold)
            if kind == "gc":
                gc.callbacks.remove(collected)
            elif kind == "trace":
                sys.settrace(tracing)
            elif kind == "profile":
                sys.setprofile(profiling)
        for _ in range(3):
            gc.collect()
            for _ in range(100):
                gosched()
        close(actor.log)
        drained.wait()
        assert num_goroutine() == 1
        assert actor.kept.stop()
        assert sched.timeout() == -1

    threshold, tracing, profiling = gc.get_threshold(), sys.gettrace(), sys.getprofile()
    hook, sys.unraisablehook = sys.unraisablehook, failed.append
    try:
        run(main)
    finally:
        sys.unraisablehook = hook
    assert failed == []
    assert actor.acted > size.finalizers // 50
    assert actor.sent == received > 0
    assert actor.ran == actor.started > 0
    assert not refs
    check_usable()


# Interpreted, the collector may also come where the engine does not know that it is in the middle of a step.
waits = pytest.mark.skipif(not COMPILED, reason="a finalizer that waits is promised nothing")
ACTS = ["poll", pytest.param("gosched", marks=waits), pytest.param("receive", marks=waits), "unlock"]


@untraced
@pytest.mark.parametrize("act", ACTS)
def test_what_runs_in_the_middle_of_a_wait(act: str) -> None:
    """The collector comes while a wait is being prepared, and what it calls may not give way there."""
    ch, other, never, stop = Chan[int](), Chan[int](), Chan[int](), Chan[int]()
    refused = 0
    got: list[int] = []
    busy = False

    def collected(phase: str, info: object) -> None:
        nonlocal refused, busy
        if busy or sched.curg is None:
            return
        busy = True
        # As if the time slice were over, in the engine in Python.
        state.slice_end = 1
        try:
            if act == "poll":
                for _ in range(64):
                    select(recv(never), default)
            elif act == "gosched":
                gosched()
            elif act == "receive":
                select(recv(never), timeout(1e-6))
            else:
                starved.unlock()
                starved.lock()
        except RuntimeError as e:
            assert "a finalizer or callback that interrupted" in str(e)
            refused += 1
        finally:
            busy = False

    starved = sync.Mutex()

    def sender(first: int) -> None:
        for i in range(first, first + 100):
            if i % 2:
                ch.send(i)
            else:
                select(send(ch, i), recv(never))
            if i % 10 == 0:
                time.sleep(1e-6)

    def receiver() -> None:
        # The same cases again and again: each select makes copies of those that the others wait in.
        while True:
            index, v, _ = select(*cases, timeout(3600))
            if index == 2:
                return
            assert index == 0
            got.append(v)

    cases = (recv(ch), recv(other), recv(stop))

    def main() -> None:
        senders, receivers = sync.WaitGroup(), sync.WaitGroup()
        starved.lock()
        for _ in range(3):
            receivers.go(receiver)
        for i in range(3):
            senders.go(sender, 100 * i)
        gc.callbacks.append(collected)
        gc.set_threshold(1)
        try:
            senders.wait()
        finally:
            gc.callbacks.remove(collected)
            gc.set_threshold(*threshold)
        for _ in range(3):
            stop.send(0)
        receivers.wait()

    threshold = gc.get_threshold()
    gc.collect()
    # Each collection is over the few new objects.
    gc.freeze()
    try:
        run(main)
    finally:
        gc.unfreeze()
    assert sorted(got) == list(range(300))
    check_usable()


def test_a_goroutine_started_while_another_is_taken_apart() -> None:
    """By the finalizer of a contextvar's value, which goes with the goroutine's context."""
    import contextvars

    var: contextvars.ContextVar[object] = contextvars.ContextVar("var")
    started = Chan[str](3)
    failed: list[object] = []

    def goroutine() -> None:
        var.set(Finalized(lambda: go(started.send, "started")))

    def main() -> str:
        for _ in range(3):
            go(goroutine)
        return started.recv() + started.recv() + started.recv()

    hook, sys.unraisablehook = sys.unraisablehook, failed.append
    try:
        assert run(main) == 3 * "started"
    finally:
        sys.unraisablehook = hook
    assert failed == []


def test_a_finalizer_that_waits() -> None:
    """In a goroutine's own code it waits as that code could; in the middle of the engine it is refused."""
    got: list[object] = []
    ch = Chan[int]()

    class Waiting:
        def __del__(self) -> None:
            got.append(ch.recv())

    def main() -> None:
        def letting_go() -> None:
            thing = Waiting()
            del thing
            got.append("after")

        go(letting_go)
        gosched()
        ch.send(5)
        gosched()

    run(main)
    assert got == [5, "after"]
    check_usable()
