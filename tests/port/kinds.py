"""Random Go programs about values of all kinds: how they are printed, converted, compared and embedded.

Values of many types, with and without methods for fmt, go through verbs with flags, conversions between numbers and
strings, comparisons as interfaces, keys of maps, type switches, generic functions and chains of embedded structs.
Nothing that is printed contains an address.
"""

from __future__ import annotations

from collections.abc import Callable

from seeded import WIDTHS, Seeded

HEADER = r"""package main

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

var _ = math.Pi
var _ = strings.ToUpper
var _ time.Duration

type Plain int
type Str int
type PtrStr int
type Text string
type GoStr struct{ A int }
type Err struct{ Code int }
type PtrErr struct{ Code int }
type Fmt struct{ A, B int }
type Panics struct{ A int }
type Bytes []byte
type Ints []int
type StrInts []int
type Table map[string]Str
type Pair struct {
	A int
	b string
}
type Wide struct {
	Name string
	P    Pair
	L    []Pair
	M    map[string]int
	I    any
	E    error
	F    func()
	C    chan int
	Q    *Pair
	S    Str
}
type Box[T any] struct{ V T }
type Flag bool
type Real float64
type Nested struct {
	Str
	In Box[Text]
}
type Array [3]Str
type Level uint8

func (s Str) String() string      { return fmt.Sprintf("Str(%d)", int(s)) }
func (s *PtrStr) String() string  { return fmt.Sprintf("PtrStr(%d)", int(*s)) }
func (t Text) String() string     { return "<" + string(t) + ">" }
func (g GoStr) GoString() string  { return "GoStr!" }
func (e Err) Error() string       { return fmt.Sprint("err ", e.Code) }
func (e *PtrErr) Error() string {
	if e == nil {
		return "nil PtrErr"
	}
	return fmt.Sprint("ptrerr ", e.Code)
}
func (f Fmt) Format(s fmt.State, verb rune) {
	w, hasW := s.Width()
	p, hasP := s.Precision()
	fmt.Fprint(s, "Fmt", string(verb), w, hasW, p, hasP, s.Flag('+'), s.Flag('-'), s.Flag('#'), s.Flag(' '), s.Flag('0'))
}
func (p Panics) String() string  { panic(fmt.Sprint("in String ", p.A)) }
func (s StrInts) String() string { return fmt.Sprint("StrInts", len(s)) }
func (l Level) MarshalText() ([]byte, error) { return []byte("level"), nil }
func (r Real) Error() string { return fmt.Sprintf("real %.1f", float64(r)) }

type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

func sum[T number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return s
}

func half[T number](x T) T { return x / 2 }

func twice[T ~string | ~int | ~float64](x T) T { return x + x }

func kindOf[T any](x T) string {
	switch v := any(x).(type) {
	case int, Plain:
		return fmt.Sprintf("integer %v", v)
	case fmt.Stringer:
		return "stringer"
	case error:
		return "error " + v.Error()
	case []T:
		return "slice of itself"
	case nil:
		return "nil"
	case Box[T]:
		return "box of itself"
	case Box[int]:
		return fmt.Sprint("box of int ", v.V)
	case func():
		return "function"
	}
	return fmt.Sprintf("%T", x)
}

func same[T comparable](x, y T) bool { return x == y }

func (b Box[T]) String() string { return fmt.Sprintf("Box[%v]", b.V) }

func (b *Box[T]) set(v T) *Box[T] {
	b.V = v
	return b
}

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

var errBase = errors.New("base")
"""

INTEGERS = {
    **WIDTHS,
    "uintptr": (64, False),
    "Plain": (63, True),
    "Str": (63, True),
    "PtrStr": (63, True),
    "Level": (8, False),
    "time.Duration": (63, True),
}
FLOATS = ("float64", "float32", "Real")
TEXTS = (
    '""',
    '"go"',
    '"héllo"',
    '"日本"',
    r'"\xff\xfe"',
    r'"a\x80b"',
    r'"\n\t\""',
    r'"\u2028"',
    '"`"',
    r'"\x00"',
)
VERBS = "vvvvvvvvssqTTdxXtcUefgGboOFE"


