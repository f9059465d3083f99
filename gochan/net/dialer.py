"""Dialing, with a race of both IP families (Go's net/dial.go).

Invariants
- A dial returns one connection or raises an `OpError`.  Any other connection that it has made is closed.
- The context and the deadline are the dial's: the connection that it returns depends on neither.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import partial
from math import inf
from typing import Any, Literal, TypeAlias, final, overload

from .. import context, time
from .._engine.impl import FD, Chan, recv, select, send, spawn
from .._engine.seconds import seconds
from ..context import Context, check_context
from .addr import Addr, InetAddr, TCPAddr, UDPAddr, UnixAddr, is_wildcard, to_sockaddr
from .conn import WRITE, TCPConn, UDPConn, UnixConn, make_conn, monotonic, set_up_tcp
from .errors import AddrError, OpError, UnknownNetworkError, op_error
from .listener import DATAGRAMS, STREAMS, bind
from .lookup import resolve
from .options import deadline as check_deadline
from .options import keep_alive_period

AnyConn: TypeAlias = TCPConn | UDPConn | UnixConn
_TCP: TypeAlias = Literal["tcp", "tcp4", "tcp6"]
_UDP: TypeAlias = Literal["udp", "udp4", "udp6"]
_Unix: TypeAlias = Literal["unix", "unixgram"]

# As in Go, in seconds: the head start of the first family, and the least time for one address.
FALLBACK_DELAY = 0.3
_LEAST = 2.0
_PENDING = {errno.EINPROGRESS, errno.EALREADY, errno.EINTR, getattr(errno, "WSAEWOULDBLOCK", 0)} - {0}
# A deadline that has passed.
_PAST = 1


@final
class Dialer:
    """Options for dialing: Go's net.Dialer.

    - `timeout`, in seconds or a timedelta, limits the whole dial, including the lookup of the name; so does
      `deadline`, a datetime.  The earlier of the two counts.
    - `local_addr` is the address to dial from: a TCPAddr, UDPAddr or UnixAddr.
    - `fallback_delay`: if a host has IPv4 and IPv6 addresses, those of the second family are dialed, too,
      once the first family has taken that many seconds; 0.3 by default, never if it is negative.
    - `keep_alive` is the interval, in seconds, at which an idle TCP peer is probed; 15 by default, never if
      it is negative.

    Raises `TypeError` if `deadline` is not a datetime or another time is not a duration, `ValueError` if
    `keep_alive` is NaN or above 32767 seconds, about 9 hours.

    >>> from gochan import net
    >>> with net.listen("tcp", "127.0.0.1:0") as listener:
    ...     with net.Dialer(timeout=5).dial("tcp", str(listener.addr())) as conn:
    ...         conn.remote_addr() == listener.addr()
    True
    """

    __slots__ = ("deadline", "fallback_delay", "keep_alive", "local_addr", "timeout")

    def __init__(
        self,
        *,
        timeout: float | timedelta | None = None,
        deadline: datetime | None = None,
        local_addr: Addr | None = None,
        fallback_delay: float | timedelta = FALLBACK_DELAY,
        keep_alive: float | timedelta = 0,
    ) -> None:
        self.timeout = None if timeout is None else seconds("Dialer", timeout)
        self.deadline = check_deadline("Dialer", deadline)
        self.local_addr = local_addr
        self.fallback_delay = seconds("Dialer", fallback_delay)
        self.keep_alive = seconds("Dialer", keep_alive)
        keep_alive_period("Dialer", self.keep_alive, -inf)

    @overload
    def dial(self, network: _TCP, address: str, /) -> TCPConn: ...
    @overload
    def dial(self, network: _UDP, address: str, /) -> UDPConn: ...
    @overload
    def dial(self, network: _Unix, address: str, /) -> UnixConn: ...
    @overload
    def dial(self, network: str, address: str, /) -> AnyConn: ...
    def dial(self, network: str, address: str, /) -> AnyConn:
        """Connect to an address; see `net.dial`.  Go's Dialer.Dial."""
        return self._dial(context.background(), network, address)

    @overload
    def dial_context(self, ctx: Context, network: _TCP, address: str, /) -> TCPConn: ...
    @overload
    def dial_context(self, ctx: Context, network: _UDP, address: str, /) -> UDPConn: ...
    @overload
    def dial_context(self, ctx: Context, network: _Unix, address: str, /) -> UnixConn: ...
    @overload
    def dial_context(self, ctx: Context, network: str, address: str, /) -> AnyConn: ...
    def dial_context(self, ctx: Context, network: str, address: str, /) -> AnyConn:
        """Connect to an address unless ctx ends first; see `net.dial`.  Go's Dialer.DialContext.

        ctx limits only the dial: the connection does not depend on it.  When it ends first, raises an
        `OpError`, "operation was canceled", or one that is a `TimeoutError` if its deadline has passed.
        Raises `TypeError` if it is not a context.
        """
        check_context("Dialer.dial_context", ctx)
        return self._dial(ctx, network, address)

    def _dial(self, ctx: Context, network: str, address: str) -> AnyConn:
        with ExitStack() as stack:
            return self._resolve_and_dial(self._limit(ctx, stack), network, address)

    def _limit(self, ctx: Context, stack: ExitStack) -> Context:
        """Return ctx with the timeout and the deadline of this dialer, until stack is closed."""
        if self.timeout is not None and self.timeout > 0:
            ctx = stack.enter_context(context.with_timeout(ctx, self.timeout))
        if self.deadline is not None:
            ctx = stack.enter_context(context.with_deadline(ctx, self.deadline))
        return ctx

    def _resolve_and_dial(self, ctx: Context, network: str, address: str) -> AnyConn:
        try:
            if network not in STREAMS and network not in DATAGRAMS:
                raise UnknownNetworkError(network)
            if not address:
                raise AddrError("missing address", "")
            addrs = resolve(network, address, ctx)
            if self.local_addr is not None:
                addrs = _suitable(addrs, self.local_addr)
        except (OSError, ValueError) as err:
            raise op_error("dial", network, None, None, _map_error(ctx, err)) from None
        except context.Canceled as err:
            raise op_error("dial", network, None, None, _map_error(ctx, err)) from None
        primaries, fallbacks = addrs, list[Addr]()
        if network == "tcp" and self.fallback_delay >= 0:
            is_v6 = _is_v6(addrs[0])
            primaries = [addr for addr in addrs if _is_v6(addr) == is_v6]
            fallbacks = [addr for addr in addrs if _is_v6(addr) != is_v6]
        if not fallbacks:
            return self._dial_serial(ctx, network, primaries)
        return self._dial_parallel(ctx, network, primaries, fallbacks)

    def _dial_parallel(
        self, ctx: Context, network: str, primaries: list[Addr], fallbacks: list[Addr]
    ) -> AnyConn:
        """Dial both lists of addresses, the second one later, and return the first connection."""
        results = Chan[Any]()
        returned = Chan[None]()
        errors: dict[bool, Exception] = {}
        primary_ctx, cancel_primary = context.with_cancel(ctx)
        fallback_ctx, cancel_fallback = context.with_cancel(ctx)
        timer = time.new_timer(self.fallback_delay)
        started = False
        try:
            dial = partial(self._dial_serial, primary_ctx, network, primaries)
            spawn(_race, (dial, True, results, returned))
            while True:
                case = select(recv(results), recv(timer.c if not started else None))
                if case[0] == 0:
                    conn, err, primary = case[1]
                    if err is None:
                        return conn  # type: ignore[no-any-return]
                    errors[primary] = err
                    if len(errors) == 2:
                        raise errors[True] from None
                    if started or not primary:
                        continue
                started = True
                dial = partial(self._dial_serial, fallback_ctx, network, fallbacks)
                spawn(_race, (dial, False, results, returned))
        finally:
            timer.stop()
            returned.close()
            cancel_primary()
            cancel_fallback()
            errors.clear()

    def _dial_serial(self, ctx: Context, network: str, addrs: list[Addr]) -> AnyConn:
        """Dial one address after the other, and return the first connection, or raise the first error."""
        first: Exception | None = None
        for i, addr in enumerate(addrs):
            err = ctx.err()
            if err is not None:
                raise op_error("dial", network, self.local_addr, addr, _map_error(ctx, err)) from None
            deadline = _deadline_of(ctx)
            if deadline is not None:
                left = time.until(deadline)
                share = max(left / (len(addrs) - i), min(left, _LEAST))
                if share < left:
                    deadline = time.now() + timedelta(seconds=share)
            try:
                return self._dial_one(ctx, network, addr, deadline)
            except OpError as raised:
                if first is None:
                    first = raised
        try:
            raise first or op_error("dial", network, None, None, AddrError("missing address", ""))
        finally:
            first = None

    def _dial_one(self, ctx: Context, network: str, addr: Addr, deadline: datetime | None) -> AnyConn:
        """Connect to one address."""
        try:
            for _ in range(3):
                conn = self._connect(ctx, network, addr, deadline)
                # A socket connects to itself if the system makes the dialed port its local one.
                if self.local_addr is not None or conn.local_addr() != conn.remote_addr():
                    break
                conn.close()
            return conn
        except (OSError, OverflowError, context.Canceled) as err:
            call = getattr(err, "call", "connect")
            raise op_error("dial", network, self.local_addr, addr, _map_error(ctx, err), call=call) from None

    def _connect(self, ctx: Context, network: str, addr: Addr, deadline: datetime | None) -> AnyConn:
        # The attribute may have been set since `__init__` checked it.
        keep_alive = keep_alive_period("Dialer", self.keep_alive, -inf)
        if isinstance(addr, UnixAddr):
            family = socket.AF_UNIX
        else:
            assert isinstance(addr, (TCPAddr, UDPAddr))
            if is_wildcard(addr.ip):
                # As in Go, an empty host is this machine.
                addr = addr._replace(ip="::1" if network.endswith("6") or addr.ip == "::" else "127.0.0.1")
            family = socket.AF_INET6 if _is_v6(addr) else socket.AF_INET
        kind = socket.SOCK_DGRAM if network in DATAGRAMS else socket.SOCK_STREAM
        if self.local_addr is not None:
            sock = bind(family, kind, network, _local(self.local_addr, family))
        else:
            sock = socket.socket(family, kind)
        try:
            sock.setblocking(False)
            if kind == socket.SOCK_DGRAM and family != getattr(socket, "AF_UNIX", None):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            conn = make_conn(sock, network, addr)
            _wait_connected(ctx, conn, sock, to_sockaddr(addr, family), deadline)
            if network.startswith("tcp"):
                set_up_tcp(sock, keep_alive)
            return conn
        except BaseException:
            sock.close()
            raise


