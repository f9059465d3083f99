"""Executes a template (Go's text/template/exec.go)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NoReturn

from . import _integers
from . import _template_nodes as nodes
from . import _template_values as values
from ._common import encode
from ._errors import ErrorString, WrapError
from ._panics import is_panic, value_of
from ._quote import quote
from ._structs import struct
from ._template_nodes import Chain, Command, Fields, Invocation, List, Node, Number, Pipe, Variable
from ._template_values import MISSING, NONE, Function, Value
from ._types import BOOL, COMPLEX128, ERROR, FLOAT64, INT, STRING, GoType, error, pointer_to, type_of
from ._types import error as error_
from ._zero import zero_of
from .fmt import errorf, sprint
from .io import put

_MAX_DEPTH: Final = 100_000
# The type of a parameter that takes a value with its type: Go's reflect.Value.
VALUE: Final = GoType("value", "reflect.Value")


class ExecFault(Exception):
    """The execution ends with an error."""

    def __init__(self, err: error) -> None:
        super().__init__(err)
        self.err = err


@struct(go="template.ExecError", names={"name": "Name", "err": "Err"})
class ExecError:
    """What is wrong with the execution of a template: Go's template.ExecError."""

    name: str = ""
    err: error_ = None

    def error(self) -> str:
        """Return the text: Go's Error."""
        return str(self.err)

    def unwrap(self) -> error_:
        """Return the error: Go's Unwrap."""
        return self.err


class _Break(Exception):
    """Ends a range."""


class _Continue(Exception):
    """Ends an iteration."""


