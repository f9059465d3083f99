"""GOCHAN_TRACE=run.json: record a program as it is."""

from __future__ import annotations

import os

from ._recorder import LARGEST_RING, start


def start_from_environment(text: str) -> None:
    """Begin the recording that GOCHAN_TRACE asks for: "run.json", or "run.json,ring=100000"."""
    # Not for the child processes, which would write to the same file.
    del os.environ["GOCHAN_TRACE"]
    path, comma, option = text.rpartition(",ring=")
    ring = 0
    if not comma:
        path = text
    elif option.isdecimal() and 1 <= int(option) <= LARGEST_RING:
        ring = int(option)
    else:
        raise ValueError(
            f"GOCHAN_TRACE={text!r}: give a number of events up to {LARGEST_RING:,}, such as "
            "run.json,ring=100000"
        )
    try:
        start(path, ring=ring)
    except OSError as error:
        raise OSError(error.errno, f"GOCHAN_TRACE={text!r}: {error.strerror}") from None
