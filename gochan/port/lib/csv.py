"""Go's package encoding/csv."""

from __future__ import annotations

from typing import Any, Final

from ._common import Slice, append, decode, encode, new_error, strings_of
from ._types import STRING, slice_of
from ._types import error as _error
from .io import EOF, put, read_chunk

__all__ = [
    "ErrBareQuote",
    "ErrFieldCount",
    "ErrQuote",
    "ParseError",
    "Reader",
    "Writer",
    "new_reader",
    "new_writer",
]

ErrBareQuote: Final = new_error('bare " in non-quoted-field')
ErrQuote: Final = new_error('extraneous or missing " in quoted-field')
ErrFieldCount: Final = new_error("wrong number of fields")
_INVALID_DELIM: Final = new_error("csv: invalid field or comment delimiter")


class ParseError:
    """Go's *csv.ParseError."""

    __slots__ = ("column", "err", "line", "start_line")
    __go_name__ = "csv.ParseError"

    def __init__(self, start_line: int = 0, line: int = 0, column: int = 0, err: _error = None) -> None:
        self.start_line = start_line
        self.line = line
        self.column = column
        self.err = err

    def error(self) -> str:
        if self.err is ErrFieldCount:
            return f"record on line {self.line}: {self.err}"
        if self.start_line != self.line:
            return f"record on line {self.start_line}; {self._place()}: {self.err}"
        return f"{self._place()}: {self.err}"

    def _place(self) -> str:
        return f"parse error on line {self.line}, column {self.column}"

    __str__ = error

    def unwrap(self) -> _error:
        return self.err


class Reader:
    """Go's csv.Reader."""

    comma: int
    comment: int
    fields_per_record: int
    lazy_quotes: bool
    trim_leading_space: bool
    reuse_record: bool

    def __init__(self, r: Any = None) -> None:
        self.comma = 0x2C
        self.comment = 0
        self.fields_per_record = 0
        self.lazy_quotes = False
        self.trim_leading_space = False
        self.reuse_record = False
        self._r = r
        self._data = b""
        self._err: _error = None
        self._line = 0

    def _read_line(self) -> tuple[bytes, _error]:
        """Return the next line with a newline at its end, but for the last one."""
        while True:
            end = self._data.find(b"\n") + 1
            if not end and self._err is None:
                more, self._err = read_chunk(self._r, 4096)
                self._data += more
                continue
            line = self._data[: end or len(self._data)]
            self._data = self._data[len(line) :]
            err = None
            if not end:
                err = self._err
                if line:
                    err = None if err is EOF else err
                    # A carriage return before the end of the input goes away.
                    line = line.removesuffix(b"\r")
            self._line += 1
            if line.endswith(b"\r\n"):
                line = line[:-2] + b"\n"
            return line, err

    def read(self) -> tuple[Slice[str], _error]:
        record, err = self._record()
        fields = strings_of(record)
        if record is None or err is not None:
            return fields, err
        if self.fields_per_record > 0:
            if len(record) != self.fields_per_record:
                return fields, ParseError(self._start, self._start, 1, ErrFieldCount)
        elif self.fields_per_record == 0:
            self.fields_per_record = len(record)
        return fields, None

    def read_all(self) -> tuple[Slice[Slice[str]], _error]:
        records: Any = Slice()
        records._t = slice_of(STRING)
        while True:
            record, err = self.read()
            if err is EOF:
                return records, None
            if err is not None:
                nothing: Any = Slice()
                nothing._t = slice_of(STRING)
                return nothing, err
            records = append(records, record)

    def _record(self) -> tuple[list[str] | None, _error]:
        comma, comment = chr(self.comma), chr(self.comment) if self.comment else ""
        for mark in (comma, comment):
            if mark in ('"', "\r", "\n", "\ufffd") or comma == comment or not comma:
                return None, _INVALID_DELIM
        while True:
            raw, err = self._read_line()
            if err is not None:
                return None, err
            if not raw and self._err is not None:
                return None, self._err
            text = decode(raw)
            if comment and text.startswith(comment):
                continue
            if text == "\n":
                continue
            break
        self._start = self._line
        fields: list[str] = []
        line_text = text  # the line that columns count in
        while True:
            if self.trim_leading_space:
                text = text.lstrip("\t\v\f\r \x85\xa0")
            if not text.startswith('"'):
                field, found, rest = text.partition(comma)
                if not found:
                    field = field.removesuffix("\n")
                if not self.lazy_quotes and '"' in field:
                    column = self._column(line_text, text, field.index('"'))
                    return None, ParseError(self._start, self._line, column, ErrBareQuote)
                fields.append(field)
                if not found:
                    return fields, None
                text = rest
                continue
            value, text, line_text, done, err = self._quoted(text, line_text, comma)
            if err is not None:
                return None, err
            fields.append(value)
            if done:
                return fields, None

    @staticmethod
    def _column(line: str, rest: str, at: int) -> int:
        """Return the column, in bytes from 1, of an index of what is left of a line."""
        return len(encode(line)) - len(encode(rest)) + len(encode(rest[:at])) + 1

    def _quoted(self, text: str, line_text: str, comma: str) -> tuple[str, str, str, bool, _error]:
        """Take a quoted field; return it, what follows, the line of that, and whether the record ends."""
        text = text[1:]
        value = ""
        while True:
            before, found, after = text.partition('"')
            if found:
                value += before
                if after.startswith('"'):
                    value += '"'
                    text = after[1:]
                elif after.startswith(comma):
                    return value, after[1:], line_text, False, None
                elif after in ("", "\n"):
                    return value, "", line_text, True, None
                elif self.lazy_quotes:
                    value += '"'
                    text = after
                else:
                    column = self._column(line_text, after, 0) - 1
                    return "", "", line_text, True, ParseError(self._start, self._line, column, ErrQuote)
                continue
            if text:
                # The field goes on in the next line.
                value += text
                raw, err = self._read_line()
                if err is EOF or (err is None and not raw):
                    if not self.lazy_quotes:
                        column = self._column(line_text, "", 0)
                        at = self._line - 1
                        return "", "", line_text, True, ParseError(self._start, at, column, ErrQuote)
                    return value, "", line_text, True, None
                if err is not None:
                    return "", "", line_text, True, err
                text = line_text = decode(raw)
                continue
            # The input ends in the field.
            if not self.lazy_quotes:
                column = self._column(line_text, "", 0)
                return "", "", line_text, True, ParseError(self._start, self._line, column, ErrQuote)
            return value, "", line_text, True, None


