"""The command `gochan explore FILE.py[::function]`."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from . import active, processes
from .program import File, NotFound, rewriting
from .report import describe, summary
from .rules import DEFAULT, Rules
from .search import repeat, search
from .steps import place_of
from .strategies import STRATEGIES
from .token import decode


def fix_hashes() -> None:
    """Start the process again, with the same hashes of strings in each: sets have the order of hashes."""
    if os.name == "posix" and not sys.flags.ignore_environment and "PYTHONHASHSEED" not in os.environ:
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def main(arguments: Sequence[str]) -> int:
    """Explore; return 0 if nothing was found, 1 if something was, 2 for what cannot be explored."""
    parser = argparse.ArgumentParser(
        prog="gochan explore",
        description="Run a program with its goroutines in many different orders, to find bugs that one "
        "order hides.",
    )
    parser.add_argument(
        "target",
        metavar="FILE.py[::FUNCTION]",
        help="the function to explore; by default the one that the file passes to run, or else its tests",
    )
    parser.add_argument("--runs", type=int, default=1000, metavar="N", help="how many runs at most (1000)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the seed of all random choices (0)")
    parser.add_argument(
        "--strategy", choices=sorted(STRATEGIES), default="auto", help="how to choose the orders (auto)"
    )
    parser.add_argument("--replay", metavar="TOKEN", help="repeat the run that a report names")
    parser.add_argument(
        "--max-steps",
        type=int,
        default=DEFAULT.max_steps,
        metavar="N",
        help="a run with more decisions is a livelock (%(default)s)",
    )
    parser.add_argument("--no-races", action="store_true", help="don't report data races")
    parser.add_argument(
        "--no-leaks",
        action="store_true",
        help="don't report goroutines that are still blocked when main has ended",
    )
    parser.add_argument(
        "-n", "--processes", type=int, default=1, metavar="N", help="divide the runs among N processes (1)"
    )
    parser.add_argument(
        "--timeline", metavar="FILE.html", help="write a page with the failing run's timeline to this file"
    )
    options = parser.parse_args(arguments)
    for name in ("runs", "max_steps", "processes"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} {getattr(options, name)}: give 1 or more")
    if options.seed < 0:
        parser.error(f"--seed {options.seed}: give 0 or more")
    decisions: list[int] | None = None
    if options.replay is not None:
        try:
            options.seed, decisions = decode(options.replay)
        except ValueError as error:
            parser.error(f"--replay: {error}")
    path, _, function = options.target.partition("::")
    function = function.replace("::", ".")
    if options.processes > 1 and decisions is None:
        if options.strategy == "exhaustive":
            parser.error("--strategy exhaustive: it is one search, for one process; leave -n out")
        return processes.explore(options, list(arguments))
    sys.argv = [path]
    try:
        with rewriting(os.path.dirname(os.path.abspath(path))):
            file = File(path, function)
            tests = [] if function else file.tests()
            try:
                if not (tests and file.runs_tests()):
                    return _explore(file, options, decisions)
            except NotFound:
                if not tests:
                    raise
            return _explore_tests(path, tests, options, decisions)
    except NotFound as error:
        print(f"gochan explore: {error}", file=sys.stderr)
        return 2


def _rules(options: Any) -> Rules:
    return Rules(options.seed, options.max_steps, not options.no_leaks, not options.no_races)


def _explore_tests(path: str, tests: Sequence[str], options: Any, decisions: list[int] | None) -> int:
    """Explore each test; return 1 if something was found, else 2 if one cannot be explored."""
    statuses = set()
    for test in tests:
        try:
            statuses.add(_explore(File(path, test), options, decisions))
        except NotFound as error:
            print(f"gochan explore: {error}", file=sys.stderr)
            statuses.add(2)
    return next(status for status in (1, 2, 0) if status in statuses)


def _explore(target: File, options: Any, decisions: list[int] | None) -> int:
    name = f"{target.path}::{target.function}" if target.function else target.path
    if decisions is not None:
        return _replay(target, name, options, decisions)
    started = time.monotonic()
    bar = _Progress(name, options.runs)
    with _Watch(name), _quiet():
        found = search(
            target,
            STRATEGIES[options.strategy](options.seed),
            options.runs,
            _rules(options),
            progress=bar,
        )
    bar.end()
    seconds = time.monotonic() - started
    if not found.repeatable:
        print(f"{name}: warning: runs with the same decisions differ, so the search is not complete")
    for warning in found.warnings:
        print(f"{name}: warning: {warning}")
    if found.failure is None:
        print(f"{name}: {summary(found)}, {found.runs / max(seconds, 1e-9):,.0f} runs a second")
        return 0
    print(f"{name}: found in run {found.found_in}: {describe(found.failure)}\n")
    if options.timeline is not None:
        _write_timeline(target, decode(found.token)[1], options)
    options_too = "".join(
        f" --{name}" for name in ("no-leaks", "no-races") if getattr(options, name.replace("-", "_"))
    )
    print(f"to repeat it: python -m gochan explore {name} --replay {found.token}{options_too}")
    return 1


def _replay(target: File, name: str, options: Any, decisions: list[int]) -> int:
    outcome, fits = repeat(target, decisions, _rules(options))
    if outcome.failure is not None:
        print(f"{name}: {describe(outcome)}")
        if options.timeline is not None:
            _write_timeline(target, decisions, options)
        return 1
    if not fits:
        print(f"gochan explore: {name}: the token does not fit: the program has changed", file=sys.stderr)
        return 2
    print(f"{name}: this run does not fail")
    return 0


def _write_timeline(target: File, decisions: list[int], options: Any) -> None:
    from . import timeline

    try:
        with _quiet():
            timeline.write(options.timeline, target, decisions, _rules(options))
    except OSError as error:
        print(f"gochan explore: --timeline {options.timeline}: {error.strerror}", file=sys.stderr)
    else:
        print(f"the timeline: {options.timeline}")


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what the program prints: it would print it in each run.

    The file stays open, since a logger keeps it.
    """
    nowhere = open(os.devnull, "w")  # noqa: SIM115
    with redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


