"""Compares gochan's time in each row of two reports.

The machine is rarely in the same state in two runs, and may even be another machine. So gochan's change in a
row is divided by the change of Go's time in that row, if both runs have it.
"""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from .network import BY_KEY as NETWORK_ROWS
from .report import Report, Result, RowResults, amount
from .rows import ROWS
from .sides import GO

# A smaller change counts as no change, even without noise.
LEAST = 0.05

# Rows whose time depends on their size.
WHOLE = {row.key for row in ROWS if row.whole}

# If there is more noise than this, a change within the noise is called "unclear", not "same".
TOO_NOISY = 0.2


@dataclass(frozen=True)
class Change:
    """The change of one row."""

    title: str
    before: float
    after: float
    machine: float  # Go's time after, divided by Go's time before
    noise: float  # the sum of `doubt` over the results that were compared

    @property
    def ratio(self) -> float:
        """gochan's time after divided by its time before, divided by the change of Go's time."""
        return self.after / self.before / self.machine

    @property
    def verdict(self) -> str:
        change = max(self.ratio, 1 / self.ratio) - 1
        if change > LEAST + self.noise:
            return "slower" if self.ratio > 1 else "faster"
        return "unclear" if self.noise > TOO_NOISY and change > LEAST else "same"


def doubt(result: Result) -> float:
    """How far the second best turn is above the best: if they are close, the best is not an outlier."""
    best, *others = sorted(result["turns"])
    return others[0] / best - 1 if others else LEAST


def timed(report: Report) -> dict[str, RowResults]:
    """The rows that have times, including those of the network."""
    network = report["network"]["rows"] if "network" in report else {}
    return report["rows"] | {key: row for key, row in network.items() if NETWORK_ROWS[key].do != "hold"}


def changes(before: Report, after: Report, side: str) -> tuple[list[Change], list[str]]:
    """The change of each row that both reports have at the same size, and the titles of the other rows."""
    found, left_out = [], []
    rows, earlier_rows = timed(after), timed(before)
    for key, row in rows.items():
        title = row["title"]
        earlier = earlier_rows.get(key)
        then = earlier["sides"].get(side, {}) if earlier else {}
        now = row["sides"].get(side, {})
        measured = earlier is not None and "ns" in then and "ns" in now
        if earlier is None or not measured or (key in WHOLE and row["n"] != earlier["n"]):
            left_out.append(title)
            continue
        noise = doubt(then) + doubt(now)
        machine = 1.0
        go_then, go_now = earlier["sides"].get(GO.key, {}), row["sides"].get(GO.key, {})
        if side != GO.key and "ns" in go_then and "ns" in go_now:
            machine = go_now["ns"] / go_then["ns"]
            noise += doubt(go_then) + doubt(go_now)
        found.append(Change(title, then["ns"], now["ns"], machine, noise))
    return found, left_out


def print_comparison(before: Report, after: Report, side: str) -> bool:
    """Print the comparison; return whether any row has become slower."""
    found, left_out = changes(before, after, side)
    console = Console(highlight=False)
    table = Table(title=f"{side}: {before['commit']} and {after['commit']}", pad_edge=False)
    for heading in "", before["commit"], after["commit"], "machine", "ratio", "noise", "verdict":
        table.add_column(heading, justify="right" if heading else "left")
    colours = {"slower": "red", "faster": "green", "same": "dim", "unclear": "yellow"}
    for change in found:
        table.add_row(
            change.title,
            amount(change.before),
            amount(change.after),
            f"{change.machine:.2f}x",
            f"{change.ratio:.2f}x",
            f"±{change.noise:.0%}",
            f"[{colours[change.verdict]}]{change.verdict}[/]",
        )
    console.print(table)
    console.print("machine: what Go's time changed by; ratio: what gochan's did, divided by that.")
    if before["quick"] != after["quick"]:
        console.print("One of the two is of a quick run: sizes differ, and small ones cost more.")
    if left_out:
        console.print(f"Not in both, or not at the same size: {', '.join(left_out)}")
    return any(change.verdict == "slower" for change in found)
