"""The typed tree of a Go program, as the front end prints it: packages, nodes, types and objects.

`load` reads a program. Nodes have the fields of go/ast under their own names (`n.X`, `n.Body.List`), and
besides `kind`, `id`, `line`, `col`, `end`, `type`, `mode`, `const`, and by kind `obj`, `sel`, `call`, `inst`,
`implicit`, `captures`, `over`.
"""

import base64
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from gochan.port import toolchain

Value = bool | int | float | complex | str
Text = str  # in Type, where `str` is a field


class Place(NamedTuple):
    """A message at a position in the source: an error of Go, or what gochan port refuses."""

    file: str
    line: int
    col: int
    message: str

    def __str__(self) -> str:
        if not self.file:
            return self.message
        return f"{self.file}:{self.line}:{self.col}: {self.message}"


class SourceError(Exception):
    """The Go source does not compile; `places` has Go's messages."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__("\n".join(map(str, places)))
        self.places = places


class RefusedError(Exception):
    """The program can't be read at all, as with cgo; `places` says why."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__("\n".join(map(str, places)))
        self.places = places


class Const:
    """The value of a constant expression."""

    __slots__ = ("exact", "kind", "value")

    def __init__(self, kind: str, value: Value, exact: Fraction | None = None) -> None:
        self.kind = kind  # bool, int, float, complex, string
        self.value = value  # a string's bytes that are not UTF-8 are surrogates
        self.exact = exact  # of a float

    def __repr__(self) -> str:
        return f"Const({self.kind}, {self.value!r})"


class Field(NamedTuple):
    """A field of a struct, or a parameter or result of a function."""

    name: str
    obj: "Object | None"
    type: "Type"
    embedded: bool = False
    tag: str = ""


class Method(NamedTuple):
    """A method of a named type or of an interface; of other packages' named types only the name is known."""

    name: str
    obj: "Object | None"
    type: "Type | None"
    ptr: bool = False


class Term(NamedTuple):
    """A term of a constraint's union."""

    tilde: bool
    type: "Type"


class Type:
    """A type. There is one object for identical types, so that `is` compares them."""

    kind: Text  # basic pointer slice array map chan struct signature interface tuple typeparam union named
    index: int
    str: Text  # as %T prints it
    name: Text  # basic, typeparam
    elem: "Type"  # pointer, slice, array, map, chan
    key: "Type"  # map
    len: int  # array
    dir: Text  # chan: both, send, recv
    fields: list[Field]  # struct
    params: list[Field]  # signature
    results: list[Field]
    variadic: bool
    recv: "Type | None"
    tparams: "list[Type]"  # signature, named
    methods: list[Method]  # named, interface
    embeds: "list[Type]"  # interface
    terms: list[Term]  # interface, union
    comparable: bool
    types: "list[Type]"  # tuple
    constraint: "Type"  # typeparam
    obj: "Object"  # named, typeparam
    args: "list[Type]"  # named
    origin: "Type | None"  # named, of an instance
    methodset: list[Text]  # named, struct
    ptrmethodset: list[Text]
    _under: "Type | None" = None

    @property
    def under(self) -> "Type":
        """The underlying type; the type itself if it has no name."""
        return self._under or self

    def __repr__(self) -> Text:
        return f"<Type {self.str}>"


class Object:
    """A variable, constant, function, type, package, builtin, nil or label."""

    index: int
    kind: str
    name: str
    pkg: str | None
    type: Type | None
    line: int
    col: int
    file: str
    scope: str  # universe file package local field param result recv method
    const: Const | None = None
    full: str = ""  # of a func: "strings.ToUpper", "(*sync.WaitGroup).Add"
    recv: Type | None = None  # of a method
    ptr: bool = False  # a method has a pointer receiver
    alias: bool = False
    embedded: bool = False
    path: str = ""  # of a pkg: what it imports
    imported: str = ""  # of a pkg: the name of what it imports
    func: int = -1
    scope_id: int = -1
    in_loop: bool = False
    captured: bool = False
    assigned: int = 0
    assigned_in_closure: bool = False
    assigned_after_capture: bool = False
    mutated: int = 0
    addr_taken: bool = False
    part_addr_taken: bool = False
    shadows: "Object | None" = None
    used: bool = False
    local: bool = False  # declared in the program's source

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} {self.line}:{self.col}>"


class Selection(NamedTuple):
    """What a selector expression selects."""

    kind: str  # field method methodexpr interfacemethod qualified
    obj: Object
    path: list[Object]  # embedded fields on the way
    indirect: bool
    ptrrecv: bool


