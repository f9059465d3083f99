"""Which slices may be Python lists: those where the program cannot observe the difference.

The slices that may be the same (see cells.py) are a class, and are lists all or none. A class has lists if it
is never resliced, compared with nil, asked for its capacity, copied into, put into an interface, or
indexed by what may be negative. If it is appended to, which changes a list in place, each list has one owner
besides: a variable, a field or an element, whose value no other one gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gochan.port.cells import Instance, Reference
from gochan.port.kinds import callee, core, elements, holder, unparen
from gochan.port.ranges import Ranges
from gochan.port.tree import Node, Object, Program, Type
from gochan.port.wholeprogram import Cells

# Library functions that read a list as they read a slice, or sort it in place.
READERS = ("sort.", "slices.", "strings.", "fmt.Print", "fmt.Fprint", "fmt.Sprint", "log.Print", "math/rand.")
PRINTERS = ("fmt.", "log.")
# Functions of `slices` whose result may be what they are given.
PASSING_ON = frozenset(
    f"slices.{name}"
    for name in [
        "Insert",
        "Delete",
        "DeleteFunc",
        "Replace",
        "Compact",
        "CompactFunc",
        "Grow",
        "Clip",
        "AppendSeq",
        "Chunk",
    ]
)
# Functions whose result may be a list.
MAKERS = frozenset(
    ["strings.Split", "strings.SplitN", "strings.Fields", "slices.Sorted", "slices.Collect", "slices.Repeat"]
)
VERBS = frozenset("vds")


class Aliases:
    """The answer to: may this slice be a list."""

    def __init__(self, program: Program, ranges: Ranges) -> None:
        self.cells = Cells(program, contexts=False)
        self._ranges = ranges
        self._refused: dict[Reference, str] = {}
        self._appended: set[Reference] = set()
        self._jumps = any(
            n.kind == "BranchStmt" and n.Tok == "goto" for p in program.packages for n in p.walk()
        )
        self._copied: set[Type] = set()  # struct types whose values are copied
        self._fields: dict[int, tuple[Type, str]] = {}
        nodes = list(self.all_nodes(program))
        self._variadic = {
            n.Params.List[-1].Names[0].obj.index
            for _, n in nodes
            if n.kind == "FuncType" and n.Params.List and n.Params.List[-1].Type.kind == "Ellipsis"
            if n.Params.List[-1].Names and n.Params.List[-1].Names[0].obj is not None
        }
        self._last: dict[int, tuple[int, int]] = {}  # where a variable is used last
        self._borrowed: set[int] = set()  # variables that a range statement or a map's comma-ok gives a value
        for instance, n in nodes:
            self._note_fields(n)
            if n.kind == "Ident" and n.obj is not None:
                self._last[n.obj.index] = max(self._last.get(n.obj.index, (0, 0)), (n.line, n.col))
            self._note_borrowed(n)
            self._note_appends(instance, n)
            self._note_copies(n)
        for instance, n in nodes:
            self._judge(instance, n)
        for box in self.cells.boxes():
            self._refuse(box.reference(), "it is in an interface")

    # Questions

    def plain_list(self, what: Node | Object, *path: str) -> bool:
        """Return whether a slice is a list: a variable, a field, or the value of an expression.

        A path leads to what it holds: ("elem",) to the slices in a slice, map, array or channel, ("key",),
        ("target",), ("r0",) to the first result of a function value.
        """
        found = self.reference(what)
        if found is None:
            return False
        for step in path:
            found = found.part(step).reference()
        return self._is_list(found)

    def plain_result(self, function: Node, index: int) -> bool:
        """Return whether a result of a FuncDecl or FuncLit is a list."""
        instance = self._instance(function)
        return instance is not None and self._is_list(
            self.cells.results(instance, function)[index].reference()
        )

    def reason(self, what: Node | Object) -> str:
        """Return why a slice is no list; "" if it is one."""
        found = self.reference(what)
        return "it is not known" if found is None else self._refused.get(found.find(), "")

    def _is_list(self, found: Reference) -> bool:
        root = found.find()
        return root not in self._refused and not root.escaped

    def reference(self, what: Node | Object) -> Reference | None:
        """Return what a variable, field or expression refers to; None if it is not known."""
        if isinstance(what, Object):
            if what.scope == "field":
                if what.index not in self._fields:
                    return None
                t, name = self._fields[what.index]
                return self.cells.field(t, name).reference()
            instance = self._instance_of(what)
            return self.cells.cell(instance, what).reference() if instance is not None else None
        instance = self._instance(what)
        return self.cells.reference(instance, what) if instance is not None else None

    def _instance_of(self, obj: Object) -> Instance | None:
        if obj.scope == "package":
            return self.cells.start
        node = self.cells.program.nodes.get(obj.func)
        return self._instance(node) if node is not None else self.cells.start

    def _instance(self, n: Node) -> Instance | None:
        at = n
        while at.parent is not None:
            at = at.parent
        if self.cells.program.nodes.get(at.id) is not at:
            return None
        if at.kind != "FuncDecl":
            return self.cells.start
        found = self.cells.instances.get(at.id)
        return found[0] if found else None

    def all_nodes(self, program: Program) -> Iterator[tuple[Instance, Node]]:
        """Yield the nodes of a program that have an instance."""
        for package in program.packages:
            for file in package.files:
                for decl in file.decls:
                    instance = self._instance(decl)
                    if instance is not None:
                        for n in decl.walk():
                            yield instance, n

    # What is appended to, and what is copied

    def _note_appends(self, instance: Instance, n: Node) -> None:
        if _builtin(n) == "append":
            self._appended.add(self.cells.reference(instance, n).find())

    def _note_fields(self, n: Node) -> None:
        if n.kind != "StructType":
            return
        named = n.parent is not None and n.parent.kind == "TypeSpec" and not n.parent.Assign
        t = n.parent.Name.type if named and n.parent is not None else n.type
        for name in (name for f in n.Fields.List for name in f.Names or ()):
            if name.obj is not None and t is not None:
                self._fields[name.obj.index] = (t, name.Name)

    def _note_borrowed(self, n: Node) -> None:
        targets: list[Node | None] = []
        if n.kind == "RangeStmt":
            targets = [n.Key, n.Value]
        elif n.kind == "AssignStmt" and len(n.Lhs) > len(n.Rhs) and unparen(n.Rhs[0]).kind != "CallExpr":
            targets = n.Lhs
        self._borrowed |= {
            t.obj.index for t in targets if t is not None and t.kind == "Ident" and t.obj is not None
        }

    def _note_copies(self, n: Node) -> None:
        """Note that a struct or array with slices in it is copied."""
        if n.mode != "value" or n.type is None or n.type.under.kind not in ("struct", "array"):
            return
        if n.kind not in ("Ident", "SelectorExpr", "IndexExpr", "StarExpr"):
            return
        parent = n.parent
        if parent is None or parent.kind in ("SelectorExpr", "IndexExpr", "StarExpr", "IncDecStmt", "Field"):
            return
        if parent.kind == "UnaryExpr" or (
            parent.kind == "AssignStmt" and n in parent.Lhs and not _is_range(parent)
        ):
            return
        if n.kind == "Ident" and n.__dict__.get("def") and parent.kind != "RangeStmt":
            return
        if parent.kind == "RangeStmt" and n is parent.X and parent.Value is None:
            return
        self._add_copied(n.type)

    def _add_copied(self, t: Type) -> None:
        under = t.under
        if under.kind == "array":
            self._add_copied(under.elem)
        elif under.kind == "struct" and holder(t) not in self._copied:
            self._copied.add(holder(t))
            for f in under.fields:
                self._add_copied(f.type)

    # Judgment

    def _refuse(self, reference: Reference, reason: str) -> None:
        self._refused.setdefault(reference.find(), reason)

    def _judge(self, instance: Instance, n: Node) -> None:
        t = n.type
        if n.kind == "RangeStmt":
            self._judge_range(instance, n)
        if n.kind == "AssignStmt" and len(n.Lhs) > len(n.Rhs):
            self._judge_several(instance, n)
        if t is None or n.mode != "value" or core(t).kind != "slice" or n.kind == "ParenExpr":
            return
        reference = self.cells.reference(instance, n)
        if t.kind != "slice":
            self._refuse(reference, f"its type is {t.str}")
            return
        if n.kind == "Ident" and n.obj is not None:
            if n.obj.addr_taken:
                self._refuse(reference, "its address is taken")
            lent = n.obj.scope == "param" or n.obj.index in self._borrowed
            if lent and n.obj.captured and reference.find() in self._appended:
                self._refuse(reference, "it is appended to, and a closure has it")
        if n.kind in ("StarExpr", "SliceExpr", "TypeAssertExpr"):
            self._refuse(reference, f"a {n.kind} has it")
            return
        if n.kind == "CallExpr" and not self._may_return_list(n):
            self._refuse(reference, "a call returns it")
            return
        if n.kind == "SelectorExpr" and n.obj is not None and not n.obj.local:
            self._refuse(reference, "it is a library's")
            return
        self._judge_use(n, reference)

    def _may_return_list(self, n: Node) -> bool:
        if n.call == "conversion":
            return bool(n.Args[0].type is n.type)
        if n.call == "builtin":
            return _builtin(n) in ("make", "append")
        name = _library_name(n)
        return name is None or self.cells.is_local_call(n) or name in MAKERS

    def _judge_use(self, n: Node, reference: Reference) -> None:
        at, parent = n, n.parent
        while parent is not None and parent.kind == "ParenExpr":
            at, parent = parent, parent.parent
        if parent is None:
            return
        if n.kind == "Ident" and n.obj is not None and n.obj.index in self._variadic:
            reads = parent.kind in ("IndexExpr", "RangeStmt") or _builtin(parent) == "len"
            if not reads and not n.__dict__.get("def"):
                self._refuse(reference, "it is a variadic parameter that is passed on")
        match parent.kind:
            case "IndexExpr" if parent.X is at:
                if _address_is_taken(parent) and (
                    reference.find() in self._appended or core(n.type).elem.under.kind != "struct"
                ):
                    self._refuse(reference, "the address of an element is taken")
                if not self._safe_index(n, parent.Index):
                    self._refuse(reference, f"an index in line {parent.line} may be negative")
            case "CallExpr":
                self._judge_argument(n, at, parent, reference)
            case "BinaryExpr":
                self._refuse(reference, "it is compared with nil")
            case "UnaryExpr" | "SelectorExpr" | "StarExpr":
                self._refuse(reference, f"a {parent.kind} uses it")
            case "AssignStmt" if at in parent.Rhs:
                if not _is_blank(parent.Lhs, parent.Rhs.index(at)):
                    self._judge_flow(n, reference, "assigned")
            case "ValueSpec" | "CompositeLit" | "SendStmt" | "KeyValueExpr":
                if at is not parent.__dict__.get("Chan") and not (
                    n.kind == "Ident" and n.__dict__.get("def")
                ):
                    self._judge_flow(n, reference, "assigned")
            case "ReturnStmt":
                self._judge_flow(n, reference, "returned")

    def _safe_index(self, n: Node, index: Node) -> bool:
        """Return whether an index is never negative, and can be evaluated again for a panic's message."""
        index = unparen(index)
        if not _is_pure(index):
            return False
        if self._ranges.non_negative(index):
            return True
        if index.kind == "BinaryExpr" and index.Op == "-" and index.Y.const is not None:
            length = unparen(index.X)  # of an empty list, the last element is out of range in Python too
            return bool(
                index.Y.const.value == 1 and _builtin(length) == "len" and same_place(length.Args[0], n)
            )
        return False

    def _judge_argument(self, n: Node, at: Node, call: Node, reference: Reference) -> None:
        if _builtin(call) is not None:
            self._judge_builtin(n, at, call, reference)
            return
        if call.call == "conversion":
            if call.type is not n.type:
                self._refuse(reference, "it is converted")
            return
        library = _library_name(call)
        if library is not None and not self.cells.is_local_call(call):
            self._judge_library(n, call, library, reference)
            return
        if reference.find() in self._appended:
            if call.parent is not None and call.parent.kind in ("GoStmt", "DeferStmt"):
                self._refuse(reference, "it is appended to, and an argument of a call that comes later")
            elif not self._is_own_variable(n) and not _is_fresh(n):
                self._refuse(reference, "it is appended to, and an argument")

    def _judge_builtin(self, n: Node, at: Node, call: Node, reference: Reference) -> None:
        name = _builtin(call)
        if name == "append" and call.Args[0] is at:
            if not self._grows_in_place(n, call) and not _is_fresh(n):
                self._refuse(reference, "what append returns is another's")
        elif name == "append" and not (call.Ellipsis and call.Args[-1] is at):
            self._judge_flow(n, reference, "assigned")
        elif name not in ("append", "len"):
            self._refuse(reference, f"it is an argument of {name}")

    def _grows_in_place(self, n: Node, call: Node) -> bool:
        """Return whether a call of append is `x = append(x, ...)`."""
        parent = call.parent
        if parent is None or parent.kind != "AssignStmt" or parent.Tok != "=" or len(parent.Lhs) != 1:
            return False
        owner = unparen(parent.Lhs[0])
        if not same_place(owner, n) or not _is_pure(owner):
            return False
        if owner.kind == "Ident":
            return owner.obj is not None and owner.obj.scope not in ("param", "recv")
        base = owner
        while base.kind in ("SelectorExpr", "IndexExpr"):
            if base.kind == "SelectorExpr" and holder(_holder(base)) in self._copied:
                return False
            if base.kind == "IndexExpr" and core(base.X.type).kind not in ("map", "slice"):
                return False
            base = unparen(base.X)
        by_value = base.kind == "Ident" and base.obj is not None and base.obj.scope in ("param", "recv")
        return not (by_value and base.type is not None and base.type.under.kind == "struct")

    def _judge_library(self, n: Node, call: Node, name: str, reference: Reference) -> None:
        if not name.startswith(READERS) or name in PASSING_ON:
            self._refuse(reference, f"it is an argument of {name}")
            return
        if name.startswith(PRINTERS):
            elem = elements(n.type)
            plain = (
                elem is not None
                and elem.kind == "basic"
                and elem.name in ("int", "string", "float64", "bool")
            )
            if not plain or ("f" in name.rpartition(".")[2].removeprefix("F") and not _plain_format(call)):
                self._refuse(reference, f"it is an argument of {name}")

    def _judge_flow(self, n: Node, reference: Reference, how: str) -> None:
        """Judge that another variable gets a slice, or a caller."""
        if reference.find() not in self._appended or _is_fresh(n):
            return
        obj = unparen(n).obj
        if obj is not None and self._is_own_variable(n):
            if how == "returned" and obj.scope in ("local", "result"):
                return
            if obj.scope == "local" and self._is_last_use(unparen(n), obj):
                return
        self._refuse(reference, f"it is appended to, and {how} in line {n.line}")

    def _is_last_use(self, n: Node, obj: Object) -> bool:
        """Return whether a variable is not used again, so that its list has a new owner."""
        if self._last[obj.index] != (n.line, n.col) or self._jumps:
            return False
        at = n.parent
        while at is not None and at.id != obj.scope_id and at.kind not in ("FuncDecl", "FuncLit"):
            if at.kind in ("ForStmt", "RangeStmt"):
                return False
            at = at.parent
        return True

    def _is_own_variable(self, n: Node) -> bool:
        """Return whether an expression is a variable of the function that nothing else can reach."""
        n = unparen(n)
        if n.kind != "Ident" or n.obj is None:
            return False
        obj = n.obj
        if obj.scope == "param":
            return not obj.captured and obj.assigned == 0
        return obj.scope in ("local", "result") and not obj.captured and obj.index not in self._borrowed

    def _judge_range(self, instance: Instance, n: Node) -> None:
        """Judge a loop over a list that grows, and one over lists that grow."""
        candidates = []
        if n.X.type is not None and core(n.X.type).kind == "slice":
            candidates.append(
                (self.cells.reference(instance, n.X), self._is_own_variable(n.X) or _is_fresh(n.X))
            )
        if n.Value is not None and n.Value.type is not None and core(n.Value.type).kind == "slice":
            candidates.append((self.cells.reference(instance, n.Value), False))
        for reference, own in candidates:
            if reference.find() not in self._appended:
                continue
            for inner in n.Body.walk():
                if (
                    _builtin(inner) == "append"
                    and self.cells.reference(instance, inner).find() is reference.find()
                ):
                    self._refuse(reference, "it is appended to in a loop over it")
                elif not own and _lets_others_run(inner, self.cells):
                    self._refuse(reference, "others may append to it in a loop over it")

    def _judge_several(self, instance: Instance, n: Node) -> None:
        """Judge v, ok = m[k]: v is what the map holds."""
        right = unparen(n.Rhs[0])
        if right.kind in ("CallExpr", "UnaryExpr"):
            return
        target = unparen(n.Lhs[0])
        if target.type is not None and core(target.type).kind == "slice" and target.kind != "Ident":
            self._refuse(self.cells.reference(instance, target), "a map's value is assigned")
        elif target.type is not None and core(target.type).kind == "slice" and target.Name != "_":
            reference = self.cells.reference(instance, target)
            if reference.find() in self._appended:
                self._refuse(reference, "it is appended to, and read with comma ok")


