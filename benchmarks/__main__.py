"""`python -m benchmarks`, from the project's folder: measure, compare, write the page."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from . import curves, rows, sides
from .measure import measure
from .report import FOLDER, Report, load, new_report, newest, save

T = TypeVar("T")


def picked(what: str, words: str | None, known: dict[str, T]) -> list[T]:
    """Those of the known that the words, with commas between, name: all without words, none for "none"."""
    if words is None:
        return list(known.values())
    wanted = [] if words == "none" else words.split(",")
    for word in wanted:
        if word not in known:
            raise SystemExit(f"{what}: {word!r} is unknown; give some of {','.join(known)}, or none")
    return [known[word] for word in known if word in wanted]


def say(what: str) -> None:
    """Tell how far the run is, beside the output."""
    print(what, file=sys.stderr, flush=True)


def run(args: argparse.Namespace, wanted_rows: Iterable[rows.Row]) -> Report:
    wanted_peers = picked("--peers", args.peers, {side.key: side for side in sides.PEERS})
    wanted_curves = picked("--curves", args.curves, curves.BY_KEY)
    report = new_report(args.quick, partial=any([args.rows, args.peers, args.curves]))
    measure(report, list(wanted_rows), wanted_curves, sides.SIDES + wanted_peers, say)
    path = save(report)
    say(f"kept in {path}")
    return report


def show(report: Report) -> None:
    from .plots import plot
    from .table import print_report

    print_report(report)
    for picture in plot(report, FOLDER / report["commit"]):
        say(f"drawn in {picture} and beside it in PNG")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    measuring = argparse.ArgumentParser(add_help=False)
    measuring.add_argument("--quick", action="store_true", help="within a minute, with small sizes: rough")
    names = ",".join(curves.BY_KEY)
    measuring.add_argument("--curves", metavar="CURVE,...", help=f"some of {names}, or none; all by default")

    command = commands.add_parser("run", parents=[measuring], help="measure all, and print the table")
    command.add_argument("--rows", metavar="ROW,...", help=f"some of {','.join(rows.BY_KEY)}, or none")
    peers = ",".join(side.key for side in sides.PEERS)
    command.add_argument("--peers", metavar="PEER,...", help=f"some of {peers}, or none; all by default")

    command = commands.add_parser("curves", parents=[measuring], help="measure the curves alone")
    command.set_defaults(rows="none", peers="none")

    command = commands.add_parser("show", help="print the table of an earlier run")
    command.add_argument("report", type=Path, nargs="?", help="a JSON file; the newest by default")

    command = commands.add_parser("compare", help="compare two runs; the status is 1 if a row became slower")
    command.add_argument("before", type=Path, help="a JSON file")
    command.add_argument("after", type=Path, nargs="?", help="a JSON file; the newest by default")
    command.add_argument("--side", default="gochan", choices=sides.BY_KEY, help="whose; gochan's by default")

    command = commands.add_parser("page", help="write the documentation's page from a run")
    command.add_argument("report", type=Path, nargs="?", help="a JSON file; the newest by default")
    return parser


def main() -> int:
    args = parser().parse_args()
    if args.command in ("run", "curves"):
        show(run(args, picked("--rows", args.rows, rows.BY_KEY)))
    elif args.command == "show":
        show(load(args.report or newest()))
    elif args.command == "compare":
        from .compare import print_comparison

        return print_comparison(load(args.before), load(args.after or newest()), args.side)
    else:
        from .page import write_page

        say(f"written: {write_page(load(args.report or newest()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
