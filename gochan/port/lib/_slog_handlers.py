"""The handlers of package log/slog, which write records."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Protocol

from . import log
from ._common import Slice, encode, make
from ._slog import (
    KIND_ANY,
    KIND_GROUP,
    LEVEL_INFO,
    LEVEL_KEY,
    MESSAGE_KEY,
    TIME_KEY,
    Attr,
    Level,
    Record,
    Value,
    any_attr,
    quoted,
    string_attr,
    time_value,
)
from ._structs import struct
from ._types import UINT8, error
from .fmt._printer import unpack
from .io import put
from .strconv import quote
from .unicode import is_print, is_space

__all__ = [
    "DISCARD_HANDLER",
    "DefaultHandler",
    "Handler",
    "HandlerOptions",
    "JSONHandler",
    "TextHandler",
    "new_json_handler",
    "new_text_handler",
]


class Handler(Protocol):
    """Go's slog.Handler."""

    def enabled(self, ctx: Any, level: Level, /) -> bool: ...

    def handle(self, ctx: Any, record: Record, /) -> error: ...

    def with_attrs(self, attrs: Slice[Attr], /) -> Handler: ...

    def with_group(self, name: str, /) -> Handler: ...


@struct(go="slog.HandlerOptions", pointer=True)
class HandlerOptions:
    """Go's slog.HandlerOptions."""

    level: Any = None
    replace_attr: Any = None


# What a handler writes of an attribute: its key, and its text, or those of its group.
_Item = tuple[str, "str | list[_Item]"]


class _Handler:
    """What the handlers share: attributes and groups that all their records have."""

    __slots__ = ("_items", "_open", "_opts", "_w")

    def __init__(self, w: Any, opts: HandlerOptions | None) -> None:
        self._w = w
        self._opts = opts or HandlerOptions()
        self._open: tuple[str, ...] = ()
        # Each with the groups that it is in.
        self._items: list[tuple[tuple[str, ...], _Item]] = []

    def _shown(self, value: Value) -> str:
        raise NotImplementedError

    def _line(self, items: list[_Item]) -> str:
        raise NotImplementedError

    def _clone(self) -> Any:
        other = self.__class__(self._w, self._opts)
        other._open, other._items = self._open, [*self._items]
        return other

    def enabled(self, ctx: Any, level: Level, /) -> bool:
        least = self._opts.level
        return level >= (LEVEL_INFO if least is None else least.level())

    def with_attrs(self, attrs: Slice[Attr], /) -> Any:
        if not len(attrs):
            return self
        other = self._clone()
        for attr in attrs:
            other._items += [(self._open, item) for item in self._render(attr, self._open)]
        return other

    def with_group(self, name: str, /) -> Any:
        if not name:
            return self
        other = self._clone()
        other._open = (*self._open, name)
        return other

    def _render(self, attr: Attr, groups: tuple[str, ...]) -> list[_Item]:
        """Return what to write of an attribute: nothing if empty, more than one if a group without a name."""
        value = attr.value.resolve()
        key = attr.key
        replace = self._opts.replace_attr
        if replace is not None and value._kind != KIND_GROUP:
            replaced = replace(make([*groups]), Attr(key, value))
            key, value = replaced.key, replaced.value.resolve()
        if not key and value._is_nothing():
            return []
        if value._kind != KIND_GROUP:
            return [(key, self._shown(value))]
        inner = (*groups, key) if key else groups
        items = [item for a in value._v for item in self._render(a, inner)]
        return [(key, items)] if key and items else items

    def _rendered(self, record: Record) -> list[_Item]:
        """Return all items of a record, nested by groups."""
        root: list[_Item] = []
        own = [(self._open, item) for a in record._attrs for item in self._render(a, self._open)]
        for groups, item in self._items + own:
            level = root
            for name in groups:
                if not level or level[-1][0] != name or not isinstance(level[-1][1], list):
                    level.append((name, []))
                level = level[-1][1]  # type: ignore[assignment]
            level.append(item)
        return root

    def handle(self, ctx: Any, record: Record, /) -> Any:
        items: list[_Item] = []
        if not record.time.is_zero():
            items += self._render(Attr(TIME_KEY, time_value(record.time)), ())
        replace = self._opts.replace_attr is not None
        level: Any = Level(record.level)
        items += self._render(any_attr(LEVEL_KEY, level if replace else level.string()), ())
        items += self._render(string_attr(MESSAGE_KEY, record.message), ())
        return put(self._w, encode(self._line(items + self._rendered(record)) + "\n"))[1]


class TextHandler(_Handler):
    """Go's *slog.TextHandler: key=value."""

    __slots__ = ()
    __go_name__ = "slog.TextHandler"

    def _shown(self, value: Value) -> str:
        v, t = unpack(value._v)
        if value._kind == KIND_ANY and t is not None and t.kind == "slice" and t.elem is UINT8:
            return quote(bytes(v).decode("utf-8", "surrogateescape"))
        return _quoted_if_needed(value._text())

    def _line(self, items: list[_Item]) -> str:
        return " ".join(_flat(items, ""))


class JSONHandler(_Handler):
    """Go's *slog.JSONHandler: one object a line."""

    __slots__ = ()
    __go_name__ = "slog.JSONHandler"

    def _shown(self, value: Value) -> str:
        return value._json()

    def _line(self, items: list[_Item]) -> str:
        parts = [
            f"{quoted(key)}:{shown if isinstance(shown, str) else self._line(shown)}" for key, shown in items
        ]
        return "{" + ",".join(parts) + "}"


def _flat(items: list[_Item], prefix: str) -> list[str]:
    parts = []
    for key, shown in items:
        if isinstance(shown, str):
            parts.append(f"{_quoted_if_needed(prefix + key)}={shown}")
        else:
            parts += _flat(shown, f"{prefix}{key}.")
    return parts


def _quoted_if_needed(text: str) -> str:
    return text if text and all(map(_is_plain, text)) else quote(text)


def _is_plain(c: str) -> bool:
    r = ord(c)
    if r < 0x80:
        return r > 0x20 and c not in '="'
    return not 0xD800 <= r <= 0xDFFF and is_print(r) and not is_space(r)


def new_text_handler(w: Any, opts: Any) -> TextHandler:
    return TextHandler(w, opts)


def new_json_handler(w: Any, opts: Any) -> JSONHandler:
    return JSONHandler(w, opts)


class _Discard:
    """Go's slog.DiscardHandler."""

    def enabled(self, ctx: Any, level: Level, /) -> bool:
        return False

    def handle(self, ctx: Any, record: Record, /) -> Any:
        return None

    def with_attrs(self, attrs: Any, /) -> Any:
        return self

    def with_group(self, name: str, /) -> Any:
        return self


DISCARD_HANDLER: Final = _Discard()


class DefaultHandler(TextHandler):
    """The handler at the start, which writes by package log."""

    __slots__ = ()
    least: ClassVar[Level] = LEVEL_INFO

    def enabled(self, ctx: Any, level: Level, /) -> bool:
        return level >= self.least

    def handle(self, ctx: Any, record: Record, /) -> Any:
        text = self._line(self._rendered(record))
        head = f"{Level(record.level)} {record.message}"
        return log.output(0, f"{head} {text}" if text else head)