def same_place(a: Node, b: Node) -> bool:
    """Return whether two expressions, of variables, fields, constants and indexes, are the same."""
    a, b = unparen(a), unparen(b)
    if a.kind != b.kind:
        return False
    match a.kind:
        case "Ident":
            return a.obj is b.obj
        case "BasicLit":
            return bool(a.Value == b.Value)
        case "SelectorExpr":
            return a.obj is b.obj and same_place(a.X, b.X)
        case "IndexExpr":
            return same_place(a.X, b.X) and same_place(a.Index, b.Index)
        case "BinaryExpr":
            return a.Op == b.Op and same_place(a.X, b.X) and same_place(a.Y, b.Y)
    return False


def _is_pure(n: Node) -> bool:
    """Return whether an expression has no effect, and the same value when it is evaluated again."""
    n = unparen(n)
    pure: Callable[[Node], bool] = _is_pure
    match n.kind:
        case "Ident" | "BasicLit":
            return True
        case "SelectorExpr":
            return bool(n.sel.kind in ("field", "qualified")) and (n.sel.kind == "qualified" or pure(n.X))
        case "IndexExpr":
            return pure(n.X) and pure(n.Index)
        case "BinaryExpr":
            return pure(n.X) and pure(n.Y)
        case "UnaryExpr":
            return bool(n.Op in ("-", "+", "^")) and pure(n.X)
        case "CallExpr":
            return (_builtin(n) in ("len", "min", "max") or n.call == "conversion") and all(map(pure, n.Args))
    return False


