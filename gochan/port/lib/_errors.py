"""Errors that are values: what errors.New and fmt.Errorf return, and io.EOF."""

from __future__ import annotations

from typing import Any, ClassVar

from ._slices import Slice
from ._types import error


class ErrorString(Exception):
    """An error that is a text: what Go's errors.New returns.  Each is equal to itself alone."""

    __go_name__ = "errors.errorString"
    __go_layout__: ClassVar[dict[str, Any]] = {"s": str}

    @property
    def s(self) -> str:
        """The text."""
        return str(self)

    @property
    def msg(self) -> str:
        """The text, as it is named in errors that wrap others."""
        return str(self)

    def error(self) -> str:
        """Return the text: Go's Error."""
        return str(self)


class _DeadlineExceeded(ErrorString):
    """The class of os.ErrDeadlineExceeded, which stands for gochan's timeouts of connections and pipes."""

    def timeout(self) -> bool:
        """Return True: Go's Timeout."""
        return True

    def temporary(self) -> bool:
        """Return True: Go's Temporary."""
        return True


DEADLINE_EXCEEDED = _DeadlineExceeded("i/o timeout")


class WrapError(ErrorString):
    """What fmt.Errorf returns for a format with one %w."""

    __go_name__ = "fmt.wrapError"
    __go_layout__: ClassVar[dict[str, Any]] = {"msg": str, "err": error}

    def __init__(self, text: str, err: Any) -> None:
        super().__init__(text)
        self.err = err

    def unwrap(self) -> Any:
        """Return the wrapped error: Go's Unwrap."""
        return self.err


class WrapErrors(ErrorString):
    """What fmt.Errorf returns for a format with several %w."""

    __go_name__ = "fmt.wrapErrors"
    __go_layout__: ClassVar[dict[str, Any]] = {"msg": str, "errs": Slice[error]}

    def __init__(self, text: str, errs: list[Any]) -> None:
        super().__init__(text)
        self.errs = Slice[error](errs)

    def unwrap(self) -> Slice[Any]:
        """Return the wrapped errors: Go's Unwrap."""
        return self.errs


EOF = ErrorString("EOF")
ErrUnexpectedEOF = ErrorString("unexpected EOF")
