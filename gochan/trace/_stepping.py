"""The recording of a run whose clock stands still while goroutines run.

On such a clock, most events would be at the same time.  So each takes a step in the file: its time is one
step after that of the event before, or that of the clock, if that is later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from .._engine import events
from .._engine.events import BUBBLE, KIND, PROGRAM, TS
from ._chrome import Record, Writer

STEP: Final = 1_000  # in nanoseconds


class SteppingWriter(Writer):
    """Writes a recording in which the clock goes on by a step from each event to the next."""

    step = STEP

    def feed(self, records: Iterable[Record], lost: bool = False) -> None:
        """Write the events of these records, each with a step of its own."""
        super().feed(self._stepped(records), lost)

    def find_regions(self, records: Iterable[Record]) -> None:
        """Find out when regions end, on the clock of `feed`."""
        super().find_regions(self._stepped(records))

    def is_virtual(self) -> bool:
        """Return True: no time of the file is of the real clock."""
        return True

    def _stepped(self, records: Iterable[Record]) -> Iterator[Record]:
        # Each bubble has a clock of its own.
        lasts: dict[tuple[int, int], int] = {}
        for record in records:
            if record[KIND] in (events.GC, events.GC_END):
                # When the collector runs differs from one version of Python to the next.
                continue
            clock = record[PROGRAM], record[BUBBLE]
            time = max(record[TS], lasts[clock] + self.step) if clock in lasts else record[TS]
            lasts[clock] = time
            if not record[BUBBLE]:
                self._until = max(self._until, time)
            yield (time, *record[1:])
