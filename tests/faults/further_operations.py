"""Further operations of the packages above the engine: TLS, buffers, deadlines, deferred calls. See operations.py."""

from __future__ import annotations

import io as files
import os
import signal as os_signal
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from shutil import which
from typing import Any

from operations import operation
from package_operations import BACKGROUND, Ends, no_notification, sockets
from stage import Stage

from gochan import (
    Chan,
    Panic,
    bufio,
    context,
    defer,
    defers,
    errgroup,
    go,
    net,
    recover,
    semaphore,
    signal,
    singleflight,
    sync,
    time,
    tls,
)
from gochan._engine.impl import running
from gochan.runtime import gosched

# --- TLS ---------------------------------------------------------------------------------------------------


@cache
def configs() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make the configurations of a client and a server, with a certificate that only they know."""
    with tempfile.TemporaryDirectory() as folder:
        key, pem = Path(folder) / "key", Path(folder) / "pem"
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost"
        subprocess.run([*make.split(), "-keyout", key, "-out", pem], check=True, capture_output=True)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(pem, key)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    return client, server


def suppressed(fn: Callable[[], object]) -> None:
    """Call fn, whose connection may be closed without a word."""
    with suppress(OSError):
        fn()


def secured() -> tuple[tls.Conn, tls.Conn]:
    """Make the two ends of a TLS connection, after the handshake."""
    a, b = sockets()
    client, server = configs()
    left, right = tls.client(a, client), tls.server(b, server)
    done = Chan[None](1)
    go(lambda: [right.handshake(), right.write(b"hello"), done.send(None)])
    left.read()
    done.recv()
    return left, right


def finish(ends: Ends, got: bytearray) -> None:
    """Read the rest of "data": an interrupted read loses nothing, or says so."""
    try:
        while len(got) < 4:
            got += ends.a.read()
        ends.s.expect(got == b"data", f"{bytes(got)} came")
    except OSError as e:
        ends.s.expect(ends.s.delivered or "a read was interrupted" in str(e), f"then a read raised {e!r}")
        ends.close()
    else:
        ends.work(ends.b, ends.a)


def tls_operations() -> None:
    """Define the operations of TLS connections."""

    @operation("tls: read", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *secured())
        got = bytearray()
        ends.go(lambda: [ends.b.write(b"da"), ends.b.write(b"ta")])
        outcome = yield partial(ends.a.read, 3)
        ends.ended(outcome)
        if outcome.returned:
            got += outcome.value
        finish(ends, got)

    @operation("tls: read_into", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *secured())
        got, buffer = bytearray(), bytearray(3)
        ends.go(lambda: [ends.b.write(b"da"), ends.b.write(b"ta")])
        outcome = yield partial(ends.a.read_into, buffer)
        ends.ended(outcome)
        if outcome.returned:
            got += buffer[: outcome.value]
        finish(ends, got)

    @operation("tls: write", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *secured())
        got = bytearray()
        raised: list[BaseException] = []

        def read() -> None:
            try:
                while len(got) < 4:
                    got.extend(ends.b.read())
            except (ssl.SSLError, OSError) as e:
                raised.append(e)

        ends.go(read)
        outcome = yield partial(ends.a.write, b"data")
        ends.ended(outcome)
        s.quiet(0.1 if outcome.returned else 0)
        with suppress(OSError):
            # A write that an exception has ended may have broken the stream: then it says so.
            while len(got) < 4 and not s.delivered and not raised:
                ends.a.write(b"more")
                s.quiet(0.01)
        ends.close()
        s.quiet(0.1)
        s.expect(not any(isinstance(e, ssl.SSLError) and "EOF" not in str(e) for e in raised), f"{raised}")

    @operation("tls: close_write", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *secured())
        ends.go(lambda: ends.b.write(b"data"))
        gosched()
        yield ends.a.close_write
        got = ends.a.read()
        s.expect(got == b"data" or s.delivered, f"{got!r} came")
        ends.close()
        s.quiet(0.1)

    @operation("tls: close", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *secured())
        ends.go(lambda: suppressed(ends.b.read))
        s.let_wait()
        yield ends.a.close
        ends.close()
        s.quiet(0.1)
        for use in (ends.a.read, partial(ends.a.write, b"x")):
            try:
                use()
            except (net.ErrClosed, OSError):
                continue
            s.problem("it goes on after close")

    @operation("tls: handshake_context", package=True)
    def _(s: Stage) -> Any:
        a, b = sockets()
        client, server = configs()
        ends = Ends(s, tls.client(a, client), tls.server(b, server))
        ctx, cancel = context.with_cancel(BACKGROUND)
        ends.go(lambda: suppressed(ends.b.handshake))
        outcome = yield partial(ends.a.handshake_context, ctx)
        ends.ended(outcome)
        s.expect("children=0" in repr(ctx), f"the context has a function left: {ctx!r}")
        cancel()
        if outcome.returned:
            ends.work(ends.a, ends.b)
        if isinstance(outcome.exc, ssl.SSLError):
            # OpenSSL drops what the handler has raised in the server's callback.
            outcome.exc = None
        ends.close()
        s.quiet(0.1)


if which("openssl"):
    tls_operations()


# --- buffers -----------------------------------------------------------------------------------------------


def reads(name: str, read: Callable[[bufio.Reader], Callable[[], Any]]) -> None:
    """Define an operation of a bufio.Reader, which must lose nothing."""

    @operation(f"bufio: {name}", package=True)
    def _(s: Stage) -> Any:
        a, b = net.pipe()
        ends = Ends(s, a, b)
        text = b"one\ntwo\n" + bytes(range(100, 150))
        ends.go(lambda: suppressed(lambda: [ends.b.write(part) for part in (text[:6], text[6:])]))
        reader = bufio.Reader(ends.a, 32)
        got = bytearray()
        outcome = yield read(reader)
        ends.ended(outcome)
        if outcome.returned:
            got += outcome.value
        with suppress(net.ErrClosed):
            while len(got) < len(text):
                got += reader.read(10)
        s.expect(got == text or s.delivered, f"{bytes(got)} came")
        ends.close()
        s.quiet(0.1)


reads("read", lambda reader: partial(reader.read, 20))
reads("read, more than fits", lambda reader: partial(reader.read, 50))
reads("read_bytes", lambda reader: partial(reader.read_bytes, b"\ntwo"))


@operation("bufio: scan", package=True)
def _(s: Stage) -> Any:
    a, b = net.pipe()
    ends = Ends(s, a, b)
    ends.go(lambda: [ends.b.write(b"one\nt"), ends.b.write(b"wo\n"), ends.close()])
    scanner = bufio.Scanner(ends.a)
    words = []
    outcome = yield scanner.scan
    if outcome.returned or scanner.text():
        words.append(scanner.text())
    while not s.delivered and scanner.scan():
        words.append(scanner.text())
    s.expect(words == ["one", "two"] or s.delivered, f"{words} came")
    ends.close()
    s.quiet(0.1)


@operation("bufio: flush", package=True)
def _(s: Stage) -> Any:
    target = files.BytesIO()
    writer = bufio.Writer(target)
    writer.write(b"data")
    outcome = yield writer.flush
    again = True
    try:
        writer.flush()
    except BaseException:
        again = False
    s.expect(again or not outcome.returned, "it failed later")
    s.expect(target.getvalue() == b"data" or not again, "what was in the buffer is lost, without a word")


# --- deadlines ---------------------------------------------------------------------------------------------


def deadline_operation(name: str, d: float | None) -> None:
    """Define an operation that changes the deadline of a pipe to one in d seconds, or none."""

    @operation(f"pipe: set_read_deadline, {name}", package=True)
    def _(s: Stage) -> Any:
        a, b = net.pipe()
        a.set_read_deadline(time.now() + timedelta(seconds=3600))
        when = None if d is None else time.now() + timedelta(seconds=d)
        outcome = yield partial(a.set_read_deadline, when)
        if d == 3600 and outcome.returned:
            s.expect(times_out(a) is False, "it has passed")
        a.set_read_deadline(time.now() + timedelta(seconds=1e-5))
        s.expect(times_out(a), "it does not pass")
        a.set_read_deadline(None)
        s.go(partial(b.write, b"x"))
        with suppress(TimeoutError):
            s.expect(a.read() == b"x", "something else came")
        a.close()
        b.close()
        s.quiet(0.1)


def times_out(conn: net.Conn) -> bool:
    """Return whether a read that nobody answers ends by its deadline, in at most a moment."""
    timer = time.after_func(0.01, conn.close)
    try:
        conn.read()
    except TimeoutError:
        return True
    except net.ErrClosed:
        return False
    finally:
        timer.stop()
    return False


deadline_operation("none", None)
deadline_operation("passed", -1)
deadline_operation("soon", 1e-5)


# --- contexts ----------------------------------------------------------------------------------------------


def child_operation(name: str, make: Callable[[context.Context], object]) -> None:
    """Define an operation that makes a child, which its parent must not keep if an exception comes out."""

    @operation(f"context: {name}", package=True)
    def _(s: Stage) -> Any:
        root, stop = context.with_cancel(BACKGROUND)
        outcome = yield partial(make, root)
        if not outcome.returned:
            s.expect("children=0" in repr(root), f"its parent keeps a child that nobody has: {root!r}")
        stop()
        s.quiet()


child_operation("with_cancel", context.with_cancel)
child_operation("with_cancel_cause", context.with_cancel_cause)
child_operation("with_timeout of a parent", lambda root: context.with_timeout(root, 3600))
child_operation("after_func of a parent", lambda root: context.after_func(root, int))
child_operation("errgroup.with_context", errgroup.with_context)


# --- deferred calls ----------------------------------------------------------------------------------------


def scope() -> object:
    """Return the goroutine's innermost scope."""
    gp = running()
    return None if gp is None else gp.scope


