"""Makes the reference show one plain signature for each name, and a link to its counterpart in Go."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from counterparts import put_link
from porting_tables import OWN, PACKAGES
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

import gochan
from gochan import sync
from gochan._engine import impl

SOURCES = {str(path) for path in Path(gochan.__file__).parent.rglob("*.py")}
# The modules with overloads. Those are for type checkers; readers want one signature, and the page has it.
OVERLOADED = ("gochan.aio", "gochan.thread", "gochan._engine.chan")


def source_files(thing: Any) -> list[str]:
    """Return the files of gochan that define a function, or the functions of a class."""
    functions = filter(inspect.isfunction, vars(thing).values() if inspect.isclass(thing) else [thing])
    files = (function.__code__.co_filename for function in functions)
    return [file for file in files if file in SOURCES]


def without_overloads(app: Sphinx) -> None:
    """Hide the overloads from autodoc if the page has the signature: autodoc would show each overload."""
    for module in OVERLOADED:
        analyzer = ModuleAnalyzer.for_module(module)
        analyzer.analyze()
        analyzer.overloads.clear()


def with_the_engine(app: Sphinx) -> None:
    """Show autodoc the source of the engine's classes, which it looks for in their public module."""
    modules = [import_module(name) for name in ("gochan", *PACKAGES.values(), *OWN)]
    named = {(name, getattr(module, name)) for module in modules for name in module.__all__}
    for name, cls in sorted({*named, ("RLocker", impl.RLocker)}, key=lambda pair: pair[0]):
        if not isinstance(cls, type) or not cls.__module__.startswith("gochan"):
            continue
        public = ModuleAnalyzer.for_module(cls.__module__)
        public.analyze()
        # A named tuple may have no function from which its file could be found.
        public.tagorder |= {f"{name}.{field}": i for i, field in enumerate(getattr(cls, "_fields", ()))}
        for file in {*source_files(cls)} - {public.srcname}:
            source = ModuleAnalyzer.for_file(file, cls.__module__)
            source.analyze()
            if name in source.finals:
                public.finals.append(name)
            first = len(public.tagorder)
            for tag, order in source.tagorder.items():
                owner, _, member = tag.partition(".")
                if member and owner in {base.__name__ for base in cls.__mro__}:
                    public.tagorder[f"{name}.{member}"] = first + order


# Sphinx passes the handlers' arguments by position, so their names are free.
def plain(app: Sphinx, *described: Any) -> tuple[str, str | None] | None:
    """Simplify a signature: `Callable[..., R]` for a function and its arguments, no private type names."""
    kind, *_, signature, returns = described
    if signature is None:
        return None
    # A protocol is not called, but Python gives it an initializer that takes anything.
    if kind == "class" and signature == "(*args, **kwargs)":
        return "", None
    if "[[~" in signature:
        signature = re.sub(r"~(?:[\w.]+\.)?~?(\w+)", r"\1", signature)
        signature = signature.replace("*args: _P", "*args").replace("**kwargs: _P", "**kwargs")
    return public(signature), returns and public(returns)


def public(types: str) -> str:
    """Write a ParamSpec as `...`, and other private type variables without the underscore."""
    types = re.sub(r"\[\[(?:~?(?:[\w.]+\.)?_P|\.\.\.)\], ", "[..., ", types)
    return re.sub(r"~?(?<![\w.])(?:[\w.]+\.)?_([A-Z])\b", r"\1", types)


def without_object(app: Sphinx, domain: str, kind: str, content: addnodes.desc_content) -> None:
    """Remove the line of bases if it names no base, or only `object`."""
    if content.children and content[0].astext().strip() in {"Bases:", "Bases: object"}:
        del content[0]


def link(app: Sphinx, *described: Any) -> None:
    """Put the link to the Go counterpart into a docstring."""
    _, name, _, _, lines = described
    put_link(name, lines)


def setup(app: Sphinx) -> dict[str, Any]:
    # RWMutex.rlocker returns an RLocker, whose __module__ is gochan.sync, but that module doesn't export it.
    vars(sync).setdefault("RLocker", impl.RLocker)
    app.connect("builder-inited", without_overloads)
    app.connect("builder-inited", with_the_engine)
    app.connect("autodoc-process-signature", plain)
    app.connect("autodoc-process-docstring", link)
    app.connect("object-description-transform", without_object)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