def _race(dial: Callable[[], AnyConn], primary: bool, results: Chan[Any], returned: Chan[None]) -> None:
    """Send what dial returns or raises to results; close its connection if another one was returned."""
    conn: AnyConn | None = None
    err: Exception | None = None
    try:
        conn = dial()
    except Exception as raised:
        err = raised
    try:
        index, _, _ = select(send(results, (conn, err, primary)), recv(returned))
    except BaseException:
        index = 1
        raise
    finally:
        if conn is not None and index == 1:
            conn.close()


def _wait_connected(
    ctx: Context, fd: FD, sock: socket.socket, sockaddr: Any, deadline: datetime | None
) -> None:
    """Connect a non-blocking socket."""
    if deadline is not None:
        fd._set_deadline(WRITE, monotonic("Dialer", deadline))
    stop: Callable[[], bool] | None = None
    if ctx.done() is not None:

        def interrupt() -> None:
            with suppress(OSError):
                fd._set_deadline(WRITE, _PAST)

        stop = context.after_func(ctx, interrupt)
    try:
        try:
            fd._call(WRITE, _connector(sock, sockaddr))
        except BaseException:
            fd._close()
            raise
    finally:
        if stop is not None:
            stop()
    fd._set_deadline(WRITE, 0)
    if ctx.err() is not None:
        fd._close()
        raise TimeoutError("i/o timeout")


