"""Random small Go programs, which are valid, deterministic and short, for comparing Go with the port.

A program is a function `pN` with declarations of its own; a batch is a file of many of them, so that one
build serves all. Each is run with recover: programs may panic. fuzz.py compares them with their ports.

What Go leaves open must not show: an expression has no two operands of which one changes what the other
reads, maps are only ranged over where the order makes no difference, and of a select one case is ready.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from seeded import Seeded

HEADER = """package main

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

func cut(s string) string {
	if len(s) > 12 {
		return s[:12]
	}
	return s
}

func at[T any](s []T, i int) T {
	if len(s) == 0 {
		var zero T
		return zero
	}
	return s[(i%len(s)+len(s))%len(s)]
}

func apply[A, B any](xs []A, f func(A) B) []B {
	out := make([]B, len(xs)) // Go's compiler chooses another capacity for one that it appends to
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}

type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

func total[T number](xs ...T) (sum T) {
	for _, x := range xs {
		sum += x
	}
	return
}

func fold[T any](xs []T, f func(T, T) T) T {
	var acc T
	for i := range xs {
		acc = f(acc, xs[i])
	}
	return acc
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(v T) { s.items = append(s.items, v) }
func (s *stack[T]) pop() (v T, ok bool) {
	if n := len(s.items); n > 0 {
		v, ok = s.items[n-1], true
		s.items = s.items[:n-1]
	}
	return
}

func only[T any](xs []T, keep func(T) bool) (out []T) {
	for _, x := range xs {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out[:len(out):len(out)]
}

func index[T comparable](xs []T, wanted T) int {
	for i, x := range xs {
		if x == wanted {
			return i
		}
	}
	return -1
}

func last[T any](xs []T) T { return xs[len(xs)-1] }

func show[T any](x T) string { return fmt.Sprintf("%v %T", x, x) }

type light bool

func (l light) String() string {
	if l {
		return "lit"
	}
	return "dark"
}

type node struct {
	n    int
	next *node
}

func (p *node) early() int { return p.n }
func (p *node) late() int {
	fmt.Println("late")
	return p.n
}
func (p *node) none() string { return "none" }

var errOdd = errors.New("odd")

func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	sort.Strings(names)
	return names
}

var _, _ = strconv.Itoa, strings.Repeat
"""

NAMES = [
    *(
        "a",
        "b",
        "c",
        "d",
        "e",
        "x",
        "y",
        "z",
        "n",
        "m",
        "i",
        "j",
        "k",
        "s",
        "t",
        "v",
        "w",
        "item",
        "sum",
        "total_",
    ),
    *(
        "buf",
        "list",
        "word",
        "acc",
        "next",
        "lambda",
        "def",
        "class",
        "is",
        "not",
        "pass",
        "self",
        "str",
        "dict",
    ),
    *(
        "id",
        "hash",
        "object",
        "None",
        "async",
        "del",
        "print",
        "type_",
        "val",
        "from",
        "input",
        "max_",
        "left",
    ),
    *("left", "right", "yield_", "raise", "with", "as"),
]
LITERALS = ["", "a", "go", "héllo", "x\\ty", "日本", "Zz9", "-12", " sp ace ", "\\xff", "é"]


@dataclass(frozen=True)
class Type:
    """A Go type; `go` is how it is written."""

    go: str
    kind: str  # int uint float string bool struct array slice map named any pointer func
    bits: int = 0
    elem: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()
    methods: tuple[str, ...] = ()  # of the form func (T) m(int) int
    params: tuple[Type, ...] = ()
    length: int = 0

    @property
    def integer(self) -> bool:
        return self.kind in ("int", "uint")


INT = Type("int", "int", 64)
INTS = [
    INT,
    *(Type(f"int{bits}", "int", bits) for bits in (8, 16, 32, 64)),
    Type("uint", "uint", 64),
    *(Type(f"uint{bits}", "uint", bits) for bits in (8, 16, 32, 64)),
]
BYTE, RUNE = INTS[6], INTS[3]
FLOAT = Type("float64", "float")
STRING = Type("string", "string")
BOOL = Type("bool", "bool")
ANY = Type("any", "any")


def slice_of(elem: Type) -> Type:
    return Type(f"[]{elem.go}", "slice", elem=elem)


def array_of(elem: Type, length: int) -> Type:
    return Type(f"[{length}]{elem.go}", "array", elem=elem, length=length)


def map_of(elem: Type) -> Type:
    return Type(f"map[string]{elem.go}", "map", elem=elem)


def pointer_to(elem: Type) -> Type:
    return Type(f"*{elem.go}", "pointer", elem=elem)


@dataclass
class Variable:
    name: str
    type: Type
    fixed: bool = False  # not to be assigned to


@dataclass
class Scope:
    variables: dict[str, Variable] = field(default_factory=dict)


class Program(Seeded):
    """One program."""

    header = HEADER

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(seed, name)
        self.top: list[str] = []  # declarations
        self.scopes: list[Scope] = []
        self.structs: list[Type] = []
        self.named: list[Type] = []
        self.functions: list[tuple[str, tuple[Type, ...], Type]] = []  # pure ones
        self.shapes: list[Type] = []  # types with the method `code(int) int`, which go into the interface
        self.loops = 0
        self.budget = 60
        self._types()
        for _ in range(self.random.randint(1, 3)):
            self._function()
        body = self.block(self.random.randint(7, 14))
        self.text = "\n".join([*self.top, f"func {name}() {{", *body, "}", ""])

    # --- choices ---

    def basic(self) -> Type:
        return self.random.choice([INT, INT, INT, *INTS, STRING, STRING, BOOL, FLOAT, *self.named])

    def flat(self) -> Type:
        """Return a type that can be printed and compared, and has value semantics."""
        if self.structs and self.chance(25):
            return self.random.choice(self.structs)
        if self.chance(12):
            return array_of(self.basic(), self.random.randint(1, 4))
        return self.basic()

    def any_type(self) -> Type:
        roll = self.random.randrange(100)
        if roll < 20:
            return slice_of(self.flat())
        if roll < 28:
            return map_of(self.flat())
        if roll < 34:
            return ANY
        return self.flat()

    def name_for(self, scope: Scope) -> str:
        for _ in range(20):
            name = self.random.choice(NAMES)
            if name not in scope.variables:
                return name
        return self.fresh("w")

    def declare(self, kind: Type, *, fixed: bool = False) -> str:
        scope = self.scopes[-1]
        name = self.name_for(scope)
        scope.variables[name] = Variable(name, kind, fixed)
        return name

    def visible(self) -> list[Variable]:
        found: dict[str, Variable] = {}
        for scope in self.scopes:
            found |= scope.variables
        return list(found.values())

    def chosen(self, kind: Type, *, assignable: bool = False) -> str | None:
        """Return a variable of a type, or a part of a variable, None if there is none."""
        found = []
        for variable in self.visible():
            if assignable and variable.fixed:
                continue
            found += self._parts(variable.name, variable.type, kind, 2)
        return self.random.choice(found) if found else None

    def _parts(self, path: str, has: Type, wanted: Type, depth: int) -> list[str]:
        if has == wanted:
            return [path]
        found: list[str] = []
        if depth == 0:
            return found
        if has.kind == "struct":
            for name, kind in has.fields:
                found += self._parts(f"{path}.{name}", kind, wanted, depth - 1)
        elif has.kind == "array":
            assert has.elem is not None
            found += self._parts(f"{path}[{self.random.randrange(has.length)}]", has.elem, wanted, depth - 1)
        elif has.kind == "pointer":
            assert has.elem is not None
            if has.elem == wanted:
                found.append(f"*{path}" if "." not in path and "[" not in path else f"*({path})")
            elif has.elem.kind == "struct":
                for name, kind in has.elem.fields:
                    found += self._parts(f"{path}.{name}", kind, wanted, depth - 1)
        return found

    # --- declarations ---

    def _types(self) -> None:
        for _ in range(self.random.randint(0, 2)):
            name = f"{self.name}_{self.random.choice(['color', 'Level'])}{len(self.named)}"
            base = self.random.choice(INTS)
            kind = Type(name, base.kind, base.bits, methods=("code",))
            self.top.append(f"type {name} {base.go}")
            body = self.random.choice(["int(r) % 7 + n", "n * 2 - int(r)", "int(r &^ 1) ^ n"])
            self.top.append(f"func (r {name}) code(n int) int {{ return {body} }}")
            if self.chance(40):
                self.top.append(
                    f'func (r {name}) String() string {{ return "<" + strconv.Itoa(int(r)) + ">" }}'
                )
            self.named.append(kind)
            self.shapes.append(kind)
        for _ in range(self.random.randint(0, 3)):
            self._struct()
        if self.shapes:
            self.top.append(f"type {self.name}_coder interface {{ code(n int) int }}")

    def _struct(self) -> None:
        name = f"{self.name}_S{len(self.structs)}"
        fields: list[tuple[str, Type]] = []
        lines = []
        embedded = None
        if self.structs and self.chance(40):
            embedded = self.random.choice(self.structs)
            lines.append(embedded.go)
            fields.append((embedded.go, embedded))
        for number in range(self.random.randint(1, 3)):
            kind = self.flat()
            title = self.random.choice(["f", "F", "val", "Name", "count"]) + str(number)
            fields.append((title, kind))
            lines.append(f"{title} {kind.go}")
        kind = Type(name, "struct", fields=tuple(fields), methods=embedded.methods if embedded else ())
        self.top.append(f"type {name} struct {{\n" + "\n".join(lines) + "\n}")
        if self.chance(60):
            plain = Type(name, "struct", fields=tuple(fields))  # its methods don't call themselves
            for receiver, method in ((plain, "code(n int) int"), (pointer_to(plain), "mutate(n int)")):
                pointer = receiver.kind == "pointer"
                self.scopes = [Scope({"r": Variable("r", receiver, pointer), "n": Variable("n", INT)})]
                body = [self._change("r")] + ([] if pointer else [f"return {self.expr(INT, 2)}"])
                self.top.append("\n".join([f"func (r {receiver.go}) {method} {{", *body, "}"]))
            self.scopes = []
            kind = Type(name, "struct", fields=tuple(fields), methods=("code", "mutate"))
        if self.chance(20):
            text = 'fmt.Sprint("S", r.code(1))' if "code" in kind.methods else '"S!"'
            self.top.append(f"func (r {name}) String() string {{ return {text} }}")
        self.structs.append(kind)
        if "code" in kind.methods:
            self.shapes.append(kind)

    def _change(self, name: str) -> str:
        """Return an assignment to a part of a variable that is a struct."""
        variable = self.scopes[-1].variables[name]
        kind = variable.type.elem if variable.type.kind == "pointer" else variable.type
        assert kind is not None
        basic = [
            (title, of) for title, of in kind.fields if of.integer or of.kind in ("string", "bool", "float")
        ]
        if not basic:
            return ""
        title, of = self.random.choice(basic)
        return f"{name}.{title} = {self.value(of, 2)}"

    def _function(self) -> None:
        name = f"{self.name}_f{len(self.functions)}"
        params = tuple(self.flat() for _ in range(self.random.randint(1, 3)))
        result = self.flat()
        scope = Scope()
        self.scopes = [scope]
        names = [self.declare(kind) for kind in params]
        listed = ", ".join(f"{n} {kind.go}" for n, kind in zip(names, params, strict=True))
        outer, self.budget = self.budget, 6
        if self.chance(40):  # a named result, which a deferred function changes
            scope.variables["result"] = Variable("result", result)
            changed = f"result = {self.value(result, 2)}"
            body = self.statements(self.random.randint(1, 3))
            lines = [f"func {name}({listed}) (result {result.go}) {{", "defer func() {"]
            if self.chance(50):
                lines += ["if r := recover(); r != nil {", 'fmt.Println("recovered", r)', "}"]
            lines += [changed, "}()", *body]
            if self.chance(30):
                lines += [f"if {self.expr(BOOL, 2)} {{", f'panic("{name}")', "}"]
            lines += [*self.uses(scope, names), f"return {self.value(result, 2)}", "}"]
        else:
            body = self.statements(self.random.randint(1, 4))
            lines = [f"func {name}({listed}) {result.go} {{", *body, *self.uses(scope, names)]
            lines += [f"return {self.value(result, 3)}", "}"]
        self.budget = outer
        self.scopes = []
        self.top.append("\n".join(lines))
        self.functions.append((name, params, result))

    # --- expressions; all are pure ---

    def literal(self, kind: Type) -> str:
        if kind.kind == "int":
            high = min(2 ** (kind.bits - 1) - 1, 2**62)
            return str(self.random.choice([0, 1, 2, 3, 7, 10, high, self.random.randint(0, high), 100]))
        if kind.kind == "uint":
            high = 2**kind.bits - 1
            return str(self.random.choice([0, 1, 2, 3, 7, 10, high, self.random.randint(0, high), 100]))
        if kind.kind == "float":
            return self.random.choice(["0.5", "1.0", "2.25", "1e3", "0.1", "3e-7", "1e21", "7.0"])
        if kind.kind == "bool":
            return self.random.choice(["true", "false"])
        if kind.kind == "string":
            return f'"{self.random.choice(LITERALS)}"'
        raise AssertionError(kind)

    def typed(self, kind: Type) -> str:
        """Return a literal that has its type wherever it stands."""
        text = self.literal(kind)
        return text if kind in (INT, STRING, BOOL, FLOAT) else f"{kind.go}({text})"

    def value(self, kind: Type, depth: int) -> str:
        """Return an expression of any type that may be constant."""
        if kind.integer or kind.kind in ("float", "bool", "string"):
            text = self.literal(kind) if self.chance(25) else self.expr(kind, depth)
            return f"cut({text})" if kind.kind == "string" and not text.startswith('"') else text
        return self.expr(kind, depth)

    def expr(self, kind: Type, depth: int) -> str:
        """Return an expression that is not constant, unless its type has no operators."""
        if depth <= 0 or self.chance(20):
            found = self.chosen(kind)
            if found is not None:
                return found
        make = {
            "int": self._integer,
            "uint": self._integer,
            "float": self._float,
            "bool": self._bool,
            "string": self._string,
            "struct": self._struct_value,
            "array": self._array,
            "slice": self._slice,
            "map": self._map,
            "any": self._any,
        }[kind.kind]
        called = [f for f in self.functions if f[2] == kind]
        if called and depth > 0 and self.chance(15):
            name, params, _ = self.random.choice(called)
            return f"{name}({', '.join(self.value(param, depth - 1) for param in params)})"
        return make(kind, depth)

    def variable(self, kind: Type) -> str:
        """Return something of a basic type that is not a constant."""
        found = self.chosen(kind)
        if found is not None:
            return found
        if kind.integer:
            other = [v for v in self.visible() if v.type.integer]
            if other:
                return f"{kind.go}({self.random.choice(other).name})"
            return f"{kind.go}(len({self.variable(STRING)}))"
        if kind.kind == "string":
            return f"strings.Repeat({self.literal(STRING)}, {self.random.randrange(3)})"
        if kind.kind == "bool":
            return f"({self.variable(INT)} > {self.literal(INT)})"
        if kind.kind == "float":
            return f"float64({self.variable(INT)})"
        raise AssertionError(kind)

    def _integer(self, kind: Type, depth: int) -> str:
        if depth <= 0:
            return self.variable(kind)
        roll = self.random.randrange(100)
        left = self.expr(kind, depth - 1)
        right = self.literal(kind) if self.chance(35) else self.expr(kind, depth - 1)
        if roll < 50:
            return f"({left} {self.random.choice(['+', '-', '*', '&', '|', '^', '&^'])} {right})"
        if roll < 62:
            operator = self.random.choice(["/", "%"])
            if self.chance(98):
                right = f"({self.expr(kind, depth - 1)} | 1)"
                if self.chance(50):
                    right = str(self.random.choice([1, 2, 3, 7, 10, 100]))
            elif right.lstrip("(").isdigit():
                right = self.variable(kind)
            return f"({left} {operator} {right})"
        if roll < 74:
            count = self.random.choice(INTS)
            amount = f"({self.expr(count, depth - 1)} & {self.random.choice([3, 7, 15, 31, 63, 127])})"
            if self.chance(50):
                amount = str(self.random.choice([0, 1, 3, 7, 8, 15, 31, 33, 63, 64]))
            return f"({left} {self.random.choice(['<<', '>>'])} {amount})"
        if roll < 82:
            return f"({self.random.choice(['-', '^', '+'])}{left})"
        if roll < 92:
            return f"{kind.go}({self.expr(self.random.choice(INTS + self.named), depth - 1)})"
        if kind == INT:
            options = [f"len({self.expr(STRING, depth - 1)})"]
            for variable in self.visible():
                if variable.type.kind in ("slice", "map"):
                    options.append(f"len({variable.name})")
                if "code" in variable.type.methods:
                    options.append(f"{variable.name}.code({self.value(INT, depth - 1)})")
                if variable.type == slice_of(INT):
                    options.append(f"at({variable.name}, {self.value(INT, depth - 1)})")
                    options.append(f"total({variable.name}...)")
                if variable.type == map_of(INT):
                    options.append(f"{variable.name}[{self.value(STRING, 1)}]")
            return self.random.choice(options)
        if kind == BYTE:
            text = self.variable(STRING)
            return f'({text} + "é")[{self.random.randrange(2)}]'
        return f"total({left}, {right})"

    def _float(self, kind: Type, depth: int) -> str:
        if depth <= 0:
            return self.variable(kind)
        left = self.expr(kind, depth - 1)
        right = self.literal(kind) if self.chance(40) else self.expr(kind, depth - 1)
        roll = self.random.randrange(10)
        if roll < 7:
            return f"({left} {self.random.choice(['+', '-', '*', '/'])} {right})"
        if roll < 8:
            return f"(-{left})"
        return f"float64({self.expr(self.random.choice(INTS), depth - 1)})"

    def _bool(self, kind: Type, depth: int) -> str:
        if depth <= 0:
            return self.variable(kind)
        roll = self.random.randrange(10)
        if roll < 5:
            of = self.random.choice([*INTS, STRING, FLOAT, *self.named])
            sign = self.random.choice(["<", "<=", ">", ">=", "==", "!="])
            return f"({self.expr(of, depth - 1)} {sign} {self.value(of, depth - 1)})"
        if roll < 7:
            operator = self.random.choice(["&&", "||"])
            return f"({self.expr(BOOL, depth - 1)} {operator} {self.expr(BOOL, depth - 1)})"
        if roll < 8:
            return f"(!{self.expr(BOOL, depth - 1)})"
        if roll < 9 and self.structs:
            of = self.random.choice(self.structs)
            found = self.chosen(of)
            if found is not None:
                return f"({found} {self.random.choice(['==', '!='])} ({self.expr(of, depth - 1)}))"
        of, other = self.flat(), self.flat()
        if self.chance(50):
            other = of
        return f"(any({self._typed_value(of, depth)}) == any({self._typed_value(other, depth)}))"

    def _typed_value(self, kind: Type, depth: int) -> str:
        if kind.integer or kind.kind in ("float", "bool", "string"):
            return self.typed(kind) if self.chance(50) else self.expr(kind, depth - 1)
        return self.expr(kind, depth - 1)

    def _string(self, kind: Type, depth: int) -> str:
        if depth <= 0:
            return self.variable(kind)
        text = self.expr(STRING, depth - 1)
        other = self.literal(STRING) if self.chance(50) else self.expr(STRING, depth - 1)
        number = self.expr(INT, depth - 1)
        return self.random.choice(
            [
                f"({text} + {other})",
                f"({text} + {other})",
                f"strings.ToUpper({text})",
                f"strings.Repeat(cut({text}), {self.random.randrange(3)})",
                f"strings.Replace({text}, {self.literal(STRING)}, {other}, {self.random.choice([-1, 1, 2])})",
                f"strings.TrimSpace({text})",
                f"strconv.Itoa({number})",
                f"strconv.Quote({text})",
                f"string(rune({self.expr(BYTE, depth - 1)}))",
                f"string(append([]byte({text}), {self.literal(BYTE)}))",
                f"string([]rune({text}))",
                f"fmt.Sprint({self._typed_value(self.flat(), depth)})",
                f"fmt.Sprintf({self._format(depth)})",
                f'strings.Join(strings.Split({text}, {other}), "/")',
            ]
        )

    def _format(self, depth: int) -> str:
        kind = self.random.choice([*INTS, STRING, FLOAT, BOOL, *self.named, *self.structs])
        if kind.integer:
            verbs = [
                "%d",
                "%x",
                "%5d",
                "%-4d|",
                "%04d",
                "%+d",
                "%b",
                "%o",
                "%X",
                "%c",
                "%q",
                "%U",
                "%v",
                "%#x",
                "%T",
            ]
        elif kind.kind == "string":
            verbs = ["%s", "%q", "%x", "%5s", "%-5s|", "%.2s", "%v", "% x", "%+q", "%#v", "%d"]
        elif kind.kind == "float":
            verbs = ["%v", "%.2f", "%8.3f", "%g", "%e", "%6.1f", "%G", "%d"]
        else:
            verbs = ["%v", "%+v", "%#v", "%T", "%t", "%s"]
        return f'"{self.random.choice(verbs)}", {self._typed_value(kind, depth)}'

    def _struct_value(self, kind: Type, depth: int) -> str:
        found = self.chosen(kind)
        if found is not None and self.chance(40):
            return found
        if self.chance(15):
            return f"{kind.go}{{}}"
        if self.chance(50):
            return f"{kind.go}{{{', '.join(self.value(of, depth - 1) for _, of in kind.fields)}}}"
        some = [f"{name}: {self.value(of, depth - 1)}" for name, of in kind.fields if self.chance(60)]
        return f"{kind.go}{{{', '.join(some)}}}"

    def _array(self, kind: Type, depth: int) -> str:
        assert kind.elem is not None
        found = self.chosen(kind)
        if found is not None and self.chance(50):
            return found
        count = self.random.randint(0, kind.length)
        return f"{kind.go}{{{', '.join(self.value(kind.elem, depth - 1) for _ in range(count))}}}"

    def _slice(self, kind: Type, depth: int) -> str:
        assert kind.elem is not None
        elem = kind.elem
        found = self.chosen(kind)
        if found is None or self.chance(25):
            if self.chance(15):
                return f"make({kind.go}, {self.random.randrange(3)}, {self.random.randint(3, 5)})"
            if self.chance(10):
                return f"{kind.go}(nil)"
            count = self.random.randint(0, 4)
            return f"{kind.go}{{{', '.join(self.value(elem, depth - 1) for _ in range(count))}}}"
        options = [
            found,
            f"append({found}, {self.value(elem, depth - 1)})",
            f"append({found}, {self.value(elem, 1)}, {self.value(elem, 1)})",
            f"{found}[:len({found})/2]",
            f"{found}[len({found})/2:]",
            f"append({kind.go}{{}}, {found}...)",
            f"append({found}[:len({found})/2], {found}[len({found})/2:]...)",
            f"{found}[len({found})/3 : len({found})/2 : len({found})]",
            f"apply({found}, func(q {elem.go}) {elem.go} {{ return q }})",
        ]
        if kind == slice_of(BYTE):
            options.append(f"[]byte({self.expr(STRING, depth - 1)})")
        if kind == slice_of(STRING):
            options.append(f"strings.Fields({self.expr(STRING, depth - 1)})")
        return self.random.choice(options)

    def _map(self, kind: Type, depth: int) -> str:
        assert kind.elem is not None
        found = self.chosen(kind)
        if found is not None and self.chance(60):
            return found
        names = self.random.sample(['"a"', '"b"', '"zz"', '"é"'], self.random.randint(0, 3))
        return f"{kind.go}{{{', '.join(f'{name}: {self.value(kind.elem, depth - 1)}' for name in names)}}}"

    def _any(self, kind: Type, depth: int) -> str:
        return f"any({self._typed_value(self.flat(), depth)})"

    # --- statements ---

    def block(self, count: int) -> list[str]:
        """Return statements in a scope of their own, which print all its variables at the end."""
        self.scopes.append(Scope())
        lines = self.statements(count)
        lines += self.uses(self.scopes[-1], [])
        self.scopes.pop()
        return lines

    def uses(self, scope: Scope, without: Iterable[str]) -> list[str]:
        """Return statements that use all variables of a scope."""
        printed = []
        lines = []
        for name, variable in scope.variables.items():
            if name in without:
                continue
            if variable.type.kind in ("pointer", "func", "chan", "coder"):
                lines.append(f"_ = {name}")
            else:
                printed.append(name)
        if printed:
            lines.append(f'fmt.Println("{self.fresh("at")}", {", ".join(printed)})')
        return lines

    def statement(self) -> list[str]:
        kinds = [
            (self._declare, 22),
            (self._assign, 22),
            (self._print, 8),
            (self._if, 7),
            (self._for, 9),
            (self._switch, 5),
            (self._closure, 6),
            (self._slices, 8),
            (self._maps, 4),
            (self._pointers, 5),
            (self._interfaces, 5),
            (self._type_switch, 3),
            (self._channels, 5),
            (self._defer, 4),
            (self._errors, 2),
            (self._stack, 2),
            (self._strings, 4),
            (self._generic, 3),
            (self._order, 4),
            (self._method_values, 2),
            (self._maps_of_structs, 3),
            (self._iota, 2),
            (self._shadow, 2),
            (self._generic_calls, 3),
            (self._named_bools, 1),
            (self._nil_pointers, 2),
        ]
        nested = self.loops >= 2 or len(self.scopes) > 4
        simple = kinds[:3]
        chosen = self.random.choices(*zip(*(simple if nested else kinds), strict=True))[0]
        return chosen()

    def _declare(self) -> list[str]:
        kind = self.any_type()
        if kind.kind == "any":
            text = self._any(kind, 2)
            name = self.declare(kind)
            return [f"var {name} any = {text}"]
        roll = self.random.randrange(10)
        if roll < 2:
            return [f"var {self.declare(kind)} {kind.go}"]
        text = self.value(kind, 3)
        if roll < 5:
            return [f"var {self.declare(kind)} {kind.go} = {text}"]
        if kind.integer or kind.kind in ("float", "string"):
            text = (
                f"{kind.go}({text})"
                if text.replace(".", "").replace("e", "").replace("-", "").isalnum()
                else text
            )
        if roll < 6:
            other = self.flat()
            second = self._typed_value(other, 2)
            return [f"{self.declare(kind)}, {self.declare(other)} := {text}, {second}"]
        return [f"{self.declare(kind)} := {text}"]

    def _target(self) -> tuple[str, Type] | None:
        for _ in range(6):
            kind = self.any_type() if self.chance(40) else self.flat()
            found = self.chosen(kind, assignable=True)
            if found is not None:
                return found, kind
        return None

    def _assign(self) -> list[str]:
        target = self._target()
        if target is None:
            return self._declare()
        path, kind = target
        if kind.integer and self.chance(50):
            operator = self.random.choice(
                ["+=", "-=", "*=", "&=", "|=", "^=", "&^=", "<<=", ">>=", "/=", "%="]
            )
            if operator in ("<<=", ">>="):
                return [f"{path} {operator} {self.random.choice([0, 1, 3, 7, 9, 31, 40])}"]
            if operator in ("/=", "%="):
                return [
                    f"{path} {operator} {self.random.choice(['3', '7', '2', f'({self.expr(kind, 1)} | 1)'])}"
                ]
            return [f"{path} {operator} {self.value(kind, 2)}"]
        if kind.integer and self.chance(20):
            return [f"{path}{self.random.choice(['++', '--'])}"]
        if kind.kind == "string" and self.chance(30):
            return [f"{path} += {self.literal(STRING)}", f"{path} = cut({path})"]
        if self.chance(20):
            other = self.chosen(kind, assignable=True)
            if other is not None:
                return [f"{path}, {other} = {other}, {path}"]
        if kind.kind == "slice":
            return [f"if len({path}) < 9 {{", f"{path} = {self.expr(kind, 2)}", "}"]
        return [f"{path} = {self.value(kind, 3)}"]

    def _print(self) -> list[str]:
        if self.chance(40):
            return [f'fmt.Printf("{self.fresh("pf")} "+{self._format(3)})', "fmt.Println()"]
        values = [self._typed_value(self.flat(), 3) for _ in range(self.random.randint(1, 3))]
        return [f'fmt.Println("{self.fresh("pl")}", {", ".join(values)})']

    def _if(self) -> list[str]:
        lines = [f"if {self.expr(BOOL, 2)} {{"]
        if self.chance(30):
            self.scopes.append(Scope())
            kind = self.basic()
            text = self._typed_value(kind, 2)
            name = self.declare(kind)
            lines = [f"if {name} := {text}; {self.expr(BOOL, 2)} {{", f"_ = {name}"]
            lines += [*self.block(2), "} else {", f"_ = {name}", *self.block(2), "}"]
            self.scopes.pop()
            return lines
        lines += self.block(2)
        if self.chance(30):
            lines += [f"}} else if {self.expr(BOOL, 2)} {{", *self.block(1)]
        if self.chance(50):
            lines += ["} else {", *self.block(2)]
        return [*lines, "}"]

    def _for(self) -> list[str]:
        label = self.fresh("loop") if self.chance(35) else ""
        text = self.expr(STRING, 1)
        self.loops += 1
        self.scopes.append(Scope())
        roll = self.random.randrange(10)
        tail: list[str] = []
        over = [v for v in self.visible() if v.type.kind in ("slice", "array")]
        if roll < 4:
            kind = self.random.choice([INT, INT, BYTE, INTS[1]])
            name = self.declare(kind, fixed=True)
            step = self.random.choice(["++", "++", " += 2"])
            start = f"{name} := {kind.go}({self.random.randrange(3)})"
            head = f"for {start}; {name} < {self.random.randint(2, 6)}; {name}{step} {{"
            if kind == INT and self.chance(15):
                tail = [f"{name}++"]
        elif roll < 5:
            head = f"for {self.declare(INT)} := range {self.random.randint(1, 4)} {{"
        elif roll < 8 and over:
            chosen = self.random.choice(over)
            assert chosen.type.elem is not None
            head = f"for {self.declare(INT)}, {self.declare(chosen.type.elem)} := range {chosen.name} {{"
        else:
            head = f"for {self.declare(INT)}, {self.declare(RUNE)} := range cut({text}) {{"
        lines = [f"_ = {name}" for name in self.scopes[-1].variables] + tail
        self.scopes.append(Scope())
        lines += self.statements(2)
        jump = self.random.choice(["break", "continue"])
        lines += [f"if {self.expr(BOOL, 2)} {{", f"{jump} {label}", "}"]
        if label:
            lines += ["switch {", f"case {self.expr(BOOL, 2)}:", f"continue {label}", "}"]
            self.scopes.append(Scope())
            lines += ["for range 2 {", *self.statements(1)]
            lines += [f"if {self.expr(BOOL, 1)} {{", f"break {label}", "}"]
            lines += [*self.uses(self.scopes.pop(), []), "}"]
        lines += [*self.statements(1), *self.uses(self.scopes[-1], [])]
        self.scopes.pop()
        self.scopes.pop()
        self.loops -= 1
        return [*([f"{label}:"] if label else []), head, *lines, "}"]

    def _switch(self) -> list[str]:
        kind = self.random.choice([INT, STRING, *INTS])
        literals = list(dict.fromkeys(self.literal(kind) for _ in range(5)))
        lines = [f"switch {self.expr(kind, 2)} {{"]
        tagless = self.chance(30)
        if tagless:
            lines = ["switch {"]
        for number, text in enumerate(literals):
            case = self.expr(BOOL, 2) if tagless else text
            self.scopes.append(Scope())
            lines += [f"case {case}:", *self.statements(1)]
            if self.chance(15):
                lines += [f"if {self.expr(BOOL, 1)} {{", "break", "}", *self.statements(1)]
            lines += self.uses(self.scopes.pop(), [])
            if number < len(literals) - 1 and self.chance(25):
                lines.append("fallthrough")
        if self.chance(60):
            lines += ["default:", *self.block(1)]
        return [*lines, "}"]

    def _closure(self) -> list[str]:
        """A closure that changes what it captured; a call of it stands alone."""
        result = self.basic()
        self.scopes.append(Scope())
        param = self.declare(INT)
        loops, self.loops = self.loops, 2
        body = self.statements(self.random.randint(1, 3))
        scope = self.scopes[-1]
        end = [*self.uses(scope, [param]), f"return {self.value(result, 2)}"]
        self.scopes.pop()
        self.loops = loops
        name = self.fresh("fn")
        lines = [f"{name} := func({param} int) {result.go} {{", *body, *end, "}"]
        for _ in range(self.random.randint(1, 2)):
            argument = self.value(INT, 2)
            lines.append(f"{self.declare(result)} := {name}({argument})")
        if self.chance(30):
            fs = self.fresh("fs")
            target = self.chosen(INT, assignable=True)
            change = f"{target} += ii" if target else "ii++"
            lines += [f"var {fs} []func() int", "for ii := 0; ii < 3; ii++ {"]
            lines += [f"{fs} = append({fs}, func() int {{ {change}; ii *= 2; return ii }})", "}"]
            lines += [f"for _, g := range {fs} {{", "fmt.Println(g())", "fmt.Println(g())", "}"]
        return lines

    def _slices(self) -> list[str]:
        found = [v for v in self.visible() if v.type.kind == "slice" and not v.fixed]
        if not found:
            kind = slice_of(self.flat())
            text = self.expr(kind, 2)
            return [f"{self.declare(kind)} := {text}"]
        variable = self.random.choice(found)
        elem = variable.type.elem
        assert elem is not None
        name = variable.name
        roll = self.random.randrange(7)
        index = self.random.randrange(3)
        if roll == 0:
            return [f"if len({name}) > {index} {{", f"{name}[{index}] = {self.value(elem, 2)}", "}"]
        if roll == 1:
            text = self.expr(variable.type, 2)
            return [f'fmt.Println("{self.fresh("cp")}", copy({name}, {text}), {name})']
        if roll == 2:
            text = f"append({name}[:len({name})/2], {self.value(elem, 1)})"
            other = self.fresh("al")
            self.scopes[-1].variables[other] = Variable(other, variable.type)
            lines = [f"{other} := {text}"]
            return [*lines, f'fmt.Println("{self.fresh("al")}", {name}, {other}, len({other}), cap({other}))']
        if roll == 3:
            return [f'fmt.Println("{self.fresh("ca")}", len({name}), cap({name}), {name} == nil)']
        if roll == 4 and elem.kind == "struct":
            fields = [(title, of) for title, of in elem.fields if of.integer]
            if fields:
                title, of = self.random.choice(fields)
                lines = [f"for ii := range {name} {{", f"{name}[ii].{title} += {self.value(of, 1)}", "}"]
                lines += [f"for _, q := range {name} {{", f"q.{title}++", f"fmt.Println(q.{title})", "}"]
                if "mutate" in elem.methods:
                    lines += [f"for ii := range {name} {{", f"{name}[ii].mutate({self.value(INT, 1)})", "}"]
                return lines
        if roll == 5 and (elem in (INT, STRING)):
            by = self.random.choice(["<", ">"])
            return [f"sort.Slice({name}, func(p, q int) bool {{ return {name}[p] {by} {name}[q] }})"]
        if self.chance(20):  # this one may panic
            return [f'fmt.Println("{self.fresh("ix")}", {name}[{self.expr(INT, 1)} & 7])']
        return [f"if len({name}) > 1 {{", f"{name} = {name}[1:]", "}"]

    def _maps(self) -> list[str]:
        found = [v for v in self.visible() if v.type.kind == "map"]
        if not found:
            kind = map_of(self.flat())
            text = self._map(kind, 2)
            return [f"{self.declare(kind)} := {text}"]
        variable = self.random.choice(found)
        elem = variable.type.elem
        assert elem is not None
        name = variable.name
        key = self.random.choice(['"a"', '"b"', '"new"', f"cut({self.expr(STRING, 1)})"])
        lines = [f"if {name} != nil {{", f"{name}[{key}] = {self.value(elem, 2)}", "}"]
        if elem.integer and self.chance(50):
            lines = [
                f"if {name} != nil {{",
                f"{name}[{key}] += {self.value(elem, 1)}",
                f"{name}[{key}]++",
                "}",
            ]
        if self.chance(30):
            ok = self.fresh("ok")
            value = self.declare(elem)
            lines += [f"{value}, {ok} := {name}[{key}]", f"fmt.Println({ok})"]
        if self.chance(30):
            lines.append(f"delete({name}, {self.random.choice([key, self.literal(STRING)])})")
        if self.chance(30):
            lines += [
                f"for _, kk := range keys({name}) {{",
                f'fmt.Print(kk, "=", {name}[kk], " ")',
                "}",
                "fmt.Println()",
            ]
        return lines

    def _pointers(self) -> list[str]:
        found = [
            v
            for v in self.visible()
            if not v.fixed and v.type.kind in ("int", "uint", "string", "struct", "array")
        ]
        if not found:
            return self._declare()
        variable = self.random.choice(found)
        kind = pointer_to(variable.type)
        pointer = self.declare(kind, fixed=True)
        if pointer == variable.name:
            return self._rename(variable, kind, pointer)
        return self._use_pointer(variable.name, variable.type, pointer)

    def _rename(self, variable: Variable, kind: Type, pointer: str) -> list[str]:
        del self.scopes[-1].variables[pointer]
        name = self.fresh("ptr")
        self.scopes[-1].variables[name] = Variable(name, kind, fixed=True)
        return self._use_pointer(variable.name, variable.type, name)

    def _use_pointer(self, name: str, kind: Type, pointer: str) -> list[str]:
        lines = [f"{pointer} := &{name}"]
        if kind.integer:
            lines.append(self.random.choice([f"*{pointer} += {self.literal(kind)}", f"*{pointer}++"]))
        elif kind.kind == "struct":
            if "mutate" in kind.methods:
                lines.append(f"{pointer}.mutate({self.value(INT, 1)})")
            title, of = self.random.choice(kind.fields)
            lines.append(f"{pointer}.{title} = {self.value(of, 1)}")
            copied = self.declare(kind)
            lines.append(f"{copied} := *{pointer}")
            if of.integer:
                inner = self.fresh("in")
                lines += [f"{inner} := &{pointer}.{title}", f"*{inner} -= {self.literal(of)}"]
        elif kind.kind == "array":
            assert kind.elem is not None
            lines.append(f"{pointer}[{self.random.randrange(kind.length)}] = {self.value(kind.elem, 1)}")
            inner = self.fresh("el")
            lines += [f"{inner} := &{pointer}[0]", f"*{inner} = {self.value(kind.elem, 1)}"]
        else:
            lines.append(f"*{pointer} = {self.value(kind, 1)}")
        return [*lines, f'fmt.Println("{self.fresh("pt")}", {name}, *{pointer})']

    def _interfaces(self) -> list[str]:
        if not self.shapes:
            return self._print()
        name = self.fresh("cs")
        made = []
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.choice(self.shapes)
            if kind.kind == "struct" and self.chance(40):
                made.append(f"&{kind.go}{{}}")
            else:
                made.append(
                    self._typed_value(kind, 2)
                    if kind.kind == "struct"
                    else f"{kind.go}({self.variable(kind)})"
                )
        lines = [f"{name} := []{self.name}_coder{{{', '.join(made)}}}", f"for ii, c := range {name} {{"]
        lines += [f'fmt.Println("{self.fresh("if")}", ii, c.code(ii))']
        kind = self.random.choice(self.shapes)
        lines += [f"if q, ok := c.({kind.go}); ok {{", 'fmt.Println("is", q)', "}"]
        if "mutate" in kind.methods:
            lines += [f"if q, ok := c.(*{kind.go}); ok {{", "q.mutate(ii)", "fmt.Println(*q)", "}"]
        if self.chance(30):
            lines += ["mv := c.code", "fmt.Println(mv(3))"]
        lines.append("}")
        if self.chance(30):
            lines.append(f"fmt.Println({name}[0] == {name}[len({name})-1])")
        return lines

    def _type_switch(self) -> list[str]:
        kinds = list(dict.fromkeys(self.flat() for _ in range(3)))
        lines = [f"switch q := {self._any(ANY, 2)}.(type) {{"]
        found = self.chosen(ANY)
        if found is not None:
            lines = [f"switch q := {found}.(type) {{"]
        for kind in kinds:
            lines.append(f"case {kind.go}:")
            if kind.integer:
                lines.append(f"q += {self.literal(kind)}")
            lines.append('fmt.Printf("%T %v\\n", q, q)')
        lines += ["case nil:", 'fmt.Println("nil")', "default:", 'fmt.Printf("other %T\\n", q)', "}"]
        if found is not None and self.chance(20):  # this one may panic
            lines.append(f"fmt.Println({found}.({self.flat().go}))")
        return lines

    def _channels(self) -> list[str]:
        kind = self.flat()
        channel = self.fresh("ch")
        values = [self.value(kind, 2) for _ in range(self.random.randint(1, 4))]
        roll = self.random.randrange(4)
        if roll == 0:  # a producer
            size = self.random.choice(["", ", 1", ", 2"])
            made = f"make(chan {kind.go}{size}), []{kind.go}{{{', '.join(values)}}}"
            lines = [f"{channel}, vs{channel} := {made}"]
            lines += ["go func() {", f"defer close({channel})"]
            lines += [f"for _, q := range vs{channel} {{", f"{channel} <- q", "}", "}()"]
            return [*lines, f"for q := range {channel} {{", f'fmt.Println("{self.fresh("rc")}", q)', "}"]
        if roll == 1:  # select with default
            lines = [f"{channel} := make(chan {kind.go}, {self.random.randint(1, 2)})"]
            for value in values:
                lines += [
                    "select {",
                    f"case {channel} <- {value}:",
                    'fmt.Println("sent")',
                    "default:",
                    'fmt.Println("full")',
                    "}",
                ]
            lines += [
                "select {",
                f"case q, ok := <-{channel}:",
                "fmt.Println(q, ok)",
                "default:",
                'fmt.Println("empty")',
                "}",
            ]
            lines += [f"close({channel})", f"fmt.Println(len({channel}), cap({channel}))"]
            return (
                [
                    *lines,
                    f"for q := range {channel} {{",
                    "fmt.Println(q)",
                    "}",
                    f"q2, ok2 := <-{channel}",
                    "fmt.Println(q2, ok2)",
                ]
                if self.chance(0)
                else [*lines, f"for q := range {channel} {{", "fmt.Println(q)", "}"]
            )
        done = self.fresh("done")
        lines = [
            f"{channel}, {done} := make(chan {kind.go}), make(chan bool)",
            "go func() {",
            "for {",
            "select {",
        ]
        lines += [
            f"case q := <-{channel}:",
            f'fmt.Println("{self.fresh("sl")}", q)',
            f"case <-{done}:",
            f"close({done})",
            "return",
            "}",
            "}",
            "}()",
        ]
        lines += [f"{channel} <- {value}" for value in values]
        return [*lines, f"{done} <- true", f"_, ok{done} := <-{done}", f"fmt.Println(ok{done})"]

    def _defer(self) -> list[str]:
        self.scopes.append(Scope())
        loops, self.loops = self.loops, 2
        kind = self.basic()
        value = self._typed_value(kind, 2)
        after = self.statements(2)
        scope = self.scopes[-1]
        lines = ["func() {", f'defer fmt.Println("{self.fresh("df")}", {value})']
        if self.chance(50):
            lines += ["defer func() {", "if r := recover(); r != nil {", 'fmt.Println("caught", r)']
            if self.chance(30):
                lines += ['panic(fmt.Sprint("again ", r))'] if self.chance(20) else ['fmt.Println("again")']
            lines += ["}", "}()"]
        lines += [*after, *self.uses(scope, [])]
        if self.chance(40):
            name = self.fresh("zero")
            lines += self.random.choice(
                [
                    [f"var {name} int", f"fmt.Println(1 / {name})"],
                    [f"var {name} []int", f"fmt.Println({name}[{self.random.randrange(9)}])"],
                    [f"var {name} map[string]int", f'{name}["a"] = 1'],
                    [f"var {name} *struct{{ x int }}", f"fmt.Println({name}.x)"],
                    [f'var {name} any = "s"', f"fmt.Println({name}.(int))"],
                    [f"if {self.expr(BOOL, 1)} {{", f"panic({self._typed_value(self.basic(), 1)})", "}"],
                    [
                        f"{name} := {self.variable(STRING)}",
                        f"fmt.Println({name}[{self.random.randint(3, 20)}:])",
                    ],
                    ['panic(fmt.Errorf("wrapped: %w", errOdd))'],
                ]
            )
        self.scopes.pop()
        self.loops = loops
        return [*lines, "}()"]

    def _errors(self) -> list[str]:
        name, err = self.fresh("check"), self.fresh("err")
        lines = [
            f"{name} := func(n int) (int, error) {{",
            "if n%2 != 0 {",
            'return n, fmt.Errorf("n=%d: %w", n, errOdd)',
            "}",
            "return n / 2, nil",
            "}",
        ]
        return [
            *lines,
            f"if {err}v, {err} := {name}({self.value(INT, 2)}); {err} != nil {{",
            f"fmt.Println({err}v, {err}, errors.Is({err}, errOdd))",
            "} else {",
            f"fmt.Println({err}v, {err})",
            "}",
        ]

    def _stack(self) -> list[str]:
        kind = self.flat()
        name = self.fresh("st")
        lines = [f"var {name} stack[{kind.go}]"]
        lines += [f"{name}.push({self.value(kind, 1)})" for _ in range(self.random.randint(0, 2))]
        return [*lines, "for range 2 {", f"q, ok := {name}.pop()", "fmt.Println(q, ok)", "}"]

    def _strings(self) -> list[str]:
        text = self.expr(STRING, 2)
        name = self.fresh("sb")
        lines = [f"var {name} strings.Builder", f"for ii, r := range {text} {{"]
        lines += [f'fmt.Fprintf(&{name}, "%d%c", ii, r)', f"{name}.WriteRune(r + 1)", "}"]
        lines.append(f'fmt.Printf("%q %d\\n", {name}.String(), {name}.Len())')
        if self.chance(40):
            lines.append(f"fmt.Println([]byte({self.value(STRING, 1)}), []rune({self.value(STRING, 1)}))")
        return lines

    def _generic(self) -> list[str]:
        kind, other = self.basic(), self.basic()
        if not kind.integer:
            kind = INT
        text = f"[]{kind.go}{{{', '.join(self.value(kind, 1) for _ in range(3))}}}"
        name = self.declare(slice_of(other))
        folded = f"fold({text}, func(p, q {kind.go}) {kind.go} {{ return p*3 + q }})"
        converted = self._converted("q", kind, other)
        return [
            f"fmt.Println({folded}, total({text}...))",
            f"{name} := apply({text}, func(q {kind.go}) {other.go} {{ return {converted} }})",
        ]

    def _order(self) -> list[str]:
        """Calls that change what their expression reads: Go's compiler calls first, and reads then."""
        kind = self.random.choice([INT, *INTS, STRING])
        name, bump, flag = self.fresh("od"), self.fresh("bump"), self.fresh("flag")
        change = f"{name} += {self.literal(kind)}" if kind.integer else f'{name} += "x"'
        lines = [
            f"{name}, {flag} := {self._typed_value(kind, 1)}, false",
            f"{bump} := func() {kind.go} {{ {change}; {flag} = !{flag}; return {name} }}",
            f"test{bump} := func() bool {{ {change}; return {flag} }}",
        ]
        plus = "+" if kind.kind == "string" else self.random.choice(["+", "-", "^"])
        reads = [name, f"{bump}()", f"({name} {plus} {bump}())", f"({bump}() {plus} {name})"]
        bools = [
            f"test{bump}()",
            flag,
            f"({name} == {bump}())",
            f"({flag} && test{bump}())",
            f"(test{bump}() || {flag})",
            f"({name} != {self.literal(kind)} && {name} == {bump}())",
        ]

        def some(options: list[str], count: int) -> str:
            return ", ".join(self.random.choice(options) for _ in range(count))

        printed = [
            f"fmt.Println({some(reads, 3)})",
            f"fmt.Println({some(bools, 2)}, {some(reads, 1)})",
            f"fmt.Println([]{kind.go}{{{some(reads, 3)}}})",
            f"if {some(bools, 1)} && {some(bools, 1)} {{ fmt.Println({some(reads, 1)}) }}",
            f"fmt.Println(func() ({kind.go}, {kind.go}) {{ return {some(reads, 2)} }}())",
            "fmt.Println(fmt.Sprintf(" + '"%v %v", ' + f"{some(reads, 2)}), {some(bools, 1)})",
        ]
        return [*lines, *self.random.sample(printed, 3), f"_, _, _ = {flag}, {bump}, test{bump}"]

    def _method_values(self) -> list[str]:
        found = [s for s in self.shapes if s.kind == "struct"]
        if not found:
            return self._print()
        kind = self.random.choice(found)
        name, method = self.fresh("mo"), self.fresh("mv")
        lines = [f"{name} := {self._struct_value(kind, 1)}", f"{method} := {name}.code"]
        if "mutate" in kind.methods:
            lines += [f"{method}p := {name}.mutate", f"{method}p({self.value(INT, 1)})"]
        number = self.literal(INT)
        return [*lines, f"fmt.Println({name}, {method}({number}), {kind.go}.code({name}, {number}))"]

    def _maps_of_structs(self) -> list[str]:
        if not self.structs:
            return self._maps()
        kind = self.random.choice(self.structs)
        name = self.fresh("ms")
        lines = [f'{name} := map[string]{kind.go}{{"a": {self._struct_value(kind, 1)}}}']
        title, of = self.random.choice(kind.fields)
        lines += [f'c{name} := {name}["a"]', f"c{name}.{title} = {self.value(of, 1)}"]
        lines.append(f'fmt.Println({name}["a"] == c{name}, {name}["none"], len({name}))')
        lines += [f'{name}["b"] = c{name}', f'p{name} := map[string]*{kind.go}{{"p": &c{name}}}']
        lines.append(f'p{name}["p"].{title} = {self.value(of, 1)}')
        return [*lines, f'fmt.Println({name}, c{name}, *p{name}["p"], {name}["b"].{title})']

    def _iota(self) -> list[str]:
        kind = self.random.choice(INTS)
        names = [self.fresh("io") for _ in range(3)]
        first = self.random.choice([f"{kind.go}(iota)", f"1 << {kind.go}(iota)", f"{kind.go}(iota*10 + 1)"])
        return [
            "const (",
            f"{names[0]} = {first}",
            names[1],
            "_",
            names[2],
            ")",
            f"fmt.Println({', '.join(names)})",
        ]

    def _shadow(self) -> list[str]:
        name = self.fresh("sh")
        kind, other = self.basic(), self.basic()
        return [
            f"{name} := {self._typed_value(kind, 1)}",
            f"if {name} := {self._typed_value(other, 1)}; {self.expr(BOOL, 1)} {{",
            f"{name} := fmt.Sprint({name})",
            f"fmt.Println({name})",
            "} else {",
            f"func() {{ {name} := len(fmt.Sprint({name})); fmt.Println({name}) }}()",
            "}",
            f"fmt.Println({name})",
        ]

    def _generic_calls(self) -> list[str]:
        kind = self.flat()
        values = ", ".join(self.value(kind, 1) for _ in range(self.random.randint(1, 3)))
        text = f"[]{kind.go}{{{values}}}"
        equal = f"func(q {kind.go}) bool {{ return q == {self._typed_value(kind, 1)} }}"
        return [
            f"fmt.Println(only({text}, {equal}))",
            f"fmt.Println(index({text}, {self._typed_value(kind, 1)}), last({text}), cut(show({text})))",
        ]

    def _named_bools(self) -> list[str]:
        name = self.fresh("nb")
        return [
            f"{name} := light({self.expr(BOOL, 1)})",
            f"fmt.Println({name}, !{name}, []light{{{name}}}, struct{{ L light }}{{{name}}})",
            f"fmt.Println(any({name}) == any(true), any({name}) == any(light(true)))",
            f'fmt.Printf("%v %t %T\\n", {name}, {name}, {name} && {name})',
        ]

    def _nil_pointers(self) -> list[str]:
        name = self.fresh("np")
        call = self.random.choice(["early()", "late()", "none()"])
        made = self.random.choice(["", " = &node{}"])
        body = f"defer func() {{ fmt.Println(recover()) }}(); fmt.Println({name}.{call})"
        return [f"var {name} *node{made}", f"func() {{ {body} }}()"]

    def _converted(self, name: str, kind: Type, other: Type) -> str:
        if other.integer or other.kind == "float":
            return f"{other.go}({name})"
        if other.kind == "string":
            return f"fmt.Sprint({name})"
        return f"{name} > {self.literal(kind)}"
