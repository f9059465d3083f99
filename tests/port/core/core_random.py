"""Random programs in pairs, in Go and on gochan.port.lib: python core_random.py KIND FIRST LAST.

- formats: random formats, with random operands;
- values: values of random types by several verbs;
- slices: random operations on three slices that share arrays.

The script runs each pair of a range of seeds and shows what differs.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass
class Pair:
    """A program in both languages."""

    go: list[str]
    python: list[str]

    def line(self, go: str, python: str, indent: str = "    ") -> None:
        """Append a line to both."""
        self.go.append(go)
        self.python.append(indent + python)


HEAD = [
    "import math",
    "from typing import Annotated, Any",
    "from gochan import defer, defers",
    "from gochan.port.lib import *",
    "from gochan.port.lib import errors, fmt",
]


# --- formats ----------------------------------------------------------------------------------------------

OPERANDS = [
    ("42", "42"),
    ("-7", "-7"),
    ("0", "0"),
    ("uint8(200)", "Boxed(200, uint8)"),
    ("int64(1<<62)", "Boxed(1 << 62, int64)"),
    ("'x'", "Boxed(ord('x'), int32)"),
    ("3.14159", "3.14159"),
    ("-0.001", "-0.001"),
    ("1e9", "1e9"),
    ("math.Inf(1)", "math.inf"),
    ("math.NaN()", "math.nan"),
    ("float32(0.1)", "Boxed(to_float32(0.1), float32)"),
    ("complex(1, -2.5)", "complex(1, -2.5)"),
    ('"héllo"', "'héllo'"),
    ('""', "''"),
    ('[]byte("ab\\xff")', r"Boxed(to_bytes('ab\udcff'), Slice[uint8])"),
    ("true", "True"),
    ("nil", "nil"),
    ("[]int{1, -2}", "Slice([1, -2])"),
    ('[]string{"a", "bc"}', "Slice(['a', 'bc'])"),
    ("[3]float64{1, 2.5, -3}", "Boxed([1.0, 2.5, -3.0], Annotated[list[float], Len(3)])"),
    ('map[string]int{"a": 1}', "{'a': 1}"),
    ('P{1, "x"}', "P(1, 'x')"),
    ('&P{1, "x"}', "PointerBox(P(1, 'x'))"),
    ('errors.New("e")', "errors.new('e')"),
]
VERBS = "vvvvdsqxXtcUboOeEfFgGT%!z"


def formats(rnd: random.Random) -> Pair:
    """Make a program that prints operands by random formats."""
    pair = Pair(
        [
            'package main\nimport ("errors"; "fmt"; "math")',
            "type P struct { A int; B string }",
            "var _, _ = math.Inf, errors.New",
            "func main() {",
        ],
        [*HEAD, "@struct(names={'a': 'A', 'b': 'B'})", "class P:", "    a: int = 0", "    b: str = ''"],
    )
    pair.python.append("def main():")
    for i in range(500):
        format, operands = _format(rnd)
        go = json.dumps(format, ensure_ascii=False)
        call = ", ".join([go, *(operand[0] for operand in operands)])
        python = ", ".join([repr(format), *(operand[1] for operand in operands)])
        pair.line(
            f'fmt.Printf("%d %q: %s\\n", {i}, {go}, fmt.Sprintf({call}))',
            f'fmt.printf("%d %q: %s\\n", {i}, {format!r}, fmt.sprintf({python}))',
        )
    return pair


def _format(rnd: random.Random) -> tuple[str, list[tuple[str, str]]]:
    text = ""
    operands: list[tuple[str, str]] = []
    for _ in range(rnd.choice([1, 1, 1, 2])):
        text += "%" + "".join(c for c in "+-# 0" if rnd.random() < 0.2)
        if rnd.random() < 0.1:
            text += f"[{rnd.choice('1230x')}]"
        chance = rnd.random()
        if chance < 0.4:
            text += str(rnd.randint(1, 12))
        elif chance < 0.5:
            text += "*"
            operands.append(rnd.choice([("5", "5"), ("-6", "-6"), ('"w"', "'w'")]))
        chance = rnd.random()
        if chance < 0.3:
            text += f".{rnd.randint(0, 8)}"
        elif chance < 0.35:
            text += ".*"
            operands.append(rnd.choice([("3", "3"), ("-1", "-1")]))
        elif chance < 0.4:
            text += "."
        text += rnd.choice(VERBS) + rnd.choice("| é")
        if rnd.random() < 0.95:
            operands.append(rnd.choice(OPERANDS))
    if rnd.random() < 0.05:
        operands.append(rnd.choice(OPERANDS))
    return text, operands


# --- values -----------------------------------------------------------------------------------------------


@dataclass
class Type:
    """A type: its names in both languages, how to make a value, and whether it can be a map's key."""

    go: str
    python: str
    value: Callable[[], tuple[str, str]]
    key: bool = True
    depth: int = 0


