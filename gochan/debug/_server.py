"""The server of the page: plain threads and sockets, so that it answers whatever the goroutines do.

A server of gochan.net would be a goroutine: it would wait in the same run queue, and a program that computes,
or blocks its thread, would not be seen just when one wants to look at it.  Its goroutines would also be
counted, and they would be something that can still run, so that no deadlock were found.

The threads' names begin with "gochan-": they wake no goroutine, so the engine does not count them as
something that may (see program.py in the engine).
"""

from __future__ import annotations

import atexit
import contextlib
import ipaddress
import json
import os
import socket
import stat
import threading
import traceback
import weakref
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Any, Final, NamedTuple, final
from urllib.parse import parse_qs, urlsplit

from .._engine.goroutine import Goroutine
from .._engine.impl import sched
from .._engine.program import program
from .._engine.traceback import all_stacks, format_goroutine, goroutines
from . import _page
from ._address import Address, is_loopback, leave, parse, resolve
from ._snapshot import SORTS, Observer, about, describe, group, sort_groups

# Limits: the bytes of a request; the seconds that a client may take to send it, and to receive the answer;
# the connections at a time.
MAX_REQUEST: Final = 16384
REQUEST_TIME: Final = 5.0
ANSWER_TIME: Final = 30.0
MAX_CONNECTIONS: Final = 16

_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"
_HTML: Final = "text/html; charset=utf-8"
_REASONS: Final = {
    200: "OK",
    302: "Found",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    414: "URI Too Long",
    421: "Misdirected Request",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}
_HEADERS: Final = (
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n"
)


