"""The measured part of the documentation's page on performance, as reStructuredText, with its pictures."""

import re
from pathlib import Path

from .curves import BY_KEY as CURVES
from .plots import glance, plot
from .report import ROOT, Report, amount, ns_of, three_digits
from .rows import BY_KEY
from .sides import BY_KEY as SIDES
from .sides import GO, OURS
from .table import absences, differences, present
from .targets import ratio_to_go, verdicts

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


def write_page(report: Report, folder: Path = FOLDER) -> Path:
    """Write the page and its pictures into the folder; returns the page."""
    pictures = plot(report, folder)
    if not report["partial"]:
        glance(report, folder)
    versions = [f"{SIDES[side].title} {version}" for side, version in report["versions"].items()]
    rst = [
        ".. Written by `python -m benchmarks page`: change what writes it, not this file.",
        "",
        f"Measured on {report['date'][:10]}, at commit {report['commit']}"
        + (", in a quick run whose numbers are rough." if report["quick"] else "."),
        "",
        *bullets([f"{what}: {value}" for what, value in report["machine"].items()]),
        f"Versions: {', '.join(versions)}.",
        "",
        "Targets",
        "~~~~~~~",
        "",
        *list_table(
            ["", "found", "asked", ""],
            [
                [
                    verdict.what,
                    verdict.number(verdict.found),
                    f"{'≥' if verdict.at_least else '≤'} {verdict.number(verdict.asked)}",
                    verdict.word,
                ]
                for verdict in verdicts(report)
            ],
        ),
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
