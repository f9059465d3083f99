"""Slices: a view of an array, with Go's len, cap and growth.

A Slice is a header, and never changes; several of them may share one array, which is a list.  The list of a
slice may be shorter than offset + cap: what lies beyond is made when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, Self, SupportsIndex, TypeVar, overload

from ._panics import GoError, bounds_error, nil_dereference
from ._types import UINT8, GoType, add_class, class_name, go_type, infer, written
from ._types import slice_of as type_of_slice

T = TypeVar("T")
S = TypeVar("S")
R = TypeVar("R")

# The array of all nil slices.  Nothing is ever written to it, since their capacity is 0.
_NIL: list[Any] = []

_new = object.__new__


class _Alias:
    """`Slice[int]`: an annotation, and a constructor of slices that know the type of their elements."""

    __slots__ = ("__args__", "__origin__", "_elem")

    def __init__(self, origin: type[Any], parameter: Any) -> None:
        self.__origin__ = origin
        self.__args__ = (parameter,)
        self._elem: GoType | None = None

    def __call__(self, values: Iterable[Any] | None = None, /) -> Any:
        made = self.__origin__(values)
        if self._elem is None:
            self._elem = go_type(self.__args__[0])
        made._t = self._elem
        return made

    def __repr__(self) -> str:
        parameter = self.__args__[0]
        return f"{self.__origin__.__name__}[{getattr(parameter, '__name__', parameter)}]"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Alias)
            and self.__origin__ is other.__origin__
            and self.__args__ == other.__args__
        )

    def __hash__(self) -> int:
        return hash((self.__origin__, self.__args__))

    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __or__

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self.__origin__,)

    def __go_type__(self, _args: tuple[Any, ...]) -> GoType:
        return type_of_slice(go_type(self.__args__[0]))


@cache
def declared(cls: type[Slice[Any]]) -> GoType | None:
    """Return the type of the elements of a named slice type, such as `class Stack(Slice[int])`."""
    return None if cls is Slice else go_type(cls).elem


if TYPE_CHECKING:
    _Elem_contra = TypeVar("_Elem_contra", contravariant=True)
    _Whole_co = TypeVar("_Whole_co", covariant=True)

    # What takes any sequence takes a slice.
    class _Base(Sequence[T]):
        def _with(self, v: T, /) -> Self: ...

    # A slice, or one of a class of its own, such as `class Stack(Slice[int])`, which append returns then.
    class _Growing(Protocol[_Elem_contra, _Whole_co]):
        def _with(self, v: _Elem_contra, /) -> _Whole_co: ...
else:

    class _Base(Generic[T]):
        __slots__ = ()


class Slice(_Base[T]):
    """A slice: Go's []T.

    `Slice()` is nil, `Slice([1, 2])` is `[]int{1, 2}`, and of an array `a`, `Slice(a)` is `a[:]`: it shares
    the list.  `Slice[uint8](...)` tells the type of the elements where their values don't show it.

    >>> s = Slice([1, 2, 3, 4])
    >>> t = s[1:3]
    >>> t[0] = 9
    >>> s, len(t), cap(t)
    (Slice([1, 9, 3, 4]), 2, 3)
    """

    __slots__ = ("_a", "_c", "_n", "_o", "_t")

    _a: list[T]
    _o: int
    _n: int
    _c: int
    _t: GoType | None

    def __explore_place__(self, part: object) -> tuple[object, object]:
        # Slices share arrays.
        return (self._a, self._o + part) if isinstance(part, int) else (self, part)

    def __init__(self, values: Iterable[T] | None = None, /) -> None:
        self._o = 0
        if values is None:
            # Zero values of fields are made before all classes are defined: `declared` looks it up later.
            self._t = None
            self._a = _NIL
            self._n = self._c = 0
            return
        self._t = None if self.__class__ is Slice else declared(self.__class__)
        if values.__class__ is not list:
            if values.__class__ is self.__class__ or isinstance(values, Slice):
                # A conversion between slice types shares the array.
                self._a, self._o, self._n, self._c = values._a, values._o, values._n, values._c
                self._t = self._t or values._t
                return
            values = list(values)
        self._a = values
        self._n = self._c = len(values)

    if not TYPE_CHECKING:

        def __class_getitem__(cls, parameter: Any) -> Any:
            key = (cls, parameter)
            try:
                alias = _aliases.get(key)
            except TypeError:
                return _Alias(cls, parameter)
            if alias is None or alias.__args__[0] is not parameter:
                # 1 == True, and int == int, but two parameters may be equal without being the same.
                alias = _aliases[key] = _Alias(cls, parameter)
            return alias

    @classmethod
    def __go_type__(cls, args: tuple[Any, ...]) -> GoType:
        if args:
            return type_of_slice(go_type(args[0]))
        for base in getattr(cls, "__orig_bases__", ()):
            if isinstance(base, _Alias):
                made = add_class(cls, GoType("slice", class_name(cls), cls=cls, named=True))
                made.elem = go_type(written(cls, base.__args__[0]))
                return made
        return type_of_slice(go_type(Any))

    def __go_dynamic__(self) -> GoType:
        if self.__class__ is not Slice:
            return go_type(self.__class__)
        return type_of_slice(self.elem_type())

    def elem_type(self) -> GoType:
        """Return the type of the elements: as it was given, or as the first element shows it."""
        return self._t or infer(self)

    @staticmethod
    def _make(values: list[Any], t: GoType | None = None) -> Slice[Any]:
        """Make a slice of a list that has no other owner."""
        self: Slice[Any] = _new(Slice)
        self._a = values
        self._o = 0
        self._n = self._c = len(values)
        self._t = t
        return self

    @property
    def is_nil(self) -> bool:
        """Whether the slice is nil."""
        return self._a is _NIL

    def __len__(self) -> int:
        return self._n

    def __bool__(self) -> bool:
        return self._n != 0

    @overload
    def __getitem__(self, i: SupportsIndex, /) -> T: ...
    @overload
    def __getitem__(self, i: slice, /) -> Self: ...
    def __getitem__(self, i: Any, /) -> Any:
        if i.__class__ is slice:
            return self._slice(i.start, i.stop, i.step)
        if 0 <= i < self._n:
            return self._a[self._o + i]
        raise bounds_error(i, self._n)

    def __setitem__(self, i: int, v: T, /) -> None:
        if 0 <= i < self._n:
            self._a[self._o + i] = v
            return
        raise bounds_error(i, self._n)

    def slice3(self, low: int | None, high: int, most: int, /) -> Self:
        """Return the elements from low to high, with the capacity most - low: Go's s[low:high:most]."""
        return self._slice(low, high, most)

    def _slice(self, low: int | None, high: int | None, most: int | None) -> Self:
        cap = self._c
        end = cap if most is None else most
        i = 0 if low is None else low
        j = self._n if high is None else high
        if not 0 <= i <= j <= end <= cap:
            raise _slice_error(i, j, most, cap)
        made = _new(self.__class__)
        made._a = a = self._a
        made._o = self._o + i
        made._n = j - i
        made._c = end - i
        made._t = self._t
        if self._o + j > len(a):
            _fill(a, self._o + j, self._t)
        return made

    def __iter__(self) -> Iterator[T]:
        o = self._o
        if o == 0:
            return islice(self._a, self._n)
        return map(self._a.__getitem__, range(o, o + self._n))

    def __reversed__(self) -> Iterator[T]:
        o = self._o
        return map(self._a.__getitem__, range(o + self._n - 1, o - 1, -1))

    def __contains__(self, value: object) -> bool:
        return any(value is v or value == v for v in self)

    def __eq__(self, other: object) -> bool:
        raise GoError(f"comparing uncomparable type {self.__go_dynamic__().name}")

    def __hash__(self) -> int:
        raise GoError(f"hash of unhashable type {self.__go_dynamic__().name}")

    def __repr__(self) -> str:
        name = self.__class__.__name__
        return f"{name}()" if self.is_nil else f"{name}({self.tolist()!r})"

    def tolist(self) -> list[T]:
        """Return a list of the elements."""
        if self._o == 0 and self._n == len(self._a):
            return self._a.copy()
        return self._a[self._o : self._o + self._n]

    def replace(self, values: Sequence[T]) -> None:
        """Overwrite all elements, with as many others: for functions that work in place, such as sort."""
        self._a[self._o : self._o + self._n] = values


