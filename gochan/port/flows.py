"""What statements and expressions assign to cells."""

from __future__ import annotations

from gochan.port import library
from gochan.port.cells import Cell, Instance, Reference, Source, unite, unite_cells
from gochan.port.intervals import TOP, ZERO, Interval, point
from gochan.port.kinds import (
    core,
    elements,
    holder,
    may_be_integer,
    names_function,
    pointee,
    refers,
    structure,
    unparen,
)
from gochan.port.store import Store
from gochan.port.tree import Node, Type

BYTE = Interval(0, 255)
RUNE = Interval(0, 0x10FFFF)


class Flows(Store):
    """What is assigned to cells."""

    def flow(self, instance: Instance, cell: Cell, t: Type | None, n: Node) -> None:
        """Let a cell of a type hold an expression's value."""
        if n.mode == "nil":
            if refers(t):
                cell.reference().nil = True
            return
        t = t or n.type
        if t is None:
            return
        if t.under.kind == "interface" and t.kind != "typeparam":
            self._put_in_box(instance, n)
            return
        if may_be_integer(n.type) or (n.const is not None and n.const.kind == "int"):
            cell.add(Source(instance=instance, node=n))
        if refers(n.type):
            unite(cell.reference(), self.reference(instance, n))
        self._convert(t, n.type)

    def flow_cell(self, cell: Cell, source: Cell, t: Type | None) -> None:
        """Let a cell hold what another of the same type holds."""
        if cell.find() is source.find() or t is None:
            return
        if may_be_integer(t):
            cell.add(Source(cell=source))
        if refers(t):
            unite(cell.reference(), source.reference())

    def _put_in_box(self, instance: Instance, n: Node) -> None:
        t = n.type
        if t is None or (t.under.kind == "interface" and t.kind != "typeparam") or t.kind == "tuple":
            return
        self.flow(instance, self.box(t), t, n)

    def _target(self, instance: Instance, n: Node, source: Source) -> None:
        cell = self.place(instance, n)
        if cell is not None and may_be_integer(n.type):
            cell.add(source)

    def place(self, instance: Instance, n: Node) -> Cell | None:
        """Return the cell of an expression that can be assigned to or whose address can be taken."""
        n = unparen(n)
        match n.kind:
            case "Ident":
                if n.obj is not None and n.obj.kind == "var":
                    return self.cell(instance, n.obj)
            case "SelectorExpr":
                return self._selected(instance, n)
            case "IndexExpr":
                if n.X.type is not None and n.X.type.under.kind != "signature":
                    return self.elements_of(instance, n.X).part("elem")
            case "StarExpr":
                if n.X.type is not None and refers(n.X.type):
                    return self.reference(instance, n.X).part("target")
        return None

    def _selected(self, instance: Instance, n: Node) -> Cell | None:
        selection = n.sel
        if selection.kind == "qualified":
            if selection.obj.kind == "var" and selection.obj.local:
                return self.cell(instance, selection.obj)
            return None
        if selection.kind != "field" or not selection.obj.local:
            return None
        t = self._holder(n)
        return self.field(t, selection.obj.name) if structure(t).kind == "struct" else None

    @staticmethod
    def _holder(n: Node) -> Type:
        """Return the struct type that has the field or method which a selector selects."""
        t: Type = n.sel.path[-1].type if n.sel.path else n.X.type
        return t

    def _assign(self, instance: Instance, n: Node) -> None:
        if n.Tok not in ("=", ":="):
            self._target(instance, n.Lhs[0], Source(instance=instance, node=n))
            return
        if len(n.Lhs) == len(n.Rhs):
            for left, right in zip(n.Lhs, n.Rhs, strict=True):
                self._set(instance, left, right)
            return
        self._set_several(instance, n.Lhs, n.Rhs[0])

    def _set(self, instance: Instance, left: Node, right: Node) -> None:
        left = unparen(left)
        if left.kind == "Ident" and left.Name == "_":
            return
        cell = self.place(instance, left)
        if cell is not None:
            self.flow(instance, cell, left.type, right)
        if left.kind == "IndexExpr" and left.X.type is not None and core(left.X.type).kind == "map":
            key = self.reference(instance, left.X).part("key")
            self.flow(instance, key, core(left.X.type).key, left.Index)

    def _set_several(self, instance: Instance, targets: list[Node], right: Node) -> None:
        right = unparen(right)
        if right.kind == "CallExpr":
            sources = self.call(instance, right)
            types = right.type.types if right.type is not None else []
            for i, target in enumerate(targets):
                cell = self.place(instance, target)
                if cell is None or i >= len(types):
                    continue
                if sources is None:
                    self._unknown_result(instance, cell, right, i, types[i])
                else:
                    self.flow_cell(cell, sources[i], types[i])
            return
        # v, ok = m[k], <-ch, x.(T)
        cell = self.place(instance, targets[0])
        source = self._several_source(instance, right)
        if cell is not None and source is not None and targets[0].type is not None:
            self.flow_cell(cell, source, targets[0].type)
            cell.add(Source(interval=ZERO))

    def _several_source(self, instance: Instance, n: Node) -> Cell | None:
        match n.kind:
            case "TypeAssertExpr":
                return self.box(n.Type.type)
            case "UnaryExpr":
                return self.reference(instance, n.X).part("elem")
            case "IndexExpr":
                return self.reference(instance, n.X).part("elem")
        return None

    def _unknown_result(self, instance: Instance, cell: Cell, call: Node, i: int, t: Type) -> None:
        if may_be_integer(t):
            # The first integer result has the range that the table knows.
            known = i == 0 and call.type is not None
            cell.add(Source(instance=instance, node=call) if known else Source(interval=TOP))
        if refers(t):
            cell.reference().foreign = True
            self.references.append(cell.reference())

    def _declare(self, instance: Instance, n: Node) -> None:
        if n.parent is not None and n.parent.Tok != "var":
            return
        names, values = n.Names, n.Values
        if not values:
            for name in names:
                if name.obj is not None:
                    self.cell(instance, name.obj).add(Source(interval=ZERO))
        elif len(values) == len(names):
            for name, value in zip(names, values, strict=True):
                self._set(instance, name, value)
        else:
            self._set_several(instance, names, values[0])

    def _return(self, instance: Instance, n: Node, function: Node) -> None:
        cells = self.results(instance, function)
        types = [
            f.Type.type
            for f in (function.Type.Results.List if function.Type.Results else ())
            for _ in f.Names or [0]
        ]
        if len(n.Results) == len(cells):
            for cell, t, value in zip(cells, types, n.Results, strict=True):
                self.flow(instance, cell, t, value)
        elif n.Results:
            sources = self.call(instance, unparen(n.Results[0]))
            for i, (cell, t) in enumerate(zip(cells, types, strict=True)):
                if sources is None:
                    self._unknown(cell, t)
                else:
                    self.flow_cell(cell, sources[i], t)

    def _range(self, instance: Instance, n: Node) -> None:
        targets = [n.Key, n.Value]
        match n.over:
            case "slice" | "array" | "ptrarray" | "string":
                self._range_target(instance, targets[0], Source(instance=instance, node=n))
                if n.over == "string":
                    self._range_target(instance, targets[1], Source(interval=RUNE))
                else:
                    self._range_cell(instance, targets[1], self.elements_of(instance, n.X).part("elem"))
            case "map":
                reference = self.reference(instance, n.X)
                self._range_cell(instance, targets[0], reference.part("key"))
                self._range_cell(instance, targets[1], reference.part("elem"))
            case "chan":
                self._range_cell(instance, targets[0], self.reference(instance, n.X).part("elem"))
            case "int":
                self._range_target(instance, targets[0], Source(instance=instance, node=n))
            case _:
                yielded = self.reference(instance, n.X).part("p0").reference()
                for i, target in enumerate(targets):
                    self._range_cell(instance, target, yielded.part(f"p{i}"))

    def elements_of(self, instance: Instance, n: Node) -> Reference:
        """Return the reference of a slice or array, or of the array behind a pointer."""
        reference = self.reference(instance, n)
        if n.type is not None and n.type.under.kind == "pointer":
            return reference.part("target").reference()
        return reference

    def _range_target(self, instance: Instance, target: Node | None, source: Source) -> None:
        if target is not None:
            self._target(instance, target, source)

    def _range_cell(self, instance: Instance, target: Node | None, source: Cell) -> None:
        if target is None:
            return
        cell = self.place(instance, target)
        if cell is not None:
            self.flow_cell(cell, source, target.type)

    def _type_switch(self, instance: Instance, n: Node) -> None:
        for clause in n.Body.List:
            obj = clause.implicit
            if obj is not None and obj.type is not None and obj.type.under.kind != "interface":
                self.flow_cell(self.cell(instance, obj), self.box(obj.type), obj.type)

    def _literal(self, instance: Instance, n: Node) -> None:
        t = n.type
        if t is None:
            return
        t = pointee(t)
        under = core(t)
        for i, element in enumerate(n.Elts):
            key, value = (element.Key, element.Value) if element.kind == "KeyValueExpr" else (None, element)
            if under.kind == "struct":
                name = key.Name if key is not None else under.fields[i].name
                found = next(f.type for f in under.fields if f.name == name)
                self.flow(instance, self.field(t, name), found, value)
            elif under.kind in ("slice", "array", "map"):
                reference = self.reference(instance, n)
                self.flow(instance, reference.part("elem"), under.elem, value)
                reference.part("len").add(Source(interval=point(_index_of(n, i) + 1)))
                if key is not None and under.kind == "map":
                    self.flow(instance, reference.part("key"), under.key, key)

    def _convert(self, a: Type | None, b: Type | None) -> None:
        """Make the fields one of two struct types that values go between."""
        if a is None or b is None or a is b or a.kind == "typeparam" or b.kind == "typeparam":
            return
        if structure(a).kind == structure(b).kind == "struct" and holder(a) is not holder(b):
            for f in structure(a).fields:
                unite_cells(self.field(a, f.name), self.field(b, f.name))

    # References of expressions

    def reference(self, instance: Instance, n: Node) -> Reference:
        """Return the reference that an expression's value has."""
        n = unparen(n)
        if n.id not in instance.references:
            instance.references[n.id] = self._find_reference(instance, n)
        return instance.references[n.id].find()

    def _find_reference(self, instance: Instance, n: Node) -> Reference:
        match n.kind:
            case "Ident" | "SelectorExpr" if n.obj is not None and n.obj.kind == "func":
                return self._function_as_value(instance, n)
            case "Ident" | "SelectorExpr" | "StarExpr":
                cell = self.place(instance, n)
                if cell is not None:
                    return cell.reference()
                return self._fresh(foreign=True)
            case "FuncLit":
                return self._value_of_function(instance, n, self._fresh())
            case "IndexExpr" | "IndexListExpr" if names_function(n.X):
                return self.reference(instance, n.X)
            case "IndexExpr":
                base = n.X.type
                if base is not None and base.under.kind != "signature":
                    return self.elements_of(instance, n.X).part("elem").reference()
            case "SliceExpr":
                reference = self.elements_of(instance, n.X)
                array = core(pointee(n.X.type))
                if array.kind == "array":
                    reference.part("len").add(Source(interval=point(array.len)))
                elif array.kind == "slice" and n.High is not None:  # it may be beyond the length
                    reference.part("len").add(Source(instance=instance, node=n.High))
                return reference
            case "UnaryExpr" if n.Op == "<-":
                return self.reference(instance, n.X).part("elem").reference()
            case "UnaryExpr" if n.Op == "&":
                return self._address(instance, unparen(n.X))
            case "TypeAssertExpr" if n.Type is not None:
                return self.box(n.Type.type).reference()
            case "CallExpr":
                return self._reference_of_call(instance, n)
        return self._fresh()

    def _address(self, instance: Instance, n: Node) -> Reference:
        reference = self._fresh()
        if n.kind == "CompositeLit":
            target = reference.part("target")
            if refers(n.type):
                unite(target.reference(), self.reference(instance, n))
            return reference
        cell = self.place(instance, n)
        if cell is not None:
            reference.parts["target"] = cell
        return reference

    def _reference_of_call(self, instance: Instance, n: Node) -> Reference:
        if n.call == "conversion":
            inner = n.Args[0]
            if inner.mode == "nil":
                reference = self._fresh()
                reference.nil = True
                return reference
            if inner.type is not None and core(inner.type).kind == "basic":  # a string's bytes or runes
                reference = self._fresh()
                reference.part("elem").add(Source(interval=RUNE))
                reference.part("len").add(Source(interval=library.LENGTH))
                return reference
            return self.reference(instance, inner)
        if n.call == "builtin":
            name = unparen(n.Fun).Name if unparen(n.Fun).kind == "Ident" else ""
            if name == "append":
                return self._append(instance, n)
            reference = self._fresh()
            if name == "make" and core(n.type).kind == "slice":
                for size in n.Args[1:]:
                    reference.part("len").add(Source(instance=instance, node=size))
            return reference
        results = self.call(instance, n)
        if results is None:
            return self._fresh(foreign=True)
        return results[0].reference() if results else self._fresh()

    def _append(self, instance: Instance, n: Node) -> Reference:
        first = n.Args[0]
        reference = self.reference(instance, first) if first.mode != "nil" else self._fresh()
        elem = elements(n.type)
        reference.part("len").add(Source(instance=instance, node=n))
        for value in n.Args[1:]:
            if not n.Ellipsis:
                self.flow(instance, reference.part("elem"), elem, value)
            elif value.type is not None and value.type.under.kind == "basic":
                reference.part("elem").add(Source(interval=BYTE))
            else:
                source = self.reference(instance, value).part("elem")
                self.flow_cell(reference.part("elem"), source, elem or elements(value.type))
        return reference

    def _value_of_function(self, instance: Instance, function: Node, reference: Reference) -> Reference:
        """Let all who call a value with this reference call the function."""
        for i, (obj, t) in enumerate(self.params(function)):
            if obj is not None:
                self.flow_cell(self.cell(instance, obj), reference.part(f"p{i}"), t)
        types = [
            f.Type.type
            for f in (function.Type.Results.List if function.Type.Results else ())
            for _ in f.Names or [0]
        ]
        for i, (source, t) in enumerate(zip(self.results(instance, function), types, strict=True)):
            self.flow_cell(reference.part(f"r{i}"), source, t)
        return reference

    # Elsewhere

    def call(self, instance: Instance, n: Node) -> list[Cell] | None:
        raise NotImplementedError

    def _function_as_value(self, instance: Instance, n: Node) -> Reference:
        raise NotImplementedError


def _index_of(literal: Node, i: int) -> int:
    """Return the index that the i-th element of a slice's or array's literal has."""
    index = -1
    for element in literal.Elts[: i + 1]:
        key = element.Key.const if element.kind == "KeyValueExpr" else None
        index = key.value if key is not None and isinstance(key.value, int) else index + 1
    return index
