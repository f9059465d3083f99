"""The functions that all templates have (Go's text/template/funcs.go)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from . import _integers
from . import _template_values as values
from ._common import encode
from ._errors import ErrorString, WrapError
from ._interfaces import equal
from ._slices import Slice, cap
from ._template_exec import VALUE, bad_results, printable, safe_call
from ._template_values import NONE, Function, Value
from ._text import decode
from ._types import ANY, BOOL, ERROR, INT, STRING, GoType, Signature, error, slice_of
from ._zero import zero_of
from .fmt import sprint, sprintf, sprintln
from .unicode import is_print
from .url import query_escape

_ErrBadType: Final = ErrorString("invalid type for comparison")
_ErrNoComparison: Final = ErrorString("missing argument for comparison")
_BASIC: Final = frozenset({"bool", "complex", "int", "float", "string", "uint"})

Found = tuple[Any, error]


def _fault(words: str, wrapped: error = None) -> Found:
    return NONE, ErrorString(words) if wrapped is None else WrapError(words, wrapped)


# --- elements ---------------------------------------------------------------------------------------------


def _index_of(index: Value, most: int) -> tuple[int, error]:
    if index.kind not in {"int", "uint"}:
        shown = "nil" if index.t is None else f"type {index.t.name}"
        return 0, ErrorString(f"cannot index slice/array with {shown}")
    if not 0 <= index.v <= most:
        return 0, ErrorString(f"index out of range: {index.v}")
    return int(index.v), None


def _argument(value: Value, t: GoType) -> Found:
    """Return a value as an argument, or a key, of a type."""
    if value.t is None:
        if not values.can_be_nil(t):
            return _fault(f"value is nil; should be of type {t.name}")
        value = Value(zero_of(t), t)
    assert value.t is not None
    if values.is_assignable(value, t):
        return value, None
    if value.kind in {"int", "uint"} and Value(None, t).kind in {"int", "uint"}:
        plain = getattr(_integers, f"to_{t.kind}")(value.v)
        return Value(plain if t.cls is None else t.cls(plain), t), None
    return _fault(f"value has type {value.t.name}; should be {t.name}")


def _index(item: Value, *indexes: Value) -> Found:
    item = values.inside(item)
    if item.t is None:
        return _fault("index of untyped nil")
    for index in map(values.inside, indexes):
        item, is_nil = values.indirect(item)
        if is_nil:
            return _fault("index of nil pointer")
        t = item.t
        assert t is not None
        if item.kind in {"array", "slice", "string"}:
            i, err = _index_of(index, item.length())
            if err is None and i == item.length():
                err = ErrorString(f"reflect: {item.kind} index out of range")
            if err is not None:
                return NONE, err
            item = values.element(item, i)
        elif item.kind == "map":
            assert t.key is not None and t.elem is not None
            key, err = _argument(index, t.key)
            if err is not None:
                return NONE, err
            found = values.entry(item, key)
            item = Value(zero_of(t.elem), t.elem) if found is None else found
        else:
            return _fault(f"can't index item of type {t.name}")
    return item, None


def _slice(item: Value, *indexes: Value) -> Found:
    item = values.inside(item)
    if item.t is None:
        return _fault("slice of untyped nil")
    item, is_nil = values.indirect(item)
    if is_nil:
        return _fault("slice of nil pointer")
    assert item.t is not None
    if len(indexes) > 3:
        return _fault(f"too many slice indexes: {len(indexes)}")
    if item.kind not in {"string", "array", "slice"}:
        return _fault(f"can't slice item of type {item.t.name}")
    if item.kind == "string" and len(indexes) == 3:
        return _fault("cannot 3-index slice a string")
    most = cap(item.v) if item.kind == "slice" else item.length()
    bounds = [0, item.length()]
    for at, index in enumerate(indexes):
        i, err = _index_of(index, most)
        if err is not None:
            return NONE, err
        bounds[at : at + 1] = [i]
    for low, high in pairwise(bounds):
        if low > high:
            return _fault(f"invalid slice index: {low} > {high}")
    return _part(item, *bounds), None


def _part(item: Value, low: int, high: int, most: int | None = None) -> Value:
    assert item.t is not None
    if item.kind == "string":
        return Value(decode(encode(item.v)[low:high]), STRING if item.t.cls is None else item.t)
    assert item.t.elem is not None
    whole = item.v if isinstance(item.v, Slice) else Slice._make(item.v, item.t.elem)
    t = item.t if item.kind == "slice" else slice_of(item.t.elem)
    return Value(whole[low:high] if most is None else whole[low:high:most], t)


def _len(item: Value) -> tuple[int, error]:
    item, is_nil = values.indirect(item)
    if is_nil:
        return 0, ErrorString("len of nil pointer")
    if item.kind in {"array", "chan", "map", "slice", "string"}:
        return item.length(), None
    if item.t is None:
        return 0, ErrorString("reflect: call of reflect.Value.Type on zero Value")
    return 0, ErrorString(f"len of type {item.t.name}")


# --- calls and logic --------------------------------------------------------------------------------------


def _call(name: str, fn: Value, *args: Value) -> Found:
    fn = values.inside(fn)
    if fn.t is None:
        return _fault("call of nil")
    function = values.function_of(fn)
    if function is None:
        return _fault(f"non-function {name} of type {fn.t.name}")
    params, variadic, results = function.signature
    bad = bad_results(name, results)
    if bad:
        return _fault(bad)
    fixed = len(params) - variadic
    if len(args) < fixed or (len(args) > fixed and not variadic):
        least = "at least " if variadic else ""
        return _fault(f"wrong number of args for {name}: got {len(args)} want {least}{fixed}")
    given = []
    for i, arg in enumerate(map(values.inside, args)):
        value, err = _argument(arg, params[min(i, len(params) - 1)])
        if err is not None:
            return _fault(f"arg {i}: {err}", err)
        given.append(value)
    return safe_call(function, params, given)


def _not(value: Value) -> bool:
    return not values.is_true(values.inside(value))


def _no_call(*_args: Value) -> Value:
    raise AssertionError("and, or and call are evaluated by the execution")


# --- comparison -------------------------------------------------------------------------------------------


def _compared(a: Value, b: Value, compare: Callable[[Any, Any], bool]) -> tuple[bool, error] | None:
    """Compare values of basic kinds; return None if they are of other kinds."""
    if a.kind == b.kind or {a.kind, b.kind} == {"int", "uint"}:
        if a.kind == "string":
            # By their bytes.
            return compare(encode(a.v), encode(b.v)), None
        return (compare(a.v, b.v), None) if a.kind in _BASIC else None
    return None


def _eq(first: Value, *others: Value) -> tuple[bool, error]:
    a = values.inside(first)
    if not others:
        return False, _ErrNoComparison
    for b in map(values.inside, others):
        same, err = _is_equal(a, b)
        if err is not None or same:
            return same, err
    return False, None


def _is_equal(a: Value, b: Value) -> tuple[bool, error]:
    found = _compared(a, b, lambda x, y: bool(x == y))
    if found is not None:
        return found
    basic = [value.kind in _BASIC for value in (a, b)]
    if any(basic):
        if a.t is None or b.t is None:
            return False, None
        return False, ErrorString(f"incompatible types for comparison: {a.t.name} and {b.t.name}")
    nil = [value.t is None or (values.can_be_nil(value.t) and value.is_nil()) for value in (a, b)]
    if a.kind != b.kind and a.t is not None and b.t is not None:
        x, y = sprintf("%s", a.boxed()), sprint(b.boxed())
        return False, ErrorString(f"non-comparable types {x}: {a.t.name}, {b.t.name}: {y}")
    if any(nil):
        return nil[0] == nil[1], None
    assert b.t is not None
    if not b.t.comparable:
        return False, ErrorString(f"non-comparable type {sprintf('%s', b.boxed())}: {b.t.name}")
    return equal(a.boxed(), b.boxed()), None


def _ne(a: Value, b: Value) -> tuple[bool, error]:
    same, err = _eq(a, b)
    return not same, err


def _lt(a: Value, b: Value) -> tuple[bool, error]:
    a, b = values.inside(a), values.inside(b)
    if a.kind not in _BASIC or b.kind not in _BASIC:
        return False, _ErrBadType
    if a.kind == b.kind and a.kind in {"bool", "complex"}:
        return False, _ErrBadType
    found = _compared(a, b, lambda x, y: bool(x < y))
    if found is not None:
        return found
    assert a.t is not None and b.t is not None
    return False, ErrorString(f"incompatible types for comparison: {a.t.name} and {b.t.name}")


def _le(a: Value, b: Value) -> tuple[bool, error]:
    less, err = _lt(a, b)
    return (less, err) if less or err is not None else _eq(a, b)


def _gt(a: Value, b: Value) -> tuple[bool, error]:
    at_most, err = _le(a, b)
    return err is None and not at_most, err


def _ge(a: Value, b: Value) -> tuple[bool, error]:
    less, err = _lt(a, b)
    return err is None and not less, err


# --- escapes ----------------------------------------------------------------------------------------------

_HTML: Final = {
    "\0": "\ufffd",
    '"': "&#34;",
    "'": "&#39;",
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
}
_JS: Final = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "<": "\\u003C",
    ">": "\\u003E",
    "&": "\\u0026",
    "=": "\\u003D",
}


def _text_of(args: tuple[Any, ...]) -> str:
    """Return the arguments as a template prints them."""
    if len(args) == 1 and args[0].__class__ is str:
        return str(args[0])
    shown = (printable(values.value_of(arg)) for arg in args)
    return sprint(*(arg if made is None else made.boxed() for arg, made in zip(args, shown, strict=True)))


def html_escape_string(s: str) -> str:
    """Return a text as HTML: Go's template.HTMLEscapeString."""
    return re.sub("[\0\"'&<>]", lambda match: _HTML[match[0]], s)


