"""Go's package log/slog."""

from __future__ import annotations

from typing import Any

from gochan import context

from . import log as _log
from . import time as _time
from ._common import decode, make
from ._slog import (
    KIND_ANY,
    KIND_BOOL,
    KIND_DURATION,
    KIND_FLOAT64,
    KIND_GROUP,
    KIND_INT64,
    KIND_LOG_VALUER,
    KIND_STRING,
    KIND_TIME,
    KIND_UINT64,
    LEVEL_DEBUG,
    LEVEL_ERROR,
    LEVEL_INFO,
    LEVEL_KEY,
    LEVEL_WARN,
    MESSAGE_KEY,
    SOURCE_KEY,
    TIME_KEY,
    Attr,
    Kind,
    Level,
    Leveler,
    LevelVar,
    LogValuer,
    Record,
    Value,
    any_value,
    attrs_of,
    bool_value,
    duration_value,
    float64_value,
    group_value,
    int64_value,
    int_value,
    new_record,
    string_value,
    time_value,
    uint64_value,
)
from ._slog import any_attr as any
from ._slog import bool_attr as bool
from ._slog import duration_attr as duration
from ._slog import float64_attr as float64
from ._slog import group_attr as group
from ._slog import int_attr as int
from ._slog import int_attr as int64
from ._slog import string_attr as string
from ._slog import time_attr as time
from ._slog import uint64_attr as uint64
from ._slog_handlers import (
    DISCARD_HANDLER,
    DefaultHandler,
    Handler,
    HandlerOptions,
    JSONHandler,
    TextHandler,
    new_json_handler,
    new_text_handler,
)

__all__ = [
    "DISCARD_HANDLER",
    "KIND_ANY",
    "KIND_BOOL",
    "KIND_DURATION",
    "KIND_FLOAT64",
    "KIND_GROUP",
    "KIND_INT64",
    "KIND_LOG_VALUER",
    "KIND_STRING",
    "KIND_TIME",
    "KIND_UINT64",
    "LEVEL_DEBUG",
    "LEVEL_ERROR",
    "LEVEL_INFO",
    "LEVEL_KEY",
    "LEVEL_WARN",
    "MESSAGE_KEY",
    "SOURCE_KEY",
    "TIME_KEY",
    "Attr",
    "Handler",
    "HandlerOptions",
    "JSONHandler",
    "Kind",
    "Level",
    "LevelVar",
    "Leveler",
    "LogValuer",
    "Logger",
    "Record",
    "TextHandler",
    "Value",
    "any",
    "any_value",
    "bool",
    "bool_value",
    "debug",
    "debug_context",
    "default",
    "duration",
    "duration_value",
    "error",
    "error_context",
    "float64",
    "float64_value",
    "group",
    "group_value",
    "info",
    "info_context",
    "int",
    "int64",
    "int64_value",
    "int_value",
    "log",
    "log_attrs",
    "new",
    "new_json_handler",
    "new_log_logger",
    "new_record",
    "new_text_handler",
    "set_default",
    "set_log_logger_level",
    "string",
    "string_value",
    "time",
    "time_value",
    "uint64",
    "uint64_value",
    "warn",
    "warn_context",
    "with_",
]


