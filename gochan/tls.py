r"""TLS over any connection, configured by Python's `ssl.SSLContext`: Go's package crypto/tls.

Start with `dial` and `listen`; `client` and `server` make a TLS connection over any `net.Conn`.

- The configuration is an `ssl.SSLContext`: for a client `ssl.create_default_context()`, which checks the
  server's certificate and name; for a server `ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)`, whose
  `load_cert_chain` loads its certificate and key.
- The handshake runs at the first read or write, or in `Conn.handshake`.  In a server, this is in the
  connection's own goroutine, so a slow client does not hold up the others.
- Errors are Python's: `ssl.SSLCertVerificationError` for a certificate that is refused, `ssl.SSLError` for
  other faults of the protocol.  Errors of the underlying connection are its own, such as `net.OpError`.

>>> import ssl
>>> from gochan import net, run, tls
>>> def fetch(host: str) -> bytes:
...     with tls.dial("tcp", f"{host}:443", ssl.create_default_context()) as conn:
...         conn.write(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
...         return conn.read()
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import cache, partial
from operator import call
from types import TracebackType
from typing import Any, NamedTuple, Self, final

from . import context, net, time
from ._engine.error import ErrClosed
from ._engine.impl import Mutex
from ._engine.keep import keep
from .context import Context, check_context
from .io import ErrUnexpectedEOF
from .net.addr import Addr
from .net.conn import SIZE, Data, Writable
from .net.errors import op_error

__all__ = [
    "Conn",
    "ConnectionState",
    "Dialer",
    "Listener",
    "client",
    "dial",
    "dial_with_dialer",
    "listen",
    "new_listener",
    "server",
]

# The largest size of a record, and how much is encrypted before it is sent, in bytes.
_RECORD = 16384
_CHUNK = 4 * _RECORD
_RENEGOTIATION = "tls: write during a renegotiation; set ssl.OP_NO_RENEGOTIATION to refuse them, as Go does"
# For how many seconds close tries to send close_notify, as in Go.
_CLOSE_TIMEOUT = 5


class ConnectionState(NamedTuple):
    """What is known about a TLS connection: Go's tls.ConnectionState.  `Conn.connection_state` returns it.

    - `version`, such as "TLSv1.3", and `cipher_suite`, such as "TLS_AES_256_GCM_SHA384", are "" before the
      handshake.
    - `negotiated_protocol` is the protocol that ALPN has chosen, "" if none.
    - `server_name` is the name that the client has asked for, "" if none.
    - `peer_certificates` are the peer's certificates in DER, its own first; before Python 3.13 its own only.
    - `peer_certificate` is the first as `ssl.SSLSocket.getpeercert` describes it; {} if it was not verified,
      None if there is none.

    >>> from gochan import tls
    >>> tls.ConnectionState().handshake_complete
    False
    """

    version: str = ""
    handshake_complete: bool = False
    did_resume: bool = False
    cipher_suite: str = ""
    negotiated_protocol: str = ""
    server_name: str = ""
    peer_certificates: tuple[bytes, ...] = ()
    peer_certificate: dict[str, Any] | None = None


class _UnexpectedEOF(ssl.SSLEOFError, ErrUnexpectedEOF):
    """The peer has closed the connection without close_notify: data may be missing."""

    def __init__(self) -> None:
        super().__init__(ssl.SSL_ERROR_EOF, "unexpected EOF")


class _ServerNames:
    """An sni_callback that stores the name that a client asks for, and calls the earlier callback."""

    def __init__(self, then: Any) -> None:
        self._then = then

    def __call__(self, tls: Any, name: str | None, config: ssl.SSLContext) -> Any:
        tls.gochan_server_name = name or ""
        return None if self._then is None else self._then(tls, name, config)


@final
class Conn(net.Conn):
    """A TLS connection, which `client`, `server`, `dial` or `Listener.accept` makes: Go's tls.Conn.

    It is a `net.Conn`: see there for what reads, writes, deadlines and `makefile` do.  One goroutine may read
    while another writes.  The handshake runs at the first of these.

    - A read whose deadline has passed can be made again.  After a write has failed, even by its deadline, the
      stream is broken, and all later writes raise the same error.
    - If a signal handler raises in the middle of a read, no data is lost, with one exception: if it raises
      while Python's ssl module decrypts data, that data is lost, since the module doesn't say how much it has
      read. Later reads raise an OSError.
    - When the peer closes the connection without the close_notify of TLS, `read` raises an error that is an
      `ssl.SSLEOFError` and an `io.ErrUnexpectedEOF`: the data may be cut off.

    >>> import ssl
    >>> from gochan import net, tls
    >>> conn = tls.client(net.pipe()[0], server_hostname="localhost")
    >>> conn.connection_state().handshake_complete
    False
    >>> conn.close()
    """

    # Invariants
    # - `_tls`, `_incoming` and `_outgoing` are used only under `_lock`, which is never held in a wait.
    #   OpenSSL's objects are not safe for use by several threads.
    # - Data is sent in the order in which it was encrypted: only the holder of `_out` empties `_outgoing`.
    #   If a reader finds `_out` held, it leaves its data in `_outgoing` for the holder.
    # - `_incoming` is filled only by the holder of `_in`.
    # - A signal handler may raise after any call in this class.  So data that must not be lost is read from
    #   OpenSSL and from the underlying connection with `keep`, which puts it into a list.  The `except` block
    #   finds it there.
    # - Until `_complete` is set, only the holder of `_handshake` has `_in` and `_out`.
    __slots__ = (
        "__weakref__",
        "_broken",
        "_closed",
        "_complete",
        "_conn",
        "_deferred",
        "_handshake",
        "_handshake_error",
        "_in",
        "_incoming",
        "_lock",
        "_out",
        "_outgoing",
        "_plain",
        "_read_error",
        "_received",
        "_shut",
        "_ssl",
        "_tls",
    )

    _conn: net.Conn
    # An SSLObject; Any, because its stubs lack the read into a buffer, which returns a number.
    _tls: Any
    # The C object that the SSLObject calls.
    _ssl: Any
    _incoming: ssl.MemoryBIO
    _outgoing: ssl.MemoryBIO
    _lock: Mutex
    _handshake: Mutex
    _in: Mutex
    _out: Mutex
    _complete: bool
    _handshake_error: BaseException | None
    # Data that was read from the underlying connection and not decrypted yet.
    _received: list[bytes]
    # Data that was decrypted and not returned yet: by close_write, or by a read that an exception has ended.
    _plain: bytes
    # The error of a read whose data was lost; all later reads raise it, too.
    _read_error: Exception | None
    # The error of a write, after which the stream is broken.
    _broken: Exception | None
    # How many bytes of _outgoing wait for the next write: a server's session tickets.
    _deferred: int
    # close_notify was sent.
    _shut: bool
    # close was called.
    _closed: bool

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a tls.Conn is made by tls.client, tls.server, tls.dial or Listener.accept")

    @classmethod
    def _make(
        cls, conn: net.Conn, config: ssl.SSLContext, server_side: bool, server_hostname: str | None
    ) -> Self:
        if config.check_hostname and not server_side and not server_hostname:
            # OpenSSL would not check it.
            raise ValueError("tls: config has check_hostname set: give the server's name as server_hostname")
        self = object.__new__(cls)
        self._conn = conn
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = config.wrap_bio(self._incoming, self._outgoing, server_side, server_hostname)
        self._ssl = getattr(self._tls, "_sslobj", self._tls)
        self._received = []
        self._lock = Mutex()
        self._handshake = Mutex()
        self._in = Mutex()
        self._out = Mutex()
        self._complete = False
        self._handshake_error = None
        self._plain = b""
        self._read_error = self._broken = None
        self._deferred = 0
        self._shut = False
        self._closed = False
        return self

    def __repr__(self) -> str:
        closed = "closed " if self._closed else ""
        return f"<{closed}tls.Conn {self.local_addr()}->{self.remote_addr() or ''}>"

    # --- reading and writing

    def read(self, n: int = SIZE, /) -> bytes:
        """Read at most n bytes: see net.Conn.read.  Also raises `ssl.SSLError`.  Go's Conn.Read."""
        if not self._complete:
            self.handshake()
        if n <= 0:
            if n < 0:
                raise ValueError(f"Conn.read: got {n}, want 0 or more bytes")
            return b""
        got: list[bytes] = []
        try:
            with self._in:
                self._receive(n, None, got)
        except BaseException:
            if got:
                # Keep the data for the next read.
                self._plain = got[0] + self._plain
            raise
        return got[0]

    def read_into(self, buffer: Writable, /) -> int:
        """Read into a writable buffer: see net.Conn.read_into.  Also raises `ssl.SSLError`."""
        if not self._complete:
            self.handshake()
        got: list[int] = []
        try:
            with memoryview(buffer) as view, view.cast("B") as into:
                if not len(into):
                    return 0
                with self._in:
                    self._receive(len(into), into, got)
        except BaseException:
            if got:
                # As in read.
                self._plain = bytes(memoryview(buffer).cast("B")[: got[0]]) + self._plain
            raise
        return got[0]

    def write(self, data: Data, /) -> int:
        """Write all of data: see net.Conn.write.  Also raises `ssl.SSLError`.  Go's Conn.Write.

        Raises `BrokenPipeError` after `close_write`.
        """
        if not self._complete:
            self.handshake()
        with memoryview(data) as view, view.cast("B") as rest:
            total = len(rest)
            with self._out:
                self._check_writable()
                self._write_all(rest)
        self._flush()
        return total

    # A loop that holds a lock is a function of its own: if a signal handler raises where a loop jumps back,
    # CPython 3.13 leaves the `with` around the loop without calling its exit.

    def _write_all(self, data: memoryview) -> None:
        """Encrypt and send data; the caller holds `_out`."""
        sent = 0
        while sent < len(data):
            with self._lock:
                sent = self._encrypt(data, sent, min(sent + _CHUNK, len(data)))
            self._send()

    def _encrypt(self, data: memoryview, sent: int, end: int) -> int:
        """Encrypt data from sent to end, and return end; the caller holds `_lock`."""
        try:
            while sent < end:
                # One record.
                sent += self._tls.write(data[sent:end])
        except ssl.SSLWantReadError:
            raise ssl.SSLError(_RENEGOTIATION) from None
        return sent

    def _receive(self, n: int, into: memoryview | None, got: list[Any]) -> None:
        """Put into got what `ssl.SSLObject.read` returns, waiting: bytes, or how many are in `into`."""
        while True:
            try:
                with self._lock:
                    self._decrypt(n, into, got)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLZeroReturnError:
                got.append(b"" if into is None else 0)
            except ssl.SSLError:
                # Send the alert that OpenSSL has made.
                self._flush()
                raise
            self._flush()
            if got:
                return
            self._fill()

    def _decrypt(self, n: int, into: memoryview | None, got: list[Any]) -> None:
        """Do what `_receive` does, without waiting; the caller holds `_lock`."""
        if self._closed:
            raise self._error_closed("read")
        n = min(n, _RECORD)
        if self._read_error is not None:
            raise self._read_error.with_traceback(None)
        if not self._plain:
            self._decrypt_record(n, into, got)
            return
        data: Any = self._plain[:n]
        rest = self._plain[n:]
        if into is not None:
            into[: len(data)] = data
            data = len(data)
        # No call between these two.
        got += (data,)
        self._plain = rest

    def _decrypt_record(self, n: int, into: memoryview | None, got: list[Any]) -> None:
        some = self._incoming.pending or self._ssl.pending()
        args: Any = (n,) if into is None else (n, into)
        try:
            keep(got, self._ssl.read, *args)
        except ssl.SSLError:
            raise
        except BaseException:
            if some and not got:
                # A signal handler has raised in Python's read, which then drops the data that it has
                # decrypted.
                self._read_error = OSError("tls: a read was interrupted, and data is lost")
            raise

    def _fill(self) -> None:
        """Read more of what the peer has sent; the caller holds `_in`."""
        received = self._received
        if not received:
            keep(received, self._conn.read, SIZE)
        if not received[0]:
            received.clear()
            raise _UnexpectedEOF
        with self._lock:
            # By map, so that a signal handler cannot raise between the two: the data would be written twice.
            steps: Any = (partial(self._incoming.write, received[0]), received.clear)
            list(map(call, steps))

    def _send(self) -> None:
        """Send what is encrypted; the caller holds `_out`."""
        data: list[bytes] = []
        sent: list[int] = []
        try:
            with self._lock:
                keep(data, self._outgoing.read)
                self._deferred = 0
            if data[0] and self._broken is None:
                keep(sent, self._conn.write, data[0])
        except BaseException as err:
            if data and data[0] and not sent and self._broken is None:
                # A part of a record may have been sent.
                self._broken = err if isinstance(err, Exception) else OSError("tls: a write was interrupted")
            raise

    def _flush(self) -> None:
        """Send what OpenSSL has produced while reading, such as the answer to an update of keys.

        An error is raised by the next write.
        """
        while self._outgoing.pending > self._deferred and self._send_if_free():
            pass

    def _send_if_free(self, prepare: Callable[[], object] | None = None) -> bool:
        """Call prepare and send what is encrypted, if `_out` is free; return whether it was."""
        locked: list[bool] = []
        try:
            keep(locked, self._out.try_lock)
            if locked[0]:
                if prepare is not None:
                    prepare()
                with suppress(OSError):
                    self._send()
            return locked[0]
        finally:
            if locked and locked[0]:
                self._out.unlock()

    def _check_writable(self) -> None:
        if self._closed:
            raise self._error_closed("write")
        if self._shut:
            raise BrokenPipeError("tls: protocol is shutdown")
        if self._broken is not None:
            raise self._broken.with_traceback(None)

    def _error_closed(self, op: str) -> net.OpError:
        laddr = self.local_addr()
        err = ErrClosed("use of closed network connection")
        return op_error(op, laddr.network(), laddr, self.remote_addr(), err)

    # --- the handshake

    def handshake(self) -> None:
        """Run the handshake, unless it is done: Go's Conn.Handshake.

        Most programs need not call it.  Raises `ssl.SSLCertVerificationError` if the peer's certificate is
        refused, `ssl.SSLError`, or what reading and writing raise; later calls raise it again.
        """
        self.handshake_context(context.background())

    def handshake_context(self, ctx: Context, /) -> None:
        """Run the handshake, unless it is done or ctx ends first: Go's Conn.HandshakeContext.

        When ctx ends, closes the connection, and raises the context's error.  Raises what `handshake` raises,
        and `TypeError` if ctx is not a context.
        """
        check_context("Conn.handshake_context", ctx)
        if self._complete:
            return
        with self._handshake:
            if self._complete:
                return
            if self._handshake_error is not None:
                raise self._handshake_error.with_traceback(None)
            if ctx.done() is None:
                self._shake_hands()
                return
            stops: list[Callable[[], bool]] = []
            try:
                keep(stops, context.after_func, ctx, self._conn.close)
                self._shake_hands()
                if stops[0]():
                    return
            except BaseException as raised:
                stopped = not stops or stops[0]()
                if stopped or not isinstance(raised, Exception) or ctx.err() is None:
                    raise
            err = ctx.err()
            assert err is not None
            self._conn.close()
            self._complete = False
            self._handshake_error = err
            raise err

    def _shake_hands(self) -> None:
        try:
            with self._in, self._out:
                self._exchange()
        except Exception as err:
            self._handshake_error = err
            raise

    def _exchange(self) -> None:
        """Send and receive what the handshake wants; the caller holds `_in` and `_out`."""
        while not self._complete:
            failure: ssl.SSLError | None = None
            complete = False
            with self._lock:
                if self._closed:
                    raise self._error_closed("handshake")
                if self._broken is not None:
                    raise self._broken.with_traceback(None)
                try:
                    self._tls.do_handshake()
                    complete = True
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError as err:
                    failure = err
            if failure is not None:
                # Send the alert that OpenSSL has made.
                with suppress(OSError):
                    self._send()
                try:
                    raise failure
                finally:
                    failure = None
            if complete and self._tls.server_side and self._tls.version() == "TLSv1.3":
                # What is left to send are session tickets.  A client that only writes does not read them.  If
                # they were sent now, the write could block, and when the client closes the connection with
                # unread data, its system may discard what the client has sent.
                self._deferred = self._outgoing.pending
            else:
                self._send()
            if complete:
                self._complete = True
            else:
                self._fill()

    # --- the end

    def close_write(self) -> None:
        """Send close_notify, after which data can be read but not written: Go's Conn.CloseWrite.

        Raises `ssl.SSLError` before the handshake is complete, and what writing raises.
        """
        if not self._complete:
            raise ssl.SSLError("tls: close_write called before handshake complete")
        with self._out:
            if self._closed:
                raise self._error_closed("close")
            if self._broken is not None:
                raise self._broken.with_traceback(None)
            self._shut_down()
            self._send()

    def close(self) -> None:
        """Send close_notify, for at most 5 s, and close the connection: see net.Conn.close.

        If a write is in progress, it ends with `ErrClosed`, and no close_notify is sent.  Errors in sending
        it are dropped.  Go's Conn.Close.
        """
        if self._closed:
            return
        self._closed = True
        try:
            if self._complete and self._broken is None:
                self._send_if_free(self._say_goodbye)
        finally:
            self._conn.close()

    def _say_goodbye(self) -> None:
        """Encrypt close_notify, and limit the time to send it; the caller holds `_out`."""
        self._shut_down()
        with suppress(OSError):
            self._conn.set_write_deadline(time.now() + timedelta(seconds=_CLOSE_TIMEOUT))

    def _shut_down(self) -> None:
        """Encrypt close_notify; the caller holds `_out`."""
        with self._lock:
            if self._shut:
                return
            self._shut = True
            # OpenSSL also reads the peer's close_notify, and fails if data comes before it.
            self._decrypt_pending()
            held: list[bytes] = []
            try:
                keep(held, self._incoming.read)
                # The peer has not closed yet; or the stream is broken.
                with suppress(ssl.SSLError):
                    self._tls.unwrap()
            finally:
                if held:
                    self._incoming.write(held[0])

    def _decrypt_pending(self) -> None:
        """Keep the data that OpenSSL has decrypted; the caller holds `_lock`."""
        got: list[bytes] = []
        try:
            while n := self._tls.pending():
                keep(got, self._ssl.read, n)
        finally:
            self._plain += b"".join(got)

    # --- what is known

    def connection_state(self) -> ConnectionState:
        """Return what is known about the connection, after the handshake: Go's Conn.ConnectionState."""
        with self._lock:
            if not self._complete:
                return ConnectionState()
            tls = self._tls
            own = tls.getpeercert(True)
            chain = tls.get_unverified_chain() if own and hasattr(tls, "get_unverified_chain") else None
            return ConnectionState(
                version=tls.version(),
                handshake_complete=True,
                did_resume=bool(tls.session_reused),
                cipher_suite=tls.cipher()[0],
                negotiated_protocol=tls.selected_alpn_protocol() or "",
                server_name=tls.server_hostname or getattr(tls, "gochan_server_name", ""),
                peer_certificates=tuple(chain) if chain else (own,) if own else (),
                peer_certificate=tls.getpeercert(),
            )

    def net_conn(self) -> net.Conn:
        """Return the underlying connection, which only TLS may read and write: Go's Conn.NetConn."""
        return self._conn

    def local_addr(self) -> Addr:
        """Return the address of this end: see net.Conn.local_addr.  Go's Conn.LocalAddr."""
        return self._conn.local_addr()

    def remote_addr(self) -> Addr | None:
        """Return the address of the other end: see net.Conn.remote_addr.  Go's Conn.RemoteAddr."""
        return self._conn.remote_addr()

    def set_deadline(self, t: datetime | None, /) -> None:
        """Set when reads and writes end with TimeoutError: see net.Conn.set_deadline.  Go's Conn.SetDeadline.

        After a write has ended in this way, nothing more can be written.
        """
        self._conn.set_deadline(t)

    def set_read_deadline(self, t: datetime | None, /) -> None:
        """Set when reads end with TimeoutError: see net.Conn.set_deadline.  Go's Conn.SetReadDeadline."""
        self._conn.set_read_deadline(t)

    def set_write_deadline(self, t: datetime | None, /) -> None:
        """Set when writes end with TimeoutError: see `set_deadline`.  Go's Conn.SetWriteDeadline."""
        self._conn.set_write_deadline(t)


