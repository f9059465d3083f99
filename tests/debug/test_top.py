"""gochan top: which process it looks at, and what it shows in a terminal."""

from __future__ import annotations

import fcntl
import http.server
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import children
import pytest

from gochan import Chan, debug, go, run, runtime, thread
from gochan.__main__ import main as gochan
from gochan.debug import _address, top


def waits(ch: Chan[int]) -> None:
    ch.recv()


def looked_at(*arguments: str) -> int:
    """Run gochan top in a thread, of a program with four goroutines."""

    def main() -> int:
        kept = Chan[int]()
        for _ in range(3):
            go(waits, kept)
        for _ in range(5):
            runtime.gosched()
        status: int = thread.call(gochan, ["top", *arguments])
        kept.close()
        return status

    return run(main)


def test_once(page: debug.Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert looked_at("--address", page.address, "--once") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(f"process {os.getpid()}: 4 goroutines")
    assert lines[1] == "3 chan receive, 1 running" or lines[1] == "3 chan receive, 1 thread call"
    assert re.fullmatch(r" COUNT  STATE +WAITS  WHERE", lines[2])
    line = waits.__code__.co_firstlineno + 1
    assert re.fullmatch(rf"     3  chan receive  +debug/test_top.py:{line} in waits", lines[3])


def test_by_the_number_of_the_process(page: debug.Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert looked_at(str(os.getpid())) == 0
    assert "4 goroutines" in capsys.readouterr().out


def test_over_a_unix_socket(short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with debug.serve(f"unix:{short}/page") as page:
        assert looked_at("--address", page.address) == 0
    assert "4 goroutines" in capsys.readouterr().out


@pytest.mark.own_process
def test_leaks(page: debug.Server, capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> int:
        go(Chan[int]().recv)
        runtime.gosched()
        status: int = thread.call(gochan, ["top", "--leaks", "--address", page.address])
        return status

    assert run(main) == 0
    out = capsys.readouterr().out
    assert "1 leaked goroutines" in out and "Chan.recv, from debug/test_top.py:" in out


def test_without_a_program(page: debug.Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert gochan(["top", "--address", page.address]) == 0
    assert "goroutines: no program runs" in capsys.readouterr().out


# --- bad input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ([], 2, "give either the number of a process or --address HOST:PORT"),
        (["1", "--address", "127.0.0.1:1"], 2, "give either"),
        (["x"], 2, "'x' is not the number of a process"),
        (["0"], 2, "'0' is not the number of a process"),
        (["9" * 30], 2, "there is no process 999"),
        (["--address", "x"], 2, "--address: 'x' has no port from 0 to 65535"),
        (["--address", ":6060"], 2, "give a host and a port above 0"),
        (["--address", "127.0.0.1:0"], 2, "give a host and a port above 0"),
        (
            ["--address", "127.0.0.1:1"],
            1,
            "Connection refused; is the program running, with GOCHAN_DEBUG_ADDR",
        ),
        (["--address", "unix:/nowhere"], 1, "No such file or directory"),
    ],
)
def test_bad_input(arguments: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert gochan(["top", *arguments]) == status
    err = capsys.readouterr().err
    assert err.startswith("gochan top: ") and says in err


@pytest.mark.parametrize(
    "arguments",
    [["1", "--interval", "0"], ["1", "--interval", "x"], ["1", "--interval", "nan"], ["1", "--sort", "x"]],
)
def test_bad_options(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        gochan(["top", *arguments])
    assert raised.value.code == 2
    assert repr(arguments[2]) in capsys.readouterr().err


def test_a_process_that_did_not_ask(capsys: pytest.CaptureFixture[str]) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "GOCHAN_DEBUG_ADDR"}
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=environ)
    assert gochan(["top", str(other.pid)]) == 2
    assert f"process {other.pid} serves no debug page" in capsys.readouterr().err
    other.communicate(b"\n")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc")
@pytest.mark.parametrize(("value", "says"), [("127.0.0.1:1", "refused"), ("junk", "'junk' has no port")])
def test_the_environment_of_a_process_says_where(
    capsys: pytest.CaptureFixture[str], value: str, says: str
) -> None:
    """It has ended its page since, or has none: the address is tried."""
    environ = {**os.environ, "GOCHAN_DEBUG_ADDR": value}
    other = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ,
    )  # fmt: skip
    assert other.stdout is not None
    other.stdout.readline()
    assert gochan(["top", str(other.pid)]) == 1
    assert says in capsys.readouterr().err
    other.communicate(b"\n")


def test_another_process_at_the_address(
    page: debug.Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / str(os.getppid())).write_text(json.dumps({"address": page.address}))
    assert gochan(["top", str(os.getppid())]) == 1
    assert f"is served by process {os.getpid()}, not by {os.getppid()}" in capsys.readouterr().err


def test_a_broken_file(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for text in ("", "[]", "{}", '{"address": 7}', "\x00"):
        (folder / str(os.getpid())).write_text(text)
        assert _address.find(os.getpid()) == os.environ.get("GOCHAN_DEBUG_ADDR")


@contextmanager
def server(body: bytes, status: int = 200) -> Iterator[str]:
    """Serve one body at any path."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as served:
        worker = threading.Thread(target=served.serve_forever)
        worker.start()
        yield f"127.0.0.1:{served.server_port}"
        served.shutdown()
        worker.join()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"groups": [{}]}', b'{"groups": 7}', b"\xff"]
)
def test_what_is_no_debug_page(body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with server(body) as address:
        assert gochan(["top", "--address", address]) == 1
    assert f"{address} is not a debug page of gochan" in capsys.readouterr().err


def test_an_error_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    with server(b"no time", 503) as address:
        assert gochan(["top", "--address", address]) == 1
    assert f"{address}: 503 no time" in capsys.readouterr().err


def test_one_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import socket

    monkeypatch.setattr(top, "_TIME", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert gochan(["top", "--address", f"127.0.0.1:{silent.getsockname()[1]}"]) == 1
    assert "does not answer within 0.05 s" in capsys.readouterr().err


# --- the table -------------------------------------------------------------------------------------------


def entry(n: int, **more: Any) -> dict[str, Any]:
    frame = {"file": f"/a/b/c{n}.py", "line": n, "function": f"f{n}"}
    found = {
        "count": n, "state": "waiting", "reason": "sleep", "function": "f", "started": True,
        "created_by": None, "stack": [frame], "numbers": [n], "threads": [], "objects": [],
        "since": None, "seen": float(n),
    }  # fmt: skip
    return {**found, **more}


def data(*groups: dict[str, Any]) -> dict[str, Any]:
    return {"pid": 7, "program": "prog.py", "running": True, "count": 9, "groups": list(groups)}


def test_the_width_is_respected() -> None:
    wide = entry(2, reason="x" * 100, stack=[{"file": "名前/" * 50 + "é.py", "line": 1, "function": "f"}])
    for width in (1, 2, 10, 40, 79, 200):
        for line in top.lines(data(entry(1), wide), "count", width, None):
            assert top._width(line) <= width
    assert top._cut("名前", 3) == "名…" and top._cut("abc", 0) == ""
    assert top._width("e\u0301") == 1


def test_the_height_is_respected() -> None:
    groups = [entry(n) for n in range(1, 50)]
    for height in range(60):
        shown = top.lines(data(*groups), "count", 80, height)
        assert len(shown) <= height
    assert top.lines(data(*groups), "count", 80, 10)[-1] == "and 43 more places"
    assert len(top.lines(data(*groups), "count", 80, None)) == 3 + 49


def test_what_a_terminal_would_act_on_is_not_printed() -> None:
    bad = entry(1, reason="a\x1b[2Jb", function="\x07")
    assert "\x1b" not in "".join(top.lines(data(bad), "count", 80, None))


def test_sorts() -> None:
    groups = [
        entry(1),
        entry(3, reason="chan send"),
        entry(2, state="running", reason="", stack=[], seen=None),
    ]
    firsts = {}
    for by in ("count", "state", "place", "number", "seen"):
        rows = top.lines(data(*groups), by, 80, None)[3:]
        firsts[by] = [int(row.split()[0]) for row in rows]
    assert firsts == {
        "count": [3, 2, 1], "state": [2, 3, 1], "place": [2, 1, 3], "number": [1, 2, 3], "seen": [3, 1, 2],
    }  # fmt: skip


def test_times_and_places() -> None:
    rows = top.lines(
        data(
            entry(4, seen=7200.0),
            entry(3, seen=600.0),
            entry(2, since=5.0, seen=1.0),
            entry(1, stack=[], started=False, created_by={"file": "p.py", "line": 3, "function": "main"}),
        ),
        "count", 80, None,
    )[3:]  # fmt: skip
    assert [row.split()[2] for row in rows] == ["2h", "10m", "5s", "1s"]
    assert rows[3].endswith("f, not started yet, from p.py:3")


# --- the terminal ----------------------------------------------------------------------------------------


class Terminal:
    """gochan top in a terminal of its own."""

    def __init__(self, *arguments: str, width: int = 80, height: int = 24) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        environ = {k: v for k, v in children.environment().items() if k not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gochan", "top", *arguments],
            stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def until(self, text: str) -> str:
        """Read until text has come; return what was read."""
        limit = monotonic() + 100
        while text not in self.seen:
            ready = select.select([self.master], [], [], max(0.0, limit - monotonic()))[0]
            assert ready, f"{text!r} never came: {self.seen!r}"
            try:
                more = os.read(self.master, 65536).decode()
            except OSError:
                more = ""
            assert more, f"{text!r} never came: {self.seen!r}"
            self.seen += more
        found, _, self.seen = self.seen.partition(text)
        return found

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def end(self) -> int:
        status = self.process.wait(60)
        os.close(self.master)
        return status


def test_a_live_look(page: debug.Server) -> None:
    terminal = Terminal("--address", page.address, "--interval", "0.05", width=60, height=10)
    first = terminal.until("q quits")
    # The other screen, and no cursor.
    assert first.startswith("\x1b[?1049h\x1b[?25l\x1b[H")
    assert "no program runs" in first
    assert first.count("\r\n") == 9
    # It is refreshed, and keys sort.
    terminal.type("p")
    terminal.until("q quits")
    terminal.until("q quits")
    terminal.type("q")
    terminal.until("\x1b[?25h\x1b[?1049l")
    assert terminal.end() == 0


def test_ctrl_c_ends_it(page: debug.Server) -> None:
    terminal = Terminal("--address", page.address)
    terminal.until("q quits")
    terminal.process.send_signal(2)
    terminal.until("\x1b[?1049l")
    assert terminal.end() == 0


def test_a_program_that_ends_stays_on_the_screen() -> None:
    page = debug.serve("127.0.0.1:0")
    terminal = Terminal("--address", page.address, "--interval", "0.05", width=100)
    terminal.until("q quits")
    page.close()
    terminal.until("is the program running")
    terminal.type("q")
    assert terminal.end() == 0


def test_an_error_at_first_is_the_end() -> None:
    terminal = Terminal("--address", "127.0.0.1:1")
    terminal.until("gochan top: 127.0.0.1:1: Connection refused")
    assert terminal.end() == 1


def test_watching_in_process(
    page: debug.Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys, sorting and an end of the input, without a terminal."""
    keys = iter(["s", "x", None, ""])
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(top, "_key", lambda seconds: next(keys))
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: SIM115
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(termios, "tcgetattr", lambda _: None)
    assert gochan(["top", "--address", page.address]) == 0
    out = capsys.readouterr().out
    assert out.count("\x1b[H") == 4 and out.endswith("\x1b[?25h\x1b[?1049l")
    sys.stdin.close()


def test_a_pipe_that_is_closed(page: debug.Server, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [sys.executable, "-m", "gochan", "top", "--address", page.address],
        stdout=write, stderr=subprocess.PIPE, env=children.environment(),
    )  # fmt: skip
    os.close(write)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
