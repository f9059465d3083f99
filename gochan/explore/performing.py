"""Doing an operation after its point, and noting it: for the clocks, and for the order of locks.

What an operation publishes is noted before it, what it sees after it, so that the notes are in the order in
which things happened.  Once the run has ended, nothing is noted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from .._engine.impl import Case, Mutex, count_ready, sched
from . import active
from .before import before
from .clocks import BEFORE
from .operation import CLOCK_KEY, WAKE, Op, op_of

if TYPE_CHECKING:
    from .run import Run

# The operations that may start goroutines.
_STARTS: Final = frozenset({"go", "library", "after_func"})
# How much time passes in a select that takes its default: a loop that polls must see time pass.
_POLL_NS: Final = 10_000


def operation(
    run: Run, f: Any, me: Any, name: str, writes: bool, *, known_as: object = None
) -> Callable[..., Any]:
    """Return what does f, a method of me, with a point before it; from now on `run.operations` has it.

    There it is under known_as, or f.
    """
    # The run keeps what it gives a name to, so that its id is not used again.
    locks = name == "lock" and type(me) is Mutex
    op = op_of(name, (run.names.of(me),), writes, run.names.shown(me), locks)
    found = (_starter if name in _STARTS else _operator)(run, f, me, op)
    run.operations[known_as or f] = found
    return found


def _starter(run: Run, f: Any, me: Any, op: Op) -> Callable[..., Any]:
    """Return what does an operation that starts goroutines."""

    def start(*args: Any, **kwargs: Any) -> Any:
        if not run.controls():
            return f(*args, **kwargs)
        if args:
            args = (before(args[0]), *args[1:])
        run.point(op)
        return perform(run, op.name, me, partial(f, *args, **kwargs))

    return start


def _operator(run: Run, f: Any, me: Any, op: Op) -> Callable[..., Any]:
    """Return what does any other operation: as `perform` does, but faster, since most are such."""
    name = op.name
    key = op.key
    step = run.step
    note = run.clocks.note
    pending = run.pending
    publishes, sees = run.clocks.noted(name, type(me))  # type: ignore[arg-type] # type[Any] is hashable
    locks = run.locks
    wants = name == "lock"
    takes = name in ("lock", "try_lock")
    gives_back = name == "unlock"
    # One that is woken looks at the group again, which others may have reused by then.
    wakes = op_of(WAKE, op.keys, False, op.on) if name == "wait" else None

    def operate(*args: Any, **kwargs: Any) -> Any:
        gp = sched.curg
        if gp is None or not run.going or sched.ending:
            return f(*args, **kwargs)
        id = gp.id
        if wants and locks.held:
            locks.wants(id, key)
        step(op, id)
        if publishes:
            note((id, name, me, BEFORE))
        if gives_back:
            locks.released(id, key)
        if wakes is not None:
            pending[id] = wakes
        try:
            result = f(*args, **kwargs) if args or kwargs else f()
        except BaseException:
            note((id, name, me, None))
            raise
        if run.going:
            if sees:
                note((id, name, me, result))
            if wakes is not None:
                pending.pop(id, None)
            if takes and (name == "lock" or result):
                locks.acquired(id, key)
        return result

    return operate


def perform(run: Run, name: str, me: Any, f: Callable[[], Any], key: object = None) -> Any:
    """Do operation `name` on me by f, and keep the books of who is ordered before whom; key is a lock's."""
    gp = sched.curg
    id = gp.id if gp is not None else 0
    clocks = run.clocks
    clocks.note((id, name, me, BEFORE))
    if name == "unlock":
        run.locks.released(id, key)
    known = set(sched.run_queue()) if name in _STARTS else None
    try:
        result = f()
    except BaseException:
        # What it waited for has happened all the same: errgroup's wait raises the error of a goroutine.
        clocks.note((id, name, me, None))
        raise
    if run is active.current:
        clocks.note((id, name, me, result))
        if known is not None:
            # What it has called may have started some already.
            for new in sched.run_queue():
                if new not in known and new not in clocks.known:
                    clocks.begin(new, id, me)
        if name == "lock" or (name == "try_lock" and result):
            run.locks.acquired(id, key)
    return result


def release(run: Run, mu: Any, key: object, lock: Any) -> None:
    """Unlock lock, whose books are kept for mu, as part of an operation that has had its point."""
    perform(run, "unlock" if lock is mu else "runlock", mu, lock.unlock, key)


def select(run: Run, f: Callable[..., Any], cases: tuple[Any, ...]) -> Any:
    """Do a select, which f is; the strategy decides which of the ready cases it takes."""
    channels = [_channel(c) for c in cases]
    keys = tuple(run.names.of(ch) for ch in channels if ch is not None)
    on = ", ".join(keys)
    if any(ch is None for ch in channels):
        keys = (*keys, CLOCK_KEY)
    try:
        run.point(Op("select", keys, True, on))
    except BaseException:
        # The run has ended: so that no case warns that it was given to no select.
        count_ready(cases)
        raise
    if run is not active.current or sched.ending:
        return f(*cases)
    n = count_ready(cases)
    if n > 1:
        index = run.strategy.case(run, n)
        run.decisions.append(index)
        sched.ready_case = index + 1
    gp = sched.curg
    id = gp.id if gp is not None else 0
    names = ["send case" if repr(c)[0] == "s" else "recv case" for c in cases]
    for name, ch in zip(names, channels, strict=True):
        if ch is not None:
            run.clocks.before(id, name, ch)
    try:
        result = f(*cases)
    finally:
        sched.ready_case = 0
    taken = channels[result[0]]
    if taken is not None:
        run.clocks.after(id, names[result[0]], taken, result[2])
    if n == 0 and not result[2] and sched.moment is not None:
        sched.moment += _POLL_NS
    return result


def _channel(c: Any) -> Any:
    """Return the channel of a case; None if it has none."""
    return getattr(c, "_chan", None) if type(c) is Case else None
