"""Prints the table on the terminal.

A cell has the time, that time divided by gochan's, and the spread. If the terminal is too narrow for all
sides, there are several tables.
"""

from typing import Any

from rich.console import Console
from rich.table import Table

from .network import BY_KEY as NETWORK_ROWS
from .network import BY_SERVER as SERVERS
from .report import Network, Report, Result, RowResults, amount, ns_of, three_digits
from .rows import BY_KEY
from .sides import BY_KEY as SIDES
from .sides import OURS
from .targets import Verdict, ratio_to_go, verdicts

TITLE_WIDTH = 38
TARGET_WIDTH = 14
SIDE_WIDTH = 14


def present(report: Report) -> list[str]:
    """Return the sides that were measured, in the order of SIDES."""
    return [key for key in SIDES if key in report["versions"]]


def cell(report: Report, row: str, side: str) -> str:
    result: Result = report["rows"][row]["sides"].get(side, {"missing": "not measured"})
    if "ns" not in result:
        return "[dim]-[/]"
    noted = "*" if row in report["notes"][side] else ""
    ours = ns_of(report, row, OURS.key)
    against = f"{three_digits(result['ns'] / ours)}x " if ours and side != OURS.key else ""
    return f"{amount(result['ns'])}{noted}\n[dim]{against}±{result['spread']:.0%}[/]"


def target_cell(report: Report, row: str) -> str:
    ratio, most = ratio_to_go(report, row), BY_KEY[row].most
    if ratio is None:
        return "[dim]-[/]"
    if most is None:
        return f"{ratio:.2f}"
    verdict = Verdict("", ratio, most)
    return f"[{'green' if verdict.met else 'red'}]{ratio:.2f} {verdict.word}[/]\n[dim]at most {most}[/]"


def table_of(report: Report, sides: list[str], targets: bool) -> Table:
    table = Table(show_lines=False, pad_edge=False, row_styles=["", "on grey7"])
    table.add_column("", width=TITLE_WIDTH)
    if targets:
        table.add_column("of Go's time", width=TARGET_WIDTH - 3)
    for side in sides:
        table.add_column(SIDES[side].title, justify="right", width=SIDE_WIDTH - 3)
    for key, row in report["rows"].items():
        cells = [f"{row['title']}\n[dim]{BY_KEY[key].each}[/]"]
        if targets:
            cells.append(target_cell(report, key))
        table.add_row(*cells, *(cell(report, key, side) for side in sides))
    return table


