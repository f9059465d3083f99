"""Interface values: boxes for types that a Python value does not show, ==, and type assertions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, ParamSpec, TypeVar, cast

from ._panics import GoError
from ._slices import Slice
from ._structs import Ref, copy, same
from ._types import (
    ANY,
    ERROR,
    GoType,
    arity,
    camel,
    class_name,
    find_method,
    go_type,
    infer,
    pointer_to,
    slice_of,
    type_of,
)

if TYPE_CHECKING:
    # A type checker brings this module, and takes any annotation for a TypeForm, which `type` does not.
    from typing_extensions import TypeForm, TypeIs

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")

_F = TypeVar("_F", float, complex)
_PLAIN: Final = frozenset({int, str, bool})


class Boxed(Generic[T]):
    """A value in an interface with its type, where the value's Python class does not tell it.

    >>> from gochan.port.lib import uint8
    >>> Boxed(5, uint8) == Boxed(5, uint8), equal(Boxed(5, uint8), 5)
    (True, False)
    """

    __slots__ = ("t", "v")
    __go_box__ = True

    def __init__(self, v: T, annotation: Any) -> None:
        self.v = v
        self.t = go_type(annotation)

    def __repr__(self) -> str:
        return f"Boxed({self.v!r}, {self.t.name})"

    def __eq__(self, other: object) -> bool:
        return equal(self, other)

    def __hash__(self) -> int:
        return hash_of(self.v) if self.t.comparable else refuse_hash(self)

    def __str__(self) -> str:
        from .fmt import sprint

        return sprint(self)

    def __getattr__(self, name: str) -> Any:
        # A method of the type, also of a nil pointer.
        t = self.t.elem if self.t.kind == "pointer" and self.t.elem is not None else self.t
        if t.cls is None or name.startswith("__"):
            raise AttributeError(name)
        value: Any = self.v
        if isinstance(value, Ref) and name not in getattr(t.cls, "__go_pointer_methods__", ()):
            value = value.v
        return partial(getattr(t.cls, name), value)

    def __go_dynamic__(self) -> GoType:
        return self.t


class PointerBox(Generic[T]):
    """A pointer to a struct in an interface, where the struct itself gets into interfaces, too."""

    __slots__ = ("v",)
    __go_box__ = True

    def __init__(self, v: T) -> None:
        self.v = v

    def __repr__(self) -> str:
        return f"PointerBox({self.v!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PointerBox) and self.v is other.v

    def __hash__(self) -> int:
        return id(self.v) >> 4

    def __str__(self) -> str:
        return str(self.v)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.v, name)

    def __go_dynamic__(self) -> GoType:
        return pointer_to(go_type(self.v.__class__))


def unbox(x: Any, /) -> Any:
    """Return the value in a box; any other value as it is."""
    return x.v if x.__class__ is Boxed or x.__class__ is PointerBox else x


def equal(a: Any, b: Any, /) -> bool:
    """Compare interface values as Go's == does: both the types and the values must be equal.

    Panics if both have the same type, and it is not comparable.

    >>> equal(1, 1.0), equal("a", "a")
    (False, True)
    """
    cls = a.__class__
    if cls in _PLAIN:
        return b.__class__ is cls and a == b
    if a is None or b is None:
        return a is b
    if cls is b.__class__:
        same_value = getattr(a, "__go_same__", None)
        if same_value is not None and go_type(cls).comparable:
            return a is b if cls.__go_pointer__ else same_value(b) is True
    elif cls is type or b.__class__ is type:
        # context.Canceled and its like are classes.
        return a is b or (cls is type and isinstance(b, a)) or (b.__class__ is type and isinstance(a, b))
    t = type_of(a)
    if type_of(b) is not t:
        return False
    assert t is not None
    return equal_values(unbox(a), unbox(b), t)


def equal_values(a: Any, b: Any, t: GoType) -> bool:
    """Compare two values of one type."""
    kind = t.kind
    if not t.comparable:
        raise GoError(f"comparing uncomparable type {t.name}")
    if kind == "interface":
        return equal(a, b)
    if kind == "pointer":
        if isinstance(a, Ref):
            return a is b or a == b
        return a is b
    if kind == "struct":
        return same(a, b)
    if kind == "array":
        assert t.elem is not None
        elem = t.elem
        return all(equal_values(x, y, elem) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def hash_of(x: Any) -> int:
    """Return the hash of a value in a key of a map."""
    if isinstance(x, list):
        return hash(tuple(map(hash_of, x)))
    if x.__class__ is dict:
        refuse_hash(x)
    if getattr(x.__class__, "__go_pointer__", False):
        return id(x)
    return hash(x)


def refuse_hash(x: Any) -> NoReturn:
    """Panic as Go does where a value that can't be compared is a key of a map."""
    t = type_of(x)
    raise GoError(f"hash of unhashable type {t.name if t else 'map'}")


