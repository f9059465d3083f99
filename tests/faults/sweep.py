"""Disturb operations at one point after another: a program for a process of its own, which may crash.

    python sweep.py SPEC PROGRESS

SPEC is JSON: see `Spec` in run_sweep.py. What is being tried is in the file PROGRESS at any time, so that the parent knows
what the process died of. It exits with FOUND at the first problem, which is then in PROGRESS as well: the engine may be
broken from there on. The parent goes on behind it in a new process.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import logging
import os
import signal
import sys
import tempfile
import threading
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import further_operations  # noqa: F401  # enters its operations
import package_operations  # noqa: F401
from operations import LIBRARIES, OPERATIONS, PACKAGES
from points import FAULTS, KINDS, NEVER, Alarm, Collection, Depth, Disturbance, Interrupt, Memory, ring
from stage import SURROUNDINGS, Outcome, Stage, Surroundings

from gochan import Chan, Deadlock, Panic, go, run, time, trace
from gochan._engine.error import Unwind
from gochan.runtime import gosched

FOUND = 3
ACTING = ("handler", "thread", "collection")
# What greenlet says when it cannot save a stack because there is no memory.
GREENLET_ABORTS = "greenlet: Failed low-level slp_switch"
#: How many events a recording keeps.
RING = 1024
#: How long ten programs may take, in seconds. Most need less than a millisecond each.
PATIENCE = 20
#: What CPython itself makes of an allocation that fails: for a lock, and for a frame object that `f_back` asks for.
NO_MEMORY = ("can't allocate lock", "> returned a result with an exception set")
#: How many of its points in a row an operation must pass undisturbed before the sweep has come to its end.
PASSES = {"collection": 4, "memory": 15, "depth": 2}


class Logged(logging.Handler):
    """Is reported the exceptions that libraries log."""

    dropped: Callable[[BaseException | None, str], None]

    def emit(self, record: logging.LogRecord) -> None:
        self.dropped(record.exc_info[1] if record.exc_info else None, record.getMessage())


logged = Logged()


class Trial:
    """One program: an operation, disturbed once."""

    def __init__(self, name: str, at: int, place: str, surroundings: Surroundings) -> None:
        self.name = name
        self.at = at  # which of the calls that the operation yields
        self.place = place
        self.surroundings = surroundings
        self.stage: Any = None
        self.disturbance: Any = None
        self.outcomes: list[Outcome] = []
        self.acts: list[list[str]] = []  # those that there are at each call
        self.rescued = False
        self.ended = False
        self.swallowed = 0  # how often Python or a library has said that it dropped what the disturbance raised

    def run(self, kind: type[Disturbance], n: int, act: str | None) -> list[str]:
        """Run it; return what is wrong."""
        problems: list[str] = []

        def swallow(exc: BaseException | None, where: str) -> None:
            if self.disturbance is not None and isinstance(exc, self.disturbance.raises):
                self.swallowed += 1
            elif not isinstance(exc, Unwind):  # of a finalizer that waits when the program ends
                problems.append(f"{where}: {exc!r}")

        # What leaves a finalizer; a callback of asyncio's or concurrent.futures'; a thread.
        sys.unraisablehook = lambda args: swallow(args.exc_value, f"in {args.object!r}")
        logged.dropped = swallow
        threading.excepthook = lambda args: swallow(args.exc_value, "in a thread")
        try:
            run(self.main, kind, n, act)
        except FAULTS as e:
            # It came to a goroutine that does not expect it, and ended the program, as it should.
            self.ended = True
            if not isinstance(e, self.disturbance.raises):
                problems.append(f"the program ended with {e!r}")
        except BaseException as e:
            import traceback

            problems.append(f"the program ended with {e!r}\n" + "".join(traceback.format_tb(e.__traceback__)))
        finally:
            if self.disturbance is not None:
                self.disturbance.stop()
        if self.stage is not None:
            problems += self.stage.problems
        if not self.ended:
            problems += self.judge(act)
        return problems

    def judge(self, act: str | None) -> Iterator[str]:
        """Find what the outcomes should not be."""
        d = self.disturbance
        raised = self.swallowed + self.stage.delivered
        for outcome in self.outcomes:
            e = outcome.exc
            if e is None:
                continue
            if isinstance(e, d.raises):
                raised += 1
            elif isinstance(e, Panic):
                if "closed channel" not in str(e) or not (self.rescued or "closed" in self.name or "close" in (act or "")):
                    yield f"it raised {e!r}"
            elif isinstance(e, Deadlock):
                if not d.fired and not self.rescued:
                    yield f"it raised {e!r}"
            elif not (isinstance(d, Memory) and str(e).endswith(NO_MEMORY) and not str(e).startswith("<built-in")):
                yield f"it raised {e!r}"
        if d.raises in (Alarm.raises, Interrupt.raises) and d.fired and not raised:
            yield "what the handler raised was lost"

    def main(self, kind: type[Disturbance], n: int, act: str | None) -> None:
        self.surroundings.begin(self.rescue)
        if kind is Memory:
            # Greenlets for all that begin later: greenlet crashes where there is no memory for one.
            for _ in range(12):
                go(gosched)
            gosched()
            gosched()
        s = self.stage = Stage()
        steps = OPERATIONS[self.name](s)
        call = next(steps)
        while True:
            self.acts.append(list(s.acts))
            if len(self.outcomes) == self.at:
                if act is not None and act not in s.acts:
                    break
                self.disturbance = d = kind(n, s.acts[act] if act is not None else self.nothing)
                outcome = self.here(call, d) if self.place == "main" else self.elsewhere(call, d)
            else:
                outcome = self.here(call, Disturbance(0, self.nothing))
            self.outcomes.append(outcome)
            try:
                call = steps.send(outcome)
            except StopIteration:
                break
        s.settle()
        s.balance()
        self.surroundings.end()
        # What a package written in Python has set up when an exception ends its call may stay, as a timer or a count.
        whole = self.name not in PACKAGES or not self.disturbance.fired
        if self.surroundings.deadlocks and whole and not s.problems:
            # Nothing is left that could wake main.
            try:
                Chan[int]().recv()
            except Deadlock:
                pass

    def nothing(self) -> None:
        """Do nothing in a disturbance that only raises."""

    def here(self, call: Callable[[], object], d: Disturbance) -> Outcome:
        """Disturb the call in this goroutine."""
        outcome = Outcome()
        try:
            if isinstance(d, Memory):
                # The goroutine that runs when the operation waits is not to be disturbed.
                go(d.after)
            try:
                d.perform(call)
            except Exception as e:
                d.stop()
                if isinstance(e, FAULTS):
                    raise
                outcome.exc = e
            if isinstance(d, Interrupt) and d.fired:
                self.await_interrupt()
        except FAULTS as e:
            d.stop()
            outcome.exc = e
        if len(d.results) > 1:
            outcome.returned, outcome.value = True, d.results[1]
        return outcome

    def await_interrupt(self) -> None:
        """Wait for the exception of a handler that was put off."""
        limit = clock.monotonic() + 2
        while self.stage.delivered + self.swallowed == 0 and clock.monotonic() < limit:
            time.sleep(1e-4)

    def elsewhere(self, call: Callable[[], object], d: Disturbance) -> Outcome:
        """Disturb the call in another goroutine, while main waits for it."""
        outcomes: list[Outcome] = []
        finished = Chan[None](1)

        def body() -> None:
            outcomes.append(self.here(call, d))
            finished.send(None)

        go(body)
        last = False
        while not outcomes:
            try:
                finished.recv()
            except FAULTS:
                # It came when no goroutine ran: then it is raised in main.
                self.stage.delivered += 1
            except Deadlock as e:
                # A timer's rescue may have come before the wait began, on a busy machine.
                if last or not (d.fired or self.rescued):
                    self.stage.problem(f"the goroutine is stuck: {e}")
                    return Outcome()
                last = True
                self.rescue()
        return outcomes[0]

    def hit(self) -> bool:
        """Return whether the disturbance came to anything."""
        d = self.disturbance
        raised = any(isinstance(outcome.exc, FAULTS) or not outcome.returned for outcome in self.outcomes)
        return d is not None and (d.fired or self.ended or raised)

    def rescue(self) -> None:
        """End all waits: the disturbance may have taken away what the operation waits for."""
        self.rescued = True
        if self.stage is not None:
            self.stage.rescue()


@dataclass
class Item:
    """What is swept: one call of an operation, and what is done in the middle of it."""

    name: str
    at: int
    acts: list[str | None]  # one after another, from point to point
    problems: list[str]  # what is wrong without any disturbance

    def act(self, n: int) -> str | None:
        """Return what is done at the n-th point."""
        return self.acts[(n + sum(map(ord, self.name))) % len(self.acts)]


def items(spec: dict[str, Any], surroundings: Surroundings) -> Iterator[Item]:
    """List what is to be swept."""
    for name in spec["operations"]:
        trial = Trial(name, -1, spec["place"], surroundings)
        trial.disturbance = Disturbance(0, trial.nothing)
        problems = trial.run(Disturbance, 0, None)
        for at, names in enumerate(trial.acts):
            acts: list[str | None] = [None]
            if spec["kind"] in ACTING:
                # Nor is anything promised to a finalizer that waits in the middle of asyncio's own code.
                waits = spec["waits"] and name not in LIBRARIES
                acts = [act for act in names if waits or not act.startswith("wait")]
            for some in [[act] for act in acts] if spec["thorough"] else [acts]:
                yield Item(name, at, some, problems)
                problems = []


class Sweep:
    """All items of a specification."""

    def __init__(self, spec: dict[str, Any], progress: Callable[..., None]) -> None:
        self.spec = spec
        self.kind = KINDS[spec["kind"]]
        self.place = spec["place"]
        self.surroundings = SURROUNDINGS[spec["surroundings"]]()
        self.progress = progress
        self.trials = 0

    def run(self) -> int:
        """Sweep; return the exit status."""
        if self.kind is Depth:
            sys.setrecursionlimit(250)
        signal.signal(signal.SIGALRM, ring)
        start = self.spec["start"]
        for index, item in enumerate(items(self.spec, self.surroundings)):
            if index < start:
                continue
            if item.problems:
                self.progress(index=index, name=item.name, n=-1, problems=item.problems)
                return FOUND
            if (self.item_in_forks if self.kind is Memory else self.item)(index, item, 0) != 0:
                return FOUND
        # The interpreter's exit may take a while.
        faulthandler.cancel_dump_traceback_later()
        self.progress(trials=self.trials)
        return 0

    def item(self, index: int, item: Item, n: int) -> int:
        """Disturb it at one point after another, from the n-th on."""
        if self.kind is Collection:
            n += first_allocation(item, self.place, self.surroundings)
        passes, last = 0, n + self.spec["points"]
        while passes < PASSES.get(self.spec["kind"], 1) and n < last:
            where = {"index": index, "name": item.name, "at": item.at, "act": item.act(n), "n": n}
            self.progress(**where)
            if self.trials % 10 == 0:
                faulthandler.dump_traceback_later(PATIENCE, exit=True)
            trial = Trial(item.name, item.at, self.place, self.surroundings)
            problems = trial.run(self.kind, n, item.act(n))
            self.trials += 1
            if problems:
                self.progress(**where, problems=problems)
                return FOUND
            passes = 0 if trial.hit() else passes + 1
            n += 1
        return 0

    def item_in_forks(self, index: int, item: Item, n: int) -> int:
        """Do so in a child: greenlet ends the process where it has no memory to save a stack, and the next child goes on."""
        while True:
            with tempfile.TemporaryFile() as errors:
                pid = os.fork()
                if pid == 0:
                    os.dup2(errors.fileno(), 2)
                    self.trials = 0
                    status = FOUND
                    if self.spec["recorded"]:
                        record()
                    try:
                        status = self.item(index, item, n)
                    finally:
                        os._exit(status)
                status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                errors.seek(0)
                text = errors.read().decode(errors="replace")
            self.trials += 1
            if status in (0, FOUND):
                return status
            n = self.progress.last["n"] + 1  # type: ignore[attr-defined]
            if GREENLET_ABORTS not in text:
                print(text, file=sys.stderr)
                os._exit(status if status > 0 else 1)


def first_allocation(item: Item, place: str, surroundings: Surroundings) -> int:
    """Return how many objects have been allocated since the last collection when the operation begins."""

    class Counting(Collection):
        def __init__(self, n: int, act: Callable[[], None]) -> None:
            super().__init__(n, act)
            self.before = gc.get_count

    trial = Trial(item.name, item.at, place, surroundings)
    trial.run(Counting, NEVER, None)
    count: Any = trial.disturbance.results[0]
    return max(0, count[0] - 3)


class Progress:
    """Says in a file what is being tried."""

    def __init__(self, path: str) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT)

    def __call__(self, **what: Any) -> None:
        text = json.dumps(what).encode()
        os.pwrite(self.fd, text.ljust(200) + b"\n", 0)

    @property
    def last(self) -> dict[str, Any]:
        """Read what was said last, by a child maybe."""
        what: dict[str, Any] = json.loads(os.pread(self.fd, 1 << 20, 0).split(b"\n")[0])
        return what


def record() -> None:
    """Record all trials, with the values, into a ring that is overwritten many times."""
    trace.start(os.devnull, ring=RING, values=True)


def main(spec: dict[str, Any], path: str) -> int:
    """Sweep in this process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    logging.getLogger().addHandler(logged)
    gc.set_threshold(0)
    gc.collect()
    gc.freeze()
    if spec["recorded"]:
        record()
    status = Sweep(spec, Progress(path)).run()
    trace.stop()
    return status


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2]))