@operation("defers", package=True)
def _(s: Stage) -> Any:
    ran: list[int] = []
    begun: list[int] = []
    before = scope()

    @defers
    def fn() -> None:
        for n in range(3):
            begun.append(n)
            defer(ran.append, n)

    s.forgive = True
    yield fn
    s.expect(sorted(set(begun)) == sorted(ran) or len(begun) == len(ran) + 1, f"deferred {begun}, ran {ran}")
    # The scope is gone, and the one below is innermost again.
    s.expect(scope() is before, "the scope is still there")


@operation("defers: recovers", package=True)
def _(s: Stage) -> Any:
    ran: list[int] = []
    before = scope()

    @defers
    def fn() -> None:
        defer(ran.append, 0)
        defer(recover)
        defer(ran.append, 1)
        raise Panic("no")

    outcome = yield fn
    s.expect(outcome.returned or ran in ([], [0], [1], [1, 0]), f"{ran}")
    s.expect(not outcome.returned or ran == [1, 0], f"{ran}")
    if isinstance(outcome.exc, Panic):
        outcome.exc = None
    s.expect(scope() is before, "the scope is still there")


# --- others --------------------------------------------------------------------------------------------------


@operation("map: load_or_store", package=True)
def _(s: Stage) -> Any:
    m = sync.Map[str, bool]()
    stored: list[bool] = []

    def store() -> None:
        if not m.load_or_store("key", True)[1]:
            stored.append(True)

    s.act("store", store)
    outcome = yield partial(m.load_or_store, "key", True)
    n = len(stored) + (outcome.returned and not outcome.value[1])
    s.expect(n == 1 or (n == 0 and not outcome.returned), f"{n} have stored it")


