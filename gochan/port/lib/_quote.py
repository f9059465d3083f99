"""Strings and runes in quotes, as Go's strconv writes them."""

from __future__ import annotations

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
}


def is_print(c: str) -> bool:
    """Return whether Go prints a character as it is."""
    return c.isprintable()


def is_graphic(c: str) -> bool:
    """Return whether a character is graphic: printable, or a space of another kind."""
    from unicodedata import category

    return c.isprintable() or category(c) == "Zs"


def quote(s: str, mark: str = '"', ascii_only: bool = False, graphic: bool = False) -> str:
    """Quote a string: Go's strconv.Quote, QuoteToASCII and QuoteToGraphic.

    >>> quote('a"b')
    '"a\\\\"b"'
    """
    if s.isascii() and s.isprintable() and "\\" not in s and mark not in s:
        return f"{mark}{s}{mark}"
    from ._text import canonical

    return mark + "".join([_escape(c, mark, ascii_only, graphic) for c in canonical(s)]) + mark


def _escape(c: str, mark: str, ascii_only: bool, graphic: bool) -> str:
    if c == mark:
        return "\\" + c
    found = _ESCAPES.get(c)
    if found is not None:
        return found
    r = ord(c)
    if r < 0x7F:
        return c if r >= 0x20 else f"\\x{r:02x}"
    if r == 0x7F:
        return "\\x7f"
    if 0xDC80 <= r <= 0xDCFF:
        return f"\\x{r - 0xDC00:02x}"
    if not ascii_only and (is_print(c) or (graphic and is_graphic(c))):
        return c
    return f"\\u{r:04x}" if r < 0x10000 else f"\\U{r:08x}"


def quote_rune(r: int, ascii_only: bool = False, graphic: bool = False) -> str:
    """Quote a rune: Go's strconv.QuoteRune.

    >>> quote_rune(97)
    "'a'"
    """
    if not 0 <= r <= 0x10FFFF or 0xD800 <= r <= 0xDFFF:
        r = 0xFFFD
    return f"'{_escape(chr(r), chr(39), ascii_only, graphic)}'"


def can_backquote(s: str) -> bool:
    """Return whether a string can stand in backquotes on one line: Go's strconv.CanBackquote."""
    return not any(c in "`\x7f\ufeff" or (c < " " and c != "\t") or "\udc80" <= c <= "\udcff" for c in s)
