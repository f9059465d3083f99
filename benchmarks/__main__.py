"""`python -m benchmarks`, from the project's folder: measure, compare, write the page."""

import argparse
import sys
from pathlib import Path
from typing import TypeVar

from . import curves, network, rows, sides
from .measure import measure
from .report import FOLDER, Report, load, new_report, newest, save

T = TypeVar("T")


def picked(what: str, words: str | None, known: dict[str, T]) -> list[T]:
    """Return the known entries that the comma-separated words name: all for None, nothing for "none"."""
    if words is None:
        return list(known.values())
    wanted = [] if words == "none" else words.split(",")
    for word in wanted:
        if word not in known:
            raise SystemExit(f"{what}: {word!r} is unknown; give some of {','.join(known)}, or none")
    return [known[word] for word in known if word in wanted]


def say(what: str) -> None:
    """Report the progress of the run on stderr, apart from the output."""
    print(what, file=sys.stderr, flush=True)


def run(args: argparse.Namespace) -> Report:
    wanted_rows = picked("--rows", args.rows, rows.BY_KEY)
    wanted_peers = picked("--peers", args.peers, {side.key: side for side in sides.PEERS})
    wanted_curves = picked("--curves", args.curves, curves.BY_KEY)
    wanted_network = picked("--network", args.network, network.BY_KEY)
    wanted_servers = picked("--servers", args.servers, network.BY_SERVER)
    picks = [args.rows, args.peers, args.curves, args.network, args.servers]
    report = new_report(args.quick, partial=any(picks))
    if wanted_rows or wanted_curves:
        measure(report, wanted_rows, wanted_curves, sides.SIDES + wanted_peers, say)
    if wanted_network:
        network.measure_network(report, wanted_network, wanted_servers, say)
    path = save(report)
    say(f"kept in {path}")
    return report


def show(report: Report) -> None:
    from .table import print_report

    print_report(report)
    from .plots import plot

    for picture in plot(report, FOLDER / report["commit"]).values():
        say(f"drawn in {picture} and beside it in PNG")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    measuring = argparse.ArgumentParser(add_help=False)
    measuring.add_argument("--quick", action="store_true", help="a minute or two, with small sizes: rough")
    curve_names = f"some of {','.join(curves.BY_KEY)}, or none; all by default"
    network_names = f"some of {','.join(network.BY_KEY)}, or none; all by default"
    servers = argparse.ArgumentParser(add_help=False)
    names = ",".join(network.BY_SERVER)
    servers.add_argument("--servers", metavar="SERVER,...", help=f"some of {names}; all by default")

    command = commands.add_parser(
        "run", parents=[measuring, servers], help="measure all, and print the table"
    )
    command.add_argument("--curves", metavar="CURVE,...", help=curve_names)
    command.add_argument("--network", metavar="ROW,...", help=network_names)
    command.add_argument("--rows", metavar="ROW,...", help=f"some of {','.join(rows.BY_KEY)}, or none")
    peers = ",".join(side.key for side in sides.PEERS)
    command.add_argument("--peers", metavar="PEER,...", help=f"some of {peers}, or none; all by default")

    command = commands.add_parser("curves", parents=[measuring], help="measure the curves alone")
    command.add_argument("--curves", metavar="CURVE,...", help=curve_names)
    command.set_defaults(rows="none", peers="none", network="none", servers=None)

    command = commands.add_parser(
        "network", parents=[measuring, servers], help="measure the network rows alone"
    )
    command.add_argument("--network", metavar="ROW,...", help=network_names)
    command.set_defaults(rows="none", peers="none", curves="none")

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
    if args.command in ("run", "curves", "network"):
        show(run(args))
    elif args.command == "show":
        show(load(args.report or newest()))
    elif args.command == "compare":
        from .compare import print_comparison

        return print_comparison(load(args.before), load(args.after or newest()), args.side)
    else:
        from .page import write_page

        for path in write_page(load(args.report or newest())):
            say(f"written: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
