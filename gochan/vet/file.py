"""A file under check: its model, what its names refer to, which of its functions run as goroutines, its findings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from . import api
from .infer import Class, Inference, Instance, Local, Method, Object, Symbol
from .model import COMPREHENSIONS, DEFS, FUNCTIONS, LOOPS, Binding, Function, Model, Scope

_LONGEST = 40
# Functions that iterate over their argument.
_ITERATING = {"next", "list", "sum", "tuple", "set", "sorted", "max", "min", "any", "all", "dict"}


class Finding(NamedTuple):
    """A mistake at a place in a file; columns are counted from 0."""

    line: int
    column: int
    code: str
    message: str


@dataclass(eq=False)
class Start:
    """A call that makes another function run, or a decorator that does.

    kind is "go"; "run" for the main goroutine; "call" if the same goroutine calls the function, at once or
    later, as with `defer`; or "thread".
    """

    node: ast.AST
    kind: str
    starter: ast.expr
    target: ast.AST
    function: Function | None
    args: list[ast.expr]
    keywords: list[ast.expr]
    scope: Scope


class File:
    """A file that is checked: the data and methods that the checks share."""

    def __init__(self, tree: ast.Module) -> None:
        self.model = Model(tree)
        self.infer = Inference(self.model)
        self.findings: set[Finding] = set()
        self._assignments: dict[ast.AST, ast.Assign | ast.AugAssign | None] = {}
        self._lock_lines: dict[Scope, int] = {}
        self._writers: dict[tuple[Scope, str], set[Scope]] = {}
        self._setters: dict[tuple[ast.ClassDef, str], set[ast.AST]] = {}
        self._leaves: dict[int, tuple[int, int]] = {}
        self._below: dict[ast.AST, list[ast.Call]] = {}

    def report(self, code: str, node: ast.AST, message: str) -> None:
        """Add a finding at a node."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        self.findings.add(Finding(line, column, code, message))

    # --- which functions run how ---

    def starting(self, starter: ast.expr) -> tuple[str, int]:
        """Return how something calls one of its arguments, and the argument's index; ("", 0) if it doesn't."""
        match self.infer.type(starter):
            case Symbol(name):
                if name in api.STARTERS:
                    return "go", api.STARTERS[name]
                if name in api.RUNNERS:
                    return "run", api.RUNNERS[name]
                if name in api.CALLERS:
                    return ("thread" if name == "gochan.thread.call" else "call"), api.CALLERS[name]
            case Method(cls, name):
                if (cls, name) in api.STARTING_METHODS:
                    return "go", api.STARTING_METHODS[cls, name]
                if (cls, name) in api.CALLING_METHODS:
                    return "call", api.CALLING_METHODS[cls, name]
            case None if isinstance(starter, ast.Attribute) and starter.attr in ("go", "try_go"):
                # A WaitGroup or errgroup.Group that came from somewhere else.
                return "go", 0
        return "", 0

    @cached_property
    def starts(self) -> list[Start]:
        """All calls and decorators that make a function run."""
        found = []
        scopes = self.model.scopes
        for call in self.model.calls:
            kind, index = self.starting(call.func)
            if kind and index < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args[:1]):
                target: ast.expr = call.args[index]
                args = call.args[index + 1 :]
                keywords = [k.value for k in call.keywords]
                match target:
                    case ast.Call(func=func, args=[first, *rest], keywords=more) if self.infer.symbol(
                        func
                    ) == "functools.partial" and not isinstance(first, ast.Starred):
                        # It calls that function, in the same way.
                        target, args = first, [*rest, *args]
                        keywords += [k.value for k in more]
                if kind == "run" and index == 0 and self.infer.symbol(target) in api.RUNNERS and args:
                    # run(synctest.test, main)
                    target, args = args[0], args[1:]
                function = self.function(target)
                found.append(Start(call, kind, call.func, target, function, args, keywords, scopes[call]))
        for function in self.model.functions:
            for decorator in getattr(function, "decorator_list", ()):
                kind, index = self.starting(decorator)
                if kind and index == 0:
                    pass
                elif self._is_gochan_mark(decorator):
                    kind = "run"
                else:
                    continue
                found.append(Start(function, kind, decorator, function, function, [], [], scopes[function]))
        return found

    def _is_gochan_mark(self, decorator: ast.expr) -> bool:
        mark = decorator.func if isinstance(decorator, ast.Call) else decorator
        return self.infer.symbol(mark) in ("pytest.mark.gochan", "pytest.mark.explore")

    def function(self, node: ast.AST) -> Function | None:
        """Return the function of this file that an expression refers to."""
        if isinstance(node, DEFS):
            return node
        if isinstance(node, ast.expr):
            match self.infer.type(node):
                case Local(function):
                    return function
                case Class(cls):
                    return self._method(cls, "__init__")
                case Object(cls):
                    return self._method(cls, "__call__")
        return None

    def _method(self, cls: ast.ClassDef, name: str) -> Function | None:
        found = self.infer.member(cls, name, True)
        return found.node if isinstance(found, Local) else None

    def value(self, node: ast.expr) -> ast.expr:
        """Return the value of a variable or attribute that is assigned once; else the expression itself."""
        bindings: list[Binding] = []
        if isinstance(node, ast.Name):
            owner = self.model.owner(node.id, self.model.scopes[node])
            bindings = owner.bindings[node.id] if owner is not None else []
        elif isinstance(node, ast.Attribute):
            match self.infer.type(node.value):
                # A base class may replace an assigned value with another one, as Enum does.
                case Class(cls) | Object(cls) if not cls.bases:
                    bindings = [
                        *self.model.inner[cls].bindings.get(node.attr, ()),
                        *self.model.attrs.get(cls, {}).get(node.attr, ()),
                    ]
        if len(bindings) != 1 or bindings[0].path:
            return node
        if bindings[0].kind == "annotated":
            statement = self.model.parents.get(bindings[0].node)
            in_class = bindings[0].scope.kind == "class"
            assigned = statement.value if isinstance(statement, ast.AnnAssign) and not in_class else None
            return assigned or node
        return bindings[0].value or node if bindings[0].kind in ("assign", "walrus") else node

    @cached_property
    def calls_in(self) -> dict[Scope, list[ast.Call]]:
        """The calls in each function's own code, in source order."""
        found: dict[Scope, list[ast.Call]] = {}
        for call in self.model.calls:
            found.setdefault(self.model.scopes[call].function(), []).append(call)
        return found

    @cached_property
    def recovering(self) -> set[ast.AST]:
        """The functions that call or defer recover, also in a nested function."""
        found: set[ast.AST] = set()
        for call in self.model.calls:
            names = [self.infer.symbol(call.func), *(self.infer.symbol(arg) for arg in call.args[:1])]
            if "gochan.recover" in names or "gochan.port.lib.catch" in names:
                for parent in self.model.ancestors(call):
                    if isinstance(parent, FUNCTIONS):
                        found.add(parent)
        return found

    @cached_property
    def unlocking(self) -> set[ast.AST]:
        """The functions in which something is unlocked."""
        found: set[ast.AST] = set()
        for node in self.model.attributes:
            if node.attr in ("unlock", "runlock"):
                found.update(parent for parent in self.model.ancestors(node) if isinstance(parent, FUNCTIONS))
        return found

    def loads(self, name: str, owner: Scope) -> list[ast.Name]:
        """Return the places that read a name which is bound in owner."""
        return self._loads.get((owner, name), [])

    @cached_property
    def _loads(self) -> dict[tuple[Scope, str], list[ast.Name]]:
        found: dict[tuple[Scope, str], list[ast.Name]] = {}
        for node in self.model.names:
            if isinstance(node.ctx, ast.Load):
                owner = self.model.owner(node.id, self.model.scopes[node])
                if owner is not None:
                    found.setdefault((owner, node.id), []).append(node)
        return found

    def writers(self, name: str, owner: Scope) -> set[Scope]:
        """Return the functions that bind a name that belongs to owner."""
        if (owner, name) not in self._writers:
            self._writers[owner, name] = {b.scope.function() for b in owner.bindings[name]}
        return self._writers[owner, name]

    def methods_that_set(self, cls: ast.ClassDef, attr: str) -> set[ast.AST]:
        """Return the methods, except __init__, that assign an attribute of their object."""
        if (cls, attr) not in self._setters:
            bindings = self.model.attrs.get(cls, {}).get(attr, ())
            methods = {b.scope.function().node for b in bindings}
            self._setters[cls, attr] = {m for m in methods if getattr(m, "name", "") != "__init__"}
        return self._setters[cls, attr]

    def waits_in(self, scope: Scope) -> list[tuple[int, int]]:
        """Return where a function's own code waits, other than to send, lock or start; and where it yields."""
        return self._waits_in.get(scope, [])

    @cached_property
    def _waits_in(self) -> dict[Scope, list[tuple[int, int]]]:
        found: dict[Scope, list[tuple[int, int]]] = {}
        for call in self.model.calls:
            if self.waits(call):
                called = self.infer.type(call.func)
                if not isinstance(called, Method) or called.name not in (
                    "send",
                    "lock",
                    "rlock",
                    "go",
                    "acquire",
                ):
                    scope = self.model.scopes[call].function()
                    found.setdefault(scope, []).append((call.lineno, call.col_offset))
        for node in self.model.of(ast.For, ast.Yield, ast.YieldFrom):
            if not isinstance(node, ast.For) or self.infer.is_chan(node.iter):
                scope = self.model.scopes[node].function()
                found.setdefault(scope, []).append(
                    (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
                )
        for places in found.values():
            places.sort()
        return found

    @cached_property
    def unlocks(self) -> dict[str, int]:
        """How often each name has the attribute `unlock` or `runlock`; "" counts other expressions."""
        found: dict[str, int] = {}
        for node in self.model.attributes:
            if node.attr in ("unlock", "runlock"):
                last = key(node.value).rpartition(".")[2]
                found[last] = found.get(last, 0) + 1
        return found

    @cached_property
    def passed(self) -> set[str]:
        """The last parts of all variables and attributes that are arguments of a call."""
        return {
            key(arg).rpartition(".")[2]
            for call in self.model.calls
            for arg in [*call.args, *(k.value for k in call.keywords)]
        }

    @cached_property
    def function_names(self) -> set[str]:
        """The names of all functions and methods of this file."""
        return {f.name for f in self.model.functions if isinstance(f, DEFS)}

    def leaves(self, block: list[ast.stmt]) -> tuple[int, int]:
        """Return where a block's last return, break or raise stands; (0, 0) if it has none."""
        if id(block) not in self._leaves:
            found = (0, 0)
            for statement in block:
                if isinstance(statement, (ast.Return, ast.Break, ast.Raise)):
                    found = (statement.lineno, statement.col_offset)
            self._leaves[id(block)] = found
        return self._leaves[id(block)]

    @cached_property
    def virtual(self) -> bool:
        """Whether the file uses a virtual clock, where a sleep of hours takes no time."""
        return (
            any(
                b.kind == "import" and b.target.startswith("gochan.synctest")
                for scope in self.model.inner.values()
                for bindings in scope.bindings.values()
                for b in bindings
            )
            or any(a.attr == "synctest" for a in self.model.attributes)
            or any(
                self._is_gochan_mark(d)
                and isinstance(d, ast.Call)
                and any(k.arg == "synctest" for k in d.keywords)
                for f in self.model.functions
                for d in getattr(f, "decorator_list", ())
            )
        )

    def calls_below(self, function: ast.AST) -> list[ast.Call]:
        """Return the calls in a function, those of nested functions included."""
        if function not in self._below:
            calls = [c for c in self.model.within(function, function=True) if isinstance(c, ast.Call)]
            self._below[function] = calls
        return self._below[function]

    @cached_property
    def starts_of(self) -> dict[Function, list[Start]]:
        """How each function of this file is made to run."""
        found: dict[Function, list[Start]] = {}
        for start in self.starts:
            if start.function is not None:
                found.setdefault(start.function, []).append(start)
        return found

    def getter(self, node: ast.Attribute) -> Function | None:
        """Return the property that reading an attribute calls."""
        match self.infer.type(node.value):
            case Object(cls):
                bindings = self.model.inner[cls].bindings.get(node.attr, ())
                for binding in bindings[:1]:
                    decorators = getattr(binding.node, "decorator_list", ())
                    if isinstance(binding.node, ast.FunctionDef) and any(
                        self.infer.symbol(d) in ("property", "functools.cached_property") for d in decorators
                    ):
                        return binding.node
        return None

    @cached_property
    def called_implicitly(self) -> dict[Function, list[ast.AST]]:
        """The places that call a property by reading it, or `__enter__` and `__exit__` by a with statement."""
        found: dict[Function, list[ast.AST]] = {}
        for read in self.model.attributes:
            function = self.getter(read) if isinstance(read.ctx, ast.Load) else None
            if function is not None:
                found.setdefault(function, []).append(read)
        for node in self.model.of(ast.With):
            assert isinstance(node, ast.With)
            for item in node.items:
                match self.infer.type(item.context_expr):
                    case Object(cls):
                        for name in ("__enter__", "__exit__"):
                            function = self._method(cls, name)
                            if function is not None:
                                found.setdefault(function, []).append(item.context_expr)
        return found

    @cached_property
    def called(self) -> dict[Function, list[ast.Call]]:
        """The plain calls of each function of this file."""
        found: dict[Function, list[ast.Call]] = {}
        for call in self.model.calls:
            function = self.function(call.func)
            if function is not None:
                found.setdefault(function, []).append(call)
        return found

    @cached_property
    def _callees(self) -> dict[Scope, list[Function]]:
        found: dict[Scope, list[Function]] = {}
        for function, calls in self.called.items():
            for call in calls:
                found.setdefault(self.model.scopes[call].function(), []).append(function)
        for function, starts in self.starts_of.items():
            for start in starts:
                if start.kind == "call":
                    found.setdefault(start.scope.function(), []).append(function)
        return found

    def _reach(self, roots: list[Function]) -> set[Function]:
        reached: set[Function] = set(roots)
        while roots:
            inner = self.model.inner[roots.pop()]
            for callee in self._callees.get(inner, ()):
                if callee not in reached and not isinstance(callee, ast.AsyncFunctionDef):
                    reached.add(callee)
                    roots.append(callee)
        return reached

    @cached_property
    def goroutines(self) -> set[Function]:
        """The functions that run in a goroutine that `go` or the like starts, and those that they call."""
        roots = [f for f, starts in self.starts_of.items() if any(s.kind == "go" for s in starts)]
        return self._reach([f for f in roots if not isinstance(f, ast.AsyncFunctionDef)])

    @cached_property
    def beside_others(self) -> list[tuple[Function | None, int]]:
        """The code that the main goroutine runs after it has started another: functions, with the first line.

        The function is None for the module's own code.
        """
        found: dict[Function | None, int] = {}
        first: dict[Scope, int] = {}
        for start in self.starts:
            if start.kind == "go":
                scope, line = start.scope.function(), getattr(start.node, "lineno", 0)
                first[scope] = min(first.get(scope, line), line)
        after: dict[Scope, list[Function]] = {}
        for function, calls in self.called.items():
            for call in calls:
                scope = self.model.scopes[call].function()
                if call.lineno > first.get(scope, call.lineno) and not isinstance(
                    function, ast.AsyncFunctionDef
                ):
                    after.setdefault(scope, []).append(function)
        for start in self.starts:
            if start.kind == "call" and start.function is not None:
                scope, line = start.scope.function(), getattr(start.node, "lineno", 0)
                if line > first.get(scope, line) and not isinstance(start.function, ast.AsyncFunctionDef):
                    after.setdefault(scope, []).append(start.function)
        roots: list[Function] = []
        mains: list[Function | None] = [None]
        mains += [f for f, starts in self.starts_of.items() if any(s.kind == "run" for s in starts)]
        for main in mains:
            scope = self.model.module if main is None else self.model.inner[main]
            if scope in first:
                found[main] = first[scope]
                roots += after.get(scope, ())
        for function in self._reach(list(dict.fromkeys(roots))):
            found.setdefault(function, 0)
        return list(found.items())

    # --- waits ---

    def waits(self, node: ast.AST) -> bool:
        """Return whether other goroutines run during this call: it waits, or calls a function here that does."""
        if not isinstance(node, ast.Call):
            return False
        if self.waits_itself(node):
            return True
        function = self.function(node.func)
        return function is not None and function in self.waiting

    def receives(self, node: ast.AST) -> bool:
        """Return whether iterating over a node receives: it is a channel, or a comprehension over one."""
        if isinstance(node, COMPREHENSIONS):
            node = node.generators[0].iter
        return isinstance(node, ast.expr) and self.infer.is_chan(node)

    def waits_itself(self, node: ast.Call) -> bool:
        """Return whether this is a call of gochan's that waits."""
        found = self.infer.type(node.func)
        if isinstance(found, Symbol):
            if found.name in api.WAITS:
                # With a default, it takes what is ready at once.
                return not any(self.infer.symbol(arg) == "gochan.default" for arg in node.args)
            if found.name in api.AWAITED:
                return isinstance(self.model.parents.get(node), ast.Await)
            if found.name in _ITERATING and node.args:
                return self.receives(node.args[0])
        elif isinstance(found, Method):
            return (found.cls, found.name) in api.WAITING_METHODS
        elif found is None and isinstance(node.func, ast.Attribute):
            return node.func.attr in ("recv", "recv_ok") and not node.args and not node.keywords
        return False

    @cached_property
    def waiting(self) -> set[Function]:
        """The functions of this file that wait when they are called."""
        callers: dict[Function, list[Function]] = {}
        found: list[Function] = []
        direct = set()
        for call in self.model.calls:
            scope = self.model.scopes[call].function()
            if isinstance(scope.node, FUNCTIONS) and self.waits_itself(call):
                direct.add(scope.node)
        for loop in self.model.of(ast.For):
            assert isinstance(loop, ast.For)
            scope = self.model.scopes[loop].function()
            if isinstance(scope.node, FUNCTIONS) and self.infer.is_chan(loop.iter):
                direct.add(scope.node)
        for function, calls in self.called.items():
            for call in calls:
                caller = self.model.scopes[call].function().node
                if isinstance(caller, FUNCTIONS):
                    callers.setdefault(function, []).append(caller)
        plain = [
            f
            for f in direct
            if not isinstance(f, ast.AsyncFunctionDef) and self.model.inner[f] not in self.model.yields
        ]
        found.extend(plain)
        reached: set[Function] = set(plain)
        while found:
            for caller in callers.get(found.pop(), ()):
                if caller not in reached and not isinstance(caller, ast.AsyncFunctionDef):
                    reached.add(caller)
                    found.append(caller)
        return reached

    def assignment_of(self, call: ast.expr) -> ast.Assign | ast.AugAssign | None:
        """Return the assignment whose value an expression is evaluated in."""
        path: list[ast.AST] = []
        here: ast.AST = call
        while here not in self._assignments:
            parent = self.model.parents.get(here)
            path.append(here)
            if isinstance(parent, (ast.Assign, ast.AugAssign)) and parent.value is here:
                found: ast.Assign | ast.AugAssign | None = parent
                break
            if parent is None or isinstance(parent, (ast.stmt, *FUNCTIONS)):
                found = None
                break
            here = parent
        else:
            found = self._assignments[here]
        for node in path:
            self._assignments[node] = found
        return found

    # --- places ---

    def function_of(self, node: ast.AST) -> Function | None:
        """Return the function in whose own code a node stands; None in a module's or class's."""
        scope = self.model.scopes[node].function()
        return scope.node if isinstance(scope.node, FUNCTIONS) else None

    def loops_around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the loops of the same function whose body a node is in, innermost first."""
        child = node
        for parent in self.model.ancestors(node):
            if isinstance(parent, (*FUNCTIONS, ast.ClassDef)):
                return
            if (
                isinstance(parent, LOOPS)
                and child not in parent.orelse
                and child is not getattr(parent, "iter", None)
            ):
                yield parent
            child = parent

    def locked(self, node: ast.AST) -> bool:
        """Return whether a node is in a `with` of a lock, or after a call of lock() in its function."""
        for parent in self.model.ancestors(node):
            if isinstance(parent, FUNCTIONS):
                break
            if isinstance(parent, (ast.With, ast.AsyncWith)) and any(
                self.is_lock(item.context_expr) for item in parent.items
            ):
                return True
        scope = self.model.scopes[node].function()
        if scope not in self._lock_lines:
            self._lock_lines[scope] = min(
                (
                    call.lineno
                    for call in self.calls_in.get(scope, ())
                    if isinstance(call.func, ast.Attribute) and call.func.attr in ("lock", "acquire")
                ),
                default=1 << 62,
            )
        return self._lock_lines[scope] <= getattr(node, "lineno", 0)

    def is_lock(self, node: ast.expr) -> bool:
        """Return whether an expression is, or looks like, a lock."""
        found = self.infer.type(node)
        if isinstance(found, Instance):
            return found.cls in api.LOCKS or found.cls in api.THREAD_LOCKS
        name = key(node).rpartition(".")[2].lower()
        return found is None and (name in ("l", "mu") or "lock" in name or "mutex" in name)

    def block_of(self, statement: ast.stmt) -> list[ast.stmt] | None:
        """Return the list of statements that a statement is in."""
        for block in self.blocks(self.model.parents[statement]):
            if statement in block:
                return block
        return None

    def blocks(self, node: ast.AST) -> Iterator[list[ast.stmt]]:
        """Yield the lists of statements of a compound statement."""
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield block
        for part in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]:
            yield part.body


def text(node: ast.AST) -> str:
    """Return an expression as the user wrote it, on one line and not too long."""
    if isinstance(node, DEFS):
        return node.name
    if isinstance(node, ast.Lambda):
        return "the lambda"
    try:
        written = " ".join(ast.unparse(node).split())
    except RecursionError:
        return "..."
    return written if len(written) <= _LONGEST else written[: _LONGEST - 3] + "..."


def position(node: ast.AST | None) -> tuple[int, int]:
    """Return where a node begins, to compare it with others; (0, 0) for None."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def key(node: ast.AST | None) -> str:
    """Return a text that identifies a variable, attribute or item; "" for any other expression."""
    parts: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            parts.append("." + node.attr)
        elif isinstance(node.slice, (ast.Name, ast.Constant)):
            parts.append(f"[{ast.unparse(node.slice)}]")
        else:
            return ""
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return node.id + "".join(reversed(parts))
