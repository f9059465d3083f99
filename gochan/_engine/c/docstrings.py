"""Turns the docstrings and signatures of the Python implementation into the C header `docstrings.h`.

The C implementation has no help text of its own: `DOC_go` in a method table is the text of the function `go`
in `gochan/_engine/py/`, `DOC_Chan` that of the class, `DOC_Chan_send` that of the method or property. A macro
without such a docstring does not exist, so that using it does not compile.

CPython reads a signature from the first lines of a C function's or class's docstring (see "Argument Clinic"):
that is where `inspect.signature` and `help` find it.

`setup.py` calls `write`. As a script: `python docstrings.py [FOLDER]` prints the header.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

IMPLEMENTATION = Path(__file__).parent.parent / "py"

# The private methods that matter: they have the class's arguments.
CONSTRUCTORS = ("__init__", "__new__")


def header(folder: Path = IMPLEMENTATION) -> str:
    """Return the text of docstrings.h for the modules in `folder`.

    A name that two modules define is ambiguous and gets no macro.
    """
    trees = [ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in sorted(folder.glob("*.py"))]
    nodes = [node for tree in trees for node in tree.body if is_implementation(node)]
    count = Counter(node.name for node in nodes)
    classes = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
    entries: list[tuple[str, str]] = []
    for node in nodes:
        if node.name.startswith("_") or count[node.name] > 1:
            continue
        if isinstance(node, ast.ClassDef):
            entries += class_entries(node, classes)
        else:
            entries.append((node.name, signature(node) + docstring(node)))
    lines = ["/* Made by docstrings.py from gochan/_engine/py. */", "#pragma once"]
    lines += [f"#define DOC_{name} \\\n    {literal(text)}" for name, text in entries]
    return "\n".join(lines) + "\n"


def write(target: Path) -> None:
    """Write docstrings.h to `target`, unless it already has the same text."""
    text = header()
    if not target.exists() or target.read_text(encoding="ascii") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="ascii")


def class_entries(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of a class, and of each of its public methods and properties."""
    found = members(node, classes)
    yield node.name, constructor(node.name, found) + docstring(node)
    for name, member in found.items():
        if name.startswith("_"):
            continue
        marks = [ast.unparse(mark) for mark in member.decorator_list]
        if "property" in marks:
            text = docstring(member)
        elif "staticmethod" in marks:
            text = signature(member) + docstring(member)
        else:
            text = signature(member, "$type" if "classmethod" in marks else "$self") + docstring(member)
        yield f"{node.name}_{name}", text


def members(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> dict[str, ast.FunctionDef]:
    """Return the functions in a class by name, with those that it inherits from private bases."""
    found: dict[str, ast.FunctionDef] = {}
    for base in map(ast.unparse, node.bases):
        name = base.partition("[")[0]
        if name.startswith("_") and name in classes:
            found |= members(classes[name], classes)
    for member in node.body:
        if is_implementation(member) and isinstance(member, ast.FunctionDef):
            found[member.name] = member
    return found


def is_implementation(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.ClassDef]:
    """Return whether the statement defines a class or a function, and not an overload or a setter."""
    if isinstance(node, ast.FunctionDef):
        marks = [ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list]
        return not {"overload", "setter", "deleter"} & set(marks)
    return isinstance(node, ast.ClassDef)


def constructor(name: str, found: dict[str, ast.FunctionDef]) -> str:
    """Return a class's signature line; "" if its constructor only raises."""
    for method in CONSTRUCTORS:
        if method in found:
            body = found[method].body
            start = 1 if ast.get_docstring(found[method]) is not None else 0
            if isinstance(body[start], ast.Raise):
                return ""
            return signature(found[method], name=name)
    return f"{name}()\n--\n\n"


def signature(node: ast.FunctionDef, receiver: str = "", name: str = "") -> str:
    """Return a signature line in CPython's format, without annotations.

    The receiver replaces a method's first parameter; a class, given its name, has none.  Functions have no
    `$module`: it would be bound to the C extension's module, and theirs is the public one.
    """
    parameters = copy.deepcopy(node.args)
    for parameter in ast.walk(parameters):
        if isinstance(parameter, ast.arg):
            parameter.annotation = None
    if name:
        del (parameters.posonlyargs or parameters.args)[0]
    elif receiver:
        (parameters.posonlyargs or parameters.args)[0].arg = receiver
    return f"{name or node.name}({ast.unparse(parameters)})\n--\n\n"


def docstring(node: ast.FunctionDef | ast.ClassDef) -> str:
    """Return the text of a docstring, dedented."""
    return ast.get_docstring(node) or ""


def literal(text: str) -> str:
    """Return a C string literal, one line a line of the text, in ASCII."""
    lines = text.split("\n")
    parts = [f'"{escape(line)}\\n"' for line in lines[:-1]]
    return " \\\n    ".join([*parts, f'"{escape(lines[-1])}"'])


def escape(line: str) -> str:
    """Escape what a C string literal cannot contain; `?` because two of them may begin a trigraph."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}" for byte in line.encode()
    )


if __name__ == "__main__":
    sys.stdout.write(header(*map(Path, sys.argv[1:])))
