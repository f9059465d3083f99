"""Go's package flag.

A flag's variable is a `Ref`, or for the functions that end in `var` whatever pointer is given.
"""

from __future__ import annotations

from builtins import bool as _bool
from builtins import int as _int
from builtins import str as _str
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from . import fmt, os
from ._common import Slice, encode, new_error, panic, strings_of
from ._structs import Ref
from ._types import error, nil
from .io import put
from .strconv import ErrRange, ErrSyntax, format_float, parse_bool, parse_float, parse_int, parse_uint, quote
from .time import Duration

__all__ = [
    "CONTINUE_ON_ERROR",
    "EXIT_ON_ERROR",
    "PANIC_ON_ERROR",
    "ErrHelp",
    "ErrorHandling",
    "Flag",
    "FlagSet",
    "Getter",
    "Value",
    "arg",
    "args",
    "bool",
    "bool_func",
    "bool_var",
    "command_line",
    "duration",
    "duration_var",
    "float64",
    "float64_var",
    "func",
    "int",
    "int64",
    "int64_var",
    "int_var",
    "lookup",
    "n_arg",
    "n_flag",
    "new_flag_set",
    "parse",
    "parsed",
    "print_defaults",
    "set",
    "string",
    "string_var",
    "uint",
    "uint64",
    "uint64_var",
    "uint_var",
    "unquote_usage",
    "usage",
    "var",
    "visit",
    "visit_all",
]

ErrorHandling: TypeAlias = _int
CONTINUE_ON_ERROR: Final = 0
EXIT_ON_ERROR: Final = 1
PANIC_ON_ERROR: Final = 2
ErrHelp: Final = new_error("flag: help requested")
_PARSE_ERROR: Final = new_error("parse error")
_RANGE_ERROR: Final = new_error("value out of range")


T = TypeVar("T")


class Value(Protocol):
    """Go's flag.Value."""

    def string(self) -> _str: ...
    def set(self, s: _str, /) -> error: ...


Getter = Value


class _Kind:
    """What the built-in kinds of flags are parsed and shown by."""

    def __init__(
        self, name: _str, parse: Callable[[_str], tuple[Any, Any]], show: Callable[[Any], _str], zero: Any
    ) -> None:
        self.name = name
        self.parse = parse
        self.show = show
        self.zero = zero


def _numeric(parse: Callable[[_str], tuple[Any, Any]]) -> Callable[[_str], tuple[Any, Any]]:
    def parsed(s: _str) -> tuple[Any, error]:
        v, err = parse(s)
        if err is not None:
            err = _RANGE_ERROR if err.err is ErrRange else _PARSE_ERROR if err.err is ErrSyntax else err
        return v, err

    return parsed


def _parse_bool(s: _str) -> tuple[Any, error]:
    v, err = parse_bool(s)
    return v, None if err is None else _PARSE_ERROR


def _parse_duration(s: _str) -> tuple[Any, error]:
    from . import time

    v, err = time.parse_duration(s)
    return v, None if err is None else _PARSE_ERROR


_BOOL: Final = _Kind("", _parse_bool, lambda v: "true" if v else "false", False)
_INT: Final = _Kind("int", _numeric(lambda s: parse_int(s, 0, 64)), _str, 0)
_UINT: Final = _Kind("uint", _numeric(lambda s: parse_uint(s, 0, 64)), _str, 0)
_FLOAT: Final = _Kind(
    "float", _numeric(lambda s: parse_float(s, 64)), lambda v: format_float(v, ord("g"), -1, 64), 0.0
)
_STRING: Final = _Kind("string", lambda s: (s, None), lambda v: v, "")
_DURATION: Final = _Kind("duration", _parse_duration, fmt.sprint, Duration(0))


