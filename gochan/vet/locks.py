"""Checks of locks: GOC301 to GOC303, GOC306."""

from __future__ import annotations

import ast

from . import api
from .channels import expects_panic
from .file import File, key, text
from .flow import Flow, State, TooManyStates
from .infer import is_call
from .model import DEFS, FUNCTIONS, Function

# Method -> the kind of lock, and what it does.
_ACTS = {"lock": ("", "lock"), "unlock": ("", "unlock"), "rlock": ("r", "lock"), "runlock": ("r", "unlock")}
_OPPOSITE = {"lock": "unlock", "unlock": "lock", "rlock": "runlock", "runlock": "rlock"}
# Functions with such a name may return with the lock held, or unlock a lock of their caller.
_WRAPPERS = ("lock", "acquire", "enter", "unlock", "release", "exit", "begin")


def check(file: File) -> None:
    """Run all checks of this family."""
    _paths(file)
    _cond_waits(file)


# --- GOC301, GOC302, GOC303 ---


def _paths(file: File) -> None:
    by_function: dict[Function, list[ast.Call]] = {}
    withs: dict[Function, int] = {}
    for call in file.model.calls:
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr in _ACTS
            and _is_lock(file, call.func.value)
        ):
            function = file.function_of(call)
            if function is not None and not isinstance(function, ast.Lambda):
                by_function.setdefault(function, []).append(call)
    for node in file.model.of(ast.With):
        function = file.function_of(node)
        if isinstance(node, ast.With) and function is not None and not isinstance(function, ast.Lambda):
            if any(
                _is_lock(file, e) or _read_side(file, e) for e in (item.context_expr for item in node.items)
            ):
                withs[function] = withs.get(function, 0) + len(node.items)
    for function in {**by_function, **withs}:
        calls = by_function.get(function, [])
        if not calls and withs.get(function, 0) < 2 and not _calls_locking(file, function):
            continue
        _mismatched(file, function, calls)
        assert isinstance(function, DEFS)
        flow = _LockFlow(file, function, calls)
        try:
            flow.run(function.body, frozenset())
        except TooManyStates:
            continue
        flow.report()


def _calls_locking(file: File, function: Function) -> bool:
    """Return whether a function uses a function or property of this file that begins with a lock."""
    called = [
        *(file.function(call.func) for call in file.calls_below(function)),
        *(file.getter(node) for node in file.model.within(function) if isinstance(node, ast.Attribute)),
    ]
    return any(other is not None and _locks_first(file, other) for other in called)


def _locks_first(file: File, function: Function) -> dict[str, tuple[ast.expr, int]]:
    """Return the mutexes that a function always locks first, each with the expression and the line."""
    found: dict[str, tuple[ast.expr, int]] = {}
    if not isinstance(function, ast.FunctionDef) or file.model.inner[function] in file.model.yields:
        return found
    for statement in function.body:
        match statement:
            case ast.With(items=items):
                locks = [item.context_expr for item in items]
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=value, attr="lock"))):
                locks = [value]
            case ast.Expr(value=ast.Constant()):
                continue
            case _:
                break
        for lock in locks:
            if file.infer.cls(lock) in (api.MUTEX, api.RWMUTEX) and key(lock):
                found[key(lock)] = (lock, lock.lineno)
        break
    return found


def _read_side(file: File, node: ast.expr) -> str:
    """Return the RWMutex whose read side an expression makes: `mu.rlocker()`; "" if it makes none."""
    match node:
        case ast.Call(func=ast.Attribute(value=lock, attr="rlocker")) if file.infer.cls(lock) == api.RWMUTEX:
            return key(lock)
    return ""


def _is_lock(file: File, node: ast.expr) -> bool:
    return file.infer.cls(node) in api.LOCKS and bool(key(node))


def _mismatched(file: File, function: Function, calls: list[ast.Call]) -> None:
    """Report `unlock` of a lock that only `rlock` has locked, and the reverse."""
    kinds: dict[str, dict[str, ast.Call]] = {}
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        kinds.setdefault(key(call.func.value), {}).setdefault(call.func.attr, call)
    for call in file.calls_below(function):
        if file.infer.symbol(call.func) == "gochan.defer" and call.args:
            target = call.args[0]
            if isinstance(target, ast.Attribute) and target.attr in _ACTS and key(target.value) in kinds:
                kinds[key(target.value)].setdefault(target.attr, call)
    for name, found in kinds.items():
        if set(found) in ({"rlock", "unlock"}, {"lock", "runlock"}):
            wrong = "unlock" if "unlock" in found else "runlock"
            right = "runlock" if wrong == "unlock" else "unlock"
            if not expects_panic(file, found[wrong]):
                file.report(
                    "GOC303",
                    found[wrong],
                    f"{name}.{_OPPOSITE[right]} is undone by {name}.{right}, not by {name}.{wrong}, which panics",
                )