BASIC = {
    "int": "int",
    "int8": "int8",
    "uint8": "uint8",
    "int32": "int32",
    "uint32": "uint32",
    "int64": "int64",
    "string": "str",
    "bool": "bool",
    "float64": "float",
    "float32": "float32",
}
# Named types: name, underlying type, Python's class, the method.
NAMED = [
    ("NInt", "int", "int", ""),
    ("NStr", "string", "str", ""),
    ("SInt", "int", "int", "String"),
    ("SStr", "string", "str", "String"),
    ("NF", "float64", "float", ""),
    ("EInt", "int", "int", "Error"),
    ("NU8", "uint8", "int", ""),
]
SHOWN = {"int", "string", "bool", "float64"}


class Values:
    """Makes random types and values of them."""

    def __init__(self, rnd: random.Random) -> None:
        self.rnd = rnd
        self.structs: list[Type] = []

    def basic(self, kind: str) -> Type:
        rnd = self.rnd

        def value() -> tuple[str, str]:
            if kind == "string":
                s = rnd.choice(["", "a", "hi there", "é世", 'q"uote', "tab\t"])
                return json.dumps(s, ensure_ascii=False), repr(s)
            if kind == "bool":
                b = rnd.random() < 0.5
                return str(b).lower(), str(b)
            if kind.startswith("float"):
                x = rnd.choice([0.0, 1.5, -2.25, 1e21, 1e-7, 3.0, 100000.0, 123456789.0])
                return f"{kind}({x!r})", f"to_float32({x!r})" if kind == "float32" else repr(x)
            least, most = {"int8": (-128, 127), "uint8": (0, 255), "uint32": (0, 1000)}.get(
                kind, (-1000, 1000)
            )
            n = rnd.randint(least, most)
            return f"{kind}({n})", str(n)

        return Type(kind, BASIC[kind], value)

    def named(self) -> Type:
        name, under, _, _ = self.rnd.choice(NAMED)

        def value() -> tuple[str, str]:
            go, python = self.basic(under).value()
            return f"{name}({go})", f"{name}({python})"

        return Type(name, name, value)

    def any_type(self, depth: int, key: bool = False) -> Type:
        rnd = self.rnd
        chance = rnd.random()
        if depth > 0 and 0.3 <= chance < 0.45:
            return self.named()
        if depth > 0 and 0.45 <= chance < 0.55:
            known = [t for t in self.structs if t.depth <= depth and (t.key or not key)]
            if known:
                return rnd.choice(known)
        if depth <= 0 or chance < 0.55 or key:
            return self.basic(rnd.choice(list(BASIC)))
        if chance < 0.7:
            return self.slice(self.any_type(depth - 1))
        if chance < 0.78:
            return self.array(self.any_type(depth - 1), rnd.randint(1, 3))
        if chance < 0.88:
            return self.map(self.any_type(1, key=True), self.any_type(depth - 1))
        return self.interface(depth)

    def slice(self, elem: Type) -> Type:
        def value() -> tuple[str, str]:
            if self.rnd.random() < 0.15:
                return f"[]{elem.go}(nil)", f"Slice[{elem.python}]()"
            items = [elem.value() for _ in range(self.rnd.randint(0, 3))]
            go, python = (", ".join(item[i] for item in items) for i in (0, 1))
            return f"[]{elem.go}{{{go}}}", f"Slice[{elem.python}]([{python}])"

        return Type(f"[]{elem.go}", f"Slice[{elem.python}]", value, key=False)

    def array(self, elem: Type, n: int) -> Type:
        def value() -> tuple[str, str]:
            items = [elem.value() for _ in range(n)]
            go, python = (", ".join(item[i] for item in items) for i in (0, 1))
            return f"[{n}]{elem.go}{{{go}}}", f"[{python}]"

        return Type(f"[{n}]{elem.go}", f"Annotated[list[{elem.python}], Len({n})]", value, key=elem.key)

    def map(self, key: Type, elem: Type) -> Type:
        def value() -> tuple[str, str]:
            if self.rnd.random() < 0.15:
                return f"map[{key.go}]{elem.go}(nil)", "NilMap()"
            items = {}
            for _ in range(self.rnd.randint(0, 3)):
                k = key.value()
                items[k[0]] = (k, elem.value())
            go, python = (", ".join(f"{k[i]}: {v[i]}" for k, v in items.values()) for i in (0, 1))
            return f"map[{key.go}]{elem.go}{{{go}}}", f"{{{python}}}"

        return Type(f"map[{key.go}]{elem.go}", f"dict[{key.python}, {elem.python}]", value, key=False)

    def interface(self, depth: int) -> Type:
        def value() -> tuple[str, str]:
            if self.rnd.random() < 0.15:
                return "nil", "nil"
            t = self.any_type(depth - 1)
            go, python = t.value()
            return f"any({go})", self.boxed(t, python)

        return Type("any", "Any", value, key=False)

    def boxed(self, t: Type, python: str) -> str:
        """Return a value of t in an interface."""
        plain = {*SHOWN, "any", *(name for name, *_ in NAMED), *(s.go for s in self.structs)}
        return python if t.go in plain else f"Boxed({python}, {t.python})"

    def struct(self, pair: Pair, name: str, depth: int) -> None:
        """Declare a struct."""
        rnd = self.rnd
        fields: list[tuple[str, Type]] = []
        for i in range(rnd.randint(1, 4)):
            if self.structs and rnd.random() < 0.15:
                s = rnd.choice(self.structs)
                t = Type(f"*{s.go}", f"Pointer[{s.go}]", lambda: ("nil", "nil"))
            else:
                t = self.any_type(depth - 1)
            fields.append((rnd.choice("Ff") + str(i), t))
        method = rnd.choice(["", "", "value", "pointer"])
        pair.go.append(f"type {name} struct {{ {'; '.join(f'{f} {t.go}' for f, t in fields)} }}")
        names = {f.lower() + "_": f for f, _ in fields}
        pointer_methods = ", pointer_methods='string'" if method == "pointer" else ""
        pair.python += [f"@struct(names={names}{pointer_methods})", f"class {name}:"]
        pair.python += [f"    {f.lower()}_: {t.python} = nil" for f, t in fields]
        if method:
            star = "*" if method == "pointer" else ""
            pair.line(
                f'func (s {star}{name}) String() string {{ return "text of {name}" }}',
                f"def string(self): return 'text of {name}'",
            )

        def value() -> tuple[str, str]:
            items = [t.value() for _, t in fields]
            go, python = (", ".join(item[i] for item in items) for i in (0, 1))
            return f"{name}{{{go}}}", f"{name}({python})"

        self.structs.append(Type(name, name, value, all(t.key for _, t in fields), depth))