class _Variable:
    """A flag of a built-in kind."""

    def __init__(self, kind: _Kind, ref: Any) -> None:
        self.kind = kind
        self.ref = ref

    def string(self) -> _str:
        return self.kind.show(self.ref.v)

    def set(self, s: _str) -> error:
        err: error
        v, err = self.kind.parse(s)
        # Go stores what it parsed even if it is out of range.
        if err is None or self.kind is not _DURATION:
            self.ref.v = v
        return err

    def get(self) -> Any:
        return self.ref.v

    def is_bool_flag(self) -> _bool:
        return self.kind is _BOOL


class _Function:
    """A flag that calls a function."""

    def __init__(self, fn: Callable[[_str], error], is_bool: _bool) -> None:
        self.fn = fn
        self._is_bool = is_bool

    def string(self) -> _str:
        return ""

    def set(self, s: _str) -> error:
        return self.fn(s)

    def is_bool_flag(self) -> _bool:
        return self._is_bool


class Flag:
    """Go's flag.Flag."""

    __slots__ = ("def_value", "name", "usage", "value")

    def __init__(self, name: _str, usage: _str, value: Any, def_value: _str) -> None:
        self.name = name
        self.usage = usage
        self.value = value
        self.def_value = def_value


def _zero_text(value: Any) -> _str:
    """Return what the zero value of a flag's type shows: a default that is the same is not printed."""
    if isinstance(value, _Function):
        return ""
    from . import reflect

    t = reflect.type_of(value)
    zero = reflect.new(t.elem()) if t.kind() == reflect.POINTER else reflect.zero(t)
    return _str(zero.interface().string())


def _is_bool(value: Any) -> _bool:
    method = getattr(value, "is_bool_flag", None)
    return method is not None and _bool(method())


def unquote_usage(flag: Flag) -> tuple[_str, _str]:
    """Return the name of the value, from `back quotes` in the usage or by its kind, and the usage."""
    before, mark, rest = flag.usage.partition("`")
    name, mark2, after = rest.partition("`")
    if mark and mark2:
        return name, before + name + after
    value = flag.value
    if _is_bool(value):
        return "", flag.usage
    return (value.kind.name if isinstance(value, _Variable) else "value"), flag.usage


