"""Where the class of an instance of a generic type is, in a program of several modules.

There is one class for `Pair[int]`, or values of two modules would have different types. It is in the last
module, in the order of the imports, of those that declare the generic type and its type arguments. Modules
are translated in this order, so a class that a later module needs is noted, and made in the next pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..kinds import components
from ..tree import Object, Type
from .code import fixed
from .durations import Durations

Key = tuple[int, ...]  # the indexes of the generic type and its type arguments


class Instances(Durations):
    """Classes of instances that other modules need."""

    module_names: dict[tuple[str, bool], str]  # as modules.py gives them
    wanted: dict[str, dict[Key, Type]]  # by the module that has them
    made: dict[tuple[str, Key], str]  # their names there

    def instance_elsewhere(self, origin: Type, args: list[Type]) -> str | None:
        """Return the class of an instance in another module; None if it is in the current one."""
        home = self.home([origin, *args])
        if home is None:
            return None
        key = (origin.index, *(a.index for a in args))
        self.wanted.setdefault(home, {})[key] = self.named_instance(origin, args)
        self.facts.instances.add(f"{home} {key}")
        name = self.made.get((home, key))
        return f"{fixed(f'module:{home}')}.{name}" if name is not None else None

    def home(self, types: list[Type]) -> str | None:
        """Return the module for what is made of some types; None if it is the current one."""
        objects = [o for t in types for o in self.declared_types(t)]
        if not all(map(self.is_elsewhere, objects)):
            return None
        paths = {o.pkg for o in objects}
        owner = [p for p in self.program.packages if p.path in paths][-1]
        return self.module_names[owner.path, False]

    def declared_types(self, t: Type, seen: frozenset[int] = frozenset()) -> Iterator[Object]:
        """Yield the program's types that the name of a type has in it."""
        if t.index in seen:
            return
        seen |= {t.index}
        if t.kind == "named":
            if t.obj.local:
                yield t.obj
        for part in (t.args or []) if t.kind == "named" else components(t):
            yield from self.declared_types(part, seen)
