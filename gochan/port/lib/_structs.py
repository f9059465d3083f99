"""Structs and pointers: the decorator `struct`, copies, `Ref` and its like."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar, cast, dataclass_transform, overload

from ._panics import nil_dereference
from ._slices import Slice, index
from ._types import Field, GoType, go_type, pointer_to, type_of

T = TypeVar("T")


@overload
def struct(cls: type[T], /) -> type[T]: ...
@overload
def struct(
    *,
    go: str = "",
    names: dict[str, str] | None = None,
    pointer: bool = False,
    pointer_methods: str = "",
    embedded: str = "",
    tags: dict[str, str] | None = None,
    places: str = "",
    eq: bool = True,
) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(eq_default=True, field_specifiers=(field,))
def struct(
    cls: type[T] | None = None,
    /,
    *,
    go: str = "",
    names: dict[str, str] | None = None,
    pointer: bool = False,
    pointer_methods: str = "",
    embedded: str = "",
    tags: dict[str, str] | None = None,
    places: str = "",
    eq: bool = True,
) -> Any:
    """Make a dataclass a struct of Go's: with zero values, ==, hash and copies.

    - `go`: the type's name in Go, if it is not "main." and the class's name.
    - `names`: the Go names of fields, where they are not the Python names in camelCase.
    - `pointer`: whether an interface that holds an object of this class holds a pointer to the struct.
    - `pointer_methods`: the Python names of methods that have a pointer receiver.
    - `embedded`: the Python names of embedded fields.
    - `tags`: the fields' tags, by Python name.
    - `places`: the Python names of fields that keep their object when the whole struct is assigned to, since
      there are pointers into it.
    - `eq=False`: == and hash are those of the pointer; use `same` to compare the values.

    >>> @struct(names={"x": "X", "y": "Y"})
    ... class Point:
    ...     x: int = 0
    ...     y: int = 0
    >>> Point(1, 2) == Point(1, 2), copy(Point(1, 2))
    (True, Point(x=1, y=2))
    """

    def decorate(cls: type[T]) -> type[T]:
        made: Any = dataclass(eq=False, slots=_slots_work(cls))(cls)
        made.__go_struct__ = True
        made.__go_pointer__ = pointer
        made.__go_pointer_methods__ = frozenset(pointer_methods.split())
        made.__go_embedded__ = frozenset(embedded.split())
        made.__go_tags__ = tags or {}
        if places:
            made.__go_places__ = frozenset(places.split())
        if go:
            made.__go_name__ = go
        if names:
            made.__go_names__ = names
        caller = sys._getframe(depth)
        if caller.f_locals is not caller.f_globals:
            made.__go_locals__ = _Locals(caller)
        made.__go_copy__ = _lazy(made, "__go_copy__", partial(_copy_source, made))
        made.__go_same__ = _lazy(made, "__go_same__", _eq_source)
        if eq:
            made.__eq__ = _lazy(made, "__eq__", _eq_source)
            made.__hash__ = _lazy(made, "__hash__", _hash_source)
        if "__str__" not in made.__dict__:
            text = made.__dict__.get("error") or made.__dict__.get("string")
            if text is not None:
                made.__str__ = text
        return cast("type[T]", made)

    depth = 2 if cls is not None else 1
    if cls is not None:
        return decorate(cls)
    depth = 1
    return decorate


def named(*, go: str = "", under: Any = None, pointer_methods: str = "") -> Callable[[type[T]], type[T]]:
    """Describe a named type that is no struct: a class over int, str, Slice, dict and so on.

    - `go`: the type's name in Go, if it is not "main." and the class's name.
    - `under`: the underlying type, if it is not the class that it derives from, such as uint8.
    - `pointer_methods`: the Python names of methods that have a pointer receiver.

    >>> from gochan.port.lib import fmt, uint8
    >>> @named(go="main.level", under=uint8)
    ... class Level(int):
    ...     pass
    >>> fmt.sprintf("%T %#v", Level(3), Level(3))
    'main.level 0x3'
    """

    def decorate(cls: type[T]) -> type[T]:
        made: Any = cls
        if go:
            made.__go_name__ = go
        if under is not None:
            made.__go_under__ = under
        made.__go_pointer_methods__ = frozenset(pointer_methods.split())
        return cls

    return decorate


class _Locals:
    """The names of a function whose struct types refer to each other."""

    def __init__(self, frame: Any) -> None:
        self._names = dict(frame.f_locals)

    def keys(self) -> Iterable[str]:
        return self._names.keys()

    def __getitem__(self, name: str) -> Any:
        return self._names[name]


def _slots_work(cls: type[Any]) -> bool:
    return all(base is object or base is Generic for base in cls.__bases__) and not any(
        # The cell of `super()` and `__class__` would still hold the class without slots.
        "__class__" in getattr(getattr(value, "__code__", None), "co_freevars", ())
        for value in vars(cls).values()
    )


def _lazy(cls: Any, name: str, source: Callable[[list[Field]], str]) -> Callable[..., Any]:
    """Make a method that compiles itself at its first call, when the annotations can be resolved."""

    def method(self: Any, *args: Any) -> Any:
        compiled = _compile(cls, name, source)
        if getattr(cls, name) is method:
            setattr(cls, name, compiled)
        return compiled(self, *args)

    return method


def _compile(cls: Any, name: str, source: Callable[[list[Field]], str]) -> Callable[..., Any]:
    from ._interfaces import equal, hash_of, refuse_hash

    namespace: dict[str, Any] = {
        "cls": cls,
        "copy": copy,
        "copy_flat": list.copy,
        "copy_opaque": copy_opaque,
        "equal": equal,
        "hash_of": hash_of,
        "new": object.__new__,
        "refuse_hash": refuse_hash,
        "same": same,
    }
    exec(source(go_type(cls).fields), namespace)
    compiled: Callable[..., Any] = namespace["f"]
    compiled.__qualname__ = f"{cls.__qualname__}.{name}"
    return compiled


def _holds_opaque(cls: type[Any], name: str) -> bool:
    """Return whether a field is, or contains, structs of the library that change, such as a bytes.Buffer.

    Annotations don't tell it from a pointer, but the zero value does.  What is compared as a value, such as a
    time, does not change.
    """
    made = cls.__dataclass_fields__[name].default_factory
    if made.__class__.__name__ == "function":
        zero = made()
        while isinstance(zero, list) and zero:
            zero = zero[0]
        made = zero.__class__
    return (
        isinstance(made, type)
        and made.__module__.startswith("gochan.port.lib")
        and getattr(made, "__eq__", None) is object.__eq__
        and not hasattr(made, "__go_copy__")
    )


def _copy_source(cls: type[Any], fields: list[Field]) -> str:
    lines = ["def f(self):", " made = new(self.__class__)"]
    for f in fields:
        kind = f.type.kind
        if kind == "array" and not f.type.named:
            opaque = _holds_opaque(cls, f.name)
            lines.append(f" made.{f.name} = {_array_copy(f'self.{f.name}', f.type, opaque)}")
        elif kind in {"array", "struct"} or (kind == "slice" and f.type.named):
            # A slice of a named type is the variable itself where the type has pointer methods.
            copied = "copy_opaque" if _holds_opaque(cls, f.name) else "copy"
            lines.append(f" made.{f.name} = {copied}(self.{f.name})")
        else:
            lines.append(f" made.{f.name} = self.{f.name}")
    return "\n".join([*lines, " return made"])


def _array_copy(text: str, t: GoType, opaque: bool) -> str:
    """Return the expression that copies an array, but nothing that its elements point to."""
    assert t.elem is not None
    if t.elem.kind == "array" and not t.elem.named:
        return f"[{_array_copy('row', t.elem, opaque)} for row in {text}]"
    if opaque:
        return f"[copy_opaque(x) for x in {text}]"
    if t.elem.kind in {"array", "struct"} or (t.elem.kind == "slice" and t.elem.named):
        return f"[copy(x) for x in {text}]"
    return f"copy_flat({text})"


def _eq_source(fields: list[Field]) -> str:
    tests = []
    for f in fields:
        if f.go_name == "_":
            continue
        a, b = f"self.{f.name}", f"other.{f.name}"
        match f.type.kind:
            case "interface":
                tests.append(f"equal({a}, {b})")
            case "array" | "struct" | "slice" | "map" | "func":
                tests.append(f"same({a}, {b})")
            case "pointer" if f.type.elem is not None and f.type.elem.kind == "struct":
                tests.append(f"{a} is {b}")
            case _:
                tests.append(f"{a} == {b}")
    return (
        "def f(self, other):\n"
        " if other.__class__ is not self.__class__: return NotImplemented\n"
        f" return {' and '.join(tests) or True}"
    )


_HASHES = {"array": "hash_of", "interface": "hash_of", "pointer": "id"}


def _hashed(f: Field) -> str:
    """Return the kind of a field, if its hash is not that of Python's object."""
    if f.type.kind == "pointer" and (f.type.elem is None or f.type.elem.kind != "struct"):
        return ""
    return f.type.kind


