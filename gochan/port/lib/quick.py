"""Go's package testing/quick: checks of functions with random arguments.

With a config.Rand from a seed, the arguments are those of Go.
"""

from __future__ import annotations

import time
from builtins import bool as _bool
from builtins import int as _int
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from . import _integers, fmt, rand, reflect
from ._common import Slice
from ._interfaces import array_key, float_key, key
from ._structs import Ref, struct
from ._text import from_runes
from ._types import GoType, Signature, error
from ._zero import zero_of

__all__ = [
    "CheckEqualError",
    "CheckError",
    "Config",
    "Generator",
    "SetupError",
    "check",
    "check_equal",
    "value",
]

_COMPLEX_SIZE: Final = 50
_CHECKS: Final = 100
_MAX_FLOAT32: Final = (2 - 2**-23) * 2.0**127
_MAX_FLOAT64: Final = (2 - 2**-52) * 2.0**1023


class Generator(Protocol):
    """Go's quick.Generator: a type that makes values of its own."""

    def generate(self, rand: rand.Rand, size: _int, /) -> reflect.Value: ...


@struct(go="quick.Config")
class Config:
    """Go's quick.Config."""

    max_count: _int = 0
    max_count_scale: float = 0.0
    rand: Any = None
    values: Any = None

    def _source(self) -> Any:
        return rand.new(rand.new_source(time.time_ns())) if self.rand is None else self.rand

    def _count(self) -> _int:
        if self.max_count:
            return self.max_count
        return _int(self.max_count_scale * _CHECKS) if self.max_count_scale else _CHECKS


class SetupError(str):
    """Go's quick.SetupError."""

    __slots__ = ()
    __go_name__ = "quick.SetupError"

    def error(self) -> str:
        return str.__str__(self)


class CheckError:
    """Go's *quick.CheckError: the arguments with which a function returned false."""

    __slots__ = ("count", "in_")
    __go_name__ = "quick.CheckError"

    def __init__(self, count: _int = 0, in_: Any = None) -> None:
        self.count = count
        self.in_: Slice[Any] = Slice() if in_ is None else in_

    def error(self) -> str:
        return f"#{self.count}: failed on input {_show(self.in_)}"

    __str__ = error


class CheckEqualError:
    """Go's *quick.CheckEqualError: the arguments for which two functions return different results."""

    __slots__ = ("check_error", "out1", "out2")
    __go_name__ = "quick.CheckEqualError"

    def __init__(self, check_error: CheckError | None = None, out1: Any = None, out2: Any = None) -> None:
        self.check_error = CheckError() if check_error is None else check_error
        self.out1: Slice[Any] = Slice() if out1 is None else out1
        self.out2: Slice[Any] = Slice() if out2 is None else out2

    def error(self) -> str:
        return f"{self.check_error.error()}. Output 1: {_show(self.out1)}. Output 2: {_show(self.out2)}"

    __str__ = error


def _show(values: Slice[Any]) -> str:
    return ", ".join(fmt.sprintf("%#v", v) for v in values)


# --- values -----------------------------------------------------------------------------------------------


def value(t: reflect.Type, rand: Any) -> tuple[reflect.Value, _bool]:
    """Return a random value of a type, and whether there is one: Go's quick.Value."""
    found = _make(t._t, rand, _COMPLEX_SIZE)
    return (reflect.Value(), False) if found is None else (reflect.Value(found[0], t._t), True)


def _make(t: GoType, rand: Any, size: _int) -> tuple[Any] | None:
    """Return a random value in a tuple; None if there is none of the type."""
    elem = t.elem.cls if t.kind == "pointer" and t.elem is not None else t.cls
    if t.kind != "interface" and hasattr(elem, "generate"):
        receiver = zero_of(t)
        made = elem.generate(receiver, rand, size)  # type: ignore[union-attr]
        return (made._v,)
    maker = _MAKERS.get(t.kind)
    found = None if maker is None else maker(t, rand, size)
    if found is None or t.cls is None or isinstance(found[0], t.cls):
        return found
    return (t.cls(found[0]),)


def _bits(t: GoType, rand: Any, _size: _int) -> tuple[Any]:
    return (getattr(_integers, f"to_{t.kind}")(rand.uint64()),)


def _bool_of(_t: GoType, rand: Any, _size: _int) -> tuple[Any]:
    return (rand.int() & 1 == 0,)


def _float(largest: float, rand: Any) -> float:
    f: float = rand.float64() * largest
    return -f if rand.int() & 1 == 1 else f


def _float32(_t: GoType, rand: Any, _size: _int) -> tuple[Any]:
    return (_integers.to_float32(_float(_MAX_FLOAT32, rand)),)


def _float64(_t: GoType, rand: Any, _size: _int) -> tuple[Any]:
    return (_float(_MAX_FLOAT64, rand),)


def _complex(t: GoType, rand: Any, size: _int) -> tuple[Any]:
    part = _float32 if t.kind == "complex64" else _float64
    return (complex(part(t, rand, size)[0], part(t, rand, size)[0]),)