class _Refused(Exception):
    """Raised for a request that is refused: the status and the text to send."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class _Answer(NamedTuple):
    status: int
    kind: str
    body: str
    headers: str = ""


# The open servers, so that a forked child can close its copies.
_servers: weakref.WeakSet[Server] = weakref.WeakSet()


@final
class Server:
    """A debug page that is being served; `serve` makes one.

    As a context manager, it is closed at the end.

    >>> from gochan import debug
    >>> with debug.serve("127.0.0.1:0") as page:
    ...     print(page.url.rpartition(":")[0])
    http://127.0.0.1
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a Server is made by debug.serve(address)")

    @classmethod
    def _listen(cls, listener: socket.socket, address: Address) -> Server:
        server: Server = object.__new__(cls)
        server._listener = listener
        server._address = address
        server._observer = Observer()
        server._closed = False
        server._owner = os.getpid()
        server._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        _servers.add(server)
        sched.timed = True
        try:
            leave(str(address))
            threading.Thread(target=server._accept, name="gochan-debug", daemon=True).start()
        except BaseException:
            server.close()
            raise
        return server

    _listener: socket.socket
    _address: Address
    _observer: Observer
    _closed: bool
    _owner: int
    _places: threading.BoundedSemaphore

    @property
    def address(self) -> str:
        """The address, such as "127.0.0.1:6060": the port is the one that was chosen for port 0."""
        return str(self._address)

    @property
    def url(self) -> str:
        """The address for a browser; for a Unix socket the same as `address`."""
        return self.address if self._address.path else f"http://{self.address}"

    def close(self) -> None:
        """Stop serving.  Requests that are being answered are finished.  Does nothing the second time."""
        if self._closed:
            return
        self._closed = True
        _servers.discard(self)
        sched.timed = bool(_servers)
        mine = self._owner == os.getpid()
        if mine:
            # Shut down and close: it depends on the system which of them ends an accept in another thread.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if mine:
            if self._address.path:
                with contextlib.suppress(OSError):
                    os.unlink(self._address.path)
            others = [str(server._address) for server in list(_servers)]
            leave(others[0] if others else None)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        return f"<Server {self.address} {'closed' if self._closed else 'serving'}>"

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                if self._closed:
                    return
                # Most likely, the process has no free descriptors: wait a moment before the next try.
                threading.Event().wait(0.1)
                continue
            if not self._places.acquire(blocking=False):
                # Don't wait for a free place: this thread has to accept other connections.
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(0)
                    connection.send(_head(_Answer(503, _TEXT, ""), 0))
                continue
            try:
                threading.Thread(
                    target=self._serve, args=(connection,), name="gochan-debug-request", daemon=True
                ).start()
            except RuntimeError:
                # No more threads can be started.
                connection.close()
                self._places.release()

    def _serve(self, connection: socket.socket) -> None:
        try:
            head = False
            try:
                method, target, headers = _read(connection)
                head = method == "HEAD"
                answer = self._answer(method, target, headers)
            except _Refused as refusal:
                allow = "Allow: GET, HEAD\r\n" if refusal.status == 405 else ""
                answer = _Answer(refusal.status, _TEXT, f"{refusal}\n", allow)
            except OSError:
                connection.close()
                return
            except Exception:
                answer = _Answer(500, _TEXT, traceback.format_exc())
            _send(connection, answer, head)
        finally:
            self._places.release()

    def _answer(self, method: str, target: str, headers: dict[str, str]) -> _Answer:
        if method not in ("GET", "HEAD"):
            raise _Refused(405, f"{method} is not allowed; use GET or HEAD")
        if not self._address.path:
            _check_host(headers.get("host"))
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            # A link or an image on another site's page could make the program stop and search for leaks.
            raise _Refused(403, "requested by a page of another site")
        try:
            parts = urlsplit(target)
            query = {name: values[-1] for name, values in parse_qs(parts.query, max_num_fields=20).items()}
        except ValueError:
            raise _Refused(400, "the address cannot be read") from None
        handler = _ROUTES.get(parts.path)
        if handler is None:
            raise _Refused(404, f"there is no page {parts.path[:100]!r}; see /")
        return handler(self, query)

    # --- the pages ---

    def _index(self, query: dict[str, str]) -> _Answer:
        return _Answer(200, _HTML, _page.index(about()))

    def _goroutines(self, query: dict[str, str]) -> _Answer:
        form = _choice(query, "format", ("html", "json", "text"))
        if form == "text":
            return _Answer(200, _TEXT, all_stacks())
        return self._show(query, form, goroutines(), "goroutines")

    def _leaks(self, query: dict[str, str]) -> _Answer:
        form = _choice(query, "format", ("html", "json", "text"))
        from .._engine.leaks import leaked

        try:
            found = leaked()
        except TimeoutError as exc:
            raise _Refused(503, str(exc)) from None
        except NotImplementedError as exc:
            raise _Refused(501, str(exc)) from None
        if form == "text":
            return _Answer(200, _TEXT, "\n".join(map(format_goroutine, found)))
        return self._show(query, form, found, "leaks")

    def _show(self, query: dict[str, str], form: str, found: list[Goroutine], what: str) -> _Answer:
        by = _choice(query, "sort", SORTS)
        # The observer forgets goroutines that it is not shown, so show it all goroutines, not only the leaked
        # ones.
        seen = self._observer.see(found if what == "goroutines" else goroutines())
        count = sum(g.thread is None for g in found)
        data: dict[str, Any] = {**about(), "running": sched.main is not None, "count": count}
        if form == "html" or query.get("group", "0") not in ("", "0"):
            data["groups"] = sort_groups(group(found, seen), by)
        else:
            data["goroutines"] = [describe(g, seen) for g in found]
        if form == "json":
            return _Answer(200, _JSON, json.dumps(data))
        tasks = list(program.idle.stacks()) if what == "goroutines" else []
        if query.get("part", "0") not in ("", "0"):
            return _Answer(200, _HTML, _page.table(data, what, tasks))
        return _Answer(200, _HTML, _page.page(data, what, by, tasks))

    def _css(self, query: dict[str, str]) -> _Answer:
        return _Answer(200, "text/css; charset=utf-8", _page.CSS)

    def _js(self, query: dict[str, str]) -> _Answer:
        return _Answer(200, "text/javascript; charset=utf-8", _page.JS)

    def _redirect(self, query: dict[str, str]) -> _Answer:
        return _Answer(302, _TEXT, "see /\n", "Location: /\r\n")


_ROUTES: Final[dict[str, Callable[[Server, dict[str, str]], _Answer]]] = {
    "/": Server._index,
    "/debug": Server._redirect,
    "/debug/": Server._redirect,
    "/debug/goroutines": Server._goroutines,
    "/debug/leaks": Server._leaks,
    "/debug/page.css": Server._css,
    "/debug/page.js": Server._js,
}


# Its public module, for reprs.
Server.__module__ = "gochan.debug"


def _choice(query: dict[str, str], name: str, known: tuple[str, ...]) -> str:
    value = query.get(name, known[0])
    if value not in known:
        raise _Refused(400, f"{name}={value[:100]!r}: give one of {', '.join(known)}")
    return value


def _check_host(host: str | None) -> None:
    """Refuse a request whose Host is a name other than localhost (DNS rebinding).

    In such an attack, a page of another site makes its own name resolve to this address, so that the browser
    lets it read the answer.  So only addresses are accepted.
    """
    if host is None:
        raise _Refused(400, "the request has no Host header")
    name = host.strip().lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    if name == "localhost":
        return
    try:
        ipaddress.ip_address(name)
    except ValueError:
        raise _Refused(
            421, f"the Host {host[:100]!r} is a name; write the address itself, such as 127.0.0.1"
        ) from None


