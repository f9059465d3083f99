"""Bare greenlets: the floor. No scheduler, no channel, nothing checked; only switches.

Where a row can be done by switches alone, this is the least that anything on greenlets can take.
"""

from importlib.metadata import version
from time import perf_counter

from greenlet import getcurrent, greenlet

from ..rows import ROWS
from . import Workload, check, repeat

NOTES = {
    "ping_pong": "two switches",
    "stream": "a switch to the producer and one back",
    "spawn": "a new greenlet that runs to its end",
    "ring": "a switch",
}
ABSENT = {row.key: "greenlets can only switch" for row in ROWS if row.key not in NOTES}


def setup(variant: str) -> str:
    return version("greenlet")


def execute(workload: Workload, n: int, seconds: float) -> list[float]:
    return repeat(workload, n, seconds)


def ping_pong(n: int) -> None:
    switch_back = getcurrent().switch

    def echo(v: int) -> None:
        while v >= 0:
            v = switch_back(v)

    switch = greenlet(echo).switch
    for i in range(n):
        switch(i)
    switch(-1)


def stream(n: int) -> None:
    main = getcurrent()

    def produce() -> None:
        switch = main.switch
        for i in range(n):
            switch(i)

    received = 0
    switch = greenlet(produce).switch
    while switch() is not None:
        received += 1
    check("values received", received, n)


def spawn(n: int) -> None:
    def finish() -> None:
        pass

    for _ in range(n):
        greenlet(finish).switch()


def ring(n: int) -> float:
    main = getcurrent()
    nodes: list[greenlet] = []

    def node(place: int) -> None:
        switch = nodes[(place + 1) % 503].switch
        token = main.switch()
        while token > 0:
            token = switch(token - 1)
        # Who gets the last token ends; main then ends the others, each by a token of 0.

    nodes.extend(greenlet(node) for _ in range(503))
    for place, g in enumerate(nodes):
        g.switch(place)
    start = perf_counter()
    nodes[0].switch(n)
    took = perf_counter() - start
    for g in nodes:
        if not g.dead:
            g.switch(0)
    check("nodes left", sum(not g.dead for g in nodes), 0)
    return took
