"""What a program writes into its recording: regions, tasks, logs and names."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Any, Final, TypeVar, final

from .. import context
from .._engine import events, tracing
from .._engine.impl import FD, Chan, Mutex, RWMutex, WaitGroup, trace_event, trace_number
from ..context import Context, check_context
from ..sync import Cond
from ._recorder import names

_R = TypeVar("_R")

_numbers: Final = count(1)
# How many names are kept; the oldest is forgotten first.
_MOST_NAMES: Final = 65_536


def _check(call: str, ctx: object, **texts: object) -> None:
    """Raise `TypeError` if ctx is not a context, or one of the texts is not a str."""
    check_context(f"trace.{call}", ctx)
    for name, text in texts.items():
        if not isinstance(text, str):
            raise TypeError(f"trace.{call}: the {name} is {text!r} ({type(text).__name__}), want a str")


# --- regions ---------------------------------------------------------------------------------------------


@final
class Region:
    """A part of a goroutine's execution, made by `start_region`: Go's trace.Region.

    A `with` statement ends it.

    >>> from gochan import context, run, trace
    >>> def main() -> None:
    ...     region = trace.start_region(context.background(), "prepare")
    ...     print("preparing")
    ...     region.end()
    >>> run(main)
    preparing
    """

    __slots__ = ("_number",)

    _number: int

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a Region is made by trace.start_region(ctx, name)")

    def end(self) -> None:
        """End the region, in the goroutine that has started it: Go's Region.End.

        The regions that were started within it end with it.  Does nothing if it has ended.  If another
        goroutine calls it, the region lasts until the wait of its own goroutine ends.
        """
        number, self._number = self._number, 0
        if number:
            trace_event(events.REGION_END, number)

    def __enter__(self) -> Region:
        """Return the region."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """End the region."""
        self.end()


def start_region(ctx: Context, name: str, /) -> Region:
    """Start a region of the calling goroutine, which the returned Region ends: Go's trace.StartRegion.

    Raises `TypeError` if ctx is not a context or `name` is not a str.

    >>> from gochan import context, run, trace
    >>> def main() -> None:
    ...     with trace.start_region(context.background(), "prepare"):
    ...         print("preparing")
    >>> run(main)
    preparing
    """
    _check("start_region", ctx, name=name)
    region: Region = object.__new__(Region)
    region._number = 0
    recorder = tracing.recorder
    if recorder is not None:
        recorder.regions = True
        region._number = next(_numbers)
        trace_event(events.REGION, region._number, recorder.text(name))
    return region


def with_region(ctx: Context, name: str, fn: Callable[[], _R], /) -> _R:
    """Call fn() in a region of the calling goroutine, and return its result: Go's trace.WithRegion.

    Raises `TypeError` if ctx is not a context, `name` is not a str or fn is not callable.

    >>> from gochan import context, run, trace
    >>> run(trace.with_region, context.background(), "add", lambda: 1 + 1)
    2
    """
    if not callable(fn):
        raise TypeError(f"trace.with_region: {fn!r} is not callable; give a function without arguments")
    _check("with_region", ctx, name=name)
    with start_region(ctx, name):
        return fn()


# --- tasks -----------------------------------------------------------------------------------------------


class _Key:
    """The key of a task in a context."""

    __slots__ = ()


_key: Final = _Key()


@final
class Task:
    """A piece of work that several goroutines may share, made by `new_task`: Go's trace.Task.

    A `with` statement ends it.

    >>> from gochan import context, run, trace
    >>> def main() -> None:
    ...     ctx, task = trace.new_task(context.background(), "order 7")
    ...     trace.log(ctx, "order", "was paid")
    ...     task.end()
    >>> run(main)
    """

    __slots__ = ("_name", "_number")

    _name: str
    _number: int

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a Task is made by trace.new_task(ctx, name)")

    def end(self) -> None:
        """End the task: Go's Task.End.  Does nothing if it has ended."""
        number, self._number = self._number, 0
        recorder = tracing.recorder
        if number and recorder is not None:
            trace_event(events.TASK_END, number, recorder.text(self._name))

    def __enter__(self) -> Task:
        """Return the task."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """End the task."""
        self.end()


def new_task(ctx: Context, name: str, /) -> tuple[Context, Task]:
    """Begin a task; return a context that carries it, and the Task: Go's trace.NewTask.

    What is logged with that context belongs to the task, and so does a task that is begun with it.

    Raises `TypeError` if ctx is not a context or `name` is not a str.

    >>> from gochan import context, run, trace
    >>> def main() -> None:
    ...     ctx, task = trace.new_task(context.background(), "order 7")
    ...     with task:
    ...         trace.log(ctx, "order", "was paid")
    >>> run(main)
    """
    _check("new_task", ctx, name=name)
    task: Task = object.__new__(Task)
    task._name = name
    task._number = 0
    recorder = tracing.recorder
    if recorder is not None:
        task._number = next(_numbers)
        trace_event(events.TASK, task._number, recorder.text(name), _task_of(ctx))
    return context.with_value(ctx, _key, task), task


def _task_of(ctx: Context) -> int:
    """Return the number of the context's task; 0 if it has none, or if that has ended."""
    task = ctx.value(_key)
    return task._number if isinstance(task, Task) else 0


def log(ctx: Context, category: str, message: str, /) -> None:
    """Record a message of the calling goroutine: Go's trace.Log.

    Raises `TypeError` if ctx is not a context, `category` or `message` is not a str.

    >>> from gochan import context, run, trace
    >>> run(trace.log, context.background(), "cache", "miss")
    """
    _check("log", ctx, category=category, message=message)
    recorder = tracing.recorder
    if recorder is not None:
        trace_event(events.LOG, _task_of(ctx), recorder.text(category), recorder.text(message))


# --- names -----------------------------------------------------------------------------------------------

_T = TypeVar("_T", bound="Chan[Any] | Mutex | RWMutex | WaitGroup | Cond[Any] | FD")


def name(o: _T, text: str, /) -> _T:
    """Name a channel, Mutex, RWMutex, WaitGroup, Cond or connection in recordings, and return it.

    It is then shown as "chan jobs" instead of "chan int #3".  The name also holds for recordings that are
    started later.  The newest 65,536 names are kept.  Go has no such function.

    Raises `TypeError` if o is something else, or text is not a str.

    >>> from gochan import Chan, trace
    >>> jobs = trace.name(Chan[int](3), "jobs")
    """
    if not isinstance(text, str):
        raise TypeError(f"trace.name: the name is {text!r} ({type(text).__name__}), want a str")
    found: Any = getattr(o, "_waiters") if isinstance(o, Cond) else getattr(o, "_fd", o)  # noqa: B009
    if not isinstance(o, (Chan, Mutex, RWMutex, WaitGroup, Cond)) and not isinstance(found, FD):
        raise TypeError(
            f"trace.name: {o!r} cannot be named; give a Chan, Mutex, RWMutex, WaitGroup, Cond or connection"
        )
    number = trace_number(found)
    names.pop(number, None)
    names[number] = text
    if len(names) > _MOST_NAMES:
        del names[next(iter(names))]
    return o
