"""Writes the measured parts of the documentation's page on performance, and their pictures.

docs/performance.rst includes three files: summary.inc, what a reader sees first; results.inc, the tables;
network.inc, the servers.  Each picture and table says which run it is from.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from .curves import BY_KEY as CURVES
from .network import BY_SERVER as SERVERS
from .report import ROOT, Report, amount, ns_of, three_digits
from .rows import AHEAD_IN, BY_KEY, ROWS
from .sides import BY_KEY as SIDES
from .sides import FAST, GO, OURS, PEERS
from .table import absences, differences, network_lines, network_servers, present
from .targets import Verdict, of_curves, of_network, of_peers, of_rows, ratio_to_go, verdicts

FOLDER = ROOT / "docs" / "performance"
WRITTEN = ".. Written by `python -m benchmarks page`: change what writes it, not this file."
# Escaped: reStructuredText takes a bare dash for a list.
NONE = r"\-"
BESIDE_GO = ["gochan", "fast", "go", "interpreted", "greenlet"]


# --- reStructuredText ------------------------------------------------------------------------------------


def list_table(header: list[str], lines: Iterable[list[str]], wide: bool = False) -> list[str]:
    """Return a table of numbers; a wide one also takes the space beside the text."""
    rst = [".. list-table::", "   :header-rows: 1", f"   :class: numbers{' wide' if wide else ''}", ""]
    for line in [header, *lines]:
        for place, text in enumerate(line):
            rst.append(f"   {'  -' if place else '* -'} {text}".rstrip())
    return [*rst, ""]


def lines_of(first: str, second: str) -> str:
    """Return the text of a cell with two lines."""
    return f"| {first}\n       | {second}"


def escaped(text: str) -> str:
    # The text of an exception must not be taken for markup.
    return re.sub(r"([\\*`_|])", r"\\\1", text)


def bullets(lines: Iterable[str]) -> list[str]:
    return [*("- " + escaped(line) for line in lines), ""]


def dropdown(title: str, lines: Iterable[str]) -> list[str]:
    """Return a section that stays closed until the reader opens it."""
    return [f".. dropdown:: {title}", "", *(f"   {line}".rstrip() for line in lines), ""]


def figure(path: str, alt: str, caption: str) -> list[str]:
    return [f".. figure:: {path}", f"   :alt: {alt}", "   :figclass: measured", "", f"   {caption}", ""]


# --- the run ---------------------------------------------------------------------------------------------


def run_of(report: Report) -> str:
    """Describe the run in a few words: its date, processor and Python version."""
    processor = re.sub(r"\((R|TM)\)|, \d+ cores", "", report["machine"]["processor"])
    python = report["machine"]["Python"].partition(",")[0]
    rough = ", a quick run, whose numbers are rough" if report["quick"] else ""
    return f"*Run: {report['date'][:10]}, {escaped(processor)}, Python {python}{rough}.*"


def details(report: Report, versions: Iterable[str]) -> list[str]:
    """Return the machine and the versions, in a closed section because few readers need them."""
    commit, changed, _ = report["commit"].partition("-changed")
    lines = [f"gochan: commit {commit}{', with changes that were not committed' if changed else ''}"]
    lines += [f"{what}: {value}" for what, value in report["machine"].items()]
    lines.append(f"versions: {'; '.join(versions)}")
    return dropdown("The machine and the versions of this run", bullets(lines))


# --- the summary -----------------------------------------------------------------------------------------


def headline(report: Report) -> list[str]:
    """State the result in a sentence or two, if the rows that it needs were measured."""
    *rows, mean = of_rows(report) or [Verdict("", 0, 0)]
    lines = []
    if len(rows) == sum(row.most is not None for row in ROWS):
        fast = of_rows(report, FAST)
        with_fast = f" ({fast[-1].found:.2f} times with greenlet {FAST.title.split()[-1]})" if fast else ""
        lines += [
            f"**On one core, gochan takes {mean.found:.2f} times as long as Go**{with_fast}: the geometric",
            f"mean of {len(rows)} basic operations, from {min(v.found for v in rows):.2f} to"
            f" {max(v.found for v in rows):.2f} times.",
        ]
    ours = ns_of(report, AHEAD_IN, OURS.key)
    theirs = {side.title: ns for side in PEERS if (ns := ns_of(report, AHEAD_IN, side.key))}
    if ours and theirs:
        title, least = min(theirs.items(), key=lambda item: item[1])
        lines += [
            f"A {BY_KEY[AHEAD_IN].title} between two goroutines takes {amount(ours)}. The fastest of the",
            f"other libraries, {title}, takes {three_digits(least / ours)} times as long,",
            f"and the slowest {three_digits(max(theirs.values()) / ours)} times.",
        ]
    return [*lines, run_of(report), ""]


def judged(found: list[Verdict]) -> list[str]:
    """Say how many targets are met, and which are missed."""
    missed = [verdict for verdict in found if not verdict.met]
    lines = [f"**{len(found) - len(missed)} of the project's {len(found)} targets are met.**"]
    for verdict in missed:
        number, asked = verdict.numbers
        lines.append(f"**Missed**: {verdict.what}. Measured: {number}; target: {verdict.bound} {asked}.")
    return [*lines, ""]


def write_summary(report: Report, folder: Path) -> Path:
    """Write the part that readers see first; return its file."""
    run = run_of(report)
    measured = [verdict for verdict in verdicts(report) if verdict not in of_network(report)]
    rst = [
        WRITTEN,
        "",
        *headline(report),
        *figure(
            f"{folder.name}/glance.svg",
            f"Bars: the time of a {BY_KEY[AHEAD_IN].title} on gochan, Go and other libraries",
            f"A {BY_KEY[AHEAD_IN].title} ({BY_KEY[AHEAD_IN].each}) on each library. {run}",
        ),
        *figure(
            f"{folder.name}/beside_go.svg",
            "Points: gochan's time divided by Go's, for each operation",
            f"gochan's time divided by Go's. Left of the line, gochan is faster. {run}",
        ),
        *judged(measured),
    ]
    if report["curves"]:
        rst += [f"How the cost grows with the number of goroutines, channels and timers: {run}", ""]
        rst += [".. grid:: 1 1 2 2", "   :gutter: 2", "   :class-container: measured", ""]
    for key in report["curves"]:
        curve = CURVES[key]
        for name, label in curve.values.items():
            file = f"{key}{'' if name == 'ns' else '-' + name}.svg"
            alt = f"{curve.title}: {label} for each number of {curve.size}, {OURS.title} and {GO.title}"
            caption = " ".join(filter(None, [f"**{curve.title}:** {label}.", curve.note]))
            rst += ["   .. grid-item::", ""]
            rst += [f"      {line}".rstrip() for line in figure(f"{folder.name}/{file}", alt, caption)]
    return written(folder / "summary.inc", rst)


# --- the tables ------------------------------------------------------------------------------------------


def mark(verdict: Verdict) -> str:
    """Return the measured number; make it stand out if the target is missed."""
    number, _ = verdict.numbers
    return number if verdict.met else f"**{number} missed**"


def targets_to_go(report: Report) -> list[str]:
    """Return the table of the targets relative to Go: a row for each operation, and one for the mean."""
    ours, fast = of_rows(report), of_rows(report, FAST)
    lines = []
    for place, verdict in enumerate(ours):
        title = verdict.what.partition(": ")[2].partition(", times")[0]
        found = [mark(verdict), *([mark(fast[place])] if len(fast) == len(ours) else [])]
        lines.append([title, f"≤ {verdict.numbers[1]}", *found])
    header = ["times Go's time", "target", OURS.title, *([FAST.title] if len(fast) == len(ours) else [])]
    return list_table(header, lines) if lines else []


def other_targets(found: list[Verdict]) -> list[str]:
    lines = [
        [escaped(verdict.what), f"{'≥' if verdict.at_least else '≤'} {asked}", mark(verdict)]
        for verdict in found
        for _, asked in [verdict.numbers]
    ]
    return list_table(["", "target", "measured"], lines) if lines else []


def time_of(report: Report, row: str, side: str) -> str:
    result = report["rows"][row]["sides"].get(side, {})
    return lines_of(amount(result["ns"]), f"±{result['spread']:.0%}") if "ns" in result else NONE


def beside_go(report: Report) -> list[str]:
    sides = [side for side in present(report) if side in BESIDE_GO]
    lines = []
    for key, row in report["rows"].items():
        ratio, row_of = ratio_to_go(report, key), BY_KEY[key]
        lines.append(
            [
                lines_of(f"**{row_of.named(row['n'])}**", row_of.each),
                NONE if ratio is None else f"**{ratio:.2f}**",
                *(time_of(report, key, side) for side in sides),
            ]
        )
    return list_table(["", "times Go's time", *(SIDES[side].title for side in sides)], lines, wide=True)


def times_ours(ns: float | None, ours: float) -> str:
    """Return a time divided by gochan's. A sleep's time excludes the sleep's length, and may be below 0."""
    if ns is None:
        return NONE
    return three_digits(ns / ours) if ns > 0 else "early"