_aliases: dict[Any, _Alias] = {}


def _slice_error(i: int, j: int, most: int | None, cap: int) -> GoError:
    kind = "runtime.boundsError"
    if most is not None:
        if most < 0:
            return GoError(f"slice bounds out of range [::{most}]", kind)
        if most > cap:
            return GoError(f"slice bounds out of range [::{most}] with capacity {cap}", kind)
        if j < 0:
            return GoError(f"slice bounds out of range [:{j}:]", kind)
        if j > most:
            return GoError(f"slice bounds out of range [:{j}:{most}]", kind)
        if i < 0:
            return GoError(f"slice bounds out of range [{i}::]", kind)
        return GoError(f"slice bounds out of range [{i}:{j}:]", kind)
    if j < 0:
        return GoError(f"slice bounds out of range [:{j}]", kind)
    if j > cap:
        return GoError(f"slice bounds out of range [:{j}] with capacity {cap}", kind)
    if i < 0:
        return GoError(f"slice bounds out of range [{i}:]", kind)
    return GoError(f"slice bounds out of range [{i}:{j}]", kind)


def _fill(a: list[Any], n: int, t: GoType | None) -> None:
    """Lengthen an array to n elements, with zero values."""
    from ._zero import zero_of

    if t is None:
        t = infer(a)
    while len(a) < n:
        a.append(zero_of(t))


