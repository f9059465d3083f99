"""Which conditions hold where an expression is evaluated: those of the ifs, loops and operators around it.

A condition counts only as long as the variable that it is about is not assigned again.
"""

from collections.abc import Iterator
from typing import NamedTuple

from gochan.port.kinds import unparen
from gochan.port.tree import Node, Object, Program

NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
NEVER_RETURN = ("panic", "os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln")
LOOPS = ("ForStmt", "RangeStmt")


class Comparison(NamedTuple):
    """What is known of a variable: `variable op other`."""

    op: str
    other: Node


class _Guard(NamedTuple):
    condition: Node
    holds: bool
    region: Node  # within which the variable must not change
    start: tuple[int, int]  # from where


class Guards:
    """The conditions of a program."""

    def __init__(self, program: Program) -> None:
        self._assigned: dict[int, list[Node]] = {}
        self._jumps: set[int] = set()
        self._known: dict[int, list[Comparison]] = {}
        for package in program.packages:
            for node in package.walk():
                self._note(node)

    def _note(self, n: Node) -> None:
        match n.kind:
            case "AssignStmt":
                for target in n.Lhs:
                    self._note_target(target, n)
            case "IncDecStmt":
                self._note_target(n.X, n)
            case "RangeStmt" if n.Tok == "=":
                for target in (n.Key, n.Value):
                    if target is not None:
                        self._note_target(target, n)
            case "BranchStmt" if n.Tok == "goto":
                self._jumps.add(_function(n).id)

    def _note_target(self, target: Node, statement: Node) -> None:
        target = unparen(target)
        if target.kind == "Ident" and target.obj is not None and not target.__dict__.get("def"):
            self._assigned.setdefault(target.obj.index, []).append(statement)

    def assignments(self, obj: Object) -> list[Node]:
        """Return the statements that assign to a variable after its declaration."""
        return self._assigned.get(obj.index, [])

    def jumps(self, n: Node) -> bool:
        """Return whether the function around a node has a goto."""
        return _function(n).id in self._jumps

    @staticmethod
    def of_condition(condition: Node, obj: Object) -> list[Comparison]:
        """Return what a condition says of a variable."""
        return list(_comparisons(condition, obj, True))

    def known(self, n: Node) -> list[Comparison]:
        """Return what is known of a variable where the identifier n is evaluated."""
        if n.id not in self._known:
            self._known[n.id] = list(self._find_known(n))
        return self._known[n.id]

    def _find_known(self, n: Node) -> Iterator[Comparison]:
        obj = n.obj
        if (
            obj is None
            or obj.kind != "var"
            or obj.scope == "package"
            or obj.addr_taken
            or obj.assigned_in_closure
        ):
            return
        function = _function(n).id
        if obj.part_addr_taken or function in self._jumps:
            return
        if obj.func != function and obj.assigned_after_capture:  # by the function around, at any time
            return
        for guard in self._around(n):
            for comparison in _comparisons(guard.condition, obj, guard.holds):
                if self._steady(obj, guard, n):
                    yield comparison

    def _around(self, n: Node) -> Iterator[_Guard]:
        """Yield the conditions around an expression, up to its function."""
        child, parent = n, n.parent
        while parent is not None and parent.kind not in ("FuncDecl", "FuncLit"):
            match parent.kind:
                case "IfStmt" if child is parent.Body or child is parent.Else:
                    yield _Guard(parent.Cond, child is parent.Body, child, _start(child))
                case "ForStmt" if parent.Cond is not None and child in (parent.Body, parent.Post):
                    yield _Guard(
                        parent.Cond, True, parent if child is parent.Post else child, _start(parent.Body)
                    )
                case "CaseClause" if child in parent.Body and _is_tagless(parent) and len(parent.List) == 1:
                    yield _Guard(parent.List[0], True, parent, parent.Colon)
                case "BlockStmt" if child.kind == "CaseClause" and _is_tagless(child):
                    yield from self._cases_before(child, parent)
                case "BinaryExpr" if parent.Op in ("&&", "||") and child is parent.Y:
                    yield _Guard(parent.X, parent.Op == "&&", parent.Y, _start(parent.Y))
            if parent.kind == "BlockStmt" or parent.kind in ("CaseClause", "CommClause"):
                yield from self._before(child, parent)
            child, parent = parent, parent.parent

    @staticmethod
    def _cases_before(clause: Node, block: Node) -> Iterator[_Guard]:
        """Yield the conditions of the cases before one, none of which holds."""
        for earlier in block.List:
            if earlier is clause:
                return
            if (
                earlier.Body
                and earlier.Body[-1].kind == "BranchStmt"
                and earlier.Body[-1].Tok == "fallthrough"
            ):
                return
            for condition in earlier.List or ():
                yield _Guard(condition, False, clause, (clause.line, clause.col))

    @staticmethod
    def _before(statement: Node, block: Node) -> Iterator[_Guard]:
        """Yield the conditions of the ifs before a statement that leave the block."""
        body = block.List if block.kind == "BlockStmt" else block.Body
        for earlier in body:
            if earlier is statement:
                return
            if earlier.kind == "IfStmt" and earlier.Else is None and leaves(earlier.Body.List):
                yield _Guard(earlier.Cond, False, block, earlier.end)
            if earlier.kind == "SwitchStmt" and earlier.Tag is None:
                for clause in earlier.Body.List:
                    if len(clause.List or ()) != 1 or not _returns(clause.Body):
                        break  # what follows it may be reached through it
                    yield _Guard(clause.List[0], False, block, earlier.end)

    def _steady(self, obj: Object, guard: _Guard, use: Node) -> bool:
        """Return whether a variable is the same from where a guard holds to where it is used."""
        in_post = guard.region.kind == "ForStmt"
        for statement in self.assignments(obj):
            if not _within(statement, guard.region):
                continue
            if statement.kind == "RangeStmt" and _within(use, statement):
                return False
            if in_post:
                if _within(statement, guard.region.Post) and not _before(statement.end, _start(use)):
                    continue
                if statement is guard.region.Init:
                    continue
                return False
            if _before(guard.start, statement.end) and _before(statement.end, _start(use)):
                return False
            if _share_loop(statement, use, guard.region):
                return False
        return True