class _LockFlow(Flow):
    """Facts: ("held", lock, kind, call) after lock(), ("free", lock, kind) after unlock()."""

    def __init__(self, file: File, function: Function, calls: list[ast.Call]) -> None:
        super().__init__()
        self.file = file
        self.function = function
        self.calls = calls
        self.twice: dict[ast.AST, tuple[str, int]] = {}
        self.once: set[ast.AST] = set()
        self.unlocked: dict[ast.AST, tuple[str, bool]] = {}
        # Calls of functions that lock a held lock again: the lock, and the lines of both locks.
        self.again: dict[ast.AST, tuple[str, int, int]] = {}
        # The locks that the function unlocks before it locks them: its caller has locked them.
        self.given: set[tuple[str, str]] = set()
        # The locks that deferred or nested code unlocks; and those of them that it may unlock before the
        # function ends.
        self.deferred: set[tuple[str, str]] = set()
        self.elsewhere: set[tuple[str, str]] = set()
        self._find_deferred()
        self.locks = {c: key(c.func.value) for c in calls if isinstance(c.func, ast.Attribute)}
        self.names = set(self.locks.values())
        # Statement or expression -> what it does with locks, in order.
        self._cache: dict[ast.AST, list[ast.Call | ast.Attribute]] = {}

    def _find_deferred(self) -> None:
        """Find the locks that deferred or nested code unlocks, or code that `mu.unlock` is passed to."""
        inner = self.file.model.inner[self.function]
        for node in self.file.model.within(self.function, function=True):
            if isinstance(node, ast.Attribute) and node.attr in ("unlock", "runlock"):
                parent = self.file.model.parents[node]
                plain = is_call(parent) and parent.func is node
                if not plain or self.file.model.scopes[node].function() is not inner:
                    lock = key(node.value), "r" if node.attr == "runlock" else ""
                    self.deferred.add(lock)
                    if not self._until_the_end(node):
                        self.elsewhere.add(lock)

    def _until_the_end(self, node: ast.AST) -> bool:
        """Return whether an unlock is in a call of defer, so that the lock is held until the function ends."""
        for parent in self.file.model.ancestors(node):
            if parent is self.function:
                break
            if is_call(parent) and self.file.infer.symbol(parent.func) == "gochan.defer":
                return self.file.function_of(parent) is self.function
        return False

    def events(self, node: ast.AST) -> list[ast.Call | ast.Attribute]:
        """Return the calls of an expression or simple statement that matter, and the properties, in order."""
        if node not in self._cache:
            found: list[ast.Call | ast.Attribute] = []
            if not isinstance(node, FUNCTIONS):
                found = [
                    n
                    for n in self.file.model.within(node)
                    if isinstance(n, ast.Call) or (isinstance(n, ast.Attribute) and self.file.getter(n))
                ]
                found.sort(key=lambda n: (n.end_lineno or 0, n.end_col_offset or 0))
            self._cache[node] = found
        return self._cache[node]

    def step(self, node: ast.AST, state: State) -> State:
        for call in self.events(node):
            if isinstance(call, ast.Attribute):
                if (getter := self.file.getter(call)) is not None:
                    self._lock_again(call, call, getter, state)
                continue
            if (deferred := self._defers(call)) is not None:
                state |= {("deferred", *deferred, call)}
            elif call in self.locks and isinstance(call.func, ast.Attribute):
                kind, act = _ACTS[call.func.attr]
                state = self._act(call, self.locks[call], kind, act, state)
            elif isinstance(call.func, ast.Attribute) and call.func.attr in ("try_lock", "try_rlock"):
                state = frozenset(
                    fact for fact in state if not (isinstance(fact, tuple) and fact[0] == "free")
                )
            elif self.file.waits(call) or self.file.function(call.func) is not None:
                # Other goroutines run, or the called function may unlock.
                state = frozenset(
                    fact for fact in state if not (isinstance(fact, tuple) and fact[0] == "free")
                )
                function = self.file.function(call.func)
                if function is not None:
                    self._lock_again(call, call.func, function, state)
                    if self._touches(function):
                        state = frozenset()
        return state

    def _defers(self, call: ast.Call) -> tuple[str, str] | None:
        """Return the lock, and its kind, that a call of defer unlocks."""
        if self.file.infer.symbol(call.func) != "gochan.defer" or len(call.args) != 1:
            return None
        match call.args[0]:
            case ast.Attribute(value=lock, attr="unlock" | "runlock" as act) if _is_lock(self.file, lock):
                return key(lock), _ACTS[act][0]
        return None

    def _lock_again(self, call: ast.expr, callee: ast.expr, function: Function, state: State) -> None:
        """Note a call of a function that begins by locking a lock that is held here."""
        for name, (lock, line) in _locks_first(self.file, function).items():
            owner = self.file.model.owner(name.partition(".")[0], self.file.model.scopes[lock])
            mine = self.file.model.owner(name.partition(".")[0], self.file.model.scopes[call])
            # A function that calls itself has new variables in that call.
            new = owner is not None and self.file.model.inner[function] in owner.chain()
            if (new or owner is not mine) and not (
                name.startswith("self.") and self._own_method(callee, function, name)
            ):
                continue
            for fact in state:
                if isinstance(fact, tuple) and fact[:3] == ("held", name, ""):
                    self.again[call] = (name, getattr(fact[3], "lineno", 0), line)

    def _own_method(self, callee: ast.expr, function: Function, lock: str) -> bool:
        """Return whether a call is of a method of self, or of super(), and `lock` names the same lock in both."""
        match callee:
            case ast.Attribute(value=ast.Name(id="self") | ast.Call(func=ast.Name(id="super"), args=[])):
                mine, its = self.file.model.class_of(self.function), self.file.model.class_of(function)
                # A private name belongs to one class.
                return mine is its or (".__" not in lock and self.file.infer.derives(mine, its))
        return False

    def _touches(self, function: Function) -> bool:
        """Return whether a function of this file unlocks, so that the caller's locks are no longer known."""
        return function in self.file.unlocking

    def _act(self, call: ast.Call, name: str, kind: str, act: str, state: State) -> State:
        held = [f for f in state if isinstance(f, tuple) and f[:3] == ("held", name, kind)]
        if act == "lock":
            # A goroutine that holds the lock for reading and locks it for writing, or the reverse, waits for
            # itself.
            other = "" if kind else "r"
            waits = [] if kind else [*held]
            waits += [f for f in state if isinstance(f, tuple) and f[:3] == ("held", name, other)]
            if waits and not self._is_read_side(call):
                held = waits
                self.twice[call] = (name, getattr(held[0][3], "lineno", 0))
            else:
                self.once.add(call)
            return self._hold(state, name, kind, call)
        return self._unlock(call, name, kind, state)

    def _unlock(self, node: ast.AST, name: str, kind: str, state: State) -> State:
        held = [f for f in state if isinstance(f, tuple) and f[:3] == ("held", name, kind)]
        free = ("free", name, kind) in state
        seen = self.unlocked.get(node, (name, True))
        self.unlocked[node] = (name, seen[1] and free)
        if not held and not free:
            self.given.add((name, kind))
        rest = frozenset(f for f in state if f not in held)
        # There may be several readers, and each unlocks once.
        several = self._is_read_side(node) or ("several", name) in state or (kind and not held)
        return rest if several else rest | {("free", name, kind)}

    def _is_read_side(self, node: ast.AST) -> bool:
        """Return whether a lock, or the lock of a method call, is from rlocker(): several may hold it."""
        lock = node.func.value if is_call(node) and isinstance(node.func, ast.Attribute) else node
        return isinstance(lock, ast.expr) and self.file.infer.cls(lock) == api.RLOCKER

    @staticmethod
    def _hold(state: State, name: str, kind: str, node: ast.AST) -> State:
        if kind and any(isinstance(f, tuple) and f[:3] == ("held", name, kind) for f in state):
            state |= {("several", name)}
        rest = {
            f
            for f in state
            if not (isinstance(f, tuple) and f[0] in ("held", "free") and f[1:3] == (name, kind))
        }
        return frozenset({*rest, ("held", name, kind, node)})

    def branch(self, test: ast.expr, state: State, taken: bool) -> State:
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.branch(test.operand, state, not taken)
        if (
            taken
            and is_call(test)
            and isinstance(test.func, ast.Attribute)
            and test.func.attr in ("try_lock", "try_rlock")
        ):
            name = key(test.func.value)
            if name in self.names and _is_lock(self.file, test.func.value):
                return self._hold(state, name, "r" if test.func.attr == "try_rlock" else "", test)
        return state

    def entered(self, item: ast.withitem, state: State) -> State:
        node = item.context_expr
        if read := _read_side(self.file, node):
            for fact in state:
                if isinstance(fact, tuple) and fact[:3] == ("held", read, ""):
                    self.twice[node] = (read, getattr(fact[3], "lineno", 0))
            return state | {("held", read, "r", node)}
        if not _is_lock(self.file, node):
            return state
        name = key(node)
        held = [f for f in state if isinstance(f, tuple) and f[:2] == ("held", name)]
        if held and not self._is_read_side(item.context_expr):
            self.twice[node] = (name, getattr(held[0][3], "lineno", 0))
            return state
        self.once.add(node)
        return self._hold(state, name, "", node)

    def left(self, item: ast.withitem, state: State) -> State:
        node = item.context_expr
        if read := _read_side(self.file, node):
            return state - {("held", read, "r", node)}
        if node in self.twice or not _is_lock(self.file, node):
            return state
        # The end of the `with` unlocks the lock, no matter where it was locked.
        return self._unlock(node, key(node), "", state)

    def _ends_program(self, statement: ast.stmt) -> bool:
        """Return whether a statement ends the whole program, so that no goroutine waits for a lock."""
        call = statement.value if isinstance(statement, ast.Expr) else None
        return is_call(call) and self.file.infer.symbol(call.func) in api.ENDS

    def never_returns(self, statement: ast.stmt) -> bool:
        call = statement.value if isinstance(statement, ast.Expr) else None
        return is_call(call) and self.file.infer.symbol(call.func) in api.NORETURN

    def report(self) -> None:
        """Report the mistakes that were found on the paths."""
        file = self.file
        for node, (name, line) in self.twice.items():
            # The lock may be used as a semaphore, which another goroutine unlocks.
            if node not in self.once and (name, "") not in self.elsewhere and not expects_panic(file, node):
                file.report(
                    "GOC302",
                    node,
                    f"{name} is locked already, on line {line}: it is not reentrant, and this waits forever",
                )
        for node, (name, line, other) in self.again.items():
            if (name, "") not in self.elsewhere and not expects_panic(file, node):
                file.report(
                    "GOC302",
                    node,
                    f"{name} is locked already, on line {line}, and {text(node)} locks it again, on line "
                    f"{other}: this waits forever",
                )
        for node, (name, free) in self.unlocked.items():
            if free and not expects_panic(file, node):
                what = "this" if isinstance(node, ast.Call) else "the end of the with"
                file.report(
                    "GOC303",
                    node,
                    f"{name} is not locked here: it was unlocked before on this path, so {what} panics",
                )
        self._report_deferred()
        lost: dict[ast.Call, tuple[str, str, str, int]] = {}
        for statement, kind, state in self.ends:
            if statement is not None and self._ends_program(statement):
                continue
            for fact in state:
                if isinstance(fact, tuple) and fact[0] == "held" and isinstance(fact[3], ast.Call):
                    where = getattr(statement, "lineno", 0)
                    lost.setdefault(fact[3], (fact[1], fact[2], kind, where))
        for call, (name, kind, end, where) in lost.items():
            if (
                (call in self.twice and call not in self.once)
                or (name, kind) in self.deferred
                or not self._belongs(name, kind, call)
            ):
                continue
            path = "at the end of the function" if end == "end" else f"by the {end} on line {where}"
            method = kind + "lock"
            tried = isinstance(call.func, ast.Attribute) and call.func.attr.startswith("try_")
            instead = f"use with {name}" if not kind else f"use with {name}.rlocker()"
            file.report(
                "GOC301",
                call,
                f"{name}.{'try_' * tried}{method} has no {name}.{_OPPOSITE[method]} on the path that leaves {path}: "
                f"{instead}, or defer({name}.{_OPPOSITE[method]})",
            )

    def _report_deferred(self) -> None:
        """Report a deferred unlock, if the lock has been unlocked when the function ends."""
        for _, end, state in self.ends:
            for fact in state:
                if not isinstance(fact, tuple) or fact[0] != "deferred" or end == "raise":
                    continue
                _, name, kind, call = fact
                if ("free", name, kind) in state and not expects_panic(self.file, call):
                    self.file.report(
                        "GOC303",
                        call,
                        f"{name} is already unlocked when the function ends and this runs, so it panics: "
                        "leave out one of the two",
                    )

    def _belongs(self, name: str, kind: str, call: ast.Call) -> bool:
        """Return whether the function itself has to unlock what it has locked."""
        undo = kind + "unlock"
        undone = undo if not kind else "runlock"
        names = getattr(self.function, "name", "").lower()
        if any(word in names for word in _WRAPPERS) or (name, kind) in self.given or self._handed_on(name):
            return False
        for act in self.calls:
            if isinstance(act.func, ast.Attribute) and act.func.attr == undone and self.locks[act] == name:
                return not self._correlated(name, call)
        # No unlock in this function: does another function unlock it, or is the lock passed to a call?
        last = name.rpartition(".")[2]
        return not {last, ""} & self.file.unlocks.keys() and last not in self.file.passed

    def _handed_on(self, name: str) -> bool:
        """Return whether a lock, or the local object that has it, gets another name or is returned."""
        for node in self.file.model.within(self.function, function=True):
            if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Return, ast.Yield)):
                continue
            given = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for other in map(key, given):
                if other not in ("", "self", "cls") and f"{name}.".startswith(f"{other}."):
                    return True
        return False

    def _correlated(self, name: str, call: ast.Call) -> bool:
        """Return whether the lock and an unlock are under an `if` with the same test."""

        def tests(node: ast.AST) -> set[str]:
            within, found = node, set()
            for parent in self.file.model.ancestors(node):
                if isinstance(parent, ast.If) and within is not parent.test:
                    found.add(text(parent.test))
                within = parent
            return found

        mine = tests(call)
        return any(
            mine & tests(other) for other, lock in self.locks.items() if lock == name and other is not call
        )