def _connector(sock: socket.socket, sockaddr: Any) -> Callable[[], None]:
    """Return a function that begins to connect sock; when called again, it returns the outcome.

    It raises `BlockingIOError` while there is no outcome, and `OSError` if the connection fails.
    """
    begun = False

    def step() -> None:
        nonlocal begun
        if begun:
            number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if number == 0:
                try:
                    sock.getpeername()
                    return
                except OSError:
                    # Woken too early.
                    raise BlockingIOError from None
        else:
            begun = True
            number = sock.connect_ex(sockaddr)
            if number == 0:
                return
        if number in _PENDING:
            raise BlockingIOError
        raise _error_of(number)

    return step


def _error_of(number: int) -> OSError:
    """Make the OSError of an error number."""
    # Not a BlockingIOError: a Unix socket whose listener's queue is full gets EAGAIN, and no event follows.
    text = os.strerror(number)
    if number in (errno.EAGAIN, errno.EWOULDBLOCK):
        err = OSError(text)
        err.errno, err.strerror = number, text
        return err
    return OSError(number, text)


def _map_error(ctx: Context, err: BaseException) -> BaseException:
    """Return the error for err in Go's words, if ctx or a deadline caused it; else err."""
    ended = ctx.err()
    if isinstance(err, TimeoutError) and err.errno is None:
        if ended is not None and not isinstance(ended, TimeoutError):
            return OSError("operation was canceled")
        return TimeoutError("i/o timeout")
    if isinstance(err, context.Canceled):
        return OSError("operation was canceled")
    return err


