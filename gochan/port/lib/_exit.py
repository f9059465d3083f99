"""`run`: a program's start, and its end as Go's: the message of a panic, the exit status."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, NoReturn

import gochan
from gochan import Deadlock, Panic
from gochan._engine.program import program

from . import _stdio
from ._floats import format_float
from ._panics import NIL_DEREFERENCE, FatalError, GoError, is_panic, value_of
from ._types import INTEGERS, GoType, type_of

# Frames of Python.  A tenth of a gigabyte, where Go allows a gigabyte.
MAX_DEPTH = 300_000
_STACK = 120 << 20


def run(main: Callable[[], object], /) -> None:
    """Run main as Go runs func main, and end the process as Go does.

    A panic prints its message and ends with status 2, a deadlock too.  If main returns, `run` does.
    """
    _stdio.prepare()
    deepen()
    # Who waits for a program that waits itself sees what it has printed.
    if _stdio.flush not in program.at_idle:
        program.at_idle.append(_stdio.flush)
    try:
        gochan.run(main)
    except SystemExit:
        raise
    except KeyboardInterrupt:
        _stdio.die_of(signal.SIGINT)
    except BrokenPipeError:
        # From print: the reader of the output has closed its end.
        _stdio.die_of(_stdio.SIGPIPE)
    except BaseException as exc:
        _stdio.flush()
        status = report(exc)
        exit_now(status)
    _stdio.flush()


def _report_panic(kind: type[BaseException], exc: BaseException, tb: TracebackType | None) -> None:
    """End a ported program as a panic does if a module's code panics: the initialization of variables."""
    if getattr(sys.modules.get("__main__"), "run", None) is run and is_panic(exc):
        _stdio.flush()
        exit_now(report(exc))
    _other_hook(kind, exc, tb)


_other_hook = sys.excepthook
sys.excepthook = _report_panic


def deepen() -> None:
    """Let functions recurse as deep as Go's do, as far as memory allows."""
    if sys.getrecursionlimit() < MAX_DEPTH:
        sys.setrecursionlimit(MAX_DEPTH)
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    # Calls from C into Python, such as those of __eq__, take space on the C stack.  Linux lets that of the
    # main thread grow up to the limit of the moment.
    if soft != resource.RLIM_INFINITY and soft < _STACK:
        wanted = _STACK if hard == resource.RLIM_INFINITY else min(_STACK, hard)
        try:
            resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
        except (OSError, ValueError):
            return


def exit_now(status: int) -> NoReturn:
    """End the process at once, after flushing the output: Go's os.Exit."""
    _stdio.flush()
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(status & 0xFF)


def report(exc: BaseException) -> int:
    """Print on standard error what Go prints for the panic or fatal error; return the exit status."""
    if isinstance(exc, Deadlock):
        _stdio.write_stderr(f"fatal error: {exc}\n")
        return 2
    if isinstance(exc, FatalError) and str(exc) != "stack overflow":
        _stdio.write_stderr(f"fatal error: {exc}\n\ngoroutine 1 [running]:\n" + frames(exc.__traceback__))
        return 2
    if isinstance(exc, (RecursionError, FatalError)):
        _stdio.write_stderr(
            "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\n"
            "goroutine 1 [running]:\n" + frames(exc.__traceback__, 20)
        )
        return 2
    fatal = _fatal_words(exc)
    if fatal is not None:
        _stdio.write_stderr(f"fatal error: {fatal}\n\ngoroutine 1 [running]:\n" + frames(exc.__traceback__))
        return 2
    if is_panic(exc):
        notes = "".join(f"{note}\n" for note in getattr(exc, "__notes__", ()))
        signalled = "[signal SIGSEGV: segmentation violation]\n" if _has_nil_dereference(exc) else ""
        _stdio.write_stderr(
            f"panic: {_chain(exc)}\n{signalled}\ngoroutine 1 [running]:\n{frames(exc.__traceback__)}{notes}"
        )
        return 2
    # An error of Python's, which Go does not have.
    _stdio.write_stderr("".join(traceback.format_exception(exc)))
    return 2


