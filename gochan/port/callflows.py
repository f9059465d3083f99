"""What calls assign to cells: parameters and results, and what library code may write to."""

from __future__ import annotations

from gochan.port import library
from gochan.port.cells import Cell, Instance, Reference, Source, unite_cells
from gochan.port.flows import BYTE, Flows
from gochan.port.intervals import point
from gochan.port.kinds import (
    callee,
    core,
    refers,
    structure,
    unparen,
)
from gochan.port.tree import Node, Object, Type


class CallFlows(Flows):
    """What calls assign to cells."""

    def call(self, instance: Instance, n: Node) -> list[Cell] | None:
        """Return the cells of a call's results; None for a library function, a conversion or a builtin."""
        if n.id not in instance.calls:
            instance.calls[n.id] = None
            instance.calls[n.id] = self._call(instance, n)
        return instance.calls[n.id]

    def _call(self, instance: Instance, n: Node) -> list[Cell] | None:
        if n.call == "conversion":
            self._convert(n.type, n.Args[0].type)
            return None
        if n.call == "builtin":
            self._builtin(instance, n)
            return None
        fun = callee(n)
        if fun.kind == "FuncLit":
            self._bind(instance, n, instance, fun, n.Args)
            return self.results(instance, fun)
        obj = fun.obj if fun.kind in ("Ident", "SelectorExpr") else None
        if fun.kind == "SelectorExpr" and fun.sel.kind == "interfacemethod":
            return self._call_of_interface(instance, n, fun)
        if obj is not None and obj.kind == "func":
            function = self.declared.get(obj.index)
            if function is None:
                self._call_of_library(instance, n, obj)
                return None
            if function.Body is None:
                return None
            target = self._instance_for(instance, function, n)
            args = n.Args
            if fun.kind == "SelectorExpr" and fun.sel.kind == "method":
                self._bind_receiver(instance, fun, target, function)
            elif fun.kind == "SelectorExpr" and fun.sel.kind == "methodexpr":
                target = self._share(function)
                self._bind_receiver_value(instance, args[0], target, function)
                args = args[1:]
            self._bind(instance, n, target, function, args)
            return self.results(target, function)
        return self._call_of_value(instance, n, fun)

    def _bind(self, instance: Instance, n: Node, target: Instance, function: Node, args: list[Node]) -> None:
        params = self.params(function)
        variadic = bool(params) and _is_variadic(function)
        cells = [self.cell(target, obj) if obj is not None else Cell() for obj, _ in params]
        self._pass(
            instance, n, args, list(zip(cells, (t for _, t in params), strict=True)), variadic=variadic
        )

    def _pass(
        self,
        instance: Instance,
        n: Node,
        args: list[Node],
        params: list[tuple[Cell, Type]],
        *,
        variadic: bool,
    ) -> None:
        """Let parameters hold the arguments of a call."""
        if variadic and not n.Ellipsis:
            several = len(args) == 1 and args[0].type is not None and args[0].type.kind == "tuple"
            count = library.LENGTH if several else point(len(args))
            params[-1][0].reference().part("len").add(Source(interval=count))
        if len(args) == 1 and args[0].type is not None and args[0].type.kind == "tuple":
            sources = self.call(instance, unparen(args[0]))
            for i, t in enumerate(args[0].type.types):
                cell, wanted = params[min(i, len(params) - 1)]
                if variadic and i >= len(params) - 1:
                    cell, wanted = cell.reference().part("elem"), core(wanted).elem
                if wanted.under.kind == "interface" and wanted.kind != "typeparam":
                    cell = self.box(t)
                if sources is None:
                    self._unknown(cell, t)
                else:
                    self.flow_cell(cell, sources[i], t)
            return
        for i, arg in enumerate(args):
            cell, wanted = params[min(i, len(params) - 1)]
            if variadic and i >= len(params) - 1 and not n.Ellipsis:
                self.flow(instance, cell.reference().part("elem"), core(wanted).elem, arg)
            else:
                self.flow(instance, cell, wanted, arg)

    def _bind_receiver(self, instance: Instance, fun: Node, target: Instance, function: Node) -> None:
        names = function.Recv.List[0].Names
        if not names or names[0].obj is None:
            return
        cell = self.cell(target, names[0].obj)
        wanted = names[0].obj.type
        if wanted is None or structure(wanted).kind == "struct":
            return
        if fun.sel.path:
            holder = fun.sel.path[-2].type if len(fun.sel.path) > 1 else fun.X.type
            self._receive(cell, wanted, self.field(holder, fun.sel.path[-1].name), fun.sel.path[-1].type)
            return
        self._bind_receiver_value(instance, fun.X, target, function)

    def _bind_receiver_value(self, instance: Instance, n: Node, target: Instance, function: Node) -> None:
        names = function.Recv.List[0].Names
        if not names or names[0].obj is None:
            return
        cell, wanted = self.cell(target, names[0].obj), names[0].obj.type
        if wanted is None or structure(wanted).kind == "struct" or n.type is None:
            return
        if n.type.under.kind == "pointer" or wanted.under.kind != "pointer":
            if n.type.under.kind == "pointer" and wanted.under.kind != "pointer":
                self.flow_cell(cell, self.reference(instance, n).part("target"), wanted)
            else:
                self.flow(instance, cell, wanted, n)
            return
        place = self.place(instance, n)
        if place is not None:
            unite_cells(cell.reference().part("target"), place)

    def _receive(self, cell: Cell, wanted: Type, source: Cell, t: Type | None) -> None:
        """Let a receiver be what an embedded field holds, or its address, or what it points to."""
        if t is None:
            return
        if (t.under.kind == "pointer") == (wanted.under.kind == "pointer"):
            self.flow_cell(cell, source, wanted)
        elif wanted.under.kind == "pointer":
            unite_cells(cell.reference().part("target"), source)
        else:
            self.flow_cell(cell, source.reference().part("target"), wanted)

    def _call_of_value(self, instance: Instance, n: Node, fun: Node) -> list[Cell] | None:
        t = core(fun.type) if fun.type is not None else None
        if t is None or t.kind != "signature":
            return None
        reference = self.reference(instance, fun)
        params = [(reference.part(f"p{i}"), p.type) for i, p in enumerate(t.params)]
        self._pass(instance, n, n.Args, params, variadic=t.variadic)
        return [reference.part(f"r{i}") for i in range(len(t.results))]

    def _call_of_interface(self, instance: Instance, n: Node, fun: Node) -> list[Cell] | None:
        t = fun.type
        if t is None:
            return None
        results = [Cell() for _ in t.under.results]
        for function in self._methods.get(fun.Sel.Name, ()):
            if not self._same_signature(function, t.under):
                continue
            target = self._share(function)
            self._bind(instance, n, target, function, n.Args)
            self._receive_from_boxes(target, function)
            for cell, source, r in zip(results, self.results(target, function), t.under.results, strict=True):
                self.flow_cell(cell, source, r.type)
        if not fun.sel.obj.local:
            for arg in n.Args:
                self._escape(instance, arg)
            for cell, r in zip(results, t.under.results, strict=True):
                self._unknown(cell, r.type)
        return results

    def _same_signature(self, function: Node, t: Type) -> bool:
        params = [p for _, p in self.params(function)]
        results = function.Name.obj.type.under.results
        if len(params) != len(t.params) or len(results) != len(t.results):
            return False
        return self.generic or (
            all(a is b.type for a, b in zip(params, t.params, strict=True))
            and all(a.type is b.type for a, b in zip(results, t.results, strict=True))
        )

    def _receive_from_boxes(self, target: Instance, function: Node) -> None:
        names = function.Recv.List[0].Names
        if not names or names[0].obj is None:
            return
        obj = names[0].obj
        if structure(obj.type).kind == "struct":
            return
        self.flow_cell(self.cell(target, obj), self.box(obj.type), obj.type)
        for t in self.program.types:
            if t.kind == "pointer" and t.elem is obj.type:
                self.flow_cell(self.cell(target, obj), self.box(t).reference().part("target"), obj.type)

    def _function_as_value(self, instance: Instance, n: Node) -> Reference:
        """Return the reference of a function or method that is not called at once."""
        reference = self._fresh()
        assert n.obj is not None
        if n.kind == "SelectorExpr" and n.sel.kind == "interfacemethod":
            for method in self._methods.get(n.Sel.Name, ()):
                if self._same_signature(method, core(n.type)):
                    self._receive_from_boxes(self._share(method), method)
                    self._value_of_function(self._share(method), method, reference)
            reference.escaped |= not n.obj.local
            return reference
        function = self.declared.get(n.obj.index)
        if function is None or function.Body is None:
            reference.escaped = True
            return reference
        target = self._share(function)
        if n.kind == "SelectorExpr" and n.sel.kind == "method":
            self._bind_receiver(instance, n, target, function)
        elif n.kind == "SelectorExpr" and n.sel.kind == "methodexpr":
            self._unknown_params(target, function)
        return self._value_of_function(target, function, reference)

    # Library functions and builtins

    def _call_of_library(self, instance: Instance, n: Node, obj: Object) -> None:
        harmless = _is_harmless(obj)
        # Of T.M, the first parameter is the receiver.
        signature = n.Fun.type.under if n.Fun.type is not None else None
        for i, arg in enumerate(n.Args):
            t = arg.type
            if t is None or arg.mode == "nil":
                continue
            if core(t).kind == "signature":
                self._called_back(instance, arg, obj.full)
            elif not harmless:
                self._escape(instance, arg)
            if signature is not None and obj.pkg not in library.PRINTERS and obj.full not in library.SORTERS:
                wanted = signature.params[min(i, len(signature.params) - 1)].type
                if signature.variadic and i >= len(signature.params) - 1 and not n.Ellipsis:
                    wanted = wanted.elem
                if wanted.under.kind == "interface":
                    self._put_in_box(instance, arg)
        fun = callee(n)
        if fun.kind == "SelectorExpr" and fun.sel.kind == "method" and not harmless:
            self._escape(instance, fun.X)

    def _called_back(self, instance: Instance, n: Node, caller: str) -> None:
        """Let a library function call a function."""
        reference = self.reference(instance, n)
        if caller in library.CALLED_WITH_INDEXES:
            for i in range(len(core(n.type).params)):
                reference.part(f"p{i}").add(Source(interval=library.LENGTH))
        else:
            reference.escaped = True
            self.references.append(reference)

    def _escape(self, instance: Instance, n: Node) -> None:
        """Let library code write to all that a value refers to."""
        t = n.type
        if t is None:
            return
        if refers(t):
            reference = self.reference(instance, n)
            reference.escaped = True
            self.references.append(reference)
        self._escaping.append(t)

    def _builtin(self, instance: Instance, n: Node) -> None:
        fun = unparen(n.Fun)
        name = fun.Name if fun.kind == "Ident" else ""
        match name:
            case "append":
                self.reference(instance, n)
            case "copy" if len(n.Args) == 2:
                target, source = n.Args
                if source.type is not None and source.type.under.kind == "basic":
                    self.reference(instance, target).part("elem").add(Source(interval=BYTE))
                elif source.type is not None and source.type.under.kind == "slice":
                    elem = source.type.under.elem
                    cell = self.reference(instance, target).part("elem")
                    self.flow_cell(cell, self.reference(instance, source).part("elem"), elem)
            case "panic":
                self._put_in_box(instance, n.Args[0])


def _is_variadic(function: Node) -> bool:
    fields = function.Type.Params.List
    return bool(fields) and fields[-1].Type.kind == "Ellipsis"


def _is_harmless(obj: Object) -> bool:
    """Return whether a library function leaves the integers alone that its arguments refer to."""
    if obj.pkg == "sync/atomic":
        return obj.recv is not None
    return obj.full in library.READERS or (
        obj.pkg in library.HARMLESS and not obj.full.startswith(library.WRITERS)
    )
