"""The command `gochan top`: the goroutines of a process, live, in a terminal."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import select
import shutil
import signal
import socket
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Any

from ._address import VARIABLE, Address, find, is_alive, parse
from ._snapshot import SORTS, sort_groups

_PROG = "gochan top"
# The limit on the answer, in bytes: it comes from a program that may be in any state.
_MAX_ANSWER = 64 << 20
_TIME = 15.0
_KEYS = {"c": "count", "s": "state", "p": "place", "n": "number", "x": "seen"}


class Failure(Exception):
    """An error for the user; the exit status is 2 for bad input, 1 otherwise."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


class _UnixConnection(http.client.HTTPConnection):
    """A connection to a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIME)
        self._path = path

    def connect(self) -> None:
        """Connect to the path."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIME)
        self.sock.connect(self._path)


def fetch(address: Address, leaks: bool = False) -> dict[str, Any]:
    """Ask the page at an address for its groups; raises `Failure`."""
    connection: http.client.HTTPConnection
    if address.path:
        connection = _UnixConnection(address.path)
    else:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=_TIME)
    what = "leaks" if leaks else "goroutines"
    try:
        connection.request("GET", f"/debug/{what}?format=json&group=1")
        answer = connection.getresponse()
        body = answer.read(_MAX_ANSWER + 1)
    except TimeoutError:
        raise Failure(f"{address} does not answer within {_TIME:g} s") from None
    except (OSError, http.client.HTTPException) as exc:
        why = getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
        raise Failure(f"{address}: {why}; is the program running, with {VARIABLE} set?") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise Failure(f"{address}: {answer.status} {body[:500].decode('utf-8', 'replace').strip()}")
    try:
        data = json.loads(body)
        for g in data["groups"]:
            {name: g[name] for name in ("count", "state", "reason", "function", "stack", "numbers", "seen")}
        {name: data[name] for name in ("pid", "program", "count", "running")}
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{address} is not a debug page of gochan") from None
    found: dict[str, Any] = data
    return found


# --- the table --------------------------------------------------------------------------------------------


def _printable(text: str) -> str:
    """Replace control characters: the text comes from another program."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _width(text: str) -> int:
    return sum(_columns(c) for c in text)


def _columns(c: str) -> int:
    if unicodedata.combining(c):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


def _cut(text: str, width: int) -> str:
    """Shorten text to a number of columns."""
    text = _printable(text)
    if _width(text) <= width:
        return text
    kept, used = "", 0
    for c in text:
        used += _columns(c)
        if used > width - 1:
            break
        kept += c
    return kept + "…" if width > 0 else ""


def _time(seconds: float | None) -> str:
    if seconds is None or seconds < 0.5:
        return ""
    if seconds < 100:
        return f"{seconds:.0f}s"
    return f"{seconds / 60:.0f}m" if seconds < 6000 else f"{seconds / 3600:.0f}h"


def _where(g: dict[str, Any]) -> str:
    if g["stack"]:
        return f"{_place(g['stack'][0])} in {g['stack'][0]['function']}"
    made = g.get("created_by")
    started = "" if g.get("started", True) else ", not started yet"
    return f"{g['function']}{started}" + ("" if made is None else f", from {_place(made)}")


def _place(frame: dict[str, Any]) -> str:
    short = "/".join(frame["file"].replace("\\", "/").rsplit("/", 2)[-2:])
    return f"{short}:{frame['line']}"


def lines(data: dict[str, Any], by: str, width: int, height: int | None, leaks: bool = False) -> list[str]:
    """Return the lines of the table, none longer than width columns, and at most height of them."""
    states: dict[str, int] = {}
    for g in data["groups"]:
        name = g["reason"] or g["state"]
        states[name] = states.get(name, 0) + g["count"]
    kind = "leaked goroutines" if leaks else "goroutines"
    if not data["running"]:
        kind += ": no program runs"
    most = sorted(states.items(), key=lambda item: (-item[1], item[0]))
    found = [
        f"{data['program']}, process {data['pid']}: {data['count']} {kind}",
        ", ".join(f"{count} {name}" for name, count in most),
    ]
    found = [_cut(line, width) for line in found if line]
    groups = sort_groups(data["groups"], by)
    if not groups:
        return found[:height]
    reasons = min(max(_width(_printable(g["reason"] or g["state"])) for g in groups), max(8, width // 4))
    found.append(_cut(f"{'COUNT':>6}  {'STATE':<{reasons}}  {'WAITS':>5}  WHERE", width))
    room = None if height is None else max(0, height - len(found))
    shown = groups if room is None or len(groups) <= room else groups[: max(0, room - 1)]
    for g in shown:
        state = _cut(g["reason"] or g["state"], reasons)
        state += " " * (reasons - _width(state))
        seen = _time(g.get("since") or g["seen"]) if g["state"] == "waiting" else ""
        found.append(_cut(f"{g['count']:>6}  {state}  {seen:>5}  {_where(g)}", width))
    if len(shown) < len(groups):
        found.append(_cut(f"and {len(groups) - len(shown)} more places", width))
    return found[:height]


# --- the terminal -----------------------------------------------------------------------------------------


@contextmanager
def _screen() -> Iterator[None]:
    """Use the terminal's other screen, without a cursor and without echo, and restore all of it."""
    before: Any = None
    termios: Any = None
    keys = sys.stdin is not None and sys.stdin.isatty()
    if keys:
        with suppress(ImportError):
            import termios
            import tty

            before = termios.tcgetattr(sys.stdin)
    try:
        if before is not None:
            tty.setcbreak(sys.stdin)
        sys.stdout.write("\x1b[?1049h\x1b[?25l")
        sys.stdout.flush()
        yield
    finally:
        if before is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        sys.stdout.write("\x1b[?25h\x1b[?1049l")
        sys.stdout.flush()