def html_escaper(*args: Any) -> str:
    """Return the printed arguments as HTML: Go's template.HTMLEscaper."""
    return html_escape_string(_text_of(args))


def js_escape_string(s: str) -> str:
    """Return a text for a string of JavaScript: Go's template.JSEscapeString."""
    return re.sub("[\\\\'\"<>&=\0-\x1f\x80-\U0010ffff]", _js, s)


def _js(match: re.Match[str]) -> str:
    c = match[0]
    r = 0xFFFD if "\udc80" <= c <= "\udcff" else ord(c)
    known = _JS.get(c)
    if known is not None:
        return known
    return c if r >= 0x80 and is_print(r) else f"\\u{r:04X}"


def js_escaper(*args: Any) -> str:
    """Return the printed arguments for a string of JavaScript: Go's template.JSEscaper."""
    return js_escape_string(_text_of(args))


def url_query_escaper(*args: Any) -> str:
    """Return the printed arguments for the query of a URL: Go's template.URLQueryEscaper."""
    return query_escape(_text_of(args))


# --- the table --------------------------------------------------------------------------------------------


def _taking(call: Callable[..., Any], fixed: int, variadic: bool, *results: GoType) -> Function:
    """Return a function of values with their types."""
    return Function(call, Signature((VALUE,) * (fixed + variadic), variadic, results))


def _printing(call: Callable[..., str], *params: GoType) -> Function:
    return Function(call, Signature((*params, ANY), True, (STRING,)))


BUILTINS: Final = {
    "and": _taking(_no_call, 1, True, ANY),
    "call": _taking(_call, 1, True, ANY, ERROR),
    "html": _printing(html_escaper),
    "index": _taking(_index, 1, True, ANY, ERROR),
    "slice": _taking(_slice, 1, True, ANY, ERROR),
    "js": _printing(js_escaper),
    "len": _taking(_len, 1, False, INT, ERROR),
    "not": _taking(_not, 1, False, BOOL),
    "or": _taking(_no_call, 1, True, ANY),
    "print": _printing(sprint),
    "printf": _printing(sprintf, STRING),
    "println": _printing(sprintln),
    "urlquery": _printing(url_query_escaper),
    "eq": _taking(_eq, 1, True, BOOL, ERROR),
    "ge": _taking(_ge, 2, False, BOOL, ERROR),
    "gt": _taking(_gt, 2, False, BOOL, ERROR),
    "le": _taking(_le, 2, False, BOOL, ERROR),
    "lt": _taking(_lt, 2, False, BOOL, ERROR),
    "ne": _taking(_ne, 2, False, BOOL, ERROR),
}
