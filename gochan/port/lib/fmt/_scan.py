"""Scanning (Go's fmt/scan.go): values from text, stored in the variables that `Ref`s point to."""

from __future__ import annotations

from typing import Any

from .._errors import EOF, ErrorString, ErrUnexpectedEOF
from .._integers import to_float32
from .._interfaces import Boxed
from .._stdio import stdin
from .._text import decode, encode
from .._types import INTEGERS, UNSIGNED, GoType, error, type_of
from ..big import Int as BigInt

_SPACES = b" \t\n\v\f\r"


class _Failed(Exception):
    def __init__(self, err: Any) -> None:
        super().__init__(str(err))
        self.err = err


class _Text:
    """A string as a source of bytes."""

    def __init__(self, s: str) -> None:
        self._data = encode(s)
        self._at = 0

    def read(self) -> int:
        if self._at < len(self._data):
            self._at += 1
            return self._data[self._at - 1]
        self._at += 1
        return -1

    def unread(self) -> None:
        self._at -= 1


class _Stdin:
    """Standard input as a source of bytes.

    As in Go, the character after a value is read, and lost to the next call.
    """

    def __init__(self) -> None:
        self._kept = False
        self._last = -1

    def read(self) -> int:
        if self._kept:
            self._kept = False
        else:
            data = stdin.read(1)
            self._last = data[0] if data else -1
        return self._last

    def unread(self) -> None:
        self._kept = True


class _Reader:
    """An io.Reader as a source of bytes; io.RuneScanners are given their last byte back."""

    def __init__(self, r: Any) -> None:
        self._r = r
        self._kept = -1
        self._last = -1
        self._ended = False
        from .._slices import Slice

        self._buffer = Slice([0])

    def read(self) -> int:
        if self._kept >= 0:
            self._last, self._kept = self._kept, -1
            return self._last
        read_byte = getattr(self._r, "read_byte", None)
        if read_byte is not None:
            byte, err = read_byte()
            self._last = -1 if err is not None else byte
        else:
            n, _ = self._r.read(self._buffer)
            self._last = self._buffer[0] if n else -1
        return self._last

    def unread(self) -> None:
        if self._last < 0:
            return
        unread_byte = getattr(self._r, "unread_byte", None)
        if unread_byte is not None:
            unread_byte()
        else:
            self._kept = self._last


_Source = _Text | _Stdin | _Reader


def _source(r: Any) -> _Source:
    from .._files import STDIN

    return _Stdin() if r is STDIN else _Reader(r)


def _skip(source: _Source, newlines: bool) -> None:
    """Skip spaces; newlines too, or fail at one."""
    while True:
        c = source.read()
        if c == 0x0D:
            # "\r\n" is a newline.
            after = source.read()
            if after == 0x0A:
                c = after
            else:
                source.unread()
        if c == 0x0A:
            if newlines:
                continue
            raise _Failed(ErrorString("unexpected newline"))
        if c < 0 or c not in _SPACES:
            source.unread()
            return


def _not_eof(source: _Source) -> None:
    c = source.read()
    source.unread()
    if c < 0:
        raise _Failed(EOF)


def _token(source: _Source) -> str:
    data = bytearray()
    while True:
        c = source.read()
        if c < 0 or c in _SPACES:
            source.unread()
            return decode(data)
        data.append(c)