class Node:
    """A node of the tree."""

    kind: str
    id: int
    line: int
    col: int
    end: tuple[int, int]
    type: Type | None = None
    mode: str = "novalue"  # type builtin nil novalue commaok value
    const: Const | None = None
    obj: Object | None = None
    addressable: bool = False
    inst: list[Type] = []  # noqa: RUF012 - shared by all that are no instances
    parent: "Node | None" = None
    fields: tuple[str, ...] = ()  # names of the fields that hold nodes

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{self.__dict__.get('kind')} has no {name}")

    def __repr__(self) -> str:
        return f"<{self.kind} {self.line}:{self.col}>"

    def children(self) -> "Iterator[Node]":
        """Yield the nodes directly below, in the order of go/ast's fields."""
        for name in self.fields:
            value = self.__dict__[name]
            if isinstance(value, Node):
                yield value
            elif isinstance(value, list):
                yield from value

    def walk(self) -> "Iterator[Node]":
        """Yield this node and all below it, each before its children."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed([*node.children()]))


class Comment(NamedTuple):
    """A comment, with its marks."""

    line: int
    col: int
    end: tuple[int, int]
    text: str
    kind: str  # line block
    own_line: bool


class Import(NamedTuple):
    """An import of a file."""

    path: str
    name: str | None
    obj: Object | None
    line: int
    col: int


class File:
    """A file of a package."""

    def __init__(self, tree: "_Reader", data: dict[str, Any]) -> None:
        self.name: str = data["name"]
        self.id: int = data["id"]
        self.test: bool = data["test"]
        self.go: str = data["go"]
        self.build: str | None = data["build"]
        self.line, self.col = data["p"]
        self.comments = [_comment(row) for row in data["comments"]]
        self.package_doc: list[int] = data["package_doc"] or []
        self.imports = [
            Import(i["path"], i["name"], tree.object(i["o"]), i["p"][0], i["p"][1]) for i in data["imports"]
        ]
        self.decls = [tree.node(decl, None) for decl in data["decls"]]

    @property
    def per_iteration(self) -> bool:
        """Whether loop variables are new in each iteration, as since Go 1.22."""
        numbers = self.go.removeprefix("go").split(".")[:2]
        return not all(n.isdigit() for n in numbers) or tuple(map(int, numbers)) >= (1, 22)

    def walk(self) -> Iterator[Node]:
        for decl in self.decls:
            yield from decl.walk()


class Package:
    """A package of the program."""

    def __init__(self, tree: "_Reader", data: dict[str, Any]) -> None:
        self.path: str = data["path"]
        self.name: str = data["name"]
        self.folder: str = data["folder"]
        self.doc: str = data["doc"]
        self.files = [File(tree, file) for file in data["files"]]
        self.init_order: list[tuple[list[Object], Node]] = [
            ([tree.objects[o] for o in objects], tree.nodes[node]) for objects, node in data["init_order"]
        ]

    def walk(self) -> Iterator[Node]:
        for file in self.files:
            yield from file.walk()


class Program:
    """A program: its packages in the order of their dependencies."""

    def __init__(self, data: dict[str, Any]) -> None:
        tree = _Reader(data)
        self.go: str = data["go"]
        self.types = tree.types
        self.objects = tree.objects
        self.packages = [Package(tree, package) for package in data["packages"]]
        self.nodes = tree.nodes  # by id

    @property
    def main(self) -> Package:
        """The package that was named, which comes last."""
        return self.packages[-1]


def load(path: str | os.PathLike[str], *, test: bool = False) -> Program:
    """Read a file or the package in a folder, with the packages of its module that it imports.

    With `test`, the folder's _test.go files are read too. Raises `SourceError` if it does not compile,
    `RefusedError` if it can't be read, `toolchain.ToolchainError` if Go does not work.
    """
    data = toolchain.read([Path(path)], test=test)
    if "errors" in data:
        raise SourceError([Place(**place) for place in data["errors"]])
    if "refusals" in data:
        raise RefusedError([Place(**place) for place in data["refusals"]])
    return Program(data)


class _Reader:
    """Makes objects of the JSON."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.types = [Type() for _ in data["types"]]
        self.objects = [Object() for _ in data["objects"]]
        self.nodes: dict[int, Node] = {}
        for index, row in enumerate(data["types"]):
            self._fill_type(self.types[index], index, row)
        for index, row in enumerate(data["objects"]):
            self._fill_object(self.objects[index], index, row)

    def type(self, index: int) -> Type | None:
        return self.types[index] if index >= 0 else None

    def object(self, index: int) -> Object | None:
        return self.objects[index] if index >= 0 else None

    def _fill_type(self, t: Type, index: int, row: dict[str, Any]) -> None:
        t.index = index
        t.kind = row["k"]
        t.str = row["str"]
        for key, value in row.items():
            match key:
                case "name" | "len" | "dir" | "variadic" | "comparable" | "methodset" | "ptrmethodset":
                    setattr(t, key, value)
                case "elem" | "key" | "constraint" | "recv" | "origin":
                    setattr(t, key, self.type(value))
                case "under":
                    t._under = self.type(value)
                case "o":
                    t.obj = self.objects[value]
                case "args" | "types" | "embeds" | "tparams":
                    setattr(t, key, [self.types[i] for i in value])
                case "fields" | "params" | "results":
                    setattr(t, key, [self._field(field) for field in value])
                case "methods":
                    t.methods = [self._method(method) for method in value]
                case "terms":
                    t.terms = [Term(tilde, self.types[i]) for tilde, i in value]

    def _field(self, row: dict[str, Any]) -> Field:
        embedded, tag = row.get("embedded", False), row.get("tag", "")
        return Field(row["name"], self.object(row["o"]), self.types[row["t"]], embedded, tag)

    def _method(self, row: dict[str, Any]) -> Method:
        return Method(row["name"], self.object(row["o"]), self.type(row.get("t", -1)), row.get("ptr", False))

    def _fill_object(self, o: Object, index: int, row: dict[str, Any]) -> None:
        o.index = index
        o.kind = row["k"]
        o.type = self.type(row["t"])
        o.line, o.col = row["p"] or (0, 0)
        o.file = row.get("file", "")
        o.local = "func" in row
        for key, value in row.items():
            match key:
                case "k" | "t" | "p" | "file":
                    pass
                case "c":
                    o.const = constant(value)
                case "recv":
                    o.recv = self.type(value)
                case "shadows":
                    o.shadows = self.object(value)
                case _:
                    setattr(o, key, value)

    def node(self, data: dict[str, Any], parent: Node | None, field: str = "") -> Node:
        n = Node()
        self.nodes[data["id"]] = n
        fields = []
        d = n.__dict__
        d["kind"] = data["k"]
        d["id"] = data["id"]
        d["line"], d["col"] = data["p"]
        d["end"] = tuple(data["end"])
        d["parent"] = parent
        for key, value in data.items():
            if not key[0].isupper():
                continue
            if isinstance(value, dict):
                d[key] = self.node(value, n, key)
                fields.append(key)
            elif isinstance(value, list) and (not value or isinstance(value[0], dict)):
                d[key] = [self.node(item, n) for item in value]
                fields.append(key)
            else:
                d[key] = tuple(value) if isinstance(value, list) else value  # a list of ints is a position
        d["fields"] = tuple(sorted(fields, key=lambda name: self._start(d[name])))
        self._annotate(d, data)
        obj = n.obj if n.kind == "Ident" and field != "Sel" else None
        if obj is not None and not obj.local and obj.pkg is not None and obj.scope == "package":
            self._qualify(n, obj)
        return n

    def _qualify(self, n: Node, obj: Object) -> None:
        """Make a name of a package that is imported into the file one with the package: `fmt.Println`."""
        for number, key in enumerate(("Sel", "X"), 1):
            part = Node()
            # The numbers of other nodes are positive.
            part.__dict__ |= n.__dict__ | {"id": -2 * n.id - number, "parent": n}
            self.nodes[part.id] = part
            n.__dict__[key] = part
        package = Object()
        package.index, package.kind, package.name, package.scope = -1, "pkg", "", "file"
        package.pkg = package.type = None
        n.X.__dict__ |= {"Name": "", "obj": package, "type": None, "mode": "novalue", "const": None}
        n.__dict__ |= {"kind": "SelectorExpr", "fields": ("X", "Sel")}
        n.__dict__["sel"] = Selection("qualified", obj, [], False, False)

    @staticmethod
    def _start(value: Node | list[Node]) -> tuple[int, int]:
        first = value if isinstance(value, Node) else value[0] if value else None
        return (first.line, first.col) if first else (0, 0)

    def _annotate(self, d: dict[str, Any], data: dict[str, Any]) -> None:
        for key, value in data.items():
            match key:
                case "t":
                    d["type"] = self.type(value)
                case "c":
                    d["const"] = constant(value)
                case "o":
                    d["obj"] = self.object(value)
                case "implicit":
                    d["implicit"] = self.object(value)
                case "captures":
                    d["captures"] = [self.objects[i] for i in value]
                case "inst":
                    d["inst"] = [self.types[i] for i in value]
                case "sel":
                    d["sel"] = Selection(
                        value["kind"],
                        self.objects[value["o"]],
                        [self.objects[i] for i in value.get("path", ())],
                        value.get("indirect", False),
                        value.get("ptrrecv", False),
                    )
                    d["obj"] = d["sel"].obj
                case "mode" | "addressable" | "call" | "over" | "def" | "doc" | "comment":
                    d[key] = value


def _comment(row: dict[str, Any]) -> Comment:
    (line, col), (end_line, end_col) = row["p"], row["end"]
    return Comment(line, col, (end_line, end_col), row["text"], row["kind"], row["own_line"])


def constant(data: dict[str, Any] | None) -> Const | None:
    """Make a constant of its JSON."""
    if data is None:
        return None
    match data["k"]:
        case "int":
            return Const("int", int(data["v"]))
        case "float":
            return Const("float", float(data["v"]), _exact(data["exact"]))
        case "complex":
            return Const("complex", complex(float(data["re"]), float(data["im"])))
        case "string":
            text = data["v"]
            if isinstance(text, dict):
                text = base64.b64decode(text["b64"]).decode("utf-8", "surrogateescape")
            return Const("string", text)
    return Const(data["k"], data["v"])


def _exact(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:  # a huge number: an approximation
        return None
