"""Loads what is to be explored: a file, or a function of a module that is imported already.

A file is executed anew for each run, so that its globals are fresh, and so are the modules beside it that it
imports, which are rewritten as well.  A function's code, and that of its module's other functions, is
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
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial, reduce
from operator import or_
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, ClassVar, Final, TypeAlias

import gochan

from .._engine.run import check_result
from . import xunit
from .attributes import stored_attributes
from .before import BEFORE
from .callables import uses_gochan
from .instrument import rewrite, rewrite_tree
from .outcome import Outcome, kind_of
from .points import CALLS

_LIBRARY: Final = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
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
            _Loader.attributes = _stored(path)
            code = rewrite(source, path, attributes=_Loader.attributes)
            self.code = compile(code, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            raise NotFound(f"{path}{line}: {getattr(error, 'msg', error)}") from None
        except RecursionError:
            raise NotFound(f"{path}: nested too deeply to be rewritten") from None

    def __call__(self, execute: Callable[[Callable[[], object]], Outcome]) -> Outcome:
        """Execute the file, and the function that it gives to run, or that was named, by `execute`."""
        for name in _Loader.loaded:
            # Their globals are fresh in each run, too.
            sys.modules.pop(name, None)
        _Loader.loaded.clear()
        module = ModuleType("explored" if self.function else "__main__")
        vars(module).update(CALLS, __file__=os.path.abspath(self.path), __builtins__=__builtins__)
        if self.function:
            return self._execute_named(module, execute)
        outcomes: list[Outcome] = []

        def run(main: Callable[..., object], /, *args: Any, **kwargs: Any) -> object:
            if not callable(main):
                raise TypeError(f"run: {main!r} is not callable; give the main function: run(main)")
            if outcomes:
                # Only the first is explored.
                raise _Done

            def call() -> object:
                result = main(*args, **kwargs)
                check_result(main, result, "run")
                return result

            outcomes.append(execute(call))
            outcome = outcomes[0]
            if outcome.failure is not None or outcome.redundant or isinstance(outcome.result, SystemExit):
                raise _Done
            return outcome.result

        with _executed(module, run), suppress(_Done, SystemExit):
            try:
                exec(self.code, vars(module))
            except Exception as error:
                if not outcomes:
                    raise self._broken(error) from error
                # What comes after run is part of the program.
                return outcomes[0]._replace(failure=error, kind=kind_of(error))
        if not outcomes:
            raise NotFound(f"{self.path}: it does not call run(main); name a function: {self.path}::test_it")
        return outcomes[0]

    def _execute_named(
        self, module: ModuleType, execute: Callable[[Callable[[], object]], Outcome]
    ) -> Outcome:
        """Execute the file as `module`, and then the function that was named, by `execute`."""
        imported = False

        def run(main: Callable[..., object], /, *args: Any, **kwargs: Any) -> object:
            # In the function that is explored, the caller is the main goroutine already.  While the file is
            # imported, what it gives to run is another program.
            return main(*args, **kwargs) if imported else None

        with _executed(module, run):
            try:
                exec(self.code, vars(module))
                main = self._named(module)
            except NotFound:
                raise
            except (Exception, SystemExit) as error:
                raise self._broken(error) from error
            imported = True
            return execute(main)

    def _broken(self, error: BaseException) -> NotFound:
        """Return what says that the file cannot be imported, and where."""
        lines = [
            f"{frame.filename}:{frame.lineno}: in {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
            if not frame.filename.startswith((_OWN, "<frozen"))
        ]
        said = "".join(traceback.format_exception_only(error)).rstrip()
        return NotFound("\n  ".join([f"{self.path}: it cannot be imported:", *lines, said]))

    def _named(self, module: ModuleType) -> Callable[[], object]:
        found: Any = module
        for part in self.function.split("."):
            if isinstance(found, type):
                found = xunit.create(found, part)
            if not hasattr(found, part):
                raise NotFound(f"{self.path}: there is no {self.function}; it has {_functions(module)}")
            found = getattr(found, part)
        if not callable(found):
            raise NotFound(f"{self.path}: {self.function} is {found!r}, which is not a function")
        if not is_plain(found):
            raise NotFound(
                f"{self.path}: {self.function} is a coroutine or generator function; give a plain one"
            )
        wanted = [
            p.name
            for p in inspect.signature(found).parameters.values()
            if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        ]
        if wanted:
            raise NotFound(
                f"{self.path}: {self.function} takes {', '.join(wanted)}; give a function without arguments"
            )
        return xunit.prepared(found, module)

    def tests(self) -> list[str]:
        """Return the names of the test functions in the file, as pytest finds them."""
        return xunit.names(ast.parse(Path(self.path).read_bytes()))

    def runs_tests(self) -> bool:
        """Return whether the file, executed as a program, runs its tests, as by `unittest.main()`."""
        return xunit.runs_tests(ast.parse(Path(self.path).read_bytes()))


def is_plain(fn: object) -> bool:
    """Return whether fn is neither a coroutine nor a generator function: these do nothing when called."""
    return not (inspect.iscoroutinefunction(fn) or inspect.isgeneratorfunction(fn))


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
    """Loads a module of the program, rewritten."""

    # The names of those that were loaded in this run; by path, the code.
    loaded: ClassVar[list[str]] = []
    codes: ClassVar[dict[str, CodeType]] = {}
    # The attributes that the program's modules assign.
    attributes: ClassVar[frozenset[str]] = frozenset()

    def get_code(self, fullname: str) -> CodeType:
        # Never from __pycache__, which holds what was not rewritten.
        path = self.get_filename(fullname)
        code = self.codes.get(path)
        if code is None:
            tree = rewrite(self.get_data(path), path, attributes=self.attributes)
            code = compile(tree, path, "exec", dont_inherit=True)
            self.codes[path] = code
        return code

    def exec_module(self, module: ModuleType) -> None:
        self.loaded.append(module.__name__)
        vars(module).update(CALLS)
        super().exec_module(module)


def _stored(path: str) -> frozenset[str]:
    """Return the attributes that are assigned in a file, and in the modules beside it that it imports."""
    found: frozenset[str] = frozenset()
    seen: set[str] = set()
    todo = [os.path.abspath(path)]
    home = os.path.dirname(todo[0])
    while todo:
        file = todo.pop()
        if file in seen or not os.path.isfile(file):
            continue
        seen.add(file)
        with suppress(SyntaxError, ValueError, RecursionError, OSError):
            source = Path(file).read_bytes()
            found |= stored_attributes(source)
            for name, level in _imported(ast.parse(source)):
                folder = os.path.dirname(file)
                for _ in range(level - 1):
                    folder = os.path.dirname(folder)
                for base in {folder, home} if not level else {folder}:
                    module = os.path.join(base, *name.split("."))
                    todo += [f"{module}.py", os.path.join(module, "__init__.py")]
    return found


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the modules that a program may import, and from how far up."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, 0) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module, node.level
            yield from ((f"{module}.{each.name}".lstrip("."), node.level) for each in node.names)


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
        _Loader.codes.clear()


# --- functions that exist already ------------------------------------------------------------------------


@contextmanager
def rewritten(fn: Callable[..., object], extra: Sequence[ModuleType] = ()) -> Iterator[None]:
    """Exchange the code of fn, and of its module's functions, for rewritten code.

    Raises `ValueError` if that of fn, a function of Python's, cannot be rewritten.
    """
    modules = list(dict.fromkeys(extra))
    plain: Any = fn.func if isinstance(fn, partial) else fn
    plain = inspect.unwrap(plain.__func__ if isinstance(plain, MethodType) else plain)
    home = sys.modules.get(getattr(plain, "__module__", "") or "")
    if home is not None and not home.__name__.startswith("gochan."):
        modules += [module for module in _program(home) if module not in modules]
    saved: list[tuple[FunctionType, CodeType]] = []
    added: list[dict[str, Any]] = []
    found = False
    try:
        attributes = reduce(or_, map(_attributes_of, modules), frozenset[str]())
        for module in modules:
            versions = _codes(module, attributes)
            if not versions:
                continue
            if BEFORE not in vars(module):
                vars(module).update(CALLS)
                added.append(vars(module))
            roots = [*vars(module).values(), *([plain] if module is home else [])]
            for function in _all_functions(roots, module):
                code = function.__code__
                for codes in versions:
                    new = _counterpart(code, codes.get((code.co_qualname, code.co_firstlineno), ()))
                    if new is not None and new.co_freevars == code.co_freevars:
                        saved.append((function, code))
                        function.__code__ = new
                        found = found or function is plain
                        break
        if not found and isinstance(plain, FunctionType):
            new = _alone(plain)
            if new is None:
                raise ValueError(
                    f"explore: {plain.__qualname__} cannot be rewritten: its source file is missing "
                    "or has changed"
                )
            if BEFORE not in plain.__globals__:
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
        plain = compile(tree, path, "exec", dont_inherit=True)
        code = compile(rewrite_tree(tree), path, "exec", dont_inherit=True)
    except (OSError, TypeError, SyntaxError, IndentationError, RecursionError):
        return None
    found = [
        (old, new)
        for old, new in zip(_inside(plain), _inside(code), strict=False)
        if new.co_name == old.co_name == function.__code__.co_name and new.co_freevars == free
    ]
    return _counterpart(function.__code__, found)


def _counterpart(code: CodeType, found: Sequence[tuple[CodeType, CodeType]]) -> CodeType | None:
    """Return the rewritten code of a function, of pairs of plain and rewritten code with its name and line.

    There may be several lambdas in a line.
    """
    if len(found) > 1:
        found = [pair for pair in found if _essence(pair[0]) == _essence(code)]
    return found[0][1] if found else None


def _essence(code: CodeType) -> tuple[object, ...]:
    """Return what two code objects of the same source line differ in."""
    constants = [each for each in code.co_consts if not isinstance(each, CodeType)]
    return code.co_code, code.co_names, code.co_varnames, code.co_argcount, repr(constants)


def _inside(code: CodeType) -> Iterator[CodeType]:
    """Yield the code objects in a code object."""
    todo = [code]
    while todo:
        for constant in todo.pop().co_consts:
            if isinstance(constant, CodeType):
                yield constant
                todo.append(constant)


def _program(home: ModuleType) -> list[ModuleType]:
    """Return home and the modules of the program that it uses: those it imports, and what uses gochan."""
    found: list[ModuleType] = []
    seen: set[str] = set()
    todo = [(home, True)]
    while todo:
        module, direct = todo.pop()
        if module.__name__ in seen or (module is not home and not _is_program(module)):
            continue
        seen.add(module.__name__)
        if direct or uses_gochan(vars(module)):
            found.append(module)
        for value in list(vars(module).values()):
            name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            used = sys.modules.get(name) if isinstance(name, str) else None
            if used is not None:
                todo.append((used, module is home))
    return found


def _is_program(module: ModuleType) -> bool:
    """Return whether a module is neither installed nor the standard library's nor gochan's."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith(".py"):
        return False
    folders = os.path.abspath(file).split(os.sep)
    return not ("site-packages" in folders or "dist-packages" in folders or file.startswith((_OWN, _LIBRARY)))


