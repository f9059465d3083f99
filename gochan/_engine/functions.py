"""Which code is gochan's own, which function a goroutine runs, and which it cannot run.

Reports name the user's function, not gochan's wrapper around it.
"""

from __future__ import annotations

from functools import partial
from os.path import dirname, sep
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any, Final

_OURS: Final = dirname(dirname(__file__)) + sep
# The limit on nested methods, partials and wrappers around a function.
_DEPTH: Final = 8
# Builtins that work in their caller's namespace unless they are given one: exec and eval as the second
# argument, vars and dir an object, super a class.
_WITH_NAMESPACE: Final = (exec, eval)
_WITH_ARGUMENT: Final = (vars, dir, super)
_OF_CALLER: Final = (locals, globals)


def is_own(code: CodeType) -> bool:
    """Return whether code is gochan's own."""
    return code.co_filename.startswith(_OURS)


def plain(fn: Any) -> Any:
    """Return the function behind methods, partials, callable objects and `@defers`, or else the object."""
    for _ in range(_DEPTH):
        if type(fn) is MethodType:
            fn = fn.__func__
        elif type(fn) is partial:
            fn = fn.func
        elif type(fn) is FunctionType:
            if is_users(fn) or "__wrapped__" not in fn.__dict__:
                break
            fn = fn.__dict__["__wrapped__"]
        else:
            call = _method(type(fn), "__call__")
            if type(call) is not FunctionType:
                break
            fn = call
    return fn


def _method(cls: type, name: str) -> object:
    """Look up a method in a class without calling code of the user's."""
    return next((vars(c)[name] for c in cls.__mro__ if name in vars(c)), None)


def is_users(fn: object) -> bool:
    """Return whether fn is a function in Python that is not gochan's own."""
    return type(fn) is FunctionType and not is_own(fn.__code__)


def function_of(fn: Any, args: tuple[Any, ...]) -> Any:
    """Return the function of a goroutine that was started to call fn(*args).

    gochan's own goroutines call private functions, which have the user's among their arguments or variables.
    """
    fn = plain(fn)
    if type(fn) is not FunctionType or is_users(fn) or not (fn.__name__.startswith("_") or fn.__closure__):
        return fn
    given = list(map(plain, filter(callable, args)))
    captured = [plain(cell.cell_contents) for cell in fn.__closure__ or () if not _is_empty(cell)]
    users = [o for o in (*given, *captured) if is_users(o)]
    return (users or given or [fn])[0]


def _is_empty(cell: Any) -> bool:
    """Return whether a captured variable has no value yet."""
    try:
        cell.cell_contents  # noqa: B018  # it raises
    except ValueError:
        return True
    return False


def name_of(fn: Any) -> str:
    """Return the name of what `function_of` has returned."""
    if isinstance(fn, (FunctionType, BuiltinFunctionType)):
        return fn.__qualname__
    return type(fn).__name__


def check_namespace(call: str, fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raise `TypeError` if fn, which was given to `call` with args, would work in its caller's namespace.

    The caller is gochan.  In the C engine it has no namespace; that of the Python engine is not for the user.
    """
    while type(fn) is partial:
        args = (*fn.args, *args)
        kwargs = {**fn.keywords, **kwargs}
        fn = fn.func
    advice = "call it in a function of your own"
    given: object = None
    if type(fn) is not BuiltinFunctionType and fn is not super:
        return
    if fn in _WITH_NAMESPACE:
        given = args[1] if len(args) > 1 else kwargs.get("globals")
        advice = f"give it one: {call}({fn.__name__}, code, globals())"
    elif fn in _WITH_ARGUMENT:
        given = args or None
    elif fn not in _OF_CALLER:
        return
    if given is None:
        what = f"{fn.__name__} works in the namespace of its caller, which is gochan here"
        raise TypeError(f"{call}: {what}; {advice}")
