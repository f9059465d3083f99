"""Go's types at run time: `GoType`, made from annotations (`go_type`) or found from a value (`type_of`).

Annotations are the description of a type that ported code has anyway: `int`, `uint8`, `Slice[str]`,
`dict[str, int]`, `Pointer[Node]`, a class.  Types that are identical in Go are one object here, so `is`
compares them.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from gochan import Chan, RecvChan, SendChan

T = TypeVar("T")

# Sizes in bytes on a 64-bit machine, and bits of the number types.
_SIZES: Final = {
    "bool": 1,
    "int": 8,
    "int8": 1,
    "int16": 2,
    "int32": 4,
    "int64": 8,
    "uint": 8,
    "uint8": 1,
    "uint16": 2,
    "uint32": 4,
    "uint64": 8,
    "uintptr": 8,
    "float32": 4,
    "float64": 8,
    "complex64": 8,
    "complex128": 16,
    "string": 16,
    "interface": 16,
    "slice": 24,
}
SIGNED: Final = frozenset({"int", "int8", "int16", "int32", "int64"})
UNSIGNED: Final = frozenset({"uint", "uint8", "uint16", "uint32", "uint64", "uintptr"})
INTEGERS: Final = SIGNED | UNSIGNED


class Field:
    """A field of a struct: its name in Python and in Go, its type, its tag."""

    __slots__ = ("embedded", "exported", "go_name", "name", "tag", "type")

    def __init__(self, name: str, go_name: str, type_: GoType, embedded: bool, tag: str) -> None:
        self.name = name
        self.go_name = go_name
        self.type = type_
        self.exported = go_name[:1].isupper()
        self.embedded = embedded
        self.tag = tag


class Signature(typing.NamedTuple):
    """The types of a function's parameters and results; if `variadic`, the last is that of the elements."""

    params: tuple[GoType, ...]
    variadic: bool
    results: tuple[GoType, ...]


class GoType:
    """A type of Go.

    `kind` is reflect's name of it: "int8", "string", "slice", "struct", "pointer", "interface" and so on.
    `name` is what %T prints.  `cls` is the Python class of a struct, of a named type and of an interface.
    `signature` is that of a func, if it is known.
    """

    __slots__ = (
        *("_comparable", "_fields", "cls", "elem", "key", "kind", "length", "methods", "name", "named"),
        "signature",
    )

    def __init__(
        self,
        kind: str,
        name: str,
        *,
        elem: GoType | None = None,
        key: GoType | None = None,
        length: int = -1,
        cls: type[Any] | None = None,
        named: bool = False,
        methods: tuple[str, ...] = (),
        signature: Signature | None = None,
    ) -> None:
        self.kind = kind
        self.name = name
        self.elem = elem
        self.key = key
        self.length = length
        self.cls = cls
        self.named = named
        self.methods = methods
        self.signature = signature
        self._fields: list[Field] | None = None
        self._comparable: bool | None = None

    def __repr__(self) -> str:
        return f"<GoType {self.name}>"

    @property
    def fields(self) -> list[Field]:
        """The fields of a struct, in order."""
        if self._fields is None:
            assert self.cls is not None
            self._fields = _fields_of(self.cls)
        return self._fields

    @property
    def comparable(self) -> bool:
        """Whether values of the type can be compared by ==."""
        if self._comparable is None:
            self._comparable = _is_comparable(self)
        return self._comparable

    @property
    def size(self) -> int:
        """How many bytes a value takes in Go; 8 for pointers, maps, channels and functions."""
        if self.kind == "array":
            assert self.elem is not None
            return max(self.length, 0) * self.elem.size
        if self.kind == "struct":
            return _layout(self)
        return _SIZES.get(self.kind, 8)

    @property
    def align(self) -> int:
        """The alignment of a value in bytes."""
        if self.kind == "array":
            assert self.elem is not None
            return self.elem.align
        if self.kind == "struct":
            return max((field.type.align for field in self.fields), default=1)
        if self.kind == "complex64":
            return 4
        return min(8, _SIZES.get(self.kind, 8))

    @property
    def has_pointers(self) -> bool:
        """Whether Go's collector scans values of this type; the size class of an array depends on it."""
        if self.kind == "array":
            assert self.elem is not None
            return self.length != 0 and self.elem.has_pointers
        if self.kind == "struct":
            return any(field.type.has_pointers for field in self.fields)
        return self.kind in _POINTERS


