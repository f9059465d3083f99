"""The process that runs one library's workloads: `python -m benchmarks.child on_trio`.

It first prints one line of JSON about itself: {"version": ..., "notes": {...}, "absent": {...}}, or
{"error": ...} if the library is not installed. Then it answers each line that it reads with one line:
- {"row": "ring", "n": 503, "seconds": 0.1} with {"seconds": [...]}, the time of each repetition;
- {"curve": "chain", "n": 100} with {"values": {"ns": ...}};
- either with {"error": "..."} if the library failed. After that, the library may not work any longer.
The Go program in go/ uses the same protocol.
"""

import gc
import json
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from .rows import ROWS


def words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".split("\n")[0]


def about(module: ModuleType) -> dict[str, Any]:
    """Return the library's notes, and the rows that it cannot run."""
    unsaid = [row.key for row in ROWS if not hasattr(module, row.key) and row.key not in module.ABSENT]
    if unsaid:
        raise LookupError(f"{module.__name__} has no function for {unsaid}, and does not say why")
    return {"notes": module.NOTES, "absent": module.ABSENT}


def answer(module: ModuleType, request: dict[str, Any]) -> dict[str, Any]:
    """Measure what the request asks for."""
    if "curve" in request:
        from gochan import run

        from .workloads.curves_on_gochan import CURVES

        return {"values": run(CURVES[request["curve"]], request["n"])}
    workload = getattr(module, request["row"])
    gc.collect()
    return {"seconds": module.execute(workload, request["n"], request["seconds"])}


def main(name: str, variant: str) -> None:
    # A library may print. That must not get between the answers, so it goes to stderr.
    answers, sys.stdout = sys.stdout, sys.stderr

    def say(what: dict[str, Any]) -> None:
        print(json.dumps(what), file=answers, flush=True)

    try:
        module = import_module(f".workloads.{name}", __package__)
        version = module.setup(variant)
        say({"version": version, **about(module)})
    except Exception as error:
        say({"error": words(error)})
        return
    for line in sys.stdin:
        try:
            say(answer(module, json.loads(line)))
        except Exception as error:
            say({"error": words(error)})


if __name__ == "__main__":
    main(*sys.argv[1:])
