"""Go's package text/template.

A template finds fields and methods by their names in Go: the class of a struct knows those of its fields, and
the name of a method follows the naming rule.
"""

from __future__ import annotations

from typing import Any

from . import filepath, os
from ._common import Slice, bytes_of, decode, encode, panic
from ._errors import ErrorString
from ._quote import quote
from ._template_exec import ExecError, ExecFault, State, bad_results
from ._template_funcs import (
    BUILTINS,
    html_escape_string,
    html_escaper,
    js_escape_string,
    js_escaper,
    url_query_escaper,
)
from ._template_nodes import Tree, is_empty
from ._template_parse import ParseFault, parse
from ._template_values import Function, function_of, value_of
from ._template_values import is_true as _is_true
from ._types import error, nil
from .io import put

__all__ = [
    "ExecError",
    "FuncMap",
    "Template",
    "html_escape",
    "html_escape_string",
    "html_escaper",
    "is_true",
    "js_escape",
    "js_escape_string",
    "js_escaper",
    "must",
    "new",
    "parse_files",
    "parse_glob",
    "url_query_escaper",
]


class FuncMap(dict[str, Any]):
    """Functions by the names that templates call them by: Go's template.FuncMap."""

    __slots__ = ()
    __go_name__ = "template.FuncMap"


class _Group:
    """What associated templates share."""

    def __init__(self) -> None:
        self.templates: dict[str, Template] = {}
        self.functions: dict[str, Function] = {}
        self.missing_key = "default"


class Template:
    """A template, and those that it may invoke: Go's *template.Template."""

    __go_name__ = "template.Template"

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._group = _Group()
        self._left = self._right = ""
        self.tree: Tree | None = None

    def name(self) -> str:
        """Return the name: Go's Name."""
        return self._name

    def new(self, name: str) -> Template:
        """Return a new template that is associated with this one: Go's New."""
        made = Template(name)
        made._group = self._group
        made._left, made._right = self._left, self._right
        return made

    def clone(self) -> tuple[Template, error]:
        """Return a copy, with copies of the associated templates: Go's Clone."""
        made = Template(self._name)
        made._left, made._right, made.tree = self._left, self._right, self.tree
        group = made._group
        group.missing_key = self._group.missing_key
        group.functions = dict(self._group.functions)
        for name, other in self._group.templates.items():
            if name == self._name:
                group.templates[name] = made
                continue
            copy = group.templates[name] = made.new(other._name)
            copy._left, copy._right, copy.tree = other._left, other._right, other.tree
        return made, None

    def templates(self) -> Slice[Template]:
        """Return the associated templates: Go's Templates."""
        return Slice[Template](list(self._group.templates.values()))

    def defined_templates(self) -> str:
        """Return the names of the associated templates, for a message: Go's DefinedTemplates."""
        names = [quote(name) for name, other in self._group.templates.items() if other.tree is not None]
        return f"; defined templates are: {', '.join(names)}" if names else ""

    def lookup(self, name: str) -> Template:
        """Return an associated template, or nil: Go's Lookup."""
        return self._group.templates.get(name, nil)

    def delims(self, left: str, right: str) -> Template:
        """Set what actions are written between, from the next parse on: Go's Delims."""
        self._left, self._right = left, right
        return self

    def option(self, *opt: str) -> Template:
        """Set options, such as "missingkey=error": Go's Option."""
        for text in opt:
            if not text:
                panic("empty option string")
            key, _, value = text.partition("=")
            if key != "missingkey" or value not in {"invalid", "default", "zero", "error"}:
                panic(f"unrecognized option: {text}")
            self._group.missing_key = value
        return self

    def missing_key(self) -> str:
        return self._group.missing_key

    # --- functions ----------------------------------------------------------------------------------------

    def funcs(self, func_map: Any) -> Template:
        """Add functions, which the text that is parsed later may call: Go's Funcs."""
        for name, fn in func_map.items():
            if not name.isidentifier():
                panic(ErrorString(f"function name {quote(name)} is not a valid identifier"))
            function = function_of(value_of(fn))
            if function is None:
                panic(f"value for {name} not a function")
            bad = bad_results(name, function.signature.results)
            if bad:
                panic(ErrorString(bad))
            self._group.functions[name] = function
        return self

    def find_function(self, name: str) -> tuple[Function | None, bool]:
        """Return a function, and whether all templates have it."""
        own = self._group.functions.get(name)
        return (BUILTINS.get(name), True) if own is None else (own, False)

    # --- parsing ------------------------------------------------------------------------------------------

    def parse(self, text: str) -> tuple[Template, error]:
        """Parse the text of this template, and of those that it defines: Go's Parse."""
        own = frozenset(self._group.functions)
        try:
            found = parse(
                self._name, text, self._left or "{{", self._right or "}}", own | BUILTINS.keys(), own
            )
        except ParseFault as fault:
            return nil, ErrorString(str(fault))
        for name, tree in found.items():
            self.add_parse_tree(name, tree)
        return self, None

    def add_parse_tree(self, name: str, tree: Tree) -> tuple[Template, error]:
        """Give an associated template a parsed text: Go's AddParseTree."""
        target = self if name == self._name else self.new(name)
        known = self._group.templates.get(name)
        keeps = known is not None and known.tree is not None and is_empty(tree.root)
        if not keeps:
            self._group.templates[name] = target
        if not keeps or target.tree is None:
            target.tree = tree
        return target, None

    def parse_files(self, *filenames: str) -> tuple[Template, error]:
        """Parse files, each the text of the template of its name: Go's ParseFiles."""
        return _parse_files(self, filenames)

    def parse_glob(self, pattern: str) -> tuple[Template, error]:
        """Parse the files that a pattern matches: Go's ParseGlob."""
        return _parse_glob(self, pattern)

    # --- execution ----------------------------------------------------------------------------------------

    def execute(self, wr: Any, data: Any) -> error:
        """Write the template for data: Go's Execute."""
        dot = value_of(data)
        state = State(self, wr, dot)
        try:
            if self.tree is None or self.tree.root is None:
                state.fail(f"{quote(self._name)} is an incomplete or empty template")
            state.walk(dot, self.tree.root)
        except ExecFault as fault:
            return fault.err
        return None

    def execute_template(self, wr: Any, name: str, data: Any) -> error:
        """Write an associated template for data: Go's ExecuteTemplate."""
        found = self.lookup(name)
        if found is None:
            return ErrorString(
                f"template: no template {quote(name)} associated with template {quote(self._name)}"
            )
        return found.execute(wr, data)


