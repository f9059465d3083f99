"""The command `gochan`, also `python -m gochan`."""

import argparse
import importlib
import sys
from collections.abc import Sequence

# Name -> the module whose main() takes the arguments and returns the exit status, and what it does.
COMMANDS = {
    "explore": ("gochan.explore.cli", "run a program in many different orders, to find its bugs"),
    "port": ("gochan.port.cli", "translate a Go program to Python"),
    "top": ("gochan.debug.top", "show the goroutines of a process, live"),
    "trace": ("gochan.trace.cli", "record what goroutines do, and show it"),
    "vet": ("gochan.vet.cli", "find mistakes in programs that use gochan"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="gochan",
        description="Go's concurrency for Python.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands:\n" + "".join(f"  {name:10}{text}\n" for name, (_, text) in COMMANDS.items()),
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of those below")
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="...", help="see: gochan COMMAND --help"
    )
    options = parser.parse_args(arguments)
    if arguments is None and options.command == "explore":
        from gochan.explore.cli import fix_hashes

        fix_hashes()
    module, _ = COMMANDS[options.command]
    status: int = importlib.import_module(module).main(options.arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
