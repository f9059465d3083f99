"""Checks of what can't be copied, or is one where several are meant: GOC304, GOC305."""

from __future__ import annotations

import ast

from . import api
from .channels import expects_panic
from .file import File, text
from .infer import Instance, Object, is_call


def check(file: File) -> None:
    """Run all checks of this family."""
    _copies(file)
    _shared(file)


# --- GOC304, GOC305 ---

_COPIERS = {"copy.copy", "copy.deepcopy", "pickle.dumps", "dataclasses.replace", "dataclasses.asdict"}


def _copies(file: File) -> None:
    for call in file.model.calls:
        name = file.infer.symbol(call.func)
        if name not in _COPIERS or not call.args or expects_panic(file, call):
            continue
        arg = call.args[0]
        what = file.infer.type(arg)
        if isinstance(what, Instance) and what.cls in api.UNCOPIABLE:
            cls = what.cls.rpartition(".")[2]
            file.report(
                "GOC304",
                call,
                f"{text(arg)} is a {cls}, which can't be copied: {text(call)} raises TypeError; share it",
            )
        elif isinstance(what, Object) and (field := _field_of(file, what.node)) is not None:
            attr, cls = field
            if name == "dataclasses.replace" and any(k.arg == attr for k in call.keywords):
                continue
            raises = name in ("copy.deepcopy", "pickle.dumps", "dataclasses.asdict")
            effect = "which can't be copied" if raises else "which the copy shares"
            file.report(
                "GOC304",
                call,
                f"{text(arg)} has a {cls}, {text(arg)}.{attr}, {effect}: make a new object, with a {cls} of its own",
            )


def _field_of(file: File, cls: ast.ClassDef) -> tuple[str, str] | None:
    """Return an attribute of a class that can't be copied, and its class."""
    scope = file.model.inner[cls]
    if any(
        name in scope.bindings
        for name in ("__copy__", "__deepcopy__", "__reduce__", "__getstate__", "__replace__")
    ):
        return None
    for attr in [*scope.bindings, *file.model.attrs.get(cls, ())]:
        found = file.infer.member(cls, attr, True)
        if isinstance(found, Instance) and found.cls in api.UNCOPIABLE - {"gochan.Chan"}:
            return attr, found.cls.rpartition(".")[2]
    return None


def _made(file: File, node: ast.expr) -> str:
    """Return the name of the class if an expression makes something that belongs to one place."""
    if is_call(node):
        found = file.infer.type(node)
        if isinstance(found, Instance) and found.cls in api.UNCOPIABLE and found.call is node:
            return found.cls.rpartition(".")[2]
    return ""


def _shared(file: File) -> None:
    for node in file.model.of(ast.BinOp):
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Mult)
            and isinstance(node.left, (ast.List, ast.Tuple))
            and not (isinstance(node.right, ast.Constant) and node.right.value in (0, 1))
        ):
            for item in node.left.elts:
                if cls := _made(file, item):
                    times = text(node.right)
                    file.report(
                        "GOC305",
                        node,
                        f"all items are the same {cls}: write [{text(item)} for _ in range({times})]",
                    )
    for call in file.model.calls:
        if (
            file.infer.symbol(call.func) == "dict.fromkeys"
            and len(call.args) == 2
            and (cls := _made(file, call.args[1]))
        ):
            keys = text(call.args[0])
            file.report(
                "GOC305",
                call,
                f"all values are the same {cls}: write {{k: {text(call.args[1])} for k in {keys}}}",
            )
    for node in file.model.of(ast.AnnAssign):
        assert isinstance(node, ast.AnnAssign)
        cls_node = file.model.parents.get(node)
        if (
            not isinstance(cls_node, ast.ClassDef)
            or node.value is None
            or "ClassVar" in text(node.annotation)
        ):
            continue
        if not any(
            file.infer.symbol(d.func if is_call(d) else d)
            in ("dataclasses.dataclass", "gochan.port.lib.struct")
            for d in cls_node.decorator_list
        ):
            continue
        if cls := _made(file, node.value):
            name = text(node.target)
            factory = (
                text(node.value.func)
                if is_call(node.value) and not node.value.args
                else f"lambda: {text(node.value)}"
            )
            file.report(
                "GOC305",
                node.value,
                f"all instances of {cls_node.name} share this {cls}: write {name}: {text(node.annotation)} = "
                f"field(default_factory={factory})",
            )