_NOTHING: Any = object()


@overload
def append(s: _Growing[T, S], v: T = ..., /, *more: T) -> S: ...
@overload
def append(s: Slice[T], v: T = ..., /, *more: T) -> Slice[T]: ...
def append(s: Any, v: Any = _NOTHING, /, *more: Any) -> Any:
    """Return s with values after its elements: Go's append.

    >>> append(Slice([1]), 2, 3)
    Slice([1, 2, 3])
    """
    # One value is appended without a tuple of values, in less time.
    if more:
        return _extend(s, (v, *more))
    if v is _NOTHING:
        return s
    n = s._n
    if n == s._c:
        return _grow(s, (v,))
    a = s._a
    end = s._o + n
    if end == len(a):
        a.append(v)
    else:
        if end > len(a):
            _fill(a, end, s._t)
            a.append(v)
        a[end] = v
    made: Slice[Any] = _new(s.__class__)
    made._a = a
    made._o = s._o
    made._n = n + 1
    made._c = s._c
    made._t = s._t
    return made


def _extend(s: Slice[T], values: Sequence[T]) -> Slice[T]:
    if not values:
        return s
    total = s._n + len(values)
    if total > s._c:
        return _grow(s, values)
    a = s._a
    end = s._o + s._n
    if end > len(a):
        _fill(a, end, s._t)
    a[end : end + len(values)] = values
    made: Slice[T] = _new(s.__class__)
    made._a = a
    made._o = s._o
    made._n = total
    made._c = s._c
    made._t = s._t
    return made


def _grow(s: Slice[T], values: Sequence[T]) -> Slice[T]:
    made: Slice[T] = _new(s.__class__)
    made._t = t = s._t or declared(s.__class__)
    old = s._a[s._o : s._o + s._n]
    if t is None:
        t = infer(old or values)
    elif t.kind in {"struct", "array"}:
        from ._structs import copy

        old = [copy(v) for v in old]
    old += values
    made._a = old
    made._o = 0
    made._n = len(old)
    made._c = grown_cap(s._c, len(old), t)
    return made