class State:
    """One execution of a template, or of one that it invokes."""

    def __init__(self, template: Any, writer: Any, dot: Value, depth: int = 0) -> None:
        self.template = template
        self.writer = writer
        self.node: Node | None = None
        self.variables: list[tuple[str, Value]] = [("$", dot)]
        self.depth = depth

    # --- errors -------------------------------------------------------------------------------------------

    def fail(self, words: str, wrapped: error = None) -> NoReturn:
        name = self.template.name()
        if self.node is None:
            text = f"template: {name}: {words}"
        else:
            where = self.node.tree.where(self.node.pos)
            text = f"template: {where}: executing {quote(name)} at <{self.node}>: {words}"
        err = ErrorString(text) if wrapped is None else WrapError(text, wrapped)
        raise ExecFault(ExecError(name, err))

    # --- variables ----------------------------------------------------------------------------------------

    def variable(self, name: str) -> Value:
        found = next((value for known, value in reversed(self.variables) if known == name), None)
        if found is None:
            self.fail(f"undefined variable: {name}")
        return found

    def assign(self, name: str, value: Value) -> None:
        for i in reversed(range(len(self.variables))):
            if self.variables[i][0] == name:
                self.variables[i] = name, value
                return
        self.fail(f"undefined variable: {name}")

    # --- statements ---------------------------------------------------------------------------------------

    def walk(self, dot: Value, node: Node) -> None:
        self.node = node
        match node:
            case nodes.Text():
                self.write(node.text)
            case nodes.Action():
                value = self.pipeline(dot, node.pipe)
                if not node.pipe.names:
                    self.print(node, value)
            case List():
                for part in node.nodes:
                    self.walk(dot, part)
            case nodes.Branch(word="range"):
                self.range(dot, node)
            case nodes.Branch():
                self.branch(dot, node)
            case Invocation():
                self.invoke(dot, node)
            case nodes.Word(word="break"):
                raise _Break
            case nodes.Word(word="continue"):
                raise _Continue

    def write(self, text: str) -> None:
        _, err = put(self.writer, encode(text))
        if err is not None:
            raise ExecFault(err)

    def print(self, node: Node, value: Value) -> None:
        self.node = node
        shown = printable(value)
        if shown is None:
            assert value.t is not None
            self.fail(f"can't print {node} of type {value.t.name}")
        self.write(sprint(shown.boxed()))

    def branch(self, dot: Value, node: nodes.Branch) -> None:
        outer = len(self.variables)
        value = self.pipeline(dot, node.pipe)
        if values.is_true(values.inside(value)):
            self.walk(value if node.word == "with" else dot, node.body)
        elif node.other is not None:
            self.walk(dot, node.other)
        del self.variables[outer:]

    def invoke(self, dot: Value, node: Invocation) -> None:
        found = self.template.lookup(node.name)
        if found is None:
            self.fail(f"template {quote(node.name)} not defined")
        if self.depth == _MAX_DEPTH:
            self.too_deep()
        dot = NONE if node.pipe is None else self.pipeline(dot, node.pipe)
        try:
            State(found, self.writer, dot, self.depth + 1).walk(dot, found.tree.root)
        except RecursionError:
            self.node = node
            self.too_deep()

    def too_deep(self) -> NoReturn:
        self.fail(f"exceeded maximum template depth ({_MAX_DEPTH})")

    def range(self, dot: Value, node: nodes.Branch) -> None:
        outer = len(self.variables)
        try:
            value, _ = values.indirect(self.pipeline(dot, node.pipe))
            iterated = self.iterate(node, value)
        except _Break:
            iterated = True
        del self.variables[outer:]
        if not iterated and node.other is not None:
            self.walk(dot, node.other)

    def iterate(self, node: nodes.Branch, value: Value) -> bool:
        """Walk the body of a range for each element; return whether there are any."""
        several = len(node.pipe.names) > 1
        iterated = False

        def each(index: Value, element: Value) -> bool:
            nonlocal iterated
            iterated = True
            self.iteration(node, index, element)
            return True

        kind = value.kind
        if kind in {"int", "uint"}:
            if several:
                self.fail(f"can't use {sprint(value.boxed())} to iterate over more than one variable")
            for i in range(value.v):
                each(NONE, Value(i, value.t))
        elif kind in {"array", "slice", "map"}:
            for index, element in values.items(value):
                each(index, element)
        elif kind == "chan":
            self.receive(value, each)
        elif kind == "func" and self.call_iterator(value, several, each):
            pass
        elif kind != "invalid":
            self.fail(f"range can't iterate over {sprint(value.boxed())}")
        return iterated

    def receive(self, value: Value, each: Callable[[Value, Value], bool]) -> None:
        if value.v is not None:
            assert value.t is not None
            for i, item in enumerate(value.v):
                each(values.value_of(i), Value(item, value.t.elem))

    def call_iterator(self, value: Value, several: bool, each: Callable[[Value, Value], bool]) -> bool:
        """Range over an iterator; return False if a function is none."""
        function = values.function_of(value)
        assert function is not None
        yields = function.signature.params[0].signature if len(function.signature.params) == 1 else None
        if yields is None or function.signature.results or not 1 <= len(yields.params) <= 2:
            return False
        if len(yields.params) == 1:
            if several:
                self.fail(f"can't use {sprint(value.boxed())} iterate over more than one variable")
            only = yields.params[0]
            function.call(lambda v: each(NONE, Value(v, only)))
            return True
        first, second = yields.params
        if several:
            function.call(lambda k, v: each(Value(k, first), Value(v, second)))
        else:
            function.call(lambda k, v: each(NONE, Value(k, first)))
        return True

    def iteration(self, node: nodes.Branch, index: Value, element: Value) -> None:
        names = node.pipe.names
        for variable, value in zip(names, [index, element][-len(names) :] if names else (), strict=True):
            self.assign(variable.ident[0], value)
        outer = len(self.variables)
        try:
            self.walk(element, node.body)
        except _Continue:
            pass
        finally:
            del self.variables[outer:]

    # --- pipelines ----------------------------------------------------------------------------------------

    def pipeline(self, dot: Value, pipe: Pipe) -> Value:
        self.node = pipe
        value = MISSING
        for command in pipe.commands:
            value = self.command(dot, command, value)
            if value.kind == "interface" and value.t is not None and not value.t.methods:
                value = value.elem()
        for variable in pipe.names:
            if pipe.assigns:
                self.assign(variable.ident[0], value)
            else:
                self.variables.append((variable.ident[0], value))
        return value

    def command(self, dot: Value, command: Command, final: Value) -> Value:
        first = command.args[0]
        match first:
            case Fields():
                self.node = first
                return self.fields(dot, dot, first, first.ident, command.args, final)
            case Chain():
                return self.chain(dot, first, command.args, final)
            case nodes.Identifier():
                return self.function(dot, first, command, command.args, final)
            case Pipe():
                self.no_arguments(command.args, final)
                return self.pipeline(dot, first)
            case Variable():
                return self.variable_node(dot, first, command.args, final)
        self.node = first
        self.no_arguments(command.args, final)
        if isinstance(first, nodes.Nil):
            self.fail("nil is not a command")
        return self.constant(dot, first)

    def no_arguments(self, args: list[Node], final: Value) -> None:
        if len(args) > 1 or final is not MISSING:
            self.fail(f"can't give argument to non-function {args[0]}")

    def constant(self, dot: Value, node: Node) -> Value:
        """Return a constant by its own type, or dot."""
        self.node = node
        match node:
            case nodes.Bool():
                return Value(node.value, BOOL)
            case nodes.String():
                return Value(node.text, STRING)
            case Number():
                return self.number(node)
        return dot

    def number(self, node: Number) -> Value:
        text = node.text
        integral = text[0] == "'" or (text[:2] in {"0x", "0X"} and not any(c in "pP" for c in text))
        if node.complex_ is not None:
            return Value(node.complex_, COMPLEX128)
        if node.float_ is not None and not integral and any(c in ".eEpP" for c in text):
            return Value(node.float_, FLOAT64)
        if node.int_ is None:
            self.fail(f"{text} overflows int")
        return Value(node.int_, INT)

    def chain(self, dot: Value, node: Chain, args: list[Node], final: Value) -> Value:
        self.node = node
        if isinstance(node.node, nodes.Nil):
            self.fail(f"indirection through explicit nil in {node}")
        receiver = self.argument(dot, None, node.node)
        return self.fields(dot, receiver, node, node.ident, args, final)

    def variable_node(self, dot: Value, node: Variable, args: list[Node], final: Value) -> Value:
        self.node = node
        value = self.variable(node.ident[0])
        if len(node.ident) == 1:
            self.no_arguments(args, final)
            return value
        return self.fields(dot, value, node, node.ident[1:], args, final)

    # --- fields -------------------------------------------------------------------------------------------

    def fields(  # noqa: PLR0917
        self, dot: Value, receiver: Value, node: Node, names: list[str], args: list[Node], final: Value
    ) -> Value:
        for name in names[:-1]:
            receiver = self.field(dot, name, node, [], MISSING, receiver)
        return self.field(dot, names[-1], node, args, final, receiver)

    def field(  # noqa: PLR0917
        self, dot: Value, name: str, node: Node, args: list[Node], final: Value, receiver: Value
    ) -> Value:
        """Return what .name is of a value: the result of a method, a field, or the value of a key."""
        if receiver.t is None:
            if self.template.missing_key() == "error":
                self.fail(f"nil data; no entry for key {quote(name)}")
            return NONE
        shown = receiver.t.name
        value, is_nil = values.indirect(receiver)
        if is_nil and value.kind == "interface":
            self.fail(f"nil pointer evaluating {shown}.{name}")
        method = values.find_function(value, name)
        if method is not None:
            return self.call(dot, method, False, node, name, args, final)
        has_arguments = len(args) > 1 or final is not MISSING
        assert value.t is not None
        if value.kind == "struct":
            found = self.struct_field(value, name, shown, has_arguments)
        elif value.kind == "map":
            found = self.map_entry(value, name, has_arguments)
        else:
            found = None
            to = value.t.elem if value.kind == "pointer" else None
            if to is not None and not (to.kind == "struct" and values.find_field(to, name) is None):
                self.fail(f"nil pointer evaluating {shown}.{name}")
        if found is None:
            self.fail(f"can't evaluate field {name} in type {shown}")
        return found

    def struct_field(self, value: Value, name: str, shown: str, has_arguments: bool) -> Value | None:
        assert value.t is not None
        way = values.find_field(value.t, name)
        if way is None:
            return None
        if not way[-1].exported:
            self.fail(f"{name} is an unexported field of struct type {shown}")
        try:
            found = values.follow(value, way)
        except LookupError as exc:
            self.fail(str(exc))
        if has_arguments:
            self.fail(f"{name} has arguments but cannot be invoked as function")
        return found

    def map_entry(self, value: Value, name: str, has_arguments: bool) -> Value | None:
        assert value.t is not None and value.t.key is not None and value.t.elem is not None
        key = Value(name, STRING)
        if not values.is_assignable(key, value.t.key):
            return None
        if has_arguments:
            self.fail(f"{name} is not a method but has arguments")
        found = values.entry(value, key)
        if found is None:
            match self.template.missing_key():
                case "error":
                    self.fail(f"map has no entry for key {quote(name)}")
                case "zero":
                    return Value(zero_of(value.t.elem), value.t.elem)
        return NONE if found is None else found

    # --- calls --------------------------------------------------------------------------------------------

    def function(
        self, dot: Value, node: nodes.Identifier, command: Node, args: list[Node], final: Value
    ) -> Value:
        self.node = node
        found, builtin = self.template.find_function(node.ident)
        if found is None:
            self.fail(f"{quote(node.ident)} is not a defined function")
        return self.call(dot, found, builtin, command, node.ident, args, final)

    def call(  # noqa: PLR0917
        self,
        dot: Value,
        function: Function,
        builtin: bool,
        node: Node,
        name: str,
        args: list[Node],
        final: Value,
    ) -> Value:
        """Call a function or method; the first of args is what names it."""
        args = args[1:]
        params, variadic, results = function.signature
        count = len(args) + (final is not MISSING)
        fixed = len(params) - variadic
        if variadic and count < fixed:
            self.fail(f"wrong number of args for {name}: want at least {fixed} got {len(args)}")
        if not variadic and count != fixed:
            self.fail(f"wrong number of args for {name}: want {fixed} got {count}")
        bad = bad_results(name, results)
        if bad:
            self.fail(bad)
        if builtin and name in {"and", "or"}:
            return self.logic(dot, name, args, final)
        given = [self.argument(dot, params[min(i, len(params) - 1)], arg) for i, arg in enumerate(args)]
        if final is not MISSING:
            given.append(self.checked(final, params[min(len(args), len(params) - 1)]))
        if builtin and name == "call":
            # It names the function in its errors.
            shown = str(args[0]) if args else final.string()
            function = Function(partial(function.call, shown), function.signature)
        value, err = safe_call(function, params, given)
        if err is not None:
            self.node = node
            self.fail(f"error calling {name}: {err}", err)
        return value

    def logic(self, dot: Value, name: str, args: list[Node], final: Value) -> Value:
        """Return the first argument that decides an `and` or `or`, or the last."""
        value = NONE
        for arg in args:
            value = self.argument(dot, VALUE, arg)
            if values.is_true(values.inside(value)) == (name == "or"):
                return value
        return value if final is MISSING else self.checked(final, VALUE)

    def argument(self, dot: Value, t: GoType | None, node: Node) -> Value:
        """Return an argument for a parameter of a type; of any type if it is None."""
        self.node = node
        match node:
            case nodes.Dot():
                return self.checked(dot, t)
            case nodes.Nil():
                if t is VALUE:
                    return NONE
                if t is None or not values.can_be_nil(t):
                    self.fail(f"cannot assign nil to {'<nil>' if t is None else t.name}")
                return Value(zero_of(t), t)
            case Fields():
                return self.checked(self.fields(dot, dot, node, node.ident, [node], MISSING), t)
            case Variable():
                return self.checked(self.variable_node(dot, node, [], MISSING), t)
            case Pipe():
                return self.checked(self.pipeline(dot, node), t)
            case nodes.Identifier():
                return self.checked(self.function(dot, node, node, [], MISSING), t)
            case Chain():
                return self.checked(self.chain(dot, node, [], MISSING), t)
        if t is None or t is VALUE or (t.kind == "interface" and not t.methods):
            return self.constant(dot, node)
        return self.typed(node, t)

    def typed(self, node: Node, t: GoType) -> Value:
        """Return a constant as a value of a type."""
        kind = Value(None, t).kind
        found: Any = None
        match node:
            case nodes.Bool() if kind == "bool":
                found = node.value
            case nodes.String() if kind == "string":
                found = node.text
            case Number():
                numbers = {"int": node.int_, "uint": node.uint, "float": node.float_}
                found = numbers.get(kind, node.complex_ if kind == "complex" else None)
        words = {"int": "integer", "uint": "unsigned integer"}.get(kind, kind)
        if words not in {"bool", "string", "integer", "unsigned integer", "float", "complex"}:
            self.fail(f"can't handle {node} for arg of type {t.name}")
        if found is None:
            self.fail(f"expected {words}; found {node}")
        if kind in {"int", "uint"}:
            found = getattr(_integers, f"to_{t.kind}")(found)
        return Value(found if t.cls is None else t.cls(found), t)

    def checked(self, value: Value, t: GoType | None) -> Value:
        """Return a value as an argument for a parameter of a type."""
        if t is None or t is VALUE:
            return value
        if value.t is None:
            if not values.can_be_nil(t):
                self.fail(f"invalid value; expected {t.name}")
            return Value(zero_of(t), t)
        if values.is_assignable(value, t):
            return value
        if value.kind == "interface" and not value.is_nil():
            value = value.elem()
            if values.is_assignable(value, t):
                return value
        assert value.t is not None
        if value.kind == "pointer":
            behind = value.elem()
            if behind.t is not None and values.is_assignable(Value(None, behind.t), t):
                if value.is_nil():
                    self.fail(f"dereference of nil pointer of type {t.name}")
                return behind
        if not (value.variable and value.t.kind == "struct" and t is pointer_to(value.t)):
            self.fail(f"wrong type for value; expected {t.name}; got {value.t.name}")
        return Value(value.v, t)