def _hash_source(fields: list[Field]) -> str:
    if not all(f.type.comparable for f in fields):
        return "def f(self): refuse_hash(self)"
    parts = "".join(f"{_HASHES.get(_hashed(f), '')}(self.{f.name})," for f in fields if f.go_name != "_")
    return f"def f(self): return hash(({parts}))"


def same(a: Any, b: Any, /) -> bool:
    """Return whether two structs or arrays are equal as values: Go's == of them."""
    if isinstance(a, list):
        from ._interfaces import equal

        return len(a) == len(b) and all(
            # Interfaces may hold values of different types.
            same(x, y)
            if x.__class__ is y.__class__ and (isinstance(x, list) or _is_value_struct(x))
            else equal(x, y)
            for x, y in zip(a, b, strict=True)
        )
    method = getattr(a, "__go_same__", None)
    if method is not None:
        return method(b) is True
    if isinstance(a, (Slice, dict)) or callable(a):
        from ._interfaces import equal

        return equal(a, b)
    return bool(a == b)


def _is_value_struct(x: Any) -> bool:
    return getattr(x.__class__, "__go_pointer__", True) is False


def copy(v: T, /) -> T:
    """Copy a struct or an array, as Go's assignment does; return any other value as it is.

    >>> copy([[1], [2]])
    [[1], [2]]
    """
    method = getattr(v, "__go_copy__", None)
    if method is not None:
        return method()  # type: ignore[no-any-return]
    if isinstance(v, list):
        values: list[Any] = v.copy()
        if values and (isinstance(values[0], (list, Slice)) or hasattr(values[0], "__go_copy__")):
            values = [copy(x) for x in values]
        if v.__class__ is list:
            return values  # type: ignore[return-value]
        # A named array type is a subclass of list, which knows whether its elements are pointers.
        t = go_type(v.__class__)
        pointers = t.elem is not None and t.elem.kind in {"pointer", "interface"}
        return v.__class__(v if pointers else values)
    if isinstance(v, Slice):
        return v if v.__class__ is Slice else v[:]
    module = v.__class__.__module__
    if module.startswith("gochan.sync"):
        # A lock that is copied before its first use, or an atomic value.
        value = v.load() if module == "gochan.sync.atomic" and hasattr(v, "load") else None
        return v.__class__() if value is None else v.__class__(value)  # type: ignore[call-arg]
    return v