_POINTERS: Final = frozenset({"string", "interface", "slice", "map", "chan", "func", "pointer"})


def _is_comparable(t: GoType) -> bool:
    if t.kind in {"slice", "map", "func"}:
        return False
    if t.kind == "array" and t.elem is not None:
        return t.elem.comparable
    if t.kind == "struct" and getattr(t.cls, "__go_struct__", False):
        return all(field.type.comparable for field in t.fields)
    return True


def _layout(t: GoType) -> int:
    offset = 0
    last = 1
    for field in t.fields:
        align = field.type.align
        offset = (offset + align - 1) // align * align
        last = field.type.size
        offset += last
    if offset and last == 0:
        # A pointer to a last field of no size must not point beyond the struct.
        offset += 1
    align = t.align
    return (offset + align - 1) // align * align


def basic(kind: str) -> GoType:
    """Make a predeclared type."""
    return GoType(kind, kind)


BOOL: Final = basic("bool")
INT: Final = basic("int")
INT8: Final = basic("int8")
INT16: Final = basic("int16")
INT32: Final = basic("int32")
INT64: Final = basic("int64")
UINT: Final = basic("uint")
UINT8: Final = basic("uint8")
UINT16: Final = basic("uint16")
UINT32: Final = basic("uint32")
UINT64: Final = basic("uint64")
UINTPTR: Final = basic("uintptr")
FLOAT32: Final = basic("float32")
FLOAT64: Final = basic("float64")
COMPLEX64: Final = basic("complex64")
COMPLEX128: Final = basic("complex128")
STRING: Final = basic("string")
ANY: Final = GoType("interface", "interface {}")
ERROR: Final = GoType("interface", "error", named=True, methods=("error",))
_FUNC: Final = GoType("func", "func()")
_ERROR_STRING: Final = GoType("struct", "errors.errorString", named=True)

# --- what annotations are made of -------------------------------------------------------------------------


class Len:
    """The length of an array in an annotation: `Annotated[list[int], Len(3)]` is Go's [3]int."""

    __slots__ = ("n",)

    def __init__(self, n: int) -> None:
        self.n = n

    def __repr__(self) -> str:
        return f"Len({self.n})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Len) and self.n == other.n

    def __hash__(self) -> int:
        return hash(("Len", self.n))


class _PointerMark:
    __slots__ = ()

    def __repr__(self) -> str:
        return "pointer"


_POINTER: Final = _PointerMark()


class _Pointers:
    """`Pointer[Node]`, at run time: the same object each time, made in less time than typing takes."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}

    def __getitem__(self, target: Any) -> Any:
        made = self._made.get(target)
        if made is None:
            # Nil is a value of the type, for the check of what is sent to a channel.
            made = self._made[target] = Annotated[typing.Optional[target], _POINTER]  # noqa: UP045
        return made


int8: TypeAlias = Annotated[int, INT8]
int16: TypeAlias = Annotated[int, INT16]
int32: TypeAlias = Annotated[int, INT32]
int64: TypeAlias = Annotated[int, INT64]
uint: TypeAlias = Annotated[int, UINT]
uint8: TypeAlias = Annotated[int, UINT8]
uint16: TypeAlias = Annotated[int, UINT16]
uint32: TypeAlias = Annotated[int, UINT32]
uint64: TypeAlias = Annotated[int, UINT64]
uintptr: TypeAlias = Annotated[int, UINTPTR]
byte: TypeAlias = uint8
rune: TypeAlias = int32
float32: TypeAlias = Annotated[float, FLOAT32]
complex64: TypeAlias = Annotated[complex, COMPLEX64]
if typing.TYPE_CHECKING:
    Pointer: TypeAlias = Annotated[T, _POINTER]
    # The elements of a channel that may be nil: a channel checks what is sent, while to a type checker nil is
    # a value of every type.
    OrNil: TypeAlias = Annotated[T, None]
else:
    Pointer = _Pointers()
    OrNil = typing.Optional


class error(typing.Protocol):  # noqa: N801
    """Go's error, in annotations: anything that has a text; at run time, with `error()` or an exception."""

    def __str__(self) -> str: ...