def _key(seconds: float) -> str | None:
    """Wait `seconds` for a key; return it, "" at the end of the input, None if there was none."""
    try:
        readable = select.select([sys.stdin], [], [], max(0.0, seconds))[0]
    except (OSError, ValueError):
        # Windows has select for sockets only.
        sleep(max(0.0, seconds))
        return None
    if not readable:
        return None
    return os.read(sys.stdin.fileno(), 1).decode("latin-1")


def _draw(shown: list[str], note: str, width: int, height: int) -> None:
    rows = [*shown[: height - 1], *[""] * (height - 1 - len(shown)), note]
    text = "\r\n".join(f"\x1b[K{_cut(row, width)}" for row in rows)
    sys.stdout.write(f"\x1b[H{text}")
    sys.stdout.flush()


def _watch(address: Address, pid: int | None, options: argparse.Namespace) -> int:
    """Show the table until q or Ctrl-C."""
    by: str = options.sort
    data: dict[str, Any] | None = None
    trouble = ""
    tty_keys = sys.stdin is not None and sys.stdin.isatty()
    help_ = "q quits; sort by: " + ", ".join(f"{key} {name}" for key, name in _KEYS.items())
    with _screen():
        while True:
            try:
                data = _look(address, pid, options)
                trouble = ""
            except Failure as failure:
                if data is None:
                    raise
                # The process may have ended or been restarted: keep showing the last data.
                trouble = str(failure)
            width, height = shutil.get_terminal_size()
            until = monotonic() + options.interval
            while True:
                _draw(lines(data, by, width, height - 1, options.leaks), trouble or help_, width, height)
                if not tty_keys:
                    sleep(max(0.0, until - monotonic()))
                    break
                key = _key(until - monotonic())
                if key is None:
                    break
                if key in ("q", "Q", "", "\x04"):
                    return 0
                by = _KEYS.get(key.lower(), by)


def _look(address: Address, pid: int | None, options: argparse.Namespace) -> dict[str, Any]:
    data = fetch(address, options.leaks)
    if pid is not None and data["pid"] != pid:
        raise Failure(f"{address} is served by process {data['pid']}, not by {pid}, which may have ended")
    return data


def _target(options: argparse.Namespace) -> tuple[Address, int | None]:
    """Return the address to look at, and the number of the process if that was given."""
    if (options.pid is None) == (options.address is None):
        raise Failure("give either the number of a process or --address HOST:PORT", 2)
    if options.address is not None:
        try:
            address = parse("--address", options.address)
        except ValueError as exc:
            raise Failure(str(exc), 2) from None
        if not address.path and not (address.host and address.port):
            raise Failure(f"--address {options.address!r}: give a host and a port above 0", 2)
        return address, None
    if not options.pid.isascii() or not options.pid.isdigit() or int(options.pid) == 0:
        raise Failure(f"{options.pid!r} is not the number of a process", 2)
    pid = int(options.pid)
    if not is_alive(pid):
        raise Failure(f"there is no process {pid}", 2)
    text = find(pid)
    if text is None:
        raise Failure(
            f"process {pid} serves no debug page, or belongs to another user; start it with "
            f"{VARIABLE}=127.0.0.1:6060 in its environment, or have it call gochan.debug.serve()",
            2,
        )
    try:
        return parse(f"process {pid}", text), pid
    except ValueError as exc:
        raise Failure(str(exc)) from None


def _interval(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r}: give a number of seconds from 0.05 to 3600")
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the goroutines of a process; return the exit status."""
    parser = argparse.ArgumentParser(
        prog=_PROG,
        description="Show the goroutines of a process by state and place, live.  The process serves them "
        f"itself: it was started with {VARIABLE}=127.0.0.1:6060, or has called gochan.debug.serve().",
    )
    parser.add_argument("pid", nargs="?", metavar="PID", help="the number of the process")
    parser.add_argument(
        "--address", metavar="HOST:PORT", help="the address of its debug page; also unix:/PATH"
    )
    parser.add_argument("--once", action="store_true", help="print the goroutines once and end")
    parser.add_argument(
        "--sort", choices=SORTS, default="count", help="what to sort by (default: %(default)s)"
    )
    parser.add_argument(
        "--interval",
        type=_interval,
        default=1.0,
        metavar="SECONDS",
        help="the time between two updates (default: 1)",
    )
    parser.add_argument(
        "--leaks",
        action="store_true",
        help="only goroutines that can never continue; each update stops the program for the search",
    )
    options = parser.parse_args(arguments)
    try:
        address, pid = _target(options)
        if options.once or not sys.stdout.isatty():
            width = shutil.get_terminal_size((10**6, 24)).columns if sys.stdout.isatty() else 10**6
            shown = lines(_look(address, pid, options), options.sort, width, None, options.leaks)
            print("\n".join(shown))
            return 0
        with suppress(ValueError, AttributeError):
            # A new size of the window ends the wait for a key, and is drawn.
            signal.signal(signal.SIGWINCH, lambda *_: None)
        return _watch(address, pid, options)
    except Failure as failure:
        print(f"{_PROG}: {failure}", file=sys.stderr)
        return failure.status
    except BrokenPipeError:
        # The reader has seen enough, as `head` does.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 0