def copy_opaque(v: T, /) -> T:
    """Copy a value of a struct type of the library, such as a bytes.Buffer or a big.Int.

    `copy` leaves them alone: it does not know whether it is given a pointer to one.
    """
    if v is None:
        raise nil_dereference()
    if not v.__class__.__module__.startswith("gochan.port.lib"):
        return copy(v)
    copied = getattr(v, "__go_copied__", None)
    if copied is not None:
        return copied()  # type: ignore[no-any-return]
    made: T = object.__new__(v.__class__)
    for name in _parts(v):
        part = getattr(v, name)
        setattr(made, name, part.copy() if isinstance(part, (bytearray, dict, list)) else part)
    return made


def _parts(v: Any) -> list[str]:
    """Return the names of the attributes that an object has."""
    slots = [name for cls in v.__class__.__mro__ for name in cls.__dict__.get("__slots__", ())]
    return [name for name in (*slots, *getattr(v, "__dict__", ())) if hasattr(v, name)]


def assign(p: Any, v: Any, /) -> None:
    """Store a value in the variable that p points to: Go's *p = v.

    >>> p = Ref(1)
    >>> assign(p, 2)
    >>> p.v
    2
    """
    if p is None:
        raise nil_dereference()
    if isinstance(p, list):
        p[:] = copy(v)
    elif isinstance(p, Ref):
        p.v = v
    elif isinstance(p, Slice):
        p._a, p._o, p._n, p._c, p._t = v._a, v._o, v._n, v._c, v._t
    elif isinstance(p, dict):
        raise TypeError(f"assign: got {p!r}; a map is no variable, use a Ref")
    else:
        if p is v:
            return
        fresh = copy(v) if hasattr(v, "__go_copy__") else copy_opaque(v)
        places = getattr(p.__class__, "__go_places__", ())
        for name in getattr(p, "__dataclass_fields__", None) or _parts(fresh):
            if name not in places:
                setattr(p, name, getattr(fresh, name))
            elif isinstance(place := getattr(p, name), list):
                [t] = [f.type for f in go_type(p.__class__).fields if f.name == name]
                _assign_array(place, getattr(fresh, name), t)
            else:
                assign(place, getattr(fresh, name))