class Program(Seeded):
    """One program."""

    header = HEADER

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(seed, name)
        self.top: list[str] = []
        body = [line for _ in range(self.random.randint(3, 7)) for line in self.statement()]
        self.text = "\n".join([*self.top, f"func {name}() {{", *body, "}", ""])

    # --- values ---

    def integer(self, kind: str) -> int:
        bits, signed = INTEGERS[kind]
        high = 2**bits - 1
        low = -high - 1 if signed else 0
        options = [0, 1, 2, 7, 65, 100, high, low, high - 1, self.random.randint(low, high)]
        if signed:
            options += [-1, -2, -100]
        return self.random.choice(
            [*options, self.random.randint(0, 127), self.random.randint(0, min(high, 60000))]
        )

    def real(self) -> str:
        return self.pick(
            *(
                "0.0",
                "1.0",
                "-1.5",
                "0.1",
                "1e21",
                "1e20",
                "123456789.0",
                "1e-7",
                "3.0e5",
                "2.5",
                "1e6",
                "-0.25",
            ),
            *(
                "100000.0",
                "1e100",
                "5e-324",
                "0.3333333333333333",
                "math.Inf(1)",
                "math.Inf(-1)",
                "math.NaN()",
            ),
            *("math.Copysign(0, -1)", "16777216.0", "1e15", "123456.75"),
        )

    def value(self, depth: int = 2) -> str:
        """Return an expression of a random type, which has that type wherever it stands."""
        roll = self.random.randrange(100)
        if depth <= 0 or roll < 30:
            return self.scalar()
        n = self.random.randrange(-3, 50)
        text = self.pick(*TEXTS)
        options: list[Callable[[], str]] = [
            lambda: f"GoStr{{{n}}}",
            lambda: f"&GoStr{{{n}}}",
            lambda: f"Err{{{n}}}",
            lambda: f"&Err{{{n}}}",
            lambda: f"PtrErr{{{n}}}",
            lambda: f"&PtrErr{{{n}}}",
            lambda: "(*PtrErr)(nil)",
            lambda: "(*Err)(nil)",
            lambda: "(*Pair)(nil)",
            lambda: f"Fmt{{{n}, 2}}",
            lambda: f"&Fmt{{{n}, 2}}",
            lambda: f"Panics{{{n}}}",
            lambda: "(*Panics)(nil)",
            lambda: f"Bytes({text})",
            lambda: f"[]byte({text})",
            lambda: f"[]rune({text})",
            lambda: f"[3]byte{{{n & 7}, 65, 255}}",
            lambda: f"Ints{{{n}, 2}}",
            lambda: "Ints(nil)",
            lambda: f"StrInts{{{n}}}",
            lambda: "StrInts(nil)",
            lambda: f'Table{{"b": {n}, "a": 2}}',
            lambda: "Table(nil)",
            lambda: f"Pair{{{n}, {text}}}",
            lambda: f"&Pair{{{n}, {text}}}",
            lambda: f"[]Pair{{{{{n}, {text}}}, {{}}}}",
            lambda: f"[2]Pair{{{{{n}, {text}}}}}",
            lambda: f"Wide{{Name: {text}, L: []Pair{{{{{n}, {text}}}}}, I: {self.value(depth - 1)}}}",
            lambda: f'Wide{{M: map[string]int{{"z": 1, "a": {n}}}, E: Err{{1}}, S: {n}}}',
            lambda: f"Box[int]{{{n}}}",
            lambda: f"Box[any]{{{self.value(depth - 1)}}}",
            lambda: f"&Box[string]{{{text}}}",
            lambda: f"Box[[]Str]{{[]Str{{{n}}}}}",
            lambda: f"Nested{{Str({n}), Box[Text]{{{text}}}}}",
            lambda: f"Array{{{n}, 2}}",
            lambda: f"&Array{{{n}}}",
            lambda: f"[]Str{{{n}, 1}}",
            lambda: f"[]PtrStr{{{n}, 1}}",
            lambda: f"[]error{{Real(1), nil, Err{{{n}}}}}",
            lambda: f"[]any{{{self.value(depth - 1)}, {self.value(depth - 1)}, nil}}",
            lambda: f"map[any]int{{{self.scalar()}: 1}}",
            lambda: f"map[int]Text{{{n}: {text}, 100: {text}, -5: {text}}}",
            lambda: f"map[Str]bool{{{n}: true, 1000: false}}",
            lambda: f'map[string][]int{{"k": {{1, {n}}}, "j": nil}}',
            lambda: f"map[float64]int{{2.5: {n}, math.Inf(-1): 1, -0.5: 3}}",
            lambda: f"map[[2]int]string{{{{2, 1}}: {text}, {{1, {n}}}: {text}}}",
            lambda: f"map[Pair]int{{{{{n}, {text}}}: 1}}",
            lambda: "map[string]int(nil)",
            lambda: "[]int(nil)",
            lambda: "[]string{}",
            lambda: f"[]string{{{text}, {text}}}",
            lambda: f"[][]int{{{{{n}}}, nil, {{}}}}",
            lambda: "struct{}{}",
            lambda: f"struct{{ X, y int }}{{{n}, 2}}",
            lambda: f"struct{{ V any }}{{{self.value(depth - 1)}}}",
            lambda: "(func())(nil)",
            lambda: "(chan int)(nil)",
            lambda: "error(nil)",
            lambda: "any(nil)",
            lambda: f"[2]any{{{self.scalar()}}}",
            lambda: f"[]float64{{{self.real()}, {self.real()}}}",
            lambda: f"[]bool{{true, {n} > 3}}",
            lambda: f"[2]bool{{{n} > 3}}",
        ]
        return self.random.choice(options)()

    def scalar(self) -> str:
        roll = self.random.randrange(100)
        if roll < 45:
            kind = self.random.choice(list(INTEGERS))
            return f"{kind}({self.integer(kind)})"
        if roll < 62:
            return self.float_value(self.pick(*FLOATS))
        if roll < 80:
            return f"{self.pick('string', 'Text', 'string')}({self.pick(*TEXTS)})"
        if roll < 88:
            return self.pick("true", "false", "Flag(true)", "Flag(false)")
        if roll < 94:
            return self.pick(
                "complex(1.5, -2)", "complex64(complex(0, 1))", "complex(math.Inf(1), math.NaN())", "-3i"
            )
        return self.pick(
            "'x'", "'é'", "rune(0x10ffff)", "rune(-1)", "byte(200)", "rune(0xd800)", "'\\n'", "'\\x00'"
        )

    def float_value(self, kind: str) -> str:
        number = self.real()
        if kind == "float32" and number in ("1e100", "5e-324"):
            number = "0.1"
        return f"{kind}({number})"

    def verb(self) -> str:
        flags = "".join(flag for flag in "+-# 0" if self.chance(13))
        width = str(self.random.choice([0, 1, 5, 12, 20])) if self.chance(25) else ""
        width = "" if width == "0" else width
        precision = self.pick("", "", "", "", ".0", ".2", ".", ".7")
        return f"%{flags}{width}{precision}{self.random.choice(VERBS)}"

    # --- statements ---

    def statement(self) -> list[str]:
        kinds = (
            *(self.printf,) * 6,
            *(self.println,) * 2,
            *(self.convert,) * 4,
            *(self.arithmetic,) * 3,
            *(self.compare,) * 3,
            self.keys,
            *(self.constants,) * 2,
            *(self.strings,) * 2,
            *(self.generic,) * 2,
            self.switch,
            *(self.embedded,) * 2,
            self.nans,
            self.maxima,
        )
        return self.random.choice(kinds)()

    def printf(self) -> list[str]:
        count = self.random.randint(1, 3)
        verbs = "|".join(self.verb() for _ in range(count))
        if self.chance(6):
            verbs += self.pick("%d", "%[1]v", "%[2]*[1]d", "%!", "%", "%z", "%[5]d", "%*d", "%.*f", "%%")
        if self.chance(5):
            count += self.random.choice([-1, 1])
        values = "".join(f", {self.value()}" for _ in range(count))
        # A format that vet rejects is still valid Go.
        return [f'fmt.Printf("{verbs}\\n"{values})']

    def println(self) -> list[str]:
        values = [self.value() for _ in range(self.random.randint(1, 3))]
        return [
            self.pick(
                f"fmt.Println({', '.join(values)})",
                f"fmt.Println(fmt.Sprint({', '.join(values)}))",
                f'fmt.Print({", ".join(values)}, "\\n")',
                f'fmt.Println(fmt.Errorf("wrap %v: %w", {values[0]}, Err{{3}}), errors.Join(errBase, Err{{2}}))',
            )
        ]

    def convert(self) -> list[str]:
        name = self.fresh("v")
        if self.chance(65):
            kind = self.random.choice(list(INTEGERS))
            value = str(self.integer(kind))
            targets = [*INTEGERS, *FLOATS]
        else:
            kind = self.pick("float64", "float32")
            value = self.pick(
                "0.5", "-0.5", "1e9", "-1e9", "3.99", "-3.99", "2147483648.5", "1e18", "255.9", "16777217"
            )
            targets = ["int", "int64", "float32", "float64", "Plain", "Real"]
            if not value.startswith("-"):
                targets += ["uint", "uint64"]
            if float(value) < 128 and float(value) > -128:
                targets += ["int8", "int16", "int32"]
        chosen = self.random.sample(targets, 3)
        chain = f"{self.pick('int8', 'uint16', 'int32', 'float32')}({self.pick('uint8', 'int16', 'uint32')}({name}))"
        if kind.startswith("float") and not (0 <= float(value) < 128):
            chain = f"float32({name})"
        printed = ", ".join([f"{target}({name})" for target in chosen] + [chain])
        return [f"var {name} {kind} = {value}", f"fmt.Println({printed})"]

    def arithmetic(self) -> list[str]:
        kind = self.random.choice(list(INTEGERS))
        x, y, s = self.fresh("x"), self.fresh("y"), self.fresh("s")
        shift = self.random.choice([0, 1, 7, 8, 15, 31, 32, 63, 64, 65, 200])
        counted = self.pick("uint8", "int", "uint64", "int8") if shift < 128 else "uint8"
        lines = [
            f"var {x}, {y} {kind} = {self.integer(kind)}, {self.integer(kind)}",
            f"var {s} {counted} = {shift}",
            f"_ = {s}",
        ]
        operators = self.random.sample(["+", "-", "*", "&", "|", "^", "&^", "/", "%"], 4)
        results = [f"{x} {op} {y}" for op in operators]
        results += [f"{x} << {s}", f"{y} >> {s}", f"-{x}", f"^{y}", f"{x} < {y}", f"{kind}(1) << {s}"]
        updated = self.pick("+=", "-=", "*=", "<<=", ">>=", "/=", "%=", "&^=", "^=")
        other = s if "<<" in updated or ">>" in updated else y
        return [
            *lines,
            f"try(func() {{ fmt.Println({', '.join(self.random.sample(results, 5))}) }})",
            f"try(func() {{ {x} {updated} {other}; {y}++; fmt.Println({x}, {y}) }})",
        ]

    def compare(self) -> list[str]:
        x, y = self.value(1), self.value(1)
        if self.chance(40):
            y = x
        return [
            self.pick(
                f"try(func() {{ fmt.Println(any({x}) == any({y}), any({x}) != nil) }})",
                f"try(func() {{ fmt.Println([2]any{{{x}, 1}} == [2]any{{{y}, 1}}) }})",
                f"try(func() {{ fmt.Println(struct{{ a any; b int }}{{{x}, 1}} == struct{{ a any; b int }}{{{y}, 2}}) }})",
                f'try(func() {{ m := map[any]string{{}}; m[{x}] = "x"; m[{y}] += "y"; fmt.Println(len(m)) }})',
                f"try(func() {{ var e any = {x}; _, ok := e.(fmt.Stringer); _, ok2 := e.(error); fmt.Println(ok, ok2) }})",
            )
        ]

    def keys(self) -> list[str]:
        name = self.fresh("m")
        return [
            f"{name} := map[any]int{{}}",
            f'for n, k := range []any{{{", ".join(self.scalar() for _ in range(4))}, 1, int8(1), 1.0, true, "1"}} {{',
            f"{name}[k] += n + 1",
            "}",
            f"fmt.Println(len({name}), {name}[1], {name}[int8(1)], {name}[1.0], {name}[true], {name}[math.NaN()])",
        ]

    def constants(self) -> list[str]:
        big = self.pick(
            "1 << 100", "1e30", "(1<<63 - 1) * 4", "-1 << 70", "1 << 64 - 1", "'a' << 40", "1e3", "0x1p70"
        )
        kind = self.pick("int", "int64", "uint8", "float64", "float32", "int32")
        small = f"{self.random.randrange(1, 100)}"
        name = self.fresh("c")
        return [
            f"const {name} = {big}",
            self.pick(
                f"fmt.Println({name} / ({name} / 3 + 1), {name} > 5, float64({name}))",
                f"fmt.Println(float64({name}) / 3, {name} == {name} + 1)",
                f"fmt.Println(float32({name}), {name} * 0.5)"
                if "." in big or "e" in big
                else f"fmt.Println({name} / {name})",
            ),
            self.pick(
                f"fmt.Println({small} / 7, {small} / 7.0, {small} % 7, 7 / 2 * 2.0, 1 / 3.0, 'a' + {small}, 2.0 * {small})",
                f"fmt.Println({kind}({small}) / 3, {kind}(7) + 'a' - 'a', -{small} / 7, 5.0 == 5)",
                f"const u{name} {kind} = {small}; fmt.Println(u{name} / 2, u{name} * 1, len([{small}]int{{}}))",
                f'fmt.Println(len("héllo") * {small}, 1 << 3.0, {small} << 2 >> 1, "a" + "b" < "ab", ^{small}, -5 >> 1)',
                f"fmt.Printf(\"%T %T %T %T\\n\", 'a' * 1, 1 / 2., 2i * 2, {small} << 1)",
                f"fmt.Println(math.MaxInt64, uint64(math.MaxUint64), math.MinInt64, math.SmallestNonzeroFloat64, math.Pi * {small})",
            ),
        ]

    def strings(self) -> list[str]:
        name = self.fresh("s")
        text, other = self.pick(*TEXTS), self.pick(*TEXTS)
        cut = self.random.randrange(3)
        return [
            f'{name} := {text} + {other} + "é€"',
            self.pick(
                f'for i, r := range {name}[{cut}:] {{\nfmt.Print(i, " ", r, " ", string(r), ";")\n}}\nfmt.Println()',
                f'for i := range {name} {{\nfmt.Print(i, " ", {name}[i], ";")\n}}\nfmt.Println()',
                f"fmt.Println([]byte({name}), []rune({name}), len({name}), string([]rune({name})) == {name})",
                f'fmt.Printf("%q %x %+q %v %s\\n", {name}[{cut}:], {name}[:len({name})-{cut}], {name}, {name}[{cut}], {name}[{cut}:4])',
                f'fmt.Println({name} < {other}, {name} == {text}+{other}+"é€", {name}[{cut}:] + {name}[:{cut}] == {name})',
                f"fmt.Println(string([]byte({name})[{cut}:]) + string({name}[{cut}]), string(rune({name}[{cut}])))",
                f"{{ b := []byte({name}); b[{cut}] = 'X'; c := append(b[:{cut}], \"yz\"...); fmt.Println({name}, string(b), string(c)) }}",
                f"{{ var sb strings.Builder; for _, r := range {name} {{ sb.WriteRune(r) }}; fmt.Println(sb.Len(), sb.String() == {name}) }}",
                f'{{ m := map[string]int{{{name}: 1, {name}[{cut}:]: 2}}; fmt.Println(len(m), m[{text}+{other}+"é€"]) }}',
                f'fmt.Println(strings.ToUpper({name}), strings.Fields({name}), strings.Contains({name}, "\\xff"), '
                f'strings.Count({name}, ""), strings.Map(func(r rune) rune {{ return r + 1 }}, {name}))',
            ),
        ]

    def generic(self) -> list[str]:
        kind = self.pick(
            "int", "int8", "uint8", "Plain", "Str", "float32", "float64", "Level", "uint64", "Real"
        )
        if kind in INTEGERS:
            values = [f"{kind}({self.integer(kind)})" for _ in range(3)]
        else:
            values = [f"{kind}({self.pick('0.1', '2.5', '-7', '1e9')})" for _ in range(3)]
        return [
            self.pick(
                f"fmt.Println(sum({', '.join(values)}), half({values[0]}))",
                f"try(func() {{ fmt.Println(kindOf({self.value()}), kindOf({values[0]})) }})",
                f"fmt.Println(twice({self.pick('1', 'Text(`a`)', 'Plain(3)', 'Str(4)', '2.5', 'Real(1)', '`x`')}))",
                f"try(func() {{ fmt.Println(same[any]({self.value(1)}, {self.value(1)})) }})",
                f"fmt.Println(same({values[0]}, {values[1]}), Box[{kind}]{{{values[2]}}} == Box[{kind}]{{{values[1]}}})",
                f"{{ b := Box[{kind}]{{{values[0]}}}; c := b; fmt.Println(b.set({values[1]}), c, b.V) }}",
                f'fmt.Printf("%T %T %v\\n", Box[{kind}]{{}}, Box[Box[{kind}]]{{}}, Box[*{kind}]{{}})',
                f"fmt.Println(kindOf([]{kind}{{}}), kindOf(Box[int]{{3}}), kindOf[any](nil), kindOf[error](nil))",
            )
        ]

    def switch(self) -> list[str]:
        kinds = self.random.sample(
            [
                *INTEGERS,
                "string",
                "Text",
                "[]int",
                "Ints",
                "error",
                "fmt.Stringer",
                "Pair",
                "*Pair",
                "func()",
                "Box[int]",
                "Box[any]",
                "map[string]int",
                "struct{}",
                "[3]byte",
                "bool",
                "Flag",
                "*PtrErr",
                "PtrErr",
            ],
            5,
        )
        lines = [
            f"for _, v := range []any{{{', '.join(self.value(1) for _ in range(4))}}} {{",
            "switch v := v.(type) {",
        ]
        lines += [f"case {kinds[0]}, {kinds[1]}:", 'fmt.Printf("one of two %T\\n", v)']
        for kind in kinds[2:]:
            lines += [f"case {kind}:", f'fmt.Printf("{kind}: %T\\n", v)']
        if self.chance(50):
            lines += ["case nil:", 'fmt.Println("nil", v == nil)']
        return [*lines, "default:", 'fmt.Printf("other %T\\n", v)', "}", "}"]

    def embedded(self) -> list[str]:
        """Return the use of a chain of embedded structs with methods on some, and fields that hide others."""
        prefix = self.fresh(f"{self.name}_E")
        names = [f"{prefix}{letter}" for letter in "ABC"]
        methods: set[str] = set()
        for number in (2, 1, 0):
            name = names[number]
            fields = [f"n{number} int"]
            if self.chance(50):
                fields.append("hidden string")
            if number < 2:
                star = self.pick("", "", "*")
                fields.insert(self.random.randrange(2), f"{star}{names[number + 1]}")
            self.top.append(f"type {name} struct {{\n" + "\n".join(fields) + "\n}")
            for method in ("First", "Second", "String"):
                if (number == 2 and method == "First") or self.chance(35):
                    star = self.pick("", "*")
                    inside = f'x.n{number}++; return fmt.Sprint("{name[-1]}.{method} ", x.n{number})'
                    self.top.append(f"func (x {star}{name}) {method}() string {{ {inside} }}")
                    methods.add(method)
        made = [
            f"{(v := self.fresh('e'))} := {names[0]}{{}}",
            *self.made(v, names),
        ]
        lines = made
        for method in sorted(methods):
            lines.append(
                self.pick(
                    f"fmt.Println({v}.{method}(), {v}.{method}())",
                    f"{(f := self.fresh('f'))} := {v}.{method}\n{v}.n0 += 10\n{v}.n2 += 10\nfmt.Println({f}(), {f}())",
                    f"fmt.Println((&{v}).{method}(), (*{names[0]}).{method}(&{v}))",
                    f"fmt.Println(interface{{ {method}() string }}(&{v}).{method}(), {v}.n0, {v}.n2)",
                    f"fmt.Println({v}.{names[1]}.{names[2]}.n2, {v}.n2, {v}.n1)",
                    f"{(w := self.fresh('w'))} := {v}\n{w}.n2 = 77\n{w}.n0 = 66\nfmt.Println({v}.n2, {w}.n2, {v}.n0)",
                    f"_, ok{(w := self.fresh('w'))} := any({v}).(fmt.Stringer)\n_, p{w} := any(&{v}).(fmt.Stringer)\n"
                    f"fmt.Println(ok{w}, p{w})",
                )
            )
        lines.append(f"fmt.Println({v}.n0, {v}.n1, {v}.n2)")
        return lines

    def made(self, v: str, names: list[str]) -> list[str]:
        """Return statements that fill the embedded pointers."""
        lines = []
        text = "\n".join(self.top)
        if f"*{names[1]}\n" in text.split(f"type {names[0]} struct")[1].split("}")[0] + "\n":
            lines.append(f"{v}.{names[1]} = &{names[1]}{{}}")
        if f"*{names[2]}\n" in text.split(f"type {names[1]} struct")[1].split("}")[0] + "\n":
            lines.append(f"{v}.{names[2]} = &{names[2]}{{n2: 5}}")
        return lines

    def nans(self) -> list[str]:
        x = self.fresh("x")
        return [
            f"{x} := {self.float_value('float64')}",
            self.pick(
                f"fmt.Println({x} == {x}, {x} < 1, -{x}, {x} * 0, 1 / {x}, math.Signbit({x}), {x} != {x})",
                f"fmt.Println([2]float64{{{x}}} == [2]float64{{{x}}}, any({x}) == any({x}), min({x}, 1), max({x}, -0.0))",
                f"{{ m := map[float64]int{{{x}: 1}}; m[{x}]++; m[-0.0]++; m[0]++; delete(m, {x}); fmt.Println(len(m)); clear(m); fmt.Println(len(m)) }}",
                f"fmt.Println(float32({x}), complex({x}, 1), math.Float64bits(float64(float32({x}))) == 0)",
            ),
        ]

    def maxima(self) -> list[str]:
        return [
            self.pick(
                f'fmt.Println(min({self.integer("int8")}, 3, 2.5), max(\'a\', {self.integer("int8")}), min("b", "a"))',
                f"{{ xs := []int{{1, 2, 3, 4, 5}}; fmt.Println(copy(xs[{self.random.randrange(3)}:], xs), xs); clear(xs[:2]); fmt.Println(xs) }}",
                '{ xs := [5]int{1, 2, 3, 4, 5}; p := &xs; for i, x := range p { p[4-i] = x; fmt.Print(x, " ") }; fmt.Println(xs, len(p), p[1:3]) }',
                '{ xs := [5]int{1, 2, 3, 4, 5}; for i, x := range xs { xs[4-i] = x; fmt.Print(x, " ") }; fmt.Println(xs) }',
                '{ xs := []int{1, 2, 3}; for i, x := range xs { if i < 2 { xs = append(xs, x*10) }; xs[2] = 9; fmt.Print(x, " ") }; fmt.Println(xs) }',
                "{ m := map[int]bool{1: true, 2: true}; for k := range m { delete(m, 1); delete(m, 2); fmt.Println(k > 0) }; fmt.Println(len(m)) }",
                f"{{ xs := make([]int, 2, 5); ys := append(xs, {self.random.randrange(9)}); zs := append(xs, 8); fmt.Println(xs, ys, zs, cap(ys[1:2:3])) }}",
                '{ xs := [...]string{2: "c", 0: "a"}; ys := xs[:]; ys[1] = "b"; fmt.Println(len(xs), xs, cap(ys[1:2])) }',
            )
        ]
