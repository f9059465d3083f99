"""What the frames of a parked goroutine refer to: their variables and the values on their stacks.

The collector does not see it.  CPython's frames that are being executed keep their values to themselves, and
`frame.f_locals` lacks the values that an expression works with, such as the channel of `for v in make():`.
So they are read from memory, for the versions of CPython whose layout is known.  `check` reads a frame whose
values are known before any other is read.

Only frames that cannot run while they are read may be read: those of parked goroutines, in their thread.
"""

from __future__ import annotations

import ctypes
import dis
import sys
from functools import lru_cache
from itertools import pairwise
from types import BuiltinMethodType, CodeType, FrameType, MethodType
from typing import Any, Final, NamedTuple

# PyFrameObject.f_frame, in bytes from the start of the object.
_FRAME: Final = 24
_WORD: Final = 8
_BY_GENERATOR: Final = 1
_GENERATORS: Final = 0x20 | 0x80 | 0x200


class _Layout(NamedTuple):
    """The offsets of the fields of a _PyInterpreterFrame, in bytes from its start."""

    function: int
    locals: int
    code: int
    object: int
    stacktop: int
    owner: int
    values: int


_LAYOUTS: Final = {
    (3, 11): _Layout(0, 24, 32, 40, 64, 69, 72),
    (3, 12): _Layout(16, 40, 0, 48, 64, 70, 72),
    (3, 13): _Layout(16, 40, 0, 48, 64, 70, 72),
}

# The instructions during which called code may park, and whose operands stay on the stack.  During any other
# instruction, the contents of the stack are not known.
_CALLS: Final = frozenset(
    dis.opmap[name]
    for name in (
        "BEFORE_WITH",
        "BINARY_OP",
        "BINARY_SUBSCR",
        "CALL",
        "CALL_FUNCTION_EX",
        "CALL_KW",
        "COMPARE_OP",
        "CONTAINS_OP",
        "FOR_ITER",
        "GET_ITER",
        "LOAD_ATTR",
        "LOAD_METHOD",
        "PRECALL",
        "SEND",
    )
    if name in dis.opmap
)
_CALL: Final = dis.opmap["CALL"]
_CALL_EX: Final = dis.opmap["CALL_FUNCTION_EX"]
_WITH: Final = dis.opmap.get("BEFORE_WITH", -1)
# Instructions after which the next one does not run.
_ENDS: Final = frozenset(
    dis.opmap[name]
    for name in (
        "INTERPRETER_EXIT",
        "JUMP_BACKWARD",
        "JUMP_BACKWARD_NO_INTERRUPT",
        "JUMP_FORWARD",
        "RAISE_VARARGS",
        "RERAISE",
        "RETURN_CONST",
        "RETURN_VALUE",
    )
    if name in dis.opmap
)
_JUMPS: Final = frozenset((*dis.hasjrel, *dis.hasjabs))


class Unreadable(Exception):
    """The values of a frame cannot be read from its memory."""


class Values(NamedTuple):
    """The addresses of the objects that a frame refers to, each as often as it refers to it."""

    # The objects that the frame owns and the collector does not see.
    owned: list[int]
    # The arguments of f(*args, **kwargs): the frame owns them only if they are a tuple and a dict.
    unpacked: list[int]
    # The objects on its stack, the top one last.
    stack: list[int]
    # The context manager whose __enter__ it calls; 0: none.  Only C refers to the bound method then.
    manager: int


def _word(address: int) -> int:
    return ctypes.c_size_t.from_address(address).value


def values(frame: FrameType) -> Values:
    """Read the values of a frame that is being executed, but not while it is read.

    Raises `Unreadable` if that is not possible.
    """
    layout = _LAYOUTS[sys.version_info[:2]]
    code = frame.f_code
    at = _word(id(frame) + _FRAME)
    if _word(at + layout.code) != id(code) or _word(at + layout.object) != id(frame):
        raise Unreadable("the layout of frames is another one")
    top = ctypes.c_int.from_address(at + layout.stacktop).value
    generator = ctypes.c_char.from_address(at + layout.owner).value[0] == _BY_GENERATOR
    variables = len(code.co_varnames) + len(code.co_freevars)
    variables += len([name for name in code.co_cellvars if name not in code.co_varnames])
    if top >= 0:
        # It has called a function in Python, and its stack is saved.
        depth, unpacked = top - variables, 0
    else:
        depth, unpacked = _depth(code, frame.f_lasti), 0
        if code.co_code[frame.f_lasti] == _CALL_EX:
            unpacked = 1 + (code.co_code[frame.f_lasti + 1] & 1)
    if not 0 <= depth <= code.co_stacksize:
        raise Unreadable("the depth of the stack is not known")
    read = (ctypes.c_size_t * (variables + depth)).from_address(at + layout.values)
    every = list(read)
    stack = every[variables:]
    known = every[: len(every) - unpacked]
    if generator:
        # The collector sees the rest, by the generator.
        owned = [] if top >= 0 else known
    else:
        owned = [*known, _word(at + layout.function), _word(at + layout.locals)]
    manager = 0
    if top < 0 and stack and code.co_code[frame.f_lasti] == _WITH:
        if sys.version_info < (3, 12):
            # Its bound method __exit__ is on the stack.
            leave: Any = object_at(stack[-1])
            manager = id(leave.__self__) if isinstance(leave, (BuiltinMethodType, MethodType)) else 0
        else:
            # It is still on the stack, but is referred to by the two bound methods only.
            manager = stack[-1]
            owned.remove(manager)
    return Values(
        [address for address in owned if address],
        [address for address in every[len(every) - unpacked :] if unpacked and address],
        [address for address in stack if address],
        manager,
    )


