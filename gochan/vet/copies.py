"""Checks of what can't be copied, or is one where several are meant: GOC304, GOC305."""

from __future__ import annotations

import ast

from . import api
from .channels import expects_panic
from .file import File, text
from .infer import Class, Instance, Many, Object, Type, is_call


def check(file: File) -> None:
    """Run all checks of this family."""
    _copies(file)
    _shared(file)


# --- GOC304, GOC305 ---

# Those that copy all that they get to.
_DEEP = {"copy.deepcopy", "pickle.dump", "pickle.dumps", "dataclasses.asdict", "dataclasses.astuple"}
_COPIERS = {"copy.copy", "dataclasses.replace", *_DEEP}


def _copies(file: File) -> None:
    for call in file.model.calls:
        name = file.infer.symbol(call.func)
        if name not in _COPIERS or not call.args or expects_panic(file, call):
            continue
        arg = call.args[0]
        what = file.infer.type(arg)
        deep = name in _DEEP
        if deep and isinstance(what, Many):
            what = what.elem
        if isinstance(what, Instance) and what.cls in api.UNCOPIABLE:
            cls = what.cls.rpartition(".")[2]
            file.report(
                "GOC304",
                call,
                f"{text(arg)} is a {cls}, which can't be copied: {text(call)} raises TypeError; share it",
            )
        elif isinstance(what, Object) and (field := _field_of(file, what.node, deep)) is not None:
            attr, cls = field
            if name == "dataclasses.replace" and any(k.arg == attr for k in call.keywords):
                continue
            effect = "which can't be copied" if deep else "which the copy shares"
            file.report(
                "GOC304",
                call,
                f"{text(arg)} has a {cls}, {text(arg)}.{attr}, {effect}: make a new object, with a {cls} of its own",
            )


def _field_of(
    file: File, cls: ast.ClassDef, deep: bool, seen: frozenset[ast.ClassDef] = frozenset()
) -> tuple[str, str] | None:
    """Return an attribute of a class that can't be copied, and its class."""
    seen |= {cls}
    scope = file.model.inner[cls]
    if any(
        name in scope.bindings
        for name in ("__copy__", "__deepcopy__", "__reduce__", "__getstate__", "__replace__")
    ):
        return None
    for attr in [*scope.bindings, *file.model.attrs.get(cls, ())]:
        if (name := _uncopiable(file, file.infer.member(cls, attr, True), deep, seen)) is not None:
            return attr, name
    for base in cls.bases:
        match file.infer.type(base):
            case Class(parent) if (found := _field_of(file, parent, deep, seen)) is not None:
                return found
    return None


def _uncopiable(file: File, found: Type, deep: bool, seen: frozenset[ast.ClassDef]) -> str | None:
    """Return the class of what can't be copied, or must not be shared, in an attribute.

    Only a deep copy copies a channel, and what is in lists and other objects.
    """
    match found:
        case Instance(cls) if cls in api.UNCOPIABLE and (deep or cls != "gochan.Chan"):
            return cls.rpartition(".")[2]
        case Many(inner) if deep:
            return _uncopiable(file, inner, deep, seen)
        case Object(cls) if deep and cls not in seen:
            field = _field_of(file, cls, deep, seen)
            return None if field is None else field[1]
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
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
            continue
        for items, count in ((node.left, node.right), (node.right, node.left)):
            if not isinstance(items, (ast.List, ast.Tuple)):
                continue
            if isinstance(count, ast.Constant) and count.value in (0, 1):
                continue
            for item in items.elts:
                if cls := _made(file, item):
                    times = text(count)
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
        elif (
            file.infer.symbol(call.func) == "itertools.repeat"
            and call.args
            and (cls := _made(file, call.args[0]))
        ):
            file.report(
                "GOC305", call, f"this repeats the same {cls}: make one for each, with a comprehension"
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
        ) and not any(file.infer.symbol(base) == "typing.NamedTuple" for base in cls_node.bases):
            continue
        value = _default_of(file, node.value)
        if cls := _made(file, value):
            name = text(node.target)
            factory = text(value.func) if is_call(value) and not value.args else f"lambda: {text(value)}"
            file.report(
                "GOC305",
                node.value,
                f"all instances of {cls_node.name} share this {cls}: write {name}: {text(node.annotation)} = "
                f"field(default_factory={factory})",
            )


def _default_of(file: File, value: ast.expr) -> ast.expr:
    """Return the default that a dataclass's field has: the value, or that of `field(default=...)`."""
    if is_call(value) and file.infer.symbol(value.func) == "dataclasses.field":
        return next((k.value for k in value.keywords if k.arg == "default"), value)
    return value
