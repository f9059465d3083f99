"""What belongs to the tests of a package: what its _test.go files declare, and nothing else uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..tree import Comment, File, Object, Package, Program
from .walk import Node

# The parameters of what pytest does not run: benchmarks, TestMain, and functions that help them.
_LEFT_OUT = {"*testing.B", "*testing.M", "*testing.PB"}
# What makes a test of a function that has one parameter, of this type, and this prefix of its name.
_TESTS = {"*testing.T": ("Test", "test"), "*testing.F": ("Fuzz", "fuzz_test")}


class OfTests:
    """The declarations that go to the modules of tests, and the objects that they declare.

    In Go, a package and its tests may use each other. Python's modules could not import each other.
    """

    def __init__(self, program: Program) -> None:
        found = [decl for package in program.packages for decl in _of_package(package)]
        self.decls = {decl.id for decl in found}
        self.objects = {index for decl in found for index in _declared(decl)}


def _of_package(package: Package) -> list[Node]:
    in_tests = [decl for file in package.files if file.test for decl in file.decls]
    owners = {index: decl for decl in in_tests for index in _declared(decl)}
    used: set[int] = set()
    # A method is in the class of its receiver's type.
    rest = [decl for file in package.files if not file.test for decl in file.decls]
    rest += [decl for decl in in_tests if _receiver(decl) not in (None, *owners)]
    while rest:
        for x in rest.pop().walk():
            if x.kind in ("Ident", "SelectorExpr") and x.obj is not None and x.obj.index in owners:
                owner = owners[x.obj.index]
                if owner.id not in used:
                    used.add(owner.id)
                    rest.append(owner)
    return [decl for decl in in_tests if decl.id not in used]


def _declared(decl: Node) -> Iterator[int]:
    """Yield the objects of the package that a declaration declares."""
    if decl.kind == "FuncDecl":
        if decl.Name.obj is not None and decl.Recv is None:
            yield decl.Name.obj.index
        return
    for spec in decl.Specs or []:
        names = spec.Names if spec.kind == "ValueSpec" else [spec.Name] if spec.kind == "TypeSpec" else []
        yield from (name.obj.index for name in names if name.obj is not None)


def _receiver(decl: Node) -> int | None:
    """Return the type whose method a declaration is."""
    if decl.kind != "FuncDecl" or decl.Recv is None:
        return None
    t = decl.Recv.List[0].Type.type
    t = t.elem if t.kind == "pointer" else t
    index: int = (t.origin or t).obj.index
    return index


def has_prefix(name: str, prefix: str) -> bool:
    """Return whether go test runs functions of this name for a prefix: Testify is no test."""
    rest = name.removeprefix(prefix)
    return rest != name and not rest[:1].islower()


def left_out(decl: Node) -> bool:
    """Return whether a function is only for what pytest does not run."""
    types = [part.Type.type for part in decl.Type.Params.List or []]
    return any(t is not None and t.str in _LEFT_OUT for t in types)


def decorator_of_test(decl: Node) -> str | None:
    """Return the decorator that makes a pytest function of a test or fuzz test; None for other functions."""
    params = decl.Type.Params.List or []
    t = params[0].Type.type if len(params) == 1 else None
    prefix, decorator = _TESTS.get(t.str if t is not None else "", ("", ""))
    return decorator if prefix and has_prefix(decl.Name.Name, prefix) else None


def fuzz_tests(program: Program) -> set[Object]:
    """Return the fuzz tests, which get other names: pytest looks for test_."""
    files = [file for package in program.packages for file in package.files if file.test]
    functions = [decl for file in files for decl in file.decls if decl.kind == "FuncDecl"]
    return {decl.Name.obj for decl in functions if decorator_of_test(decl) == "fuzz_test"}


class Example(NamedTuple):
    """What an example function is to print, in this order or in any."""

    output: str
    unordered: bool


def examples(program: Program) -> dict[Object, Example]:
    """Return the functions that go test runs as examples: those whose last comment says what they print."""
    found = {}
    for package in program.packages:
        for file in package.files:
            for decl in file.decls if file.test else ():
                if decl.kind == "FuncDecl" and decl.Recv is None and _is_example(decl):
                    text = _last_comment(file, decl.Body)
                    match = re.match(r"\s*(unordered )?output:", text, re.I)
                    if match is not None:
                        found[decl.Name.obj] = Example(text[match.end() :].strip(), match[1] is not None)
    return found


def _is_example(decl: Node) -> bool:
    takes = decl.Type.Params.List or decl.Type.Results
    return has_prefix(decl.Name.Name, "Example") and not takes and decl.Body is not None


def _last_comment(file: File, body: Node) -> str:
    """Return the text of the last comment in a function: of the line comments without a line between them."""
    inside = [c for c in file.comments if (body.line, body.col) < (c.line, c.col) < body.end]
    group: list[Comment] = []
    for c in reversed(inside):
        # A comment behind a statement is one by itself.
        if group and not (c.end[0] + 1 == group[0].line and c.own_line and group[0].own_line):
            break
        group.insert(0, c)
    lines = [line.rstrip() for c in group for line in _lines(c)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _lines(c: Comment) -> list[str]:
    if c.kind == "line":
        return [c.text.removeprefix("//").removeprefix(" ")]
    return c.text.removeprefix("/*").removesuffix("*/").split("\n")


__all__ = ["Example", "OfTests", "decorator_of_test", "examples", "fuzz_tests", "has_prefix", "left_out"]