@lru_cache(maxsize=1000)
def _depths(code: CodeType) -> dict[int, int]:
    """Return the depth of the stack before each instruction that can be reached, by its offset.

    Raises `Unreadable` if an instruction is reached with different depths.
    """
    instructions = list(dis.get_instructions(code))
    after = {a.offset: b for a, b in pairwise(instructions)}
    at = {i.offset: i for i in instructions}
    found: dict[int, int] = {}
    begins = 1 if code.co_flags & _GENERATORS and sys.version_info < (3, 13) else 0
    parse: Any = dis._parse_exception_table  # type: ignore[attr-defined]
    handlers = [(entry.target, entry.depth + 1 + bool(entry.lasti)) for entry in parse(code)]
    todo = [(0, begins), *handlers]
    while todo:
        offset, depth = todo.pop()
        while found.setdefault(offset, depth) == depth:
            i = at[offset]
            arg = i.arg if i.opcode >= dis.HAVE_ARGUMENT else None
            if i.opcode in _JUMPS and i.opname != "EXTENDED_ARG":
                target = depth + dis.stack_effect(i.opcode, arg, jump=True)
                if found.get(i.argval) != target:
                    todo.append((i.argval, target))
            if i.opcode in _ENDS or offset not in after:
                break
            if i.opname != "EXTENDED_ARG":
                depth += dis.stack_effect(i.opcode, arg, jump=False)
            offset = after[offset].offset
            if offset in found:
                if found[offset] != depth:
                    raise Unreadable("the depth of the stack is not known")
                break
        else:
            raise Unreadable("the depth of the stack is not known")
    return found


def _depth(code: CodeType, lasti: int) -> int:
    """Return the depth of the stack while the instruction at `lasti` calls something."""
    if lasti < 0 or code.co_code[lasti] not in _CALLS:
        raise Unreadable("an instruction that is not known to call")
    try:
        depth = _depths(code)[lasti]
    except KeyError:
        raise Unreadable("an instruction that cannot be reached") from None
    if sys.version_info < (3, 12) and code.co_code[lasti] == _CALL:
        # For dis, PRECALL takes the arguments off the stack.
        depth += _argument(code, lasti)
    return depth


def _argument(code: CodeType, offset: int) -> int:
    return next(i.arg or 0 for i in dis.get_instructions(code) if i.offset == offset)


def alive(address: int) -> bool:
    """Return whether the object at an address is not being freed."""
    return ctypes.c_ssize_t.from_address(address).value > 0


def object_at(address: int) -> object:
    """Return the object at an address that `values` has given as owned."""
    return ctypes.cast(address, ctypes.py_object).value


class _Probe:
    """Reads the frame of a call that is under way, from C."""

    def __init__(self) -> None:
        self.found: Values | None = None

    def __call__(self, _: object) -> None:
        self.found = values(sys._getframe(1))


def check() -> None:
    """Read a frame whose values are known; raise `NotImplementedError` if that fails here."""
    version = ".".join(map(str, sys.version_info[:2]))
    why = f"this build of CPython {version} does not lay out frames as 3.11 to 3.13 do"
    if sys.implementation.name != "cpython" or ctypes.sizeof(ctypes.c_void_p) != _WORD:
        raise NotImplementedError("frames can be read in CPython only, on 64 bits")
    debug = hasattr(sys, "gettotalrefcount") or not getattr(sys, "_is_gil_enabled", lambda: True)()
    if sys.version_info[:2] not in _LAYOUTS or debug:
        raise NotImplementedError(why)
    try:
        if not _reads():
            raise NotImplementedError(why)
    except (Unreadable, ValueError) as exc:
        raise NotImplementedError(why) from exc


def _reads() -> bool:
    """Return whether the values of this function's frame are found."""
    probe = _Probe()
    # The frame calls C, and that calls Python.  The iterator is in a variable and on the stack.
    calls = map(probe, (None,))
    for _ in calls:
        break
    found = probe.found
    return (
        found is not None
        and found.stack == [id(calls)]
        and (found.owned.count(id(calls)), found.owned.count(id(probe))) == (2, 1)
    )