def _address_is_taken(n: Node) -> bool:
    """Return whether & is applied to an element, or to a part of it."""
    at = n
    while at.parent is not None and at.parent.kind in ("ParenExpr", "SelectorExpr", "IndexExpr"):
        if at.parent.kind == "IndexExpr" and at.parent.X is not at:
            return False
        at = at.parent
    return at.parent is not None and at.parent.kind == "UnaryExpr" and bool(at.parent.Op == "&")


def _is_fresh(n: Node) -> bool:
    """Return whether an expression makes a slice that no variable holds yet."""
    n = unparen(n)
    return n.kind in ("CompositeLit", "CallExpr", "UnaryExpr") or n.mode == "nil"


def _is_blank(targets: list[Node], i: int) -> bool:
    return i < len(targets) and targets[i].kind == "Ident" and targets[i].Name == "_"


def _is_range(n: Node) -> bool:
    return n.kind == "RangeStmt"


def _holder(n: Node) -> Type:
    t: Type = n.sel.path[-1].type if n.sel.path else n.X.type
    return t


def _builtin(n: Node) -> str | None:
    """Return the name of the builtin that a node calls."""
    if n.kind != "CallExpr" or n.call != "builtin":
        return None
    fun = unparen(n.Fun)
    return str(fun.Name) if fun.kind == "Ident" else ""


