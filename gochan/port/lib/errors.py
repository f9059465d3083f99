"""Errors as values: Go's package errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from gochan.context import DeadlineExceeded

from ._errors import DEADLINE_EXCEEDED, ErrorString
from ._interfaces import Boxed, equal, implements, is_object, pointer_box, type_is, unbox
from ._slices import Slice
from ._structs import Ref, assign
from ._types import GoType, error, go_type, pointer_to, type_of
from ._zero import zero_of

if TYPE_CHECKING:
    from typing_extensions import TypeForm

T = TypeVar("T")

__all__ = ["ErrUnsupported", "as_", "as_type", "is_", "join", "new", "unwrap"]


def new(text: str) -> ErrorString:
    """Return an error with this text; each call makes another one: Go's errors.New.

    >>> str(new("no such page"))
    'no such page'
    """
    return ErrorString(text)


ErrUnsupported = new("unsupported operation")


def unwrap(err: Any) -> error:
    """Return the error that err wraps; None if it wraps none, or several: Go's errors.Unwrap."""
    inner = _unwrap(err)
    return None if isinstance(inner, list) else inner


def _unwrap(err: Any) -> Any:
    method = getattr(err, "unwrap", None)
    if callable(method):
        inner = method()
        # An error may be a slice itself, of a named type; its Unwrap may return that slice.
        several = inner.__class__ in {Slice, list} or (inner is err and isinstance(inner, Slice))
        return list(inner) if several else inner
    return None


def _find(err: Any, test: Callable[[Any], bool]) -> bool:
    """Return whether test accepts err or an error that it wraps, depth first."""
    while err is not None:
        if test(err):
            return True
        inner = _unwrap(err)
        if isinstance(inner, list):
            return any(_find(one, test) for one in inner)
        err = inner
    return False


def is_(err: Any, target: Any) -> bool:
    """Return whether err, or an error that it wraps, is target: Go's errors.Is.

    A class as target, such as `context.Canceled`, stands for its instances.
    """
    if err is None or target is None:
        return err is target
    return _find(err, lambda e: _is(e, target))


def _is(err: Any, target: Any) -> bool:
    if err is target:
        return isinstance(target, type) or _comparable(target)
    if isinstance(target, type):
        return isinstance(err, target)
    if target is DEADLINE_EXCEEDED:
        return isinstance(err, TimeoutError) and not isinstance(err, DeadlineExceeded)
    if _comparable(target) and equal(err, target):
        return True
    method = getattr(err, "is_", None)
    return callable(method) and bool(method(target))


def _comparable(x: Any) -> bool:
    t = type_of(x)
    return t is None or t.comparable


def as_(err: Any, target: Any, annotation: Any = None) -> bool:
    """Find the first error in err's tree that has a type, store it in target.v, and return True.

    Go's errors.As.  target is a Ref; `annotation` is the type of its variable.
    """
    if target is None:
        from ._panics import panic

        panic("errors: target cannot be nil")
    found, ok = as_type(err, annotation)
    if ok:
        assign(target, found)
    return ok


def as_type(err: Any, annotation: TypeForm[T]) -> tuple[T, bool]:
    """Return the first error in err's tree that has this type, and True; else a zero value and False.

    An error may also become one of this type by its method `as_`, Go's As, which stores it in its argument.
    """
    t = go_type(annotation)
    found: list[Any] = []

    def test(e: Any) -> bool:
        if _has_type(e, annotation):
            found.append(e if t.kind == "interface" else unbox(e))
            return True
        method = getattr(e, "as_", None)
        if not callable(method):
            return False
        variable, pointer = _variable(t, annotation)
        if not method(pointer):
            return False
        found.append(variable.v if isinstance(variable, Ref) else variable)
        return True

    if _find(err, test):
        return found[0], True
    none: Any = None if is_object(t) else zero_of(t)
    return none, False


def _variable(t: GoType, annotation: Any) -> tuple[Any, Any]:
    """Return a new variable of a type, and the pointer to it as what goes into an interface."""
    if is_object(t):
        t = pointer_to(t)
    value = zero_of(t)
    if t.kind in ("struct", "array"):
        return value, pointer_box(value, pointer_to(t))
    variable = Ref(value)
    return variable, Boxed(variable, Ref[annotation])


def _has_type(e: Any, annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseException):
        return isinstance(e, annotation)
    t = go_type(annotation)
    if t.kind == "pointer" and t.elem is not None and t.elem.cls is not None:
        cls = t.elem.cls
        if issubclass(cls, BaseException):
            return isinstance(e, cls)
    if t.kind == "interface":
        return implements(e, t)
    return type_is(e, annotation)


class _JoinError(ErrorString):
    __go_name__ = "errors.joinError"
    __go_layout__: ClassVar[dict[str, Any]] = {"errs": Slice[error]}

    def __init__(self, errs: list[Any]) -> None:
        super().__init__("\n".join(str(err) for err in errs))
        self.errs = Slice[error](errs)

    def unwrap(self) -> Slice[Any]:
        return self.errs


def join(*errs: Any) -> ErrorString | None:
    """Return an error that wraps those of errs that are not nil; None if all are: Go's errors.Join.

    >>> str(join(new("a"), None, new("b")))
    'a\\nb'
    """
    kept = [err for err in errs if err is not None]
    return _JoinError(kept) if kept else None
