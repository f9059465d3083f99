"""The curves: how a cost of gochan and of Go grows with a size.

Each point is measured in a process of its own, so that it cannot reuse the memory and the goroutines of an
earlier point.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """One cost, for each of several sizes."""

    key: str
    title: str
    size: str  # what is counted on the x axis
    values: dict[str, str]  # the key of each measured value, and the label of its axis
    top: int  # the exponents of the largest size (a power of ten), and of the largest in a quick run
    quick_top: int
    bottom: int = 2
    note: str = ""

    def sizes(self, quick: bool) -> list[int]:
        return [10**power for power in range(self.bottom, (self.quick_top if quick else self.top) + 1)]


CURVES = [
    Curve(
        "parked",
        "Goroutines parked",
        "goroutines",
        {"ns": "time per goroutine", "bytes": "bytes per goroutine"},
        6,
        4,
    ),
    Curve(
        "select",
        "Channels in a select",
        "channels, one active",
        {"ns": "time per select"},
        4,
        3,
        bottom=0,
        note="Go uses reflect.Select here, because a select statement has a fixed number of cases.",
    ),
    Curve("timers", "Pending timers", "pending timers", {"ns": "time to set and stop a timer"}, 6, 4),
    Curve("chain", "A daisy chain", "goroutines in the chain", {"ns": "time per goroutine"}, 5, 3),
]
BY_KEY = {curve.key: curve for curve in CURVES}

# Targets for a million parked goroutines: bytes for each, and the time for each divided by the time for each
# of ten thousand.
PARKED_BYTES = 6_500
PARKED_GROWTH = 1.5
