"""The values of package log/slog: levels, kinds, attributes and records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any, ClassVar, Final, Protocol

from . import fmt, time
from ._common import Slice, byte_slice, encode, make
from ._interfaces import Boxed, equal
from ._json_encode import marshal_text
from ._panics import panic
from ._structs import struct
from ._types import INT, INT64, UINT64
from .fmt._printer import unpack
from .strconv import format_float, quote

TIME_KEY: Final = "time"
LEVEL_KEY: Final = "level"
MESSAGE_KEY: Final = "msg"
SOURCE_KEY: Final = "source"
_BAD_KEY: Final = "!BADKEY"

# --- levels -----------------------------------------------------------------------------------------------


_NAMES: Final = (("ERROR", 8), ("WARN", 4), ("INFO", 0), ("DEBUG", -4))


class Level(int):
    """Go's slog.Level: how important an event is."""

    __slots__ = ()
    __go_name__ = "slog.Level"
    __go_under__ = INT

    def string(self) -> str:
        name, least = next((pair for pair in _NAMES if self >= pair[1]), _NAMES[-1])
        more = int(self) - least
        return f"{name}{more:+}" if more else name

    __str__ = string

    def level(self) -> Level:
        return self

    def marshal_json(self) -> tuple[Any, Any]:

        return byte_slice(encode(quote(self.string()))), None


LEVEL_DEBUG: Final = Level(-4)
LEVEL_INFO: Final = Level(0)
LEVEL_WARN: Final = Level(4)
LEVEL_ERROR: Final = Level(8)


class Leveler(Protocol):
    """Go's slog.Leveler."""

    def level(self) -> Level: ...


class LevelVar:
    """Go's slog.LevelVar: a level that may change while handlers use it."""

    __slots__ = ("_level",)
    __go_name__ = "slog.LevelVar"

    def __init__(self) -> None:
        self._level = LEVEL_INFO

    def level(self) -> Level:
        return self._level

    def set(self, level: Level) -> None:
        self._level = Level(level)

    def string(self) -> str:
        return f"LevelVar({self._level})"

    __str__ = string


# --- values -----------------------------------------------------------------------------------------------


class Kind(int):
    """Go's slog.Kind."""

    __slots__ = ()
    __go_name__ = "slog.Kind"
    __go_under__ = INT
    _names: ClassVar = (
        *("Any", "Bool", "Duration", "Float64", "Int64", "String", "Time", "Uint64", "Group", "LogValuer"),
    )

    def string(self) -> str:
        return self._names[self] if 0 <= self < len(self._names) else "<unknown slog.Kind>"

    __str__ = string


KIND_ANY: Final = Kind(0)
KIND_BOOL: Final = Kind(1)
KIND_DURATION: Final = Kind(2)
KIND_FLOAT64: Final = Kind(3)
KIND_INT64: Final = Kind(4)
KIND_STRING: Final = Kind(5)
KIND_TIME: Final = Kind(6)
KIND_UINT64: Final = Kind(7)
KIND_GROUP: Final = Kind(8)
KIND_LOG_VALUER: Final = Kind(9)

_KINDS: Final = {
    "bool": KIND_BOOL,
    "string": KIND_STRING,
    "time.Duration": KIND_DURATION,
    "time.Time": KIND_TIME,
    **dict.fromkeys(("int", "int8", "int16", "int32", "int64"), KIND_INT64),
    **dict.fromkeys(("uint", "uint8", "uint16", "uint32", "uint64", "uintptr"), KIND_UINT64),
    **dict.fromkeys(("float32", "float64"), KIND_FLOAT64),
}


class LogValuer(Protocol):
    """Go's slog.LogValuer: what chooses the value that is logged for it."""

    def log_value(self) -> Value: ...


class Value:
    """Go's slog.Value: a value with its kind."""

    __slots__ = ("_kind", "_v")
    __go_name__ = "slog.Value"
    __go_pointer__ = False

    def __init__(self, v: Any = None, kind: Kind = KIND_ANY) -> None:
        self._v = v
        self._kind = kind

    def kind(self) -> Kind:
        return self._kind

    def any(self) -> Any:
        if self._kind == KIND_INT64:
            return Boxed(self._v, INT64)
        if self._kind == KIND_UINT64:
            return Boxed(self._v, UINT64)
        return self._v

    def _get(self, kind: Kind) -> Any:
        if self._kind != kind:
            panic(f"Value kind is {self._kind}, not {kind}")
        return self._v

    def int64(self) -> int:
        return self._get(KIND_INT64)  # type: ignore[no-any-return]

    def uint64(self) -> int:
        return self._get(KIND_UINT64)  # type: ignore[no-any-return]

    def float64(self) -> float:
        return self._get(KIND_FLOAT64)  # type: ignore[no-any-return]

    def bool(self) -> Any:
        return self._get(KIND_BOOL)

    def duration(self) -> Any:
        return self._get(KIND_DURATION)

    def time(self) -> Any:
        return self._get(KIND_TIME)

    def group(self) -> Slice[Attr]:
        return make(self._get(KIND_GROUP))

    def log_valuer(self) -> Any:
        return self._get(KIND_LOG_VALUER)

    def string(self) -> str:
        if self._kind == KIND_STRING:
            return self._v  # type: ignore[no-any-return]
        if self._kind == KIND_FLOAT64:
            return format_float(self._v, ord("g"), -1, 64)
        return fmt.sprint(self._v)

    __str__ = string

    def equal(self, w: Value) -> Any:
        return self._kind == w._kind and equal(self._v, w._v)

    def resolve(self) -> Value:
        value = self
        for _ in range(100):
            if value._kind != KIND_LOG_VALUER:
                return value
            value = value._v.log_value()
        return any_value(fmt.errorf("LogValue called too many times"))

    def _is_nothing(self) -> Any:
        return self._kind == KIND_ANY and self._v is None

    def _text(self) -> str:
        """Return the value as a TextHandler shows it, without quotes."""
        if self._kind == KIND_TIME:
            return self._v.format("2006-01-02T15:04:05.000Z07:00")  # type: ignore[no-any-return]
        if self._kind != KIND_ANY:
            return self.string()
        method = getattr(self._v, "marshal_text", None)
        if callable(method):
            data, err = method()
            return f"!ERROR:{err}" if err is not None else bytes(data).decode("utf-8", "surrogateescape")
        return fmt.sprintf("%+v", self._v)

    def _json(self) -> str:
        if self._kind == KIND_DURATION:
            return str(int(self._v))
        v = self._v
        if self._kind == KIND_ANY and callable(getattr(v, "error", None)) and not hasattr(v, "marshal_json"):
            v = v.error()
        elif self._kind == KIND_ANY and isinstance(v, BaseException):
            v = str(v)
        text, err = marshal_text(self.any() if v is self._v else v, False)
        return quoted(f"!ERROR:{err}") if err is not None else text


