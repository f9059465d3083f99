"""Loads what is to be explored: a file, or a function of a module that is imported already.

A file is executed anew for each run, so that its globals are fresh; the modules beside it that it imports
are rewritten when they are imported, once.  A function's code, and that of its module's other functions, is
exchanged for rewritten code while it is explored.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import os
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import gochan

from .instrument import CALLS, rewrite, rewrite_tree
from .run import Outcome

_OWN: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class NotFound(ValueError):
    """There is no such file or function, or nothing in it that could be explored."""


class _Done(BaseException):
    """The explored run has ended, and the rest of the file is of no interest."""


class File:
    """A program in a file: see `search.Program`."""

    def __init__(self, path: str, function: str = "") -> None:
        self.path = path
        self.function = function
        try:
            source = Path(path).read_bytes()
        except OSError as error:
            raise NotFound(f"{path}: {error.strerror or error}") from None
        try:
            self.code = compile(rewrite(source, path), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            raise NotFound(f"{path}{line}: {getattr(error, 'msg', error)}") from None
        except RecursionError:
            raise NotFound(f"{path}: nested too deeply to be rewritten") from None

    def __call__(self, execute: Callable[[Callable[[], object]], Outcome]) -> Outcome:
        """Execute the file, and the function that it gives to run, or that was named, by `execute`."""
        module = ModuleType("explored" if self.function else "__main__")
        vars(module).update(CALLS, __file__=os.path.abspath(self.path), __builtins__=__builtins__)
        if self.function:
            with _executed(module, _run_in_place):
                exec(self.code, vars(module))
                return execute(self._named(module))
        outcomes: list[Outcome] = []

        def run(main: Callable[..., object], /, *args: Any, **kwargs: Any) -> object:
            if not callable(main):
                raise TypeError(f"run: {main!r} is not callable; give the main function: run(main)")
            if outcomes:
                # Only the first is explored.
                raise _Done
            outcomes.append(execute((lambda: main(*args, **kwargs)) if args or kwargs else main))
            if outcomes[0].failure is not None or outcomes[0].redundant:
                raise _Done
            return outcomes[0].result

        with _executed(module, run), suppress(_Done, SystemExit):
            exec(self.code, vars(module))
        if not outcomes:
            raise NotFound(f"{self.path}: it does not call run(main); name a function: {self.path}::test_it")
        return outcomes[0]

    def _named(self, module: ModuleType) -> Callable[[], object]:
        found: Any = module
        for part in self.function.split("."):
            if isinstance(found, type):
                found = found()
            if not hasattr(found, part):
                raise NotFound(f"{self.path}: there is no {self.function}; it has {_functions(module)}")
            found = getattr(found, part)
        if not callable(found):
            raise NotFound(f"{self.path}: {self.function} is {found!r}, which is not a function")
        wanted = [
            p.name
            for p in inspect.signature(found).parameters.values()
            if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        ]
        if wanted:
            raise NotFound(
                f"{self.path}: {self.function} takes {', '.join(wanted)}; "
                "what is explored is called without arguments"
            )
        return found  # type: ignore[no-any-return]

    def tests(self) -> list[str]:
        """Return the names of the test functions in the file, as pytest finds them."""
        tree = ast.parse(Path(self.path).read_bytes())
        names: list[str] = []
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                names.append(node.name)
            elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                names += [
                    f"{node.name}.{part.name}"
                    for part in node.body
                    if isinstance(part, ast.FunctionDef) and part.name.startswith("test")
                ]
        return names


def _run_in_place(main: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """`run` of a function that is explored: it is the main goroutine already."""
    return main(*args, **kwargs)


@contextmanager
def _executed(module: ModuleType, run: Callable[..., Any]) -> Iterator[None]:
    """While a program is executed as `module`, replace `gochan.run` by `run`."""
    before = gochan.run, sys.modules.get(module.__name__)
    gochan.run = run
    # A dataclass looks up the module that defines it.
    sys.modules[module.__name__] = module
    try:
        yield
    finally:
        gochan.run = before[0]
        if before[1] is None:
            del sys.modules[module.__name__]
        else:
            sys.modules[module.__name__] = before[1]


def _functions(module: ModuleType) -> str:
    names = [
        name for name, value in vars(module).items() if isinstance(value, FunctionType) and name[0] != "_"
    ]
    return ", ".join(names) or "no function"


# --- modules that the program imports --------------------------------------------------------------------


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules below some folders, and rewrites them."""

    def __init__(self, folders: Sequence[str]) -> None:
        self.folders = tuple(os.path.join(os.path.abspath(folder), "") for folder in folders)

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        file = os.path.abspath(spec.origin or "")
        if not file.startswith(self.folders) or "site-packages" in file or file.startswith(_OWN):
            return None
        spec.loader = _Loader(name, file)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        # Never from __pycache__, which holds what was not rewritten.
        path = self.get_filename(fullname)
        return compile(rewrite(self.get_data(path), path), path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(CALLS)
        super().exec_module(module)


@contextmanager
def rewriting(*folders: str) -> Iterator[None]:
    """Rewrite the modules below the folders that are imported meanwhile."""
    finder = _Finder(folders)
    sys.meta_path.insert(0, finder)
    sys.path[:0] = [folder for folder in folders if folder not in sys.path]
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


# --- functions that exist already ------------------------------------------------------------------------


@contextmanager
def rewritten(fn: Callable[..., object], extra: Sequence[ModuleType] = ()) -> Iterator[None]:
    """Exchange the code of fn, and of its module's functions, for rewritten code.

    Raises `ValueError` if that of fn, a function of Python's, cannot be rewritten.
    """
    modules = list(extra)
    plain: Any = fn.func if isinstance(fn, partial) else fn
    plain = inspect.unwrap(plain.__func__ if isinstance(plain, MethodType) else plain)
    home = sys.modules.get(getattr(plain, "__module__", "") or "")
    if home is not None and home not in modules and not home.__name__.startswith("gochan."):
        modules.append(home)
    saved: list[tuple[FunctionType, CodeType]] = []
    added: list[dict[str, Any]] = []
    found = False
    try:
        for module in modules:
            codes = _codes(module)
            if not codes:
                continue
            if "_gochan_before" not in vars(module):
                vars(module).update(CALLS)
                added.append(vars(module))
            roots = [*vars(module).values(), *([plain] if module is home else [])]
            for function in _all_functions(roots, module):
                code = function.__code__
                new = codes.get((code.co_qualname, code.co_firstlineno))
                if new is not None and new.co_freevars == code.co_freevars:
                    saved.append((function, code))
                    function.__code__ = new
                    found = found or function is plain
        if not found and isinstance(plain, FunctionType):
            new = _alone(plain)
            if new is None:
                raise ValueError(
                    f"explore: {plain.__qualname__} cannot be rewritten: its source is not there, or another"
                )
            if "_gochan_before" not in plain.__globals__:
                plain.__globals__.update(CALLS)
                added.append(plain.__globals__)
            saved.append((plain, plain.__code__))
            plain.__code__ = new
        yield
    finally:
        for function, code in reversed(saved):
            function.__code__ = code
        for namespace in added:
            for name in CALLS:
                namespace.pop(name, None)


def _alone(function: FunctionType) -> CodeType | None:
    """Return a function's rewritten code, made of its own source: that of a module is not always there."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
        free = function.__code__.co_freevars
        if free:
            # In a function that has them, its free variables stay free.
            around = ast.parse(f"def around():\n    {' = '.join(free)} = None").body[0]
            assert isinstance(around, ast.FunctionDef)
            around.body += tree.body
            tree = ast.Module([around], [])
        ast.increment_lineno(tree, first - 1)
        path = function.__code__.co_filename
        code = compile(rewrite_tree(tree), path, "exec", dont_inherit=True)
    except (OSError, TypeError, SyntaxError, IndentationError, RecursionError):
        return None
    for found in _inside(code):
        if found.co_name == function.__code__.co_name and found.co_freevars == free:
            return found
    return None


def _inside(code: CodeType) -> Iterator[CodeType]:
    """Yield the code objects in a code object."""
    todo = [code]
    while todo:
        for constant in todo.pop().co_consts:
            if isinstance(constant, CodeType):
                yield constant
                todo.append(constant)


def _codes(module: ModuleType) -> dict[tuple[str, int], CodeType]:
    """Return the rewritten code objects of a module's source, by name and first line."""
    try:
        source = inspect.getsource(module)
        path = inspect.getsourcefile(module) or "<module>"
        code = compile(rewrite(source, path), path, "exec", dont_inherit=True)
    except (OSError, TypeError, SyntaxError, RecursionError):
        return {}
    return {(each.co_qualname, each.co_firstlineno): each for each in _inside(code)}


def _all_functions(roots: Sequence[Any], module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions of a module: its globals, its classes' methods, and what they have captured."""
    seen: set[int] = set()
    todo = list(roots)
    while todo:
        o = todo.pop()
        if id(o) in seen:
            continue
        seen.add(id(o))
        if isinstance(o, (staticmethod, classmethod)):
            todo.append(o.__func__)
        elif isinstance(o, property):
            todo += [o.fget, o.fset, o.fdel]
        elif isinstance(o, MethodType):
            todo.append(o.__func__)
        elif isinstance(o, type) and o.__module__ == module.__name__:
            todo += vars(o).values()
        elif isinstance(o, FunctionType):
            if o.__module__ == module.__name__:
                yield o
            if hasattr(o, "__wrapped__"):
                todo.append(o.__wrapped__)
            for cell in o.__closure__ or ():
                try:
                    todo.append(cell.cell_contents)
                except ValueError:
                    continue
