"""Values by verb (Go's fmt/print.go): a `Printer` formats one call's operands into a list of strings."""

from __future__ import annotations

from collections.abc import Callable
from signal import Signals
from typing import Any, Final

from gochan.context import Context

from .._interfaces import Boxed, Func, PointerBox
from .._panics import GoError, GoPanic, go_error, nil_dereference, value_of
from .._slices import Slice
from .._structs import Ref
from .._types import (
    ANY,
    INTEGERS,
    STRING,
    UINT8,
    UNSIGNED,
    Field,
    GoType,
    error,
    find_method,
    pointer_to,
    slice_of,
    type_of,
)
from ..syscall import signal_text
from ._contexts import context_text
from ._numbers import (
    Flags,
    fmt_c,
    fmt_float,
    fmt_hex,
    fmt_integer,
    fmt_q,
    fmt_qc,
    fmt_s,
    fmt_sx,
    fmt_unicode,
    pad,
)
from ._order import sorted_keys

_BYTES: Final = slice_of(UINT8)
_FLOATS: Final = {"float64": 64, "float32": 32}
_COMPLEXES: Final = {"complex128": 64, "complex64": 32}
_METHOD_VERBS: Final = frozenset("vsxXq")

# What a type has of Format, GoString, Error and String; None if it has none of them.
Methods = tuple[
    Callable[..., Any] | None, Callable[..., Any] | None, Callable[..., Any] | None, Callable[..., Any] | None
]
_methods: dict[GoType, Methods | None] = {}


def methods_of(t: GoType) -> Methods | None:
    """Return the methods of a type that fmt calls."""
    try:
        return _methods[t]
    except KeyError:
        found = _methods[t] = _find_methods(t)
        return found


def _find_methods(t: GoType) -> Methods | None:
    is_pointer = t.kind == "pointer" and t.elem is not None
    base = t.elem if is_pointer else t
    assert base is not None
    cls = base.cls
    if cls is None or base.kind == "interface":
        return None
    hidden = () if is_pointer else cls.__dict__.get("__go_pointer_methods__", ())

    pointers = cls.__dict__.get("__go_pointer_methods__", ())
    # Which methods of a struct are those of pointers is unknown if only pointers to it get into interfaces.
    unknown = base.kind == "struct" and not pointers and getattr(cls, "__go_pointer__", True)
    by_value = is_pointer and not unknown

    def method(name: str, parameters: int = 0) -> Callable[..., Any] | None:
        fn = None if name in hidden else find_method(cls, name, parameters)
        if fn is None or not by_value or name in pointers:
            return fn
        known = fn

        def of_value(p: Any, *args: Any) -> Any:
            if p is None:
                raise nil_dereference()
            return known(p.v if isinstance(p, Ref) else p, *args)

        return of_value

    error = method("error")
    if error is None and issubclass(cls, BaseException):
        error = str
    string = method("string")
    if string is None and cls.__module__ == "gochan.context" and issubclass(cls, Context):
        string = context_text
    elif string is None and cls is Signals:
        string = signal_text
    found = method("format", 2), method("go_string"), error, string
    return found if any(found) else None


def unpack(arg: Any) -> tuple[Any, GoType | None]:
    """Return the value and the dynamic type of an interface value."""
    cls = arg.__class__
    if cls is Boxed:
        return arg.v, arg.t
    if cls is PointerBox:
        return arg.v, type_of(arg)
    if hasattr(cls, "__go_held__"):
        # A reflect.Value is shown as what it holds.
        return unpack(arg.__go_held__())
    if cls is type and issubclass(arg, BaseException):
        # context.Canceled and its like are classes.
        arg = arg()
    return arg, type_of(arg)


# The flags of a verb without any.  What changes them for a moment changes them back.
PLAIN: Final = Flags()