def new(name: str) -> Template:
    """Return a new template without a text: Go's template.New."""
    return Template(name)


def must(t: Template, err: error) -> Template:
    """Return the template; panic if there is an error: Go's template.Must."""
    if err is not None:
        panic(err)
    return t


def parse_files(*filenames: str) -> tuple[Template, error]:
    """Return the template of the first file, with those of the others: Go's template.ParseFiles."""
    return _parse_files(None, filenames)


def parse_glob(pattern: str) -> tuple[Template, error]:
    """Return the templates of the files that a pattern matches: Go's template.ParseGlob."""
    return _parse_glob(None, pattern)


def _parse_files(t: Template | None, filenames: tuple[str, ...]) -> tuple[Template, error]:
    if not filenames:
        return nil, ErrorString("template: no files named in call to ParseFiles")
    for filename in filenames:
        data, err = os.read_file(filename)
        if err is not None:
            return nil, err
        name = filepath.base(filename)
        if t is None:
            t = Template(name)
        target = t if name == t.name() else t.new(name)
        _, err = target.parse(decode(bytes_of(data)))
        if err is not None:
            return nil, err
    assert t is not None
    return t, None


def _parse_glob(t: Template | None, pattern: str) -> tuple[Template, error]:
    filenames, err = filepath.glob(pattern)
    if err is not None:
        return nil, err
    if not len(filenames):
        shown = quote(pattern) if "`" in pattern else f"`{pattern}`"
        return nil, ErrorString(f"template: pattern matches no files: {shown}")
    return _parse_files(t, tuple(filenames))


def html_escape(w: Any, b: Any) -> None:
    """Write bytes as HTML: Go's template.HTMLEscape."""
    put(w, encode(html_escape_string(decode(bytes_of(b)))))


def js_escape(w: Any, b: Any) -> None:
    """Write bytes for a string of JavaScript: Go's template.JSEscape."""
    put(w, encode(js_escape_string(decode(bytes_of(b)))))


def is_true(val: Any) -> tuple[bool, bool]:
    """Return whether a template takes a value for true, and True: Go's template.IsTrue."""
    return _is_true(value_of(val)), True
