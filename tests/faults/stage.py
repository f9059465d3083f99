"""A program around one operation that is disturbed, and the accounts that must balance after it.

A `Stage` makes channels and partners for the operation, knows what may be done to them at the same time (`acts`), and
keeps account of every value: which was sent, which was received, and for which neither is known, because an exception
left the send. `settle` takes out what is left, closes all channels, and expects all goroutines to end.
"""

from __future__ import annotations

import time as clock
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from points import FAULTS

from gochan import Chan, Deadlock, Panic, aio, default, go, recv, runtime, select, send, time, timeout
from gochan.runtime import gosched, num_goroutine

# What the engine answers to a call that would have to wait where it cannot.
REFUSALS = ("a blocking call in a finalizer or callback", "a blocking call in an asyncio task", "the program has ended")


@dataclass
class Outcome:
    """How an operation ended."""

    value: Any = None
    returned: bool = False
    exc: BaseException | None = None


class Stage:
    """The things that one operation needs, its partners, and the accounts."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.delivered = 0
        self.forgive = False  # a value may have been lost where the user's code was about to take it
        self.acts: dict[str, Callable[[], None]] = {}
        self.rescues: list[Callable[[], object]] = []
        self._channels: list[Chan[Any]] = []
        self._fresh = 0
        self._sent: set[int] = set()
        self._perhaps: set[int] = set()
        self._batches: list[tuple[list[int], list[None]]] = []
        self._bags: list[deque[Any]] = []
        self._bag = self.bag()
        self._selects: list[tuple[list[Any], Outcome, tuple[int | str, ...]]] = []
        self._once: list[tuple[list[int], int, int]] = []
        self.background = num_goroutine()
        self.act("start a goroutine", self._start)

    def problem(self, text: str) -> None:
        """Note what is wrong."""
        self.problems.append(text)

    def expect(self, condition: object, text: str) -> None:
        """Note a problem unless the condition holds."""
        if not condition:
            self.problem(text)

    # --- what may happen in between ---

    def act(self, name: str, fn: Callable[[], object]) -> None:
        """Offer something that can be done while the operation is under way."""

        def guarded() -> None:
            try:
                fn()
            except Deadlock as e:
                # It waits where all others wait for what it has interrupted.
                self.expect("wait" in name, f"{name}: {e!r}")
            except Exception as e:
                if not str(e).startswith(REFUSALS):
                    self.problem(f"{name}: {e!r}")

        self.acts[name] = guarded

    def _start(self) -> None:
        go(self.once().append, 1)

    def once(self, at_least: int = 1, at_most: int = 1) -> list[int]:
        """Make a list that must have so many elements at the end."""
        ran: list[int] = []
        self._once.append((ran, at_least, at_most))
        return ran

    # --- values ---

    def fresh(self) -> int:
        """Make a value that nobody has sent yet."""
        self._fresh += 1
        return self._fresh

    def bag(self) -> deque[Any]:
        """Make a list for received values.

        `bag.extend(ch)` receives in C: nothing comes between it and the list. A deque has room for some of them.
        """
        bag: deque[Any] = deque()
        self._bags.append(bag)
        return bag

    def sent(self, v: int, outcome: Outcome) -> None:
        """Account for a send of v that has ended."""
        if outcome.returned:
            self._sent.add(v)
        elif not isinstance(outcome.exc, Panic):
            self._perhaps.add(v)

    def got(self, outcome: Outcome) -> None:
        """Account for a receive that has ended."""
        # None is what a closed channel gives: the rescue may have come.
        if outcome.returned and outcome.value is not None:
            self._bag.append(outcome.value)

    def got_ok(self, outcome: Outcome) -> None:
        """Account for a recv_ok that has ended."""
        if outcome.returned and outcome.value[1]:
            self._bag.append(outcome.value[0])

    def selected(self, outcome: Outcome, *cases: int | str) -> None:
        """Account for a select that has ended: a case is the value that it sends, "recv", or the kind of another."""
        if outcome.returned:
            index, v, ok = outcome.value
            case = cases[index]
            if isinstance(case, int):
                self._sent.add(case)
            elif case == "recv":
                if ok:
                    self._bag.append(v)
                else:
                    self.expect(v is None, f"a closed channel gave {v!r}")
            else:
                self.expect(case != "never", f"select took case {index}")
        elif not isinstance(outcome.exc, Panic):
            self._perhaps.update(case for case in cases if isinstance(case, int))

    # --- channels and partners ---

    def chan(self, capacity: int = 0) -> Chan[Any]:
        """Make a channel."""
        ch = Chan[Any](capacity)
        self._channels.append(ch)
        n = len(self._channels)
        self.act(f"send {n}", partial(self.offer, ch))
        self.act(f"receive {n}", partial(self._take, ch))
        self.act(f"close {n}", partial(self.close, ch))
        self.act(f"wait to send {n}", partial(self.offer, ch, timeout(1e-6)))
        self.act(f"wait to receive {n}", partial(self._take, ch, timeout(1e-6)))
        return ch

    def offer(self, ch: Chan[Any], other: Any = default) -> None:
        """Send a value, if that is possible now."""
        v = self.fresh()
        try:
            if select(send(ch, v), other)[0] == 0:
                self._sent.add(v)
        except Panic:
            pass
        except BaseException:
            # An interrupt that gochan has put off may come when the value is sent.
            self._perhaps.add(v)
            raise

    def _take(self, ch: Chan[Any], other: Any = default) -> None:
        index, v, ok = select(recv(ch), other)
        if index == 0 and ok:
            self._bag.append(v)

    def close(self, ch: Chan[Any]) -> None:
        """Close a channel, unless it is closed already."""
        try:
            ch.close()
        except Panic as e:
            if str(e) != "close of closed channel":
                raise

    def fill(self, ch: Chan[Any], n: int) -> None:
        """Send n values, for which there is room."""
        for _ in range(n):
            v = self.fresh()
            ch.send(v)
            self._sent.add(v)

    def go(self, fn: Callable[[], object]) -> None:
        """Start a partner: what the disturbance raises in it is no problem of the program's."""

        def partner() -> None:
            try:
                fn()
            except FAULTS:
                self.delivered += 1

        go(partner)

    def sender(self, ch: Chan[Any], n: int = 1) -> None:
        """Start a goroutine that sends n values."""
        values = [self.fresh() for _ in range(n)]
        done: list[None] = []
        self._batches.append((values, done))

        def send_all() -> None:
            try:
                done.extend(map(ch.send, values))
            except Panic:
                # What was not sent must not come out.
                del values[len(done) :]

        self.go(send_all)

    def receiver(self, ch: Chan[Any]) -> None:
        """Start a goroutine that receives until the channel is closed."""
        self.go(partial(self.bag().extend, ch))

    def chooser(self, *cases: Any, kinds: tuple[int | str, ...] = ()) -> None:
        """Start a goroutine that selects once; `kinds` are its cases as `selected` takes them, or all receive."""
        results: list[Any] = []
        outcome = Outcome()
        self._selects.append((results, outcome, kinds or ("recv",) * len(cases)))

        def choose() -> None:
            try:
                results.extend(map(select, *([case] for case in cases)))
            except Panic as e:
                outcome.exc = e

        self.go(choose)

    def let_wait(self) -> None:
        """Let all partners come to where they wait."""
        for _ in range(3):
            gosched()

    def quiet(self, seconds: float = 0.0) -> None:
        """Let all goroutines run until no more than those that wait for something else are left."""
        for _ in range(20):
            gosched()
        limit = clock.monotonic() + seconds
        while num_goroutine() > self.background and clock.monotonic() < limit:
            time.sleep(1e-4)

    # --- the end ---

    def rescue(self) -> None:
        """End the waits that the disturbance has made endless."""
        for ch in self._channels:
            self.close(ch)
        for fn in self.rescues:
            fn()

    def settle(self) -> None:
        """Take out what is left, close the channels, and check the accounts."""
        self.quiet()
        for ch in self._channels:
            # A sender that was made ready may come behind main twice, when a time slice ends.
            empty = 0
            while empty < 4:
                index, v, ok = select(recv(ch), default)
                if index == 0 and ok:
                    self._bag.append(v)
                    empty = 0
                else:
                    empty += 1
                    gosched()
            self.close(ch)
        self.quiet(0.5)
        if num_goroutine() > self.background:
            self.problem(f"stuck: {num_goroutine() - self.background} goroutines\n{runtime.stack(all=True)}")
        elif num_goroutine() < self.background:
            self.problem(f"{num_goroutine()} goroutines, and there were {self.background}")

    def balance(self) -> None:
        """Check the accounts."""
        for results, outcome, kinds in self._selects:
            if results:
                outcome.value, outcome.returned = results[0], True
            self.selected(outcome, *kinds)
        received = Counter(v for bag in self._bags for v in bag)
        for values, done in self._batches:
            self._sent.update(values[: len(done)])
            self._perhaps.update(values[len(done) : len(done) + 1])
        if self.forgive:
            return
        for v, n in received.items():
            self.expect(n == 1, f"value {v} was received {n} times")
            self.expect(v in self._sent | self._perhaps, f"value {v} was received and not sent")
        lost = self._sent - received.keys()
        self.expect(not lost, f"lost: {sorted(lost)}")
        for ran, at_least, at_most in self._once:
            if self.delivered:
                # It may have come to just this goroutine.
                at_least = 0
            self.expect(at_least <= len(ran) <= at_most, f"ran {len(ran)} times, not {at_least} to {at_most}")


