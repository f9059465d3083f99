"""Formatted input and output: Go's package fmt."""

from __future__ import annotations

from typing import Any

from .._errors import ErrorString, WrapError, WrapErrors
from .._stdio import write_stdout
from .._text import canonical, encode
from .._types import UINT8, error
from ._printer import Printer, State, float_text
from ._printf import printf as _printf
from ._scan import (
    fscan,
    fscanf,
    fscanln,
    scan,
    scanf,
    scanln,
    sscan,
    sscanf,
    sscanln,
)

__all__ = [
    "State",
    "append",
    "appendf",
    "appendln",
    "errorf",
    "fprint",
    "fprintf",
    "fprintln",
    "fscan",
    "fscanf",
    "fscanln",
    "print",
    "printf",
    "println",
    "scan",
    "scanf",
    "scanln",
    "sprint",
    "sprintf",
    "sprintln",
    "sscan",
    "sscanf",
    "sscanln",
]


def sprintln(*args: Any) -> str:
    """Return the operands with spaces between them and a newline at the end: Go's fmt.Sprintln.

    >>> sprintln("a", 1, None)
    'a 1 <nil>\\n'
    """
    texts = []
    for arg in args:
        cls = arg.__class__
        if cls is str:
            texts.append(arg)
        elif cls is int:
            texts.append(str(arg))
        elif cls is float:
            texts.append(float_text(arg))
        else:
            p = Printer()
            p.arg(arg, "v")
            texts.append("".join(p.parts))
    return " ".join(texts) + "\n"


def sprint(*args: Any) -> str:
    """Return the operands, with a space between two that are no strings: Go's fmt.Sprint.

    >>> sprint("a", 1, 2, "b")
    'a1 2b'
    """
    if len(args) == 1 and args[0].__class__ is str:
        return str(args[0])
    p = Printer()
    after_string = True
    for arg in args:
        is_string = isinstance(arg, str)
        if not is_string and not after_string:
            p.parts.append(" ")
        after_string = is_string
        p.arg(arg, "v")
    return canonical("".join(p.parts))


def sprintf(format: str, *args: Any) -> str:
    """Return the operands formatted by a format: Go's fmt.Sprintf.

    >>> sprintf("%05.1f|%-4s|%v", 3.14159, "go", [1, 2])
    '003.1|go  |[1 2]'
    """
    p = Printer()
    _printf(p, format, args)
    return canonical("".join(p.parts))


def println(*args: Any) -> tuple[int, error]:
    """Print the operands with spaces between them and a newline: Go's fmt.Println."""
    return write_stdout(sprintln(*args))


def print(*args: Any) -> tuple[int, error]:
    """Print the operands, with a space between two that are no strings: Go's fmt.Print."""
    return write_stdout(sprint(*args))


def printf(format: str, *args: Any) -> tuple[int, error]:
    """Print the operands formatted by a format: Go's fmt.Printf."""
    p = Printer()
    _printf(p, format, args)
    return write_stdout("".join(p.parts))


def _write(w: Any, text: str) -> tuple[int, error]:
    write_string = getattr(w, "write_string", None)
    if write_string is not None:
        return write_string(text)  # type: ignore[no-any-return]
    from .._slices import Slice

    result = w.write(Slice._make(list(encode(text)), UINT8))
    return result if isinstance(result, tuple) else (len(encode(text)), None)


def fprintln(w: Any, *args: Any) -> tuple[int, error]:
    """Write the operands with spaces between them and a newline to w: Go's fmt.Fprintln."""
    return _write(w, sprintln(*args))


def fprint(w: Any, *args: Any) -> tuple[int, error]:
    """Write the operands to w, as `print` does: Go's fmt.Fprint."""
    return _write(w, sprint(*args))


def fprintf(w: Any, format: str, *args: Any) -> tuple[int, error]:
    """Write the operands formatted by a format to w: Go's fmt.Fprintf."""
    return _write(w, sprintf(format, *args))


def append(b: Any, *args: Any) -> Any:
    """Append the operands to a slice of bytes, as `sprint` formats them: Go's fmt.Append."""
    from .._slices import append_all

    return append_all(b, sprint(*args))


def appendf(b: Any, format: str, *args: Any) -> Any:
    """Append the operands formatted by a format to a slice of bytes: Go's fmt.Appendf."""
    from .._slices import append_all

    return append_all(b, sprintf(format, *args))


def appendln(b: Any, *args: Any) -> Any:
    """Append the operands to a slice of bytes, as `sprintln` formats them: Go's fmt.Appendln."""
    from .._slices import append_all

    return append_all(b, sprintln(*args))


def errorf(format: str, *args: Any) -> ErrorString:
    """Return an error with this text, which wraps the operands of %w: Go's fmt.Errorf.

    >>> from gochan.port.lib import errors
    >>> err = errorf("load: %w", errors.new("no such page"))
    >>> str(err), str(errors.unwrap(err))
    ('load: no such page', 'no such page')
    """
    p = Printer()
    p.wrapped = []
    _printf(p, format, args)
    text = "".join(p.parts)
    if not p.wrapped:
        return ErrorString(text)
    if len(p.wrapped) == 1:
        return WrapError(text, p.wrapped[0])
    return WrapErrors(text, p.wrapped)