def quoted(text: str) -> str:
    """Return a text as JSON."""
    return marshal_text(text, False)[0]


def any_value(v: Any) -> Value:
    """Return the value of any kind that v has: Go's slog.AnyValue."""
    if isinstance(v, Value):
        return v
    if isinstance(v, Kind):
        return Value(v, KIND_ANY)
    found, t = unpack(v)
    if t is not None and t.name in _KINDS:
        return Value(found, _KINDS[t.name])
    if t is not None and t.kind == "slice" and t.elem is not None and t.elem.name == "slog.Attr":
        return group_value(*found)
    if callable(getattr(found, "log_value", None)):
        return Value(v, KIND_LOG_VALUER)
    return Value(v)


def string_value(value: str) -> Value:
    return Value(value, KIND_STRING)


def int_value(v: int) -> Value:
    return Value(v, KIND_INT64)


int64_value = int_value


def uint64_value(v: int) -> Value:
    return Value(v, KIND_UINT64)


def float64_value(v: float) -> Value:
    return Value(v, KIND_FLOAT64)


def bool_value(v: bool) -> Value:
    return Value(v, KIND_BOOL)


def time_value(v: Any) -> Value:
    return Value(v, KIND_TIME)


def duration_value(v: int) -> Value:
    return Value(time.Duration(v), KIND_DURATION)


def group_value(*attrs: Attr) -> Value:
    return Value([a for a in attrs if not is_empty_group(a)], KIND_GROUP)


def is_empty_group(a: Attr) -> bool:
    return a.value._kind == KIND_GROUP and not a.value._v


@struct(go="slog.Attr")
class Attr:
    """Go's slog.Attr: a key and its value."""

    key: str = ""
    value: Value = field(default_factory=Value)

    def string(self) -> str:
        return f"{self.key}={self.value.string()}"

    def equal(self, b: Attr) -> bool:
        return self.key == b.key and self.value.equal(b.value)


def string_attr(key: str, value: str) -> Attr:
    return Attr(key, string_value(value))


def int_attr(key: str, value: int) -> Attr:
    return Attr(key, int_value(value))


def uint64_attr(key: str, v: int) -> Attr:
    return Attr(key, uint64_value(v))


def float64_attr(key: str, v: float) -> Attr:
    return Attr(key, float64_value(v))


def bool_attr(key: str, v: bool) -> Attr:
    return Attr(key, bool_value(v))


def duration_attr(key: str, v: int) -> Attr:
    return Attr(key, duration_value(v))


def time_attr(key: str, v: Any) -> Attr:
    return Attr(key, time_value(v))


def any_attr(key: str, value: Any) -> Attr:
    return Attr(key, any_value(value))


def group_attr(key: str, *args: Any) -> Attr:
    return Attr(key, group_value(*attrs_of(args)))


def attrs_of(args: Sequence[Any]) -> list[Attr]:
    """Return the attributes that alternating keys and values are."""
    found: list[Attr] = []
    rest = [*args]
    while rest:
        first, t = unpack(rest[0])
        if isinstance(first, Attr):
            found.append(first)
        elif t is None or t.name != "string":
            found.append(any_attr(_BAD_KEY, rest[0]))
        elif len(rest) == 1:
            found.append(string_attr(_BAD_KEY, first))
        else:
            found.append(any_attr(first, rest.pop(1)))
        del rest[0]
    return found


@struct(go="slog.Record")
class Record:
    """Go's slog.Record: one event."""

    time: Any = field(default_factory=time.Time)
    message: str = ""
    level: Level = LEVEL_INFO
    pc: int = 0
    _attrs: list[Attr] = field(default_factory=list)

    def clone(self) -> Record:
        return Record(self.time, self.message, self.level, self.pc, [*self._attrs])

    def num_attrs(self) -> int:
        return len(self._attrs)

    def attrs(self, f: Callable[[Attr], bool]) -> None:
        for attr in self._attrs:
            if not f(attr):
                return

    def add_attrs(self, *attrs: Attr) -> None:
        self._attrs += [a for a in attrs if not is_empty_group(a)]

    def add(self, *args: Any) -> None:
        self.add_attrs(*attrs_of(args))


def new_record(t: Any, level: Level, msg: str, pc: int) -> Record:
    return Record(t, msg, Level(level), pc)
