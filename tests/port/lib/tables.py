"""Calls of Go's packages, as tables: what `regenerate.py` asks Go, and the tests ask gochan.port.lib.

A row is a function and its arguments, as Python values: `literal` writes them in Go, and a `Go` has its own
spelling. The results are compared as the text that `show` makes, which Go's side makes too.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from gochan.port.lib import unicode
from gochan.port.lib._panics import GoError, GoPanic
from gochan.port.lib._slices import Slice


@dataclass(frozen=True)
class Go:
    """An argument with a spelling of its own in Go."""

    source: str
    value: Any


@dataclass(frozen=True)
class In:
    """A call that changes its first argument, which is shown."""

    name: str


@dataclass(frozen=True)
class Of:
    """A call of a method, of what a function returns."""

    function: str
    args: tuple[Any, ...]
    method: str


@dataclass(frozen=True)
class Value:
    """A call of a method, of a variable of the package."""

    variable: str
    method: str


def literal(v: Any) -> str:
    """Return a value in Go."""
    match v:
        case Go(source=source):
            return source
        case bool():
            return "true" if v else "false"
        case int():
            return str(v)
        case float():
            bits = struct.unpack("<Q", struct.pack("<d", v))[0]
            return f"math.Float64frombits(0x{bits:016x})"
        case str():
            data = v.encode("utf-8", "surrogateescape")
            return (
                '"'
                + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}" for b in data)
                + '"'
            )
        case bytes():
            return f"[]byte({literal(v.decode('utf-8', 'surrogateescape'))})"
        case list():
            kind = {int: "int", float: "float64", str: "string", bytes: "[]byte"}[type(v[0])] if v else "int"
            return f"[]{kind}{{{', '.join(map(literal, v))}}}"
    raise TypeError(v)


def value(v: Any) -> Any:
    """Return a value as gochan.port.lib has it; slices are new ones."""
    if isinstance(v, Go):
        return v.value
    if isinstance(v, bytes):
        return Slice(list(v))
    if isinstance(v, list):
        return Slice([value(w) for w in v])
    return v


def show(v: Any) -> str:
    """Return a result as text."""
    if v is None:
        return "nil"
    if hasattr(v, "error"):
        return f"error {v}"
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, int):
        return str(v)
    if isinstance(v, float):
        return "NaN" if math.isnan(v) else repr(struct.unpack("<q", struct.pack("<d", v))[0]) + "f"
    if isinstance(v, complex):
        return f"({show(v.real)} {show(v.imag)})"
    if isinstance(v, str):
        return (
            f"<{v.encode('utf-8', 'surrogateescape').hex()}>"
            if not v.isascii() or not v.isprintable()
            else f"<{v}>"
        )
    if isinstance(v, (Slice, list, tuple)) and len(v) > 100:
        digest = 0
        for item in v:
            digest = (digest * 31 + item) & 0xFFFFFFFFFFFFFFFF
        return f"{len(v)} items {digest:x}"
    if isinstance(v, (Slice, list, tuple)):
        return "[" + " ".join(map(show, v)) + "]"
    if hasattr(v, "string"):
        return str(v.string())
    if hasattr(v, "__iter__"):
        return show(list(v))
    raise TypeError(type(v))


def outcome(call: Callable[[], Any]) -> str:
    """Return the result of a call as text, or its panic."""
    try:
        result = call()
    except GoPanic as exc:
        return f"panic {exc.value}"
    except GoError as exc:
        return f"panic {exc}"
    return show(result)


PRELUDE = """
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		return fmt.Sprint(v)
	case float64:
		if v != v {
			return "NaN"
		}
		return fmt.Sprintf("%df", int64(math.Float64bits(v)))
	case float32:
		return show(float64(v))
	case complex128:
		return "(" + show(real(v)) + " " + show(imag(v)) + ")"
	case string:
		for i := 0; i < len(v); i++ {
			if v[i] < 32 || v[i] > 126 {
				return fmt.Sprintf("<%x>", v)
			}
		}
		return "<" + v + ">"
	case error:
		return "error " + v.Error()
	case []int:
		if len(v) > 100 {
			digest := uint64(0)
			for _, item := range v {
				digest = digest*31 + uint64(item)
			}
			return fmt.Sprintf("%d items %x", len(v), digest)
		}
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		parts := []string{}
		for i := 0; i < r.Len(); i++ {
			parts = append(parts, show(r.Index(i).Interface()))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.Func:
		parts := []string{}
		if r.Type().In(0).NumIn() == 1 {
			for x := range r.Seq() {
				parts = append(parts, show(x.Interface()))
			}
		} else {
			for x, y := range r.Seq2() {
				parts = append(parts, show([]any{x.Interface(), y.Interface()}))
			}
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	return fmt.Sprint(v)
}

func tuple(v ...any) any {
	if len(v) == 1 {
		return v[0]
	}
	return v
}

func row(call func() any) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("panic %v\\n", r)
		}
	}()
	fmt.Println(show(call()))
}
"""

Row = tuple[str | In | Of | Value, tuple[Any, ...]]

TEXTS = [
    "",
    "a",
    "abcabc",
    "chicken",
    "  a b\tc\n ",
    "Héllo, Wörld",
    "日本語x日",
    "a\udcff\udcfeb",
    "ßİıſ",
    "\x1c x\x85y\u2003z",
]
PARTS = ["", "a", "b", "ken", "本", " ", ",", "é", "\udcff", "\ufffd", "abc"]
SETS = ["", "a", "abc ", "日x", "\t\n ", "\ufffd", "é\udcff"]
RUNES = [
    0,
    9,
    0x61,
    0x5A,
    0xE9,
    0x130,
    0x1C5,
    0x3C3,
    0x3C2,
    0x65E5,
    0xFFFD,
    0x1F600,
    -1,
    0x110000,
    0xD800,
    0x212A,
    0x1E9E,
]


def _functions() -> dict[str, Callable[[int], bool]]:
    return {
        "unicode.IsSpace": unicode.is_space,
        "unicode.IsUpper": unicode.is_upper,
        "unicode.IsLetter": unicode.is_letter,
        "unicode.IsDigit": unicode.is_digit,
    }


FUNCTIONS = [Go(name, f) for name, f in _functions().items()]


def _strings() -> Iterator[Row]:
    texts = [*TEXTS, "hello wOrld's o'neil_x", "ΑΣ ΟΔΥΣΣΕΥΣ", "a\nb\n\nc", "\n"]
    for name in (
        "ToUpper",
        "ToLower",
        "ToTitle",
        "Title",
        "TrimSpace",
        "Fields",
        "FieldsSeq",
        "Lines",
        "Clone",
    ):
        yield from ((name, (s,)) for s in texts)
    for name in (
        "Contains",
        "Count",
        "Cut",
        "CutLast",
        "CutPrefix",
        "CutSuffix",
        "HasPrefix",
        "HasSuffix",
        "Index",
        "LastIndex",
        "Split",
        "SplitAfter",
        "SplitSeq",
        "SplitAfterSeq",
        "TrimPrefix",
        "TrimSuffix",
    ):
        yield from ((name, pair) for pair in product(TEXTS, PARTS))
    for name in ("IndexAny", "LastIndexAny", "ContainsAny", "Trim", "TrimLeft", "TrimRight"):
        yield from ((name, pair) for pair in product([*TEXTS, "aabcXcba", "\ufffda\udcff"], SETS))
    for name in ("SplitN", "SplitAfterN"):
        for n in (-1, 0, 1, 2, 3):
            pairs = product(("a,b,c,d", "", "日本語", ","), (",", "", "x"))
            yield from ((name, (s, sep, n)) for s, sep in pairs)
    for n in (-1, 0, 1, 2):
        replaced = product(TEXTS, ("", "a", "日", "\udcff"), ("", "<>"))
        yield from (("Replace", (s, old, new, n)) for s, old, new in replaced)
    yield from (("ReplaceAll", (s, old, "-")) for s, old in product(TEXTS, PARTS))
    yield from (("Repeat", pair) for pair in product(("", "ab", "é", "\udcc3"), (-1, 0, 1, 3)))
    lists = ([""], ["a", "b"], ["a"], ["é", "\udcff", ""])
    yield from (("Join", pair) for pair in product(lists, ("", ", ", "日")))
    folds = ["Go", "GO", "gÖ", "GÖ", "\u017fs", "Ss", "K", "\u212a", "σς", "ΣΣ", "\u0131", "I", "İ", "ß", "ẞ"]
    yield from (("EqualFold", pair) for pair in product(folds, repeat=2))
    ordered = ["", "a", "b", "ab", "é", "\udcff", "\ue000", "\U00010000"]
    yield from (("Compare", pair) for pair in product(ordered, repeat=2))
    yield from (("IndexByte", pair) for pair in product(TEXTS, (0x61, 0xA9, 0xFF)))
    yield from (("LastIndexByte", pair) for pair in product(TEXTS, (0x61, 0xA9, 0xFF)))
    runes = (0x61, 0xE9, 0x65E5, 0xFFFD, -1, 0xD800, 0x110000)
    yield from (("IndexRune", pair) for pair in product(TEXTS, runes))
    yield from (("ContainsRune", pair) for pair in product(TEXTS, (0x61, 0xFFFD)))
    for name in (
        "IndexFunc",
        "LastIndexFunc",
        "TrimFunc",
        "TrimLeftFunc",
        "TrimRightFunc",
        "FieldsFunc",
        "FieldsFuncSeq",
        "ContainsFunc",
    ):
        yield from ((name, pair) for pair in product(TEXTS, FUNCTIONS))
    shift = Go(
        "func(r rune) rune { if r == 'a' { return -1 }; return r + 1 }",
        lambda r: -1 if r == 0x61 else r + 1,
    )
    for s in TEXTS:
        yield "Map", (Go("unicode.ToUpper", unicode.to_upper), s)
        yield "Map", (shift, s)
    yield from (
        ("ToValidUTF8", pair) for pair in product([*TEXTS, "\udcff\udcfea\udcc0\udcc0"], ("", "?", "日"))
    )


NUMBERS = [
    "",
    "0",
    "-0",
    "+0",
    "1",
    "-1",
    "12345",
    "-12345",
    "+7",
    "007",
    " 1",
    "1 ",
    "1_000",
    "0x1F",
    "0b101",
    "0o17",
    "017",
    "0x",
    "_1",
    "1_",
    "1__0",
    "0_7",
    "0x_1f",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999",
    "abc",
    "zz",
    "ABC",
    "-",
    "+",
    "1.5",
    "٣",
    "127",
    "128",
    "-128",
    "-129",
    "255",
    "256",
    "1e3",
    "é",
]
FLOAT_TEXTS = [
    "",
    "0",
    "-0",
    "1",
    "1.5",
    "-1.5e10",
    ".5",
    "5.",
    ".",
    "e5",
    "1e",
    "1e+",
    "1e400",
    "-1e400",
    "1e-400",
    "inf",
    "-Inf",
    "+INFINITY",
    "nan",
    "NaN",
    "-nan",
    "infin",
    "0x1p-2",
    "0x1.8p1",
    "0x.8p0",
    "0x1",
    "0x1p",
    "1_000.5",
    "0x1_0p0",
    "1e1_0",
    " 1",
    "1 ",
    "1x",
    "3.4028235e38",
    "3.4028236e38",
    "1.17549435e-38",
    "1e-45",
    "7e-46",
    "0.1",
    "123456789.123456789",
    "1.0000000596046448",
    "0x1p1024",
    "99999999999999999999",
    "\uff14",
]
FLOATS = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    1.5,
    123456789.0,
    1e6,
    1e5,
    999999.5,
    1e20,
    1e21,
    1e22,
    1e-4,
    1e-5,
    0.00012345,
    1.7976931348623157e308,
    5e-324,
    2.2250738585072014e-308,
    math.pi,
    2 / 3,
    100.0,
    1234567.891,
    math.inf,
    -math.inf,
    math.nan,
    3.4e38,
    16777216.0,
    0.3,
]


def _strconv() -> Iterator[Row]:
    yield from (("Atoi", (s,)) for s in NUMBERS)
    yield from (
        ("ParseInt", (s, base, bits))
        for s in NUMBERS
        for base, bits in ((10, 64), (0, 64), (16, 32), (10, 8), (2, 0), (36, 64), (1, 64), (10, 65))
    )
    yield from (
        ("ParseUint", (s, base, bits))
        for s in NUMBERS
        for base, bits in ((10, 64), (0, 64), (16, 32), (10, 8), (36, 0), (37, 64), (10, -1))
    )
    yield from (
        ("ParseBool", (s,))
        for s in (
            "1",
            "t",
            "T",
            "true",
            "TRUE",
            "True",
            "tRUE",
            "0",
            "f",
            "F",
            "false",
            "FALSE",
            "False",
            "",
            "yes",
        )
    )
    yield from (("ParseFloat", (s, bits)) for s in FLOAT_TEXTS for bits in (64, 32))
    yield from (
        ("ParseComplex", (s, 128))
        for s in ("1+2i", "(1-2i)", "i", "3", "1i", "1+", "1++2i", "nan+infi", "1e400i")
    )
    yield from (
        ("FormatInt", (n, base))
        for n in (0, 1, -1, 255, -255, 9223372036854775807, -9223372036854775808)
        for base in (2, 3, 8, 10, 16, 36, 1)
    )
    yield from (
        ("FormatUint", (Go(f"uint64({n})", n), base))
        for n in (0, 35, 18446744073709551615)
        for base in (2, 10, 16, 36)
    )
    yield from (("Itoa", (n,)) for n in (0, 5, -12))
    yield from (("FormatBool", (b,)) for b in (True, False))
    yield from (
        ("FormatFloat", (f, Go(f"'{c}'", ord(c)), prec, bits))
        for f in FLOATS
        for c in "efgEGbxXv"
        for prec in (-1, 0, 1, 3, 8)
        for bits in (64, 32)
    )
    quoted = [
        *TEXTS,
        "\a\b\f\n\r\t\v\\'\"`",
        "\x00\x1f\x7f\x80\xa0\xad",
        "☺\U0001f600\ue000\ufeff\u200b",
        "\U0010ffff",
    ]
    for name in ("Quote", "QuoteToASCII", "QuoteToGraphic", "CanBackquote"):
        yield from ((name, (s,)) for s in quoted)
    for name in ("QuoteRune", "QuoteRuneToASCII", "QuoteRuneToGraphic", "IsPrint", "IsGraphic"):
        yield from ((name, (r,)) for r in [*RUNES, 0x27, 0x22, 0xA0, 0x3000])
    literals = [
        '""',
        '"abc"',
        "'a'",
        "`a\\n`",
        '"a',
        "abc",
        '"\\x41\\u65e5\\U0001F600\\101"',
        '"\\q"',
        "'ab'",
        "''",
        '"\\\'"',
        "'\\\"'",
        '"\\""',
        "'\\''",
        '"a\nb"',
        '"\\xff"',
        "'\\xff'",
        '"é日"',
        "'日'",
        '"\\ud800"',
        '"\\400"',
        '"a"b',
        "`a`b",
        '"\udcff"',
        "",
    ]
    for name in ("Unquote", "QuotedPrefix"):
        yield from ((name, (s,)) for s in literals)
    yield from (
        ("UnquoteChar", (s, Go(f"byte({ord(q)})", ord(q))))
        for s in ("abc", "\\nx", "\\x41b", '"', '\\"', "'", "日", "\udcff", "", "\\101", "\\8")
        for q in "'\""
    )
    yield from (
        ("AppendInt", (b"x", -5, 10)),
        ("AppendQuote", (b"", "é\n")),
        ("AppendBool", (b"a", True)),
        ("AppendFloat", (b"", 1.5, Go("'g'", 103), -1, 64)),
    )


XS = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    0.1,
    0.49999999999999994,
    0.7,
    0.65,
    0.67,
    0.61,
    2.0,
    3.0,
    10.0,
    27.0,
    100.0,
    0.01,
    1e-9,
    1e-20,
    1e-300,
    5e-324,
    1e10,
    123456.789,
    1e9,
    1e15,
    4503599627370497.5,
    1e18,
    1e22,
    1e300,
    1.7976931348623157e308,
    -7.3,
    -1e5,
    -745.2,
    709.5,
    710.0,
    -0.3,
    -0.29,
    0.41,
    0.42,
    20.5,
    22.0,
    44.5,
    50.0,
    math.pi,
    math.pi / 4,
    math.e,
    math.inf,
    -math.inf,
    math.nan,
]


def _math() -> Iterator[Row]:
    import random

    rng = random.Random(1)
    many = [
        *XS,
        *(rng.uniform(-10, 10) for _ in range(40)),
        *(rng.uniform(-700, 700) for _ in range(20)),
        *(rng.uniform(0, 1) for _ in range(40)),
        *(10 ** rng.uniform(-20, 20) for _ in range(20)),
    ]
    for name in (
        "Abs",
        "Acos",
        "Acosh",
        "Asin",
        "Asinh",
        "Atan",
        "Atanh",
        "Cbrt",
        "Ceil",
        "Cos",
        "Cosh",
        "Exp",
        "Exp2",
        "Expm1",
        "Floor",
        "Frexp",
        "Ilogb",
        "IsNaN",
        "Log",
        "Log10",
        "Log1p",
        "Log2",
        "Logb",
        "Modf",
        "Round",
        "RoundToEven",
        "Signbit",
        "Sin",
        "Sincos",
        "Sinh",
        "Sqrt",
        "Tan",
        "Tanh",
        "Trunc",
        "Float64bits",
    ):
        yield from ((name, (x,)) for x in many)
    pairs = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        2.0,
        3.0,
        -3.0,
        1.05,
        10.0,
        0.1,
        -2.5,
        1e300,
        math.inf,
        -math.inf,
        math.nan,
    ]
    for name in ("Pow", "Mod", "Remainder", "Max", "Min", "Dim", "Hypot", "Atan2", "Copysign", "Nextafter"):
        yield from ((name, pair) for pair in product(pairs, repeat=2))
        yield from ((name, (rng.uniform(0, 20), rng.uniform(-5, 20))) for _ in range(40))
    yield from (("Inf", (n,)) for n in (-1, 0, 1))
    yield from (("IsInf", (x, n)) for x in (math.inf, -math.inf, 1.0, math.nan) for n in (-1, 0, 1))
    yield from (("Pow10", (n,)) for n in (-400, -323, -324, -5, 0, 5, 308, 309))
    yield from (
        ("Ldexp", (x, n))
        for x in (0.5, -0.75, 0.0, math.inf, math.nan)
        for n in (-1080, -3, 0, 10, 1024, 2000)
    )
    yield from (
        ("Float64frombits", (Go(f"uint64({n})", n),))
        for n in (0, 1, 1 << 63, 0x7FF0000000000000, 4611686018427387904)
    )
    yield from (
        ("FMA", (x, y, z)) for x, y, z in ((1.5, 2.5, -3.0), (0.1, 10.0, -1.0), (1e308, 10.0, -math.inf))
    )
    yield from (
        ("Gamma", (x,)) for x in (*many, 5.0, 143.5, 171.5, 172.0, 1e-10, -1e-10, -33.5, -170.7, -200.5)
    )


def _sort() -> Iterator[Row]:
    import random

    rng = random.Random(2)
    for name in ("Ints",):
        yield from ((In(name), (xs,)) for xs in ([3, 1, 2], [1], [5, -1, 5, 0]))
    yield In("Float64s"), ([2.0, math.nan, 0.0, -0.0, -math.inf, 0.0, -0.0, math.nan, 1.0],)
    yield In("Strings"), (["b", "a", "é", "z", "\udcff", "\ue000", "", "aa"],)
    for n in (5, 12, 13, 30, 60, 200, 1000):
        for span in (2, 10, 1000):
            # The key is v // 1000: elements that are equal can be told apart.
            orders = [[rng.randrange(span) * 1000 + i for i in range(n)] for _ in range(2)]
            orders += [
                sorted(orders[0]),
                sorted(orders[1], reverse=True),
                [v * 1000 + i for i, v in enumerate([*range(n // 2), *range(n - n // 2)])],
            ]
            for name in ("Slice", "SliceStable"):
                for order in orders:
                    yield (
                        In(f"{name}({{0}}, func(i, j int) bool {{ return {{0}}[i]/1000 < {{0}}[j]/1000 }})"),
                        (order,),
                    )
    yield from (("SearchInts", ([1, 3, 3, 5], x)) for x in (0, 1, 2, 3, 5, 6))
    yield from (("SearchStrings", (["a", "b", "é"], x)) for x in ("", "a", "c", "z", "é", "ü"))
    yield from (("SearchFloat64s", ([1.0, 2.5], x)) for x in (0.0, 2.5, 3.0))
    yield from (
        ("Search", (n, Go("func(i int) bool { return i*i >= 50 }", lambda i: i * i >= 50)))
        for n in (0, 5, 100)
    )
    yield from (("Find", (n, Go("func(i int) int { return 7 - i }", lambda i: 7 - i))) for n in (0, 5, 100))
    yield from (("IntsAreSorted", (xs,)) for xs in ([1, 2], [2, 1], [1, 1]))
    yield from (("StringsAreSorted", (xs,)) for xs in (["a", "b"], ["b", "a"]))
    yield ("Float64sAreSorted", ([math.nan, 1.0],))


def _utf8() -> Iterator[Row]:
    data = [t.encode("utf-8", "surrogateescape") for t in TEXTS] + [
        b"\xe6\x97",
        b"\xf0\x9f\x98\x80",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\x80a",
        b"\xf4\x90\x80\x80",
    ]
    for name in ("DecodeRune", "DecodeLastRune", "FullRune", "RuneCount", "Valid"):
        yield from ((name, (b,)) for b in data)
    for name in (
        "DecodeRuneInString",
        "DecodeLastRuneInString",
        "FullRuneInString",
        "RuneCountInString",
        "ValidString",
    ):
        yield from ((name, (b.decode("utf-8", "surrogateescape"),)) for b in data)
    for name in ("RuneLen", "ValidRune"):
        yield from ((name, (r,)) for r in RUNES)
    yield from (("AppendRune", (b"x", r)) for r in RUNES)
    yield from (("RuneStart", (Go(f"byte({b})", b),)) for b in (0x41, 0x80, 0xC3, 0xBF))


PATTERNS = [
    "a",
    "a*",
    "a+?",
    "(a)(b)?",
    "(?P<first>\\w+)\\s(?P<last>\\w+)",
    "^abc$",
    "(?m)^x.*$",
    "(?i)h\xe9llo",
    "[a-c]+",
    "[^a-c]",
    "\\d+",
    "\\bfoo\\b",
    "a|b|",
    "(a|ab)(c|bcd)(d*)",
    "x{2,3}",
    "x{,3}",
    "[[:alpha:]]+",
    "\\pL+",
    "\\p{Greek}",
    "[\\d\\-]+",
    ".",
    "(?s).",
    "",
    "$",
    "^",
    "\u65e5+",
    "\\Qa.b\\E",
    "\\x41\\x{1F600}",
    "(?:ab)+",
    "[]a]",
    "[a-]+",
    "(\\d{3})-(\\d{4})",
    "\\s*,\\s*",
    "[\\w.]+@[\\w.]+\\.\\w+",
    "a$b",
    "(?i:A)b",
    "(?U)a+",
    "\\z",
    "[^\\d\\s]+",
    "(a+)(b+)?",
    "\\.",
    "\\/",
    "a{2}",
    "(?i)[k-s]",
]
BAD_PATTERNS = [
    "(",
    ")",
    "a)",
    "[a",
    "*",
    "a**",
    "a*+",
    "a{2}{3}",
    "a{1001}",
    "a{3,2}",
    "\\q",
    "\\",
    "(?=a)",
    "(?<n>a",
    "(?P<n>a)(?P<n>b)",
    "[z-a]",
    "[a-\\d]",
    "\\1",
    "(?P=n)",
    "(?z)a",
    "[[:foo:]]",
    "\\p{Foo}",
    "+a",
    "a|*",
    "(?!a)",
    "x{2",
    "(?i",
    "a???",
    "[a-b-c]",
    "\\8",
    "(?P<>a)",
    "^*",
    "$+",
    "(*)",
    "\\pX",
    "|*",
]
SUBJECTS = [
    "",
    "a",
    "aaa",
    "abc",
    "abcd",
    "ab abc",
    "foo bar",
    "x\nxy\n",
    "H\xc9LLO h\xe9llo",
    "foo foobar",
    "xxx xx",
    "x{,3}",
    "\u65e5\u672c\u65e5\u65e5",
    "a.b",
    "A\U0001f600",
    "555-1234, 555-9999",
    "a , b,c ,  d",
    "joe@x.com and ann@y.org",
    "\u03b1\u03b2\u03b3",
    "a-]b",
    "\u017fK s",
    "a\udcffb",
]


def _regexp() -> Iterator[Row]:
    for pattern, text in product(PATTERNS, SUBJECTS):
        yield Of("MustCompile", (pattern,), "FindAllStringSubmatchIndex"), (text, -1)
    for pattern, text in product(PATTERNS[::2], SUBJECTS):
        yield Of("MustCompile", (pattern,), "ReplaceAllString"), (text, "<$0-${1}$2x$$-${last}>")
        yield Of("MustCompile", (pattern,), "Split"), (text, -1)
    for pattern, text in product(PATTERNS[1::4], SUBJECTS):
        yield Of("MustCompile", (pattern,), "MatchString"), (text,)
        yield Of("MustCompile", (pattern,), "FindString"), (text,)
        yield Of("MustCompile", (pattern,), "FindStringIndex"), (text,)
        yield Of("MustCompile", (pattern,), "FindStringSubmatch"), (text,)
        yield Of("MustCompile", (pattern,), "FindAllString"), (text, 2)
        yield Of("MustCompile", (pattern,), "FindAll"), (text.encode("utf-8", "surrogateescape"), -1)
        yield Of("MustCompile", (pattern,), "FindSubmatch"), (text.encode("utf-8", "surrogateescape"),)
        yield Of("MustCompile", (pattern,), "Split"), (text, 2)
        yield Of("MustCompile", (pattern,), "ReplaceAllLiteralString"), (text, "$1")
    for pattern in PATTERNS:
        yield Of("MustCompile", (pattern,), "NumSubexp"), ()
        yield Of("MustCompile", (pattern,), "SubexpNames"), ()
    for pattern in BAD_PATTERNS:
        yield "MustCompile", (pattern,)
        yield "MatchString", (pattern, "a")
    yield from (("QuoteMeta", (s,)) for s in ("", "a.b*[c]", "^$(){}|\\+?", "日-/"))


def _bytes() -> Iterator[Row]:
    """Return the rows of strings, for slices of bytes."""
    runes = {"Map"}
    text_last = {"IndexAny", "LastIndexAny", "ContainsAny", "Trim", "TrimLeft", "TrimRight"}
    for name, args in _strings():
        if name in {"Compare", "Clone", "Fields", "FieldsSeq", "Lines"} or not isinstance(name, str):
            continue
        if name == "Join":
            yield name, ([part.encode("utf-8", "surrogateescape") for part in args[0]], args[1].encode())
        elif name in text_last:
            yield name, (args[0].encode("utf-8", "surrogateescape"), args[1])
        elif name in runes:
            yield name, (args[0], args[1].encode("utf-8", "surrogateescape"))
        else:
            yield name, tuple(a.encode("utf-8", "surrogateescape") if isinstance(a, str) else a for a in args)
    for name in ("Fields", "FieldsSeq", "Lines", "Clone", "Runes"):
        yield from ((name, (s.encode("utf-8", "surrogateescape"),)) for s in TEXTS)
    yield from (("Equal", (a, b)) for a in (b"", b"a") for b in (b"", b"a", b"b"))
    yield from (("Compare", (a, b)) for a in (b"", b"a", b"\xff") for b in (b"", b"a", b"b"))


PATHS = [
    "",
    "/",
    ".",
    "..",
    "a",
    "a/b",
    "/a/b/",
    "a//b",
    "./a",
    "../a",
    "a/../b",
    "/../a",
    "a/b.txt",
    ".bashrc",
    "a.b/c",
    "a/.",
    "a/..",
    "//x",
    "x.tar.gz",
]


def _path() -> Iterator[Row]:
    for name in ("Clean", "Base", "Dir", "Ext", "Split", "IsAbs"):
        yield from ((name, (s,)) for s in PATHS)
    yield from (("Join", pair) for pair in product(PATHS, ["", "b", "../c", "/d"]))
    yield from (("Join", args) for args in ((), ("", ""), ("a", "", "b")))
    patterns = [
        "",
        "*",
        "a*",
        "*.txt",
        "a?c",
        "[a-c]x",
        "[^a]b",
        "\\*",
        "a[",
        "[]a]",
        "[-]",
        "[a-]",
        "a\\",
        "*/b",
        "**",
        "[z-a]",
    ]
    yield from (
        ("Match", pair) for pair in product(patterns, ["", "a", "abc", "x.txt", "ax", "*", "a/b", "bb", "日"])
    )


def _filepath() -> Iterator[Row]:
    yield from _path()
    yield from (("IsLocal", (s,)) for s in PATHS)
    yield from (("SplitList", (s,)) for s in ("", "/a:/b", "::"))
    yield from (
        ("Rel", pair)
        for pair in product(["a", "a/b", "/a", "/a/b", ".", ".."], ["a", "a/b/c", "/a/c", ".", "b"])
    )


def _hex() -> Iterator[Row]:
    yield from (("EncodeToString", (b,)) for b in (b"", b"\x00\xff", b"hello"))
    yield from (("DecodeString", (s,)) for s in ("", "00ff", "0", "0g", "abc", "abz", "é0", "AbCd", "  "))
    yield from (("Dump", (b,)) for b in (b"", b"hello", bytes(range(40))))


def _base64() -> Iterator[Row]:
    data = [b"", b"f", b"fo", b"foo", b"foob", b"\xff\xfe\xfd", bytes(range(20))]
    texts = [
        "",
        "Zg==",
        "Zg=",
        "Zg",
        "Z",
        "Zm9v",
        "Zm9vYg==",
        "Zm9v\nYg==\n",
        "Zm9vYg==x",
        "!!!!",
        "Zm!v",
        "Z===",
        "====",
        "Zm9vYmE=",
        "Zm9v=",
        "_-8=",
        "+/8=",
        "Zh==",
    ]
    for encoding in ("StdEncoding", "URLEncoding", "RawStdEncoding", "RawURLEncoding"):
        yield from ((Value(encoding, "EncodeToString"), (b,)) for b in data)
        yield from ((Value(encoding, "DecodeString"), (s,)) for s in texts)
        yield from ((Value(encoding, "EncodedLen"), (n,)) for n in range(6))
        yield from ((Value(encoding, "DecodedLen"), (n,)) for n in range(6))


def _bits() -> Iterator[Row]:
    words = [0, 1, 2, 3, 0x80, 0xF0, 0xFF]
    for size in (8, 16, 32, 64):
        values = [*words, (1 << size) - 1, 1 << (size - 1), 0x1234567890ABCDEF & ((1 << size) - 1)]
        for name in ("LeadingZeros", "TrailingZeros", "OnesCount", "Len", "Reverse", "ReverseBytes"):
            if (name, size) != ("ReverseBytes", 8):
                yield from ((f"{name}{size}", (Go(f"uint{size}({v})", v),)) for v in values)
        yield from (
            (f"RotateLeft{size}", (Go(f"uint{size}({v})", v), k))
            for v in values
            for k in (-3, 0, 1, size, 70)
        )
    values = [0, 1, 5, (1 << 64) - 1, 1 << 63]
    for name in ("Add64", "Sub64"):
        yield from (
            (name, (Go(f"uint64({x})", x), Go(f"uint64({y})", y), c))
            for x in values
            for y in values
            for c in (0, 1)
        )
    yield from (("Mul64", (Go(f"uint64({x})", x), Go(f"uint64({y})", y))) for x in values for y in values)
    yield from (("Div64", (Go(f"uint64({x})", x), 7, Go(f"uint64({y})", y))) for x in values for y in values)


def _cmplx() -> Iterator[Row]:
    parts = [0.0, -0.0, 1.0, -2.5, 3.0, 100.0, 1e-5, math.inf, -math.inf]
    for a, b in product(parts, repeat=2):
        z = Go(f"complex({literal(a)}, {literal(b)})", complex(a, b))
        for name in ("Abs", "Phase", "Conj", "IsInf", "IsNaN", "Polar"):
            yield name, (z,)
        for name in ("Exp", "Log", "Log10"):
            yield name, (z,)
        if math.isfinite(a) and math.isfinite(b):
            yield "Sqrt", (z,)
            for re, im in ((2.0, 0.0), (-1.0, 0.0), (0.5, 0.0), (1.5, -2.0)):
                yield "Pow", (z, Go(f"complex({literal(re)}, {literal(im)})", complex(re, im)))
    yield from (("Rect", (r, t)) for r in (0.0, 1.0, 2.5) for t in (0.0, 1.0, -2.0))


def _unicode() -> Iterator[Row]:
    runes = [
        *RUNES,
        *range(0x80),
        *range(0x80, 0x530, 7),
        0x390,
        0x1FD3,
        0x1F80,
        0x1F88,
        0x1E9E,
        0xFB05,
        0x2160,
        0x24D0,
        0x10400,
    ]
    for name in (
        "ToUpper",
        "ToLower",
        "ToTitle",
        "SimpleFold",
        "IsLetter",
        "IsUpper",
        "IsLower",
        "IsTitle",
        "IsDigit",
        "IsNumber",
        "IsPunct",
        "IsSymbol",
        "IsMark",
        "IsSpace",
        "IsControl",
        "IsGraphic",
        "IsPrint",
    ):
        yield from ((name, (r,)) for r in runes)
    for script in (
        "Latin",
        "Greek",
        "Cyrillic",
        "Han",
        "Hiragana",
        "Katakana",
        "Hangul",
        "Letter",
        "Upper",
        "Digit",
        "White_Space",
    ):
        table = Go(f"unicode.{script}", getattr(unicode, script.lower()))
        yield from (
            ("Is", (table, r))
            for r in (0x20, 0x41, 0x3B1, 0x416, 0x65E5, 0x3042, 0x30A2, 0xAC00, 0x39, 0x2B0, 0x375)
        )
        yield "In", (0x41, table, table)


TABLES: dict[str, Callable[[], Iterator[Row]]] = {
    "strings": _strings,
    "strconv": _strconv,
    "math": _math,
    "sort": _sort,
    "unicode": _unicode,
    "unicode/utf8": _utf8,
    "regexp": _regexp,
    "bytes": _bytes,
    "path": _path,
    "path/filepath": _filepath,
    "encoding/hex": _hex,
    "encoding/base64": _base64,
    "math/bits": _bits,
    "math/cmplx": _cmplx,
}