def tables(report: Report, width: int) -> list[Table]:
    """Return one table, or as many as are needed to fit into the width."""
    left = present(report)
    made: list[Table] = []
    while left:
        room = width - TITLE_WIDTH - 3 - (0 if made else TARGET_WIDTH)
        fit = max(1, room // SIDE_WIDTH)
        made.append(table_of(report, left[:fit], targets=not made))
        left = left[fit:]
    return made


def grouped(words: dict[str, str]) -> dict[str, list[str]]:
    """Map each note to the rows that have it."""
    by_word: dict[str, list[str]] = {}
    for row, word in words.items():
        by_word.setdefault(word, []).append(row)
    return by_word


def shared(words: dict[str, dict[str, str]]) -> list[str]:
    """Return a line for each note: the sides that have it in the same rows, and these rows."""
    by_line: dict[str, list[str]] = {}
    for side, of_side in words.items():
        for word, rows in grouped(of_side).items():
            by_line.setdefault(f"{word} ({names(rows)})", []).append(SIDES[side].title)
    return [f"{', '.join(sides)}: {line}" for line, sides in by_line.items()]


def absences(report: Report) -> list[str]:
    """List the sides that are not in the table or not in a row, with the reasons."""
    lines = [f"{SIDES[key].title}: not measured at all: {why}" for key, why in report["missing"].items()]
    sides = {key: row["sides"] for key, row in report["rows"].items()}
    return lines + shared(
        {
            side: {key: sides[key][side]["missing"] for key in sides if "missing" in sides[key].get(side, {})}
            for side in present(report)
        }
    )


def differences(report: Report) -> list[str]:
    """List where a side does a row in a different way, or with fewer operations."""
    notes: dict[str, dict[str, str]] = {}
    for side in present(report):
        of_side = notes[side] = {}
        for key, row in report["rows"].items():
            result = row["sides"].get(side, {})
            if "ns" in result:
                fewer = f"{result['n']:,} operations, not {row['n']:,}" if result["n"] != row["n"] else ""
                note = ", ".join(filter(None, [report["notes"][side].get(key), fewer]))
                if note:
                    of_side[key] = note
    return shared(notes)


def names(rows: list[str]) -> str:
    return "; ".join(BY_KEY[row].title.replace("{n} ", "").replace(" of primes", "") for row in rows)


def curve_lines(report: Report) -> list[str]:
    """Return the curves as text: each size with its values."""
    lines = []
    for key, sides in report["curves"].items():
        for side, points in sides.items():
            found = "  ".join(
                f"{point['size']:,.0f}: {amount(point['ns'])}"
                + (f", {point['bytes']:,.0f} B" if "bytes" in point else "")
                for point in points
            )
            lines.append(f"{key}, {SIDES[side].title}:  {found}")
    return lines


def network_cell(report: Report, row: str, server: str) -> str:
    """Return a server's rate or memory per connection, the same divided by gochan's, and the spread."""
    sides = network_of(report)["rows"][row]["sides"]
    result: Result = sides.get(server, {})
    ours: Result = sides.get(OURS.key, {})
    if "bytes" in result:
        part = f" {result['bytes'] / ours['bytes']:.2f}x" if ours.get("bytes") and server != OURS.key else ""
        return f"{result['bytes']:,.0f} B\n[dim]{part}[/]"
    if "ns" not in result:
        return "[dim]-[/]"
    part = f"{ours['ns'] / result['ns']:.2f}x " if "ns" in ours and server != OURS.key else ""
    return f"{1e9 / result['ns']:,.0f}/s\n[dim]{part}±{result['spread']:.0%}[/]"


def network_of(report: Report) -> Network:
    return report.get("network") or {"versions": {}, "notes": {}, "missing": {}, "rows": {}}


def network_servers(report: Report) -> list[str]:
    """Return the servers that were measured, in the order of SERVERS."""
    return [key for key in SERVERS if key in network_of(report)["versions"]]


def network_table(report: Report) -> Table:
    table = Table(show_lines=False, pad_edge=False, row_styles=["", "on grey7"])
    table.add_column("")
    rows = network_of(report)["rows"]
    for row in rows.values():
        table.add_column(row["title"], justify="right")
    for server in network_servers(report):
        table.add_row(SERVERS[server].title, *(network_cell(report, row, server) for row in rows))
    return table


def network_lines(report: Report) -> list[str]:
    """List what each row counts, which servers are missing from it, and which do it in a different way."""
    network = network_of(report)
    lines = [
        f"{row['title']}: {NETWORK_ROWS[key].each}" + fewer(key, row) for key, row in network["rows"].items()
    ]
    lines += [f"{SERVERS[key].title}: not measured at all: {why}" for key, why in network["missing"].items()]
    by_line: dict[str, list[str]] = {}
    for server in network_servers(report):
        sides = {key: row["sides"].get(server, {}) for key, row in network["rows"].items()}
        missing = {key: side["missing"] for key, side in sides.items() if "missing" in side}
        notes = {key: network["notes"][server].get(key, "") for key in sides if key not in missing}
        for word, keys in [*grouped(missing).items(), *grouped(notes).items()]:
            where = "; ".join(NETWORK_ROWS[key].title for key in keys)
            where = "" if len(keys) == len(sides) else f" ({where})"
            if word:
                by_line.setdefault(f"{word}{where}", []).append(SERVERS[server].title)
    return lines + [f"{', '.join(servers)}: {line}" for line, servers in by_line.items()]


def fewer(key: str, row: RowResults) -> str:
    return "" if row["n"] == NETWORK_ROWS[key].connections else f"; here {row['n']:,} connections"


def print_report(report: Report) -> None:
    """Print the whole report on the terminal."""
    console: Any = Console(highlight=False)
    # A file or a pipe has no width, so make it wide enough for a single table.
    width = console.width if console.is_terminal else 250
    console = Console(highlight=False, width=width)
    console.print(
        f"[bold]gochan {report['commit']}[/], {report['date']}, {'; '.join(report['machine'].values())}"
    )
    if report["rows"]:
        for table in tables(report, width):
            console.print(table)
        console.print(
            "[dim]The best of all turns; x of gochan's time; ± how far the median lies above the best.[/]"
        )
    if "network" in report:
        console.print("\n[bold]Network[/]")
        console.print(network_table(report))
        console.print(
            "[dim]The best of all turns; x of gochan's; ± how far the median lies above the best.[/]"
        )
    for title, lines in (
        ("Network rows", network_lines(report)),
        ("Not measured", absences(report)),
        ("* Differs", differences(report)),
        ("Curves", curve_lines(report)),
    ):
        if lines:
            console.print(f"\n[bold]{title}[/]")
            for line in lines:
                console.print(line, markup=False)
    found = verdicts(report)
    if found:
        console.print("\n[bold]Targets[/]")
        for verdict in found:
            console.print(f"[{'green' if verdict.met else 'red'}]{verdict}[/]")
