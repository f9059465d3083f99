"""The exceptions of the runtime (Go's runtime/error.go).

Two are the user's: `Panic` is what `panic(v)` and the runtime's own faults raise, `Deadlock` is what main
gets when nobody can ever run again.  The other two end a goroutine and are nobody's to handle, so they
are BaseExceptions that `except Exception` lets pass: `Goexit` is the goroutine's own wish, `Unwind` the
program's end.
"""

from __future__ import annotations

NIL_PANIC = "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"


class Panic(RuntimeError):
    """A panic: what `panic(v)` raises, and what the runtime raises for its own faults, in Go's words.

    `value` is what `panic` was given; for a fault of the runtime it is the text, `send on closed channel`
    and the like.  Answers to Go's panics and its runtime.Error.

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
    """Every goroutine waits, and no timer, signal, thread or I/O is left that could wake one.

    Raised in the main goroutine, at the line where it waits.  Its text is Go's, then a stack for each
    goroutine with what it waits for.  Answers to Go's fatal error `all goroutines are asleep - deadlock!`.

    >>> from gochan import Chan, Deadlock, run
    >>> try:
    ...     run(Chan[int]().recv)
    ... except Deadlock as fault:
    ...     print(str(fault).splitlines()[0])
    all goroutines are asleep - deadlock!
    """


class Goexit(BaseException):
    """Ends the goroutine that raises it, after its deferred calls: `runtime.goexit()`."""


class Unwind(BaseException):
    """Thrown into each goroutine that is left when the program ends, so that its `finally` blocks run."""


# Where the user finds them, and what a traceback calls them.
for _public in (Panic, Deadlock):
    _public.__module__ = "gochan"