class Logger:
    """Go's *slog.Logger."""

    __slots__ = ("_handler",)
    __go_name__ = "slog.Logger"

    def __init__(self, handler: Any) -> None:
        self._handler = handler

    def handler(self) -> Any:
        return self._handler

    def enabled(self, ctx: Any, level: Level) -> Any:
        return self._handler.enabled(ctx, level)

    def with_(self, *args: Any) -> Logger:
        return Logger(self._handler.with_attrs(make(attrs_of(args)))) if args else self

    def with_group(self, name: str) -> Logger:
        return Logger(self._handler.with_group(name)) if name else self

    def log_attrs(self, ctx: Any, level: Level, msg: str, *attrs: Attr) -> None:
        if self._handler.enabled(ctx, level):
            record = new_record(_time.now(), level, msg, 0)
            record.add_attrs(*attrs)
            self._handler.handle(ctx, record)

    def log(self, ctx: Any, level: Level, msg: str, *args: Any) -> None:
        self.log_attrs(ctx, level, msg, *attrs_of(args))

    def debug(self, msg: str, *args: Any) -> None:
        self.log(context.background(), LEVEL_DEBUG, msg, *args)

    def info(self, msg: str, *args: Any) -> None:
        self.log(context.background(), LEVEL_INFO, msg, *args)

    def warn(self, msg: str, *args: Any) -> None:
        self.log(context.background(), LEVEL_WARN, msg, *args)

    def error(self, msg: str, *args: Any) -> None:
        self.log(context.background(), LEVEL_ERROR, msg, *args)

    def debug_context(self, ctx: Any, msg: str, *args: Any) -> None:
        self.log(ctx, LEVEL_DEBUG, msg, *args)

    def info_context(self, ctx: Any, msg: str, *args: Any) -> None:
        self.log(ctx, LEVEL_INFO, msg, *args)

    def warn_context(self, ctx: Any, msg: str, *args: Any) -> None:
        self.log(ctx, LEVEL_WARN, msg, *args)

    def error_context(self, ctx: Any, msg: str, *args: Any) -> None:
        self.log(ctx, LEVEL_ERROR, msg, *args)


_logger = Logger(DefaultHandler(None, None))


def new(h: Any) -> Logger:
    return Logger(h)


def default() -> Logger:
    return _logger


class _Writer:
    """What package log writes to, so that its lines become records."""

    def __init__(self, handler: Any, level: Level | None) -> None:
        self._handler = handler
        self._level = level

    def write(self, p: Any) -> tuple[Any, Any]:
        level = DefaultHandler.least if self._level is None else self._level
        if not self._handler.enabled(context.background(), level):
            return 0, None
        text = decode(bytes(p)).removesuffix("\n")
        record = new_record(_time.now(), level, text, 0)
        return len(p), self._handler.handle(context.background(), record)


def set_default(logger: Logger) -> None:
    """Make a logger the default one, for package log, too: Go's slog.SetDefault."""
    global _logger
    _logger = logger
    if not isinstance(logger.handler(), DefaultHandler):
        _log.set_output(_Writer(logger.handler(), None))
        _log.set_flags(0)


def new_log_logger(h: Any, level: Level) -> _log.Logger:
    return _log.new(_Writer(h, Level(level)), "", 0)


def set_log_logger_level(level: Level) -> Level:
    old = DefaultHandler.least
    DefaultHandler.least = Level(level)
    return old


def with_(*args: Any) -> Logger:
    return _logger.with_(*args)


def log(ctx: Any, level: Level, msg: str, *args: Any) -> None:
    _logger.log(ctx, level, msg, *args)


def log_attrs(ctx: Any, level: Level, msg: str, *attrs: Attr) -> None:
    _logger.log_attrs(ctx, level, msg, *attrs)


def debug(msg: str, *args: Any) -> None:
    _logger.debug(msg, *args)


def info(msg: str, *args: Any) -> None:
    _logger.info(msg, *args)


def warn(msg: str, *args: Any) -> None:
    _logger.warn(msg, *args)


def error(msg: str, *args: Any) -> None:
    _logger.error(msg, *args)


def debug_context(ctx: Any, msg: str, *args: Any) -> None:
    _logger.debug_context(ctx, msg, *args)


def info_context(ctx: Any, msg: str, *args: Any) -> None:
    _logger.info_context(ctx, msg, *args)


def warn_context(ctx: Any, msg: str, *args: Any) -> None:
    _logger.warn_context(ctx, msg, *args)


def error_context(ctx: Any, msg: str, *args: Any) -> None:
    _logger.error_context(ctx, msg, *args)
