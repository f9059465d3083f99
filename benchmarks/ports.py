"""Compares the speed of generated ports and ports by hand: `python -m benchmarks.ports [NAME...]`.

`gochan port` translates the Go side of the rows (benchmarks/go) and the Go versions of the programs in
examples/, which run on a virtual clock, so that sleeping takes no time. Both sides take turns in one process.
The least processor time of many turns counts, so other programs on the machine have little effect. The output
is the generated port's speed divided by that of the port by hand: 1 is as fast, 0.8 is a fifth slower.
"""

import contextlib
import importlib.util
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from time import process_time
from types import ModuleType

from gochan import run, synctest
from gochan.port import translate, tree

from .workloads import on_gochan

ROOT = Path(__file__).parents[1]
GO = Path(__file__).parent / "go"
PROGRAMS = ("fan_out_fan_in", "generator", "pipeline", "timeout_quit_context", "worker_pool")
TURNS = 11
SLOT = 0.05  # seconds that a turn of one side takes, approximately
Work = Callable[[int], object]


def port(source: Path, folder: Path, name: str) -> ModuleType:
    """Translate a Go file or package, and import the result."""
    # To keep going is needed for the one row that has no translation: reflect.Select.
    result = translate.translate(tree.load(source), keep_going=True)
    (text,) = result.files.values()
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return imported(path, f"{name}_by_machine")


def imported(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses looks the module up there
    spec.loader.exec_module(module)
    return module


def rows(by_machine: ModuleType) -> Iterator[tuple[str, Work, Work]]:
    """Yield the functions that both sides have: the name, the one by hand, the generated one."""
    ported = {name.replace("_", ""): value for name, value in vars(by_machine).items() if callable(value)}
    for name, work in vars(on_gochan).items():
        machine = ported.get(name.replace("_", ""))
        if machine is None or getattr(work, "__module__", "") != on_gochan.__name__:
            continue
        if machine.__module__ == by_machine.__name__ and machine.__code__.co_argcount == 1:
            yield name, work, machine


def whole(program: ModuleType) -> Work:
    """Make a workload that runs a program n times."""

    def work(n: int) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            for _ in range(n):
                synctest.test(program.main)

    return work


def timed(work: Work, n: int) -> float:
    start = process_time()
    run(work, n)
    return process_time() - start


def ratio(by_hand: Work, by_machine: Work) -> float:
    """Measure both in turn; return the generated port's speed divided by that of the port by hand."""
    n = 10
    while timed(by_hand, n) < SLOT and n < 1_000_000:
        n *= 2
    best = [inf, inf]
    for _ in range(TURNS):
        for side, work in enumerate((by_hand, by_machine)):
            best[side] = min(best[side], timed(work, n))
    return best[0] / best[1]


def main(wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for program in PROGRAMS:
            title = f"examples/{program}"
            if not wanted or title in wanted:
                by_hand = imported(ROOT / "examples" / f"{program}.py", f"{program}_by_hand")
                source = ROOT / "tests" / "differential" / "patterns" / f"{program}.go"
                report(title, whole(by_hand), whole(port(source, folder, program)))
        for title, by_hand_work, by_machine in rows(port(GO, folder, "rows")):
            if not wanted or title in wanted:
                report(title, by_hand_work, by_machine)


def report(title: str, by_hand: Work, by_machine: Work) -> None:
    print(f"{title:30} {ratio(by_hand, by_machine):5.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