# --- GOC306 ---


def _cond_waits(file: File) -> None:
    for call in file.model.calls:
        if file.infer.method(call.func) != (api.COND, "wait"):
            continue
        loop = next(iter(file.loops_around(call)), None)
        for parent in file.model.ancestors(call):
            if isinstance(parent, FUNCTIONS) or parent is loop:
                break
            if (
                isinstance(parent, ast.If)
                and _may_change(file, parent.test)
                and (loop is None or _goes_on(file, call, parent, loop))
            ):
                name = text(call.func)
                file.report(
                    "GOC306",
                    call,
                    f"after {name} the condition may be false again, because another goroutine ran first: "
                    f"write while {text(parent.test)}: instead of if",
                )
                break


def _goes_on(file: File, call: ast.Call, test: ast.If, loop: ast.AST) -> bool:
    """Return whether the iteration continues after a wait under an `if` without a new test."""
    statement = file.model.statement(call)
    block = file.block_of(statement) if statement is not None else None
    if block is None or isinstance(block[-1], (ast.Continue, ast.Break, ast.Return, ast.Raise)):
        return False
    for here in (test, *file.model.ancestors(test)):
        if here is loop:
            break
        block = file.block_of(here) if isinstance(here, ast.stmt) else None
        if block is not None and isinstance(here, ast.stmt) and block[-1] is not here:
            after = block[block.index(here) + 1]
            return not (isinstance(after, (ast.If, ast.While)) and text(after.test) == text(test.test))
    return False


def _may_change(file: File, test: ast.expr) -> bool:
    """Return whether a test reads what another goroutine can change."""
    for node in file.model.within(test):
        if isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
            return True
        if isinstance(node, ast.Name):
            owner = file.model.owner(node.id, file.model.scopes[node])
            if owner is not None and len({b.scope.function() for b in owner.bindings[node.id]}) > 1:
                return True
            if owner is not None and owner.function() is not file.model.scopes[node].function():
                return True
    # A test such as `if not queue`, with a parameter, often tests whether a queue is empty.
    return (
        isinstance(test, ast.UnaryOp)
        and isinstance(test.op, ast.Not)
        and isinstance(test.operand, ast.Name)
        and (owner := file.model.owner(test.operand.id, file.model.scopes[test.operand])) is not None
        and [b.kind for b in owner.bindings[test.operand.id]] == ["arg"]
    )