@operation("errgroup: try_go, at the limit", package=True)
def _(s: Stage) -> Any:
    group = errgroup.Group()
    group.set_limit(1)
    ran: list[int] = []
    outcome = yield partial(group.try_go, ran.append, 1)
    group.wait()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")
    s.expect(group.try_go(gosched), "a slot is lost")
    group.wait()


@operation("semaphore: try_acquire", package=True)
def _(s: Stage) -> Any:
    sem = semaphore.Weighted(2)
    taken: list[bool] = []
    s.act("acquire", lambda: taken.append(sem.try_acquire(1)))
    outcome = yield partial(sem.try_acquire, 2)
    held = 2 * (outcome.returned and outcome.value) + sum(taken)
    s.expect(f"held={held}" in repr(sem), f"{held} are taken: {sem!r}")


@operation("singleflight: forget", package=True)
def _(s: Stage) -> Any:
    group = singleflight.Group()
    results = []
    s.go(lambda: results.append(group.do("key", gosched)))
    s.let_wait()
    s.act("forget", partial(group.forget, "key"))
    yield partial(group.forget, "key")
    s.quiet(0.1)
    group.do("key", int)


@operation("singleflight: do_chan, joined", package=True)
def _(s: Stage) -> Any:
    group = singleflight.Group()
    go(lambda: group.do("key", gosched))
    gosched()
    s.act("let it end", s.quiet)
    outcome = yield partial(group.do_chan, "key", int)
    s.quiet(0.1)
    if outcome.returned:
        s.expect(len(outcome.value) == 1, "no result came")