if typing.TYPE_CHECKING:
    # To a type checker nil fits everywhere: a pointer, a function, an interface.  It is not Any itself, which
    # mypy does not let a function return that says what it returns.
    class _Nil(Any):  # type: ignore[misc]
        pass

    nil: _Nil
else:
    nil = None

# --- from annotation to type ------------------------------------------------------------------------------

# A value of struct{} is None.
UNIT: Final = GoType("struct", "struct {}")
UNIT._fields = []
_by_annotation: dict[Any, GoType] = {
    bool: BOOL,
    int: INT,
    float: FLOAT64,
    complex: COMPLEX128,
    str: STRING,
    Any: ANY,
    object: ANY,
    None: UNIT,
    type(None): UNIT,
    error: ERROR,
    Callable: _FUNC,
}
# The same by identity, since the hash of a typing object takes a microsecond.  This keeps the annotations.
_by_id: dict[int, tuple[Any, GoType]] = {}
_interned: dict[tuple[Any, ...], GoType] = {}


def go_type(annotation: Any) -> GoType:
    """Return the type that an annotation describes.

    Raises `TypeError` if it is not one of the annotations of ported code.
    """
    found = _by_id.get(id(annotation))
    if found is not None and found[0] is annotation:
        return found[1]
    if annotation.__class__ is GoType:
        return annotation
    try:
        known = _by_annotation.get(annotation)
    except TypeError:
        # Not hashable: Callable with a list of parameters in some Pythons.
        return _resolve(annotation)
    if known is None:
        known = _by_annotation[annotation] = _resolve(annotation)
    if len(_by_id) < 4096:
        _by_id[id(annotation)] = annotation, known
    return known


def _intern(kind: str, name: str, *parts: Any, **details: Any) -> GoType:
    key = (kind, name, *parts)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = GoType(kind, name, **details)
    return found


def slice_of(elem: GoType) -> GoType:
    """Return []elem."""
    return _intern("slice", f"[]{elem.name}", elem, elem=elem)


def array_of(elem: GoType, n: int) -> GoType:
    """Return [n]elem."""
    return _intern("array", f"[{n}]{elem.name}", elem, elem=elem, length=n)


def map_of(key: GoType, elem: GoType) -> GoType:
    """Return map[key]elem."""
    return _intern("map", f"map[{key.name}]{elem.name}", key, elem, key=key, elem=elem)


def pointer_to(elem: GoType) -> GoType:
    """Return *elem."""
    return _intern("pointer", f"*{elem.name}", elem, elem=elem)


def chan_of(elem: GoType, prefix: str = "chan ") -> GoType:
    """Return chan elem, or with its prefix a channel of one direction."""
    name = f"({elem.name})" if prefix == "chan " and elem.name.startswith("<-") else elem.name
    return _intern("chan", prefix + name, elem, elem=elem)


def _parameter(annotation: Any) -> tuple[GoType, bool]:
    """Return the type of a parameter, and whether any number of arguments may be of it."""
    if typing.get_origin(annotation) is typing.Unpack:
        # Unpack[tuple[T, ...]] is Go's ...T.
        [rest] = typing.get_args(annotation)
        return go_type(typing.get_args(rest)[0]), True
    return go_type(annotation), False


def results_of(annotation: Any) -> tuple[GoType, ...]:
    """Return the types of a function's results."""
    if annotation is None or annotation is type(None):
        return ()
    if typing.get_origin(annotation) is tuple:
        return tuple(map(go_type, typing.get_args(annotation)))
    return (go_type(annotation),)


