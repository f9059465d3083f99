"""The paths through a function: which facts hold at each event, and where a path ends.

A state is a frozenset of facts; the interpreter keeps the set of states that are possible at each statement.  A
family of checks says what events a statement has and how each changes a state.  Loops are followed until no new
state appears.  If a function has more than MOST states, it is given up.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable
from typing import TypeAlias

State: TypeAlias = frozenset[Hashable]
States: TypeAlias = frozenset[State]

MOST = 48
# A loop over at most so many constants is followed round by round.
ROUNDS = 8
_NONE: States = frozenset()


class TooManyStates(Exception):
    """The function has too many paths to follow."""


class Flow:
    """Follows the paths of one function; subclasses say what happens on the way."""

    def __init__(self) -> None:
        # Where paths end: the statement, or None for the end of the function, and the state there.
        self.ends: list[tuple[ast.stmt | None, str, State]] = []
        # The values of the variables of loops over constants, in the round that is followed.
        self.known: dict[str, object] = {}

    # --- for subclasses ---

    def step(self, node: ast.AST, state: State) -> State:
        """Return the state after a simple statement, or an expression of a compound one."""
        return state

    def branch(self, test: ast.expr, state: State, taken: bool) -> State:
        """Return the state in the branch of a test, which `step` has seen."""
        return state

    def entered(self, item: ast.withitem, state: State) -> State:
        """Return the state in the body of a `with`."""
        return state

    def left(self, item: ast.withitem, state: State) -> State:
        """Return the state after the body of a `with`."""
        return state

    def never_returns(self, statement: ast.stmt) -> bool:
        """Return whether a statement is a call that doesn't come back."""
        return False

    # --- the interpreter ---

    def run(self, body: list[ast.stmt], start: State) -> None:
        """Follow all paths from the beginning of a function; fill `ends`."""
        paths = _Paths()
        after = self._block(body, frozenset([start]), paths)
        for state in after:
            self.ends.append((None, "end", state))
        # In the order of the source, so that the same path is reported each time.
        for statement, kind, state in sorted(paths.ends, key=lambda end: (end[0].lineno, end[0].col_offset)):
            self.ends.append((statement, kind, state))

    def _step(self, node: ast.AST | None, states: States) -> States:
        if node is None:
            return states
        return _checked(frozenset(self.step(node, state) for state in states))

    def _block(self, body: list[ast.stmt], states: States, paths: _Paths) -> States:
        for statement in body:
            if not states:
                break
            if paths.seen is not None:
                paths.seen |= states
            states = self._statement(statement, states, paths)
        return states

    def _statement(self, node: ast.stmt, states: States, paths: _Paths) -> States:
        match node:
            case ast.Return():
                paths.end(node, "return", self._step(node.value, states))
                return _NONE
            case ast.Raise():
                paths.end(node, "raise", self._step(node.exc, states))
                return _NONE
            case ast.Break():
                paths.breaks |= states
                return _NONE
            case ast.Continue():
                paths.continues |= states
                return _NONE
            case ast.If():
                return self._if(node, states, paths)
            case ast.While() | ast.For() | ast.AsyncFor():
                return self._loop(node, states, paths)
            case ast.Try():
                return self._try(node, states, paths)
            case ast.With() | ast.AsyncWith():
                return self._with(node, states, paths)
            case ast.Match():
                return self._match(node, states, paths)
            case ast.ClassDef():
                return states
        if isinstance(node, getattr(ast, "TryStar", ())):
            return self._try(node, states, paths)  # type: ignore[arg-type]
        states = self._step(node, states)
        if self.never_returns(node):
            paths.end(node, "raise", states)
            return _NONE
        return states

    def _if(self, node: ast.If, states: States, paths: _Paths) -> States:
        after: States = _NONE
        # A loop, since a chain of elifs is nested in the tree.
        while True:
            states = self._step(node.test, states)
            value = self._value(node.test)
            always = value is True
            if value is not False:
                body = frozenset(self.branch(node.test, state, True) for state in states)
                after |= self._block(node.body, body, paths)
            states = _NONE if always else frozenset(self.branch(node.test, state, False) for state in states)
            if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
                node = node.orelse[0]
                continue
            return _checked(after | self._block(node.orelse, states, paths))

    def _value(self, test: ast.expr) -> bool | None:
        """Return whether a test is true, None if that is not known."""
        match test:
            case ast.Constant(value=value):
                return bool(value)
            case ast.Compare(
                left=ast.Name(id=name),
                ops=[ast.Eq() | ast.NotEq() as op],
                comparators=[ast.Constant(value=value)],
            ) if name in self.known:
                return (self.known[name] == value) is isinstance(op, ast.Eq)
        return None

    def _rounds(self, node: ast.For, values: list[object], states: States, paths: _Paths) -> States:
        """Follow the rounds of a loop over constants one after another."""
        assert isinstance(node.target, ast.Name)
        states = self._step(node.iter, states)
        breaks: States = _NONE
        for value in values:
            inner = paths.nested()
            self.known[node.target.id] = value
            after = self._block(node.body, states, inner)
            del self.known[node.target.id]
            breaks |= inner.breaks
            paths.take(inner)
            states = _checked(after | inner.continues)
        return _checked(self._block(node.orelse, states, paths) | breaks)

    def _loop(self, node: ast.While | ast.For | ast.AsyncFor, states: States, paths: _Paths) -> States:
        if isinstance(node, ast.For) and not self.known and (values := _constants(node)):
            return self._rounds(node, values, states, paths)
        test = node.test if isinstance(node, ast.While) else None
        if not isinstance(node, ast.While):
            states = self._step(node.iter, states)
        endless = isinstance(test, ast.Constant) and bool(test.value)
        breaks: States = _NONE
        entry = states
        seen: States = _NONE
        exits: States = _NONE
        while entry - seen:
            seen = _checked(seen | entry)
            inner = paths.nested()
            at = self._step(test, entry)
            if test is not None:
                exits |= frozenset(self.branch(test, state, False) for state in at)
                at = frozenset(self.branch(test, state, True) for state in at)
            elif seen != entry or not _has_items(node):
                exits |= at
            after = self._block(node.body, at, inner)
            breaks |= inner.breaks
            paths.take(inner)
            entry = (after | inner.continues) - seen
            if test is None:
                exits |= after | inner.continues
        after = _NONE if endless else self._block(node.orelse, exits, paths)
        return _checked(after | breaks)

    def _try(self, node: ast.Try, states: States, paths: _Paths) -> States:
        inner = paths.nested()
        inner.breaks, inner.continues = _NONE, _NONE
        inner.seen = states
        after = self._block(node.body, states, inner)
        # An exception may come from any statement: a handler begins in the state before one of them.
        raised = _checked(inner.seen)
        if not node.handlers:
            raised = _NONE
        if any(kind == "raise" for _, kind, _ in inner.ends) and node.handlers:
            raised |= frozenset(state for _, kind, state in inner.ends if kind == "raise")
            inner.ends = {end for end in inner.ends if end[1] != "raise"}
        inner.seen = None if paths.seen is None else paths.seen | inner.seen
        after = self._block(node.orelse, after, inner)
        for handler in node.handlers:
            after |= self._block(handler.body, raised, inner)
        if node.finalbody:
            after = self._block(node.finalbody, after, paths)
            for statement, kind, state in inner.ends:
                paths.end(statement, kind, self._block(node.finalbody, frozenset([state]), paths))
            if inner.breaks:
                paths.breaks |= self._block(node.finalbody, inner.breaks, paths)
            if inner.continues:
                paths.continues |= self._block(node.finalbody, inner.continues, paths)
        else:
            paths.ends |= inner.ends
            paths.breaks |= inner.breaks
            paths.continues |= inner.continues
        if paths.seen is not None and inner.seen is not None:
            paths.seen |= inner.seen
        return _checked(after)

    def _with(self, node: ast.With | ast.AsyncWith, states: States, paths: _Paths) -> States:
        for item in node.items:
            states = self._step(item.context_expr, states)
            states = frozenset(self.entered(item, state) for state in states)
        inner = paths.nested()
        inner.breaks, inner.continues, inner.seen = _NONE, _NONE, paths.seen
        after = self._block(node.body, states, inner)

        def leave(found: States) -> States:
            for item in reversed(node.items):
                found = frozenset(self.left(item, state) for state in found)
            return found

        for statement, kind, state in inner.ends:
            paths.end(statement, kind, leave(frozenset([state])))
        paths.breaks |= leave(inner.breaks)
        paths.continues |= leave(inner.continues)
        paths.seen = inner.seen
        return leave(after)

    def _match(self, node: ast.Match, states: States, paths: _Paths) -> States:
        states = self._step(node.subject, states)
        after: States = _NONE
        complete = False
        for case in node.cases:
            at = self._step(case.guard, states)
            after |= self._block(case.body, at, paths)
            complete = complete or (case.guard is None and self.irrefutable(node, case.pattern))
        return _checked(after if complete else after | states)

    def irrefutable(self, node: ast.Match, pattern: ast.pattern) -> bool:
        """Return whether a pattern matches all that earlier ones have left."""
        if isinstance(pattern, ast.MatchAs):
            return pattern.pattern is None or self.irrefutable(node, pattern.pattern)
        if isinstance(pattern, ast.MatchOr):
            return any(self.irrefutable(node, p) for p in pattern.patterns)
        if pattern is node.cases[-1].pattern and isinstance(pattern, ast.MatchSequence):
            # The last case of a select; GOC104 sees to it that none is missing.
            return isinstance(node.subject, ast.Call) and len(pattern.patterns) == 3
        return False