def values(rnd: random.Random) -> Pair:
    """Make a program that prints values of random types by several verbs."""
    pair = Pair(['package main\nimport "fmt"'], [*HEAD])
    for name, under, cls, method in NAMED:
        pair.line(f"type {name} {under}", f"class {name}({cls}):", "")
        pair.python.append("    __go_under__ = uint8" if under == "uint8" else "    pass")
        if method:
            plain = "plain(self)" if cls == "str" else "int(self)"
            pair.line(
                f'func (x {name}) {method}() string {{ return fmt.Sprintf("<{name} %v>", {under}(x)) }}',
                f'def {method.lower()}(self): return fmt.sprintf("<{name} %v>", {plain})',
            )
    makes = Values(rnd)
    for i in range(8):
        makes.struct(pair, f"S{i}", 1 + i // 3)
    verbs = ["%v", "%+v", "%#v", "%T", "%d", "%s", "%q", "%x", "%5v", "%6.2f"]
    pair.line("func show(i int, x any) {", "def show(i, x):", "")
    for verb in verbs:
        pair.line(f'fmt.Printf("%d {verb}\\n", i, x)', f'fmt.printf("%d {verb}\\n", i, x)')
    pair.line("}\nfunc main() {", "def main():", "")
    for i in range(100):
        t = makes.any_type(3)
        go, python = t.value()
        if t in makes.structs and rnd.random() < 0.4:
            pair.line(f"show({i}, &{go})", f"show({i}, PointerBox({python}))")
        else:
            pair.line(f"show({i}, {go})", f"show({i}, {makes.boxed(t, python)})")
    return pair


# --- slices -----------------------------------------------------------------------------------------------

ELEMENTS = {
    "int": ("int", "{n}", "{n}"),
    "string": ("str", '"s{n}"', "'s{n}'"),
    "uint8": ("uint8", "uint8({n} % 256)", "{n} % 256"),
    "P": ("P", "P{{{n}}}", "P({n})"),
    "*P": ("Pointer[P]", "&P{{{n}}}", "P({n})"),
    "[]int": ("Slice[int]", "[]int{{{n}}}", "Slice([{n}])"),
    "[2]int": ("Annotated[list[int], Len(2)]", "[2]int{{{n}, 1}}", "[{n}, 1]"),
    "any": ("Any", "any({n})", "{n}"),
}


def slices(rnd: random.Random) -> Pair:
    """Make a program with random operations on slices; all escape, so that Go's arrays are on the heap."""
    kind = rnd.choice(list(ELEMENTS))
    annotation, go_value, python_value = ELEMENTS[kind]
    # Addresses differ.
    shown = "len(s)" if kind == "*P" else "s"
    pair = Pair(
        [
            'package main\nimport "fmt"\ntype P struct { X int }\nvar sink any',
            f"func show(n int, all ...[]{kind}) {{ sink = all; fmt.Print(n); for _, s := range all {{",
            f'fmt.Print(" ", len(s), cap(s), s == nil, {shown}) }}; fmt.Println() }}',
            "func try(f func()) {",
            "defer func() { if r := recover(); r != nil { fmt.Println(r) } }(); f() }",
            f"func main() {{ var a, b, c []{kind}; sink = &a; sink = &b; sink = &c",
        ],
        [
            *HEAD,
            "@struct(names={'x': 'X'})",
            "class P:",
            "    x: int = 0",
            "def show(n, *all):",
            "    fmt.print(n)",
            f"    for s in all: fmt.print(' ', len(s), cap(s), is_nil(s), {shown})",
            "    fmt.println()",
            "@defers",
            "def attempt(f):",
            "    @defer",
            "    def _():",
            "        r = recover()",
            "        if r is not None: fmt.println(r)",
            "    f()",
            "def main():",
            f"    a = b = c = Slice[{annotation}]()",
        ],
    )
    for i in range(120):
        x, y = rnd.choice("abc"), rnd.choice("abc")
        low, high = sorted([rnd.randint(0, 5), rnd.randint(0, 8)])
        numbers = range(10 * i, 10 * i + rnd.choice([1, 1, 1, 2, 3, 7]))
        items = [", ".join(text.format(n=n) for n in numbers) for text in (go_value, python_value)]
        one = [text.format(n=10 * i) for text in (go_value, python_value)]
        go, python = rnd.choice(
            [
                (f"{x} = append({y}, {items[0]})", f"{x} = append({y}, {items[1]})"),
                (f"{x} = append({y}, {items[0]})", f"{x} = append({y}, {items[1]})"),
                (f"{x} = append({x}, {y}...)", f"{x} = append_all({x}, {y})"),
                (f"{x} = {y}[{low}:{high}]", f"{x} = {y}[{low}:{high}]"),
                (f"{x} = {y}[{low}:]", f"{x} = {y}[{low}:]"),
                (f"{x} = {x}[:0]", f"{x} = {x}[:0]"),
                (
                    f"{x} = {y}[{low}:{high}:{high + i % 3}]",
                    f"{x} = {y}.slice3({low}, {high}, {high + i % 3})",
                ),
                (f"{x}[{low}] = {one[0]}", f"{x}[{low}] = {one[1]}"),
                (f"fmt.Println(copy({x}, {y}))", f"fmt.println(copy_slice({x}, {y}))"),
                (f"{x} = make([]{kind}, {low}, {high})", f"{x} = make_slice({annotation}, {low}, {high})"),
                _to_element(kind, x, y, low, i),
            ]
        )
        pair.line(f"try(func() {{ {go} }})", "def step():")
        pair.python += ["        nonlocal a, b, c", f"        {python}"]
        pair.line(f"show({i}, a, b, c)", f"attempt(step); show({i}, a, b, c)")
    return pair


def _to_element(kind: str, x: str, y: str, i: int, n: int) -> tuple[str, str]:
    """Return an operation that changes a part of an element."""
    if kind == "P":
        grow = f"{y} = append({y}, P{{0}})", f"{y} = append({y}, P(0))"
        return f"q := &{x}[{i}]; {grow[0]}; q.X = {n}", f"q = {x}[{i}]; {grow[1]}; q.x = {n}"
    if kind == "[2]int":
        return f"{x}[{i}][1] = {n}", f"{x}[{i}][1] = {n}"
    if kind == "[]int":
        return f"{x}[{i}] = append({x}[{i}], {n})", f"{x}[{i}] = append({x}[{i}], {n})"
    return f"{x} = {x}[:{i}]", f"{x} = {x}[:{i}]"


# --- running ----------------------------------------------------------------------------------------------

KINDS: dict[str, Callable[[random.Random], Pair]] = {"formats": formats, "values": values, "slices": slices}


def toolchain() -> str | None:
    """Find the go command beside the interpreter or on the PATH."""
    return shutil.which(
        "go", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )


def differences(kind: str, seed: int, folder: Path) -> list[str]:
    """Run a pair of programs, and return what differs."""
    pair = KINDS[kind](random.Random(f"{kind} {seed}"))
    (folder / "main.go").write_text("\n".join([*pair.go, "}"]))
    (folder / "main.py").write_text("\n".join([*pair.python, "run(main)"]))
    go = toolchain()
    assert go is not None
    outputs = []
    for command in ([go, "run", "main.go"], [sys.executable, "main.py"]):
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, timeout=120)
        if done.returncode:
            return [done.stderr.decode(errors="replace")]
        outputs.append(done.stdout.splitlines())
    want, got = outputs
    wrong = [f"want {w!r}\ngot  {g!r}" for w, g in zip(want, got, strict=False) if w != g]
    return wrong if len(want) == len(got) else [*wrong, f"{len(want)} lines in Go, {len(got)} in Python"]


if __name__ == "__main__":
    for number in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
        with tempfile.TemporaryDirectory() as name:
            found = differences(sys.argv[1], number, Path(name))
        print(sys.argv[1], number, len(found))
        print("\n".join(found[:5]))
