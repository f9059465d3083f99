"""The measured part of the documentation's page on performance, as reStructuredText, with its pictures."""

import re
from pathlib import Path

from .curves import BY_KEY as CURVES
from .network import BY_SERVER as SERVERS
from .report import ROOT, Report, amount, ns_of, three_digits
from .rows import BY_KEY
from .sides import BY_KEY as SIDES
from .sides import FAST, GO, OURS
from .table import absences, differences, network_lines, network_servers, present
from .targets import Verdict, of_network, ratio_to_go, verdicts

FOLDER = ROOT / "docs" / "performance"
# A bare dash would begin a list.
NONE = r"\-"
BESIDE_GO = ["gochan", "fast", "go", "interpreted", "greenlet"]


def list_table(header: list[str], lines: list[list[str]]) -> list[str]:
    """A table in reStructuredText."""
    rst = [".. list-table::", "   :header-rows: 1", ""]
    for line in [header, *lines]:
        for place, text in enumerate(line):
            rst.append(f"   {'  -' if place else '* -'} {text}".rstrip())
    return [*rst, ""]


def time_of(report: Report, row: str, side: str) -> str:
    result = report["rows"][row]["sides"].get(side, {})
    return f"{amount(result['ns'])} ±{result['spread']:.0%}" if "ns" in result else NONE


def beside_go(report: Report) -> list[str]:
    sides = [side for side in present(report) if side in BESIDE_GO]
    lines = []
    for key, row in report["rows"].items():
        ratio, most = ratio_to_go(report, key), BY_KEY[key].most
        lines.append(
            [
                f"{row['title']} ({BY_KEY[key].each})",
                NONE if ratio is None else f"**{ratio:.2f}**" + (f" (≤ {most})" if most else ""),
                *(time_of(report, key, side) for side in sides),
            ]
        )
    return list_table(["", "of Go's time", *(SIDES[side].title for side in sides)], lines)


def beside_peers(report: Report) -> list[str]:
    sides = [side for side in present(report) if side not in BESIDE_GO]
    lines = []
    for key, row in report["rows"].items():
        ours = ns_of(report, key, OURS.key)
        if ours:
            times = [ns_of(report, key, side) for side in sides]
            ratios = [f"{three_digits(time / ours)}x" if time else NONE for time in times]
            lines.append([row["title"], amount(ours), *ratios])
    return list_table(["", "gochan", *(SIDES[side].title for side in sides)], lines)


def bullets(lines: list[str]) -> list[str]:
    # Nothing in an exception's text may start a markup.
    return [*("- " + re.sub(r"([\\*`_|])", r"\\\1", line) for line in lines), ""]


def measured_on(report: Report) -> list[str]:
    return [
        ".. Written by `python -m benchmarks page`: change what writes it, not this file.",
        "",
        f"Measured on {report['date'][:10]}, at commit {report['commit']}"
        + (", in a quick run whose numbers are rough." if report["quick"] else "."),
        "",
        *bullets([f"{what}: {value}" for what, value in report["machine"].items()]),
    ]


def targets(found: list[Verdict]) -> list[str]:
    return list_table(
        ["", "found", "asked", ""],
        [
            [
                verdict.what,
                verdict.number(verdict.found),
                f"{'≥' if verdict.at_least else '≤'} {verdict.number(verdict.asked)}",
                verdict.word,
            ]
            for verdict in found
        ],
    )


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
                part = f", **{ours['ns'] / result['ns']:.2f}**" if "ns" in ours and server != OURS.key else ""
                line.append(f"{1e9 / result['ns']:,.0f} ±{result['spread']:.0%}{part}")
            else:
                line.append(NONE)
        lines.append(line)
    return list_table(["", *(row["title"] for row in network["rows"].values())], lines)


def behind(report: Report) -> list[str]:
    """Where another server did more, or took less memory, than gochan."""
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
                better.append(f"{SERVERS[server].title} ({ratio:.2f})")
        if better:
            lines.append(f"{row['title']}: {', '.join(better)}")
    return lines


def busy(report: Report) -> list[str]:
    """How far the servers, and not the client, were what is measured."""
    lines = []
    for row in report["network"]["rows"].values():
        measured = [side for side in row["sides"].values() if "server_busy" in side]
        if measured:
            server = min(side["server_busy"] for side in measured)
            client = max(side["client_busy"] for side in measured)
            lines.append(f"{row['title']} {server:.0%} and {client:.0%}")
    return (
        [
            "How busy each core was, the least busy server's and the busiest client's, in the best turns:",
            "; ".join(lines) + ".",
        ]
        if lines
        else []
    )


def write_network(report: Report, folder: Path) -> Path:
    """Write the network's part of the page; returns its file."""
    network = report["network"]
    versions = [f"{SERVERS[server].title} {version}" for server, version in network["versions"].items()]
    rst = [
        *measured_on(report),
        f"Versions: {', '.join(versions)}.",
        "",
        *targets(of_network(report)),
        "What each server did in a second in its best turn; ± how much longer the median turn took; in bold,",
        "how many times gochan's rate that is. The last column is the memory of the server's process for",
        "each idle connection.",
        "",
        *network_rates(report),
        *bullets(network_lines(report)),
    ]
    rst += [*busy(report), ""]
    if lines := behind(report):
        rst += [
            "Ahead of gochan, and by how many times:",
            "",
            *bullets(lines),
        ]
    path = folder / "network.inc"
    path.write_text("\n".join(rst).rstrip("\n") + "\n")
    return path


def write_page(report: Report, folder: Path = FOLDER) -> list[Path]:
    """Write the parts of the page that the report has, and their pictures; returns the parts."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    if report["rows"]:
        parts.append(write_results(report, folder))
    if "network" in report:
        parts.append(write_network(report, folder))
    return parts


def write_results(report: Report, folder: Path) -> Path:
    """Write the rows and curves, and their pictures; returns the file."""
    # matplotlib, which the rest of the page does without.
    from .plots import glance, plot

    pictures = plot(report, folder)
    if not report["partial"]:
        glance(report, folder)
    versions = [f"{SIDES[side].title} {version}" for side, version in report["versions"].items()]
    network = {verdict.what for verdict in of_network(report)}
    rst = [
        *measured_on(report),
        f"Versions: {', '.join(versions)}.",
        "",
        "Targets",
        "~~~~~~~",
        "",
        *targets([verdict for verdict in verdicts(report) if verdict.what not in network]),
        "Beside Go",
        "~~~~~~~~~",
        "",
        *beside_go(report),
        "Beside other libraries",
        "~~~~~~~~~~~~~~~~~~~~~~",
        "",
        "How many times gochan's time each takes for the same work.",
        "",
        *beside_peers(report),
    ]
    for title, lines in ("Not measured", absences(report)), ("What differs", differences(report)):
        if lines:
            rst += [title, "^" * len(title), "", *bullets(lines)]
    if pictures:
        rst += ["Against the size", "~~~~~~~~~~~~~~~~", ""]
    for picture in pictures:
        curve = CURVES[picture.stem]
        rst += [
            f".. image:: {folder.name}/{picture.name}",
            f"   :alt: {curve.title}: {', '.join(curve.values.values())}, {OURS.title} and {GO.title}",
            "",
            *([curve.note, ""] if curve.note else []),
        ]
    path = folder / "results.inc"
    path.write_text("\n".join(rst).rstrip("\n") + "\n")
    return path