class _Token:
    """The characters of a token that is read by what it may contain."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self.data = bytearray()

    def peek(self, allowed: bytes) -> bool:
        c = self._source.read()
        self._source.unread()
        return c >= 0 and c in allowed

    def accept(self, allowed: bytes) -> bool:
        """Take the next character, if it is one of these."""
        c = self._source.read()
        if c < 0 or c not in allowed:
            self._source.unread()
            return False
        self.data.append(c)
        return True

    def accept_all(self, allowed: bytes) -> None:
        while self.accept(allowed):
            pass


def _store(source: _Source, target: Any, verb: str, newlines: bool) -> None:
    """Scan a value for the variable that target points to."""
    if isinstance(target, BigInt):
        _skip(source, newlines)
        if source.read() < 0:
            raise _Failed(ErrUnexpectedEOF)
        source.unread()
        if verb not in "bodxXsv":
            raise _Failed(ErrorString("Int.Scan: invalid verb"))
        text, base = _integer_text(source, "v" if verb == "s" else verb, unsigned=False)
        target.set_int64(int(text, base))
        return
    ref = target.v if isinstance(target, Boxed) else target
    t = target.t.elem if isinstance(target, Boxed) else type_of(ref.v)
    assert t is not None
    if verb != "c":
        _skip(source, newlines)
        _not_eof(source)
    value = _scan_value(source, t, verb)
    ref.v = value if t.cls is None else t.cls(value)


def _scan_value(source: _Source, t: GoType, verb: str) -> Any:
    kind = t.kind
    if kind in INTEGERS:
        return _scan_rune(source) if verb == "c" else _scan_integer(source, t, verb)
    if kind in {"float64", "float32"}:
        _check_verb(verb, "eEfFgGv", "float")
        return _scan_float(source, kind)
    if kind == "bool":
        _check_verb(verb, "tv", "boolean")
        return _scan_bool(source)
    if kind == "string" or (kind == "slice" and t.elem is not None and t.elem.kind == "uint8"):
        _check_verb(verb, "svqxX", "string")
        text = _quoted(source) if verb == "q" else _token(source)
        if verb in "xX":
            text = decode(bytes.fromhex(text))
        if kind == "slice":
            from .._text import to_bytes

            return to_bytes(text)
        return text
    raise _Failed(ErrorString(f"can't scan type: *{t.name}"))


def _check_verb(verb: str, allowed: str, what: str) -> None:
    if verb not in allowed:
        raise _Failed(ErrorString(f"bad verb '%{verb}' for {what}"))


def _scan_rune(source: _Source) -> int:
    first = source.read()
    if first < 0:
        raise _Failed(EOF)
    data = bytearray([first])
    size = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    while len(data) < size:
        data.append(source.read())
    text = decode(data)
    return ord(text) if len(text) == 1 else 0xFFFD


_BASES = {"b": 2, "o": 8, "d": 10, "x": 16, "X": 16, "U": 16, "v": 0}
_BITS = {"int8": 8, "int16": 16, "int32": 32, "uint8": 8, "uint16": 16, "uint32": 32}
_DIGITS = {2: b"01_", 8: b"01234567_", 10: b"0123456789_", 16: b"0123456789aAbBcCdDeEfF_"}


def _scan_integer(source: _Source, t: GoType, verb: str) -> int:
    unsigned = t.kind in UNSIGNED
    text, base = _integer_text(source, verb, unsigned=unsigned)
    try:
        n = int(text, base)
    except ValueError:
        name = "ParseUint" if unsigned else "ParseInt"
        raise _Failed(ErrorString(f'strconv.{name}: parsing "{text}": invalid syntax')) from None
    bits = _BITS.get(t.kind, 64)
    low, high = (0, (1 << bits) - 1) if unsigned else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    if low <= n <= high:
        return n
    if bits == 64:
        name = "ParseUint" if unsigned else "ParseInt"
        raise _Failed(ErrorString(f'strconv.{name}: parsing "{text}": value out of range'))
    what = "unsigned integer" if unsigned else "integer"
    raise _Failed(ErrorString(f"{what} overflow on token {text}"))


def _integer_text(source: _Source, verb: str, *, unsigned: bool) -> tuple[str, int]:
    """Read the sign and digits of an integer; return them and their base."""
    _check_verb(verb, "bdoUxXv", "integer")
    base = _BASES[verb]
    token = _Token(source)
    if verb == "U":
        if not (token.accept(b"U") and token.accept(b"+")):
            raise _Failed(ErrorString("bad unicode format "))
        token.data.clear()
    elif not unsigned:
        token.accept(b"+-")
    digits = _DIGITS[base or 10]
    if base == 0:
        base = 10
        if token.accept(b"0"):
            for prefix, of in ((b"bB", 2), (b"oO", 8), (b"xX", 16)):
                if token.accept(prefix):
                    base = of
                    break
            else:
                base = 8
            digits = _DIGITS[base]
        else:
            _need_digit(token, digits)
    else:
        _need_digit(token, digits)
    token.accept_all(digits)
    return decode(token.data), base


def _need_digit(token: _Token, digits: bytes) -> None:
    if not token.accept(digits):
        raise _Failed(ErrorString("expected integer"))


def _scan_float(source: _Source, kind: str) -> float:
    token = _Token(source)
    text = _float_token(token)
    try:
        value = float.fromhex(text) if "x" in text.lower() else float(text.lower().replace("p", "e"))
    except (ValueError, OverflowError):
        raise _Failed(ErrorString(f'strconv.ParseFloat: parsing "{text}": invalid syntax')) from None
    return to_float32(value) if kind == "float32" else value


def _float_token(token: _Token) -> str:
    if token.accept(b"nN") and token.accept(b"aA") and token.accept(b"nN"):
        return decode(token.data)
    token.accept(b"+-")
    if token.accept(b"iI") and token.accept(b"nN") and token.accept(b"fF"):
        return decode(token.data)
    digits, exponent = _DIGITS[10], b"eEpP"
    if token.accept(b"0") and token.accept(b"xX"):
        digits, exponent = _DIGITS[16], b"pP"
    token.accept_all(digits)
    if token.accept(b"."):
        token.accept_all(digits)
    if token.accept(exponent):
        token.accept(b"+-")
        token.accept_all(_DIGITS[10])
    return decode(token.data)


def _scan_bool(source: _Source) -> bool:
    token = _Token(source)
    if token.accept(b"1"):
        return True
    if token.accept(b"tT"):
        if token.accept(b"rR") and not (token.accept(b"uU") and token.accept(b"eE")):
            raise _Failed(ErrorString("syntax error scanning boolean"))
        return True
    if token.accept(b"fF"):
        if token.accept(b"aA") and not (token.accept(b"lL") and token.accept(b"sS") and token.accept(b"eE")):
            raise _Failed(ErrorString("syntax error scanning boolean"))
        return False
    # As in Go, any other character counts as false.
    source.read()
    return False


def _do_scan(source: _Source, targets: tuple[Any, ...], newlines: bool, line: bool) -> tuple[int, error]:
    done = 0
    try:
        for target in targets:
            _store(source, target, "v", newlines)
            done += 1
        if line:
            _end_line(source)
    except _Failed as failed:
        return done, failed.err
    return done, None


def _end_line(source: _Source) -> None:
    while True:
        c = source.read()
        if c < 0 or c == 0x0A:
            return
        if c not in _SPACES:
            source.unread()
            raise _Failed(ErrorString("expected newline"))


def sscan(s: str, *targets: Any) -> tuple[int, error]:
    """Scan values separated by spaces or newlines; return how many, and an error: Go's fmt.Sscan.

    >>> from gochan.port.lib import Ref
    >>> n, word = Ref(0), Ref("")
    >>> sscan("5 apples", n, word), n.v, word.v
    ((2, None), 5, 'apples')
    """
    return _do_scan(_Text(s), targets, True, False)


def sscanln(s: str, *targets: Any) -> tuple[int, error]:
    """Scan values of one line: Go's fmt.Sscanln."""
    return _do_scan(_Text(s), targets, False, True)