def printable(value: Value) -> Value | None:
    """Return what fmt is to print for a value; None if it can't be printed."""
    if value.kind == "pointer":
        value, _ = values.indirect(value)
    if value.t is None:
        return Value("<no value>", STRING)
    if not (values.implements(value, ERROR) or values.implements(value, STRINGER)):
        if value.variable and value.t.kind == "struct":
            pointer = Value(value.v, pointer_to(value.t))
            if values.implements(pointer, ERROR) or values.implements(pointer, STRINGER):
                return pointer
        if value.kind in {"chan", "func"}:
            return None
    return value


STRINGER: Final = GoType("interface", "fmt.Stringer", named=True, methods=("string",))


def bad_results(name: str, results: tuple[GoType, ...]) -> str:
    """Return what is wrong with the results of a function for templates."""
    if len(results) == 1 or (len(results) == 2 and results[1] is ERROR):
        return ""
    if len(results) == 2:
        second = results[1].name
        return f"invalid function signature for {name}: second return value should be error; is {second}"
    return f"function {name} has {len(results)} return values; should be 1 or 2"


def safe_call(function: Function, params: tuple[GoType, ...], args: list[Value]) -> tuple[Value, error]:
    """Call a function; return its value and its error, which may be that of a panic."""
    results = function.signature.results
    given: list[Any] = []
    for i, arg in enumerate(args):
        wanted = params[min(i, len(params) - 1)] if params else VALUE
        given.append(arg if wanted is VALUE else arg.boxed() if wanted.kind == "interface" else arg.v)
    try:
        made = function.call(*given)
    except ExecFault:
        raise
    except Exception as exc:
        if not is_panic(exc):
            raise
        failed = value_of(exc)
        is_error = type_of(failed) is not None and values.implements(values.value_of(failed), ERROR)
        return NONE, failed if is_error else errorf("%v", failed)
    err: error = None
    if isinstance(made, tuple):
        made, err = made
    if isinstance(made, Value):
        return made, err
    return Value(made, results[0]), err