@overload
def append_all(s: _Growing[T, S], other: Iterable[T] | str, /) -> S: ...
@overload
def append_all(s: Slice[T], other: Iterable[T] | str, /) -> Slice[T]: ...
def append_all(s: Any, other: Any, /) -> Any:
    """Return s with the elements of another after its own: Go's append(s, other...).

    other may be a str, if s is a slice of bytes.
    """
    if isinstance(other, str):
        if s._t is None:
            s = s[:]
            s._t = UINT8
        return _extend(s, other.encode("utf-8", "surrogateescape"))
    values = other.tolist() if isinstance(other, Slice) else list(other)
    t = s._t or declared(s.__class__) or (other._t if isinstance(other, Slice) else None)
    if t is not None and t.kind in {"struct", "array"}:
        from ._structs import copy

        values = [copy(v) for v in values]
    return _extend(s, values)


@overload
def append_stack(s: _Growing[T, S], /, *values: T) -> S: ...
@overload
def append_stack(s: Slice[T], /, *values: T) -> Slice[T]: ...
def append_stack(s: Any, /, *values: Any) -> Any:
    """Append as `append` does, to a slice whose array the Go compiler keeps on the stack.

    There the first array has 32 bytes.
    """
    grown = _extend(s, values)
    if s._n == 0 and s._c < grown._n:
        room = 32 // max(grown.elem_type().size, 1)
        if grown._n <= room:
            grown._c = room
    return grown


def grow(s: Slice[T], n: int) -> Slice[T]:
    """Return s with room for n more elements: Go's slices.Grow."""
    if n < 0:
        from ._panics import panic

        panic("cannot be negative")
    if s._n + n <= s._c:
        return s
    made: Slice[T] = _new(s.__class__)
    made._t = s._t
    made._a = s._a[s._o : s._o + s._n]
    made._o = 0
    made._n = s._n
    made._c = grown_cap(s._c, s._n + n, s._t or infer(s))
    return made


# The sizes that Go's allocator has for small objects.
# fmt: off
_CLASSES = (
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384,
    416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072,
    3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568,
    14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
)
# fmt: on


def grown_cap(old: int, need: int, t: GoType) -> int:
    """Return the capacity of an array that grows from `old` to at least `need` elements.

    The rule is that of runtime/slice.go.
    """
    double = old + old
    if need > double:
        cap = need
    elif old < 256:
        cap = double
    else:
        cap = old
        while cap < need:
            cap += (cap + 768) >> 2
    size = t.size
    if size == 0:
        return need
    return round_up(cap * size, t.has_pointers) // size


def round_up(size: int, scan: bool) -> int:
    """Return how many bytes Go allocates for `size`; scan: whether they hold pointers (runtime/msize.go)."""
    from bisect import bisect_left

    header = 8 if scan and size > 512 else 0
    if size + header <= 32760:
        return _CLASSES[bisect_left(_CLASSES, size + header)] - header
    return (size + 8191) // 8192 * 8192


def copy_slice(dst: Slice[T], src: Iterable[T] | str, /) -> int:
    """Copy elements from src to dst, as many as both have, and return how many: Go's copy."""
    if isinstance(src, str):
        data: list[Any] = list(src.encode("utf-8", "surrogateescape"))
    else:
        data = src.tolist() if isinstance(src, Slice) else list(src)
    t = dst._t
    if t is not None and t.kind in {"struct", "array"}:
        from ._structs import copy

        data = [copy(v) for v in data[: dst._n]]
    n = min(dst._n, len(data))
    o = dst._o
    dst._a[o : o + n] = data if n == len(data) else data[:n]
    return n


@overload
def append_on_stack(s: _Growing[T, S], /, *values: T) -> S: ...
@overload
def append_on_stack(s: Slice[T], /, *values: T) -> Slice[T]: ...
def append_on_stack(s: Any, /, *values: Any) -> Any:
    """Append as Go does to a slice that it keeps on the stack, up to 32 bytes.

    >>> cap(append_on_stack(Slice[int](), 1))
    4
    """
    if s._c == 0 and values:
        t = s._t if s._t is not None else infer(values)
        room = 32 // max(t.size, 1)
        if len(values) <= room:
            made = append(s, *values)
            made._c = room
            return made
    return append(s, *values)