def scan(*targets: Any) -> tuple[int, error]:
    """Scan values from standard input: Go's fmt.Scan."""
    return _do_scan(_Stdin(), targets, True, False)


def scanln(*targets: Any) -> tuple[int, error]:
    """Scan the values of a line of standard input: Go's fmt.Scanln."""
    return _do_scan(_Stdin(), targets, False, True)


def fscan(r: Any, *targets: Any) -> tuple[int, error]:
    """Scan values from a reader: Go's fmt.Fscan."""
    return _do_scan(_source(r), targets, True, False)


def fscanln(r: Any, *targets: Any) -> tuple[int, error]:
    """Scan the values of a line of a reader: Go's fmt.Fscanln."""
    return _do_scan(_source(r), targets, False, True)


def sscanf(s: str, format: str, *targets: Any) -> tuple[int, error]:
    """Scan values by a format: Go's fmt.Sscanf.

    >>> from gochan.port.lib import Ref
    >>> x, y = Ref(0), Ref(0)
    >>> sscanf("3,4", "%d,%d", x, y), x.v, y.v
    ((2, None), 3, 4)
    """
    return _do_scanf(_Text(s), format, targets)


def scanf(format: str, *targets: Any) -> tuple[int, error]:
    """Scan values from standard input by a format: Go's fmt.Scanf."""
    return _do_scanf(_Stdin(), format, targets)