# The code objects of a source, plain and rewritten, by name and first line: those that know its captured
# variables, and those for functions that were made, with their variables, before.
_Codes: TypeAlias = dict[tuple[str, int], list[tuple[CodeType, CodeType]]]


def _attributes_of(module: ModuleType) -> frozenset[str]:
    """Return the attributes that a module assigns."""
    with suppress(OSError, TypeError, SyntaxError, RecursionError):
        return stored_attributes(inspect.getsource(module))
    return frozenset()


def _codes(module: ModuleType, attributes: frozenset[str]) -> Sequence[_Codes]:
    """Return the rewritten code objects of a module's source; nothing if it has none."""
    try:
        source = inspect.getsource(module)
        path = inspect.getsourcefile(module) or "<module>"
        return _rewritten_codes(source, path, attributes)
    except (OSError, TypeError, SyntaxError, RecursionError):
        return ()


@lru_cache
def _rewritten_codes(source: str, path: str, attributes: frozenset[str]) -> tuple[_Codes, _Codes]:
    plain = _by_line(compile(source, path, "exec", dont_inherit=True))
    versions: list[_Codes] = []
    for cells in (True, False):
        tree = rewrite(source, path, cells=cells, attributes=attributes)
        new = _by_line(compile(tree, path, "exec", dont_inherit=True))
        versions.append(
            {key: list(zip(plain.get(key, codes), codes, strict=False)) for key, codes in new.items()}
        )
    return versions[0], versions[1]


def _by_line(code: CodeType) -> dict[tuple[str, int], list[CodeType]]:
    """Return the code objects in a code object, by name and first line."""
    found: dict[tuple[str, int], list[CodeType]] = {}
    for each in _inside(code):
        found.setdefault((each.co_qualname, each.co_firstlineno), []).append(each)
    return found


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
