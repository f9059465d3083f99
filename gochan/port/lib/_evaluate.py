"""Finds the index and the length that a list's IndexError does not tell."""

from __future__ import annotations

import ast
from linecache import getline
from typing import Any

# Expressions of these nodes can be evaluated a second time without an effect.
_PURE = (
    ast.Name,
    ast.Attribute,
    ast.Constant,
    ast.List,
    ast.Subscript,
    ast.BinOp,
    ast.UnaryOp,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
    ast.Expression,
)
_CALLED = ("len", "min", "max")


def index_of_failure(exc: IndexError) -> tuple[int, int] | None:
    """Return the index and the length of the list, for an IndexError of a list; None if they are not known.

    The expression at fault is read from the source, and its parts are evaluated again.
    """
    tb = exc.__traceback__
    if tb is None:
        return None
    while tb.tb_next is not None:
        tb = tb.tb_next
    frame = tb.tb_frame
    positions = list(frame.f_code.co_positions())
    line, end_line, column, end_column = positions[tb.tb_lasti // 2]
    if line is None or end_line is None or column is None or end_column is None:
        return None
    lines = [getline(frame.f_code.co_filename, n) for n in range(line, end_line + 1)]
    if not all(lines):
        return None
    source = [text.encode() for text in lines]
    source[-1] = source[-1][:end_column]
    source[0] = source[0][column:]
    try:
        tree = ast.parse("(" + b"".join(source).decode() + ")", mode="eval")
        node: ast.expr = tree.body
        if not isinstance(node, ast.Subscript) or not all(map(_is_pure, ast.walk(node))):
            return None
        sequence = _value(node.value, frame.f_globals, frame.f_locals)
        index = _value(node.slice, frame.f_globals, frame.f_locals)
        return (index, len(sequence)) if isinstance(index, int) else None
    except Exception:
        # Only the words are lost.
        return None


def _is_pure(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _CALLED and not node.keywords
    return isinstance(node, _PURE)


def _value(node: ast.expr, global_names: dict[str, Any], local_names: Any) -> Any:
    return eval(compile(ast.Expression(node), "<index>", "eval"), global_names, dict(local_names))
