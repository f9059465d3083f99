"""The debug page: what it shows, to whom it answers, and that the program does not notice."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.request import urlopen

import children
import pytest
from goroutines import let_others_run

from gochan import Chan, Deadlock, aio, debug, go, run, runtime, sync, thread
from gochan.debug import _address, _env, _page, _server, _snapshot
from gochan.runtime import Goroutine

Ask = Callable[..., tuple[int, str, str]]


def get(path: str, **headers: str) -> str:
    lines = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return f"GET {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"


def receives(ch: Chan[int]) -> None:
    ch.recv()


def in_program(look: Callable[[], Any]) -> Any:
    """Call look in a thread while three goroutines wait for the same, and one for another."""

    def main() -> Any:
        kept, mu = Chan[int](), sync.Mutex()
        mu.lock()
        for _ in range(3):
            go(receives, kept)
        go(mu.lock)
        let_others_run()
        found = thread.call(look)
        kept.close()
        mu.unlock()
        return found

    return run(main)


# --- what it shows ---------------------------------------------------------------------------------------


def test_json(page: debug.Server, ask: Ask) -> None:
    _, head, body = in_program(lambda: ask(page.address, get("/debug/goroutines?format=json")))
    assert "Content-Type: application/json\r\n" in head
    data = json.loads(body)
    assert (data["pid"], data["count"], data["running"]) == (os.getpid(), 5, True)
    second = next(g for g in data["goroutines"] if g["number"] == 2)
    line = receives.__code__.co_firstlineno + 1
    assert second["stack"] == [{"file": __file__, "line": line, "function": "receives"}]
    assert (second["state"], second["reason"], second["seen"]) == ("waiting", "chan receive", 0.0)
    assert second["since"] >= 0
    assert second["created_by"]["function"] == "in_program.<locals>.main"


def test_groups(page: debug.Server, ask: Ask) -> None:
    _, _, body = in_program(lambda: ask(page.address, get("/debug/goroutines?format=json&group=1")))
    groups = json.loads(body)["groups"]
    assert [g["count"] for g in groups] == [3, 1, 1]
    assert (groups[0]["numbers"], groups[0]["function"]) == ([2, 3, 4], "receives")


@pytest.mark.parametrize(
    ("by", "first"),
    [("count", 2), ("state", 5), ("place", 5), ("number", 1), ("seen", 0)],
)
def test_sorts(page: debug.Server, ask: Ask, by: str, first: int) -> None:
    query = f"/debug/goroutines?format=json&group=1&sort={by}"

    def look() -> str:
        ask(page.address, get(query))
        return ask(page.address, get(query))[2]

    groups = json.loads(in_program(look))["groups"]
    if by == "place":
        # What has no line of the user's is first.
        assert groups[0]["stack"] == []
    elif by == "state":
        assert [g["reason"] for g in groups] == sorted(g["reason"] for g in groups)
    elif by == "seen":
        waits = [g["since"] or 0 for g in groups]
        assert waits == sorted(waits, reverse=True)
    else:
        assert groups[0]["numbers"][0] == first


def test_text_is_the_dump(page: debug.Server, ask: Ask) -> None:
    _, head, body = in_program(lambda: ask(page.address, get("/debug/goroutines?format=text")))
    assert "Content-Type: text/plain; charset=utf-8\r\n" in head
    assert body.count("\n\n") == 4 and "goroutine 2 [chan receive]:\n" in body


def test_html(page: debug.Server, ask: Ask) -> None:
    status, head, body = in_program(lambda: ask(page.address, get("/debug/goroutines")))
    assert status == 200 and body.startswith("<!DOCTYPE html>") and body.endswith("</html>\n")
    assert "default-src 'none'" in head and "X-Content-Type-Options: nosniff\r\n" in head
    assert '<td class="n">3</td><td class="waiting">chan receive</td>' in body
    assert "5 goroutines" in body and "3 chan receive" in body
    part = in_program(lambda: ask(page.address, get("/debug/goroutines?part=1")))[2]
    assert part.startswith("<p><strong>5 goroutines") and "<html" not in part


def test_html_is_escaped() -> None:
    frame = runtime.Frame("<b>.py", 1, "<script>alert(1)</script>")
    g = Goroutine(7, "waiting", "<i>", "Chan[<u>]", None, "f<", frame, [frame], 1)
    text = _page.table(
        {"running": True, "count": 1, "groups": _snapshot.group([g], {})}, "goroutines", ["<task>"]
    )
    for tag in ("<b>", "<script", "<i>", "<u>", "<task>"):
        assert tag not in text
    title = _page.index({"program": "<x>.py", "pid": 1, "python": "3"})
    assert "<x>" not in title


def test_long_lists_are_cut() -> None:
    frames = [runtime.Frame("f.py", n, "f") for n in range(_page.LISTED + 5)]
    many = [Goroutine(n + 1, "waiting", "sleep", None, None, "f", None, [f]) for n, f in enumerate(frames)]
    same = [many[0]._replace(number=1000 + n) for n in range(100)]
    groups = _snapshot.group([*many, *same], {1: 7200.0, 2: 300.0, 3: 5.0})
    assert (groups[0]["count"], len(groups[0]["numbers"])) == (101, _snapshot.LISTED)
    text = _page.table({"running": True, "count": 405, "groups": groups}, "goroutines", [])
    assert "5 more places are not shown" in text and "and 81 more" in text
    assert all(f'<td class="n">{seen}</td>' in text for seen in ("2 h", "5 min", "5 s"))


def test_the_index_and_the_rest(page: debug.Server, ask: Ask) -> None:
    _, _, index = ask(page.address, get("/"))
    for link in ("/debug/goroutines", "/debug/leaks", "/debug/goroutines?format=text"):
        assert f'href="{link}"' in index
    for path in ("/debug", "/debug/"):
        status, head, _ = ask(page.address, get(path))
        assert status == 302 and "Location: /\r\n" in head
    assert "text/css" in ask(page.address, get("/debug/page.css"))[1]
    assert "text/javascript" in ask(page.address, get("/debug/page.js"))[1]
    _, _, nothing = ask(page.address, get("/debug/goroutines"))
    assert "no program runs" in nothing


@pytest.mark.own_process
def test_leaks(page: debug.Server, ask: Ask) -> None:
    def main() -> None:
        go(receives, Chan[int]())
        kept = Chan[int]()
        go(receives, kept)
        let_others_run()
        found = json.loads(thread.call(ask, page.address, get("/debug/leaks?format=json"))[2])
        assert [g["number"] for g in found["goroutines"]] == [2]
        text = thread.call(ask, page.address, get("/debug/leaks?format=text"))[2]
        assert text.startswith("goroutine 2 [chan receive]:\n") and "goroutine 3" not in text
        html = thread.call(ask, page.address, get("/debug/leaks"))[2]
        assert "1 leaked." in html and "Search again" in html
        kept.close()

    run(main)
    assert "No leak was found." in ask(page.address, get("/debug/leaks"))[2]


@pytest.mark.parametrize(("error", "status"), [(TimeoutError, 503), (NotImplementedError, 501)])
def test_leaks_that_cannot_be_searched(
    page: debug.Server, ask: Ask, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int
) -> None:
    from gochan._engine import leaks

    def leaked() -> None:
        raise error("why")

    monkeypatch.setattr(leaks, "leaked", leaked)
    assert ask(page.address, get("/debug/leaks"))[::2] == (status, "why\n")


def test_asyncio_tasks_are_shown(page: debug.Server, ask: Ask) -> None:
    import asyncio

    async def waits(ch: Chan[int]) -> None:
        await aio.recv(ch)

    async def start(ch: Chan[int]) -> Any:
        task = asyncio.create_task(waits(ch), name="listener <1>")
        await asyncio.sleep(0)
        return task

    def main() -> None:
        ch = Chan[int]()
        task = aio.await_(start(ch))
        html = thread.call(ask, page.address, get("/debug/goroutines"))[2]
        assert "asyncio task listener &lt;1&gt; [select]:" in html
        ch.send(1)
        aio.await_(task)

    run(main)


def test_seen_is_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(_snapshot, "monotonic", lambda: now[0])
    observer = _snapshot.Observer()
    g = Goroutine(2, "waiting", "sleep", None, None, "f", None, [])
    assert observer.see([g]) == {2: 0.0}
    now[0] = 103.0
    assert observer.see([g]) == {2: 3.0}
    # It has moved on.
    assert observer.see([g._replace(reason="chan receive")]) == {2: 0.0}
    assert observer.see([g._replace(state="running")]) == {}
    assert observer.see([g._replace(thread="t", number=0)]) == {}


# --- to whom it answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_text", "status", "says"),
    [
        (get("/nothing"), 404, "there is no page '/nothing'"),
        (get("/debug/goroutines?format=xml"), 400, "format='xml': give one of html, json, text"),
        (get("/debug/goroutines?sort=x"), 400, "sort='x'"),
        (get("/?" + "a=1&" * 50), 400, "cannot be read"),
        (get("//[x"), 400, "cannot be read"),
        (get("/").replace("GET", "POST"), 405, "GET or HEAD"),
        (get("/").replace("GET", "DELETE"), 405, "GET or HEAD"),
        (get("/", Host="evil.example:6060"), 421, "'evil.example:6060' is a name"),
        (get("/", Host=""), 421, "is a name"),
        ("GET / HTTP/1.1\r\n\r\n", 400, "no Host"),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n", 400, "two Host headers"),
        ("GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n", 400, "a header cannot be read"),
        (get("/", Sec_Fetch_Site="cross-site"), 403, "another site"),
        (get("/", Sec_Fetch_Site="same-site"), 403, "another site"),
        ("nonsense\r\n\r\n", 400, "not an HTTP request"),
        ("GET / SPDY/1\r\n\r\n", 400, "not an HTTP request"),
        ("GET / HTTP/2.0\r\n\r\n", 505, "HTTP/1"),
        ("\x16\x03\x01 \r\n\r\n", 400, "not an HTTP request"),
        (get("/", X="a" * 20000), 431, "longer than 16384 bytes"),
    ],
)
def test_refusals(page: debug.Server, ask: Ask, request_text: str, status: int, says: str) -> None:
    found, head, body = ask(page.address, request_text)
    assert found == status and says in body and "Content-Type: text/plain" in head
    if status == 405:
        assert "Allow: GET, HEAD\r\n" in head


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:6060", "127.0.0.1:1", "[::1]:6060", "10.0.0.1"])
def test_hosts_that_cannot_be_rebound(page: debug.Server, ask: Ask, host: str) -> None:
    assert ask(page.address, get("/", Host=host))[0] == 200


def test_same_origin_is_answered(page: debug.Server, ask: Ask) -> None:
    assert ask(page.address, get("/", Sec_Fetch_Site="same-origin"))[0] == 200


def test_head(page: debug.Server, ask: Ask) -> None:
    status, head, body = ask(page.address, get("/").replace("GET", "HEAD"))
    length = int(head.partition("Content-Length: ")[2].partition("\r")[0])
    assert (status, body) == (200, "") and length > 100


def test_a_request_in_pieces(page: debug.Server) -> None:
    host, _, port = page.address.partition(":")
    with socket.create_connection((host, int(port))) as connection:
        for byte in get("/").encode():
            connection.sendall(bytes([byte]))
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_one_that_sends_nothing_is_dropped(
    page: debug.Server, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_server, "REQUEST_TIME", 0.05)
    status, _, body = ask(page.address, "GET / HT")
    assert status == 408 and "0.05 s" in body


def test_one_that_goes_away(page: debug.Server, ask: Ask) -> None:
    host, _, port = page.address.partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /")
    assert ask(page.address, get("/"))[0] == 200


def test_too_many_at_a_time(page: debug.Server, ask: Ask) -> None:
    host, _, port = page.address.partition(":")
    held = [socket.create_connection((host, int(port))) for _ in range(_server.MAX_CONNECTIONS)]
    try:
        # The last one is accepted after those before.
        with socket.create_connection((host, int(port))) as one_more:
            one_more.settimeout(60)
            assert one_more.recv(100).startswith(b"HTTP/1.1 503 ")
    finally:
        for connection in held:
            connection.close()
    for _ in range(1000):
        try:
            if ask(page.address, get("/"))[0] == 200:
                break
        except OSError:
            pass
        sleep(0.01)
    else:
        pytest.fail("the page does not answer any more")


def test_an_error_of_the_page_is_shown(page: debug.Server, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(_server._ROUTES, "/", broken)
    status, _, body = ask(page.address, get("/"))
    assert status == 500 and body.endswith("ZeroDivisionError\n")


# --- addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "has no port"),
        ("6060", "has no port"),
        ("127.0.0.1", "has no port"),
        ("127.0.0.1:x", "has no port from 0 to 65535"),
        ("127.0.0.1:65536", "has no port from 0 to 65535"),
        ("127.0.0.1:-1", "has no port from 0 to 65535"),
        ("::1:6060", "put an IPv6 address in brackets"),
        ("unix:", "has no path"),
        ("unix:a\0b", "has no path"),
        ("0.0.0.0:0", "can be reached from other machines"),
        (":0", "can be reached from other machines"),
        ("[::]:0", "can be reached from other machines"),
        ("a" * 70 + ".example:0", "not a name or an address"),
    ],
)
def test_bad_addresses(address: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as raised:
        debug.serve(address)
    assert str(raised.value).startswith(f"debug.serve: {address!r}")


def test_an_address_that_is_no_text() -> None:
    with pytest.raises(TypeError, match="6060 is not an address"):
        debug.serve(6060)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"made by debug\.serve"):
        debug.Server()


def test_remote_if_asked_for(ask: Ask) -> None:
    with debug.serve("0.0.0.0:0", allow_remote=True) as page:
        port = page.address.rpartition(":")[2]
        assert ask(f"127.0.0.1:{port}", get("/"))[0] == 200
        # A name may be anybody's.
        assert ask(f"127.0.0.1:{port}", get("/", Host="evil.example"))[0] == 421


def test_ipv6(ask: Ask) -> None:
    try:
        page = debug.serve("[::1]:0")
    except OSError:
        pytest.skip("no IPv6 here")
    with page:
        assert page.url.startswith("http://[::1]:")
        assert ask(page.address, get("/", Host="[::1]:6060"))[0] == 200


def test_localhost(ask: Ask) -> None:
    with debug.serve("localhost:0") as page:
        assert ask(page.address, get("/"))[0] == 200


def test_unix(ask: Ask, short: Path) -> None:
    path = short / "page"
    with debug.serve(f"unix:{path}") as page:
        assert page.address == page.url == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert ask(page.address, get("/", Host="anything.example"))[0] == 200
        with pytest.raises(OSError):
            debug.serve(f"unix:{path}")
        assert ask(page.address, get("/"))[0] == 200
    assert not path.exists()
    # One that was left behind by a process that was killed.
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    with debug.serve(f"unix:{path}") as page:
        assert ask(page.address, get("/"))[0] == 200
    path.write_text("mine")
    with pytest.raises(OSError):
        debug.serve(f"unix:{path}")
    assert path.read_text() == "mine"


def test_a_port_in_use(page: debug.Server) -> None:
    with pytest.raises(OSError):
        debug.serve(page.address)


def test_close() -> None:
    page = debug.serve("127.0.0.1:0")
    assert repr(page) == f"<Server {page.address} serving>"
    page.close()
    page.close()
    assert repr(page) == f"<Server {page.address} closed>"
    host, _, port = page.address.partition(":")
    with pytest.raises(OSError):
        socket.create_connection((host, int(port)))
    # The port is free again.
    debug.serve(page.address).close()
    limit = monotonic() + 60
    while any(t.name == "gochan-debug" for t in threading.enumerate()):
        assert monotonic() < limit
        sleep(0.005)


def test_the_address_is_left_for_top(folder: Path) -> None:
    with debug.serve("127.0.0.1:0") as one:
        assert _address.find(os.getpid()) == one.address
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with debug.serve("127.0.0.1:0") as two:
            assert _address.find(os.getpid()) == two.address
        assert _address.find(os.getpid()) == one.address
    assert list(folder.iterdir()) == []


def test_nothing_is_left_where_others_may_write(folder: Path) -> None:
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with debug.serve("127.0.0.1:0"):
        assert list(folder.iterdir()) == []
    folder.rmdir()
    folder.symlink_to(folder.parent)
    with debug.serve("127.0.0.1:0"):
        assert not (folder.parent / str(os.getpid())).exists()


def test_files_of_killed_processes_are_removed(folder: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder.mkdir(mode=0o700)
    (folder / str(ended.pid)).write_text("{}")
    (folder / "other").write_text("")
    with debug.serve("127.0.0.1:0"):
        assert sorted(path.name for path in folder.iterdir()) == sorted([str(os.getpid()), "other"])


def test_without_a_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert _address._folder().name == f"gochan-debug-{os.getuid()}"


# --- the program does not notice -------------------------------------------------------------------------


def test_no_goroutine_is_the_server_s(page: debug.Server, ask: Ask) -> None:
    def main() -> None:
        assert runtime.num_goroutine() == 1
        ask(page.address, get("/debug/goroutines"))
        assert runtime.num_goroutine() == 1
        assert [g.number for g in runtime.goroutines()] == [1]

    run(main)


@pytest.mark.gochan
def test_the_plugin_finds_no_leak(page: debug.Server) -> None:
    thread.call(urlopen(page.url).read)


def test_a_deadlock_is_found(page: debug.Server, ask: Ask) -> None:
    """Also one that begins while a request is being answered."""

    def main() -> None:
        with socket.create_connection(tuple(page.address.split(":"))):  # type: ignore[arg-type]
            ask(page.address, get("/"))
            Chan[int]().recv()

    with pytest.raises(Deadlock):
        run(main)


def test_it_answers_while_a_goroutine_computes(page: debug.Server, ask: Ask) -> None:
    found: list[str] = []
    computes = threading.Event()

    def main() -> None:
        def look() -> None:
            computes.wait()
            found.append(ask(page.address, get("/debug/goroutines?format=text"))[2])

        worker = threading.Thread(target=look)
        worker.start()
        computes.set()
        while not found:
            pass
        worker.join()

    run(main)
    assert "goroutine 1 [running]:" in found[0] and "while not found" in found[0]


PROGRAM = """
from gochan import Chan, go, run, runtime, time
import os, sys