class FlagSet:
    """Go's flag.FlagSet."""

    usage: Any

    def __init__(self, name: _str = "", error_handling: _int = CONTINUE_ON_ERROR) -> None:
        self._name = name
        self._handling = error_handling
        self._formal: dict[_str, Flag] = {}
        self._actual: dict[_str, Flag] = {}
        self._args: list[_str] = []
        self._parsed = False
        self._output: Any = None
        self.usage: Any = None

    def init(self, name: _str, error_handling: _int) -> None:
        self._name = name
        self._handling = error_handling

    def name(self) -> _str:
        return self._name

    def error_handling(self) -> _int:
        return self._handling

    def output(self) -> error:
        return os.stderr if self._output is None else self._output

    def set_output(self, output: Any) -> None:
        self._output = output

    # --- defining -----------------------------------------------------------------------------------------

    def var(self, value: Any, name: _str, usage: _str) -> None:
        if name.startswith("-"):
            panic(self._say(f"flag {quote(name)} begins with -"))
        if "=" in name:
            panic(self._say(f"flag {quote(name)} contains ="))
        if name in self._formal:
            panic(
                self._say(f"{self._name} flag redefined: {name}" if self._name else f"flag redefined: {name}")
            )
        self._formal[name] = Flag(name, usage, value, value.string())

    def _define(self, kind: _Kind, ref: Ref[T], name: _str, value: Any, usage: _str) -> Ref[T]:
        ref.v = value
        self.var(_Variable(kind, ref), name, usage)
        return ref

    def bool(self, name: _str, value: _bool, usage: _str) -> Ref[_bool]:
        return self._define(_BOOL, Ref(value), name, value, usage)

    def int(self, name: _str, value: _int, usage: _str) -> Ref[_int]:
        return self._define(_INT, Ref(value), name, value, usage)

    def int64(self, name: _str, value: _int, usage: _str) -> Ref[_int]:
        return self._define(_INT, Ref(value), name, value, usage)

    def uint(self, name: _str, value: _int, usage: _str) -> Ref[_int]:
        return self._define(_UINT, Ref(value), name, value, usage)

    def uint64(self, name: _str, value: _int, usage: _str) -> Ref[_int]:
        return self._define(_UINT, Ref(value), name, value, usage)

    def float64(self, name: _str, value: float, usage: _str) -> Ref[float]:
        return self._define(_FLOAT, Ref(value), name, value, usage)

    def string(self, name: _str, value: _str, usage: _str) -> Ref[_str]:
        return self._define(_STRING, Ref(value), name, value, usage)

    def duration(self, name: _str, value: Any, usage: _str) -> Any:
        return self._define(_DURATION, Ref(value), name, value, usage)

    def bool_var(self, p: Any, name: _str, value: _bool, usage: _str) -> None:
        self._define(_BOOL, p, name, value, usage)

    def int_var(self, p: Any, name: _str, value: _int, usage: _str) -> None:
        self._define(_INT, p, name, value, usage)

    def int64_var(self, p: Any, name: _str, value: _int, usage: _str) -> None:
        self._define(_INT, p, name, value, usage)

    def uint_var(self, p: Any, name: _str, value: _int, usage: _str) -> None:
        self._define(_UINT, p, name, value, usage)

    def uint64_var(self, p: Any, name: _str, value: _int, usage: _str) -> None:
        self._define(_UINT, p, name, value, usage)

    def float64_var(self, p: Any, name: _str, value: float, usage: _str) -> None:
        self._define(_FLOAT, p, name, value, usage)

    def string_var(self, p: Any, name: _str, value: _str, usage: _str) -> None:
        self._define(_STRING, p, name, value, usage)

    def duration_var(self, p: Any, name: _str, value: Any, usage: _str) -> None:
        self._define(_DURATION, p, name, value, usage)

    def func(self, name: _str, usage: _str, fn: Callable[[_str], Any]) -> None:
        self.var(_Function(fn, False), name, usage)

    def bool_func(self, name: _str, usage: _str, fn: Callable[[_str], Any]) -> None:
        self.var(_Function(fn, True), name, usage)

    # --- reading ------------------------------------------------------------------------------------------

    def lookup(self, name: _str) -> Flag:
        return self._formal.get(name, nil)

    def set(self, name: _str, value: _str) -> error:
        flag = self._formal.get(name)
        if flag is None:
            return new_error(f"no such flag -{name}")
        err: error = flag.value.set(value)
        if err is None:
            self._actual[name] = flag
        return err

    def visit_all(self, fn: Callable[[Flag], object]) -> None:
        for name in sorted(self._formal):
            fn(self._formal[name])

    def visit(self, fn: Callable[[Flag], object]) -> None:
        for name in sorted(self._actual):
            fn(self._actual[name])

    def n_flag(self) -> _int:
        return len(self._actual)

    def n_arg(self) -> _int:
        return len(self._args)

    def arg(self, i: _int) -> _str:
        return self._args[i] if 0 <= i < len(self._args) else ""

    def args(self) -> Slice[_str]:
        return strings_of(list(self._args))

    def parsed(self) -> _bool:
        return self._parsed

    # --- usage --------------------------------------------------------------------------------------------

    def _say(self, message: _str) -> _str:
        put(self.output(), encode(message + "\n"))
        return message

    def print_defaults(self) -> None:
        self.visit_all(self._print_flag)

    def _print_flag(self, flag: Flag) -> None:
        text = f"  -{flag.name}"
        name, usage = unquote_usage(flag)
        if name:
            text += " " + name
        # The usage of a flag with a short name stands in the same line.
        text += "\t" if len(text.encode()) <= 4 else "\n    \t"
        text += usage.replace("\n", "\n    \t")
        value = flag.value
        if isinstance(value, _Variable):
            if flag.def_value != value.kind.show(value.kind.zero):
                shown = quote(flag.def_value) if value.kind is _STRING else flag.def_value
                text += f" (default {shown})"
        elif flag.def_value != _zero_text(value):
            text += f" (default {flag.def_value})"
        self._say(text)

    def _default_usage(self) -> None:
        self._say(f"Usage of {self._name}:" if self._name else "Usage:")
        self.print_defaults()

    def _usage(self) -> None:
        if self.usage is not None:
            self.usage()
        else:
            self._default_usage()

    # --- parsing ------------------------------------------------------------------------------------------

    def parse(self, arguments: Any) -> error:
        self._parsed = True
        self._args = list(arguments)
        while True:
            more, err = self._parse_one()
            if more:
                continue
            if err is None:
                return None
            if self._handling == EXIT_ON_ERROR:
                os.exit(0 if err is ErrHelp else 2)
            if self._handling == PANIC_ON_ERROR:
                panic(err)
            return err

    def _fail(self, message: _str) -> tuple[_bool, error]:
        self._say(message)
        self._usage()
        return False, new_error(message)

    def _parse_one(self) -> tuple[_bool, error]:
        """Take a flag; return whether there was one, and the error."""
        if not self._args:
            return False, None
        text = self._args[0]
        if len(text) < 2 or text[0] != "-":
            return False, None
        dashes = 2 if text[1] == "-" else 1
        if text == "--":
            del self._args[0]
            return False, None
        name = text[dashes:]
        if not name or name[0] in "-=":
            return self._fail(f"bad flag syntax: {text}")
        del self._args[0]
        name, given, value = name.partition("=")
        flag = self._formal.get(name)
        if flag is None:
            if name in ("help", "h"):
                self._usage()
                return False, ErrHelp
            return self._fail(f"flag provided but not defined: -{name}")
        if _is_bool(flag.value):
            err = flag.value.set(value if given else "true")
            if err is not None:
                if given:
                    return self._fail(f"invalid boolean value {quote(value)} for -{name}: {err}")
                return self._fail(f"invalid boolean flag {name}: {err}")
        else:
            if not given:
                if not self._args:
                    return self._fail(f"flag needs an argument: -{name}")
                value = self._args.pop(0)
            err = flag.value.set(value)
            if err is not None:
                return self._fail(f"invalid value {quote(value)} for flag -{name}: {err}")
        self._actual[name] = flag
        return True, None