def _deadline_of(ctx: Context) -> datetime | None:
    return ctx.deadline()[0]


def _is_v6(addr: Addr) -> bool:
    return isinstance(addr, (TCPAddr, UDPAddr)) and ":" in addr.ip


def _suitable(addrs: list[Addr], local: Addr) -> list[Addr]:
    """List the addresses that can be dialed from local."""
    if type(local) is not type(addrs[0]):
        raise AddrError("mismatched local address type", str(local))
    if isinstance(local, UnixAddr) or is_wildcard(getattr(local, "ip", "")):
        return addrs
    found = [addr for addr in addrs if is_wildcard(getattr(addr, "ip", "")) or _is_v6(addr) == _is_v6(local)]
    if not found:
        raise AddrError("no suitable address found", "")
    return found


def _local(addr: Addr, family: int) -> Addr:
    if isinstance(addr, (TCPAddr, UDPAddr)) and family == socket.AF_INET and addr.ip == "::":
        local: InetAddr = addr._replace(ip="")
        return local
    return addr


@overload
def dial(network: _TCP, address: str, /) -> TCPConn: ...
@overload
def dial(network: _UDP, address: str, /) -> UDPConn: ...
@overload
def dial(network: _Unix, address: str, /) -> UnixConn: ...
@overload
def dial(network: str, address: str, /) -> AnyConn: ...
def dial(network: str, address: str, /) -> AnyConn:
    """Connect to an address: Go's net.Dial.

    network is "tcp", "tcp4", "tcp6", "udp", "udp4", "udp6", "unix" or "unixgram".  address is "host:port",
    "[ipv6]:port" or a path; without a host, it is an address of this machine.  A host name is looked up, and
    its addresses are tried one after the other, those of IPv4 and those of IPv6 in parallel.  `Dialer` has
    options.

    Raises an `OpError`, which is also an instance of the cause's class: `ConnectionRefusedError`,
    `TimeoutError`, `DNSError`, `AddrError`, `UnknownNetworkError`, and so on.

    >>> from gochan import net
    >>> with net.listen("tcp", "127.0.0.1:0") as listener, net.dial("tcp", str(listener.addr())) as conn:
    ...     print(conn.remote_addr() == listener.addr())
    True
    """
    return Dialer().dial(network, address)


@overload
def dial_timeout(network: _TCP, address: str, d: float | timedelta, /) -> TCPConn: ...
@overload
def dial_timeout(network: _UDP, address: str, d: float | timedelta, /) -> UDPConn: ...
@overload
def dial_timeout(network: _Unix, address: str, d: float | timedelta, /) -> UnixConn: ...
@overload
def dial_timeout(network: str, address: str, d: float | timedelta, /) -> AnyConn: ...
def dial_timeout(network: str, address: str, d: float | timedelta, /) -> AnyConn:
    """Connect to an address within d, a number of seconds or a timedelta: Go's net.DialTimeout.

    d includes the lookup of a name.  Raises what `dial` raises.

    >>> from gochan import net
    >>> with net.listen("tcp", "127.0.0.1:0") as listener:
    ...     net.dial_timeout("tcp", str(listener.addr()), 5).close()
    """
    return Dialer(timeout=d).dial(network, address)
