"""A trap of CPython 3.13 that gochan's sources must not step into.

If a signal handler raises where a loop jumps back, the exception leaves a `with` around the loop without a call of
its `__exit__`: a lock would stay locked forever. So a loop that holds a lock is a function of its own.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gochan

PACKAGE = Path(gochan.__file__).parent
# Commands, which run in no goroutine; and the poller of systems without epoll and kqueue, in which Ctrl-C is put off.
EXEMPT = ("port", "explore", "vet", "trace", "debug", "netpoll.py")


def holds(statement: ast.With) -> bool:
    """Return whether a with statement has a loop in it, and holds more than a view of some memory."""
    views = all(ast.unparse(item.context_expr).startswith(("memoryview(", "view.cast(", "_bytes_of(")) for item in statement.items)
    return not views and any(isinstance(node, (ast.For, ast.While)) for node in ast.walk(statement))


@pytest.mark.once
def test_no_loop_is_in_a_with_that_holds_a_lock() -> None:
    assert holds(ast.parse("with mu:\n    while a:\n        b()").body[0])  # type: ignore[arg-type]
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not set(EXEMPT) & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.With) and holds(node)
    ]
    assert found == []