def fscanf(r: Any, format: str, *targets: Any) -> tuple[int, error]:
    """Scan values from a reader by a format: Go's fmt.Fscanf."""
    return _do_scanf(_source(r), format, targets)


def _do_scanf(source: _Source, format: str, targets: tuple[Any, ...]) -> tuple[int, error]:
    done = 0
    data = encode(format)
    i = 0
    try:
        while i < len(data):
            c = data[i]
            if c in _SPACES:
                i = _match_spaces(source, data, i)
                continue
            if c != 0x25:
                if source.read() != c:
                    source.unread()
                    raise _Failed(_mismatch(source))
                i += 1
                continue
            i += 1
            width = 0
            while i < len(data) and 0x30 <= data[i] <= 0x39:
                width = 10 * width + data[i] - 0x30
                i += 1
            verb = chr(data[i]) if i < len(data) else "!"
            i += 1
            if verb == "%":
                _skip_blanks(source)
                if source.read() != 0x25:
                    source.unread()
                    raise _Failed(ErrorString("missing literal %"))
                continue
            if done >= len(targets):
                raise _Failed(ErrorString(f"too few operands for format '%{verb}'"))
            _scan_verb(source, targets[done], verb, width)
            done += 1
        if done < len(targets):
            raise _Failed(ErrorString("too many operands"))
    except _Failed as failed:
        return done, failed.err
    return done, None


def _mismatch(source: _Source) -> Any:
    c = source.read()
    source.unread()
    return ErrUnexpectedEOF if c < 0 else ErrorString("input does not match format")


def _skip_blanks(source: _Source) -> None:
    while True:
        c = source.read()
        if c < 0 or c not in b" \t\r\v\f":
            source.unread()
            return


def _match_spaces(source: _Source, data: bytes, i: int) -> int:
    """Match a run of spaces of the format; each newline in it matches one of the input."""
    newlines = 0
    while i < len(data) and data[i] in _SPACES:
        newlines += data[i] == 0x0A
        i += 1
    for _ in range(newlines):
        _skip_blanks(source)
        c = source.read()
        if c >= 0 and c != 0x0A:
            source.unread()
            raise _Failed(ErrorString("newline in format does not match input"))
    if newlines == 0:
        _skip_blanks(source)
        c = source.read()
        source.unread()
        if c == 0x0A and i < len(data):
            raise _Failed(ErrorString("newline in input does not match format"))
    else:
        _skip_blanks(source)
    return i


def _scan_verb(source: _Source, target: Any, verb: str, width: int) -> None:
    if verb != "c":
        _skip(source, False)
    _store(_Limited(source, width) if width else source, target, verb, False)


class _Limited(_Text):
    """At most n bytes of another source."""

    def __init__(self, source: Any, n: int) -> None:
        self._source = source
        self._left = n

    def read(self) -> int:
        self._left -= 1
        return self._source.read() if self._left >= 0 else -1

    def unread(self) -> None:
        if self._left >= 0:
            self._source.unread()
        self._left += 1


def _quoted(source: _Source) -> str:
    mark = source.read()
    if mark not in b'"`':
        source.unread()
        raise _Failed(ErrorString("expected quoted string"))
    data = bytearray()
    while True:
        c = source.read()
        if c < 0:
            raise _Failed(ErrUnexpectedEOF)
        if c == mark:
            break
        data.append(c)
        if c == 0x5C and mark == 0x22:
            data.append(source.read())
    text = decode(data)
    if mark == 0x60:
        return text
    import ast

    value: str = ast.literal_eval(f'"{text}"')
    return value
