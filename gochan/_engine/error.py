"""The runtime's exceptions (Go's runtime/error.go).

Users handle two of them: `Panic`, which `panic(v)` and the runtime's own errors raise, and `Deadlock`, which
is raised in main when no goroutine can ever run again.  The other two end a goroutine and must not be
handled, so they derive from BaseException and `except Exception` does not catch them: `Goexit` ends the
goroutine that raises it, `Unwind` ends all goroutines when the program ends.
"""

from __future__ import annotations

NIL_PANIC = "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"


class Panic(RuntimeError):
    """A panic: raised by `panic(v)`, and by the runtime for errors such as a send on a closed channel.

    `value` is the value given to `panic`.  For the runtime's errors it is Go's text, such as
    `send on closed channel`.  Go's panics and its runtime.Error.

    >>> Panic("no such job").value
    'no such job'
    """

    value: object

    def __init__(self, value: object = None) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        return str(self.value)


class Deadlock(RuntimeError):
    """All goroutines wait, and no timer, signal, thread or I/O is left that could wake one of them.

    Raised in the main goroutine, at the line where it waits.  The text is Go's, followed by the stack of each
    goroutine and what it waits for.  A note, which a traceback shows after the text, names the command that
    draws what led to the deadlock.  Go's fatal error `all goroutines are asleep - deadlock!`.

    >>> from gochan import Chan, Deadlock, run
    >>> try:
    ...     run(Chan[int]().recv)
    ... except Deadlock as fault:
    ...     print(str(fault).splitlines()[0])
    all goroutines are asleep - deadlock!
    """


class ErrClosed(OSError):
    """A connection or listener was used after its `close`, or closed while a goroutine waited in it.

    Go's net.ErrClosed.

    >>> from gochan import net
    >>> listener = net.listen("tcp", "127.0.0.1:0")
    >>> listener.close()
    >>> try:
    ...     listener.accept()
    ... except net.ErrClosed as err:
    ...     print(str(err).rpartition(": ")[2])
    use of closed network connection
    """

    def __init__(self, message: str = "use of closed network connection") -> None:
        super().__init__(message)


class Goexit(BaseException):
    """Raised by `runtime.goexit()` to end the goroutine after its deferred calls."""


class Unwind(BaseException):
    """Thrown into each remaining goroutine when the program ends, so that its `finally` blocks run."""


# The public modules that export them, which tracebacks show.
for _public in (Panic, Deadlock):
    _public.__module__ = "gochan"
ErrClosed.__module__ = "gochan.net"


def set_context(exc: BaseException, context: BaseException | None) -> None:
    """Set exc's `__context__`, also if its class lets no attribute be set, as a frozen dataclass does."""
    BaseException.__setattr__(exc, "__context__", context)