class State:
    """What Format methods are given: Go's fmt.State."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    def write(self, data: Any) -> tuple[int, error]:
        """Append bytes to the output: Go's Write."""
        text = bytes(data).decode("utf-8", "surrogateescape")
        self._printer.parts.append(text)
        return len(data), None

    def write_string(self, s: str) -> tuple[int, error]:
        """Append a string to the output: Go's WriteString."""
        self._printer.parts.append(s)
        return len(s.encode("utf-8", "surrogateescape")), None

    def width(self) -> tuple[int, bool]:
        """Return the width and whether it was given: Go's Width."""
        n = self._printer.flags.width
        return (n, True) if n >= 0 else (0, False)

    def precision(self) -> tuple[int, bool]:
        """Return the precision and whether it was given: Go's Precision."""
        n = self._printer.flags.prec
        return (n, True) if n >= 0 else (0, False)

    def flag(self, c: int) -> bool:
        """Return whether the flag c was given: Go's Flag."""
        f = self._printer.flags
        match chr(c):
            case "-":
                return f.minus
            case "+":
                return f.plus or f.plus_v
            case "#":
                return f.sharp or f.sharp_v
            case " ":
                return f.space
            case "0":
                return f.zero
        return False


class Printer:
    """The state of one call."""

    __slots__ = ("erroring", "flags", "panicking", "parts", "wrapped")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.flags = PLAIN
        self.erroring = False
        # Whether the value of a panic in a method is being formatted.
        self.panicking = False
        # The operands of %w, for errorf.
        self.wrapped: list[Any] | None = None

    def arg(self, arg: Any, verb: str) -> None:
        """Format an operand."""
        cls = arg.__class__
        if verb in "vds" and self.flags is PLAIN:
            text = plain_text(arg, cls, verb)
            if text is not None:
                self.parts.append(text)
                return
        value, t = unpack(arg)
        if t is None:
            if verb in "Tv":
                self.parts.append(pad(self.flags, "<nil>"))
            else:
                self.bad_verb(verb, None, None, False)
            return
        if verb == "T":
            self.parts.append(fmt_s(self.flags, t.name))
            return
        if verb == "p":
            self.pointer(value, t, "p")
            return
        self.value(value, t, verb, 0, True, arg)

    def bad_verb(self, verb: str, value: Any, t: GoType | None, valid: bool) -> None:
        """Format `%!d(string=hi)`."""
        self.erroring = True
        self.parts.append(f"%!{verb}(")
        if valid and t is not None:
            self.parts.append(f"{t.name}=")
            self.value(value, t, "v", 0, True, value)
        else:
            self.parts.append("<nil>")
        self.parts.append(")")
        self.erroring = False

    # --- methods ------------------------------------------------------------------------------------------

    def handled(self, value: Any, t: GoType, verb: str, arg: Any) -> bool:
        """Format by the value's own method, if it has one for this verb."""
        if self.erroring:
            return False
        found = methods_of(t)
        if verb == "w":
            is_error = found is not None and found[2] is not None
            if self.wrapped is None or not is_error:
                self.bad_verb(verb, value, t, True)
                return True
            self.wrapped.append(arg)
            verb = "v"
        if found is None:
            return False
        formatter, go_string, error, string = found
        if formatter is not None:
            self._call(lambda: formatter(value, State(self), ord(verb)), value, verb, "Format")
            return True
        if self.flags.sharp_v:
            if go_string is None:
                return False
            text = self._call(lambda: go_string(value), value, verb, "GoString")
            if text is not None:
                self.parts.append(fmt_s(self.flags, text))
            return True
        if verb not in _METHOD_VERBS:
            return False
        method, name = (error, "Error") if error is not None else (string, "String")
        if method is None:
            return False
        text = self._call(lambda: method(value), value, verb, name)
        if text is not None:
            self.string(str(text), verb)
        return True

    def _call(self, fn: Callable[[], Any], value: Any, verb: str, name: str) -> Any:
        try:
            return fn()
        except Exception as exc:
            if value is None:
                self.parts.append("<nil>")
                return None
            if self.panicking or (not isinstance(exc, GoPanic) and go_error(exc) is None):
                raise
            flags, self.flags = self.flags, PLAIN
            self.parts.append(f"%!{verb}(PANIC={name} method: ")
            self.panicking = True
            self.arg(value_of(exc), "v")
            self.panicking = False
            self.parts.append(")")
            self.flags = flags
            return None

    # --- values by kind -----------------------------------------------------------------------------------

    def value(  # noqa: PLR0917
        self, v: Any, t: GoType, verb: str, depth: int, public: bool, arg: Any = None
    ) -> None:
        """Format a value of a type; `public`: whether it was reached by exported fields alone."""
        kind = t.kind
        if verb == "v" and t.cls is None and self.flags is PLAIN:
            if kind == "string":
                self.parts.append(v)
                return
            if kind in INTEGERS:
                self.parts.append(str(v))
                return
        if kind == "interface":
            self._interface(v, t, verb, depth, public)
            return
        has_methods = (
            t.cls is not None or kind == "pointer" or (verb == "w" and (depth > 0 or t is not _BYTES))
        )
        if public and has_methods and self.handled(v, t, verb, arg):
            return
        if kind in INTEGERS:
            self.integer(v, t, verb)
        elif kind == "string":
            self.string(v, verb, t)
        elif kind == "struct" and v is None and getattr(t.cls, "__module__", "").startswith("gochan.port"):
            # A nil pointer to a struct of a library, whose class stands for both.
            self.parts.append("<nil>")
        elif kind == "struct":
            self._struct(v, t, verb, depth, public)
        elif kind in {"slice", "array"}:
            self._list(v, t, verb, depth, public)
        elif kind == "pointer":
            self._pointer_value(v, t, verb, depth, public)
        elif kind in _FLOATS:
            self.floating(v, t, verb, _FLOATS[kind])
        elif kind == "bool":
            if verb in "tv":
                self.parts.append(pad(self.flags, "true" if v else "false"))
            else:
                self.bad_verb(verb, v, t, True)
        elif kind == "map":
            self._map(v, t, verb, depth, public)
        elif kind in _COMPLEXES:
            self._complex(v, t, verb, _COMPLEXES[kind])
        else:
            self.pointer(v, t, verb)

    def _interface(self, v: Any, t: GoType, verb: str, depth: int, public: bool) -> None:
        value, dynamic = unpack(v)
        if dynamic is None:
            self.parts.append(f"{t.name}(nil)" if self.flags.sharp_v else "<nil>")
            return
        self.value(value, dynamic, verb, depth + 1, public, v)

    def integer(self, n: int, t: GoType, verb: str) -> None:
        """Format an integer."""
        f = self.flags
        # A class of ints may have arithmetic of its own.
        n = int(n)
        match verb:
            case "d":
                text = fmt_integer(f, n, 10, verb)
            case "v":
                if f.sharp_v and t.kind in UNSIGNED:
                    text = fmt_hex(f, n, True)
                else:
                    text = fmt_integer(f, n, 10, verb)
            case "x" | "X":
                text = fmt_integer(f, n, 16, verb)
            case "b":
                text = fmt_integer(f, n, 2, verb)
            case "o" | "O":
                text = fmt_integer(f, n, 8, verb)
            case "c":
                text = fmt_c(f, n)
            case "q":
                text = fmt_qc(f, n)
            case "U":
                text = fmt_unicode(f, n)
            case _:
                self.bad_verb(verb, n, t, True)
                return
        self.parts.append(text)

    def floating(self, x: float, t: GoType, verb: str, bits: int) -> None:
        """Format a float."""
        text = self._float_text(x, bits, verb)
        if text is None:
            self.bad_verb(verb, x, t, True)
        else:
            self.parts.append(text)

    def _float_text(self, x: float, bits: int, verb: str) -> str | None:
        if verb == "v":
            return fmt_float(self.flags, x, bits, "g", -1)
        if verb in "bgGxX":
            return fmt_float(self.flags, x, bits, verb, -1)
        if verb in "eEfF":
            return fmt_float(self.flags, x, bits, "f" if verb == "F" else verb, 6)
        return None

    def _complex(self, z: complex, t: GoType, verb: str, bits: int) -> None:
        if verb not in "vbgGxXfFeE":
            self.bad_verb(verb, z, t, True)
            return
        f = self.flags
        plus = f.plus
        real = self._float_text(z.real, bits, verb)
        f.plus = True
        imag = self._float_text(z.imag, bits, verb)
        f.plus = plus
        self.parts.append(f"({real}{imag}i)")

    def string(self, s: str, verb: str, t: GoType = STRING) -> None:
        """Format a string."""
        f = self.flags
        match verb:
            case "s":
                text = fmt_s(f, s)
            case "v":
                text = fmt_q(f, s) if f.sharp_v else fmt_s(f, s)
            case "q":
                text = fmt_q(f, s)
            case "x" | "X":
                text = fmt_sx(f, s, verb == "X")
            case _:
                self.bad_verb(verb, s, t, True)
                return
        self.parts.append(text)

    def _list(self, v: Any, t: GoType, verb: str, depth: int, public: bool) -> None:
        elem = t.elem
        assert elem is not None
        f = self.flags
        if elem.kind == "uint8" and verb in "sqxX":
            data = bytes(v)
            if verb == "s":
                self.parts.append(fmt_s(f, data.decode("utf-8", "surrogateescape")))
            elif verb == "q":
                self.parts.append(fmt_q(f, data.decode("utf-8", "surrogateescape")))
            else:
                self.parts.append(fmt_sx(f, data, verb == "X"))
            return
        name = f"[{len(v)}]{elem.name}" if t.kind == "array" and not t.named else t.name
        bytes_at_top = t is _BYTES and depth == 0
        if bytes_at_top:
            name = "[]byte"
        if f.sharp_v:
            self.parts.append(name)
            if t.kind == "slice" and v.is_nil:
                self.parts.append("(nil)")
                return
            opening, separator, closing = "{", ", ", "}"
        else:
            opening, separator, closing = "[", " ", "]"
        self.parts.append(opening)
        if verb in "vd" and f is PLAIN and elem.cls is None and elem.kind in INTEGERS:
            self.parts += (" ".join(map(str, v)), closing)
            return
        first = True
        for item in v:
            if first:
                first = False
            else:
                self.parts.append(separator)
            if bytes_at_top and f.sharp_v:
                self.parts.append(fmt_hex(f, item, True))
            else:
                self.value(item, elem, verb, depth + 1, public, item)
        self.parts.append(closing)

    def _map(self, v: Any, t: GoType, verb: str, depth: int, public: bool) -> None:
        assert t.key is not None
        assert t.elem is not None
        f = self.flags
        if f.sharp_v:
            self.parts.append(t.name)
            if getattr(v, "is_nil", False) is True:
                self.parts.append("(nil)")
                return
            self.parts.append("{")
            separator, closing = ", ", "}"
        else:
            self.parts.append("map[")
            separator, closing = " ", "]"
        from .._interfaces import unkey

        keys = sorted_keys(v, t.key)
        for i, key in enumerate(keys):
            if i:
                self.parts.append(separator)
            plain = unkey(key)
            self.value(plain, t.key, verb, depth + 1, public, plain)
            self.parts.append(":")
            item = v[key]
            self.value(item, t.elem, verb, depth + 1, public, item)
        self.parts.append(closing)

    def _struct(self, v: Any, t: GoType, verb: str, depth: int, public: bool) -> None:
        f = self.flags
        if f.sharp_v:
            self.parts.append(t.name)
        elif v.__class__.__module__.startswith("gochan.sync"):
            from ._sync import sync_text

            text = sync_text(v, f.plus_v)
            if text is not None:
                self.parts.append(text)
                return
        self.parts.append("{")
        fields = _fields(v, t)
        named = f.plus_v or f.sharp_v
        for i, field in enumerate(fields):
            if i:
                self.parts.append(", " if f.sharp_v else " ")
            if named:
                self.parts.append(field.go_name + ":")
            item = getattr(v, field.name)
            if public and field.embedded and not field.exported and field.type.kind == "struct":
                # Its methods are not called, but the exported fields of an embedded struct are exported ones.
                self._struct(item, field.type, verb, depth + 1, True)
                continue
            self.value(item, field.type, verb, depth + 1, public and field.exported, item)
        self.parts.append("}")

    def _pointer_value(self, v: Any, t: GoType, verb: str, depth: int, public: bool) -> None:
        elem = t.elem
        assert elem is not None
        if depth == 0 and v is not None and elem.kind in {"array", "slice", "struct", "map"}:
            target = v if elem.kind == "struct" or isinstance(v, (list, Slice)) else v.v
            self.parts.append("&")
            self.value(target, elem, verb, depth + 1, public, target)
            return
        self.pointer(v, t, verb)

    def pointer(self, v: Any, t: GoType, verb: str) -> None:
        """Format an address."""
        if t.kind not in {"pointer", "chan", "func", "map", "slice"}:
            self.bad_verb(verb, v, t, True)
            return
        f = self.flags
        n = address(v)
        match verb:
            case "v":
                if f.sharp_v:
                    inner = fmt_hex(f, n, True) if n else "nil"
                    self.parts.append(f"({t.name})({inner})")
                elif n == 0:
                    self.parts.append(pad(f, "<nil>"))
                else:
                    self.parts.append(fmt_hex(f, n, not f.sharp))
            case "p":
                self.parts.append(fmt_hex(f, n, not f.sharp))
            case "b" | "o" | "d" | "x" | "X":
                base = {"b": 2, "o": 8, "d": 10}.get(verb, 16)
                self.parts.append(fmt_integer(f, n, base, verb))
            case _:
                self.bad_verb(verb, v, t, True)