def _fatal_words(exc: BaseException) -> str | None:
    if isinstance(exc, Panic) and isinstance(exc.value, str) and "unlock of unlocked" in exc.value.lower():
        return exc.value
    return None


def _chain(exc: BaseException) -> str:
    """Return the text of a panic, after those of the panics that it replaced."""
    value = value_of(exc)
    text = panic_text(value)
    earlier = exc.__context__
    if earlier is None or exc.__suppress_context__ or not is_panic(earlier):
        return text
    stopped = getattr(earlier, "go_recovered", False)
    if stopped and _is_same(value, value_of(earlier)):
        return f"{_chain(earlier)} [recovered, repanicked]"
    return f"{_chain(earlier)}{' [recovered]' if stopped else ''}\n\tpanic: {text}"


def _has_nil_dereference(exc: BaseException | None) -> bool:
    while exc is not None and is_panic(exc):
        value = value_of(exc)
        if isinstance(value, GoError) and value.words == NIL_DEREFERENCE:
            return True
        exc = exc.__context__
    return False


def _is_same(a: Any, b: Any) -> bool:
    from ._interfaces import equal

    try:
        return equal(a, b)
    except GoError:
        return False


def panic_text(v: Any) -> str:
    """Return a panic's value as Go prints it."""
    if isinstance(v, GoError):
        return str(v)
    t = type_of(v)
    if t is None:
        return "nil"
    from .fmt._printer import methods_of, unpack

    value, t2 = unpack(v)
    t = t2 or t
    found = methods_of(t)
    if found is not None:
        method = found[2] or found[3]
        if method is not None:
            return _indent(str(method(value)))
    if t.kind == "string":
        text = _indent(value)
        return f'{t.name}("{text}")' if t.named else text
    plain = _plain(value, t)
    if plain is None:
        from .fmt._printer import address

        return f"({t.name}) 0x{address(value):x}"
    return f"{t.name}({plain})" if t.named else plain


def _plain(v: Any, t: GoType) -> str | None:
    if t.kind in INTEGERS:
        return str(int(v))
    if t.kind == "bool":
        return "true" if v else "false"
    if t.kind in {"float32", "float64"}:
        return format_float(v, "g", -1, 32 if t.kind == "float32" else 64)
    if t.kind in {"complex64", "complex128"}:
        bits = 32 if t.kind == "complex64" else 64
        imag = format_float(v.imag, "g", -1, bits)
        return f"({format_float(v.real, 'g', -1, bits)}{'' if imag[0] in '+-' else '+'}{imag}i)"
    return None


def builtin_println(*args: Any) -> None:
    """Print operands on standard error: Go's println."""
    _stdio.write_stderr(" ".join(map(_builtin, args)) + "\n")


def builtin_print(*args: Any) -> None:
    """Print operands on standard error: Go's print."""
    _stdio.write_stderr("".join(map(_builtin, args)))


def _builtin(v: Any) -> str:
    if v is None:
        return "nil"
    from .fmt._printer import address, unpack

    value, t = unpack(v)
    assert t is not None
    if t.kind == "string":
        return str(value)
    plain = _plain(value, t)
    return f"0x{address(value):x}" if plain is None else plain


def _indent(text: str) -> str:
    return text.replace("\n", "\n\t")


def frames(tb: TracebackType | None, most: int = 100) -> str:
    """Format a traceback, innermost frame first, without the frames of this package."""
    ours = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    entries = [entry for entry in _last(tb, most) if not entry.filename.startswith(ours)]
    return "".join(f"{entry.name}()\n\t{entry.filename}:{entry.lineno}\n" for entry in reversed(entries))


def _last(tb: TracebackType | None, most: int) -> list[traceback.FrameSummary]:
    """Return the innermost frames of a traceback, which may have very many."""
    kept: list[tuple[Any, int]] = []
    while tb is not None:
        kept.append((tb.tb_frame, tb.tb_lineno))
        if len(kept) > 2 * most:
            del kept[:most]
        tb = tb.tb_next
    return [
        traceback.FrameSummary(frame.f_code.co_filename, line, frame.f_code.co_name, lookup_line=False)
        for frame, line in kept[-most:]
    ]
