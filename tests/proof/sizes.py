"""How much each proof does: a little in the suite, all of it in `make soak`. These numbers are here alone."""

from __future__ import annotations

from dataclasses import dataclass

from gochan.runtime import COMPILED


@dataclass(frozen=True)
class Sizes:
    """The numbers of one kind of run."""

    # test_soak.py
    messages: int  # through the changing graph, and
    seconds: float  # for at least that long
    spawned: int  # goroutines started and ended
    dropped: int  # contexts, timers, tickers made and dropped
    # test_faults.py
    faults: int  # moments at which each exception is raised in a small program
    interrupts: int  # moments of a busy program at which a real SIGINT comes
    finalizers: int  # objects whose finalizers, and the like, use channels
    # test_memory.py
    operations: int  # of each kind, between two counts of all objects
    # test_width.py
    chain: int  # goroutines in a daisy chain
    cases: int  # channels in one select
    buffer: int  # values in one buffer
    goroutines: int  # that wait at once
    timers: int  # due at one instant
    # test_threads.py
    foreign: int  # operations by threads that are not the runtime's


SHORT = Sizes(
    messages=60_000,
    seconds=0,
    spawned=20_000,
    dropped=3_000,
    faults=60,
    interrupts=100,
    finalizers=1_500,
    operations=3_000,
    chain=2_000,
    cases=1_000,
    buffer=100_000,
    goroutines=5_000,
    timers=10_000,
    foreign=16_000,
)

# Interpreted, the graph carries a tenth of the messages, in as much time.
LONG = Sizes(
    messages=100_000_000 if COMPILED else 10_000_000,
    seconds=600,
    spawned=10_000_000,
    dropped=1_000_000,
    faults=1_000_000,
    interrupts=2_000,
    finalizers=200_000,
    operations=1_000_000,
    chain=100_000,
    cases=10_000,
    buffer=10_000_000,
    goroutines=1_000_000,
    timers=1_000_000,
    foreign=1_000_000,
)