def client(
    conn: net.Conn, config: ssl.SSLContext | None = None, /, *, server_hostname: str | None = None
) -> Conn:
    """Make a TLS connection over conn, as the client: Go's tls.Client.

    config is `ssl.create_default_context()` if it is None.  server_hostname is the name that the server's
    certificate must have, which is also sent to the server.

    Raises `TypeError` if config is not an `ssl.SSLContext`, `ValueError` if it checks the server's name and
    none is given.

    >>> import ssl
    >>> from gochan import net, tls
    >>> with tls.client(net.pipe()[0], ssl.create_default_context(), server_hostname="go.dev") as conn:
    ...     conn.connection_state().version
    ''
    """
    return Conn._make(conn, _config("client", config), False, server_hostname)


def server(conn: net.Conn, config: ssl.SSLContext, /) -> Conn:
    """Make a TLS connection over conn, as the server: Go's tls.Server.

    config needs a certificate: see `ssl.SSLContext.load_cert_chain`.  Its sni_callback is replaced by one
    that stores the client's server_name and calls the previous one.
    Raises `TypeError` if config is not an `ssl.SSLContext`.

    >>> import ssl
    >>> from gochan import net, tls
    >>> with tls.server(net.pipe()[0], ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as conn:
    ...     conn.connection_state().version
    ''
    """
    config = _config("server", config)
    if not isinstance(config.sni_callback, _ServerNames):
        config.sni_callback = _ServerNames(config.sni_callback)
    return Conn._make(conn, config, True, None)


