"""Draws the pictures of a report: SVG, on request also PNG, without a background, for light and dark pages.

A narrow page scales a picture to 350 pixels. So a picture is at most a third wider than that: its text is
then still ten pixels high. The legend is above the axes, where it hides no line.
"""

from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, FixedLocator, NullFormatter, StrMethodFormatter

from .curves import BY_KEY, Curve
from .network import BY_KEY as NETWORK_ROWS
from .network import BY_SERVER as SERVERS
from .report import Point, Report, amount, network_ns, ns_of
from .rows import AHEAD_IN
from .rows import BY_KEY as BY_ROW
from .sides import BY_KEY as SIDES
from .sides import FAST, GO, OURS, PEERS
from .table import network_servers
from .targets import ratio_to_go

# A middle gray, with a contrast of 4.3 to 1 against white and against the dark theme's background. The colors
# have 3 to 1.
INK = "#7a7a7a"
FAINT = "#80808055"
COLOURS = {"gochan": "#2a8fd0", "go": "#d0762a"}
MARKERS = {"gochan": "o", "go": "s"}
# The labels of a scale of ratios.
RATIOS = [1 / 16, 1 / 4, 1, 4, 16, 64]

# Inches of 96 pixels.
WIDE = 4.8
NARROW = 3.65

SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gochan",
    "font.family": "sans-serif",
    # Points: 14 and 12 pixels.
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "xtick.color": INK,
    "ytick.color": INK,
}
SMALL = {"font.size": 9, "axes.titlesize": 9}


def picture(path: Path, size: tuple[float, float], draw: Callable[[Figure, Any], None], png: bool) -> Path:
    """Draw into new axes, save the picture as `path`, and if asked as PNG beside it; return the path."""
    with mpl.rc_context(SETTINGS | (SMALL if size[0] == NARROW else {})):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        axes.patch.set_alpha(0)
        for edge in "top", "right":
            axes.spines[edge].set_visible(False)
        draw(figure, axes)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, transparent=True, metadata={"Date": None})
        if png:
            figure.savefig(path.with_suffix(".png"), transparent=True, dpi=160, metadata={"Software": None})
    return path


def legend(figure: Figure, columns: int) -> None:
    """Put the legend above the axes."""
    figure.legend(
        loc="outside upper left", ncols=columns, frameon=False, labelcolor=INK, borderpad=0, handletextpad=0.4
    )


# --- bars ------------------------------------------------------------------------------------------------


def bars(path: Path, found: Sequence[tuple[str, str, float, str]], title: str, png: bool = False) -> Path:
    """Draw a bar for each entry of `found`: a side, its title, the bar's length, and the length as text."""

    def draw(figure: Figure, axes: Any) -> None:
        places = range(len(found), 0, -1)
        colours = [COLOURS.get(side, INK) for side, _, _, _ in found]
        drawn = axes.barh(places, [length for _, _, length, _ in found], color=colours, height=0.65)
        axes.bar_label(drawn, [words for _, _, _, words in found], padding=4, color=INK)
        axes.set_yticks(places, [name for _, name, _, _ in found])
        # The title begins above the names, because the space beside them is too small.
        figure.suptitle(title, fontsize=10.5, x=0.01, ha="left")
        axes.margins(x=0.25, y=0.02)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)

    return picture(path, (WIDE, 0.28 * len(found) + 0.5), draw, png)


def glance(report: Report, folder: Path, row: str = AHEAD_IN) -> Path:
    """Draw the time of a row on each side that a program could use, as bars: glance.svg and glance.png."""
    shown = ["go", "gochan", "interpreted", *(side.key for side in PEERS)]
    times = sorted((ns, side) for side in shown if (ns := ns_of(report, row, side)))
    found = [(side, SIDES[side].title, ns, amount(ns)) for ns, side in times]
    title = f"{BY_ROW[row].title}, {BY_ROW[row].each}\n(shorter is faster)"
    return bars(folder / "glance.svg", found, title, png=True)


def echoes(report: Report, folder: Path) -> Path:
    """Draw the number of echoes per second of each server, as bars: echo.svg."""
    servers = [key for key in network_servers(report) if key != FAST.key]
    times = sorted((ns, key) for key in servers if (ns := network_ns(report, "echo", key)))
    found = [(key, SERVERS[key].title, 1e9 / ns, f"{1e9 / ns:,.0f}") for ns, key in times]
    title = f"TCP echo, {NETWORK_ROWS['echo'].each}\n(round trips in a second: longer is faster)"
    return bars(folder / "echo.svg", found, title)


# --- gochan beside Go ------------------------------------------------------------------------------------


def beside_go(report: Report, folder: Path) -> Path:
    """Draw gochan's time divided by Go's for each row, as points: beside_go.svg."""
    rows = [key for key in report["rows"] if ratio_to_go(report, key)]
    places = {key: len(rows) - place for place, key in enumerate(rows)}

    def draw(figure: Figure, axes: Any) -> None:
        for side, marker, filled in (OURS, "o", True), (FAST, "D", False):
            ratios = {key: ratio for key in rows if (ratio := ratio_to_go(report, key, side))}
            axes.plot(
                list(ratios.values()),
                [places[key] for key in ratios],
                marker,
                color=COLOURS["gochan"],
                markerfacecolor=None if filled else "none",
                markersize=6 if filled else 7,
                zorder=3 if filled else 2,
                label=side.title,
            )
        axes.axvline(1, color=COLOURS["go"], linewidth=1.5, zorder=1, label=GO.title)
        axes.set_yticks(list(places.values()), [BY_ROW[key].named(report["rows"][key]["n"]) for key in rows])
        axes.set_ylim(0.4, len(rows) + 0.6)
        axes.set_xscale("log")
        low, high = axes.get_xlim()
        axes.xaxis.set_major_locator(FixedLocator([x for x in RATIOS if low <= x <= high]))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.minorticks_off()
        axes.set_xlabel("times Go's time (log scale; left is faster)", loc="right")
        axes.grid(True, which="major", color=FAINT, linewidth=0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        legend(figure, 3)

    return picture(folder / "beside_go.svg", (WIDE, 0.24 * len(rows) + 0.9), draw, png=False)


# --- curves ----------------------------------------------------------------------------------------------


def draw_curve(axes: Any, curve: Curve, name: str, label: str, sides: dict[str, list[Point]]) -> None:
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
        # Whole powers of ten, so that the axis has at least two labels.
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        axes.set_ylim(10 ** floor(log10(low)), 10 ** ceil(log10(high)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_xlabel(curve.size)
    axes.set_title(f"{label}, µs" if name == "ns" else label)
    axes.grid(True, which="major", color=FAINT, linewidth=0.6)


def plot(report: Report, folder: Path, png: bool = True) -> dict[tuple[str, str], Path]:
    """Draw the report's curves into the folder; return the SVG file of each value of each curve."""
    drawn = {}
    for key, sides in report["curves"].items():
        curve = BY_KEY[key]
        for name, label in curve.values.items():

            def draw(figure: Figure, axes: Any) -> None:
                draw_curve(axes, curve, name, label, sides)  # noqa: B023  it is called at once
                legend(figure, 2)

            path = folder / f"{key}{'' if name == 'ns' else '-' + name}.svg"
            drawn[key, name] = picture(path, (NARROW, 2.5), draw, png)
    return drawn
