"""Programs: how they begin, wait and end.  At the end of the file are the engine's hooks.

A program begins with `run`, or with the first blocking call outside of `run`: then the calling code becomes
its main goroutine.  An exception that leaves a goroutine ends the program: the hub throws into main, and once
main is unwound, `run` raises that exception.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable
from contextlib import suppress
from types import CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Final, NoReturn, ParamSpec, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

from . import elem, events, fork, tracing
from .error import Deadlock, Goexit, Unwind
from .frames import current_frames
from .functions import check_namespace
from .impl import FD, G, bind, poll_point, running, sched, thread_g, trace_event, without_frames
from .instant import Time
from .interrupt import (
    guard_handlers,
    guard_interrupts,
    guard_quit,
    unguard_handlers,
    unguard_interrupts,
    unguard_quit,
)
from .loops import blocks_loop, called
from .netpoll import fallback
from .program import program
from .scope import Scope
from .seconds import seconds
from .traceback import all_stacks, caller, created_by, current_stack, outside_channels, strip
from .unpatched import get_ident, sleep

_P = ParamSpec("_P")
_R = TypeVar("_R")

# How long goroutines run before an event loop in the same thread runs, in ns.
LOOP_INTERVAL: Final = 1_000_000
# How many times a goroutine that is being unwound may try to wait before it is abandoned.
MAX_UNWIND_TRIES: Final = 100


def run(fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run `fn(*args, **kwargs)` as the main goroutine and return its result: Go's func main.

    The program ends when main returns.  The remaining goroutines are unwound: their `finally` and `with`
    blocks run, their deferred calls don't.

    Raises the exception that leaves main or any other goroutine (with a note that says which one and where it
    was started), `Deadlock` if no goroutine can ever run again, `TypeError` if `fn` is not callable or is a
    coroutine or generator function, `RuntimeError` inside a running program, and while one runs in another
    thread.

    >>> from gochan import run
    >>> run(lambda: "done")
    'done'
    """
    if not callable(fn):
        raise TypeError(f"run: {fn!r} is not callable; give the main function: run(main)")
    check_namespace("run", fn, args, kwargs)
    _check_free()
    # The scope of code outside of run that is decorated with @defers: it is not part of main.
    outer = None if sched.main is None else sched.main.scope
    fatal: BaseException | None = None
    over = False
    try:
        try:
            gp = _begin()
            program.explicit = True
            program.base = caller()
            guard_quit()
            gp.scope = None
            result, exc = _main(gp, fn, args, kwargs)
            tracing.record_end(program.fatal if exc is None else exc)
            # No variable may refer to the exception when it is raised: its traceback refers to this frame, so
            # that would be a cycle.
            raised = [] if exc is None else [BaseException.with_traceback(exc, strip(exc.__traceback__))]
            del exc
            if raised:
                tracing.record_panic(raised[0])
                raise raised.pop()
        finally:
            fatal = _end_run(outer)
            over = True
    except BaseException:
        # A signal handler or a trace function may have raised in the lines above, or before them.
        if not over:
            _end_run(outer)
        raise
    if fatal is not None:
        try:
            raise fatal
        finally:
            # As above.
            del fatal
    return result  # type: ignore[return-value]


def _check_free() -> None:
    """Raise `RuntimeError` unless `run` can begin a program here; take over from a main that has ended."""
    gp = sched.main
    if gp is None or end_abandoned():
        return
    if program.explicit and sched.thread == get_ident():
        raise RuntimeError("run: a program runs already; start a goroutine in it with go(f)")
    if running() is None:
        if _take_over() is None:
            raise _cannot_wait_error("run")
    elif sched.curg is not gp:
        raise RuntimeError("run: called in a goroutine; start another with go(f)")


def end_abandoned() -> bool:
    """End a program whose event loop was closed before the program ended; return whether there was one."""
    main = sched.main
    if main is None or main.greenlet is None or sched.thread != get_ident():
        return False
    return program.idle.end_if_closed(main.greenlet) and sched.main is None


def _begin() -> G:
    """Return the main goroutine, which is the caller, for `run`.

    A handler may begin a program at any point, and so may another thread.
    """
    while True:
        _check_free()
        if sched.main is None:
            attach()
        gp = running()
        if gp is not None:
            return gp