@operation("once_value", package=True)
def _(s: Stage) -> Any:
    made: list[int] = []
    value = sync.once_value(lambda: made.append(1))
    yield value
    with suppress(BaseException):
        value()
    s.expect(len(made) <= 1, f"made {len(made)} times")


def in_main_thread(fn: Callable[[], object]) -> None:
    """Call fn, unless in another thread, where Python sets no handlers."""
    if threading.current_thread() is threading.main_thread():
        fn()


@operation("signal.ignore", package=True)
def _(s: Stage) -> Any:
    sig = os_signal.SIGUSR2
    ch = Chan[Any](1)
    signal.notify(ch, sig)
    stopped: list[None] = []
    s.act("stop", lambda: in_main_thread(lambda: [stopped.append(None), signal.stop(ch)]))
    yield partial(signal.ignore, sig)
    kept = signal._channels
    s.expect(signal.ignored(sig) or (kept and not stopped), f"it is not ignored, and {kept} are notified")
    signal.reset(sig)
    no_notification(s)


@operation("signal.reset", package=True)
def _(s: Stage) -> Any:
    sig = os_signal.SIGUSR2
    ch = Chan[Any](1)
    signal.notify(ch, sig)
    s.act("reset", lambda: in_main_thread(partial(signal.reset, sig)))
    outcome = yield partial(signal.reset, sig)
    if not outcome.returned:
        # It may not have begun.
        s.expect(len(signal._channels) == len(signal._before), "it is half done")
        signal.reset(sig)
    no_notification(s)


@operation("signal.stop: from a handler", package=True)
def _(s: Stage) -> Any:
    ch = Chan[Any](1)
    signal.notify(ch, os_signal.SIGUSR2)
    s.act("stop", lambda: in_main_thread(partial(signal.stop, ch)))
    outcome = yield partial(signal.stop, ch)
    if not outcome.returned:
        s.expect(len(signal._channels) == len(signal._before), "it is half done")
        signal.stop(ch)
    no_notification(s)


@operation("net: listen", package=True)
def _(s: Stage) -> Any:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    outcome = yield partial(net.listen, "tcp", "127.0.0.1:0")
    if outcome.returned:
        outcome.value.close()
        outcome.value = None
    if before and not outcome.exc:
        s.expect(len(os.listdir("/proc/self/fd")) == before, "a descriptor is left open")


@operation("net: udp", package=True)
def _(s: Stage) -> Any:
    with net.listen_packet("udp", "127.0.0.1:0") as a, net.listen_packet("udp", "127.0.0.1:0") as b:
        s.go(lambda: [gosched(), b.write_to(b"x", a.local_addr())])
        a.set_deadline(time.now() + timedelta(seconds=0.02))
        outcome = yield a.read_from
        if isinstance(outcome.exc, TimeoutError):
            outcome.exc = None
        a.set_deadline(None)
        s.quiet()


@operation("net: serve", package=True)
def _(s: Stage) -> Any:
    listener = net.listen("tcp", "127.0.0.1:0")
    ctx, cancel = context.with_cancel(BACKGROUND)

    def dial() -> None:
        try:
            with suppress(OSError), net.dial("tcp", str(listener.addr())) as conn:
                conn.set_deadline(time.now() + timedelta(seconds=0.1))
                conn.read()
        finally:
            cancel()

    s.go(dial)
    yield partial(net.serve, listener, lambda conn: conn.write(b"x"), ctx=ctx, limit=2)
    cancel()
    listener.close()
    s.quiet(0.3)
