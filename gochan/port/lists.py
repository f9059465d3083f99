"""Which slices are lists in a port: those of local variables, parameters and results that aliases.py allows.

What a field, a map, another slice, a channel, a package variable or a function value holds stays a Slice, as
its annotation is that of its type.
"""

from __future__ import annotations

from gochan.port import library
from gochan.port.aliases import Aliases, _builtin, _lets_others_run, _library_name, same_place
from gochan.port.cells import Instance, Reference
from gochan.port.kinds import callee, core, elements, unparen
from gochan.port.ranges import Ranges
from gochan.port.tree import Node, Object, Program, Type

# Library functions that are given lists.
GIVEN = frozenset(
    [
        "strings.Join",
        *(f"sort.{name}" for name in ("Ints", "Strings", "Float64s", "SearchInts", "SearchStrings")),
        *library.SORTERS,
        *(
            f"slices.{name}"
            for name in ("Sort", "IsSorted", "Reverse", "Contains", "Index", "Equal", "Max", "Min")
        ),
    ]
)


class Lists(Aliases):
    """The answer to: is this slice a list in the port."""

    def __init__(self, program: Program, ranges: Ranges) -> None:
        called = {
            id(callee(n))
            for p in program.packages
            for n in p.walk()
            if n.kind == "CallExpr" and n.call == "call"
        }
        self._values = {
            n.obj.index
            for p in program.packages
            for n in p.walk()
            if n.kind in ("Ident", "SelectorExpr") and n.obj is not None and n.obj.kind == "func"
            if (id(n) not in called or (n.kind == "SelectorExpr" and n.sel.kind == "methodexpr"))
            and not n.__dict__.get("def")
            and not _is_name(n)
        }
        self._interface_methods = {
            m.name for t in program.types if t.kind == "interface" for m in t.methods or []
        }
        super().__init__(program, ranges)

    def variable(self, obj: Object) -> bool:
        """Return whether a variable has a list."""
        t = obj.type
        return t is not None and t.kind == "slice" and self.plain_list(obj)

    def value(self, n: Node) -> bool:
        """Return whether an expression's value is a list."""
        return n.type is not None and n.type.kind == "slice" and n.mode == "value" and self.plain_list(n)

    def result(self, function: Node | None, index: int) -> bool:
        """Return whether a result of a FuncDecl is a list."""
        if function is None or function.kind != "FuncDecl" or not _held(_result_types(function)[index]):
            return False
        return self.plain_result(function, index)

    def parameter(self, function: Object, index: int) -> Object | None:
        """Return a parameter of a function of the program, if it has a name."""
        node = self.cells.declared.get(function.index)
        params = self.cells.params(node) if node is not None else []
        return params[index][0] if index < len(params) else None

    def _judge(self, instance: Instance, n: Node) -> None:
        super()._judge(instance, n)
        if n.kind in ("FuncDecl", "FuncLit"):
            self._judge_function(instance, n)
        elif n.kind == "RangeStmt":
            for target in (n.Key, n.Value):
                self._refuse_node(instance, target, "a range statement assigns it")
        elif n.kind in ("AssignStmt", "ValueSpec"):
            left, right = (n.Lhs, n.Rhs) if n.kind == "AssignStmt" else (n.Names, n.Values or [])
            self._judge_assignment(instance, left, right)
        elif n.kind == "CallExpr" and n.call == "call":
            self._judge_several_arguments(instance, n)
        if (
            n.type is not None
            and n.mode == "value"
            and n.kind != "ParenExpr"
            and core(n.type).kind == "slice"
        ):
            reason = self._reason_against(instance, n)
            if reason:
                self._refuse(self.cells.reference(instance, n), reason)

    def _refuse_node(self, instance: Instance, n: Node | None, reason: str) -> None:
        if n is not None and n.type is not None and core(n.type).kind == "slice":
            self._refuse(self.cells.reference(instance, n), reason)

    def _judge_function(self, instance: Instance, n: Node) -> None:
        used = n.kind == "FuncLit" or n.Name.obj is None or n.Name.obj.index in self._values
        used = used or (n.Recv is not None and n.Name.Name in self._interface_methods)
        generic = n.kind == "FuncDecl" and (n.Type.__dict__.get("TypeParams") is not None or _of_generic(n))
        results = self.cells.results(instance, n)
        for cell, t in zip(results, _result_types(n), strict=True):
            if t is not None and core(t).kind == "slice" and (used or generic or not _held(t)):
                self._refuse(cell.reference(), "a result of a function value")
        for obj, t in self.cells.params(n):
            if obj is None or core(t).kind not in ("slice", "typeparam"):
                continue
            if used or generic or not _held(t) or obj.index in self._variadic:
                self._refuse(self.cells.cell(instance, obj).reference(), "a parameter of a function value")

    def _judge_assignment(self, instance: Instance, left: list[Node], right: list[Node]) -> None:
        if len(left) == len(right):
            for a, b in zip(left, right, strict=True):
                if b.mode == "nil" or unparen(b).mode == "nil":
                    self._refuse_node(instance, a, "nil is assigned")
        elif right:
            call = unparen(right[0])
            if call.kind != "CallExpr" or not self._is_declared(call):
                for a in left:
                    if a.kind != "Ident" or a.Name != "_":
                        self._refuse_node(instance, a, "it is one of several values")

    def _judge_several_arguments(self, instance: Instance, n: Node) -> None:
        """Judge f(g()), where g has several results and f is not a function of the program."""
        args = n.Args or []
        if len(args) != 1 or args[0].type is None or args[0].type.kind != "tuple" or self._is_declared(n):
            return
        found = self.cells.call(instance, unparen(args[0]))
        for cell, t in zip(found or (), args[0].type.types, strict=False):
            if core(t).kind == "slice":
                self._refuse(cell.reference(), "a library or a function value gets it")

    def _is_declared(self, call: Node) -> bool:
        """Return whether a call is one of a function or method that the program declares, by its name."""
        fun = callee(call)
        if call.call != "call" or fun.kind not in ("Ident", "SelectorExpr") or fun.obj is None:
            return False
        return fun.obj.kind == "func" and bool(fun.obj.local)

    def _reason_against(self, instance: Instance, n: Node) -> str:
        elem = elements(n.type)
        if elem is None or _is_byte(elem) or _has_parameter(n.type):
            return "of its elements"
        match n.kind:
            case "Ident":
                if n.obj is None or n.obj.kind != "var" or n.obj.scope not in ("local", "param", "result"):
                    return "it is no local variable"
            case "CompositeLit":
                if any(e.kind == "KeyValueExpr" for e in n.Elts or []):
                    return "it has keys"
            case "CallExpr":
                reason = self._reason_against_call(instance, n)
                if reason:
                    return reason
            case _:
                return f"a {n.kind} has it"
        at, parent = n, n.parent
        while parent is not None and parent.kind == "ParenExpr":
            at, parent = parent, parent.parent
        if parent is None:
            return "it is not known"
        match parent.kind:
            case "IndexExpr":
                return self._reason_against_index(instance, n, parent) if parent.X is at else "an index"
            case "CallExpr":
                return self._reason_against_argument(n, at, parent, self.cells.reference(instance, n))
            case "RangeStmt":
                return "" if parent.X is at else "a range statement assigns it"
            case "ReturnStmt" | "AssignStmt" | "ValueSpec" | "Field" | "ExprStmt" | "GoStmt" | "DeferStmt":
                return ""
        return f"a {parent.kind} has it"

    def _reason_against_call(self, instance: Instance, n: Node) -> str:
        name = _builtin(n)
        if name == "make":
            sizes = n.Args[1:]
            if not all(self._ranges.non_negative(size) for size in sizes):
                return "its length may be negative"
            if len(sizes) < 2:
                return ""
            if not _is_simple(sizes[1]):
                return "its capacity has an effect"
            # Go compares constants when it compiles.
            fits = sizes[0].const is not None and (sizes[0].const.value == 0 or sizes[1].const is not None)
            return "" if fits else "its capacity may be less than its length"
        if name == "append":
            if len(n.Args) < 2 or unparen(n.Args[1]).mode == "nil" or n.Args[0].mode == "nil":
                return "append has nothing to append"
            first = unparen(n.Args[0])
            if first.kind != "Ident" or not self._grows_in_place(first, n):
                return "append makes another one"
            if not self._is_own_variable(first) and any(
                _lets_others_run(inner, self.cells) for a in n.Args[1:] for inner in a.walk()
            ):
                return "others may append to it before append does"
            return ""
        return "" if self._is_declared(n) else "a function value returns it"

    def _reason_against_index(self, instance: Instance, n: Node, parent: Node) -> str:
        index = unparen(parent.Index)
        calls = [inner for inner in index.walk() if inner.kind == "CallExpr"]
        if not is_last(parent) and any(_builtin(call) not in ("len", "min", "max") for call in calls):
            return "an index has a call"
        at = parent
        while at.parent is not None and at.parent.kind in ("ParenExpr", "SelectorExpr", "IndexExpr"):
            if at.parent.kind == "IndexExpr" and at.parent.X is not at:
                return ""
            at = at.parent
            by_pointer = at.kind == "SelectorExpr" and at.sel.kind == "method" and at.sel.obj.ptr
            if by_pointer and self.cells.reference(instance, n).find() in self._appended:
                return "a method may keep the address of an element"
        if at.parent is not None and at.parent.kind == "SliceExpr" and at is not parent:
            return "a part of an element is sliced"
        return ""

    def _reason_against_argument(self, n: Node, at: Node, call: Node, reference: Reference) -> str:
        name = _builtin(call)
        if name is not None:
            if name == "append" and call.Args[0] is not at and not (call.Ellipsis and call.Args[-1] is at):
                return "it is an element"
            return ""
        if at is call.Fun or call.call != "call":
            return "it is converted"
        if call.Ellipsis and call.Args[-1] is at:
            return "it is spread"
        if reference.find() in self._appended:
            if call.parent is not None and call.parent.kind in ("GoStmt", "DeferStmt"):
                return "it is appended to, and an argument of a call that comes later"
            if not self._is_own_variable(n) and any(
                _lets_others_run(inner, self.cells) for a in call.Args if a is not at for inner in a.walk()
            ):
                return "others may append to it before the call"
        if self._is_declared(call):
            return ""
        library = _library_name(call)
        if library is None:
            return "a function value gets it"
        if library in GIVEN or library.startswith(("fmt.Print", "fmt.Fprint", "fmt.Sprint", "log.Print")):
            return ""
        return f"{library} gets it"