# --- type assertions --------------------------------------------------------------------------------------


def type_is(x: Any, annotation: TypeForm[T], /) -> TypeIs[T]:
    """Return whether an interface value has a type, or implements an interface: a case of a type switch.

    >>> type_is(1, int), type_is(True, int), type_is("a", str)
    (True, False, True)
    """
    cls = x.__class__
    if cls is annotation and cls in _PLAIN:
        return True
    if x is None:
        return annotation is None
    t = go_type(annotation)
    if t.kind == "interface":
        return annotation is not None and implements(x, t)
    found = type_of(x)
    if found is t:
        return True
    if found is None or found.kind != t.kind:
        # A class of this library, such as bytes.Buffer, stands for the pointer to it; nil is in a box.
        return is_object(t) and t.cls is not None and (isinstance(x, t.cls) or found is pointer_to(t))
    return _may_be(x, found, t)


def is_object(t: GoType) -> bool:
    """Return whether t is that of a class that is no struct of ours: it stands for the pointer."""
    return t.kind == "struct" and t.cls is not None and not hasattr(t.cls, "__go_pointer__")


def _may_be(x: Any, found: GoType, t: GoType) -> bool:
    """Return whether an unboxed value, whose type is only inferred, may be of type t."""
    if found.named or t.named:
        return False
    if found.kind == "func":
        # The types of a function's parameters are not known, or those of an annotation Callable[..., R].
        return x.__class__ is not Boxed or "(...)" in found.name or "(...)" in t.name
    if x.__class__ is Boxed:
        return False
    if found.kind == "slice":
        return getattr(x, "_t", None) is None and (len(x) == 0 or infer(x) is t.elem)
    if found.kind == "map":
        return not x
    if found.kind == "array":
        return t.elem is found.elem and t.length in {-1, len(x)}
    if found.kind == "chan":
        return found.elem is ANY or found.elem is t.elem
    return False


# The methods of net.Error, which errors of Python's are given when an interface asks for them.
_OF_TIMEOUTS: Final = frozenset({"timeout", "temporary"})


def implements(x: Any, t: GoType) -> bool:
    """Return whether a value that is not nil has the methods of an interface."""
    if missing_method(x, t) is not None:
        return False
    if isinstance(x, OSError) and not _OF_TIMEOUTS.isdisjoint(t.methods):
        timed_out = isinstance(x, TimeoutError)
        for name in _OF_TIMEOUTS:
            if not hasattr(x, name):
                setattr(x, name, lambda: timed_out)
    return True


def missing_method(x: Any, t: GoType) -> str | None:
    """Return the first method of interface t that a value lacks; None if it has all."""
    if not t.methods:
        return None
    found = type_of(x)
    assert found is not None
    try:
        return _missing[found, t]
    except KeyError:
        pass
    if t.name == "runtime.Error":
        return None if isinstance(unbox(x), GoError) else "RuntimeError"
    missing = _find_missing(x, found, t)
    if found.cls is not None or found.kind == "pointer":
        _missing[found, t] = missing
    return missing


# What missing_method has found for a type and an interface.
_missing: dict[tuple[GoType, GoType], str | None] = {}


def _find_missing(x: Any, found: GoType, t: GoType) -> str | None:
    base = found.elem if found.kind == "pointer" and found.elem is not None else found
    owner = base.cls
    if owner is None:
        owner = unbox(x).__class__
        if owner in {int, str, float, bool, complex, list, dict}:
            return t.methods[0]
    other: str | None = dict(getattr(owner, "__go_lacks__", ())).get(t.name)
    if other is not None:  # it has other parameters or results
        return other
    hidden = owner.__dict__.get("__go_pointer_methods__", ()) if found.kind != "pointer" else ()
    for name in t.methods:
        want = arity(t.cls.__dict__.get(name)) if t.cls is not None else 0 if t is ERROR else -1
        if name in hidden or not find_method(owner, name, want):
            if name == "error" and issubclass(owner, BaseException):
                continue
            if name in _OF_TIMEOUTS and issubclass(owner, OSError):
                continue
            return name
    return None