def _string(_t: GoType, rand: Any, _size: _int) -> tuple[Any]:
    return (from_runes([rand.intn(0x10FFFF) for _ in range(rand.intn(_COMPLEX_SIZE))]),)


def _elements(t: GoType, rand: Any, n: _int, size: _int) -> list[Any] | None:
    assert t.elem is not None
    found = [_make(t.elem, rand, size) for _ in range(n)]
    return None if None in found else [x[0] for x in found if x is not None]


def _slice(t: GoType, rand: Any, size: _int) -> tuple[Any] | None:
    n = rand.intn(size)
    items = _elements(t, rand, n, size - n)
    return None if items is None else (Slice._make(items, t.elem),)


def _array(t: GoType, rand: Any, size: _int) -> tuple[Any] | None:
    items = _elements(t, rand, t.length, size)
    return None if items is None else (items,)


def _map(t: GoType, rand: Any, size: _int) -> tuple[Any] | None:
    assert t.key is not None and t.elem is not None
    made = {}
    for _ in range(rand.intn(size)):
        k, v = _make(t.key, rand, size), _make(t.elem, rand, size)
        if k is None or v is None:
            return None
        made[_KEYS.get(t.key.kind, lambda x: x)(k[0])] = v[0]
    return (made,)


def _pointer(t: GoType, rand: Any, size: _int) -> tuple[Any] | None:
    assert t.elem is not None
    if rand.intn(size) == 0:
        return (None,)
    found = _make(t.elem, rand, size)
    return found if found is None or t.elem.kind in ("struct", "array") else (Ref(found[0]),)


def _struct(t: GoType, rand: Any, size: _int) -> tuple[Any] | None:
    made = zero_of(t)
    n = len(t.fields)
    left = 1 if n > size else size // max(n, 1)
    for f in t.fields:
        found = _make(f.type, rand, left)
        if found is None:
            return None
        setattr(made, f.name, found[0])
    return (made,)


_INTEGERS: Final = ("int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64")
_MAKERS: Final[dict[str, Callable[[GoType, Any, _int], tuple[Any] | None]]] = {
    **dict.fromkeys((*_INTEGERS, "uintptr"), _bits),
    "bool": _bool_of,
    "float32": _float32,
    "float64": _float64,
    "complex64": _complex,
    "complex128": _complex,
    "string": _string,
    "slice": _slice,
    "array": _array,
    "map": _map,
    "pointer": _pointer,
    "struct": _struct,
}
_KEYS: Final[dict[str, Callable[[Any], Any]]] = {
    "array": array_key,
    "interface": key,
    "float32": float_key,
    "float64": float_key,
}


# --- checks -----------------------------------------------------------------------------------------------


def _function(f: Any) -> tuple[reflect.Value, Signature] | None:
    """Return a function with its signature; None for another value."""
    v = reflect.value_of(f)
    if v._t is None or v._t.kind != "func":
        return None
    if v._t.signature is None:
        raise TypeError(f"quick: the parameters of a {v._t.name} are not known")
    return v, v._t.signature


def _arguments(found: Signature, config: Config, rand: Any) -> list[reflect.Value] | SetupError:
    if config.values is not None:
        values = Slice([reflect.Value() for _ in found.params])
        config.values(values, rand)
        return list(values)
    made = []
    for i, t in enumerate(found.params):
        v, ok = value(reflect.Type(t), rand)
        if not ok:
            return SetupError(f"cannot create arbitrary value of type {t.name} for argument {i}")
        made.append(v)
    return made


def _boxes(values: Iterable[reflect.Value]) -> Slice[Any]:
    return Slice([v._boxed() for v in values])


def check(f: Any, config: Any) -> error:
    """Look for arguments with which a function returns false: Go's quick.Check."""
    config = Config() if config is None else config
    found = _function(f)
    if found is None:
        return SetupError("argument is not a function")
    function, signature = found
    if len(signature.results) != 1:
        return SetupError("function does not return one value")
    if signature.results[0].kind != "bool":
        return SetupError("function does not return a bool")
    source = config._source()
    for i in range(1, config._count() + 1):
        values = _arguments(signature, config, source)
        if isinstance(values, SetupError):
            return values
        if not function.call(values)[0]._v:
            return CheckError(i, _boxes(values))
    return None


def check_equal(f: Any, g: Any, config: Any) -> error:
    """Look for arguments for which two functions return different results: Go's quick.CheckEqual."""
    config = Config() if config is None else config
    found, other = _function(f), _function(g)
    if found is None:
        return SetupError("f is not a function")
    if other is None:
        return SetupError("g is not a function")
    if found[0]._t is not other[0]._t:
        return SetupError("functions have different types")
    source = config._source()
    for i in range(1, config._count() + 1):
        values = _arguments(found[1], config, source)
        if isinstance(values, SetupError):
            return values
        outs = [_boxes(function.call(values)) for function, _ in (found, other)]
        if not reflect.deep_equal(*outs):
            return CheckEqualError(CheckError(i, _boxes(values)), *outs)
    return None
