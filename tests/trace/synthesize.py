"""Makes traces of any size: a small scheduler that runs goroutines which only pretend to work.

    python tests/trace/synthesize.py EVENTS [GOROUTINES] > big.json

Who waits is woken by who sends, so that causes can be followed as in a recorded trace. The same arguments
give the same trace.
"""

from __future__ import annotations

import heapq
import json
import random
import sys
from collections import deque
from collections.abc import Generator
from typing import Any

Steps = Generator[tuple[Any, ...], None, None]


class Goroutine:
    def __init__(self, number: int, function: str, steps: Steps) -> None:
        self.number = number
        self.function = function
        self.steps = steps
        self.at = f"prog.py:{10 + number % 7}"


class Scheduler:
    """Collects Chrome's events, in nanoseconds until `trace` writes them."""

    def __init__(self, events: int, seed: int) -> None:
        self.events: list[dict[str, Any]] = []
        self.most = events
        self.now = 0
        self.random = random.Random(seed)
        self.queue: deque[Goroutine] = deque()
        self.timers: list[tuple[int, int, Goroutine]] = []
        self.channels: dict[str, deque[Goroutine]] = {}
        self.values: dict[str, int] = {}
        self.since: dict[int, tuple[int, int]] = {}  # runnable since, made so by
        self.waits: dict[int, tuple[int, str, str]] = {}  # since, reason, object
        self.names: dict[int, str] = {}
        self.flow = 0

    def go(self, function: str, steps: Steps, by: int = 0) -> None:
        number = len(self.names) + 1
        gp = Goroutine(number, function, steps)
        self.names[number] = f"{function} {number}"
        self.since[number] = (self.now, by)
        self.queue.append(gp)

    def add(self, ph: str, cat: str, name: str, tid: int, ts: int, **rest: Any) -> None:
        self.events.append({"ph": ph, "cat": cat, "name": name, "pid": 1, "tid": tid, "ts": ts, **rest})

    def span(self, cat: str, name: str, gp: Goroutine, start: int, **args: Any) -> None:
        self.add("X", cat, name, gp.number, start, dur=self.now - start, args=args)

    def wake(self, gp: Goroutine, by: int) -> None:
        start, reason, name = self.waits.pop(gp.number)
        place = {"at": gp.at, "in": gp.function, "by": by}
        self.span("wait", reason, gp, start, **place, **({"object": name, "id": name} if name else {}))
        self.since[gp.number] = (self.now, by)
        if by:
            self.flow += 1
            self.add("s", "wake", "wake", by, self.now, id=self.flow)
            self.add("f", "wake", "wake", gp.number, self.now, id=self.flow, bp="e")
        self.queue.append(gp)

    def run(self) -> None:
        while len(self.events) < self.most and (self.queue or self.timers):
            if not self.queue:
                self.now = max(self.now, self.timers[0][0])
            while self.timers and self.timers[0][0] <= self.now:
                self.wake(heapq.heappop(self.timers)[2], 0)
            gp = self.queue.popleft()
            since, by = self.since[gp.number]
            if self.now > since:
                self.span("runnable", "runnable", gp, since, by=by)
            self.turn(gp)

    def turn(self, gp: Goroutine) -> None:
        start = self.now
        at, gp.at = gp.at, f"prog.py:{self.random.randrange(10, 60)}"
        while True:
            self.now += self.random.randrange(200, 3000)
            step = next(gp.steps, None)
            if step is None:
                break
            kind, *rest = step
            if kind == "work":
                self.now += rest[0]
                continue
            if kind == "send":
                self.add(
                    "i", "chan", "send", gp.number, self.now, s="t", args={"object": rest[0], "at": gp.at}
                )
                waiters = self.channels.get(rest[0])
                if waiters:
                    self.wake(waiters.popleft(), gp.number)
                else:
                    self.values[rest[0]] = self.values.get(rest[0], 0) + 1
                continue
            if kind == "receive" and self.values.get(rest[0], 0):
                self.values[rest[0]] -= 1
                continue
            self.span("run", "running", gp, start, **{"at": at, "in": gp.function, "to": gp.at})
            if kind == "receive":
                self.channels.setdefault(rest[0], deque()).append(gp)
                self.waits[gp.number] = (self.now, rest[1], rest[0])
            else:
                self.waits[gp.number] = (self.now, "sleep", "")
                heapq.heappush(self.timers, (self.now + rest[0], gp.number, gp))
            return
        self.span("run", "running", gp, start, **{"at": at, "in": gp.function})
        self.add("i", "go", "end", gp.number, self.now, s="t")

    def trace(self) -> dict[str, Any]:
        for event in self.events:
            event["ts"] = event["ts"] / 1000
            if "dur" in event:
                event["dur"] = event["dur"] / 1000
        names = [
            {"ph": "M", "name": "thread_name", "pid": 1, "tid": number, "args": {"name": name}}
            for number, name in self.names.items()
        ]
        process = {"ph": "M", "name": "process_name", "pid": 1, "args": {"name": "prog.py"}}
        return {
            "traceEvents": [process, *names, *self.events],
            "displayTimeUnit": "ns",
            "otherData": {
                "gochan": "0",
                "format": 1,
                "clock": "monotonic",
                "program": "prog.py",
                "end": "done",
            },
        }


def synthesize(events: int, goroutines: int = 24, seed: int = 1) -> dict[str, Any]:
    """Return a trace of about so many events: producers, workers in groups, and a collector."""
    scheduler = Scheduler(events, seed)
    groups = max(1, goroutines // 6)
    random_of = scheduler.random

    def producer(group: int) -> Steps:
        while True:
            for _ in range(random_of.randrange(1, 6)):
                yield "work", random_of.randrange(500, 20_000)
                yield "send", f"chan jobs {group}"
            yield "sleep", random_of.randrange(50_000, 400_000)

    def worker(group: int) -> Steps:
        while True:
            yield "receive", f"chan jobs {group}", "chan receive"
            yield "work", random_of.randrange(1000, 40_000)
            if random_of.random() < 0.3:
                yield "send", "Mutex #1"
                yield "receive", "Mutex #1", "sync.Mutex.Lock"
            yield "send", "chan results"

    def collector() -> Steps:
        while True:
            yield "receive", "chan results", "select"
            yield "work", 700

    scheduler.go("main.<locals>.collector", collector())
    for number in range(goroutines - 1):
        group = number % groups
        scheduler.go(*("producer", producer(group)) if number < groups else ("worker", worker(group)), 1)
    scheduler.run()
    return scheduler.trace()


if __name__ == "__main__":
    json.dump(synthesize(*map(int, sys.argv[1:])), sys.stdout)