def assign_items(p: Any, v: Any, rows: int = 0, /) -> None:
    """Store an array of structs, or one of `rows` more dimensions, in the structs that are there.

    >>> p = [Ref(1), Ref(2)]
    >>> first = p[0]
    >>> assign_items(p, [3, 4])
    >>> first.v
    3
    """
    for place, item in zip(p, v, strict=True):
        if rows:
            assign_items(place, item, rows - 1)
        else:
            assign(place, item)


def assign_rows(p: Any, v: Any, rows: int, /) -> None:
    """Store an array of arrays, of `rows` dimensions more than one, in the arrays that are there.

    >>> p = [[1, 2], [3, 4]]
    >>> first = p[0]
    >>> assign_rows(p, [[5, 6], [7, 8]], 1)
    >>> first
    [5, 6]
    """
    if not rows:
        p[:] = v
        return
    for place, row in zip(p, v, strict=True):
        assign_rows(place, row, rows - 1)


def _assign_array(p: list[Any], v: list[Any], t: GoType) -> None:
    rows, elem = 0, t.elem
    while elem is not None and elem.kind == "array":
        rows, elem = rows + 1, elem.elem
    if elem is not None and elem.kind == "struct":
        assign_items(p, v, rows)
    else:
        assign_rows(p, v, rows)


def deref(p: T | None, /) -> T:
    """Return the struct or array that p points to; panic if p is nil.  Copy it if it is changed later."""
    if p is None:
        raise nil_dereference()
    return p


class Ref(Generic[T]):
    """A variable whose address is taken, and the pointer to it: `x = Ref(0)` is both x, as x.v, and &x.

    >>> x = Ref(1)
    >>> p = x
    >>> p.v += 1
    >>> x.v
    2
    """

    __slots__ = ("v",)

    def __init__(self, v: T) -> None:
        self.v = v

    def __repr__(self) -> str:
        return f"Ref({self.v!r})"

    @classmethod
    def __go_type__(cls, args: tuple[Any, ...]) -> GoType:
        return pointer_to(go_type(args[0] if args else Any))

    def __go_dynamic__(self) -> GoType:
        return pointer_to(type_of(self.v) or go_type(Any))


class FieldRef(Ref[T]):
    """A pointer to a field of a struct: Go's &s.f.

    >>> @struct
    ... class Point:
    ...     x: int = 0
    >>> p = Point(1)
    >>> FieldRef[int](p, "x").v = 5
    >>> p.x
    5
    """

    __slots__ = ("_name", "_owner")

    def __init__(self, owner: Any, name: str) -> None:
        if owner is None:
            raise nil_dereference()
        self._owner = owner
        self._name = name

    def __explore_place__(self, part: object) -> tuple[object, object]:
        return self._owner, self._name

    @property
    def v(self) -> T:
        """The field's value."""
        return cast(T, getattr(self._owner, self._name))

    @v.setter
    def v(self, value: T) -> None:
        setattr(self._owner, self._name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldRef) and self._owner is other._owner and self._name == other._name

    def __hash__(self) -> int:
        return hash((id(self._owner), self._name))

    def __go_dynamic__(self) -> GoType:
        return pointer_to(type_of(self.v) or go_type(Any))


class ElemRef(Ref[T]):
    """A pointer to an element of a slice or array: Go's &a[i].

    >>> s = Slice([1, 2])
    >>> ElemRef(s, 1).v = 5
    >>> s
    Slice([1, 5])
    """

    __slots__ = ("_array", "_index")

    def __init__(self, values: Slice[T] | list[T], i: int) -> None:
        if values is None:
            raise nil_dereference()
        index(i, len(values))
        if isinstance(values, Slice):
            self._array = values._a
            self._index = values._o + i
        else:
            self._array = values
            self._index = i

    def __explore_place__(self, part: object) -> tuple[object, object]:
        return self._array, self._index

    @property
    def v(self) -> T:
        """The element's value."""
        return self._array[self._index]

    @v.setter
    def v(self, value: T) -> None:
        self._array[self._index] = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ElemRef) and self._array is other._array and self._index == other._index

    def __hash__(self) -> int:
        return hash((id(self._array), self._index))

    def __go_dynamic__(self) -> GoType:
        return pointer_to(type_of(self.v) or go_type(Any))