def _start(n: Node) -> tuple[int, int]:
    return (n.line, n.col)


def _before(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a <= b


def _function(n: Node) -> Node:
    at = n
    while at.parent is not None and at.kind not in ("FuncDecl", "FuncLit"):
        at = at.parent
    return at


def _within(n: Node, region: Node) -> bool:
    at: Node | None = n
    while at is not None:
        if at is region:
            return True
        at = at.parent
    return False


def _share_loop(a: Node, b: Node, region: Node) -> bool:
    """Return whether a loop inside a region holds both nodes."""
    at = a.parent
    while at is not None and at is not region:
        if at.kind in LOOPS and _within(b, at):
            return True
        at = at.parent
    return False


def _is_tagless(clause: Node) -> bool:
    """Return whether a case clause is one of a switch on conditions."""
    switch = clause.parent.parent if clause.parent is not None else None
    return switch is not None and switch.kind == "SwitchStmt" and switch.Tag is None


def leaves(statements: list[Node]) -> bool:
    """Return whether control never reaches the end of a list of statements."""
    if not statements:
        return False
    last = statements[-1]
    if last.kind == "BranchStmt":
        return bool(last.Tok != "fallthrough")
    return _returns(statements)


def _returns(statements: list[Node]) -> bool:
    """Return whether a list of statements ends in one that leaves the function."""
    if not statements:
        return False
    last = statements[-1]
    if last.kind == "ReturnStmt":
        return True
    if last.kind == "ExprStmt" and last.X.kind == "CallExpr":
        fun = unparen(last.X.Fun)
        name = fun.Name if fun.kind == "Ident" and last.X.call == "builtin" else ""
        if fun.kind == "SelectorExpr" and fun.obj is not None:
            name = fun.obj.full
        return name in NEVER_RETURN
    return False


def _comparisons(condition: Node, obj: Object, holds: bool) -> Iterator[Comparison]:
    """Yield what a condition says of a variable if it holds, or if it does not."""
    condition = unparen(condition)
    if condition.kind == "UnaryExpr" and condition.Op == "!":
        yield from _comparisons(condition.X, obj, not holds)
    elif condition.kind == "BinaryExpr" and condition.Op == ("&&" if holds else "||"):
        yield from _comparisons(condition.X, obj, holds)
        yield from _comparisons(condition.Y, obj, holds)
    elif condition.kind == "BinaryExpr" and condition.Op in NEGATED:
        op = condition.Op if holds else NEGATED[condition.Op]
        for one, other, as_written in (
            (condition.X, condition.Y, op),
            (condition.Y, condition.X, MIRRORED[op]),
        ):
            if unparen(one).kind == "Ident" and unparen(one).obj is obj:
                yield Comparison(as_written, other)