class _Watch:
    """Says, once, that a run does not get to its next operation: nothing else would be seen of that."""

    def __init__(self, name: str, seconds: float = 10) -> None:
        self.name = name
        self.seconds = seconds
        self.err = sys.stderr
        self.main = threading.get_ident()
        self.done = threading.Event()

    def __enter__(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def __exit__(self, *exc: object) -> None:
        self.done.set()

    def _watch(self) -> None:
        before: tuple[object, int] = None, 0
        while not self.done.wait(self.seconds):
            run = active.current
            now = run, 0 if run is None else run.count
            if run is not None and now == before:
                place = place_of(sys._current_frames().get(self.main))[1]
                self.err.write(
                    f"gochan explore: {self.name}: at {place} a goroutine has run for {self.seconds:g} "
                    "seconds without an operation of gochan, and no other goroutine can run\n"
                )
                return
            before = now


class _Progress:
    """A line on the terminal that tells how far the search is."""

    def __init__(self, name: str, runs: int) -> None:
        self.name = name
        self.runs = runs
        self.shown = 0.0
        self.err = sys.stderr
        self.active = self.err.isatty()

    def __call__(self, run: int, schedules: int) -> None:
        if self.active and time.monotonic() - self.shown > 0.1:
            self.shown = time.monotonic()
            filled = 20 * run // self.runs
            bar = "=" * filled + " " * (20 - filled)
            self.err.write(f"\r[{bar}] {run}/{self.runs} runs, {schedules} schedules")
            self.err.flush()

    def end(self) -> None:
        """Remove the line."""
        if self.active and self.shown:
            self.err.write("\r\x1b[K")
            self.err.flush()
