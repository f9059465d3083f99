"""How fast the ports by machine are beside the ports by hand: `python -m benchmarks.ports [ROW...]`.

`gochan port` translates the Go side of the rows, benchmarks/go, and the port's functions take turns with
those of workloads/on_gochan.py in one process.  The best of many turns of each counts.  What is printed is
the speed of the port as a part of that by hand: 1 is as fast, 0.8 a fifth slower.
"""

import importlib.util
import sys
import tempfile
from collections.abc import Callable
from math import inf
from pathlib import Path
from time import perf_counter
from types import ModuleType

from gochan import run
from gochan.port import translate, tree

from .workloads import on_gochan

GO = Path(__file__).parent / "go"
TURNS = 7
SLOT = 0.05  # about how many seconds a turn of one side takes
Work = Callable[[int], object]


def port(folder: Path) -> ModuleType:
    """Translate the Go side, and import it."""
    # One row has no translation: reflect.Select.
    result = translate.translate(tree.load(GO), keep_going=True)
    for name, text in result.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("benchmarks_by_machine", folder / "main.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look it up there
    spec.loader.exec_module(module)
    return module


def rows(by_machine: ModuleType) -> dict[str, tuple[Work, Work]]:
    """Return the functions that both sides have: the one by hand, the one by machine."""
    ported = {name.replace("_", ""): value for name, value in vars(by_machine).items() if callable(value)}
    found = {}
    for name, work in vars(on_gochan).items():
        machine = ported.get(name.replace("_", ""))
        if machine is None or getattr(work, "__module__", "") != on_gochan.__name__:
            continue
        if machine.__module__ == by_machine.__name__ and machine.__code__.co_argcount == 1:
            found[name] = work, machine
    return found


def timed(work: Work, n: int) -> float:
    start = perf_counter()
    run(work, n)
    return perf_counter() - start


def ratio(by_hand: Work, by_machine: Work) -> float:
    """Let both take turns; return the speed of the port as a part of that by hand."""
    n = 100
    while timed(by_hand, n) < SLOT and n < 1_000_000:
        n *= 2
    best = [inf, inf]
    for _ in range(TURNS):
        for side, work in enumerate((by_hand, by_machine)):
            best[side] = min(best[side], timed(work, n))
    return best[0] / best[1]


def main(wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, (by_hand, by_machine) in rows(port(Path(folder))).items():
            if not wanted or name in wanted:
                print(f"{name:20} {ratio(by_hand, by_machine):5.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