def beside_peers(report: Report) -> list[str]:
    sides = [side for side in present(report) if side not in BESIDE_GO]
    lines = []
    for key, row in report["rows"].items():
        ours = ns_of(report, key, OURS.key)
        if ours:
            ratios = [times_ours(ns_of(report, key, side), ours) for side in sides]
            lines.append([BY_KEY[key].named(row["n"]), amount(ours), *ratios])
    return list_table(["", "gochan", *(SIDES[side].title for side in sides)], lines, wide=True)


def write_results(report: Report, folder: Path) -> Path:
    """Write the tables of the rows; return their file."""
    run = run_of(report)
    rst = [
        WRITTEN,
        "",
        *details(report, (f"{SIDES[side].title} {version}" for side, version in report["versions"].items())),
        "Targets",
        "~~~~~~~",
        "",
        run,
        "",
        *targets_to_go(report),
        *other_targets(of_peers(report) + of_curves(report)),
        "Times beside Go's",
        "~~~~~~~~~~~~~~~~~",
        "",
        f"Each side's best time, and how far the median is above it (±). {run}",
        "",
        *beside_go(report),
        "Times beside other libraries'",
        "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
        "",
        "Each library's time for the same work, divided by gochan's; *early*: a sleep that ended too early.",
        run,
        "",
        *beside_peers(report),
    ]
    for title, lines in (
        ("Where a library does a row in a different way", differences(report)),
        ("What was not measured, and why", absences(report)),
    ):
        if lines:
            rst += dropdown(title, bullets(lines))
    return written(folder / "results.inc", rst)


