"""The curves, and one row at a glance: SVG and PNG, on no background, for light and for dark pages."""

from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, StrMethodFormatter

from .curves import BY_KEY, Curve
from .report import Point, Report, three_digits
from .rows import AHEAD_IN
from .rows import BY_KEY as BY_ROW
from .sides import BY_KEY as SIDES
from .sides import PEERS

# Middle greys and middling colours: at least 3 to 1 against white as well as against nearly black.
INK = "#808080"
FAINT = "#80808055"
COLOURS = {"gochan": "#2a8fd0", "go": "#d0762a"}
MARKERS = {"gochan": "o", "go": "s"}

SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gochan",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def draw(axes: Any, curve: Curve, name: str, label: str, sides: dict[str, list[Point]]) -> None:
    """Draw one value of the curve."""
    for side, points in sides.items():
        drawn = [point for point in points if point[name] > 0]
        if not drawn:
            continue
        # Times come in ns, and are drawn in µs.
        scale = 1e-3 if name == "ns" else 1
        axes.plot(
            [point["size"] for point in drawn],
            [point[name] * scale for point in drawn],
            marker=MARKERS[side],
            color=COLOURS[side],
            label=SIDES[side].title,
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    if name == "ns":
        # Whole decades, so that the axis has two labels at the least.
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        axes.set_ylim(10 ** floor(log10(low)), 10 ** ceil(log10(high)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    else:
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_xlabel(curve.size)
    axes.set_ylabel(f"{label}, µs" if name == "ns" else label)
    axes.grid(True, which="major", color=FAINT, linewidth=0.6)
    for edge in "top", "right":
        axes.spines[edge].set_visible(False)
    axes.legend(frameon=False, labelcolor=INK)


def glance(report: Report, folder: Path, row: str = AHEAD_IN) -> None:
    """Draw what a row takes on each side that a program could choose, as bars: glance.svg and glance.png."""
    shown = ["go", "gochan", "interpreted", *(side.key for side in PEERS)]
    sides = report["rows"][row]["sides"]
    bars = sorted((ns, side) for side in shown if (ns := sides.get(side, {}).get("ns")))
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7, 0.3 * len(bars) + 0.9), layout="constrained")
        axes = figure.subplots()
        axes.patch.set_alpha(0)
        places = range(len(bars), 0, -1)
        colours = [COLOURS.get(side, INK) for _, side in bars]
        drawn = axes.barh(places, [ns / 1000 for ns, _ in bars], color=colours, height=0.65)
        axes.bar_label(drawn, [f"{three_digits(ns / 1000)} µs" for ns, _ in bars], padding=4, color=INK)
        axes.set_yticks(places, [SIDES[side].title for _, side in bars])
        axes.set_title(f"{report['rows'][row]['title']}: {BY_ROW[row].each} (log scale)", fontsize=10)
        axes.set_xscale("log")
        axes.margins(x=0.12)
        axes.xaxis.set_visible(False)
        for edge in "top", "right", "bottom":
            axes.spines[edge].set_visible(False)
        figure.savefig(folder / "glance.svg", transparent=True, metadata={"Date": None})
        figure.savefig(folder / "glance.png", transparent=True, dpi=160, metadata={"Software": None})


def plot(report: Report, folder: Path) -> list[Path]:
    """Draw the report's curves into the folder; returns the SVG files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    with mpl.rc_context(SETTINGS):
        for key, sides in report["curves"].items():
            curve = BY_KEY[key]
            figure = Figure(figsize=(4.6 * len(curve.values) + 0.4, 3.2), layout="constrained")
            figure.suptitle(curve.title)
            panels = figure.subplots(1, len(curve.values), squeeze=False)[0]
            for axes, (name, label) in zip(panels, curve.values.items(), strict=True):
                axes.patch.set_alpha(0)
                draw(axes, curve, name, label, sides)
            path = folder / f"{key}.svg"
            figure.savefig(path, transparent=True, metadata={"Date": None})
            figure.savefig(path.with_suffix(".png"), transparent=True, dpi=160, metadata={"Software": None})
            drawn.append(path)
    return drawn
