"""Random Go programs about values and places: what shares memory with what, and what is a copy.

Structs and arrays in variables, slices, maps, channels, interfaces and closures are assigned, changed,
overwritten, moved and pointed to, and printed again and again.  A program has types of its own, and only some
kinds of statements: a port copies fewer values of a type that is never changed in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from seeded import Seeded

HEADER = """package main

import (
	"fmt"
	"iter"
	"slices"
	"sort"
)

var _ = slices.Index[[]int]
var _ = sort.Ints

func items[T any](xs []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, x := range xs {
			if !yield(i, x) {
				return
			}
		}
	}
}

func second[T any](xs []T) T { return xs[1] }

func same[T any](x T) T { return x }

func put[T any](xs []T, i int, x T) T {
	old := xs[i]
	xs[i] = x
	return old
}

func swapped[T any](a, b T) (T, T) { return b, a }

func firsts[T any](xs ...T) []T { return xs[:2] }
"""

SLICES = ["s", "t"]
VALUES = ["a", "b", "c"]


class Program(Seeded):
    """One program."""

    header = HEADER

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(seed, name)
        kinds = self.random.sample(list(KINDS), self.random.randint(3, 8))
        self.changes = self.random.random() < 0.5
        body: list[str] = []
        for _ in range(self.random.randint(6, 14)):
            lines = KINDS[self.random.choice(kinds)](self)
            if not self.changes and any(map(CHANGE.search, lines)):
                continue
            body += lines
            if self.random.random() < 0.4:
                body.append(self.show())
        inner = self.random.choice(
            ["struct{ x, y int }", "struct {\nx int\ny [2]int\n}", "struct {\nx int\nz []int\n}"]
        )
        kind = f"{name}_V"
        embedded = self.random.choice(
            [f"{name}_In", f"in {name}_In", "n int\nin " + f"{name}_In", f"{name}_In\nk [2]{name}_In"]
        )
        self.inner = "in" if "in " in embedded else f"{name}_In"
        text = (
            "\n".join(body)
            .replace(".IN", f".{self.inner}")
            .replace("VAL", kind)
            .replace("INNER", f"{name}_In")
        )
        made = [self.made() for _ in range(7)]
        made = [m.replace(".IN", f".{self.inner}").replace("VAL", kind) for m in made]
        self.text = f"""type {name}_In {inner}
type {kind} struct {{
	id int
	{embedded}
}}

func {name}_make(n int) {kind} {{
	return {kind}{{id: n}}
}}
func (v {kind}) copied() {kind} {{ return v }}
func (v {kind}) get() int {{ return v.id }}
func {name}_first(s []{kind}) {kind} {{ return s[0] }}