# --- dialing and listening -------------------------------------------------------------------------------


@final
class Dialer:
    """Dials with a configuration and options: Go's tls.Dialer.

    `net_dialer` has the options of the connection, `config` and `server_hostname` are as for `dial`.

    >>> from gochan import net, tls
    >>> dialer = tls.Dialer(net_dialer=net.Dialer(timeout=5))
    >>> try:
    ...     dialer.dial("tcp", "127.0.0.1:1")
    ... except ConnectionRefusedError as err:
    ...     print(err)
    dial tcp 127.0.0.1:1: connect: connection refused
    """

    __slots__ = ("config", "net_dialer", "server_hostname")

    def __init__(
        self,
        *,
        net_dialer: net.Dialer | None = None,
        config: ssl.SSLContext | None = None,
        server_hostname: str | None = None,
    ) -> None:
        self.net_dialer = net_dialer
        self.config = config
        self.server_hostname = server_hostname

    def dial(self, network: str, address: str, /) -> Conn:
        """Connect, and run the handshake; see `tls.dial`.  Go's Dialer.Dial."""
        return self.dial_context(context.background(), network, address)

    def dial_context(self, ctx: Context, network: str, address: str, /) -> Conn:
        """Connect, and run the handshake, unless ctx ends first; see `tls.dial`.  Go's Dialer.DialContext.

        The timeout and deadline of net_dialer are for both.  When ctx ends, raises what
        `net.Dialer.dial_context` raises, or the context's error.  Raises `TypeError` if ctx is not a context.
        """
        check_context("Dialer.dial_context", ctx)
        config = _config("dial", self.config)
        name = self.server_hostname
        if name is None:
            # A Unix socket's path has no port.
            name = (address.rpartition(":")[0] or address).removeprefix("[").removesuffix("]")
        dialer = self.net_dialer or net.Dialer()
        with ExitStack() as stack:
            ctx = dialer._limit(ctx, stack)
            below = dialer.dial_context(ctx, network, address)
            try:
                conn = Conn._make(below, config, False, name)
                conn.handshake_context(ctx)
            except BaseException:
                below.close()
                raise
            return conn