class _Paths:
    """Where paths leave a block."""

    __slots__ = ("breaks", "continues", "ends", "seen")

    def __init__(self) -> None:
        self.breaks: States = _NONE
        self.continues: States = _NONE
        self.ends: set[tuple[ast.stmt, str, State]] = set()
        # All states between statements, if a try asks for them.
        self.seen: States | None = None

    def end(self, statement: ast.stmt, kind: str, states: States) -> None:
        for state in states:
            self.ends.add((statement, kind, state))
        if len(self.ends) > MOST * MOST:
            raise TooManyStates

    def nested(self) -> _Paths:
        """Return the paths of a block inside; breaks and continues are its own."""
        inner = _Paths()
        inner.seen = self.seen
        return inner

    def take(self, inner: _Paths) -> None:
        self.ends |= inner.ends
        self.seen = inner.seen


def _constants(node: ast.For) -> list[object]:
    """Return what a loop goes over if those are few constants, and a test compares its variable with one."""
    match node:
        case ast.For(target=ast.Name(id=name), iter=ast.Tuple(elts=items) | ast.List(elts=items)):
            pass
        case _:
            return []
    values: list[object] = [item.value for item in items if isinstance(item, ast.Constant)]
    if len(values) < len(items) or len(values) > ROUNDS:
        return []
    compared = False
    for part in (part for statement in node.body for part in ast.walk(statement)):
        match part:
            case ast.Name(id=other, ctx=ast.Store() | ast.Del()) if other == name:
                return []
            case ast.Nonlocal() | ast.Global() if name in part.names:
                return []
            case ast.Compare(left=ast.Name(id=other), comparators=[ast.Constant()]) if other == name:
                compared = True
    return values if compared else []


def _has_items(node: ast.While | ast.For | ast.AsyncFor) -> bool:
    """Return whether a loop surely has a first round."""
    if isinstance(node, ast.While):
        return False
    match node.iter:
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            return any(not isinstance(item, ast.Starred) for item in elts)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(count))]):
            return count > 0
    return False


def _checked(states: States) -> States:
    if len(states) > MOST:
        raise TooManyStates
    return states
