"""TLS: against itself, Python's ssl and openssl, on both sides."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from servers import every_poller, pair, read_all

from gochan import Chan, bufio, context, go, io, net, sync, thread, time, tls

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="no openssl command to make certificates")


def openssl(*arguments: str, cwd: Path) -> None:
    subprocess.run([str(OPENSSL), *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, and with certificates of it for localhost and for a client."""
    folder = tmp_path_factory.mktemp("certificates")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(
        *["req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30"],
        *["-subj", "/CN=authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
        cwd=folder,
    )
    names = {"server": "DNS:localhost,DNS:other.test,IP:127.0.0.1", "client": "DNS:client.test"}
    for name, others in names.items():
        openssl(
            *["req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "30"],
            *["-CA", "ca.pem", "-CAkey", "ca.key", "-subj", f"/CN={name}"],
            *["-addext", f"subjectAltName={others}", "-addext", "basicConstraints=critical,CA:FALSE"],
            cwd=folder,
        )
    return folder


@pytest.fixture
def server_config(certificates: Path) -> ssl.SSLContext:
    config = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    config.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    return config


@pytest.fixture
def client_config(certificates: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificates / "ca.pem"))


@pytest.fixture
def both(server_config: ssl.SSLContext, client_config: ssl.SSLContext) -> Both:
    return Both(server_config, client_config)


class Both:
    """Makes pairs of connections."""

    def __init__(self, server: ssl.SSLContext, client: ssl.SSLContext) -> None:
        self.server = server
        self.client = client

    def pair(self, *, shake: bool = True, small: bool = False) -> tuple[tls.Conn, tls.Conn]:
        """Return a client and its server, over TCP."""
        below, other = pair()
        if small:
            for conn in (below, other):
                conn.set_write_buffer(4096)
        client = tls.client(below, self.client, server_hostname="localhost")
        server = tls.server(other, self.server)
        if shake:
            go(server.handshake)
            client.handshake()
            server.handshake()
        return client, server


def serve(listener: tls.Listener, handler: Callable[[tls.Conn], object]) -> None:
    """Serve each connection in a goroutine, until the listener is closed."""

    def handle(conn: tls.Conn) -> None:
        with conn:
            handler(conn)

    def loop() -> None:
        for conn in listener:
            go(handle, conn)

    go(loop)


def echo(conn: tls.Conn) -> None:
    while data := conn.read():
        conn.write(data)


# --- both ends ours --------------------------------------------------------------------------------------


@every_poller
@pytest.mark.gochan
def test_echo(poller: str, both: Both) -> None:
    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:
        serve(listener, echo)
        with tls.dial("tcp", str(listener.addr()), both.client) as conn:
            for i in range(20):
                message = b"message %d" % i
                assert conn.write(message) == len(message)
                assert conn.read() == message
            assert conn.local_addr() == conn.net_conn().local_addr()
            assert conn.remote_addr() == listener.addr()
        time.sleep(0.02)


@pytest.mark.gochan
def test_many_connections_at_once(both: Both) -> None:
    with tls.new_listener(net.listen("tcp", "127.0.0.1:0"), both.server) as listener:
        serve(listener, echo)
        wg = sync.WaitGroup()

        def fetch(i: int) -> None:
            with tls.dial("tcp", str(listener.addr()), both.client) as conn:
                for j in range(5):
                    message = f"{i} {j}".encode()
                    conn.write(message)
                    assert conn.read() == message

        for i in range(20):
            wg.go(fetch, i)
        wg.wait()
        time.sleep(0.05)


@pytest.mark.gochan
def test_over_a_pipe(both: Both) -> None:
    here, there = net.pipe()
    client = tls.client(here, both.client, server_hostname="localhost")
    server = tls.server(there, both.server)
    wg = sync.WaitGroup()
    wg.go(client.write, b"in memory")
    assert server.read() == b"in memory"
    wg.go(server.write, b"and back")
    assert client.read() == b"and back"
    wg.wait()
    go(client.close)
    assert server.read() == b""
    server.close()


@pytest.mark.gochan
def test_large_transfers_in_both_directions_at_once(both: Both) -> None:
    client, server = both.pair(shake=False, small=True)
    up, down = os.urandom(700_000), os.urandom(900_000)
    wg = sync.WaitGroup()
    with client, server:
        wg.go(client.write, up)
        wg.go(server.write, down)
        got = Chan[bytes](1)
        wg.go(lambda: got.send(read_all(server, len(up))))
        assert read_all(client, len(down)) == down
        assert got.recv() == up
        wg.wait()


@pytest.mark.gochan
def test_writes_of_several_goroutines_do_not_mix(both: Both) -> None:
    client, server = both.pair(small=True)
    wg = sync.WaitGroup()
    with client, server:
        for letter in b"abcd":
            wg.go(client.write, bytes([letter]) * 50_000)
        data = read_all(server, 200_000)
        wg.wait()
        runs = {data[i : i + 50_000] for i in range(0, len(data), 50_000)}
        assert runs == {bytes([letter]) * 50_000 for letter in b"abcd"}


@pytest.mark.gochan
def test_read_into_and_read_in_pieces(both: Both) -> None:
    client, server = both.pair()
    with client, server:
        client.write(memoryview(bytearray(b"hello, world")))
        buffer = bytearray(5)
        assert server.read_into(buffer) == 5
        assert buffer == b"hello"
        assert server.read_into(bytearray()) == 0
        assert server.read(0) == b""
        assert server.read(2) == b", "
        assert server.read() == b"world"
        assert client.write(b"") == 0
        with pytest.raises(ValueError, match="got -1"):
            server.read(-1)


@pytest.mark.gochan
def test_makefile_and_a_scanner(both: Both) -> None:
    client, server = both.pair()
    with server:
        with client, client.makefile("w") as file:
            file.write("one\ntwo\nthree\n")
        scanner = bufio.new_scanner(server)
        assert list(scanner) == ["one", "two", "three"]


@pytest.mark.gochan
def test_a_client_that_only_writes_and_closes(both: Both) -> None:
    """It has not read the server's session tickets: its system resets the connection if they came in."""
    shaken, got = Chan[None](), Chan[bytes]()
    data = os.urandom(100_000)

    def handler(conn: tls.Conn) -> None:
        conn.handshake()
        shaken.send(None)
        got.send(io.read_all(conn))

    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:
        serve(listener, handler)
        for _ in range(10):
            with tls.dial("tcp", str(listener.addr()), both.client) as conn:
                conn.write(data)
                shaken.recv()
            assert got.recv() == data


@pytest.mark.gochan
def test_tickets_come_with_the_first_data(both: Both) -> None:
    client, server = both.pair()
    with client, server:
        server.write(b"data")
        assert client.read() == b"data"
        session = client._tls.session
        assert session is not None and session.has_ticket


# --- what is known ---------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_connection_state(both: Both, certificates: Path) -> None:
    client, server = both.pair(shake=False)
    with client, server:
        assert client.connection_state() == tls.ConnectionState()
        go(server.handshake)
        client.handshake()
        server.handshake()
        state = client.connection_state()
        assert state.handshake_complete
        assert state.version == "TLSv1.3"
        assert state.cipher_suite.startswith("TLS_")
        assert state.server_name == "localhost"
        assert state.negotiated_protocol == ""
        assert not state.did_resume
        der = ssl.PEM_cert_to_DER_cert((certificates / "server.pem").read_text())
        assert state.peer_certificates[0] == der
        assert state.peer_certificate is not None
        assert ("DNS", "localhost") in state.peer_certificate["subjectAltName"]
        state = server.connection_state()
        assert state.peer_certificates == ()
        assert state.peer_certificate is None
        assert state.server_name == "localhost"


@pytest.mark.gochan
def test_the_callers_sni_callback_is_still_called(both: Both) -> None:
    names: list[str | None] = []
    both.server.sni_callback = lambda _tls, name, _config: names.append(name)
    for _ in range(2):
        client, server = both.pair()
        with client, server:
            assert server.connection_state().server_name == "localhost"
    assert names == ["localhost", "localhost"]


@pytest.mark.gochan
@pytest.mark.parametrize(("offered", "chosen"), [(["h2", "http/1.1"], "http/1.1"), (["other"], ""), ([], "")])
def test_alpn(both: Both, offered: list[str], chosen: str) -> None:
    both.server.set_alpn_protocols(["http/1.1"])
    if offered:
        both.client.set_alpn_protocols(offered)
    client, server = both.pair()
    with client, server:
        assert client.connection_state().negotiated_protocol == chosen
        assert server.connection_state().negotiated_protocol == chosen


@pytest.mark.gochan
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_versions(both: Both, version: ssl.TLSVersion) -> None:
    both.client.maximum_version = both.client.minimum_version = version
    client, server = both.pair()
    with client, server:
        assert client.connection_state().version == server.connection_state().version
        client.write(b"hello")
        assert server.read() == b"hello"
        client.close_write()
        assert server.read() == b""
        server.write(b"goodbye")
        assert client.read() == b"goodbye"


@pytest.mark.gochan
def test_certificates_of_clients(both: Both, certificates: Path) -> None:
    both.server.verify_mode = ssl.CERT_REQUIRED
    both.server.load_verify_locations(certificates / "ca.pem")
    both.client.load_cert_chain(certificates / "client.pem", certificates / "client.key")
    client, server = both.pair()
    with client, server:
        state = server.connection_state()
        assert len(state.peer_certificates) >= 1
        assert state.peer_certificate is not None
        assert state.peer_certificate["subject"] == ((("commonName", "client"),),)


# --- refused ---------------------------------------------------------------------------------------------


@pytest.mark.gochan
@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_a_wrong_certificate_is_refused(both: Both, wrong: str) -> None:
    config, name = both.client, "localhost"
    if wrong == "authority":
        config = ssl.create_default_context()
    else:
        name = "elsewhere.test"
    failed = Chan[Exception](1)
    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:

        def handle(conn: tls.Conn) -> None:
            try:
                conn.read()
            except Exception as err:
                failed.send(err)

        serve(listener, handle)
        with pytest.raises(ssl.SSLCertVerificationError) as caught:
            tls.dial("tcp", str(listener.addr()), config, server_hostname=name)
        assert caught.value.verify_code != 0
        # The server is told why.
        err = failed.recv()
        assert isinstance(err, ssl.SSLError)
        assert "ALERT" in str(err)


@pytest.mark.gochan
def test_a_client_without_the_certificate_is_refused(both: Both) -> None:
    both.server.verify_mode = ssl.CERT_REQUIRED
    client, server = both.pair(shake=False)
    with client, server:
        failed = Chan[Exception](1)

        def shake() -> None:
            try:
                server.handshake()
            except Exception as err:
                failed.send(err)

        go(shake)
        with pytest.raises(ssl.SSLError, match=r"(?i)certificate[ _]required"):
            client.read()
        err = failed.recv()
        assert isinstance(err, ssl.SSLError)
        # It stays so.
        for call in (server.handshake, server.read, lambda: server.write(b"x")):
            with pytest.raises(ssl.SSLError) as caught:
                call()
            assert caught.value is err


@pytest.mark.gochan
def test_what_is_not_tls_is_refused(both: Both) -> None:
    a, b = pair()
    with a, tls.server(b, both.server) as server:
        a.write(b"GET / HTTP/1.0\r\n\r\n")
        with pytest.raises(ssl.SSLError):
            server.handshake()


@pytest.mark.gochan
def test_altered_data_is_refused(both: Both) -> None:
    client, server = both.pair()
    with client, server:
        below = client.net_conn()
        below.write(b"\x17\x03\x03\x00\x20" + bytes(32))
        with pytest.raises(ssl.SSLError) as caught:
            server.read()
        assert not isinstance(caught.value, ssl.SSLEOFError)
        # The client is told.
        with pytest.raises(ssl.SSLError):
            client.read()


def test_configurations_that_cannot_be() -> None:
    with pytest.raises(TypeError, match=r"tls\.server: got None"):
        tls.server(net.pipe()[0], None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"tls\.client: got 'x'"):
        tls.client(net.pipe()[0], "x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="server_hostname"):
        tls.client(net.pipe()[0])
    with pytest.raises(ssl.SSLError):
        tls.listen("tcp", "127.0.0.1:0", ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    with pytest.raises(TypeError, match=r"made by tls\.client"):
        tls.Conn()


# --- the end ---------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_close_is_seen_as_the_end(both: Both) -> None:
    client, server = both.pair()
    client.write(b"last")
    client.close()
    client.close()
    assert server.read() == b"last"
    assert server.read() == b""
    assert server.read() == b""
    server.close()
    for call in (client.read, lambda: client.write(b"x"), lambda: client.read_into(bytearray(1))):
        with pytest.raises(net.ErrClosed, match="use of closed network connection"):
            call()
    with pytest.raises(net.ErrClosed):
        client.close_write()


@pytest.mark.gochan
def test_an_end_without_close_notify_is_an_error(both: Both) -> None:
    client, server = both.pair()
    with server:
        client.write(b"some")
        client.net_conn().close()
        assert server.read() == b"some"
        for _ in range(2):
            with pytest.raises(ssl.SSLEOFError, match=r"^unexpected EOF$") as caught:
                server.read()
            assert isinstance(caught.value, io.ErrUnexpectedEOF)


@pytest.mark.gochan
def test_an_end_within_the_handshake_is_an_error(both: Both) -> None:
    a, b = pair()
    with tls.client(b, both.client, server_hostname="localhost") as client:
        a.close_write()
        with pytest.raises(ssl.SSLEOFError):
            client.handshake()
    a.close()


@pytest.mark.gochan
def test_half_open(both: Both) -> None:
    client, server = both.pair()
    with client, server:
        # What has come in before, and is not read: a part of a record, and one that is not decrypted.
        server.write(b"0123456789")
        server.write(b"abc")
        assert client.read(4) == b"0123"
        client.write(b"question")
        client.close_write()
        client.close_write()
        with pytest.raises(BrokenPipeError, match="tls: protocol is shutdown"):
            client.write(b"more")
        assert server.read() == b"question"
        assert server.read() == b""
        answer = os.urandom(300_000)
        go(server.write, answer)
        buffer = bytearray(2)
        assert client.read_into(buffer) == 2
        assert bytes(buffer) + io.read_full(client, 7) == b"456789abc"
        assert read_all(client, len(answer)) == answer
        server.close_write()
        assert client.read() == b""
        assert client.read() == b""
        assert client.read_into(buffer) == 0


@pytest.mark.gochan
def test_close_write_before_the_handshake(both: Both) -> None:
    client, server = both.pair(shake=False)
    with client, server, pytest.raises(ssl.SSLError, match="before handshake complete"):
        client.close_write()


@pytest.mark.gochan
def test_close_ends_what_waits(both: Both) -> None:
    client, server = both.pair(small=True)
    errors = Chan[Exception](3)

    def fails(fn: Callable[..., object], *args: Any) -> None:
        try:
            fn(*args)
        except Exception as err:
            errors.send(err)

    go(fails, client.read)
    go(fails, client.read)
    go(fails, client.write, bytes(10_000_000))
    time.sleep(0.02)
    client.close()
    for _ in range(3):
        assert isinstance(errors.recv(), net.ErrClosed)
    server.close()


@pytest.mark.gochan
def test_close_ends_the_handshake(both: Both) -> None:
    client, server = both.pair(shake=False)
    time.after_func(0.02, client.close)
    with pytest.raises(net.ErrClosed):
        client.handshake()
    server.close()
    for call in (server.handshake, server.read, lambda: server.read_into(bytearray(1))):
        with pytest.raises(net.ErrClosed):
            call()


@pytest.mark.gochan
def test_close_waits_a_limited_time(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "_CLOSE_TIMEOUT", 0.05)
    here, there = net.pipe()
    client = tls.client(here, both.client, server_hostname="localhost")
    server = tls.server(there, both.server)
    wg = sync.WaitGroup()
    wg.go(server.handshake)
    client.handshake()
    wg.wait()
    begun = time.now()
    # Nobody reads it.
    client.close()
    assert 0.04 < time.since(begun) < 2
    server.close()


# --- deadlines and contexts ------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_read_can_be_made_again_after_its_deadline(both: Both) -> None:
    client, server = both.pair()
    with client, server:
        server.set_read_deadline(time.now() + timedelta(seconds=0.02))
        with pytest.raises(TimeoutError, match="i/o timeout"):
            server.read()
        server.set_read_deadline(None)
        client.write(b"late")
        assert server.read() == b"late"
        server.write(b"fine")
        assert client.read() == b"fine"


@pytest.mark.gochan
def test_a_deadline_from_another_goroutine(both: Both) -> None:
    client, server = both.pair()
    with client, server:
        time.after_func(0.02, lambda: client.set_deadline(time.now()))
        with pytest.raises(TimeoutError):
            client.read()


@pytest.mark.gochan
def test_the_stream_is_broken_after_the_deadline_of_a_write(both: Both) -> None:
    client, server = both.pair(small=True)
    with client, server:
        client.set_write_deadline(time.now() + timedelta(seconds=0.05))
        with pytest.raises(TimeoutError) as caught:
            client.write(bytes(10_000_000))
        client.set_write_deadline(None)
        for call in (lambda: client.write(b"x"), client.close_write):
            with pytest.raises(TimeoutError) as again:
                call()
            assert again.value is caught.value
        # The other direction works.
        server.write(b"still")
        assert client.read() == b"still"


@pytest.mark.gochan
def test_a_deadline_within_the_handshake(both: Both) -> None:
    client, server = both.pair(shake=False)
    with client, server:
        client.set_deadline(time.now() + timedelta(seconds=0.02))
        with pytest.raises(TimeoutError):
            client.write(b"x")


@pytest.mark.gochan
@pytest.mark.parametrize("how", ["cancel", "timeout", "before"])
def test_a_context_ends_the_handshake(both: Both, how: str) -> None:
    client, server = both.pair(shake=False)
    with client, server:
        ctx, cancel = context.with_timeout(context.background(), 0.02 if how == "timeout" else 60)
        if how == "before":
            cancel()
        elif how == "cancel":
            time.after_func(0.02, cancel)
        kind = context.DeadlineExceeded if how == "timeout" else context.Canceled
        for _ in range(2):
            with pytest.raises(kind):
                client.handshake_context(ctx)
        cancel()
        with pytest.raises(net.ErrClosed):
            client.net_conn().read()


@pytest.mark.gochan
def test_a_context_ends_just_when_the_handshake_does(both: Both) -> None:
    a, b = pair()
    faulty = Faulty(a)
    client = tls.client(faulty, both.client, server_hostname="localhost")
    server = tls.server(b, both.server)
    ctx, cancel = context.with_cancel(context.background())
    with client, server:
        go(server.handshake)
        # The client's last message is its second.
        faulty.written = lambda n: cancel() if n == 2 else None
        with pytest.raises(context.Canceled):
            client.handshake_context(ctx)
        server.handshake()
        with pytest.raises(context.Canceled):
            client.write(b"x")


@pytest.mark.gochan
def test_a_context_that_does_not_end_leaves_the_connection(both: Both) -> None:
    client, server = both.pair(shake=False)
    with client, server:
        ctx, cancel = context.with_cancel(context.background())
        go(server.handshake)
        client.handshake_context(ctx)
        cancel()
        client.write(b"fine")
        assert server.read() == b"fine"


@pytest.mark.gochan
def test_the_timeout_of_a_dialer_is_for_the_handshake_too(both: Both) -> None:
    with net.listen("tcp", "127.0.0.1:0") as silent:
        begun = time.now()
        with pytest.raises(context.DeadlineExceeded):
            tls.dial_with_dialer(net.Dialer(timeout=0.05), "tcp", str(silent.addr()), both.client)
        dialer = tls.Dialer(
            net_dialer=net.Dialer(deadline=time.now() + timedelta(seconds=0.05)), config=both.client
        )
        with pytest.raises(context.DeadlineExceeded):
            dialer.dial("tcp", str(silent.addr()))
        assert time.since(begun) < 5


@pytest.mark.gochan
def test_dial_names(both: Both) -> None:
    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:

        def handle(conn: tls.Conn) -> None:
            conn.handshake()
            conn.write(conn.connection_state().server_name.encode())

        serve(listener, handle)
        port = net.split_host_port(str(listener.addr()))[1]
        for given, name in ((None, "localhost"), ("other.test", "other.test")):
            dialer = tls.Dialer(config=both.client, server_hostname=given)
            with dialer.dial("tcp4", f"localhost:{port}") as conn:
                assert conn.connection_state().server_name == name
                assert io.read_all(conn) == name.encode()


# --- faults ----------------------------------------------------------------------------------------------


class Faulty(net.Conn):
    """A connection that raises what it is told to."""

    def __init__(self, below: net.Conn) -> None:
        self.below = below
        self.reading: BaseException | None = None
        self.writing: BaseException | None = None
        self.written: Callable[[int], object] = lambda _n: None
        self.writes = 0

    def read(self, n: int = 65536, /) -> bytes:
        if self.reading is not None:
            raise self.reading
        return self.below.read(n)

    def read_into(self, buffer: Any, /) -> int:
        raise NotImplementedError

    def write(self, data: Any, /) -> int:
        if self.writing is not None:
            raise self.writing
        n = self.below.write(data)
        self.writes += 1
        self.written(self.writes)
        return n

    def close(self) -> None:
        self.below.close()

    def local_addr(self) -> net.Addr:
        return self.below.local_addr()

    def remote_addr(self) -> net.Addr | None:
        return self.below.remote_addr()

    def set_read_deadline(self, t: Any, /) -> None:
        self.below.set_read_deadline(t)

    def set_write_deadline(self, t: Any, /) -> None:
        self.below.set_write_deadline(t)


@pytest.mark.gochan
def test_an_interrupted_read_can_be_made_again(both: Both) -> None:
    a, b = pair()
    faulty = Faulty(a)
    client = tls.client(faulty, both.client, server_hostname="localhost")
    server = tls.server(b, both.server)
    with client, server:
        go(server.handshake)
        faulty.reading = KeyboardInterrupt()
        for call in (client.handshake, client.read):
            with pytest.raises(KeyboardInterrupt):
                call()
        faulty.reading = None
        client.handshake()
        faulty.reading = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            client.read()
        faulty.reading = None
        server.write(b"fine")
        assert client.read() == b"fine"


@pytest.mark.gochan
@pytest.mark.parametrize("shake", [False, True])
def test_an_interrupted_write_breaks_the_stream(both: Both, shake: bool) -> None:
    a, b = pair()
    faulty = Faulty(a)
    client = tls.client(faulty, both.client, server_hostname="localhost")
    server = tls.server(b, both.server)
    with client, server:
        if shake:
            go(server.handshake)
            client.handshake()
            server.handshake()
        faulty.writing = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            client.write(b"x")
        faulty.writing = None
        with pytest.raises(OSError, match="tls: a write was interrupted"):
            client.write(b"x")


@pytest.mark.gochan
def test_a_context_is_not_asked_when_the_handshake_fails_otherwise(both: Both) -> None:
    for error, kind in ((ValueError("below"), ValueError), (KeyboardInterrupt(), KeyboardInterrupt)):
        a, b = pair()
        faulty = Faulty(a)
        faulty.reading = error
        with b, tls.client(faulty, both.client, server_hostname="localhost") as client:
            ctx, cancel = context.with_cancel(context.background())
            with pytest.raises(kind):
                client.handshake_context(ctx)
            cancel()


@pytest.mark.gochan
def test_a_write_during_a_renegotiation(both: Both) -> None:
    class Busy:
        def write(self, data: Any) -> int:
            raise ssl.SSLWantReadError

    client, server = both.pair()
    with server:
        client._tls = Busy()
        with pytest.raises(ssl.SSLError, match="OP_NO_RENEGOTIATION") as caught:
            client.write(b"x")
        assert not isinstance(caught.value, ssl.SSLWantReadError)
        client.net_conn().close()


@pytest.mark.gochan
def test_a_failed_handshake_does_not_end_a_server(both: Both) -> None:
    errors = Chan[Exception](1)
    listener = tls.listen("tcp", "127.0.0.1:0", both.server)
    with context.with_cancel(context.background()) as ctx:
        wg = sync.WaitGroup()
        wg.go(net.serve, listener, echo, ctx=ctx, on_error=lambda _conn, err: errors.send(err))
        with pytest.raises(ssl.SSLCertVerificationError):
            tls.dial("tcp", str(listener.addr()), ssl.create_default_context())
        assert isinstance(errors.recv(), ssl.SSLError)
        with tls.dial("tcp", str(listener.addr()), both.client) as conn:
            conn.write(b"still there")
            assert conn.read() == b"still there"
    wg.wait()


@pytest.mark.gochan
def test_a_listener_with_a_deadline(both: Both) -> None:
    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:
        assert repr(listener).startswith("<tls.Listener of <Listener tcp 127.0.0.1:")
        listener.set_deadline(time.now() + timedelta(seconds=0.01))
        with pytest.raises(TimeoutError):
            listener.accept()
    with pytest.raises(net.ErrClosed):
        listener.accept()


@pytest.mark.gochan
def test_repr(both: Both) -> None:
    client, server = both.pair(shake=False)
    text = f"tls.Conn {client.local_addr()}->{client.remote_addr()}>"
    assert repr(client) == f"<{text}"
    client.close()
    assert repr(client) == f"<closed {text}"
    server.close()


# --- from other threads ----------------------------------------------------------------------------------


@pytest.mark.gochan
def test_threads(both: Both) -> None:
    client, server = both.pair()
    with client, server:
        data = os.urandom(500_000)
        wg = sync.WaitGroup()
        wg.go(echo, server)
        wg.go(thread.call, client.write, data)
        assert thread.call(read_all, client, len(data)) == data
        client.close_write()
        wg.wait()


# --- Python's ssl on the other side ----------------------------------------------------------------------


@pytest.fixture
def python_server(server_config: ssl.SSLContext) -> Iterator[tuple[str, int]]:
    """An echo server of Python's own in a thread; it answers the end with b"bye"."""
    listener = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        sock, _ = listener.accept()
        sock.settimeout(30)
        with server_config.wrap_socket(sock, server_side=True) as tls_sock:
            while data := tls_sock.recv(65536):
                tls_sock.sendall(data)
            tls_sock.sendall(b"bye")
            tls_sock.unwrap().close()

    worker = threading.Thread(target=work)
    worker.start()
    yield listener.getsockname()
    worker.join(30)
    listener.close()
    assert not worker.is_alive()


@pytest.mark.gochan
def test_pythons_ssl_as_server(python_server: tuple[str, int], client_config: ssl.SSLContext) -> None:
    host, port = python_server
    with tls.dial("tcp", f"{host}:{port}", client_config) as conn:
        data = os.urandom(1_000_000)
        go(conn.write, data)
        assert read_all(conn, len(data)) == data
        conn.close_write()
        assert io.read_all(conn) == b"bye"


@pytest.mark.gochan
def test_pythons_ssl_as_client(both: Both) -> None:
    data = os.urandom(1_000_000)

    def work(port: int) -> bytes:
        sock = socket.create_connection(("127.0.0.1", port), 30)
        with both.client.wrap_socket(sock, server_hostname="localhost") as tls_sock:
            sender = threading.Thread(target=tls_sock.sendall, args=(data,))
            sender.start()
            got = b""
            while len(got) < len(data):
                got += tls_sock.recv(65536)
            sender.join()
            tls_sock.unwrap().close()
            return got

    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:
        serve(listener, echo)
        port = int(net.split_host_port(str(listener.addr()))[1])
        assert thread.call(work, port) == data
        time.sleep(0.02)


# --- openssl on the other side ---------------------------------------------------------------------------


def run(command: list[str], given: bytes, cwd: Path) -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, cwd=cwd, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.gochan
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_as_client(both: Both, certificates: Path, version: str) -> None:
    both.server.set_alpn_protocols(["echo"])

    def handle(conn: tls.Conn) -> None:
        reader = bufio.new_reader(conn)
        line = reader.read_string("\n")
        conn.write(f"{conn.connection_state().negotiated_protocol} {line}".encode() + b"x" * 100_000)

    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:
        serve(listener, handle)
        command = [str(OPENSSL), "s_client", "-connect", str(listener.addr()), version, "-alpn", "echo"]
        command += ["-CAfile", "ca.pem", "-verify_return_error", "-servername", "localhost"]
        command += ["-ign_eof", "-quiet"]
        out = thread.call(run, command, b"hello\n", certificates)
        assert b"echo hello\n" in out
        assert out.count(b"x") >= 100_000
        assert b"verify return:1" in out


@pytest.mark.gochan
def test_an_update_of_keys(both: Both, certificates: Path) -> None:
    """Openssl's "K" asks for one, which reading answers."""
    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:
        command = [str(OPENSSL), "s_client", "-connect", str(listener.addr()), "-tls1_3", "-CAfile", "ca.pem"]
        with subprocess.Popen(
            command,
            cwd=certificates,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as child:
            assert child.stdin is not None and child.stdout is not None
            try:
                with listener.accept() as conn:
                    reader = bufio.new_reader(conn)
                    for given in (b"before\n", b"K\n", b"after\n"):
                        child.stdin.write(given)
                        child.stdin.flush()
                        if given == b"K\n":
                            conn.set_read_deadline(time.now() + timedelta(seconds=0.2))
                            with pytest.raises(TimeoutError):
                                reader.read_byte()
                            conn.set_read_deadline(None)
                            continue
                        line = reader.read_string("\n")
                        assert line.encode() == given
                        conn.write(b"got " + given)
                out = thread.call(child.stdout.read)
            finally:
                child.kill()
        assert b"KEYUPDATE" in out
        assert b"got before\n" in out
        assert b"got after\n" in out


@pytest.mark.gochan
def test_openssl_as_client_refuses(both: Both, certificates: Path) -> None:
    failed = Chan[Exception](1)

    def handle(conn: tls.Conn) -> None:
        try:
            conn.read()
        except Exception as err:
            failed.send(err)

    with tls.listen("tcp", "127.0.0.1:0", both.server) as listener:
        serve(listener, handle)
        command = [str(OPENSSL), "s_client", "-connect", str(listener.addr()), "-verify_return_error"]
        thread.call(run, command, b"", certificates)
        err = failed.recv()
        assert isinstance(err, ssl.SSLError)
        assert "UNKNOWN_CA" in str(err)


@pytest.mark.gochan
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_as_server(both: Both, certificates: Path, version: str) -> None:
    with net.listen("tcp", "127.0.0.1:0") as free:
        port = net.split_host_port(str(free.addr()))[1]
    command = [str(OPENSSL), "s_server", "-accept", port, "-cert", "server.pem", "-key", "server.key"]
    command += [version, "-naccept", "1", "-rev", "-quiet"]
    with subprocess.Popen(command, cwd=certificates, stdin=subprocess.DEVNULL) as child:
        try:
            for _ in range(500):
                try:
                    conn = tls.dial("tcp", f"127.0.0.1:{port}", both.client, server_hostname="localhost")
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
            with conn:
                reader = bufio.new_reader(conn)
                for word in ("hello", "gopher"):
                    conn.write(f"{word}\n".encode())
                    assert reader.read_string("\n").strip() == word[::-1]
                assert conn.connection_state().version == f"TLSv1.{version[-1]}"
        finally:
            child.terminate()
