"""Go's package text/tabwriter."""

from __future__ import annotations

from typing import Any, Final

from ._common import bytes_of, decode, encode
from ._types import error
from .io import put

__all__ = [
    "ALIGN_RIGHT",
    "DEBUG",
    "DISCARD_EMPTY_COLUMNS",
    "ESCAPE",
    "FILTER_HTML",
    "STRIP_ESCAPE",
    "TAB_INDENT",
    "Writer",
    "new_writer",
]

FILTER_HTML: Final = 1
STRIP_ESCAPE: Final = 2
ALIGN_RIGHT: Final = 4
DISCARD_EMPTY_COLUMNS: Final = 8
TAB_INDENT: Final = 16
DEBUG: Final = 32
ESCAPE: Final = 0xFF


class _Cell:
    __slots__ = ("ends_with_tab", "text", "width")

    def __init__(self) -> None:
        self.text = ""
        self.width = 0  # in characters
        self.ends_with_tab = False


class Writer:
    """Go's tabwriter.Writer: pads the cells of a column, which tabs end, to one width."""

    def __init__(self) -> None:
        self.init(None, 0, 0, 1, 0x20, 0)

    def init(  # noqa: PLR0917
        self, output: Any, minwidth: int, tabwidth: int, padding: int, padchar: int, flags: int
    ) -> Writer:
        if minwidth < 0 or tabwidth < 0 or padding < 0:
            from ._common import panic

            panic("negative minwidth, tabwidth, or padding")
        self._output = output
        self._min = minwidth
        self._tab = tabwidth
        self._padding = padding
        self._char = decode(bytes([padchar]))
        if self._char == "\t":
            # Tabs only align columns to the left.
            flags &= ~ALIGN_RIGHT
        self._flags = flags
        self._reset()
        return self

    def _reset(self) -> None:
        self._lines: list[list[_Cell]] = [[_Cell()]]
        self._widths: list[int] = []
        self._pending = b""
        self._until = ""  # what ends the escaped text, tag or entity that the cell is in

    def write(self, p: Any) -> tuple[int, error]:
        return self._write(bytes_of(p))

    def write_string(self, s: str) -> tuple[int, error]:
        return self._write(encode(s))

    def _write(self, data: bytes) -> tuple[int, error]:
        text = decode(self._pending + data)
        # A character may be split between two writes.
        rest = len(text)
        while rest and "\udc80" <= text[rest - 1] <= "\udcfe" and len(text) - rest < 3:
            rest -= 1
        if self._flags & (FILTER_HTML | STRIP_ESCAPE) or "\udcff" in text:
            rest = len(text)
        self._pending = encode(text[rest:])
        err = None
        for c in text[:rest]:
            err = self._put(c) or err
        return len(data), err

    def _put(self, c: str) -> Any:
        cell = self._lines[-1][-1]
        if self._until:
            cell.text += c
            if c == self._until:
                self._end_escape(cell)
            return None
        if c in "\t\v\n\f":
            return self._end_cell(c)
        if c == "\udcff":
            self._until = c
            self._escape_start = len(cell.text)
            cell.text += c
        elif self._flags & FILTER_HTML and c in "<&":
            self._until = ">" if c == "<" else ";"
            cell.text += c
        else:
            cell.text += c
            cell.width += 1
        return None

    def _end_escape(self, cell: _Cell) -> None:
        if self._until == "\udcff":
            inside = cell.text[self._escape_start + 1 : -1]
            cell.width += len(inside)
            if self._flags & STRIP_ESCAPE:
                cell.text = cell.text[: self._escape_start] + inside
            else:
                cell.width += 2
        elif self._until == ";":
            cell.width += 1
        self._until = ""

    def _end_cell(self, c: str) -> Any:
        line = self._lines[-1]
        line[-1].ends_with_tab = c == "\t"
        if c in "\t\v":
            line.append(_Cell())
            return None
        # A line of one cell ends all columns: everything before it can be written.
        alone = len(line) == 1
        self._lines.append([_Cell()])
        if c == "\f" or alone:
            err = self._flush()
            if c == "\f" and self._flags & DEBUG:
                put(self._output, b"---\n")
            return err
        return None

    def flush(self) -> error:
        data, self._pending = self._pending, b""
        for c in decode(data):
            self._put(c)
        if self._until:
            self._end_escape(self._lines[-1][-1])
        return self._flush()

    def _flush(self) -> error:
        out: list[str] = []
        if not self._lines[-1][-1].text:
            # What follows the last tab or newline is a cell only if there is something.
            self._lines[-1].pop()
        self._format(out, 0, len(self._lines))
        self._lines = [[_Cell()]]
        self._widths = []
        self._until = ""
        text = "".join(out)
        return put(self._output, encode(text))[1] if text else None

    def _format(self, out: list[str], first: int, end: int) -> None:
        """Write the lines from first to end; columns to the left have their widths."""
        column = len(self._widths)
        line = first
        while line < end:
            if column >= len(self._lines[line]) - 1:
                line += 1
                continue
            # A column begins here, and reaches as far as lines have a cell in it.
            self._write_lines(out, first, line)
            first = line
            width = self._min
            discardable = True
            while line < end and column < len(self._lines[line]) - 1:
                cell = self._lines[line][column]
                width = max(width, cell.width + self._padding)
                if cell.width > 0 or cell.ends_with_tab:
                    discardable = False
                line += 1
            if discardable and self._flags & DISCARD_EMPTY_COLUMNS:
                width = 0
            self._widths.append(width)
            self._format(out, first, line)
            self._widths.pop()
            first = line
        self._write_lines(out, first, end)

    def _write_lines(self, out: list[str], first: int, end: int) -> None:
        for i in range(first, end):
            line = self._lines[i]
            use_tabs = bool(self._flags & TAB_INDENT)
            for j, cell in enumerate(line):
                if j > 0 and self._flags & DEBUG:
                    out.append("|")
                if not cell.text:
                    if j < len(self._widths):
                        self._pad(out, cell.width, self._widths[j], use_tabs)
                    continue
                use_tabs = False
                if self._flags & ALIGN_RIGHT:
                    if j < len(self._widths):
                        self._pad(out, cell.width, self._widths[j], False)
                    out.append(cell.text)
                else:
                    out.append(cell.text)
                    if j < len(self._widths):
                        self._pad(out, cell.width, self._widths[j], False)
            # The last line has no newline: it is what was written after the last one.
            if i + 1 < len(self._lines):
                out.append("\n")

    def _pad(self, out: list[str], text: int, cell: int, use_tabs: bool) -> None:
        if self._char == "\t" or use_tabs:
            if self._tab == 0:
                return
            cell = (cell + self._tab - 1) // self._tab * self._tab
            out.append("\t" * ((cell - text + self._tab - 1) // self._tab))
        else:
            out.append(self._char * (cell - text))


def new_writer(  # noqa: PLR0917
    output: Any, minwidth: int, tabwidth: int, padding: int, padchar: int, flags: int
) -> Writer:
    return Writer().init(output, minwidth, tabwidth, padding, padchar, flags)