func {name}() {{
	s := []{kind}{{{made[0]}, {made[1]}, {made[2]}}}
	t := make([]{kind}, 2, 6)
	arr := [3]{kind}{{{made[3]}}}
	grid := [2][2]{kind}{{1: {{{made[4]}}}}}
	m := map[string]{kind}{{"k": {made[5]}}}
	ch := make(chan {kind}, 8)
	a, b := {made[6]}, s[0]
	var c {kind}
	var boxed any = a
	var fn func() {kind} = a.copied
	p, q := &{kind}{{}}, &s[2]
	_, _, _, _, _, _, _, _, _ = arr, grid, m, ch, b, boxed, fn, p, q
	{text}
	{self.show()}
}}
"""

    def made(self) -> str:
        self.counter += 1
        return f"{self.name}_make({self.counter})"

    def index(self, name: str) -> str:
        return self.pick("0", "1", f"len({name})-1")

    def slice_(self) -> str:
        return self.pick(*SLICES)

    def place(self) -> str:
        """Return something of the program's type that can be assigned to."""
        s = self.slice_()
        i = self.pick("0", "1")
        pointed = ["*p", "*q"] if self.changes else []
        return self.pick(
            *VALUES, f"{s}[{self.index(s)}]", f"{s}[{i}]", "arr[1]", "grid[1][0]", 'm["k"]', *pointed
        )

    def addressable(self) -> str:
        s = self.slice_()
        return self.pick(*VALUES, f"{s}[{self.pick('0', '1')}]", "arr[1]", "grid[1][0]", "arr[2]")

    def value(self) -> str:
        """Return a value of the program's type."""
        return self.pick(
            self.place(),
            self.place(),
            self.made(),
            f"same({self.place()})",
            f"second({self.slice_()})",
            f"{self.name}_first({self.slice_()})",
            f"{self.addressable()}.copied()",
            "fn()",
            "boxed.(VAL)",
            f"put({self.slice_()}, {self.pick('0', '1')}, {self.place()})",
        )

    def show(self) -> str:
        self.counter += 1
        return f"fmt.Println({self.counter}, s, t, arr, grid, m, len(ch), a, b, c, boxed, *p, *q, fn())"

    # --- statements ---

    def read(self) -> list[str]:
        return [f"{self.pick(*VALUES)} = {self.value()}"]

    def assign(self) -> list[str]:
        return [f"{self.place()} = {self.value()}"]

    def swap(self) -> list[str]:
        x, y = self.place(), self.place()
        return [self.pick(f"{x}, {y} = {y}, {x}", f"{x}, {y} = swapped({x}, {y})")]

    def point(self) -> list[str]:
        element = f"{self.slice_()}[{self.pick('0', '1')}]"
        # An assignment to a variable with a pointer to it changes the struct.
        return [f"{self.pick('p', 'q')} = &{self.addressable() if self.changes else element}"]

    def change(self) -> list[str]:
        x = self.pick(self.addressable(), "p", "q")
        return [self.pick(f"{x}.id++", f"{x}.IN.x += 10", f"{x}.IN = {self.addressable()}.IN")]

    def overwrite(self) -> list[str]:
        s, o = self.slice_(), self.slice_()
        return [self.pick(f"copy({s}, {s}[1:])", f"copy({s}[1:], {s})", f"copy({s}, {o})", f"clear({s}[:1])")]

    def delete(self) -> list[str]:
        s = self.slice_()
        cut = self.pick(
            f"{s} = append({s}[:1], {s}[2:]...)",
            f"{s} = {s}[1:]",
            f"{s} = {s}[:len({s})-1]",
            f"{s} = slices.Delete({s}, 0, 1)",
        )
        return [f"if len({s}) > 2 {{", cut, "}"]

    def insert(self) -> list[str]:
        s = self.slice_()
        grown = self.pick(
            f"{s} = append({s}, {self.value()})",
            f"{s} = append({s}, {self.value()}, {self.value()})",
            f"{s} = append({s}[:1], append([]VAL{{{self.value()}}}, {s}[1:]...)...)",
            f"{s} = slices.Insert({s}, 1, {self.value()})",
            f"{s} = append({s}[:1], {self.value()})",
        )
        return [
            f"if len({s}) < 7 {{",
            grown,
            "}",
            f"if len({s}) < 2 {{",
            f"{s} = append({s}, {self.made()})",
            "}",
        ]

    def alias(self) -> list[str]:
        s, o = ("s", "t") if self.random.random() < 0.5 else ("t", "s")
        return [
            self.pick(
                f"{s} = {o}",
                f"{s} = append([]VAL(nil), {o}...)",
                f"{s} = slices.Clone({o})",
                f"{s} = firsts({o}...)",
            )
        ]

    def keep(self) -> list[str]:
        s = self.slice_()
        keep = [
            f"for _, v := range {s} {{",
            f"if v.id%{self.pick('2', '3')} != 0 {{",
            "kept = append(kept, v)",
            "}",
            "}",
        ]
        return ["{", f"kept := {s}[:0]", *keep, "fmt.Println(kept, a, b)", "}"]

    def order(self) -> list[str]:
        s = self.slice_()
        return [
            self.pick(
                f"sort.Slice({s}, func(i, j int) bool {{ return {s}[i].id > {s}[j].id }})",
                f"slices.Reverse({s})",
                f"slices.SortStableFunc({s}, func(x, y VAL) int {{ return x.id - y.id }})",
            )
        ]

    def loop(self) -> list[str]:
        s = self.pick("s", "t", "arr", "grid[1]", "items(s)")
        body = self.pick(
            f"{self.pick(*VALUES)} = v",
            "v.id += 100\n_ = v",
            "m[fmt.Sprint(i)] = v\nif i == 1 {\nbreak\n}",
            "boxed = v",
            "t[i%2] = v",
        )
        return [f"for i, v := range {s} {{", "_, _ = i, v", body, "}"]

    def labelled(self) -> list[str]:
        self.counter += 1
        label = f"loop{self.counter}"
        return [
            f"{label}:",
            "for i, row := range grid {",
            "for j, v := range row {",
            f"if v.id%2 == {self.pick('0', '1')} {{",
            self.pick(f"continue {label}", f"break {label}"),
            "}",
            f"grid[j][i] = {self.pick('v', self.value())}",
            "}",
            "}",
        ]

    def maps(self) -> list[str]:
        return [
            self.pick(
                f'm["k"] = {self.value()}',
                f'{self.pick(*VALUES)} = m["k"]',
                f'm["j"], m["k"] = m["k"], {self.value()}',
                'for _, v := range m {\nif v.id > 0 {\nc = m["k"]\n}\n}',
                'delete(m, "j")',
            )
        ]

    def channel(self) -> list[str]:
        sent = self.pick(*VALUES)
        return [
            "if len(ch) < 7 {",
            f"ch <- {sent}",
            "}",
            self.pick("", f"{self.place()} = <-ch"),
            f"ch <- {self.place()}",
        ][:4]

    def interface(self) -> list[str]:
        return [
            self.pick(
                f"boxed = {self.value()}",
                f"{self.place()} = boxed.(VAL)",
                f"switch v := boxed.(type) {{\ncase VAL:\nv.id++\n{self.pick(*VALUES)} = v\n}}",
                f"if v, ok := boxed.(VAL); ok {{\n{self.pick(*VALUES)} = v\n}}",
                f"fmt.Println(boxed == any({self.name}_make(1)).(VAL).get(), boxed.(VAL).id)",
            )
        ]

    def closure(self) -> list[str]:
        x, y = self.pick(*VALUES), self.value()
        return [
            self.pick(
                f"func() {{ {x} = {y} }}()",
                f"fn = func() VAL {{ return {x} }}",
                f"fn = {self.addressable()}.copied",
                f"func(v VAL) {{\nv.id = -1\n}}({x})",
                f"func() {{\nfor i := range 2 {{\nold := {x}\n"
                f"defer func() {{ {x} = old\nfmt.Println(i, old) }}()\n}}\n{x} = {y}\n}}()",
            )
        ]

    def arrays(self) -> list[str]:
        return [
            "{",
            self.pick(
                "row := grid[1]\ngrid[1][0] = arr[1]\nfmt.Println(row)",
                "old := arr\narr[1] = s[0]\nfmt.Println(old)",
                "grid[0] = grid[1]\ngrid[1][1] = s[1]",
                "grid[0], grid[1] = grid[1], grid[0]",
                "pa := &arr\npa[0] = s[0]\nother := *pa\npa[0].id++\nfmt.Println(other)",
                "part := arr[1:]\npart[0] = s[0]\npart = append(part, s[1])\npart[1] = b\nfmt.Println(part)",
            ),
            "}",
        ]


KINDS: dict[str, Callable[[Program], list[str]]] = {
    name: getattr(Program, name)
    for name in (
        *(
            "read",
            "assign",
            "swap",
            "point",
            "change",
            "overwrite",
            "delete",
            "insert",
            "alias",
            "keep",
            "order",
        ),
        *("loop", "labelled", "maps", "channel", "interface", "closure", "arrays"),
    )
}
# What changes a struct in place.
CHANGE = re.compile(r"\.(id|x|IN)(\+\+| \+= | = )")