# --- locks -----------------------------------------------------------------------------------------------


def is_free(stage: Stage, lock: Any, what: str = "the lock") -> None:
    """Expect that a lock can be taken."""
    if lock.try_lock():
        lock.unlock()
    else:
        stage.problem(f"{what} is still locked")


# --- what goes on beside it --------------------------------------------------------------------------------


class Surroundings:
    """What else there is in the program: it decides which of the engine's own work an operation has to do."""

    def begin(self, rescue: Callable[[], None]) -> None:
        """Set it up, in main. Call rescue when the program waits for too long."""

    def end(self) -> None:
        """Take it down, in main."""

    #: Whether a main that waits for nothing is a deadlock.
    deadlocks = True


class Plain(Surroundings):
    """Nothing."""


class Pending(Surroundings):
    """A timer is pending, so that each switch looks at the clock."""

    deadlocks = False

    def begin(self, rescue: Callable[[], None]) -> None:
        self.timer = time.after_func(0.05, rescue)

    def end(self) -> None:
        self.timer.stop()


class Watched(Pending):
    """A watchdog is on as well."""

    def begin(self, rescue: Callable[[], None]) -> None:
        super().begin(rescue)
        runtime.set_watchdog(5)

    def end(self) -> None:
        runtime.set_watchdog(None)
        super().end()


class Loop(Surroundings):
    """An event loop shares the thread."""

    def begin(self, rescue: Callable[[], None]) -> None:
        import asyncio

        aio.await_(asyncio.sleep(0))


SURROUNDINGS: dict[str, type[Surroundings]] = {
    "plain": Plain,
    "timer": Pending,
    "watchdog": Watched,
    "loop": Loop,
}