def _end_run(outer: Scope | None) -> BaseException | None:
    """End the program that `run` has begun; return the exception with which another goroutine has ended it.

    May be called again, after a signal handler or a trace function has raised in it.
    """
    main = sched.main
    if main is not None and main.greenlet is not getcurrent():
        # Another thread has begun a program first.
        return None
    try:
        _finish_program()
        for hook in list(program.at_end):
            hook()
    finally:
        try:
            # After the hook of gochan.signal, which may restore it.
            unguard_quit()
            fatal = program.fatal
        finally:
            _forget()
            if outer is not None:
                _restart(outer)
            else:
                # Last, since from here on a signal handler may raise anywhere.
                unguard_handlers()
                unguard_interrupts()
    return fatal


def _main(
    gp: G, main: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[object, BaseException | None]:
    """Run main and its deferred calls; return its result, and the exception that it raised.

    The exception is None if another goroutine's ends the program.  If main calls goexit, wait for that.
    """
    exc: BaseException | None = None
    result: object = None
    try:
        result = main(*args, **kwargs)
        if result is not None:
            check_result(main, result, "run")
    except BaseException as raised:
        exc = raised
    try:
        fatal = isinstance(exc, (Deadlock, Unwind, GreenletExit))
        if gp.scope is not None and not sched.ending and not fatal:
            panicked = exc is not None
            exc = gp.scope.run(exc)
            if panicked:
                result = None
        if isinstance(exc, Goexit):
            exc = None
            sched.main_exited()
    except BaseException as raised:
        exc = raised
    try:
        return result, exc if program.fatal is None else None
    finally:
        # Break the reference cycle: the traceback refers to this frame.
        del exc


def _finish_program() -> None:
    """Unwind all goroutines but main, and drop their greenlets."""
    sched.end()
    late = sched.unwind()
    if late is not None and program.fatal is None:
        program.fatal = late


def _forget() -> None:
    """Forget the program that ran."""
    program.reset()
    sched.reset()


def cancel(exc: BaseException) -> None:
    """End the program, which `run` has begun, with exc."""
    if program.fatal is None:
        program.fatal = exc
    # run() raises the exception itself, once main has unwound.
    sched.end()
    sched.throw_into_main(Unwind())


def take_unwind_error() -> BaseException | None:
    """Return the exception that a bubble's goroutine raised while it was unwound, or None; and forget it."""
    late, program.fatal = program.fatal, None
    return late


def attach() -> G | None:
    """Make the calling code the main goroutine: for `run`, and the first blocking call outside of it.

    Returns None if a handler or another thread was faster to begin a program.
    """
    gp = sched.attach()
    if gp is None:
        return None
    program.record_threads()
    guard_interrupts()
    guard_handlers()
    return gp


def _restart(scope: Scope | None) -> None:
    """Begin a new program with the same main, in code outside of `run`, whose deferred calls are in scope."""
    _forget()
    # A handler may have begun one.
    gp = sched.attach() or running()
    if gp is not None:
        program.record_threads()
        gp.scope = scope


def _take_over(call: str = "") -> G | None:
    """Take over from a main that has ended, perhaps together with its thread; return None while it lives.

    `call` is what the user called, which is refused in an event loop; "" for `run`.
    """
    main = sched.main.greenlet if sched.main is not None else None
    if main is None or not _has_ended(main):
        return None
    if call:
        _refuse_in_loop(call, sys._getframe())
    _forget()
    return attach()


def _has_ended(main: greenlet) -> bool:
    """Return whether main's greenlet has ended, or its thread."""
    if main.dead or sched.thread == get_ident():
        return main.dead
    threading = sys.modules.get("threading")
    if threading is not None and sched.thread in threading._active:
        # A cheap check for the most frequent case.
        return False
    # The ident proves nothing, because a new thread may have the same one.  The greenlet dies soon after its
    # thread has ended, but not at once.  Until then, the thread's frame shows whether it is alive.
    for _ in range(20):
        if main.dead or sched.thread in current_frames():
            break
        sleep(0.001)
    return main.dead


def _cannot_wait_error(call: str = "") -> RuntimeError:
    """Return the exception for a blocking call where none is possible; `call` is its name, if known."""
    start = f"{call}: " if call else ""
    if sched.thread != get_ident():
        return RuntimeError(
            f"{start}goroutines run in another thread already, the one that used gochan first; from here, "
            "go(f) starts a goroutine there, and thread.submit(f, ...) gives its result"
        )
    if program.idle.in_loop():
        return RuntimeError(
            "a blocking call in an asyncio task or callback; there it is `await aio.recv(ch)`, aio.send or "
            "aio.select"
        )
    gp = sched.curg
    if gp is None or gp.greenlet is getcurrent():
        return RuntimeError("a blocking call in a finalizer or callback that interrupted the scheduler")
    return RuntimeError("a blocking call in a greenlet that is not a goroutine's; start it with go(f)")


def goexit() -> NoReturn:
    """End the calling goroutine after running its deferred calls: Go's runtime.Goexit.

    If main calls it, the other goroutines continue, and `run` raises `Deadlock` when none is left.

    Raises `RuntimeError` outside of any goroutine.

    >>> from gochan import defer, run, runtime, sync
    >>> def visit() -> None:
    ...     defer(print, "bye")
    ...     runtime.goexit()
    >>> def main() -> None:
    ...     wg = sync.WaitGroup()
    ...     wg.go(visit)
    ...     wg.wait()
    >>> run(main)
    bye
    """
    gp = running()
    if gp is None or (gp is sched.main and not program.explicit):
        raise RuntimeError("goexit: no goroutine to end; call it in a function started by go or run")
    raise Goexit


def num_goroutine() -> int:
    """Return the number of goroutines, main included: Go's runtime.NumGoroutine.

    >>> from gochan import Chan, go, run, runtime
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    ...     print(runtime.num_goroutine())
    >>> run(main)
    2
    """
    # So that a loop that waits for goroutines to end lets them run.
    poll_point()
    return max(1, sched.live)


def stack(all: bool = False) -> str:
    """Return the stack of the calling goroutine, or with all=True of all goroutines: Go's runtime.Stack.

    Works in any thread, signal handler, callback and finalizer: there the caller's stack is its thread's.

    >>> from gochan import run, runtime
    >>> def main() -> None:
    ...     print(runtime.stack().splitlines()[0])
    >>> run(main)
    goroutine 1 [running]:
    """
    gp = running()
    if gp is None and not blocks_loop(sys._getframe()):
        gp = (attach() if sched.main is None else _take_over()) or running()
    return all_stacks() if all else current_stack(gp or thread_g())


def check_result(fn: Callable[..., object], result: object, call: str = "go") -> None:
    """Raise `TypeError` if fn returned a coroutine or generator: then nothing of it has run.

    `call` is the function that the user gave fn to, for the message.
    """
    # Not by isinstance, which asks the result for its __class__: that may be a property, and raise.
    if type(result) is not CoroutineType and type(result) is not GeneratorType:
        return
    assert isinstance(result, (CoroutineType, GeneratorType))
    result.close()
    name = getattr(fn, "__qualname__", repr(fn))
    if isinstance(result, CoroutineType):
        kind, want = "coroutine", "a plain function, which can wait for coroutines by aio.await_"
    else:
        kind, want = "generator", "a plain function"
    raise TypeError(f"{call}: {name} is a {kind} function, want {want}")


# --- the engine's hooks ----------------------------------------------------------------------------------


def enter() -> G:
    """Return the G of the caller, which is about to wait: a goroutine's or a thread's."""
    # Before the caller, which a signal handler may make the main goroutine in between.
    main = sched.main
    gp = running()
    if gp is not None:
        if sched.ending:
            _refuse_wait(gp)
        return gp
    if main is None:
        _refuse_in_loop("a blocking call", sys._getframe())
        return attach() or enter()
    claimed = _take_over("a blocking call")
    if claimed is not None:
        return claimed
    if sched.thread == get_ident():
        raise _cannot_wait_error()
    if program.exiting or sched.ending:
        raise RuntimeError(_EXITING if program.exiting else "the program has ended")
    if blocks_loop(sys._getframe()):
        raise RuntimeError(
            f"{called(sys._getframe()) or 'a blocking call'} in an async function or callback blocks its "
            "event loop; goroutines run in another thread, so use `await asyncio.to_thread(ch.recv)`"
        )
    return _thread()


def _refuse_in_loop(call: str, frame: FrameType | None) -> None:
    """Refuse to block a loop that gochan does not share, or to start goroutines that it would not run."""
    if blocks_loop(frame):
        raise RuntimeError(
            f"{called(frame) or call} in an async function or callback, in an event loop without "
            "goroutines; start them with `await aio.run(main)`, and there use `await aio.recv(ch)`, aio.send "
            "or aio.select"
        )


def _refuse_wait(gp: G) -> NoReturn:
    """Raise `Unwind` in a goroutine that tries to wait although the program has ended."""
    p = program
    if p.unwinding is not gp:
        p.unwinding = gp
        p.unwind_tries = 0
    p.unwind_tries += 1
    if p.unwind_tries > MAX_UNWIND_TRIES and gp is not sched.main and gp.greenlet is not None:
        # The goroutine catches every Unwind, so leave it suspended.
        p.abandoned.append(gp.greenlet)
        unwinder = gp.greenlet.parent
        assert unwinder is not None
        unwinder.switch()
    raise Unwind


def spawner() -> G | None:
    """Return the goroutine that calls `go`; None if a thread, a callback or a finalizer does."""
    if sched.main is None:
        _refuse_in_loop("go or after_func", sys._getframe())
        return attach() or running()
    return _take_over("go or after_func")


def poll() -> None:
    """Call what was posted, and let the event loop run, or sleep until something may be runnable.

    Called by the hub.  A signal handler may raise anywhere in here.  Raises `Deadlock` if no goroutine can
    ever run again.
    """
    sched.drain()
    if program.explorer is not None and program.explorer():
        return
    if sched.use_selectors and sched.io_waiters and sched.now() >= sched.io_due:
        fallback.wait(0)
    if sched.shared and sched.now() >= sched.loop_due:
        trace_event(events.LOOP)
        try:
            program.idle.yield_to_loop()
        finally:
            trace_event(events.LOOP_END)
            sched.loop_due = sched.now() + LOOP_INTERVAL
        return
    if sched.runnable():
        return
    ns = sched.timeout()
    if ns == 0:
        return
    for hook in program.at_idle:
        hook()
    if not program.explicit and not sched.shared:
        # Main began in module-level code, but may now wait in an async function.
        main = sched.main
        _refuse_in_loop("a blocking call", main.greenlet.gr_frame if main and main.greenlet else None)
    if ns < 0 and not _may_be_woken():
        # All threads wait now; one of them may have made a goroutine ready since the first check.
        if not sched.runnable() and sched.timeout() < 0:
            raise deadlock()
        return
    # If an event loop shares the thread, it runs now.
    trace_event(events.LOOP if sched.shared else events.IDLE)
    try:
        sched.hub_asleep = True
        # Checked again, since a step wakes the hub only if `hub_asleep` is set.
        if not sched.runnable():
            program.idle.wait(ns)
    finally:
        sched.hub_asleep = False
        trace_event(events.LOOP_END if sched.shared else events.IDLE_END)
        if sched.shared:
            sched.loop_due = sched.now() + LOOP_INTERVAL


def _may_be_woken() -> bool:
    """Return whether something outside of the scheduler could still make a goroutine ready."""
    return program.wakers > 0 or program.idle.pending() or program.other_threads_running()


def deadlock() -> Deadlock:
    """Return the exception for a program in which no goroutine can ever run again."""
    # Main waits, too, unless it has called goexit.
    exited = all(gp is not sched.main for gp in sched.goroutines())
    text = "no goroutines (main called runtime.Goexit)" if exited else "all goroutines are asleep"
    parts = [f"{text} - deadlock!", outside_channels().rstrip("\n"), all_stacks().rstrip("\n")]
    return tracing.offer_picture(Deadlock("\n\n".join(filter(None, parts))))


def goroutine_ended(gp: G, exc: BaseException | None) -> BaseException | None:
    """Run the deferred calls of gp, whose function has returned or raised exc.

    Returns the exception that the hub is to throw into main; None if the program continues, or is ending
    anyway.
    """
    try:
        if isinstance(exc, (Unwind, GreenletExit)):
            if sched.ending or sched.curg is not gp:
                return None
            # The user's code has raised it.  As after any fatal error, no deferred call runs.
            gp.scope = None
        if sched.curg is not gp:
            # This is a child process that gp has forked.
            fork.end_child(exc)
        scope = gp.scope
        if scope is not None and not sched.ending:
            try:
                exc = scope.run(exc)
            except BaseException as raised:
                # A fatal error in a deferred call: the remaining ones do not run.
                exc = None if sched.ending and isinstance(raised, (Unwind, GreenletExit)) else raised
            gp.scope = None
        if exc is None or isinstance(exc, Goexit):
            return None
        return _end_program(gp, exc)
    finally:
        # Its traceback holds this frame.
        exc = None


def _end_program(gp: G, exc: BaseException) -> BaseException | None:
    """End the program with exc, which has left gp; return what the hub is to throw into main."""
    # add_note may be overridden and raise; exc still ends the program.
    with suppress(Exception):
        exc.add_note(f"in goroutine {gp.id}, {created_by(gp).rstrip()}")
    # Not by an assignment, which a frozen dataclass refuses.
    BaseException.with_traceback(exc, strip(exc.__traceback__))
    tracing.record_panic(exc)
    if sched.ending:
        # Raised while gp was unwound.  `run` raises the first such exception.
        if program.fatal is None:
            program.fatal = exc
        return None
    program.fatal = exc
    if not program.explicit:
        return exc
    # run() raises the exception itself, once main has unwound.
    sched.end()
    return Unwind()


def program_ended(gp: G, exc: BaseException) -> None:
    """Begin a new program in code outside of `run`, after exc has ended the old one.

    In `run`, exc is Unwind, unless `goroutine_ended` has failed, perhaps for lack of memory: then end the
    program with exc.
    """
    if program.explicit:
        if not isinstance(exc, Unwind):
            if program.fatal is None:
                program.fatal = exc
            sched.end()
            raise Unwind
        return
    program.fatal = None
    _finish_program()
    _restart(gp.scope)


def _wake() -> None:
    program.idle.wake()


def _arm(fd: FD, mode: bool | None) -> None:
    program.idle.arm(fd, mode)


# --- the end of the process ------------------------------------------------------------------------------

_EXITING: Final = "the interpreter is exiting"

# The entry that `_thread` has last added to threading's exit functions: the one that is called first.
_registered: list[Any] = []


def _thread() -> G:
    """Return the calling thread's G, and make sure that its waits end when the interpreter exits."""
    # The import costs nothing: the caller is another thread, so threading is already imported.
    import threading

    # _fail_waits must be called before concurrent.futures waits for its threads, which may wait for
    # goroutines.  threading calls the functions in reverse order, so it must be the last one.
    exits: list[Any] = threading._threading_atexits  # type: ignore[attr-defined]
    if not exits or not _registered or exits[-1] is not _registered[-1]:
        try:
            threading._register_atexit(_fail_waits)  # type: ignore[attr-defined]
        except RuntimeError:
            raise RuntimeError(_EXITING) from None
        _registered[:] = exits[-1:]
    gp = thread_g()
    if gp.waiting:
        raise RuntimeError("a blocking call in a signal handler or finalizer that interrupted a wait")
    return gp


def _fail_waits() -> None:
    program.exiting = True
    sched.fail_waits(_EXITING)


def end_implicit() -> bool:
    """End the program of code that runs without `run`, as run ends its own; return whether there was one.

    At exit, and before another program begins in an event loop.
    """
    if sched.main is None or running() is not sched.main or program.explicit:
        return False
    _finish_program()
    for hook in list(program.at_end):
        hook()
    _forget()
    return True


atexit.register(end_implicit)

bind(
    arm=_arm,
    name_threads=tracing.name_threads,
    trace_value=tracing.keep_value,
    caller=caller,
    check=elem.check,
    check_namespace=check_namespace,
    check_type=elem.check_type,
    element=elem.element,
    goroutine_ended=goroutine_ended,
    enter=enter,
    make_time=Time._at,
    poll=poll,
    seconds=seconds,
    spawner=spawner,
    program_ended=program_ended,
    type_name=elem.type_name,
    check_result=check_result,
    wake=_wake,
)

if not TYPE_CHECKING:
    run = without_frames(run, "gochan")

# Imported last, since it needs the hooks to be set.
from . import shutdown  # noqa: E402, F401