def _library_name(n: Node) -> str | None:
    """Return the full name of the function or method that a call names."""
    fun = callee(n)
    if fun.kind in ("Ident", "SelectorExpr") and fun.obj is not None and fun.obj.kind == "func":
        return fun.obj.full
    return None


def _plain_format(call: Node) -> bool:
    """Return whether all verbs of a call of a formatting function print a list as Go prints a slice."""
    text = next(
        (arg.const.value for arg in call.Args if arg.const is not None and arg.const.kind == "string"), None
    )
    if not isinstance(text, str):
        return False
    verbs = text.replace("%%", "").split("%")[1:]
    return all(verb[:1] in VERBS for verb in verbs)


def _lets_others_run(n: Node, cells: Cells) -> bool:
    """Return whether other code of the program may run within a node."""
    if n.kind in ("SendStmt", "SelectStmt") or (n.kind == "UnaryExpr" and n.Op == "<-"):
        return True
    if n.kind == "RangeStmt" and n.over in ("chan", "func0", "func1", "func2", "func"):
        return True
    if n.kind != "CallExpr" or n.call in ("builtin", "conversion"):
        return False
    name = _library_name(n)
    return (
        name is None
        or cells.is_local_call(n)
        or not name.startswith((*READERS, "strconv.", "math.", "unicode."))
    )
