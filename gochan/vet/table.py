"""All checks: their codes, in the order of the documentation, and what each finds in a few words."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple


class Check(NamedTuple):
    """A check; its page is pages/CODE.rst beside this module."""

    code: str
    name: str

    def path(self) -> Path:
        """Return the path of its page."""
        return Path(__file__).parent / "pages" / f"{self.code.lower()}.rst"

    def page(self) -> str:
        """Return its page, in reStructuredText."""
        return self.path().read_text(encoding="utf-8")


# The hundreds are families.
FAMILIES: Final = {
    "GOC1": "Channels and select",
    "GOC2": "Goroutines",
    "GOC3": "Locks",
    "GOC4": "Contexts, time and signals",
    "GOC5": "Results",
}

CHECKS: Final = {
    code: Check(code, name)
    for code, name in {
        "GOC101": "a variable is read before a wait in the same statement",
        "GOC102": "ch << a or b sends a alone",
        "GOC103": "recv, send or timeout outside of a select",
        "GOC104": "a match on select without one of its cases",
        "GOC105": "a pattern that never matches a select's result",
        "GOC106": "time.after in a loop's select",
        "GOC107": "a sender whose only receiver may have given up",
        "GOC108": "a channel used after it was closed",
        "GOC109": "the wrong end of a channel",
        "GOC110": "a select with default that spins",
        "GOC201": "go(f(x)) instead of go(f, x)",
        "GOC202": "a coroutine or generator function given to go",
        "GOC203": "a loop variable captured by a goroutine",
        "GOC204": "wg.add inside the goroutine that it counts",
        "GOC205": "wg.wait inside a goroutine that it waits for",
        "GOC206": "wg.done in a function that wg.go starts",
        "GOC207": "a blocking call in a goroutine",
        "GOC208": "a busy loop on a plain variable",
        "GOC209": "defer in a function that can't defer",
        "GOC210": "defer in a loop, where it runs too late",
        "GOC211": "a deferred call's argument that is evaluated too early",
        "GOC212": "a WaitGroup or errgroup.Group without a wait",
        "GOC213": "a blocking call to gochan in a coroutine",
        "GOC301": "a lock without unlock on some path",
        "GOC302": "a lock locked twice",
        "GOC303": "an unlock of a lock that is not held",
        "GOC304": "a copied lock",
        "GOC305": "one lock or channel where several are meant",
        "GOC306": "cond.wait under if instead of while",
        "GOC401": "a cancel function that is dropped",
        "GOC402": "a duration that was meant in milliseconds",
        "GOC403": "a context's key that others may use",
        "GOC404": "signal.notify on an unbuffered channel",
        "GOC501": "a result that is not used",
        "GOC502": "a method that is named and not called",
    }.items()
}