def _func_of(parameters: Any, result: Any) -> GoType:
    results = results_of(result)
    shown = ", ".join(t.name for t in results)
    tail = f" ({shown})" if typing.get_origin(result) is tuple else f" {shown}" if results else ""
    if parameters is ...:
        return _intern("func", f"func(...){tail}")
    params = [_parameter(p) for p in parameters]
    variadic = bool(params) and params[-1][1]
    return _func(Signature(tuple(t for t, _ in params), variadic, results), tail)


def func_of(signature: Signature) -> GoType:
    """Return the type of functions with a signature."""
    shown = ", ".join(t.name for t in signature.results)
    return _func(signature, f" ({shown})" if len(signature.results) > 1 else f" {shown}" if shown else "")


def _func(signature: Signature, tail: str) -> GoType:
    params, variadic, results = signature
    names = [t.name for t in params]
    if variadic:
        names[-1] = f"...{names[-1]}"
    # Types of different packages may have one name.
    return _intern("func", f"func({', '.join(names)}){tail}", *params, *results, signature=signature)


def _resolve(annotation: Any) -> GoType:
    origin = typing.get_origin(annotation)
    args = typing.get_args(annotation)
    if origin is Annotated:
        base = args[0]
        for mark in args[1:]:
            if isinstance(mark, GoType):
                return mark
            if mark is _POINTER:
                return pointer_to(go_type(base))
            if isinstance(mark, Len):
                return array_of(go_type(typing.get_args(base)[0]), mark.n)
            if isinstance(mark, type):
                # A named type whose values are plain: its class has the name and the methods.
                return go_type(mark)
        return go_type(base)
    if isinstance(annotation, type) and origin in (None, typing.Generic):
        return _of_class(annotation)
    if isinstance(annotation, (TypeVar, str, typing.ForwardRef)):
        # A string is the name of an alias, in itself.
        return ANY
    describe = getattr(origin if origin is not None else annotation, "__go_type__", None)
    if describe is not None:
        return describe(args)  # type: ignore[no-any-return]
    if origin is list:
        return array_of(go_type(args[0]), -1)
    if origin is dict:
        return map_of(go_type(args[0]), go_type(args[1]))
    if origin is Chan:
        return chan_of(go_type(args[0]))
    if origin is RecvChan:
        return chan_of(go_type(args[0]), "<-chan ")
    if origin is SendChan:
        return chan_of(go_type(args[0]), "chan<- ")
    if origin is Callable or origin is __import__("collections").abc.Callable:
        *_, result = args or (None,)
        return _func_of(args[0] if len(args) > 1 else (), result)
    if origin is typing.Union or origin is types.UnionType:
        rest = [arg for arg in args if arg is not type(None)]
        return go_type(rest[0]) if len(rest) == 1 else ANY
    if isinstance(origin, type):
        # A generic class: Stack[int].
        return _of_generic(origin, args)
    raise TypeError(f"go_type: {annotation!r} does not describe a type of Go")


def _of_generic(origin: type[Any], args: tuple[Any, ...]) -> GoType:
    base = go_type(origin)
    name = f"{base.name.partition('[')[0]}[{','.join(go_type(arg).name for arg in args)}]"
    return _intern(
        base.kind,
        name,
        origin,
        elem=base.elem,
        key=base.key,
        length=base.length,
        cls=base.cls,
        named=True,
        methods=base.methods,
    )


def _of_class(cls: type[Any]) -> GoType:
    """Return the type of a class: a struct, a named type, or an interface, if it is a Protocol."""
    describe = getattr(cls, "__go_type__", None)
    if describe is not None:
        return describe(())  # type: ignore[no-any-return]
    name = class_name(cls)
    if getattr(cls, "_is_protocol", False):
        methods = protocol_methods(cls)
        return GoType("interface", name, cls=cls, named=True, methods=methods)
    if issubclass(cls, BaseException):
        return GoType("struct", name, cls=cls, named=True)
    if cls.__dict__.get("__go_struct__"):
        return GoType("struct", name, cls=cls, named=True)
    # A type that is in its own elements finds itself.
    made = _by_annotation[cls] = GoType("struct", name, cls=cls, named=True)
    try:
        base = go_type(written(cls, _underlying(cls)))
    except TypeError:
        return made
    if base is not ANY:  # as that of a class that is not a struct of ours, such as gochan.sync.Mutex
        made.kind, made.elem, made.key, made.length = base.kind, base.elem, base.key, base.length
    return made


