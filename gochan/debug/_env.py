"""GOCHAN_DEBUG_ADDR: serves the page for a program as it is."""

from __future__ import annotations

import os
import sys

from ._address import VARIABLE
from ._server import serve

# The commands of gochan's that run a program of the user's.
_RUN_PROGRAMS = {"explore", "trace"}


def _is_other_command() -> bool:
    """Return whether this process is a command of gochan's, such as the `top` that looks at another."""
    words = sys.orig_argv
    for i, word in enumerate(words[:-1]):
        if word == "-m" and words[i + 1] == "gochan":
            return not _RUN_PROGRAMS & set(words[i + 2 : i + 3])
        if os.path.basename(word) == "gochan":
            return not _RUN_PROGRAMS & set(words[i + 1 : i + 2])
    return False


def start_from_environment(text: str) -> None:
    """Serve the page at the address that GOCHAN_DEBUG_ADDR gives.

    An address that cannot be used is reported on stderr, and the program runs without the page.  Raises
    `ValueError` if text is not an address, or not a loopback address.
    """
    if _is_other_command():
        return
    remote = os.environ.get("GOCHAN_DEBUG_REMOTE", "0") not in ("", "0")
    try:
        server = serve(text, allow_remote=remote)
    except OSError as exc:
        why = exc.strerror or str(exc)
        sys.stderr.write(f"gochan: {VARIABLE}={text}: {why}; the program runs without the debug page\n")
        return
    except ValueError as exc:
        message = str(exc).replace("debug.serve", VARIABLE)
        raise ValueError(message.replace("allow_remote=True", "GOCHAN_DEBUG_REMOTE=1")) from None
    if text.endswith(":0"):
        sys.stderr.write(f"gochan: the debug page is {server.url}\n")
