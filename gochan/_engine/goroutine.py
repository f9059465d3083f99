"""What `runtime.goroutines` returns: a goroutine as data.

It is imported where a goroutine is described, and not by `import gochan`: to make a NamedTuple takes time.
"""

from typing import NamedTuple


class Frame(NamedTuple):
    """A line of a stack: Go's runtime.Frame.

    >>> from gochan import runtime
    >>> runtime.Frame("prog.py", 17, "worker").function
    'worker'
    """

    #: The file's name, as in tracebacks.
    file: str
    #: The number of the line, from 1.
    line: int
    #: The function's qualified name.
    function: str


class Goroutine(NamedTuple):
    """A snapshot of a goroutine, or of a thread that waits in a gochan operation.

    >>> from gochan import run, runtime
    >>> def main() -> None:
    ...     g, = runtime.goroutines()
    ...     print(g.number, g.state, g.stack[0].function)
    >>> run(main)
    1 running main
    """

    #: Its number: 1 for main, 0 for a thread.
    number: int
    #: "running", "runnable" or "waiting".
    state: str
    #: What it waits for in Go's words, such as "chan receive"; "" if it doesn't wait.
    reason: str
    #: A description of the channel, lock or descriptor that it waits for; of several, for a select.  None if
    #: it waits for none, or if the object is not known.
    object: str | None
    #: The seconds for which it has waited, exact to about 10 ms; in real time, even in a synctest bubble.
    #: None if it doesn't wait, or if there was neither a debug page (GOCHAN_DEBUG_ADDR, debug.serve) nor a
    #: recording (gochan.trace) when the wait began: only these make each wait read the clock.
    since: float | None
    #: The qualified name of its function.
    function: str
    #: The line with the `go` that started it; None for main and threads.
    created_by: Frame | None
    #: Its stack, innermost line first, without gochan's own lines.
    stack: list[Frame]
    #: The number of the goroutine that started it; 0 for main and threads.
    parent: int = 0
    #: The name of a thread; None for a goroutine.
    thread: str | None = None
    #: The number of its synctest bubble; None outside of bubbles.
    bubble: int | None = None
    #: Whether its function has been called yet.
    started: bool = True


# Their public module, for reprs.
Frame.__module__ = Goroutine.__module__ = "gochan.runtime"