def dial(
    network: str,
    address: str,
    config: ssl.SSLContext | None = None,
    /,
    *,
    server_hostname: str | None = None,
) -> Conn:
    """Connect to an address, and run the handshake: Go's tls.Dial.

    network and address are those of `net.dial`.  config is `ssl.create_default_context()` if it is None.  The
    server's certificate must have the name server_hostname, by default the host of address.

    Raises what `net.dial` raises, `ssl.SSLCertVerificationError` if the certificate is refused, or another
    `ssl.SSLError`.

    >>> from gochan import tls
    >>> try:
    ...     tls.dial("tcp", "127.0.0.1:1")
    ... except ConnectionRefusedError as err:
    ...     print(err)
    dial tcp 127.0.0.1:1: connect: connection refused
    """
    return Dialer(config=config, server_hostname=server_hostname).dial(network, address)


def dial_with_dialer(
    dialer: net.Dialer,
    network: str,
    address: str,
    config: ssl.SSLContext | None = None,
    /,
    *,
    server_hostname: str | None = None,
) -> Conn:
    """Dial as `dial` does, with the options of a `net.Dialer`: Go's tls.DialWithDialer.

    Its timeout and deadline are for connecting and the handshake together.

    >>> from gochan import net, tls
    >>> try:
    ...     tls.dial_with_dialer(net.Dialer(timeout=5), "tcp", "127.0.0.1:1")
    ... except ConnectionRefusedError as err:
    ...     print(err)
    dial tcp 127.0.0.1:1: connect: connection refused
    """
    return Dialer(net_dialer=dialer, config=config, server_hostname=server_hostname).dial(network, address)


