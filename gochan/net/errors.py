"""The errors of package net, in Go's words (Go's net/net.go)."""

from __future__ import annotations

import errno
from functools import cache
from socket import gaierror
from typing import Any

from .._engine.error import ErrClosed
from .addr import Addr

__all__: list[str] = []

# Errors after which the operation may succeed if it is tried again.
_TEMPORARY = {
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
    errno.ECONNABORTED,
    errno.ECONNRESET,
    errno.EINTR,
}


class OpError(OSError):
    """An operation of package net has failed.

    `op` is the operation ("read", "dial"), `net` the network ("tcp"), `source` the local address, `addr` the
    address that the operation is for, the remote one of a connection; each may be None.  `err` is what went
    wrong, and `errno` its number if it is the system's.

    The exception is also an instance of the class of `err`: `ConnectionRefusedError`, `TimeoutError`,
    `net.ErrClosed`, and so on, so that `except` clauses work as with Python's sockets.  Go's net.OpError.

    >>> from gochan import net
    >>> try:
    ...     net.dial("tcp", "127.0.0.1:1")
    ... except ConnectionRefusedError as err:
    ...     print(err)
    dial tcp 127.0.0.1:1: connect: connection refused
    """

    def __init__(
        self, op: str, net: str, source: Addr | None, addr: Addr | None, err: BaseException, /
    ) -> None:
        number = getattr(err, "errno", None)
        OSError.__init__(self, number, explain(err))
        self.op = op
        self.net = net
        self.source = source
        self.addr = addr
        self.err = err
        # The system call that failed.
        self._call = ""

    def __str__(self) -> str:
        text = self.op
        if self.net:
            text += f" {self.net}"
        if self.source is not None:
            text += f" {self.source}"
        if self.addr is not None:
            text += f"{' ' if self.source is None else '->'}{self.addr}"
        call = f"{self._call}: " if self._call else ""
        return f"{text}: {call}{explain(self.err)}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _op_error, (self.op, self.net, self.source, self.addr, self.err, self._call)

    def timeout(self) -> bool:
        """Return whether a deadline has passed: Go's Error.Timeout."""
        return isinstance(self.err, TimeoutError)

    def temporary(self) -> bool:
        """Return whether the operation may succeed if it is tried again: Go's Error.Temporary."""
        return self.timeout() or self.errno in _TEMPORARY


class AddrError(ValueError):
    """An address is malformed, such as one without a port.  Go's net.AddrError.

    `err` says what is wrong, `addr` is the address.

    >>> from gochan import net
    >>> try:
    ...     net.split_host_port("localhost")
    ... except net.AddrError as err:
    ...     print(err)
    address localhost: missing port in address
    """

    def __init__(self, err: str, addr: str, /) -> None:
        super().__init__(err, addr)
        self.err = err
        self.addr = addr

    def __str__(self) -> str:
        return f"address {self.addr}: {self.err}" if self.addr else self.err


class UnknownNetworkError(ValueError):
    """The network's name is unknown, or the operation does not support it.  Go's UnknownNetworkError.

    >>> from gochan import net
    >>> try:
    ...     net.listen("carrier pigeon", ":80")
    ... except net.UnknownNetworkError as err:
    ...     print(err)
    listen carrier pigeon: unknown network carrier pigeon
    """

    def __init__(self, network: str, /) -> None:
        super().__init__(network)
        self.network = network

    def __str__(self) -> str:
        return f"unknown network {self.network}"


class DNSError(gaierror):
    """A name could not be looked up.  Go's net.DNSError.

    `err` says why, `name` is the name, and `is_not_found` whether it does not exist.

    >>> from gochan import net
    >>> try:
    ...     net.lookup_host("does-not-exist.invalid")
    ... except net.DNSError as err:
    ...     print(err.name, err.is_not_found)
    does-not-exist.invalid True
    """

    def __init__(
        self, err: str, name: str, number: int | None = None, /, *, is_not_found: bool = False
    ) -> None:
        OSError.__init__(self, number, err)
        self.err = err
        self.name = name
        self.is_not_found = is_not_found

    def __str__(self) -> str:
        return f"lookup {self.name}: {self.err}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _dns_error, (self.err, self.name, self.errno, self.is_not_found)


class ErrClosedPipe(ErrClosed, BrokenPipeError):
    """Raised by both ends of `net.pipe` once one is closed: Go's io.ErrClosedPipe."""

    def __init__(self) -> None:
        super().__init__("io: read/write on closed pipe")


def _dns_error(err: str, name: str, number: int | None, is_not_found: bool) -> DNSError:
    return DNSError(err, name, number, is_not_found=is_not_found)


def op_error(
    op: str, net: str, source: Addr | None, addr: Addr | None, err: BaseException, *, call: str = ""
) -> OpError:
    """Make the OpError that is of err's class, too; `call` names the system call that failed."""
    kind: Any = type(err)
    made = _class_for(kind)(op, net, source, addr, err)
    if made.errno is not None and not isinstance(err, DNSError):
        made._call = call
    return made


def _op_error(*given: Any) -> OpError:
    *arguments, call = given
    return op_error(*arguments, call=call)


@cache
def _class_for(kind: type[BaseException]) -> type[OpError]:
    if issubclass(OpError, kind):
        return OpError
    names = {"__module__": "gochan.net", "__doc__": OpError.__doc__}
    while True:
        try:
            return type("OpError", (OpError, kind), names)
        except TypeError:
            # The instances of UnicodeError's classes have a layout of their own.  They are ValueErrors.
            kind = kind.__mro__[1]


def explain(err: BaseException) -> str:
    """Return what is wrong in Go's words: the system's begin with a small letter."""
    strerror = getattr(err, "strerror", None)
    if strerror is not None and not isinstance(err, (OpError, DNSError)):
        return str(strerror).lower()
    return str(err)
