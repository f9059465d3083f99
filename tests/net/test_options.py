"""What the setters refuse: at the call, by its name, and with nothing changed."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from servers import one_poller, pair

from gochan import net, tls

pytestmark = [pytest.mark.gochan, one_poller]

HUGE = 10**30
INF, NAN = float("inf"), float("nan")
# What each setter is given that it does not take, and what it says.
BOOL = {
    "x": "got 'x' (str), want True or False",
    1: "got 1 (int), want True or False",
    None: "got None (NoneType), want True or False",
    1.5: "got 1.5 (float), want True or False",
    HUGE: f"got {HUGE} (int), want True or False",
}
BYTES = {
    "x": "'x' is not a number of bytes; give an int",
    1.5: "1.5 is not a number of bytes; give an int",
    None: "None is not a number of bytes; give an int",
    True: "True is not a number of bytes; give an int",
    NAN: "nan is not a number of bytes; give an int",
    -1: "the number of bytes -1 is out of range; give 0 to 2147483647",
    2**31: "the number of bytes 2147483648 is out of range; give 0 to 2147483647",
    HUGE: f"the number of bytes {HUGE} is out of range; give 0 to 2147483647",
}
LINGER = {
    "x": "'x' is not a number of seconds; give an int",
    1.5: "1.5 is not a number of seconds; give an int",
    None: "None is not a number of seconds; give an int",
    NAN: "nan is not a number of seconds; give an int",
    timedelta(1): "datetime.timedelta(days=1) is not a number of seconds; give an int",
    HUGE: f"the number of seconds {HUGE} is out of range; give -2147483647 to ",
    -HUGE: f"the number of seconds -{HUGE} is out of range; give -2147483647 to ",
}
PERIOD = {
    "x": "'x' is not a duration; give seconds as a number, or a timedelta",
    None: "None is not a duration; give seconds as a number, or a timedelta",
    True: "True is not a duration; give seconds as a number, or a timedelta",
    -1: "got -1, want 0 to 32767 seconds between two probes",
    -0.5: "got -0.5, want 0 to 32767 seconds between two probes",
    32768: "got 32768, want 0 to 32767 seconds between two probes",
    HUGE: f"got {HUGE}, want 0 to 32767 seconds between two probes",
    INF: "got inf, want 0 to 32767 seconds between two probes",
    NAN: "got nan, want 0 to 32767 seconds between two probes",
    timedelta(1): "got datetime.timedelta(days=1), want 0 to 32767 seconds between two probes",
}
MOMENT = {
    junk: f"{junk!r} is not a datetime; give one such as time.now() + timedelta(seconds=5), or None"
    for junk in ("x", 5, 5.5, NAN, -1, HUGE, True, date(2030, 1, 1), timedelta(1))
}
SETTERS = {
    "TCPConn.set_no_delay": BOOL,
    "TCPConn.set_keep_alive": BOOL,
    "TCPConn.set_keep_alive_period": PERIOD,
    "TCPConn.set_linger": LINGER,
    "Conn.set_read_buffer": BYTES,
    "Conn.set_write_buffer": BYTES,
    "Conn.set_deadline": MOMENT,
    "Conn.set_read_deadline": MOMENT,
    "Conn.set_write_deadline": MOMENT,
}
REFUSED = [(name, junk, text) for name, table in SETTERS.items() for junk, text in table.items()]
DEADLINES = [case for case in REFUSED if case[0].endswith("deadline")]


def options(conn: net.TCPConn) -> list[Any]:
    """Read what the setters set."""
    tcp, sock = socket.IPPROTO_TCP, conn._owner
    found = [sock.getsockopt(tcp, getattr(socket, name, 1)) for name in ("TCP_NODELAY", "TCP_KEEPINTVL")]
    level = socket.SOL_SOCKET
    found += [sock.getsockopt(level, n) for n in (socket.SO_KEEPALIVE, socket.SO_RCVBUF, socket.SO_SNDBUF)]
    return [*found, sock.getsockopt(level, socket.SO_LINGER, 8)]


def refuses(call: Callable[[Any], object], junk: object, message: str) -> None:
    kind = ValueError if " to " in message or "at most" in message else TypeError
    with pytest.raises(kind, match=f"^{re.escape(message)}"):
        call(junk)


@pytest.mark.parametrize(("name", "junk", "text"), REFUSED)
def test_of_a_connection(name: str, junk: object, text: str) -> None:
    a, b = pair()
    with a, b:
        before = options(a)
        refuses(getattr(a, name.partition(".")[2]), junk, f"{name}: {text}")
        assert options(a) == before
        b.write(b"x")
        assert a.read() == b"x"


@pytest.mark.parametrize(("name", "junk", "text"), DEADLINES)
def test_of_other_connections(name: str, junk: object, text: str) -> None:
    a, b = net.pipe()
    secured = tls.client(a, ssl.create_default_context(), server_hostname="example.com")
    for conn in (a, secured):
        refuses(getattr(conn, name.partition(".")[2]), junk, f"{name}: {text}")
    a.close()
    b.close()


@pytest.mark.parametrize(("junk", "text"), MOMENT.items())
def test_of_a_listener(junk: object, text: str) -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        refuses(listener.set_deadline, junk, f"Listener.set_deadline: {text}")


@pytest.mark.parametrize(("junk", "text"), BOOL.items())
def test_unlink_on_close(junk: object, text: str) -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        refuses(listener.set_unlink_on_close, junk, f"Listener.set_unlink_on_close: {text}")


@pytest.mark.parametrize(
    ("option", "junk", "text"),
    [
        *(("deadline", junk, text) for junk, text in MOMENT.items()),
        *(("keep_alive", junk, PERIOD[junk]) for junk in ("x", None, True)),
        *(
            ("keep_alive", junk, f"got {float(junk)!r}, want at most 32767 seconds between two probes")
            for junk in (32768, HUGE, INF, NAN)
        ),
        ("timeout", "x", PERIOD["x"]),
        ("fallback_delay", None, PERIOD[None]),
    ],
)
def test_of_a_dialer(option: str, junk: object, text: str) -> None:
    refuses(lambda junk: net.Dialer(**{option: junk}), junk, f"Dialer: {text}")


def test_a_dialer_that_is_changed_later() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        dialer = net.Dialer()
        dialer.keep_alive = NAN
        with pytest.raises(ValueError, match="want at most 32767 seconds"):
            dialer.dial("tcp", str(listener.addr()))


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPINTVL"), reason="the system does not tell")
@pytest.mark.parametrize(
    ("period", "seconds"), [(0, 15), (0.2, 1), (1.5, 2), (timedelta(minutes=1), 60), (32767, 32767)]
)
def test_a_period_is_rounded_up(period: Any, seconds: int) -> None:
    a, b = pair()
    with a, b:
        a.set_keep_alive_period(period)
        assert a._owner.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == seconds


@pytest.mark.parametrize(("given", "wanted"), [(-5, (0, 0)), (0, (1, 0)), (7, (1, 7))])
def test_linger(given: int, wanted: tuple[int, int]) -> None:
    a, b = pair()
    with a, b:
        a.set_linger(given)
        layout = options(a)[-1]
        size = len(layout) // 2
        assert tuple(int.from_bytes(layout[i : i + size], "little") for i in (0, size)) == wanted


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("net.serve", lambda junk: net.serve(object(), print, ctx=junk)),
        ("net.lookup_host", lambda junk: net.lookup_host("localhost", ctx=junk)),
        ("net.lookup_addr", lambda junk: net.lookup_addr("127.0.0.1", ctx=junk)),
        ("Dialer.dial_context", lambda junk: net.Dialer().dial_context(junk, "tcp", "127.0.0.1:1")),
        ("Dialer.dial_context", lambda junk: tls.Dialer().dial_context(junk, "tcp", "127.0.0.1:1")),
        (
            "Conn.handshake_context",
            lambda junk: tls.client(net.pipe()[0], server_hostname="a").handshake_context(junk),
        ),
    ],
)
def test_of_a_context(name: str, call: Callable[[Any], object]) -> None:
    refuses(call, 3, f"{name}: 3 is not a context; give context.background() or one derived from it")