@final
class Listener:
    """Accepts TLS connections, as `listen` makes it: Go's net.Listener.

    `for conn in listener` accepts until the listener is closed: see `net.Listener`.

    >>> import ssl
    >>> from gochan import tls
    >>> with tls.listen("tcp", "127.0.0.1:0", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as listener:
    ...     listener.addr().network()
    'tcp'
    """

    __slots__ = ("_config", "_inner")

    def __init__(self, inner: net.Listener, config: ssl.SSLContext, /) -> None:
        self._inner = inner
        self._config = _config("Listener", config)
        # A context that is for clients only is refused here, not at the first connection.
        config.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), True)

    def __repr__(self) -> str:
        return f"<tls.Listener of {self._inner!r}>"

    def accept(self) -> Conn:
        """Wait for the next connection and return it, before its handshake: see net.Listener.accept."""
        return server(self._inner.accept(), self._config)

    def __iter__(self) -> Iterator[Conn]:
        """Accept connections until the listener is closed: see net.Listener."""
        for conn in self._inner:
            yield server(conn, self._config)

    def close(self) -> None:
        """Stop listening: see net.Listener.close."""
        self._inner.close()

    def addr(self) -> Addr:
        """Return the address that it listens on: see net.Listener.addr."""
        return self._inner.addr()

    def set_deadline(self, t: datetime | None, /) -> None:
        """Set when `accept` ends with TimeoutError: see net.Listener.set_deadline."""
        self._inner.set_deadline(t)

    def __enter__(self) -> Self:
        """Return the listener."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Close the listener."""
        self.close()