def plain_text(arg: Any, cls: type[Any], verb: str) -> str | None:
    """Return the text of an operand of a plain type by a verb without flags; None if the verb has another."""
    if cls is str:
        return None if verb == "d" else str(arg)
    if cls is int:
        return None if verb == "s" else str(arg)
    if verb != "v":
        return None
    if cls is bool:
        return "true" if arg else "false"
    if cls is float:
        return float_text(arg)
    return None


def float_text(x: float) -> str:
    """Return what %v prints of a float64."""
    if 1e-4 <= x < 1e6 or -1e6 < x <= -1e-4:
        # Python's repr has the same digits.
        text = repr(x)
        return text[:-2] if text.endswith(".0") else text
    return fmt_float(PLAIN, x, 64, "g", -1)


def address(v: Any) -> int:
    """Return a number that stands for the address of what v points to; 0 for nil."""
    if v is None or getattr(v, "is_nil", False) is True:
        return 0
    if isinstance(v, Slice):
        # Slices of one array have addresses in one array.
        elem = v.elem_type()
        return 0xC000000000 + (id(v._a) & 0xFFFFFFF0) + v._o * elem.size
    if callable(v):
        # A function's address is that of its code, which all closures of one literal share.
        v = v.f if isinstance(v, Func) else v
        v = getattr(v, "__code__", v)
    return 0xC000000000 + (id(v) & 0xFFFFFFF0)


_no_fields: list[Field] = []


def _fields(v: Any, t: GoType) -> list[Field]:
    return _no_fields if t.cls is None else t.fields


def type_name(arg: Any) -> str:
    """Return what %T prints."""
    _, t = unpack(arg)
    return "<nil>" if t is None else t.name


__all__ = ["ANY", "GoError", "Printer", "State", "address", "pointer_to", "type_name", "unpack"]
