"""Jumps: labels, break, continue and goto, out of several loops too."""

from __future__ import annotations

from typing import Any

from .base import Fn, Loop
from .code import Sym
from .names import Line
from .statements import Statements
from .walk import Node


class Jumps(Statements):
    """Jumps."""

    def stmt_LabeledStmt(self, n: Node) -> None:
        self.label = n.Label.Name
        inner = n.Stmt
        if inner.kind not in ("ForStmt", "RangeStmt", "SwitchStmt", "TypeSwitchStmt", "SelectStmt"):
            if inner.kind == "BlockStmt" and self.label_used(n):
                raise self.refuse(n, "a break out of a labeled block has no translation; use a loop")
            self.label = ""
            if inner.kind != "EmptyStmt":
                self.statement(inner)
            return
        self.statement(inner)

    def label_used(self, n: Node) -> bool:
        f = self.fn
        node = f.func.node if f is not None else None
        if node is None:
            return True
        return any(
            b.kind == "BranchStmt"
            and b.Tok != "goto"
            and b.Label is not None
            and b.Label.Name == n.Label.Name
            for b in node.Body.walk()
        )

    label: str = ""
    no_ops: set[int]

    def goto_targets(self) -> set[str]:
        """Return the labels of the current function that goto statements name."""
        f = self.fn
        node = f.func.node if f is not None else None
        if node is None or node.__dict__.get("Body") is None:
            return set()
        found = self._gotos.get(node.id)
        if found is None:
            found = {b.Label.Name for b in node.Body.walk() if b.kind == "BranchStmt" and b.Tok == "goto"}
            self._gotos[node.id] = found
        return found

    _gotos: dict[int, set[str]]

    def goto_block(self, nodes: list[Node]) -> None:
        """Emit a block with labels that goto statements name as a loop over its parts."""
        targets = self.goto_targets()
        parts: list[list[Node]] = [[]]
        labels: dict[str, int] = {}
        for n in nodes:
            if n.kind == "LabeledStmt" and n.Label.Name in targets:
                parts.append([])
                labels[n.Label.Name] = len(parts) - 1
            parts[-1].append(n)
        start = len(self.lines)
        before = parts[0]
        if len(labels) == 1 and not any(self.jumps(n, labels) for n in before):
            for n in before:
                self.statement(n)
            loop = self.push("goto", nodes[0], True)
            loop.labels = dict.fromkeys(labels, 0)
            self.emit("while True:")
            with self.indented():
                for n in parts[1]:
                    self.statement(n)
                if not ends(parts[1]):
                    self.emit("break")
            self.pop(loop, start)
            return
        state = self.temp("step")
        self.bind(state.number)
        self.emit(f"{state.token} = 0")
        loop = self.push("goto", nodes[0], True)
        loop.labels = labels
        loop.state = state
        self.emit("while True:")
        with self.indented():
            for i, part in enumerate(parts):
                if not part and i == 0:
                    continue
                if i == len(parts) - 1:  # it runs in any case
                    break
                self.emit(f"if {state.token} <= {i}:")
                with self.indented():
                    for n in part:
                        self.statement(n)
            for n in parts[-1]:
                self.statement(n)
            if not ends(parts[-1]):
                self.emit("break")
        self.pop(loop, start)

    def jumps(self, n: Node, labels: dict[str, int]) -> bool:
        return any(b.kind == "BranchStmt" and b.Tok == "goto" and b.Label.Name in labels for b in n.walk())

    def goto(self, n: Node) -> None:
        assert self.fn is not None
        for target in reversed(self.fn.loops):
            if n.Label.Name in target.labels:
                if target.state is not None:
                    self.emit(f"{target.state.token} = {target.labels[n.Label.Name]}")
                self.leave(target, "continue")
                return
        raise self.refuse(n, "this goto has no translation; use a loop")

    def push(self, kind: str, n: Node, python: bool, post: Any = None) -> Loop:
        assert self.fn is not None
        loop = Loop(kind, self.label, python, n, post)
        loop.fn = self.fn
        self.label = ""
        self.fn.loops.append(loop)
        return loop

    def pop(self, loop: Loop, start: int) -> None:
        """End a loop: pass on what breaks and continues inside it left it for an outer one."""
        assert self.fn is not None
        self.fn.loops.pop()
        self.lines[start:start] = [Line(self.depth, text, self.chunk) for text in loop.before]
        seen: list[tuple[Loop, str, Sym]] = []
        for target, what, flag in loop.pending:
            if not any(f is flag for _, _, f in seen):
                seen.append((target, what, flag))
        for target, what, flag in seen:
            self.lines.insert(start, Line(self.depth, f"{flag.token} = False", self.chunk))
            self.emit(f"if {flag.token}:")
            with self.indented():
                self.leave(target, what)

    def leave(self, target: Loop, what: str) -> None:
        """Emit a break out of a loop, or a continue of it, from where we are."""
        assert self.fn is not None
        loops = self.fn.loops
        if target not in loops:
            self.leave_iterator(target, what)
            return
        inner = [x for x in loops[loops.index(target) + 1 :] if x.python]
        if target.kind == "func":
            self.emit(f"return {what == 'continue'}")
            return
        if not inner:
            if what == "continue" and target.post is not None:
                target.post()
            self.emit(what)
            return
        nearest = inner[-1]
        flag = next((f for t, w, f in nearest.pending if t is target and w == what), None)
        if flag is None:
            flag = self.temp("done" if what == "break" else "again")
            self.bind(flag.number)
            nearest.pending.append((target, what, flag))
        self.emit(f"{flag.token} = True")
        self.emit("break")

    def leave_iterator(self, target: Loop, what: str) -> None:
        raise self.refuse(
            self.here, f"{what} out of the body of a range over a function has no translation here"
        )

    def stmt_BranchStmt(self, n: Node) -> None:
        assert self.fn is not None
        tok = n.Tok
        if tok == "goto":
            self.goto(n)
            return
        if tok == "fallthrough" or n.id in self.no_ops:
            return
        loops = self.fn.loops
        label = n.Label.Name if n.Label is not None else ""
        f: Fn | None = self.fn
        while f is not None:
            for target in reversed(f.loops):
                if label:
                    if target.label == label:
                        self.leave(target, tok)
                        return
                elif (tok == "break" and target.kind != "goto") or target.kind in ("for", "func"):
                    if target.kind == "func":
                        self.emit(f"return {tok == 'continue'}")
                        return
                    self.leave(target, tok)
                    return
            f = f.parent if f.iterator is not None else None
        del loops
        raise self.refuse(n, f"this {tok} has no translation")


def ends(nodes: list[Node] | None) -> bool:
    """Return whether a body never reaches its end."""
    return bool(nodes) and nodes[-1].kind in ("ReturnStmt", "BranchStmt") if nodes else False
