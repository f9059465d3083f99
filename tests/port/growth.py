"""Random Go programs about integers that grow: in loops, fields, elements and functions, until they wrap around.

A port leaves out the wrapping where an integer provably stays within its type.  Here, values of all widths grow
by conditions, through parameters, results, maps, channels and closures.
"""

from __future__ import annotations

from seeded import WIDTHS, Seeded

HEADER = """package main

import "fmt"
"""

KINDS = ("int", "int", "int", *WIDTHS)


class Program(Seeded):
    """One program."""

    header = HEADER

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(seed, name)
        self.depth = 0
        self.kind = self.random.choice(KINDS)
        self.other = self.random.choice(KINDS)
        self.named = self.chance(20)
        self.variables: list[str] = []  # of the type of the program, which can be assigned to
        self.fixed: list[str] = []  # likewise, but counters of loops
        kind = f"{name}_N" if self.named else self.kind
        top = [f"type {name}_N {self.kind}"] if self.named else []
        self.of = kind
        top += [f"type {name}_S struct {{", f"a, b {kind}", f"list []{kind}", f"arr [4]{kind}", "n int", "}"]
        self.functions: list[str] = []
        for number in range(self.random.randint(1, 3)):
            top += self.function(number)
        top += self.method()
        self.variables, self.fixed = ["x", "y", "s.a", "s.b", "s.arr[1]", "list[0]", "list[i]", 'm["k"]'], []
        lines = [
            f"var x, y {kind} = {self.literal()}, {self.literal()}",
            f"s := {name}_S{{a: {self.literal()}}}",
        ]
        lines += [f"list := []{kind}{{{', '.join(self.literal() for _ in range(3))}}}", "i := 1"]
        lines += [f'm := map[string]{kind}{{"k": {self.literal()}}}', f"ch := make(chan {kind}, 4)"]
        lines += [f"grow := func(n {kind}) {kind} {{", f"x {self.update()}", "return x - n", "}"]
        self.functions.append("grow")
        lines += [line for _ in range(self.random.randint(3, 6)) for line in self.statement()]
        lines += ["fmt.Println(x, y, s, list, i, m, len(ch))", "fmt.Println(grow(1))"]
        self.text = "\n".join([*top, f"func {name}() {{", *lines, "}", ""])

    def literal(self) -> str:
        bits, signed = WIDTHS[self.kind]
        high = 2**bits - 1
        options = [0, 1, 2, 3, 5, 7, 10, 31, 100, high, high - 1, high // 2, self.random.randint(0, high)]
        if signed:
            options += [-1, -3, -high - 1, -self.random.randint(0, high)]
        value = self.random.choice(options)
        return str(value if value <= high else value % (high + 1))

    def small(self) -> str:
        return str(self.random.choice([1, 1, 2, 3, 7, 10, 31, 100]))

    def value(self, depth: int = 2) -> str:
        """Return an expression of the program's type that is not constant."""
        roll = self.random.randrange(100)
        known = [*self.variables, *self.fixed]
        x = self.random.choice(known)
        if depth <= 0 or roll < 25:
            return x
        left, right = self.value(depth - 1), self.value(depth - 1)
        if roll < 62:
            return f"({left} {self.pick('+', '-', '*', '+', '*')} {self.pick(right, self.small(), self.small())})"
        if roll < 70:
            return f"({left} {self.pick('&', '|', '^', '&^')} {self.pick(right, self.small())})"
        if roll < 76:
            return f"({left} {self.pick('<<', '>>')} {self.random.choice([1, 2, 3, 5, 8, 31])})"
        if roll < 80:
            return f"({left} {self.pick('/', '%')} {self.small()})"
        if roll < 84:
            return f"-{x}" if self.chance(70) else f"^{x}"
        if roll < 92:
            return f"{self.of}({self.other}({left}))"
        if roll < 95:
            return self.pick(
                f"min({left}, {right})", f"max({left}, {self.small()})", f"{self.of}(len(fmt.Sprint({x})))"
            )
        if self.functions and depth > 1:
            return f"{self.random.choice(self.functions)}({left})"
        return left

    def condition(self) -> str:
        sign = self.pick("<", ">", "<=", ">=", "==", "!=")
        one = f"{self.value(1)} {sign} {self.pick(self.small(), self.value(1))}"
        return (
            one if self.chance(70) else f"{one} {self.pick('&&', '||')} {self.value(1)} {sign} {self.small()}"
        )

    def update(self) -> str:
        """Return what follows a variable to change it."""
        return self.pick(
            f"+= {self.small()}",
            f"-= {self.small()}",
            f"*= {self.small()}",
            "++",
            "--",
            "<<= 1",
            ">>= 1",
            "+= 100",
            f"+= {self.literal()}",
            f"*= {self.literal()}",
        )

    def function(self, number: int) -> list[str]:
        """Return a function with a parameter, which may call itself."""
        name = f"{self.name}_f{number}"
        kind = self.of
        self.variables, self.fixed = ["n", "r"], []
        lines = [f"func {name}(n {kind}) (r {kind}) {{"]
        roll = self.random.randrange(4)
        if roll == 0:
            lines += [
                f"for n > 0 && n < {self.random.choice([5, 20, 60])} {{",
                f"r {self.update()}",
                "n++",
                "}",
            ]
        elif roll == 1:
            lines += [f"r = {self.value()}", f"for k := 0; k < {self.random.choice([3, 9, 40, 70])}; k++ {{"]
            lines += [f"r = {self.value()}", f"if {self.condition()} {{", f"r {self.update()}", "}", "}"]
        elif roll == 2:
            lines += [f"if n > {self.random.choice([1, 3, 12])} {{", f"return {self.value(1)}", "}"]
            lines += [
                "if n > 0 && n <= 20 {",
                f"return n * {name}(n-1) + {self.small()}",
                "}",
                f"r = {self.value()}",
            ]
        else:
            lines += [f"r = {self.value()}", f"if {self.condition()} {{", f"return {self.value()}", "}"]
        lines += ["return r", "}"]
        self.functions.append(name)
        return lines

    def method(self) -> list[str]:
        self.variables, self.fixed = ["s.a", "s.b", "s.arr[2]", "n"], []
        lines = [f"func (s *{self.name}_S) step(n {self.of}) {self.of} {{", f"s.a {self.update()}", "s.n++"]
        return [
            *lines,
            f"s.b = {self.value()}",
            f"s.list = append(s.list, {self.value()})",
            "return s.a + s.b",
            "}",
        ]

    def statement(self) -> list[str]:
        if self.depth >= 3:
            return self.simple()
        kinds = (
            self.simple,
            self.simple,
            self.loop,
            self.loop,
            self.loop,
            self.branch,
            self.move,
            self.collect,
        )
        return self.random.choice(kinds)()

    def simple(self) -> list[str]:
        x = self.random.choice(self.variables)
        return [
            self.pick(
                f"{x} = {self.value()}",
                f"{x} {self.update()}",
                f"{x} += {self.value()}",
                f"x += s.step({self.value(1)})",
            )
        ]

    def block(self, count: int) -> list[str]:
        self.depth += 1
        lines = [line for _ in range(count) for line in self.statement()]
        self.depth -= 1
        return lines

    def loop(self) -> list[str]:
        """Return a loop that ends, whatever happens in its body."""
        name = self.fresh("c")
        bits, signed = WIDTHS[self.kind]
        top = self.random.choice([3, 9, 20] if self.depth else [3, 9, 33, 70])
        limit = min(top, 2**bits - 10)
        step = self.random.randint(1, 4)
        fixed = list(self.fixed)
        head = self.pick(
            f"for {name} := {self.of}(0); {name} < {limit}; {name}++ {{",
            f"for {name} := {self.of}({limit}); {name} > 0; {name}-- {{",
            f"for {name} := {self.of}(1); {name} < {limit}; {name} += {step} {{",
            f"for {name} := {self.of}(1); {name} <= {min(limit, 33)}; {name} *= 2 {{",
            f"for {name} := range {self.of}({limit}) {{",
            f"for _, {name} := range list {{",
            f"for {name} := {self.of}(0); {name} < {self.of}(len(list)); {name}++ {{",
        )
        if signed and self.chance(20):
            head = f"for {name} := {self.of}(-{limit}); {name} <= {limit}; {name} += {step} {{"
        self.fixed.append(name)
        body = self.block(self.random.randint(1, 3))
        self.fixed = fixed
        if self.chance(20):
            body += [f"if {self.condition()} {{", self.pick("break", "continue"), "}"]
        return [head, f"_ = {name}", *body, "}"]

    def branch(self) -> list[str]:
        return [f"if {self.condition()} {{", *self.block(1), "} else {", *self.simple(), "}"]

    def move(self) -> list[str]:
        """Return statements that move a value through a channel, a closure, a map or a slice."""
        x, y = self.random.choice(self.variables), self.random.choice(self.variables)
        return self.random.choice(
            [
                [
                    "if len(ch) < 3 {",
                    f"ch <- {self.value()}",
                    "}",
                    "if len(ch) > 0 {",
                    f"{x} = <-ch + {y}",
                    "}",
                ],
                [f"func(n {self.of}) {{ {x} = n * {self.small()} }}({self.value()})"],
                [f"{x}, {y} = {self.value()}, {self.value()}"],
                ["if len(list) < 20 {", f"list = append(list, {self.value()})", "}"],
                [f'm["j"] += {self.value()}'],
                [f"s.arr[i] = {self.value()}", f"s.list = []{self.of}{{{self.value()}, {self.literal()}}}"],
                ["i = (i + 1) % len(list)"],
                [f"p{self.fresh('p')} := &x", f"*p{f'p{self.counter}'} {self.update()}"],
            ]
        )

    def collect(self) -> list[str]:
        """Return a loop that adds up, counts or searches."""
        name, total = self.fresh("e"), self.fresh("sum")
        kind = self.pick(self.of, self.of, self.other)
        convert = f"{kind}({name})"
        return [
            f"var {total} {kind}",
            self.pick(
                f"for _, {name} := range list {{",
                f"for _, {name} := range s.arr {{",
                f"for {name} := range {self.of}(9) {{",
            ),
            self.pick(
                f"{total} += {convert}",
                f"{total} = {total}*31 + {convert}",
                f"{total} ^= {convert} << 3",
                f"if {convert} > {total} {{\n{total} = {convert} + 1\n}}",
                f"{total}++",
                f"{total} -= {convert} * {convert}",
            ),
            f"_ = {name}",
            "}",
            f"x += {self.of}({total})",
            f"fmt.Println({total})",
        ]
