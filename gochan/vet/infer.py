"""What an expression refers to: a name of a library, an instance of a class, a function of this file.

Types are read from imports, assignments, annotations, and the arguments of calls in the same file, without
regard to the order of statements.  Whatever is ambiguous is unknown: None.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias, TypeGuard

from . import api
from .model import DEFS, FUNCTIONS, Binding, Function, Model, Scope

# The limits on how deep expressions are followed, and on the bindings and calls of one name.
DEEPEST = 40
MOST = 24
# The limit on the steps for one answer.
STEPS = 200


@dataclass(frozen=True)
class Symbol:
    """A name of a module, as in `gochan.go`; a builtin has no dot."""

    name: str


@dataclass(frozen=True)
class Instance:
    """An instance of a class from another module, known by its dotted name.

    call is the call that makes it, if known; elem is the type of a Chan's elements.
    """

    cls: str
    elem: Type = None
    call: ast.Call | None = None


@dataclass(frozen=True)
class Method:
    """A method of an instance."""

    cls: str
    name: str


@dataclass(frozen=True)
class Local:
    """A function, lambda or method of this file; bound if it is a method without its self."""

    node: Function
    bound: bool = False


@dataclass(frozen=True)
class Class:
    """A class of this file."""

    node: ast.ClassDef


@dataclass(frozen=True)
class Object:
    """An instance of a class of this file."""

    node: ast.ClassDef


@dataclass(frozen=True)
class Many:
    """A container whose items all have one type."""

    elem: Type


@dataclass(frozen=True)
class Fixed:
    """A tuple, or something else that is unpacked like a tuple."""

    items: tuple[Type, ...]


Type: TypeAlias = Symbol | Instance | Method | Local | Class | Object | Many | Fixed | None

_CONTAINERS = {
    "list", "set", "frozenset", "tuple", "deque", "Iterable", "Iterator", "Sequence", "Collection", "List", "Set",
    "Tuple", "Deque", "MutableSequence", "collections.deque", "Generator",
}  # fmt: skip
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"}
_WRAPPERS = {"Optional", "Final", "ClassVar", "Annotated", "InitVar"}


class Inference:
    """Answers what the expressions of a module refer to."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._types: dict[ast.AST, Type] = {}
        self._busy: set[object] = set()
        # Whether the current question depends on its own answer: the answer may then be incomplete, and is
        # not kept.  And how many more steps it may take.
        self._cyclic = False
        self._steps = STEPS
        self._names: dict[tuple[Scope, str], Type] = {}
        self._members: dict[tuple[ast.ClassDef, str], Type] = {}
        self._annotations: dict[ast.AST, Type] = {}
        self._sites: dict[Function, list[tuple[list[ast.expr], list[ast.keyword]]]] | None = None

    # --- expressions ---

    def type(self, node: ast.expr | None) -> Type:
        """Return what an expression refers to, or None."""
        if node is None:
            return None
        if node in self._types:
            return self._types[node]
        return self._ask(node, lambda: self._type(node), self._types, node)

    def _ask(self, key: object, answer: Callable[[], Type], known: dict[Any, Type], at: Any) -> Type:
        """Return answer(), and keep it in known[at] unless it ran into a cycle."""
        if key in self._busy or len(self._busy) > DEEPEST or self._steps <= 0:
            self._cyclic = True
            return None
        if not self._busy:
            self._steps = STEPS
        self._steps -= 1
        outer, self._cyclic = self._cyclic, False
        self._busy.add(key)
        try:
            found = answer()
        finally:
            self._busy.discard(key)
            if not self._busy:
                self._cyclic = outer = False
                self._steps = STEPS
        if not self._cyclic:
            known[at] = found
        self._cyclic = outer or self._cyclic
        return found

    def _type(self, node: ast.expr) -> Type:
        match node:
            case ast.Name(id=name):
                return self.name(name, self.model.scopes[node])
            case ast.Attribute(value=value, attr=attr):
                return self.attribute(self.type(value), attr)
            case ast.Call():
                return self._result(node)
            case ast.Subscript():
                return self._item(node)
            case ast.Lambda():
                return Local(node)
            case ast.NamedExpr(value=value):
                return self.type(value)
            case ast.IfExp(body=body, orelse=orelse):
                return self._either([body, orelse])
            case ast.BoolOp(values=values):
                return self._either(values)
            case ast.List(elts=elts) | ast.Set(elts=elts):
                return Many(self._either(elts))
            case ast.Tuple(elts=elts):
                return Fixed(tuple(map(self.type, elts[:MOST])))
            case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
                return Many(self.type(elt))
            case ast.DictComp(value=value):
                return Many(self.type(value))
            case ast.Dict(values=values):
                return Many(self._either(values))
            case ast.BinOp(left=left, op=ast.Mult()) if isinstance(left, ast.List):
                return self.type(left)
        return None

    def _either(self, nodes: list[ast.expr]) -> Type:
        return unify(self.type(node) for node in nodes[:MOST] if not is_none(node))

    def name(self, name: str, scope: Scope) -> Type:
        """Return what a name refers to in a scope."""
        owner = self.model.owner(name, scope)
        if owner is None:
            return Symbol(name) if name not in scope.globals else None
        key = (owner, name)
        if key in self._names:
            return self._names[key]
        return self._ask(key, lambda: self._bound(owner.bindings[name]), self._names, key)

    def _bound(self, bindings: list[Binding]) -> Type:
        """Return the type that all bindings agree on; an annotation overrules the others."""
        annotated = [b for b in bindings if b.kind == "annotated"]
        if annotated:
            return self._annotated(annotated[0], len(bindings) == 1)
        if len(bindings) > MOST:
            return None
        useful = [
            b for b in bindings if not (b.kind in ("assign", "walrus") and not b.path and is_none(b.value))
        ]
        return unify(map(self.binding, useful))

    def binding(self, binding: Binding) -> Type:
        """Return the type of what a binding binds."""
        match binding.kind:
            case "import":
                return Symbol(canonical(binding.target))
            case "def":
                node = binding.node
                assert isinstance(node, DEFS)
                return Local(node) if not self._replaced(node) else None
            case "class":
                assert isinstance(binding.node, ast.ClassDef)
                return Class(binding.node)
            case "assign" | "walrus":
                return unpack(self.type(binding.value), binding.path)
            case "annotated":
                return self.annotation(binding.value, binding.scope)
            case "for":
                return unpack(elem(self.type(binding.value)), binding.path)
            case "with":
                found = entered(self.type(binding.value))
                return unpack(found, binding.path)
            case "arg":
                assert isinstance(binding.node, ast.arg)
                return self._argument(binding.node, binding.scope)
            case "match":
                return self._captured(binding.node)
            case "other" if isinstance(binding.node, ast.arg) and binding.node.annotation is not None:
                # `*chans: Chan[int]`, or `**chans`, of which values() and items() give the values.
                return Many(self.annotation(binding.node.annotation, binding.scope))
        return None

    def _annotated(self, binding: Binding, alone: bool) -> Type:
        """Return the type of an annotated variable; if nothing else binds it, with the call that makes its value."""
        found = self.annotation(binding.value, binding.scope)
        statement = self.model.parents.get(binding.node)
        value = statement.value if isinstance(statement, ast.AnnAssign) else None
        if value is None or not alone:
            return found
        if found is None and self.symbol(binding.value).endswith("TypeAlias"):
            return self.type(value)
        made = self.type(value)
        if isinstance(found, Instance) and isinstance(made, Instance):
            return replace(found, call=made.call)
        return found

    def _replaced(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Return whether a decorator replaces the function, as `@go` does with None."""
        return any(self.starts_with_decorator(decorator) for decorator in node.decorator_list)

    def starts_with_decorator(self, decorator: ast.expr) -> bool:
        """Return whether a decorator starts the function below it: `@go`, `@wg.go`, `@defer`, `@thread.submit`."""
        match self.type(decorator):
            case Symbol(name):
                return name in ("gochan.go", "gochan.defer", "gochan.run", "gochan.thread.submit")
            case Method(cls, name):
                return (cls, name) in api.STARTING_METHODS
        return isinstance(decorator, ast.Attribute) and decorator.attr in ("go", "try_go")

    def _captured(self, node: ast.AST) -> Type:
        """Return the type of what `case i, value, ok` captures from a select."""
        parent = self.model.parents.get(node)
        case = self.model.parents.get(parent) if parent is not None else None
        statement = self.model.parents.get(case) if case is not None else None
        if not isinstance(parent, ast.MatchSequence) or not isinstance(statement, ast.Match):
            return None
        if len(parent.patterns) != 3 or parent.patterns[1] is not node:
            return None
        index = parent.patterns[0]
        subject = statement.subject
        if isinstance(index, ast.MatchValue) and isinstance(index.value, ast.Constant) and is_call(subject):
            cases = subject.args
            if isinstance(index.value.value, int) and 0 <= index.value.value < len(cases):
                received = cases[index.value.value]
                if is_call(received) and self.type(received.func) == Symbol("gochan.recv") and received.args:
                    return elem(self.type(received.args[0]))
        return None

    def attribute(self, base: Type, attr: str) -> Type:
        """Return what an attribute of something refers to."""
        match base:
            case Symbol(name):
                return Symbol(canonical(f"{name}.{attr}"))
            case Instance(cls):
                if (cls, attr) in api.MEMBERS:
                    return Instance(api.MEMBERS[cls, attr])
                if cls == api.COND and attr == "l":
                    return Instance(api.LOCKER)
                return Method(cls, attr)
            case Object(node) | Class(node):
                return self.member(node, attr, isinstance(base, Object))
        return None

    def member(self, cls: ast.ClassDef, attr: str, bound: bool) -> Type:
        """Return the type of an attribute of a class of this file, or of its instances."""
        for _ in range(MOST):
            bindings = [
                *self.model.inner[cls].bindings.get(attr, ()),
                *self.model.attrs.get(cls, {}).get(attr, ()),
            ]
            if bindings:
                key = (cls, attr)
                found = self._members.get(key)
                if key not in self._members:
                    found = self._ask(key, partial(self._bound, bindings), self._members, key)
                if isinstance(found, Local) and self.model.class_of(found.node) is not None:
                    names = {
                        d.id for d in getattr(found.node, "decorator_list", ()) if isinstance(d, ast.Name)
                    }
                    if names & {"property", "cached_property"}:
                        return self._returned(found.node)
                    return Local(
                        found.node, bound=(bound and "staticmethod" not in names) or "classmethod" in names
                    )
                return found
            parent = self.parent(cls)
            if parent is None:
                return None
            cls = parent
        return None

    def parent(self, cls: ast.ClassDef) -> ast.ClassDef | None:
        """Return the base class of a class of this file, if it has exactly one in this file."""
        parents = [p for p in (self.type(base) for base in cls.bases) if isinstance(p, Class)]
        return parents[0].node if len(parents) == 1 else None

    def _super(self, node: ast.Call) -> Type:
        """Return the type of what `super()` stands for."""
        classes = map(self.model.class_of, self.model.ancestors(node))
        cls = next((found for found in classes if found is not None), None)
        parent = self.parent(cls) if cls is not None else None
        return Object(parent) if parent is not None else None

    def derives(self, cls: ast.ClassDef | None, base: ast.ClassDef | None) -> bool:
        """Return whether cls is base, or inherits from it."""
        for _ in range(MOST):
            if cls is base or cls is None:
                break
            cls = self.parent(cls)
        return cls is base and cls is not None

    def _item(self, node: ast.Subscript) -> Type:
        base = self.type(node.value)
        match base:
            case Symbol(name):
                if name in api.CHANS:
                    return base
                return base if name in api.CLASSES else None
            case Class():
                return base
            case Many(inner):
                return base if isinstance(node.slice, ast.Slice) else inner
            case Fixed() | Instance():
                if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
                    return unpack(base, (node.slice.value,))
        return None

    def _result(self, node: ast.Call) -> Type:
        """Return the type of what a call returns."""
        called = self.type(node.func)
        match called:
            case Symbol(name):
                if name in api.CLASSES:
                    return Instance(name, self._element(node) if name == "gochan.Chan" else None, node)
                if name in api.RETURNS:
                    return Instance(api.RETURNS[name], call=node)
                if (
                    name in ("list", "sorted", "set", "tuple", "reversed", "iter", "collections.deque")
                    and node.args
                ):
                    return Many(elem(self.type(node.args[0])))
                if name == "enumerate" and node.args:
                    return Many(Fixed((None, elem(self.type(node.args[0])))))
                if name == "zip":
                    return Many(Fixed(tuple(elem(self.type(arg)) for arg in node.args[:MOST])))
                if name == "next" and node.args:
                    return elem(self.type(node.args[0]))
                if name == "gochan.port.lib.chan_range" and node.args:
                    return Many(elem(self.type(node.args[0])))
                if name in ("typing.cast", "cast") and len(node.args) == 2:
                    return self.annotation(node.args[0], self.model.scopes[node])
                if name in ("dataclasses.field", "gochan.port.lib.field", "field"):
                    return self._field(node)
                if name in ("functools.partial", "gochan.defers") and node.args:
                    return self.type(node.args[0])
                if name == "super" and not node.args:
                    return self._super(node)
            case Method(cls, name):
                if (cls, f"{name}()") in api.MEMBERS:
                    return Instance(api.MEMBERS[cls, f"{name}()"])
                if cls in api.CHANS and name == "recv" and isinstance(node.func, ast.Attribute):
                    return elem(self.type(node.func.value))
                if cls in api.CHANS and name == "recv_ok" and isinstance(node.func, ast.Attribute):
                    return Fixed((elem(self.type(node.func.value)), None))
            case Class(cls_node):
                return Object(cls_node)
            case Local(function):
                return self._returned(function)
        # A method of a container: d.values(), d.get(k), chans.pop().
        if isinstance(node.func, ast.Attribute) and called is None:
            base = self.type(node.func.value)
            if isinstance(base, Many):
                if node.func.attr in ("values", "copy"):
                    return base
                if node.func.attr == "items":
                    return Many(Fixed((None, base.elem)))
                if node.func.attr in ("get", "pop", "popleft", "setdefault"):
                    return base.elem
        return None

    def _field(self, node: ast.Call) -> Type:
        """Return what a dataclass's `field(default_factory=sync.Mutex)` makes."""
        for keyword in node.keywords:
            if keyword.arg == "default":
                return self.type(keyword.value)
            if keyword.arg == "default_factory":
                match self.type(keyword.value):
                    case Symbol(name) if name in api.CLASSES:
                        return Instance(name)
                    case Local(function):
                        return self._returned(function)
        return None

    def _element(self, node: ast.Call) -> Type:
        if isinstance(node.func, ast.Subscript):
            return self.annotation(node.func.slice, self.model.scopes[node])
        return None

    def _returned(self, function: Function) -> Type:
        """Return the type of what a function of this file returns."""
        if isinstance(function, ast.Lambda):
            return self.type(function.body)
        if isinstance(function, ast.AsyncFunctionDef):
            return None
        scope = self.model.inner[function]
        if function.returns is not None:
            return self.annotation(function.returns, self.model.scopes[function])
        if scope in self.model.yields:
            return None
        returns = self.model.returns.get(scope, [])
        if not returns or len(returns) > MOST:
            return None
        return unify(self.type(r.value) for r in returns if r.value is not None and not is_none(r.value))

    # --- arguments ---

    def _argument(self, arg: ast.arg, scope: Scope) -> Type:
        """Return the type of a parameter: its annotation's, its class, or what the calls in this file pass."""
        function = scope.node
        assert isinstance(function, FUNCTIONS)
        if arg.annotation is not None:
            return self.annotation(arg.annotation, scope)
        positional = [*function.args.posonlyargs, *function.args.args]
        cls = self.model.class_of(function)
        if cls is not None and positional and positional[0] is arg:
            names = {d.id for d in getattr(function, "decorator_list", ()) if isinstance(d, ast.Name)}
            if "staticmethod" not in names:
                return Class(cls) if "classmethod" in names else Object(cls)
        passed: list[ast.expr] = []
        default = _default(function.args, arg)
        if default is not None and not is_none(default):
            passed.append(default)
        shift = 1 if cls is not None else 0
        for args, keywords in self.sites().get(function, ())[:MOST]:
            index = positional.index(arg) - shift if arg in positional else -1
            if 0 <= index < len(args):
                if any(isinstance(a, ast.Starred) for a in args[: index + 1]):
                    return None
                passed.append(args[index])
            passed.extend(k.value for k in keywords if k.arg == arg.arg)
        return unify(self.type(p) for p in passed if not is_none(p)) if passed else None

    def sites(self) -> dict[Function, list[tuple[list[ast.expr], list[ast.keyword]]]]:
        """Return the arguments of the calls of each function of this file, direct ones and those of go(f, x)."""
        if self._sites is None:
            self._sites = {}
            for call in self.model.calls:
                called = self.callee(call.func)
                if called is not None:
                    self._sites.setdefault(called, []).append((call.args, call.keywords))
                for i, arg in enumerate(call.args[:2]):
                    given = self.callee(arg)
                    if given is not None:
                        self._sites.setdefault(given, []).append((call.args[i + 1 :], call.keywords))
        return self._sites

    def callee(self, node: ast.expr) -> Function | None:
        """Return the function of this file that an expression names, from the syntax alone."""
        if isinstance(node, ast.Lambda):
            return node
        if isinstance(node, ast.Name):
            owner = self.model.owner(node.id, self.model.scopes[node])
            bindings = owner.bindings[node.id] if owner is not None else []
            if len(bindings) == 1:
                if bindings[0].kind == "def" and isinstance(bindings[0].node, DEFS):
                    return bindings[0].node
                value = bindings[0].value
                if bindings[0].kind == "assign" and isinstance(value, ast.Lambda):
                    return value
                if bindings[0].kind == "class" and isinstance(bindings[0].node, ast.ClassDef):
                    return self._method(bindings[0].node, "__init__")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            scope = self.model.scopes[node]
            cls = self.model._class_of_self(node.value.id, scope)
            if cls is not None:
                return self._method(cls, node.attr)
            owner = self.model.owner(node.value.id, scope)
            bindings = owner.bindings[node.value.id] if owner is not None else []
            if len(bindings) == 1 and bindings[0].kind == "assign" and is_call(bindings[0].value):
                maker = bindings[0].value.func
                if isinstance(maker, ast.Name):
                    made = self.model.owner(maker.id, bindings[0].scope)
                    classes = made.bindings[maker.id] if made is not None else []
                    if len(classes) == 1 and isinstance(classes[0].node, ast.ClassDef):
                        return self._method(classes[0].node, node.attr)
        return None

    def _method(self, cls: ast.ClassDef, name: str) -> Function | None:
        bindings = self.model.inner[cls].bindings.get(name, [])
        node = bindings[0].node if len(bindings) == 1 else None
        return node if isinstance(node, DEFS) else None

    # --- annotations ---

    def annotation(self, node: ast.expr | None, scope: Scope) -> Type:
        """Return what a variable with this annotation holds."""
        match node:
            case None:
                return None
            case ast.Constant(value=str(text)):
                if node not in self._annotations:
                    self._annotations[node] = self._quoted(text, scope)
                return self._annotations[node]
            case ast.Constant():
                return None
            case ast.Name(id=name):
                return self._annotated_by(self.name(name, scope))
            case ast.Attribute(value=value, attr=attr):
                return self._annotated_by(self.attribute(self._symbol(value, scope), attr))
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                sides = [side for side in (left, right) if not is_none(side)]
                return unify(self.annotation(side, scope) for side in sides)
            case ast.Subscript(value=value, slice=inner):
                return self._generic(value, inner, scope)
        return None

    def _symbol(self, node: ast.expr, scope: Scope) -> Type:
        if isinstance(node, ast.Name):
            return self.name(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self.attribute(self._symbol(node.value, scope), node.attr)
        return None

    def _annotated_by(self, found: Type) -> Type:
        match found:
            case Symbol(name) if name in api.CLASSES:
                return Instance(name)
            case Symbol("gochan.context.CancelFunc" | "gochan.context.CancelCauseFunc"):
                return Instance(api.CANCEL)
            case Class(node):
                return Object(node)
        return None

    def _generic(self, value: ast.expr, inner: ast.expr, scope: Scope) -> Type:
        base = self._symbol(value, scope)
        name = base.name.rpartition(".")[2] if isinstance(base, Symbol) else ""
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if isinstance(base, Symbol) and base.name in api.CHANS:
            return Instance(base.name, self.annotation(inner, scope))
        if isinstance(base, Symbol) and base.name in api.CLASSES:
            return Instance(base.name)
        if isinstance(base, Class):
            return Object(base.node)
        if name in _WRAPPERS and parts:
            return self.annotation(parts[0], scope)
        if name == "Union":
            return unify(self.annotation(part, scope) for part in parts if not is_none(part))
        if name in ("tuple", "Tuple") and len(parts) > 1 and not _is_ellipsis(parts[-1]):
            return Fixed(tuple(self.annotation(part, scope) for part in parts))
        if name in _CONTAINERS and parts:
            return Many(self.annotation(parts[0], scope))
        if name in _MAPPINGS and len(parts) == 2:
            return Many(self.annotation(parts[1], scope))
        return None

    def _quoted(self, text: str, scope: Scope) -> Type:
        try:
            return self.annotation(ast.parse(text.strip(), mode="eval").body, scope)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    # --- shorthands for checks ---

    def symbol(self, node: ast.expr | None) -> str:
        """Return the dotted name that an expression refers to, or ""."""
        found = self.type(node)
        return found.name if isinstance(found, Symbol) else ""

    def method(self, node: ast.expr) -> tuple[str, str]:
        """Return the class and name of the method that an expression refers to, or two empty strings."""
        found = self.type(node)
        return (found.cls, found.name) if isinstance(found, Method) else ("", "")

    def cls(self, node: ast.expr | None) -> str:
        """Return the dotted name of the class that an expression is an instance of, or ""."""
        found = self.type(node)
        return found.cls if isinstance(found, Instance) else ""

    def is_chan(self, node: ast.expr | None) -> bool:
        """Return whether an expression is a channel."""
        return self.cls(node) in api.CHANS


# --- types ---


def unify(types: Iterable[Type]) -> Type:
    """Return the type that all agree on; None if there is no or more than one."""
    found: Type = None
    first = True
    for one in types:
        if first:
            found, first = one, False
        elif one != found:
            if isinstance(one, Instance) and isinstance(found, Instance):
                chans = one.cls in api.CHANS and found.cls in api.CHANS
                if one.cls != found.cls and not chans:
                    return None
                # Different channel types: only that it is a channel is known.
                cls = one.cls if one.cls == found.cls else "gochan.Chan"
                found = Instance(cls, one.elem if one.elem == found.elem else None)
            elif isinstance(one, Many) and isinstance(found, Many):
                found = Many(unify([one.elem, found.elem]))
            else:
                return None
    return found


def unpack(found: Type, path: tuple[int, ...]) -> Type:
    """Return the type of the item at a path of indexes, as when a value is unpacked."""
    for index in path:
        match found:
            case Fixed(items):
                found = items[index] if -len(items) <= index < len(items) and index >= 0 else None
            case Many(inner):
                found = inner if index >= 0 else found
            case Instance(api.PAIR):
                found = Instance(api.CONTEXT) if index == 0 else Instance(api.CANCEL) if index == 1 else None
            case Instance(api.ERRGROUP_PAIR):
                found = Instance(api.GROUP) if index == 0 else Instance(api.CONTEXT) if index == 1 else None
            case _:
                return None
    return found


def elem(found: Type) -> Type:
    """Return the type of the items that iterating over a value, or receiving from it, gives."""
    match found:
        case Many(inner):
            return inner
        case Instance(cls, inner) if cls in api.CHANS:
            return inner
        case Fixed(items):
            return unify(items)
    return None


def entered(found: Type) -> Type:
    """Return the type of what `with ... as` binds."""
    match found:
        case Instance(api.PAIR):
            return Instance(api.CONTEXT)
        case Instance(cls) if cls.startswith("gochan.time.") or cls in api.FOREIGN_CLASSES:
            return Instance(cls)
    return None


def canonical(name: str) -> str:
    """Return the name that api.py uses for something."""
    if name.startswith("gochan.port.lib."):
        head = ".".join(name.split(".")[:4])
        if head in api.PORTED:
            return api.PORTED[head] + name[len(head) :]
        if name.startswith("gochan.port.lib.context."):
            return "gochan.context." + name.rpartition(".")[2]
    elif name == "gochan.port.lib.context":
        return "gochan.context"
    return name


def is_none(node: ast.AST | None) -> bool:
    """Return whether an expression is None, or a port's nil."""
    return (isinstance(node, ast.Constant) and node.value is None) or (
        isinstance(node, ast.Name) and node.id == "nil"
    )


def is_call(node: ast.AST | None) -> TypeGuard[ast.Call]:
    """Return whether a node is a call."""
    return isinstance(node, ast.Call)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _default(args: ast.arguments, arg: ast.arg) -> ast.expr | None:
    positional = [*args.posonlyargs, *args.args]
    if arg in positional:
        index = positional.index(arg) - len(positional) + len(args.defaults)
        return args.defaults[index] if index >= 0 else None
    if arg in args.kwonlyargs:
        return args.kw_defaults[args.kwonlyargs.index(arg)]
    return None
