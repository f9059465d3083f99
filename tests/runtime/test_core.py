"""The two halves of the compiled engine agree on what each calls of the other."""

import ast
import re
from pathlib import Path
from types import BuiltinFunctionType

import pytest

import gochan.runtime
from gochan import Chan, runtime

ENGINE = Path(gochan.runtime.__path__[0])
CORE = (ENGINE / "core.c").read_text() if (ENGINE / "core.c").exists() else ""

pytestmark = [pytest.mark.once, pytest.mark.skipif(not CORE, reason="an installed package has no core.c")]


def under(decorator: str) -> tuple[set[str], set[str]]:
    """The functions and the classes below a decorator."""
    functions, classes = set(), set()
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, (ast.FunctionDef, ast.ClassDef))
            if named and decorator in map(ast.unparse, node.decorator_list):
                (functions if isinstance(node, ast.FunctionDef) else classes).add(node.name)
    return functions, classes


def table(name: str) -> set[str]:
    """The names in one of core.c's tables."""
    body = re.search(rf"{name}\[\] = {{\n(.*?)\n}};", CORE, re.DOTALL)
    assert body is not None
    return set(re.findall(r'^ *{"([\w.]+)"', body[1], re.MULTILINE))


def test_what_python_accelerates_is_in_c_and_nothing_else() -> None:
    functions, classes = under("accelerated")
    assert table("functions") - {"fall_back"} == functions
    assert {name.rpartition(".")[2] for name in table("specs")} == classes


def test_what_c_calls_of_python_is_offered_to_it() -> None:
    offered = under("called_back")[0] | under("accelerated")[0]
    assert under("called_back")[0] < table("callbacks") <= offered


@pytest.mark.skipif(not runtime.COMPILED, reason="the interpreted engine has no half in C")
def test_the_compiled_engine_runs_it() -> None:
    assert type(Chan.send) is type(str.join)
    assert isinstance(runtime.gosched, BuiltinFunctionType)
    assert runtime.gosched.__module__ == "gochan.runtime.proc"
