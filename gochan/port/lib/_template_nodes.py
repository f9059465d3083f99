"""What a template's text is parsed to.  The text of a node is that of Go's messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ._quote import quote


@dataclass(eq=False, slots=True)
class Tree:
    """A template's nodes, and the text that they come from: `parse_name` is that of the whole text."""

    name: str
    parse_name: str
    text: str
    left: str
    right: str
    root: List | None = None

    def where(self, pos: int) -> str:
        """Return a position in the text: the name, the line, the column in bytes from 0."""
        line = self.text.count("\n", 0, pos) + 1
        before = self.text[self.text.rfind("\n", 0, pos) + 1 : pos]
        return f"{self.parse_name}:{line}:{len(before.encode('utf-8', 'surrogateescape'))}"


@dataclass(eq=False, slots=True)
class Node:
    """A part of a template."""

    tree: Tree
    pos: int

    def action(self, text: object) -> str:
        """Return a text between delimiters."""
        return f"{self.tree.left}{text}{self.tree.right}"


@dataclass(eq=False, slots=True)
class List(Node):
    """Nodes, one after the other."""

    nodes: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return "".join(map(str, self.nodes))


@dataclass(eq=False, slots=True)
class Text(Node):
    """What is outside of actions."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(eq=False, slots=True)
class Variable(Node):
    """`$x.A.B`: the variable's name, and fields."""

    ident: list[str]

    def __str__(self) -> str:
        return ".".join(self.ident)


@dataclass(eq=False, slots=True)
class Command(Node):
    """A function or method with its arguments, or a value."""

    args: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(f"({arg})" if isinstance(arg, Pipe) else str(arg) for arg in self.args)


@dataclass(eq=False, slots=True)
class Pipe(Node):
    """Commands with | between them, whose value is assigned to variables."""

    assigns: bool = False
    names: list[Variable] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    def __str__(self) -> str:
        text = " | ".join(map(str, self.commands))
        if not self.names:
            return text
        return f"{', '.join(map(str, self.names))} {'=' if self.assigns else ':='} {text}"


@dataclass(eq=False, slots=True)
class Action(Node):
    """`{{.A | f}}`: prints a value."""

    pipe: Pipe

    def __str__(self) -> str:
        return self.action(self.pipe)


@dataclass(eq=False, slots=True)
class Branch(Node):
    """An if, with or range."""

    word: str
    pipe: Pipe
    body: List
    other: List | None

    def __str__(self) -> str:
        other = "" if self.other is None else f"{self.action('else')}{self.other}"
        return f"{self.action(f'{self.word} {self.pipe}')}{self.body}{other}{self.action('end')}"


@dataclass(eq=False, slots=True)
class Word(Node):
    """A break, continue, else or end."""

    word: str

    def __str__(self) -> str:
        return self.action(self.word)


@dataclass(eq=False, slots=True)
class Invocation(Node):
    """`{{template "name" .A}}`."""

    name: str
    pipe: Pipe | None

    def __str__(self) -> str:
        return self.action(f"template {quote(self.name)}{'' if self.pipe is None else f' {self.pipe}'}")


@dataclass(eq=False, slots=True)
class Identifier(Node):
    """The name of a function."""

    ident: str

    def __str__(self) -> str:
        return self.ident


@dataclass(eq=False, slots=True)
class Dot(Node):
    """The value that the template is about at the moment."""

    def __str__(self) -> str:
        return "."


@dataclass(eq=False, slots=True)
class Nil(Node):
    """The constant nil."""

    def __str__(self) -> str:
        return "nil"


@dataclass(eq=False, slots=True)
class Fields(Node):
    """`.A.B`."""

    ident: list[str]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.ident)


@dataclass(eq=False, slots=True)
class Chain(Node):
    """`(pipeline).A.B`."""

    node: Node
    ident: list[str]

    def __str__(self) -> str:
        text = f"({self.node})" if isinstance(self.node, Pipe) else str(self.node)
        return text + "".join(f".{name}" for name in self.ident)


@dataclass(eq=False, slots=True)
class Bool(Node):
    """The constant true or false."""

    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(eq=False, slots=True)
class String(Node):
    """A string in quotes."""

    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


@dataclass(eq=False, slots=True)
class Number(Node):
    """A number, as each kind of number that it fits; None for those that it does not."""

    text: str
    int_: int | None = None
    uint: int | None = None
    float_: float | None = None
    complex_: complex | None = None

    def __str__(self) -> str:
        return self.text


# Only the first command of a pipeline may begin with one of these.
CONSTANTS: Final = (Bool, Dot, Nil, Number, String)


def is_empty(node: Node | None) -> bool:
    """Return whether a template has nothing but white space."""
    if isinstance(node, List):
        return all(map(is_empty, node.nodes))
    return node is None or (isinstance(node, Text) and not node.text.strip())