def main():
    kept = Chan[int]()
    go(kept.recv)
    runtime.gosched()
    print("ready", flush=True)
    sys.stdin.read()
    kept.close()

run(main)
print("done")
"""


def start(tmp_path: Path, folder: Path, address: str, program: str = PROGRAM, **more: str) -> Any:
    path = tmp_path / "prog.py"
    path.write_text(program)
    environ = children.environment(
        GOCHAN_DEBUG_ADDR=address, XDG_RUNTIME_DIR=str(folder.parent), GOCHAN_PURE=pure(), **more
    )
    return children.start(sys.executable, path, stdin=subprocess.PIPE, env=environ)


def pure() -> str:
    return "0" if runtime.COMPILED else "1"


def test_by_the_environment(tmp_path: Path, folder: Path, ask: Ask) -> None:
    process = start(tmp_path, folder, "127.0.0.1:0")
    assert process.stdout.readline() == "ready\n"
    address = _address.find(process.pid)
    assert address is not None
    # It blocks the thread.
    limit, text = monotonic() + 60, ""
    while "sys.stdin.read()" not in text:
        assert monotonic() < limit, text
        text = ask(address, get("/debug/goroutines?format=text"))[2]
    assert "goroutine 2 [chan receive]:" in text
    out, err = process.communicate("", timeout=60)
    assert (process.returncode, out) == (0, "done\n")
    assert err == f"gochan: the debug page is http://{address}\n"
    assert list(folder.iterdir()) == []


def test_a_port_in_use_is_reported_and_the_program_runs(
    tmp_path: Path, folder: Path, page: debug.Server
) -> None:
    process = start(tmp_path, folder, page.address)
    out, err = process.communicate("", timeout=60)
    assert (process.returncode, out) == (0, "ready\ndone\n")
    assert err == (
        f"gochan: GOCHAN_DEBUG_ADDR={page.address}: Address already in use; the program runs without the "
        "debug page\n"
    )


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "GOCHAN_DEBUG_ADDR: 'nonsense' has no port from 0 to 65535; give HOST:PORT"),
        ("0.0.0.0:0", "or say GOCHAN_DEBUG_REMOTE=1"),
    ],
)
def test_a_bad_address_in_the_environment(tmp_path: Path, folder: Path, address: str, says: str) -> None:
    out, err = start(tmp_path, folder, address).communicate("", timeout=60)
    assert out == "" and says in err.splitlines()[-1]


def test_remote_by_the_environment(tmp_path: Path, folder: Path) -> None:
    process = start(tmp_path, folder, "0.0.0.0:0", GOCHAN_DEBUG_REMOTE="1")
    out, err = process.communicate("", timeout=60)
    assert (process.returncode, out) == (0, "ready\ndone\n") and "http://0.0.0.0:" in err


def test_set_in_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", "prog.py"])
    before = set(_server._servers)
    _env.start_from_environment("127.0.0.1:0")
    [mine] = set(_server._servers) - before
    assert capsys.readouterr().err == f"gochan: the debug page is {mine.url}\n"
    _env.start_from_environment(mine.address)
    assert "the program runs without the debug page" in capsys.readouterr().err
    mine.close()
    with pytest.raises(ValueError, match="GOCHAN_DEBUG_REMOTE=1"):
        _env.start_from_environment("0.0.0.0:0")


@pytest.mark.parametrize(
    ("words", "other"),
    [
        (["python", "prog.py"], False),
        (["python", "-m", "pytest"], False),
        (["python", "-m", "gochan", "top", "7"], True),
        (["python", "-X", "dev", "-m", "gochan", "port", "x.go"], True),
        (["python", "-m", "gochan", "trace", "run", "prog.py"], False),
        (["python", "/usr/bin/gochan", "top", "7"], True),
        (["python", "/usr/bin/gochan", "explore", "prog.py"], False),
    ],
)
def test_gochan_s_own_commands_serve_nothing(
    monkeypatch: pytest.MonkeyPatch, words: list[str], other: bool
) -> None:
    monkeypatch.setattr(sys, "orig_argv", words)
    assert _env._is_other_command() is other
    if other:
        before = set(_server._servers)
        _env.start_from_environment("not read")
        assert set(_server._servers) == before


def test_a_killed_program_is_not_found(tmp_path: Path, folder: Path) -> None:
    process = start(tmp_path, folder, "127.0.0.1:0")
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert not _address.is_alive(process.pid)


def test_a_forked_child_does_not_hold_the_port(tmp_path: Path, folder: Path) -> None:
    program = """
import os, socket, sys
from gochan import debug

page = debug.serve("127.0.0.1:0")
read, write = os.pipe()
child = os.fork()
if child == 0:
    os.close(write)
    os.read(read, 1)
    os._exit(0)
os.close(read)
page.close()
debug.serve(page.address).close()
os.close(write)
assert os.waitpid(child, 0)[1] == 0
print("done")
"""
    path = tmp_path / "forks.py"
    path.write_text(program)
    process = children.start(
        # From 3.12 on, Python warns of a fork beside a thread.
        sys.executable,
        "-W",
        "ignore::DeprecationWarning",
        path,
        env=children.environment(GOCHAN_PURE=pure()),
    )
    out, err = process.communicate(timeout=60)
    assert (out, err) == ("done\n", "")
