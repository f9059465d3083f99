"""Composite literals: structs, slices, arrays and maps."""

from __future__ import annotations

from ..tables import Refusal
from ..tree import Type
from .code import ATOM, MUL, Code, call
from .constants import Constants
from .names import snake
from .walk import Node, unparen


class Literals(Constants):
    """Composite literals."""

    def expr_CompositeLit(self, n: Node) -> Code:
        t = self.ty(n)
        if t.under.kind != "pointer":
            return self.composite(n, t)
        # The elided &T in a slice of pointers.
        t = self.subst(t.under.elem)
        lit = self.composite(n, t)
        return lit if self.is_object(t) or t.under.kind == "array" else call(self.lib("Ref"), lit.arg)

    def composite(self, n: Node, t: Type) -> Code:
        """Return a literal of a type, or the object that a pointer to it is."""
        u = t.under
        parts: list[Node] = []
        for elt in n.Elts or []:
            parts += (
                [elt]
                if elt.kind != "KeyValueExpr"
                else [elt.Value]
                if u.kind == "struct"
                else [elt.Key, elt.Value]
            )
        if u.kind == "map" and len(parts) > 2 and self.order_matters(parts):
            return self.map_by_entries(n, t)
        if u.kind in ("slice", "array"):
            self.order_calls(parts, [self.subst(u.elem)] * len(parts))
        else:
            self.order_calls(parts)
        match u.kind:
            case "struct":
                return self.struct_literal(n, t)
            case "slice":
                return self.slice_literal(n, t)
            case "array":
                lit = self.array_literal(n, u)
                return call(self.class_of(t), lit.arg) if t.kind == "named" and not self.is_alias(t) else lit
            case "map":
                return self.map_literal(n, t)
        raise self.refuse(n, f"a literal of {t.str} has no translation")

    def struct_literal(self, n: Node, t: Type) -> Code:
        if self.is_unit(t):
            return Code("None")
        if self.is_cond(t):
            lockers = [self.expr(elt.Value if elt.kind == "KeyValueExpr" else elt) for elt in n.Elts or []]
            zero = self.zero(t)
            return call(zero.text.partition("(")[0], lockers[0].arg) if lockers else zero
        fields = t.under.fields
        args = []
        given = set()
        for i, elt in enumerate(n.Elts or []):
            if elt.kind == "KeyValueExpr":
                field = next(f for f in fields if f.name == elt.Key.Name)
                given.add(field.name)
                value = self.value(elt.Value, field.type)
                args.append(f"{self.any_field_name(field.name, t)}={value.arg}")
            else:
                given.add(fields[i].name)
                value = self.value(elt, fields[i].type)
                args.append(self.blank(elt, value, fields[i].type) if fields[i].name == "_" else value.arg)
        for f in fields:
            if f.name not in given and f.type.under.kind in ("pointer", "chan"):
                self.facts.nil_sources.add(self.subst(f.type).under.index)
        return call(self.class_of(t), *args)

    def blank(self, n: Node, value: Code, t: Type) -> str:
        """Return the value that a literal stores in a field named _: the zero value."""
        zero = self.zero(t).arg
        return zero if n.const is not None else f"({value.arg}, {zero})[1]"

    def any_field_name(self, name: str, t: Type) -> str:
        if self.foreign(t):
            found = self.tables.lookup(f"{t.obj.pkg}.{t.obj.name}.{name}")
            if isinstance(found, Refusal):
                raise self.refuse(self.here, found.message)
            return snake(name)
        return self.field_name(name, t)

    def elements(self, n: Node, elem: Type) -> tuple[list[Code], list[int] | None]:
        """Return the elements of a literal, and their indexes if they have keys."""
        codes = []
        indexes: list[int] = []
        keyed = False
        at = 0
        for elt in n.Elts or []:
            value = elt
            if elt.kind == "KeyValueExpr":
                keyed = True
                at = int(elt.Key.const.value)
                value = elt.Value
            codes.append(self.value(value, elem))
            indexes.append(at)
            at += 1
        return codes, indexes if keyed else None

    def dense(self, n: Node, elem: Type, length: int) -> str:
        codes, indexes = self.elements(n, elem)
        if indexes is None:
            items = [code.arg for code in codes]
            missing = length - len(items)
            if missing > 0:
                zero = self.zero(elem)
                if not items and self.shareable(elem):
                    return f"[{zero.text}] * {length}"
                if missing > 8 and self.shareable(elem):
                    return f"[{', '.join(items)}] + [{zero.text}] * {missing}"
                if missing > 8:
                    return f"[{', '.join(items)}{', ' if items else ''}*({zero.text} for _ in {self.builtin('range')}({missing}))]"  # noqa: E501
                items += [zero.text] * missing
            return f"[{', '.join(items)}]"
        by_index = dict(zip(indexes, codes, strict=True))
        size = max(length, max(indexes, default=-1) + 1)
        if size > 1000:
            raise self.refuse(n, "a literal with indexes this large has no translation")
        return (
            f"[{', '.join(by_index[i].arg if i in by_index else self.zero(elem).text for i in range(size))}]"
        )

    def slice_literal(self, n: Node, t: Type) -> Code:
        elem = self.subst(t.under.elem)
        items = self.dense(n, elem, 0)
        if self.is_list(n) and not (is_ranged_over(n) and self.needs_context(n, elem)):
            return Code(items)
        if t.kind == "named" and not self.is_alias(t):
            return call(self.class_of(t), items)
        return call(self.slice_class(elem, not n.Elts), items)

    def needs_context(self, n: Node, elem: Type) -> bool:
        """Return whether a type checker needs the type of the elements of a literal to see them as such."""
        if elem.under.kind == "signature":
            return any(unparen(e).kind == "FuncLit" for e in n.Elts or [])
        return self.mixes_types(n, elem)

    def mixes_types(self, n: Node, elem: Type) -> bool:
        """Return whether the elements of a literal are interfaces, and not all of its values are."""
        values = [e.Value if e.kind == "KeyValueExpr" else e for e in n.Elts or []]
        several = any(not self.is_interface(self.ty(e)) for e in values)
        return several and self.is_interface(elem) and self.ann(elem) != self.typing("Any")

    def slice_class(self, elem: Type, empty: bool) -> str:
        """Return `Slice`, or `Slice[T]` where the elements don't show their type."""
        if not empty and elem.kind == "basic" and elem.name in ("int", "string", "bool", "float64"):
            return self.lib("Slice")
        return f"{self.lib('Slice')}[{self.ann(elem)}]"

    def array_literal(self, n: Node, u: Type) -> Code:
        return Code(self.dense(n, self.subst(u.elem), u.len), ATOM if n.Elts else MUL)

    def order_matters(self, parts: list[Node]) -> bool:
        """Return whether a call in one part may change what another reads."""
        start = len(self.lines)
        with self.aside(comment_at=self.comment_at, overrides=dict(self.overrides)):
            self.order_calls(parts)
        held = len(self.lines) > start
        del self.lines[start:]
        return held

    def map_by_entries(self, n: Node, t: Type) -> Code:
        """Emit a map literal as assignments: Go makes one entry after the other."""
        u = t.under
        entries = self.temp("entries")
        self.bind(entries.number)
        named = t.kind == "named" and not self.is_alias(t)
        empty = call(self.class_of(t)).text if named else "{}"
        self.emit(f"{entries.token}: {self.plain_ann(t)} = {empty}")
        for elt in n.Elts:
            if unparen(elt.Key).kind != "CompositeLit":
                self.order_calls([elt.Key, elt.Value])
            if self.has_calls(elt.Key) or unparen(elt.Key).kind == "CompositeLit":
                self.hold(elt.Key, "key")
            key = self.key_code(self.value(elt.Key, u.key), u.key)
            self.emit(f"{entries.token}[{key.arg}] = {self.value(elt.Value, u.elem).text}")
        return Code(entries.token, fresh=True)

    def map_literal(self, n: Node, t: Type) -> Code:
        u = t.under
        items = []
        for elt in n.Elts or []:
            key = self.key_code(self.value(elt.Key, u.key), u.key)
            items.append(f"{key.arg}: {self.value(elt.Value, u.elem).arg}")
        text = "{" + ", ".join(items) + "}"
        if t.kind == "named" and not self.is_alias(t):
            return call(self.class_of(t), text)
        return Code(text)

    # --- elsewhere ------------------------------------------------------------------------------------------

    def hold(self, n: Node, base: str) -> None:
        raise NotImplementedError


def is_ranged_over(n: Node) -> bool:
    """Return whether an expression is what a for loop ranges over."""
    parent = n.parent
    while parent is not None and parent.kind == "ParenExpr":
        n, parent = parent, parent.parent
    return parent is not None and parent.kind == "RangeStmt" and parent.X is n