def _read(connection: socket.socket) -> tuple[str, str, dict[str, str]]:
    """Read a request; return its method, its target, and its headers, their names in lower case."""
    end = monotonic() + REQUEST_TIME
    data = b""
    while b"\r\n\r\n" not in data and b"\n\n" not in data:
        connection.settimeout(max(0.001, end - monotonic()))
        try:
            more = connection.recv(4096) if monotonic() < end else b""
        except TimeoutError:
            more = b""
        if not more:
            if monotonic() >= end:
                raise _Refused(408, f"the request took more than {REQUEST_TIME:g} s")
            raise ConnectionResetError
        data += more
        if len(data) > MAX_REQUEST:
            raise _Refused(431, f"the request is longer than {MAX_REQUEST} bytes")
    lines = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("latin-1").split("\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[0].isalpha() or not words[2].startswith("HTTP/"):
        raise _Refused(400, "this is not an HTTP request")
    if not words[2].startswith("HTTP/1."):
        raise _Refused(505, "only HTTP/1 is supported")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise _Refused(400, "a header cannot be read")
        if name.lower() in headers and name.lower() == "host":
            raise _Refused(400, "there are two Host headers")
        headers[name.lower()] = value.strip()
    return words[0], words[1], headers


def _head(answer: _Answer, length: int) -> bytes:
    return (
        f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}\r\n"
        f"Content-Type: {answer.kind}\r\nContent-Length: {length}\r\n{answer.headers}{_HEADERS}\r\n"
    ).encode("latin-1")


def _send(connection: socket.socket, answer: _Answer, head: bool) -> None:
    """Send an answer and close the connection."""
    body = answer.body.encode("utf-8", "backslashreplace")
    with connection, contextlib.suppress(OSError):
        connection.settimeout(ANSWER_TIME)
        connection.sendall(_head(answer, len(body)) + (b"" if head else body))
        connection.shutdown(socket.SHUT_WR)
        # Read the rest of the request: closing with unread data would make the system drop the answer.
        connection.settimeout(0.2)
        for _ in range(16):
            if not connection.recv(65536):
                break


def serve(address: str = "127.0.0.1:6060", *, allow_remote: bool = False) -> Server:
    """Serve the debug page at address, in threads of its own, until the process ends or the server is closed.

    address is "HOST:PORT", with an IPv6 address in brackets, or "unix:/PATH"; port 0 takes a free one.  The
    page answers in a browser at the server's `url`.  In Go, importing net/http/pprof does this.

    The page shows paths and lines of code to anyone who can connect.  So the host must be a loopback address,
    unless allow_remote is true.  Only the same user can connect to a Unix socket.

    Raises `ValueError` if address is not an address, or is not a loopback address; `OSError` if it is in use
    or cannot be used; `TypeError` if it is not a string.

    >>> from urllib.request import urlopen
    >>> from gochan import Chan, debug, go, run, runtime
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    ...     runtime.gosched()
    ...     with debug.serve("127.0.0.1:0") as page:
    ...         text = urlopen(f"{page.url}/debug/goroutines?format=text").read().decode()
    ...     print("goroutine 2 [chan receive]:" in text)
    >>> run(main)
    True
    """
    if not isinstance(address, str):
        raise TypeError(f"debug.serve: {address!r} is not an address; give a str such as '127.0.0.1:6060'")
    wanted = parse("debug.serve", address)
    if wanted.path:
        return Server._listen(_listen_unix(wanted.path), wanted)
    try:
        family, sockaddr = _pick(address, wanted, allow_remote)
    except UnicodeError:
        raise ValueError(f"debug.serve: {address!r}: the host is not a name or an address") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Otherwise the port of a program that has just ended could not be used again for a minute.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(sockaddr)
        listener.listen(MAX_CONNECTIONS)
        host, port = listener.getsockname()[:2]
        return Server._listen(listener, Address(host, port))
    except BaseException:
        listener.close()
        raise


def _pick(address: str, wanted: Address, allow_remote: bool) -> tuple[int, Any]:
    found = resolve(wanted)
    others = [sockaddr for _, sockaddr in found if not is_loopback(sockaddr)]
    if others and not allow_remote:
        raise ValueError(
            f"debug.serve: {address!r} can be reached from other machines, and the page shows the program's "
            "code; give a loopback address, such as 127.0.0.1:6060, or say allow_remote=True"
        )
    return found[0]


def _listen_unix(path: str) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise ValueError(f"debug.serve: 'unix:{path}': this system has no Unix sockets")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_stale(path)
        listener.bind(path)
        # Before listen, because clients can connect after it.
        os.chmod(path, 0o600)
        listener.listen(MAX_CONNECTIONS)
    except BaseException:
        listener.close()
        raise
    return listener


def _remove_stale(path: str) -> None:
    """Remove the socket of a process that was killed."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return
    except OSError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
        except OSError:
            pass


def _close_all() -> None:
    """Close all servers: at exit, so that no socket's file is left; in a forked child, only its copies."""
    for server in list(_servers):
        server.close()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_all)