def _underlying(cls: type[Any]) -> Any:
    """Return the annotation of the type that a class of a named type is made of."""
    under = cls.__dict__.get("__go_under__")
    if under is None:
        under = (getattr(cls, "__orig_bases__", None) or cls.__bases__)[0]
    return under


def written(cls: type[Any], annotation: Any) -> Any:
    """Return an annotation with the types that are strings in it, as they did not exist before the class."""
    if isinstance(annotation, str):
        hint = types.SimpleNamespace(__annotations__={"type": annotation})
        return typing.get_type_hints(hint, vars(sys.modules[cls.__module__]), include_extras=True)["type"]
    args = typing.get_args(annotation)
    if not any(isinstance(arg, str) for arg in args):
        return annotation
    return typing.get_origin(annotation)[tuple(written(cls, arg) for arg in args)]


# What Go calls the types of gochan's errors and contexts.
_GOCHAN: Final = {
    "gochan.context._Empty": "context.backgroundCtx",
    "gochan.context._WithoutCancel": "context.withoutCancelCtx",
    "gochan.context._WithValue": "context.valueCtx",
    "gochan.context._Cancel": "context.cancelCtx",
    "gochan.context._Deadline": "context.timerCtx",
    "signal.Signals": "syscall.Signal",
    "gochan.context.Canceled": "errors.errorString",
    "gochan.context.DeadlineExceeded": "context.deadlineExceededError",
}

# Those of them that are no pointers.
_VALUES: Final = frozenset(
    {"context.deadlineExceededError", "context.backgroundCtx", "context.withoutCancelCtx"}
)


def go_name(name: str, unexported: str = "") -> Callable[[T], T]:
    """Set the Go name of a class: a decorator, since an attribute of a Protocol would belong to it.

    `unexported`: the methods of an interface, by their Python names, that start with a small letter in Go.
    """

    def tell(cls: T) -> T:
        cls.__go_name__ = name  # type: ignore[attr-defined]
        cls.__go_unexported__ = frozenset(unexported.split())  # type: ignore[attr-defined]
        return cls

    return tell


def class_name(cls: type[Any]) -> str:
    """Return the Go name of a class's type, such as main.Point."""
    name: str | None = cls.__dict__.get("__go_name__") or _GOCHAN.get(f"{cls.__module__}.{cls.__name__}")
    if name is not None:
        return name
    module = cls.__module__
    if module.startswith("gochan.sync.") and module != "gochan.sync.atomic":
        package = "sync"
    elif module.startswith("gochan."):
        package = module.rpartition(".")[2].lstrip("_")
    elif "." in module:
        package = module.rpartition(".")[2]
    else:
        package = "main"
    return f"{package}.{cls.__name__}"


def protocol_methods(cls: type[Any]) -> tuple[str, ...]:
    """Return the names of the methods that a protocol asks for, sorted."""
    if cls is error:
        return ("error",)
    names: set[str] = set()
    for base in cls.__mro__:
        if base is error:
            names.add("error")
        elif getattr(base, "_is_protocol", False) and base is not typing.Protocol:
            names |= {
                name for name, value in vars(base).items() if not name.startswith("_") and callable(value)
            }
    return tuple(sorted(names))


def find_method(cls: type[Any], name: str, parameters: int = -1) -> Callable[..., Any] | None:
    """Return a method that Go knows: of the class and its bases, up to those of Python and of this package.

    `parameters` is the number that it must have, without self; -1 for any.
    """
    for base in cls.__mro__:
        if base.__module__ == "builtins" or base.__name__ == "Slice":
            return None
        fn = base.__dict__.get(name)
        if fn is not None:
            return fn if callable(fn) and (parameters == -1 or arity(fn) in {-1, parameters}) else None
    return None


