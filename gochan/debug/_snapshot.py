"""What the page and `gochan top` show, as data that JSON can have."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from datetime import datetime
from time import monotonic
from typing import Any

from .._engine.goroutine import Frame, Goroutine

# How many numbers and objects to list for a group.
LISTED = 20


class Observer:
    """Remembers since when each goroutine was found waiting at the same place by each look.

    It may have gone on and come back between two looks: this is what was seen, and no measurement.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first: dict[int, tuple[object, float]] = {}

    def see(self, goroutines: Iterable[Goroutine]) -> dict[int, float]:
        """Return for how many seconds each has been seen waiting, by its number; 0 at the first look."""
        now = monotonic()
        found: dict[int, tuple[object, float]] = {}
        with self._lock:
            for g in goroutines:
                if g.thread is not None or g.state != "waiting":
                    continue
                where = (g.reason, g.object, *g.stack)
                before = self._first.get(g.number)
                found[g.number] = before if before is not None and before[0] == where else (where, now)
            self._first = found
        return {number: now - first for number, (_, first) in found.items()}


def place(frame: Frame | None) -> dict[str, object] | None:
    """Return a line of a stack for JSON."""
    return None if frame is None else frame._asdict()


def describe(g: Goroutine, seen: dict[int, float]) -> dict[str, object]:
    """Return a goroutine for JSON."""
    fields: dict[str, object] = g._asdict()
    fields["created_by"] = place(g.created_by)
    fields["stack"] = [place(frame) for frame in g.stack]
    fields["seen"] = None if g.thread is not None else seen.get(g.number)
    return fields


def group(goroutines: Iterable[Goroutine], seen: dict[int, float]) -> list[dict[str, Any]]:
    """Return an entry for each place with its goroutines, as pprof's debug=1 does: the largest first."""
    groups: dict[object, list[Goroutine]] = {}
    for g in goroutines:
        key = (g.state, g.reason, g.function, g.created_by, g.thread is None, g.started, *g.stack)
        groups.setdefault(key, []).append(g)
    found = [
        {
            "count": len(members),
            "state": first.state,
            "reason": first.reason,
            "function": first.function,
            "started": first.started,
            "created_by": place(first.created_by),
            "stack": [place(frame) for frame in first.stack],
            "numbers": [g.number for g in members if g.thread is None][:LISTED],
            "threads": [g.thread for g in members if g.thread is not None][:LISTED],
            "objects": list(dict.fromkeys(g.object for g in members if g.object is not None))[:LISTED],
            "since": max((g.since for g in members if g.since is not None), default=None),
            "seen": max((seen.get(g.number, 0.0) for g in members if g.thread is None), default=None),
        }
        for members in groups.values()
        for first in members[:1]
    ]
    # sorted keeps the order of equals: the running one is first.
    return sorted(found, key=lambda entry: -entry["count"])


def about() -> dict[str, object]:
    """Return what process this is."""
    return {
        "pid": os.getpid(),
        "program": os.path.basename(sys.argv[0]) if sys.argv and sys.argv[0] else "python",
        "python": sys.version.split()[0],
        "time": datetime.now().astimezone().isoformat(timespec="milliseconds"),
    }


def sort_groups(groups: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """Sort groups by "count", "state", "place", "number" or "seen"."""
    keys: dict[str, Any] = {
        "count": lambda e: -e["count"],
        "state": lambda e: (e["state"], e["reason"], -e["count"]),
        "place": lambda e: [(f["file"], f["line"]) for f in e["stack"][:1]] or [("", 0)],
        "number": lambda e: e["numbers"][0] if e["numbers"] else 0,
        "seen": lambda e: -(e["since"] or e["seen"] or 0),
    }
    return sorted(groups, key=keys[by])


SORTS = ("count", "state", "place", "number", "seen")
