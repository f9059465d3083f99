"""Pieces of Python: `Code`, an expression with its precedence, and the tokens that stand for names.

A name is written as a token until all of a module is translated; names.py chooses it then, when it is
known which names of Python's and of the module each function uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

# Python's precedences, from the loosest to the tightest.
LAMBDA: Final = 0
COND: Final = 1
OR: Final = 2
AND: Final = 3
NOT: Final = 4
CMP: Final = 5
BOR: Final = 6
BXOR: Final = 7
BAND: Final = 8
SHIFT: Final = 9
ADD: Final = 10
MUL: Final = 11
UNARY: Final = 12
POWER: Final = 13
AWAIT: Final = 14
ATOM: Final = 15

# The names of tables.py for them.
LEVELS: Final = {
    "lambda": LAMBDA,
    "conditional": COND,
    "bool_or": OR,
    "bool_and": AND,
    "not": NOT,
    "comparison": CMP,
    "or": BOR,
    "xor": BXOR,
    "and": BAND,
    "shift": SHIFT,
    "add": ADD,
    "mul": MUL,
    "unary": UNARY,
    "power": POWER,
    "await": AWAIT,
    "atom": ATOM,
}

# A token: a symbol's number, or the key of a fixed name, such as "builtin:print" or "lib:append".
TOKEN: Final = re.compile("\x02([^\x02\x03]*)\x03")


@dataclass
class Code:
    """An expression of Python.

    `call` is the callee and the arguments, if the expression is a plain call: for go and defer.  `fresh`:
    the value has no other owner, so it needs no copy.  `raw`: the expression before it was wrapped into its
    type.
    """

    text: str
    prec: int = ATOM
    call: tuple[str, list[str]] | None = None
    fresh: bool = False
    raw: Code | None = None

    def at(self, least: int) -> str:
        """Return the text, in parentheses if it binds looser than `least`."""
        return self.text if self.prec >= least else f"({self.text})"

    @property
    def arg(self) -> str:
        """The text as an argument of a call."""
        return self.at(LAMBDA)


@dataclass(eq=False)
class Sym:
    """A name of the program: a Go object, or a temporary of the translation.

    `kind`: "local", "global", "type", "const", "func", "self"; "temp", and "module" for a temporary that is
    outside of functions.
    """

    number: int
    base: str
    kind: str
    go_name: str = ""
    func: int = 0
    scope: tuple[int, ...] = ()
    type_key: str = ""
    captured_by_cell: bool = False
    uses: set[int] = field(default_factory=set)
    fixed: str = ""
    declared: tuple[int, int] | None = None

    @property
    def token(self) -> str:
        return f"\x02{self.number}\x03"


def fixed(key: str) -> str:
    """Return the token of a fixed name.

    "builtin:print", "lib:append", "gochan:Chan", "std:math", "typing:Any".
    """
    return f"\x02{key}\x03"


def call(callee: str, *args: str, fresh: bool = True) -> Code:
    """Return a plain call."""
    return Code(f"{callee}({', '.join(args)})", ATOM, (callee, list(args)), fresh)


def py_str(text: str) -> str:
    """Return a string literal with double quotes."""
    out = []
    for c in text:
        if c == '"':
            out.append('\\"')
        elif c == "\\":
            out.append("\\\\")
        elif c == "\n":
            out.append("\\n")
        elif c == "\t":
            out.append("\\t")
        elif c == "\r":
            out.append("\\r")
        elif c.isprintable():
            out.append(c)
        elif ord(c) < 256:
            out.append(f"\\x{ord(c):02x}")
        elif ord(c) < 0x10000:
            out.append(f"\\u{ord(c):04x}")
        else:
            out.append(f"\\U{ord(c):08x}")
    return '"' + "".join(out) + '"'
