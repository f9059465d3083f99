"""The targets for gochan's speed, and whether a report meets them."""

from dataclasses import dataclass

from .curves import CURVES, PARKED_BYTES, PARKED_GROWTH
from .network import BY_SERVER as SERVERS
from .report import Point, Report, network_ns, ns_of, three_digits
from .rows import AHEAD, AHEAD_IN, BY_KEY, MEAN_MOST, ROWS, geometric_mean
from .sides import BY_KEY as SIDES
from .sides import FAST, GO, OURS, Side

# The targets for the echo rate of gochan.net, divided by that of another server.
ECHO_AHEAD = {"gevent": 1.5, "asyncio": 2.5, "go": 1.0}
# The targets for the echo rate of a loop's streams through gochan.aio, divided by that of the streams alone.
ECHO_THROUGH_AIO = {"aio": ("asyncio", 0.7), "uvloop_aio": ("uvloop", 0.7)}


@dataclass(frozen=True)
class Verdict:
    """A target, and what was measured."""

    what: str
    found: float
    asked: float
    at_least: bool = False
    unit: str = "x"

    @property
    def met(self) -> bool:
        return self.found >= self.asked if self.at_least else self.found <= self.asked

    @property
    def word(self) -> str:
        return "met" if self.met else "missed"

    @property
    def numbers(self) -> tuple[str, str]:
        """Return the measured number and the target, with enough digits to show that a target is missed."""
        pair = self.found, self.asked
        written = [f"{value:,.0f}" if self.unit == "bytes" else three_digits(value) for value in pair]
        digits = 1 if self.unit == "bytes" else 3
        while not self.met and written[0] == written[1]:
            written = [f"{value:,.{digits}f}" for value in pair]
            digits += 1
        found, asked = (f"{text} bytes" if self.unit == "bytes" else f"{text}x" for text in written)
        return found, asked

    @property
    def bound(self) -> str:
        return "at least" if self.at_least else "at most"

    def __str__(self) -> str:
        found, asked = self.numbers
        return f"{self.what}: {found}, {self.bound} {asked} asked: {self.word}"


def ratio_to_go(report: Report, row: str, side: Side = OURS) -> float | None:
    """Return the side's time divided by Go's, or None if one of them was not measured."""
    ours, theirs = ns_of(report, row, side.key), ns_of(report, row, GO.key)
    return ours / theirs if ours and theirs else None


def of_rows(report: Report, side: Side = OURS) -> list[Verdict]:
    """Compare a side with Go in each row that has a target, and the mean if all of these were measured."""
    verdicts = [
        Verdict(f"{side.title}: {row.title.replace(' of {n} primes', '')}, times Go's", ratio, row.most)
        for row in ROWS
        if row.most is not None and (ratio := ratio_to_go(report, row.key, side)) is not None
    ]
    if verdicts and len(verdicts) == sum(row.most is not None for row in ROWS):
        mean = geometric_mean([verdict.found for verdict in verdicts])
        verdicts.append(Verdict(f"{side.title}: geometric mean of these {len(verdicts)}", mean, MEAN_MOST))
    return verdicts


def of_peers(report: Report) -> list[Verdict]:
    """Compare the other libraries with gochan."""
    verdicts = []
    ours = ns_of(report, AHEAD_IN, OURS.key)
    for key, least in AHEAD.items():
        theirs = ns_of(report, AHEAD_IN, key)
        if ours and theirs:
            what = f"{BY_KEY[AHEAD_IN].title}: {SIDES[key].title}, times gochan's"
            verdicts.append(Verdict(what, theirs / ours, least, at_least=True))
    return verdicts


def growth(points: list[Point], name: str = "ns") -> float:
    return points[-1][name] / points[0][name]


def of_curves(report: Report) -> list[Verdict]:
    """Judge a million parked goroutines, and how the times of selects and timers grow compared with Go's."""
    verdicts = []
    parked = {point["size"]: point for point in report["curves"].get("parked", {}).get(OURS.key, [])}
    if 1e6 in parked:
        million = "a million parked goroutines"
        if held := parked[1e6]["bytes"]:
            verdicts.append(Verdict(f"{million}: memory per goroutine", held, PARKED_BYTES, unit="bytes"))
        slower = parked[1e6]["ns"] / parked[1e4]["ns"]
        what = f"{million}: time per goroutine, divided by the time with ten thousand"
        verdicts.append(Verdict(what, slower, PARKED_GROWTH))
    for curve in CURVES:
        points = report["curves"].get(curve.key, {})
        ours, theirs = points.get(OURS.key, []), points.get(GO.key, [])
        if curve.key in ("select", "timers") and len(ours) == len(theirs) > 1:
            span = f"from {ours[0]['size']:,.0f} to {ours[-1]['size']:,.0f}"
            what = f"{curve.title.lower()}: growth of the time {span}, at most Go's"
            verdicts.append(Verdict(what, growth(ours), growth(theirs)))
    return verdicts


def rate_ratio(report: Report, row: str, server: str, other: str) -> float | None:
    """Return a server's rate divided by another server's, or None if one of them was not measured."""
    ours, theirs = network_ns(report, row, server), network_ns(report, row, other)
    return theirs / ours if ours and theirs else None


def of_network(report: Report) -> list[Verdict]:
    """Judge the TCP echo rates of gochan.net, and of streams through gochan.aio."""
    asked = [(OURS.key, other, least) for other, least in ECHO_AHEAD.items()]
    asked += [(through, loop, least) for through, (loop, least) in ECHO_THROUGH_AIO.items()]
    what = "TCP echo rate: {} divided by {}"
    return [
        Verdict(what.format(SERVERS[server].title, SERVERS[other].title), ratio, least, True)
        for server, other, least in asked
        if (ratio := rate_ratio(report, "echo", server, other)) is not None
    ]


def verdicts(report: Report) -> list[Verdict]:
    return of_rows(report) + of_rows(report, FAST) + of_peers(report) + of_curves(report) + of_network(report)