def new_reader(r: Any) -> Reader:
    return Reader(r)


class Writer:
    """Go's csv.Writer."""

    comma: int
    use_crlf: bool

    def __init__(self, w: Any = None) -> None:
        self.comma = 0x2C
        self.use_crlf = False
        self._w = w
        self._parts: list[str] = []
        self._err: _error = None

    def _needs_quotes(self, field: str) -> bool:
        if not field:
            return False
        if field == r"\.":
            return True
        if chr(self.comma) in field or any(c in field for c in '"\r\n'):
            return True
        return (
            field[0] in "\t\v\f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
            or "\u2000" <= field[0] <= "\u200a"
        )

    def write(self, record: Any) -> _error:
        if chr(self.comma) in '"\r\n\ufffd\0':
            return _INVALID_DELIM
        cells = []
        for field in record:
            if self._needs_quotes(field):
                text = field.replace('"', '""')
                if self.use_crlf:
                    text = text.replace("\r", "").replace("\n", "\r\n")
                cells.append(f'"{text}"')
            else:
                cells.append(field)
        self._parts.append(chr(self.comma).join(cells) + ("\r\n" if self.use_crlf else "\n"))
        return self._err

    def write_all(self, records: Any) -> _error:
        for record in records:
            err = self.write(record)
            if err is not None:
                return err
        self.flush()
        return self._err

    def flush(self) -> None:
        data = encode("".join(self._parts))
        self._parts = []
        if data and self._err is None:
            self._err = put(self._w, data)[1]

    def error(self) -> _error:
        return self._err


def new_writer(w: Any) -> Writer:
    return Writer(w)
