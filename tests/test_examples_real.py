"""Drives the examples that are programs of their own as their users do: by sockets, files and signals."""

import asyncio
import collections
import http.client
import json
import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import children
import pytest
from children import EXAMPLES, example
from programs import closed, eventually, finish, said

from gochan import context, run, synctest

# How long the web service is kept busy; a soak does so for longer.
LOAD = float(os.environ.get("GOCHAN_LOAD_SECONDS", "1"))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start an example with arguments; one that is left behind is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_(name: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        started.append(example(name, *arguments, **options))
        return started[-1]

    yield start_
    for process in started:
        process.kill()
        process.communicate()


# --- fetch -------------------------------------------------------------------------------------------------


class Pages:
    """A web server in a thread: /ok/*, /fail, /moved, /hang, /meet and /step."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.now = self.most = self.gone = 0
        ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.main(ready)))
        self.thread.start()
        ready.wait()

    async def main(self, ready: threading.Event) -> None:
        self.loop = asyncio.get_running_loop()
        self.over = asyncio.Event()
        # /meet is answered when three ask for it at a time, /step when the test says so.
        self.meeting = asyncio.Barrier(3)
        self.steps = asyncio.Semaphore(0)
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        ready.set()
        await self.over.wait()
        server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path = line.split()[1].decode()
                while (await reader.readline()).strip():
                    pass
                self.asked.append(path)
                self.now += 1
                self.most = max(self.most, self.now)
                try:
                    await self.answer(path, reader, writer)
                finally:
                    self.now -= 1
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def answer(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        status, extra = "200 OK", ""
        if path == "/hang":
            # Until the client hangs up.
            await reader.read(1)
            self.gone += 1
            raise ConnectionResetError
        if path == "/meet":
            await self.meeting.wait()
        elif path == "/step":
            await self.steps.acquire()
        else:
            await asyncio.sleep(0.005)
        if path == "/fail":
            status = "503 Service Unavailable"
        if path == "/moved":
            status, extra = "301 Moved Permanently", "Location: /ok/moved\r\n"
        body = path.encode()
        writer.write(f"HTTP/1.1 {status}\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    def urls(self, *paths: str) -> list[str]:
        return [self.url + path for path in paths]

    def step(self) -> None:
        self.loop.call_soon_threadsafe(self.steps.release)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join()


@pytest.fixture
def pages() -> Iterator[Pages]:
    pytest.importorskip("httpx")
    pytest.importorskip("rich")
    server = Pages()
    yield server
    server.stop()


def fetched(out: str) -> Counter[tuple[str, str]]:
    """What came of each path."""
    lines = [re.fullmatch(r"(.*?)  +\d+ ms  \w+://[^/]*(/\S*)", line) for line in out.splitlines()]
    return Counter((match[2], " ".join(match[1].split())) for match in lines if match)


def test_fetch(start: Start, pages: Pages) -> None:
    """Pages that meet, one that fails, one that hangs, one that moved, and a server that is not there."""
    # Bound, so that no other process gets the port, but it does not listen.
    nobody = socket.socket()
    nobody.bind(("127.0.0.1", 0))
    refused = f"http://127.0.0.1:{nobody.getsockname()[1]}/refused"
    good = [f"/ok/{i}" for i in range(30)]
    urls = [*pages.urls("/hang", "/meet", "/meet", "/meet", "/fail", "/moved", *good), refused, "nourl:///"]
    process = start("fetch", "--parallel", 4, "--each", 4, *urls)
    out, err = finish(process)
    nobody.close()
    expected = {(path, f"200 {len(path)} B"): 1 for path in good} | {
        ("/meet", "200 5 B"): 3,
        ("/hang", "too late"): 1,
        ("/fail", "503 Service Unavailable"): 1,
        ("/moved", "200 9 B"): 1,
        ("/refused", "ConnectError"): 1,
        ("/", "UnsupportedProtocol"): 1,
    }
    assert fetched(out) == expected
    assert err == "34 fetched, 4 with problems, 0 not tried\n"
    assert process.returncode == 1
    assert pages.most == 4
    eventually(lambda: pages.gone == 1)


def test_fetch_from_the_input(start: Start, pages: Pages) -> None:
    process = start("fetch", "-", stdin=subprocess.PIPE)
    out, err = process.communicate("\n".join(pages.urls("/ok/1", "/ok/2")), timeout=120)
    assert fetched(out) == {("/ok/1", "200 5 B"): 1, ("/ok/2", "200 5 B"): 1}
    assert err == "2 fetched, 0 with problems, 0 not tried\n"
    assert process.returncode == 0


def test_fetch_out_of_time(start: Start, pages: Pages) -> None:
    """The time for all ends what is under way, and nothing is begun after it."""
    urls = pages.urls("/ok/1", *["/hang"] * 5)
    process = start("fetch", "--parallel", 3, "--all", 3, *urls)
    out, err = finish(process)
    assert fetched(out) == {("/ok/1", "200 5 B"): 1, ("/hang", "out of time"): 3}
    assert err == "1 fetched, 3 with problems, 2 not tried\n"
    assert process.returncode == 1
    eventually(lambda: pages.gone == 3)


def test_fetch_that_is_interrupted(start: Start, pages: Pages) -> None:
    """Ctrl-C: it hangs up, prints what it has, and ends with 130."""
    process = start("fetch", "--parallel", 3, *pages.urls("/ok/1", *["/hang"] * 5))
    eventually(lambda: pages.asked.count("/hang") == 3)
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = finish(process)
    assert time.monotonic() - begin < 20
    assert fetched(out) == {("/ok/1", "200 5 B"): 1, ("/hang", "stopped"): 3}
    assert err == "1 fetched, 3 with problems, 2 not tried\n"
    assert process.returncode == 130
    eventually(lambda: pages.gone == 3)


def test_fetch_has_a_progress_bar(start: Start, pages: Pages) -> None:
    """On a terminal."""
    import pty

    terminal, slave = pty.openpty()
    process = start("fetch", "--parallel", 1, *pages.urls("/step", "/step", "/step"), stderr=slave)
    os.close(slave)
    shown = b""

    def read() -> bytes:
        assert select.select([terminal], [], [], 40)[0], shown
        with suppress(OSError):  # which is how a terminal ends
            return os.read(terminal, 1000)
        return b""

    for count in (b"0/3", b"1/3", b"2/3"):
        while count not in shown:
            piece = read()
            assert piece, shown
            shown += piece
        pages.step()
    while read():
        pass
    os.close(terminal)
    finish(process)
    assert process.returncode == 0


# --- web ---------------------------------------------------------------------------------------------------


class Web:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.port = int(said(process, r"serving http://127\.0\.0\.1:(\d+)")[1])

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def goroutines(self) -> int:
        return int(self.ask("GET", "/goroutines")[1])


@pytest.fixture
def web(start: Start) -> Web:
    pytest.importorskip("aiohttp")
    return Web(start("web", "--host", "127.0.0.1", "--port", 0))


def subscribe(port: int) -> socket.socket:
    s = socket.create_connection(("127.0.0.1", port), 30)
    s.sendall(b"GET /events HTTP/1.1\r\nHost: here\r\n\r\n")
    head = b""
    while b"\r\n\r\n" not in head:
        head += s.recv(1000)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    return s


def test_search(web: Web) -> None:
    """What came in time, one answer of each kind."""
    kinds: Counter[str] = Counter()
    base = web.goroutines()
    searches = 0
    # One in twenty-five is too late; on a busy machine, more are.
    end = time.monotonic() + 30
    while searches < 10 or (time.monotonic() < end and (len(kinds) < 3 or kinds.total() <= 15)):
        searches += 1
        status, text = web.ask("GET", "/search?q=go")
        assert status == 200
        results = json.loads(text)
        assert all(result == f"{kind} result for 'go'" for kind, result in results.items())
        kinds.update(results.keys())
    assert kinds.keys() == {"web", "image", "video"}
    assert 15 < kinds.total() <= 3 * searches
    eventually(lambda: web.goroutines() == base)


def test_events(web: Web) -> None:
    base = web.goroutines()
    subscribers = [subscribe(web.port) for _ in range(20)]
    eventually(lambda: web.goroutines() == base + 20)
    for text in ("one", "two"):
        assert web.ask("POST", "/events", text) == (204, "")
    for s in subscribers:
        heard = b""
        while b"two" not in heard:
            heard += s.recv(1000)
        assert heard.index(b"data: one\n\n") < heard.index(b"data: two\n\n")
    # A client that goes away ends its context, and with it its goroutine.
    for s in subscribers[:15]:
        s.close()
    eventually(lambda: web.goroutines() == base + 5)
    assert web.ask("POST", "/events", "three") == (204, "")
    # The others are reported when the service ends.
    web.process.send_signal(signal.SIGTERM)
    for s in subscribers[15:]:
        while s.recv(1000):
            pass
        s.close()
    assert finish(web.process) == ("", "")
    assert web.process.returncode == 0


def test_an_unknown_page(web: Web) -> None:
    assert web.ask("GET", "/nothing")[0] == 404
    assert web.ask("POST", "/search")[0] == 405
    web.process.send_signal(signal.SIGINT)
    assert finish(web.process) == ("", "")


async def load(port: int, connections: int, seconds: float) -> Counter[str]:
    """Keep so many connections busy, each for ten rounds at least; count the answers by their status line.

    What else happens is counted, too.
    """
    end = time.monotonic() + seconds
    seen: Counter[str] = Counter()

    async def one(n: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        path = "/goroutines" if n % 4 == 0 else f"/search?q={n}"
        rounds = 0
        while time.monotonic() < end or rounds < 10:
            rounds += 1
            if n % 8 == 7:
                # One that goes away before its answer comes.
                writer.write(f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
                await asyncio.sleep(0.01)
                await closed(writer)
                seen["went away"] += 1
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                continue
            writer.write(f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            assert length
            await reader.readexactly(int(length[1]))
            seen[head.split(b"\r\n")[0].decode()] += 1
        await closed(writer)

    outcomes = await asyncio.gather(*(one(n) for n in range(connections)), return_exceptions=True)
    for outcome in outcomes:
        if outcome is not None:
            seen[repr(outcome)] += 1
    return seen


@pytest.mark.timeout(LOAD + 60)
def test_load(web: Web) -> None:
    """No error, and no goroutine that stays."""
    base = web.goroutines()
    seen = asyncio.run(load(web.port, 64, LOAD))
    assert seen.keys() == {"HTTP/1.1 200 OK", "went away"}
    assert seen["HTTP/1.1 200 OK"] >= 560
    assert seen["went away"] >= 80
    print(dict(seen))
    eventually(lambda: web.goroutines() == base)
    web.process.send_signal(signal.SIGTERM)
    assert finish(web.process) == ("", "")


# --- without the extra -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "missing"),
    [
        ("fetch", ["http://localhost"], "httpx"),
        ("http_server", [], "h11"),
        ("postgres", [], "psycopg"),
        ("web", [], "aiohttp"),
        ("word_count", ["--dask"], "dask"),
    ],
)
def test_a_missing_package_is_named_in_one_line(
    start: Start, tmp_path: Path, name: str, arguments: list[str], missing: str
) -> None:
    (tmp_path / f"{missing}.py").write_text(f"raise ModuleNotFoundError(\"No module named '{missing}'\")\n")
    path = os.pathsep.join([str(tmp_path), children.environment()["PYTHONPATH"]])
    process = start(name, *arguments, env=children.environment(PYTHONPATH=path))
    out, err = finish(process)
    assert (out, process.returncode) == ("", 1)
    assert re.fullmatch(rf"{name}\.py .*needs .*{missing}.*: pip install '\.\[examples\]'\n", err)


# --- word_count --------------------------------------------------------------------------------------------


def counted(text: str, top: int) -> str:
    words = collections.Counter(re.findall(r"\w+", text.lower()))
    lines = [f"{words.total()} words, {len(words)} different"]
    ranked = sorted(words.items(), key=lambda item: (-item[1], item[0]))
    return "\n".join([*lines, *(f"{n:9} {word}" for word, n in ranked[:top]), ""])


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files of several pieces, with lines of all lengths, so that the cuts fall anywhere in them."""
    folder = tmp_path_factory.mktemp("books")
    books = []
    for i in range(3):
        lines = (" ".join(f"Wört{(j * k) % 977}" for k in range(j % 23)) for j in range(60_000 * i))
        book = folder / f"book{i}"
        book.write_text("\n".join(lines), encoding="utf-8")
        books.append(book)
    assert books[2].stat().st_size > 2 * (4 << 20)
    return books


@pytest.mark.parametrize("dask", [False, True], ids=["processes", "dask"])
def test_word_count(start: Start, books: list[Path], dask: bool) -> None:
    """The same result with processes and with dask."""
    if dask:
        pytest.importorskip("distributed")
    expected = counted("\n".join(book.read_text(encoding="utf-8") for book in books), 7)
    options = ["--dask"] if dask else []
    process = start("word_count", "--processes", 2, "--top", 7, *options, *books)
    out, err = finish(process)
    assert out == expected
    # On a busy machine Dask logs warnings, and errors of its own that it has caught.
    assert err == "" or (dask and "word_count.py" not in err)
    assert process.returncode == 0


def test_word_count_of_a_file_that_is_not_there(start: Start, tmp_path: Path) -> None:
    process = start("word_count", "--processes", 1, tmp_path / "nothing")
    out, err = finish(process)
    assert out == ""
    assert "FileNotFoundError" in err
    assert process.returncode == 1


# --- log_pipeline ------------------------------------------------------------------------------------------


def line(i: int, target: str = "/page", status: int = 200) -> str:
    return f'10.0.0.{i % 256} - - [01/Jan/2030:12:{i % 3:02}:00 +0000] "GET {target} HTTP/1.1" {status} {i}\n'


class Logs:
    """Two logs, a pipeline that follows them, and what its database should say."""

    def __init__(self, start: Start, folder: Path) -> None:
        self.start = start
        self.paths = [folder / "a.log", folder / "b.log"]
        self.database = folder / "hits.sqlite"
        self.written: Counter[tuple[str, int]] = Counter()
        self.bytes: Counter[tuple[str, int]] = Counter()
        self.next = 0
        for path in self.paths:
            path.touch()

    def follow(self) -> "subprocess.Popen[str]":
        process = self.start("log_pipeline", "--database", self.database, *self.paths)
        said(process, "following 2 files")
        return process

    def write(self, which: int, lines: int) -> None:
        with self.paths[which].open("a") as file:
            for _ in range(lines):
                i = self.next = self.next + 1
                if i % 50 == 0:
                    file.write("what is this?\n")
                    self.written["", 0] += 1
                elif i % 10 == 0:
                    file.write(line(i, "/health"))
                else:
                    status = 404 if i % 7 == 0 else 200
                    file.write(line(i, status=status))
                    key = f"01/Jan/2030:12:{i % 3:02}", status
                    self.written[key] += 1
                    self.bytes[key] += i

    def stored(self) -> tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            rows = connection.execute("SELECT minute, status, hits, bytes FROM hits").fetchall()
        connection.close()
        keys = [(minute, status) for minute, status, _, _ in rows]
        return (
            Counter(dict(zip(keys, (row[2] for row in rows), strict=True))),
            Counter(dict(zip(keys, (row[3] for row in rows), strict=True))),
        )

    def complete(self) -> bool:
        return self.stored() == (self.written, self.bytes)


@pytest.fixture
def logs(start: Start, tmp_path: Path) -> Logs:
    return Logs(start, tmp_path)


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop_loses_no_line(logs: Logs, sig: signal.Signals) -> None:
    """All lines that are in the files at the moment of the stop are in the database at the end."""
    logs.write(0, 500)
    process = logs.follow()
    for _ in range(5):
        logs.write(1, 1000)
        logs.write(0, 100)
    process.send_signal(sig)
    out, err = finish(process)
    assert err == ""
    assert process.returncode == 0
    assert logs.complete()
    hits = {match[1]: int(match[2]) for match in re.finditer(r"(\w+) +(\d+) hits", out)}
    assert hits == {
        "unreadable": logs.written["", 0],
        "200": sum(n for (_, status), n in logs.written.items() if status == 200),
        "404": sum(n for (_, status), n in logs.written.items() if status == 404),
    }


def test_it_follows_and_goes_on_after_a_stop(logs: Logs) -> None:
    for _ in range(3):
        process = logs.follow()
        logs.write(0, 200)
        logs.write(1, 50)
        # It comes by itself.
        eventually(logs.complete)
        logs.write(1, 30)
        process.send_signal(signal.SIGTERM)
        finish(process)
        assert logs.complete()
        # Lines written while no pipeline follows.
        logs.write(0, 100)
    process = logs.follow()
    eventually(logs.complete)


def test_a_crash_loses_and_doubles_no_line(logs: Logs) -> None:
    """Killed at any time, it goes on where its database says."""
    for i in range(6):
        process = logs.follow()
        for _ in range(5):
            logs.write(i % 2, 400)
            time.sleep(0.01 * i)
        process.kill()
        finish(process)
    process = logs.follow()
    eventually(logs.complete)
    process.send_signal(signal.SIGTERM)
    finish(process)
    assert logs.complete()


def test_rotated_logs(logs: Logs) -> None:
    """Renamed while it is followed, and while it is not, with lines that had not been read."""
    process = logs.follow()
    logs.write(0, 300)
    logs.paths[0].rename(logs.paths[0].with_suffix(".log.1"))
    logs.write(0, 200)
    eventually(logs.complete)
    process.send_signal(signal.SIGTERM)
    finish(process)
    logs.write(0, 100)
    logs.paths[0].with_suffix(".log.1").rename(logs.paths[0].with_suffix(".log.2"))
    logs.paths[0].rename(logs.paths[0].with_suffix(".log.1"))
    logs.write(0, 50)
    process = logs.follow()
    eventually(logs.complete)
    # Truncated, and written again.
    logs.paths[0].write_text("")
    time.sleep(0.2)
    logs.write(0, 10)
    eventually(logs.complete)


def test_a_log_that_is_rotated_as_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the check of its name and the open: the name then belongs to another file."""
    monkeypatch.syspath_prepend(EXAMPLES)
    log_pipeline = import_module("log_pipeline")
    log = tmp_path / "a.log"
    log.write_text("1\n")
    place = log_pipeline.Place(str(log), log.stat().st_ino)
    inode, renamed = log_pipeline.inode, log.with_suffix(".log.1")

    def rotate(path: str | Path) -> int:
        found: int = inode(path)
        if not renamed.exists():
            log.rename(renamed)
            log.write_text("2\n3\n")
        return found

    monkeypatch.setattr(log_pipeline, "inode", rotate)

    def main() -> list[str]:
        with context.with_timeout(context.background(), 1) as ctx:
            return [line.text for line in log_pipeline.tail(ctx, place)]

    assert run(synctest.test, main) == ["1\n", "2\n", "3\n"]


def test_a_line_in_two_pieces(logs: Logs) -> None:
    process = logs.follow()
    whole = line(3)
    with logs.paths[0].open("a") as file:
        file.write(whole[:30])
        file.flush()
        time.sleep(0.15)
        assert logs.complete()
        file.write(whole[30:])
    logs.written["01/Jan/2030:12:00", 200] += 1
    logs.bytes["01/Jan/2030:12:00", 200] += 3
    eventually(logs.complete)
    # Half a line at the stop is read after the next start.
    with logs.paths[0].open("a") as file:
        file.write(whole[:30])
    process.send_signal(signal.SIGTERM)
    finish(process)
    assert logs.complete()
    with logs.paths[0].open("a") as file:
        file.write(whole[30:])
    logs.written["01/Jan/2030:12:00", 200] += 1
    logs.bytes["01/Jan/2030:12:00", 200] += 3
    logs.follow()
    eventually(logs.complete)


def test_back_pressure(logs: Logs) -> None:
    """While SQLite is locked, it reads no further than its channels have room; then it goes on."""
    process = logs.follow()
    logs.write(0, 100)
    eventually(logs.complete)
    locked = sqlite3.connect(logs.database, isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")
    logs.write(0, 50_000)
    fds = Path(f"/proc/{process.pid}/fd")

    def position() -> int:
        """How far it has read into the log, for which it has it open."""
        for fd in fds.iterdir():
            try:
                if os.readlink(fd) == str(logs.paths[0]):
                    info = Path(f"/proc/{process.pid}/fdinfo/{fd.name}").read_text()
                    return int(info.split()[1])
            except OSError:
                pass
        return 0

    if fds.exists():
        size = logs.paths[0].stat().st_size
        eventually(lambda: position() > 0)
        time.sleep(0.5)
        # One transaction's worth, what the channels hold, and the file's own buffer.
        assert 0 < position() < size / 2
    locked.execute("ROLLBACK")
    locked.close()
    eventually(logs.complete)
    process.send_signal(signal.SIGTERM)
    finish(process)
    assert logs.complete()