def arity(fn: Any) -> int:
    """Return how many parameters a method has, without self; -1 if that is not known."""
    code = getattr(getattr(fn, "__wrapped__", fn), "__code__", None)
    if code is None or code.co_flags & 0x04:
        return -1
    return int(code.co_argcount) - 1


def camel(name: str) -> str:
    """Return the Go spelling of a Python name, for one that starts with a small letter."""
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _fields_of(cls: type[Any]) -> list[Field]:
    layout: dict[str, Any] | None = getattr(cls, "__go_layout__", None)
    if layout is not None:
        # A type of Go's library: the fields that it has there.
        return [Field(name, name, go_type(annotation), False, "") for name, annotation in layout.items()]
    local = cls.__dict__.get("__go_locals__")
    namespace = dict(local) if local else {}
    namespace[cls.__name__] = cls
    hints = typing.get_type_hints(cls, None, namespace, include_extras=True) if local else _hints(cls)
    fields = list(getattr(cls, "__dataclass_fields__", {}))
    go_names: dict[str, str] = cls.__dict__.get("__go_names__", {})
    embedded: frozenset[str] = cls.__dict__.get("__go_embedded__", frozenset())
    tags: dict[str, str] = cls.__dict__.get("__go_tags__", {})
    return [
        Field(
            name,
            go_names.get(name) or ("_" if name.startswith("_blank") else camel(name)),
            go_type(hints.get(name, Any)),
            name in embedded,
            tags.get(name, ""),
        )
        for name in fields
    ]


def _hints(cls: type[Any]) -> dict[str, Any]:
    module = sys.modules.get(cls.__module__)
    namespace = dict(vars(module)) if module is not None else {}
    return typing.get_type_hints(cls, namespace, {cls.__name__: cls}, include_extras=True)


# --- from value to type -----------------------------------------------------------------------------------

_by_class: Final[dict[type[Any], GoType]] = {
    bool: BOOL,
    int: INT,
    float: FLOAT64,
    complex: COMPLEX128,
    str: STRING,
}


def add_class(cls: type[Any], t: GoType) -> GoType:
    """Have a class stand for a type of Go; return the type."""
    _by_class[cls] = _by_annotation[cls] = t
    return t


def type_of(value: Any) -> GoType | None:
    """Return the dynamic type of a value in an interface; None for nil."""
    cls = value.__class__
    known = _by_class.get(cls)
    if known is not None:
        return known
    if value is None:
        return None
    find = getattr(cls, "__go_dynamic__", None)
    if find is not None:
        return find(value)  # type: ignore[no-any-return]
    if cls is list:
        return array_of(infer(value), len(value))
    if cls is dict:
        return map_of(infer(value), infer(value.values()))
    if cls is Chan:
        args = typing.get_args(getattr(value, "__orig_class__", None))
        return chan_of(go_type(args[0]) if args else ANY)
    if cls in _FUNCTIONS:
        return _FUNC
    if cls is tuple:
        return array_of(infer(value), len(value))
    found = go_type(cls)
    if (
        found.kind == "struct"
        and found.name not in _VALUES
        and (issubclass(cls, BaseException) or getattr(cls, "__go_pointer__", True))
    ):
        # Objects that are not structs of ours are pointers.
        found = pointer_to(found)
    _by_class[cls] = found
    return found


_FUNCTIONS: Final = frozenset(
    {types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.BuiltinMethodType}
)


def infer(values: Any) -> GoType:
    """Return the type that all elements have; `interface {}` if they differ, or if there are none."""
    found: GoType | None = None
    classes = {*map(type, values)}
    if len(classes) > 1 or any(hasattr(cls, "__go_box__") for cls in classes):
        # What is in a box is in an interface.
        return ANY
    for value in values:
        t = type_of(value) or ANY
        if found is None:
            found = t
            if t in _SHOWN_BY_CLASS:
                return t
        elif t is not found:
            return ANY
    return found or ANY


_SHOWN_BY_CLASS: Final = frozenset({BOOL, INT, FLOAT64, COMPLEX128, STRING})