# --- the network -----------------------------------------------------------------------------------------


def network_rates(report: Report) -> list[str]:
    network = report["network"]
    lines = []
    for server in network_servers(report):
        line = [SERVERS[server].title]
        for row in network["rows"].values():
            result, ours = row["sides"].get(server, {}), row["sides"].get(OURS.key, {})
            if "bytes" in result:
                line.append(f"{result['bytes']:,.0f} bytes")
            elif "ns" in result:
                part = f"**{ours['ns'] / result['ns']:.2f}** " if "ns" in ours and server != OURS.key else ""
                line.append(lines_of(f"{1e9 / result['ns']:,.0f}", f"{part}±{result['spread']:.0%}"))
            else:
                line.append(NONE)
        lines.append(line)
    return list_table(["", *(row["title"] for row in network["rows"].values())], lines, wide=True)


def behind(report: Report) -> list[str]:
    """List where another server did more, or needed less memory, than gochan."""
    lines = []
    for row in report["network"]["rows"].values():
        ours = row["sides"].get(OURS.key, {})
        better = []
        for server in network_servers(report):
            theirs = row["sides"].get(server, {})
            ratio = 0.0
            if "ns" in ours and "ns" in theirs:
                ratio = ours["ns"] / theirs["ns"]
            elif "bytes" in ours and "bytes" in theirs:
                ratio = ours["bytes"] / theirs["bytes"]
            if ratio > 1 and server != FAST.key:
                better.append(f"{SERVERS[server].title} ({ratio:.2f} times)")
        if better:
            lines.append(f"{row['title']}: {', '.join(better)}")
    return lines


def busy(report: Report) -> list[str]:
    """Show how busy servers and client were: if a server is not, its rate doesn't show its limit."""
    lines = []
    for row in report["network"]["rows"].values():
        measured = [side for side in row["sides"].values() if "server_busy" in side]
        if measured:
            server = min(side["server_busy"] for side in measured)
            client = max(side["client_busy"] for side in measured)
            lines.append(f"{row['title']}: servers at least {server:.0%}, client at most {client:.0%}")
    return lines


def write_network(report: Report, folder: Path) -> Path:
    """Write the network's part of the page; return its file."""
    network, run = report["network"], run_of(report)
    found = of_network(report)
    rst = [WRITTEN, ""]
    if "echo" in network["rows"]:
        echo = network["rows"]["echo"]
        alt = "Bars: how many echoes each server does in a second"
        rst += figure(f"{folder.name}/echo.svg", alt, f"The column {echo['title']} of the table below. {run}")
    if found:
        rst += [*judged(found), *dropdown("All targets of the network", other_targets(found))]
    rst += [
        "Each server was measured several times. The table shows its best rate and, in bold, this rate",
        "divided by gochan's; ± is how much longer the median measurement took. The last column is the",
        f"memory that the server needs for an idle connection. {run}",
        "",
        *network_rates(report),
    ]
    if lines := behind(report):
        rst += ["These are ahead of gochan:", "", *bullets(lines)]
    rst += dropdown("What the columns count, and where servers differ", bullets(network_lines(report)))
    if lines := busy(report):
        rst += dropdown("How busy the cores were", bullets(lines))
    rst += details(report, (f"{SERVERS[server].title} {v}" for server, v in network["versions"].items()))
    return written(folder / "network.inc", rst)


# --- the page --------------------------------------------------------------------------------------------


def written(path: Path, lines: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip("\n") + "\n")
    return path


def write_page(report: Report, folder: Path = FOLDER) -> list[Path]:
    """Write the parts of the page that the report has, and their pictures; return the files of the parts.

    Raises SystemExit for a partial run: the page would then mix rows of two runs.
    """
    if report["rows"] and report["partial"]:
        raise SystemExit("this run measured some of the rows or sides: the page shows whole runs only")
    # Imported here, because it imports matplotlib, which the other commands don't need.
    from . import plots

    parts = []
    if report["rows"]:
        plots.glance(report, folder)
        plots.beside_go(report, folder)
        plots.plot(report, folder, png=False)
        parts += [write_summary(report, folder), write_results(report, folder)]
    if "network" in report:
        if "echo" in report["network"]["rows"]:
            plots.echoes(report, folder)
        parts.append(write_network(report, folder))
    return parts
