"""Names: the naming rule, and who gets which name when two want the same.

Go's camelCase becomes snake_case for functions, methods and variables, UPPER_SNAKE for constants of a
package; types keep theirs with the first letter raised.  A name that would hide one in use gets a suffix.
"""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass, field

from ..tables import snake as table_snake
from .code import TOKEN, Sym
from .scopes import Analysis

_KEYWORDS = {*keyword.kwlist, "match_", "self"}
BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


def snake(name: str) -> str:
    """Return PEP 8's spelling of a function, variable or method."""
    # Python gives names that begin with two underscores another name inside of classes.
    name = name if name.endswith("__") else re.sub(r"^__+", "_", name)
    lead = len(name) - len(name.lstrip("_"))
    words = table_snake(name.lstrip("_")) if name.strip("_") else name
    words = name[:lead] + words if name.strip("_") else name
    words = re.sub(r"(?<!^)__+", "_", words) if not words.startswith("_") else words
    if not words.isascii() and not words.isidentifier():
        words = "".join(c if c.isidentifier() or c.isdigit() else "_" for c in words)
    return words + "_" if keyword.iskeyword(words) else words


def upper(name: str) -> str:
    """Return the name of a constant of a package."""
    return snake(name).rstrip("_").upper() or name


def camel(name: str) -> str:
    """Return the name of a type: the first letter raised."""
    bare = name.lstrip("_")
    out = bare[:1].upper() + bare[1:] if bare else name
    return out + "_" if keyword.iskeyword(out) else out


@dataclass
class Line:
    """A line of output: its depth, its text with tokens, the function it belongs to."""

    depth: int
    text: str
    chunk: int = 0


@dataclass
class Names:
    """The symbols of a module, and the choice of their names."""

    analysis: Analysis
    syms: list[Sym] = field(default_factory=list)
    chosen: dict[int, str] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)

    def add(self, sym: Sym) -> Sym:
        self.syms.append(sym)
        return sym

    def make(self, base: str, kind: str, **details: object) -> Sym:
        sym = Sym(len(self.syms), base, kind)
        for name, value in details.items():
            setattr(sym, name, value)
        return self.add(sym)

    def choose_globals(self, lines: list[Line], reserved: set[str]) -> None:
        """Choose the names of the module's own functions, types, variables and constants."""
        used = fixed_names(lines) | reserved
        # The program's names first, so that they stay as they are.
        for sym in sorted(self.syms, key=lambda sym: sym.kind == "module"):
            if sym.kind in ("local", "temp", "self", "blank"):
                continue
            name = sym.base
            if sym.kind != "main" and (name in used or name in self._taken or keyword.iskeyword(name)):
                name = self._free(name, used)
            self._taken[name] = sym.number
            self.chosen[sym.number] = name

    def _free(self, base: str, used: set[str]) -> str:
        name = base + "_"
        n = 2
        while name in used or name in self._taken:
            name = f"{base}_{n}"
            n += 1
        return name

    def choose_locals(self, lines: list[Line]) -> None:
        """Choose the names of locals, function by function."""
        chunks: dict[int, list[Line]] = {}
        for line in lines:
            chunks.setdefault(line.chunk, []).append(line)
        for part in chunks.values():
            self._choose_chunk(part)

    def _choose_chunk(self, lines: list[Line]) -> None:
        used = fixed_names(lines)
        local: list[Sym] = []
        seen: set[int] = set()
        for line in lines:
            for key in TOKEN.findall(line.text):
                if not key.isdigit():
                    continue
                number = int(key)
                if number in seen:
                    continue
                seen.add(number)
                sym = self.syms[number]
                if sym.kind in ("local", "temp"):
                    local.append(sym)
                elif number in self.chosen:
                    used.add(self.chosen[number].partition(".")[0])
        by_name: dict[str, list[Sym]] = {}
        for sym in local:
            base = sym.base
            name = base
            n = 2
            while (
                name in used
                or name in _KEYWORDS
                or keyword.iskeyword(name)
                or not all(self._share(sym, other) for other in by_name.get(name, ()))
            ):
                if name == base and (base in used or keyword.iskeyword(base) or base in _KEYWORDS):
                    name = base + "_"
                    if not (name in used or by_name.get(name)):
                        break
                name = f"{base.rstrip('_')}_{n}"
                n += 1
            by_name.setdefault(name, []).append(sym)
            self.chosen[sym.number] = name

    def _share(self, a: Sym, b: Sym) -> bool:
        """Return whether two locals may have the same name."""
        if a is b:
            return True
        funcs = self.analysis.funcs
        f, g = funcs.get(a.func), funcs.get(b.func)
        if f is None or g is None:
            return False
        if f is g:
            if a.captured_by_cell or b.captured_by_cell or a.type_key != b.type_key:
                return False
            short, long = sorted((a, b), key=lambda s: len(s.scope))
            if long.scope[: len(short.scope)] != short.scope:
                return True
            # The outer one may be declared after the inner one's scope has ended.
            if len(long.scope) <= len(short.scope):
                return False
            end = self.ends.get(long.scope[len(short.scope)])
            return end is not None and short.declared is not None and short.declared >= end
        if f.within(g):
            a, b, f, g = b, a, g, f
        elif not g.within(f):
            return True
        # a is of the outer function f, b of g inside it.
        return a.number not in self.uses_of(g.id)

    def uses_of(self, func: int) -> set[int]:
        """Return the numbers of the symbols that a function, or one inside it, mentions."""
        f = self.analysis.funcs[func]
        found = self._numbers.get(func)
        if found is None:
            found = self._numbers[func] = {self.by_obj[obj] for obj in f.uses if obj in self.by_obj}
        return found | self.extra_uses.get(func, set())

    ends: dict[int, tuple[int, int]] = field(default_factory=dict)
    by_obj: dict[int, int] = field(default_factory=dict)
    extra_uses: dict[int, set[int]] = field(default_factory=dict)
    _numbers: dict[int, set[int]] = field(default_factory=dict)

    def resolve(self, text: str) -> str:
        """Return a line with its names."""

        def name(match: re.Match[str]) -> str:
            key = match[1]
            if key.isdigit():
                number = int(key)
                return self.chosen.get(number) or self.syms[number].base
            return fixed_name(key)

        return TOKEN.sub(name, text)


def fixed_name(key: str) -> str:
    """Return the name that a key such as "lib:append" has in the code."""
    head, _, rest = key.partition(":")
    if head == "module":
        # "module:gochan.port.lib.strings" or "module:a.b as c"
        return rest.rpartition(" as ")[2].rpartition(".")[2]
    return rest.rpartition(" as ")[2].rpartition(".")[2]


def fixed_names(lines: list[Line]) -> set[str]:
    """Return the fixed names that lines use."""
    return {fixed_name(key) for line in lines for key in TOKEN.findall(line.text) if not key.isdigit()}