def assert_type(x: Any, annotation: TypeForm[T], interface: Any = ANY, /) -> T:
    """Return the value in an interface, which must have this type: Go's x.(T).

    Panics otherwise; `interface` is the static type of x, or its name, for the message.

    >>> assert_type("a", int)
    Traceback (most recent call last):
        ...
    gochan.port.lib._panics.GoError: interface conversion: interface {} is string, not int
    """
    t = go_type(annotation)
    if type_is(x, annotation):
        return x if t.kind == "interface" else unbox(x)
    wanted = f"*{t.name}" if is_object(t) else t.name
    if x is None:
        static = "interface" if t.kind == "interface" else _name(interface)
        words = f"{static} is nil, not {wanted}"
    else:
        found = type_of(x)
        assert found is not None
        if t.kind == "interface":
            method = missing_method(x, t) or ""
            exported = method not in getattr(t.cls, "__go_unexported__", ())
            name = _capital(method) if exported else camel(method)
            words = f"{found.name} is not {t.name}: missing method {name}"
        else:
            words = f"{_name(interface)} is {found.name}, not {wanted}"
            if found.name == wanted:
                words += " (types from different scopes)"
    raise GoError("interface conversion: " + words, "*runtime.TypeAssertionError", "")


def _name(interface: Any) -> str:
    return interface if isinstance(interface, str) else go_type(interface).name


def _capital(method: str) -> str:
    name = camel(method)
    return name[:1].upper() + name[1:]


def assert_type_ok(x: Any, annotation: TypeForm[T], zero: T | None = None, /) -> tuple[T, bool]:
    """Return the value in an interface and True if it has this type, else a zero value and False.

    Go's v, ok := x.(T). `zero`: that of a struct of Go's library, whose class stands for a pointer, too.

    >>> assert_type_ok("a", int)
    (0, False)
    """
    t = go_type(annotation)
    if type_is(x, annotation):
        return (x if t.kind == "interface" else unbox(x)), True
    from ._zero import zero_of

    value: Any = zero if is_object(t) else zero_of(t)
    return value, False


def slice_type(annotation: Any) -> GoType:
    """Return the type of a slice, by the annotation of its elements."""
    return slice_of(go_type(annotation))


def pointer_box(p: T, annotation: Any, /) -> T:
    """Return what an interface holds for a pointer to a struct T: p itself, or a box where T needs one.

    A nil pointer is not a nil interface.  To a type checker, the box is the pointer: it has its methods.
    """
    t = go_type(annotation)
    if p is None:
        box: Any = Boxed(None, t if t.kind == "pointer" else pointer_to(t))
    elif isinstance(p, (Slice, list)) or getattr(p.__class__, "__go_pointer__", True) is False:
        box = PointerBox(p)
    else:
        return p
    return cast("T", box)


if TYPE_CHECKING:

    class _Function(Generic[P, R]):
        f: Callable[P, R]

        def __init__(self, f: Callable[P, R]) -> None: ...

        def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
else:

    class _Function:
        __slots__ = ("f",)

        def __class_getitem__(cls, _signature: Any) -> Any:
            return cls

        def __init__(self, f: Any) -> None:
            self.f = f

        def __call__(self, *args: Any) -> Any:
            return self.f(*args)


class Func(_Function[P, R]):
    """The base class of named function types, with methods that call self.

    >>> class Double(Func[[int], int]):
    ...     pass
    >>> Double(lambda x: 2 * x)(4)
    8
    """

    __slots__ = ()

    @classmethod
    def __go_type__(cls, _args: tuple[Any, ...]) -> GoType:
        return GoType("func", class_name(cls), cls=cls, named=True)

    def __go_dynamic__(self) -> GoType:
        return go_type(self.__class__)

    def __hash__(self) -> int:
        return refuse_hash(self)


def noop() -> None:
    """Do nothing: Go's func() {}."""


class _Key:
    """A key of a map of interfaces, where Python's own == would take it for another."""

    __slots__ = ("v",)

    def __init__(self, v: Any) -> None:
        self.v = v

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and equal(self.v, other.v)

    def __hash__(self) -> int:
        return hash_of(self.v)

    def __go_dynamic__(self) -> GoType:
        return ANY


def float_key(x: _F, /) -> _F:
    """Return the key of a dict for a float or complex number: each NaN is a key of its own."""
    return x if x == x else x + 0  # noqa: PLR0124


def key(x: Any, /) -> Any:
    """Return the key of a dict for an interface value: 1, 1.0 and True are different keys."""
    cls = x.__class__
    return x if cls is int or cls is str or x is None else _Key(x)


def array_key(x: list[Any], /) -> Any:
    """Return the key of a dict for an array of arrays or of interfaces."""
    return _Key(copy(x))


def unkey(x: Any, /) -> Any:
    """Return the interface value that `key` was given, or the array that `array_key` was given."""
    if x.__class__ is not _Key:
        return x
    return copy(x.v) if x.v.__class__ is list else x.v