def keep_places(f: Callable[..., R], s: Any, /, *args: Any) -> R:
    """Call a function that overwrites or moves the elements of a slice, and exchange their values instead.

    For structs, so that a pointer to s[0] still points to s[0] afterwards.
    """
    from ._structs import assign, copy

    if isinstance(s, list):
        array, start, end = s, 0, len(s)
    else:
        array, start, end = s._a, s._o, s._o + s._c
        if f in _APPENDS:
            start += s._n
            end = min(end, start + len(args[0] if f is append_all else args))
    places = array[start:end]
    made = f(s, *args)
    values = [copy(v) for v in array[start:end]]
    array[start : start + len(values)] = places + values[len(places) :]
    for place, value in zip(places, values, strict=False):
        assign(place, value)
    return made


_APPENDS: Final = (append, append_all, append_on_stack)


def make_slice(zero: Any, n: int, cap: int | None = None, /) -> Slice[Any]:
    """Make a slice of n zero values: Go's make([]T, n, cap).

    `zero` is T, as an annotation (then the slice knows the type of its elements); or a zero value, such as 0.

    >>> make_slice(int, 3)
    Slice([0, 0, 0])
    """
    from ._zero import filled

    room = n if cap is None else cap
    if n < 0 or n > 1 << 47:
        raise GoError("makeslice: len out of range")
    if room < n or room > 1 << 47:
        raise GoError("makeslice: cap out of range")
    t, values = filled(zero, n)
    made = Slice._make(values, t)
    made._c = room
    return made


def make_range(n: int, /) -> range:
    """Return the indexes of a slice that is made with n elements; a negative n panics as make does.

    >>> list(make_range(3))
    [0, 1, 2]
    """
    if n < 0 or n > 1 << 47:
        raise GoError("makeslice: len out of range")
    return range(n)


def cap(s: Any, /) -> int:
    """Return the capacity of a slice, an array or a channel: Go's cap."""
    if isinstance(s, Slice):
        return s._c
    if isinstance(s, list):
        return len(s)
    from gochan import cap

    return cap(s)


def is_nil(s: Any, /) -> bool:
    """Return whether a slice, a map or anything else is nil: Go's s == nil.

    >>> is_nil(Slice()), is_nil(Slice([])), is_nil(None)
    (True, False, True)
    """
    return s is None or getattr(s, "is_nil", False) is True


def at(values: Sequence[T], i: int, /) -> T:
    """Return the element of a list at index i, which must not be negative: Go's a[i]."""
    if 0 <= i < len(values):
        return values[i]
    raise bounds_error(i, len(values))


def index(i: int, n: int, /) -> int:
    """Return i if it is an index of n elements; panic otherwise: `a[index(i, len(a))]`."""
    if 0 <= i < n:
        return i
    raise bounds_error(i, n)


def slice_of(
    values: list[T], low: int | None = None, high: int | None = None, most: int | None = None, /
) -> Slice[T]:
    """Return a slice of an array, which shares its elements: Go's a[low:high:most].

    >>> a = [1, 2, 3]
    >>> slice_of(a, 1)[0] = 9
    >>> a
    [1, 9, 3]
    """
    if values is None:
        raise nil_dereference()
    n = len(values)
    last = high if most is None else most
    if last is not None and last > n:
        colons = ":" if most is None else "::"
        raise GoError(f"slice bounds out of range [{colons}{last}] with length {n}", "runtime.boundsError")
    whole: Slice[T] = Slice(values)
    return whole if low is high is most is None else whole._slice(low, high, most)


def slice_array(s: Slice[T], n: int, /) -> list[T]:
    """Return a new array of the first n elements: Go's [n]T(s)."""
    if s._n < n:
        raise GoError(
            f"cannot convert slice with length {s._n} to array or pointer to array with length {n}",
            "runtime.boundsError",
        )
    from ._structs import copy

    return copy(s[:n].tolist())