def new_flag_set(name: _str, error_handling: _int) -> FlagSet:
    return FlagSet(name, error_handling)


command_line: Final = FlagSet(os.args[0] if len(os.args) else "", EXIT_ON_ERROR)


def usage() -> None:
    """Print the usage of the command line; a program may set `flag.usage` to a function of its own."""
    put(command_line.output(), encode(f"Usage of {command_line.name()}:\n"))
    print_defaults()


command_line.usage = lambda: usage()  # noqa: PLW0108 - the program may replace `usage`


def parse() -> None:
    command_line.parse(list(os.args)[1:])


var = command_line.var
bool = command_line.bool
int = command_line.int
int64 = command_line.int64
uint = command_line.uint
uint64 = command_line.uint64
float64 = command_line.float64
string = command_line.string
duration = command_line.duration
bool_var = command_line.bool_var
int_var = command_line.int_var
int64_var = command_line.int64_var
uint_var = command_line.uint_var
uint64_var = command_line.uint64_var
float64_var = command_line.float64_var
string_var = command_line.string_var
duration_var = command_line.duration_var
func = command_line.func
bool_func = command_line.bool_func
lookup = command_line.lookup
set = command_line.set
visit = command_line.visit
visit_all = command_line.visit_all
n_flag = command_line.n_flag
n_arg = command_line.n_arg
arg = command_line.arg
args = command_line.args
parsed = command_line.parsed
print_defaults = command_line.print_defaults
