"""The process in which one library serves: `python -m benchmarks.servers on_gevent VARIANT BACKEND`.

It prints one line of JSON about itself: {"version": ..., "ports": {...}, "notes": {...}, "absent": {...}}, or
{"error": ...} where the library is missing.  It ends when its input does.
"""

import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import Any

from ..child import words


def raise_limit() -> None:
    """Allow as many open files as the system lets a program have; Go's runtime does the same."""
    with suppress(ImportError):  # Windows has no such limit
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def end_with_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def main(name: str, variant: str, backend: str) -> None:
    # What a library prints goes to the errors: the one line of output is the announcement.
    answers, sys.stdout = sys.stdout, sys.stderr

    def say(what: dict[str, Any]) -> None:
        print(json.dumps(what), file=answers, flush=True)

    try:
        raise_limit()
        module = import_module(f".{name}", __package__)
        version = module.setup(variant)
    except Exception as error:
        say({"error": words(error)})
        return
    Thread(target=end_with_input, daemon=True).start()
    about = {"version": version, "notes": module.NOTES, "absent": module.ABSENT}
    module.serve(int(backend), lambda ports: say({**about, "ports": ports}))


if __name__ == "__main__":
    main(*sys.argv[1:])