def listen(network: str, address: str, config: ssl.SSLContext, /) -> Listener:
    """Listen for TLS connections on an address: Go's tls.Listen.

    network and address are those of `net.listen`.  config needs a certificate: see
    `ssl.SSLContext.load_cert_chain`.  Raises what `net.listen` raises, `ssl.SSLError` if config is for
    clients only.

    >>> import ssl
    >>> from gochan import tls
    >>> with tls.listen("tcp", "127.0.0.1:0", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as listener:
    ...     listener.addr().ip
    '127.0.0.1'
    """
    inner = net.listen(network, address)
    try:
        return Listener(inner, config)
    except BaseException:
        inner.close()
        raise


def new_listener(inner: net.Listener, config: ssl.SSLContext, /) -> Listener:
    """Turn a listener into one for TLS connections: Go's tls.NewListener.

    >>> import ssl
    >>> from gochan import net, tls
    >>> inner = net.listen("tcp", "127.0.0.1:0")
    >>> with tls.new_listener(inner, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as listener:
    ...     listener.addr() == inner.addr()
    True
    """
    return Listener(inner, config)


def _config(call: str, config: object) -> ssl.SSLContext:
    if isinstance(config, ssl.SSLContext):
        return config
    if config is None and call in ("client", "dial"):
        return _default()
    raise TypeError(f"tls.{call}: got {config!r} as the configuration, want an ssl.SSLContext")


@cache
def _default() -> ssl.SSLContext:
    return ssl.create_default_context()