def is_last(n: Node) -> bool:
    """Return whether an IndexExpr is `x[len(x)-1]`."""
    index = unparen(n.Index)
    if index.kind != "BinaryExpr" or index.Op != "-" or index.Y.const is None or index.Y.const.value != 1:
        return False
    length = unparen(index.X)
    return _builtin(length) == "len" and same_place(length.Args[0], n.X)


def _is_name(n: Node) -> bool:
    """Return whether an identifier is the name in a selector, whose SelectorExpr counts."""
    parent = n.parent
    return parent is not None and (
        (parent.kind == "SelectorExpr" and parent.Sel is n)
        or (parent.kind == "FuncDecl" and parent.Name is n)
    )


def _result_types(n: Node) -> list[Type]:
    results = n.Type.Results
    return [f.Type.type for f in (results.List if results else ()) for _ in f.Names or [0]]


def _of_generic(n: Node) -> bool:
    if n.Recv is None:
        return False
    at = n.Recv.List[0].Type
    while at.kind in ("StarExpr", "ParenExpr"):
        at = at.X
    return bool(at.kind in ("IndexExpr", "IndexListExpr"))


def _held(t: Type) -> bool:
    """Return whether a parameter or result of this type may be a list: no library calls its function."""
    return t.kind == "slice" and t.elem.under.kind != "interface"


def _is_byte(t: Type) -> bool:
    return t.under.kind == "basic" and t.under.name in ("uint8", "byte")


def _has_parameter(t: Type | None) -> bool:
    while t is not None and t.kind in ("slice", "array", "pointer", "chan"):
        t = t.elem
    if t is None or t.kind == "typeparam":
        return True
    if t.kind == "named" and (t.args or t.origin is not None):
        return True
    return t.kind == "map" and (_has_parameter(t.key) or _has_parameter(t.elem))


def _is_simple(n: Node) -> bool:
    """Return whether an expression has no effect and no panic."""
    n = unparen(n)
    if n.const is not None or n.kind == "Ident":
        return True
    if n.kind == "BinaryExpr":
        return n.Op in ("+", "-", "*") and _is_simple(n.X) and _is_simple(n.Y)
    return _builtin(n) == "len" and _is_simple(n.Args[0])


__all__ = ["GIVEN", "Lists", "is_last"]
