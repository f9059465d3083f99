"""Random Go programs about the flow of control: defers, panics, recover, Goexit, labels, gotos.

Functions have named results, which deferred functions change; panics are raised again or replaced; loops over
slices, integers, channels and functions are left by labels out of switches and selects.
"""

from __future__ import annotations

from seeded import Seeded

HEADER = """package main

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
)

type custom struct{ n int }

func (c *custom) Error() string { return fmt.Sprint("custom ", c.n) }

type named string

func count(name string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println(name, "ends")
		for i := range n {
			if !yield(i) {
				fmt.Println(name, "stops at", i)
				return
			}
		}
	}
}

func pairs(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range n {
			if !yield(i, fmt.Sprint("v", i)) {
				return
			}
		}
	}
}

func show(name string, r any) {
	switch r := r.(type) {
	case runtime.Error:
		fmt.Println(name, "runtime error:", r.Error())
	case error:
		fmt.Println(name, "error:", r)
	default:
		fmt.Printf("%s %T %v\\n", name, r, r)
	}
}

var errBase = errors.New("base")
var zero int
var none []int
var nothing map[string]int
var nowhere *custom
var anything any = "text"
var nobody error

func apart(f func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { show("apart", recover()) }()
		f()
		fmt.Println("returned")
	}()
	<-done
}
"""

# Runs a program, as that of `seeded` does, but shows the kind of a panic.
RUN = """
func run(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			show("panic", r)
		}
	}()
	fmt.Println("==", name)
	f()
}
"""

FAULTS = (
    'panic("text")',
    "panic(7)",
    "panic(errBase)",
    "panic(&custom{n})",
    'panic(named("name"))',
    'panic(fmt.Errorf("wrap: %w", errBase))',
    "panic(custom{n})",
    "panic(2.5)",
    "panic([2]int{n, 1})",
    "fmt.Println(n / zero)",
    "fmt.Println(n % zero)",
    "fmt.Println(none[n])",
    "fmt.Println(none[1:n])",
    "fmt.Println([]int{1, 2, 3}[n+3])",
    "fmt.Println([]int{1, 2, 3}[n+2 : n+1 : 3])",
    'fmt.Println("abc"[n+3:])',
    'nothing["a"] = n',
    "fmt.Println(nowhere.n)",
    "fmt.Println(anything.(int))",
    "fmt.Println(anything.(error))",
    "fmt.Println(nobody.Error())",
    "close((chan int)(nil))",
    "{ c := make(chan int); close(c); close(c) }",
    "{ c := make(chan int); close(c); c <- 1 }",
    "fmt.Println(make([]int, zero-1-n))",
    "fmt.Println(map[any]int{[]int{}: 1})",
    "fmt.Println(any([]int{}) == any([]int{}))",
    "var f func(); f()",
    "fmt.Println([]int{1, 2}[zero-1-n:])",
)


class Program(Seeded):
    """One program."""

    header = HEADER
    run = RUN

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(seed, name)
        self.budget = 16
        self.labels: list[tuple[str, bool]] = []  # the labels around, and whether they are those of loops
        self.loops = 0
        self.breakable = 0
        self.results = self.random.randrange(3)  # how many results the function has
        self.literal = False
        body = self.statements(self.random.randint(3, 6))
        signature = ("", " (x int)", " (x int, err error)")[self.results]
        lines = [f"func {name}_f(n int){signature} {{", *body, self.leave(), "}"]
        lines += [f"func {name}() {{"]
        call = f"{name}_f({self.random.randrange(3)})"
        lines.append("apart(func() {" if self.chance(40) else "func() {")
        lines.append(f"fmt.Println({call})" if self.results else call)
        lines.append("})" if lines[-2].startswith("apart") else "}()")
        lines.append("}")
        self.text = "\n".join(lines) + "\n"

    def say(self) -> str:
        self.counter += 1
        values = ["", ", n", ", n+1"] + [", x"] * (self.results > 0) + [", err"] * (self.results > 1)
        return f"fmt.Println({self.counter}{self.pick(*values)})"

    def leave(self) -> str:
        """Return a return statement."""
        if self.results == 0:
            return "return"
        if self.results == 1:
            return self.pick("return", "return n + 10", "return x + 1", "return x * 2")
        return self.pick(
            "return", "return n, errBase", "return x + 1, nil", "return x, err", "return n, &custom{x}"
        )

    def fault(self) -> str:
        return self.pick(*FAULTS)

    def statement(self) -> list[str]:
        kinds = [
            (self.plain, 20),
            (self.deferred, 22),
            (self.loop, 16),
            (self.switch, 8),
            (self.select, 5),
            (self.condition, 12),
            (self.inner, 8),
            (self.jump, 6),
        ]
        return self.random.choices(*zip(*kinds, strict=True))[0]()

    def plain(self) -> list[str]:
        some = [self.say()]
        if self.results and self.chance(50):
            some.append(self.pick("x += n + 1", "x = 5", "x++"))
        if self.results > 1 and self.chance(40):
            some.append(self.pick("err = errBase", "err = &custom{n}", "err = nil"))
        return some

    def deferred(self) -> list[str]:
        if self.chance(20):
            name = self.fresh("v")
            return [f"{name} := n", f'defer fmt.Println("deferred {name}", {name}, n)', f"{name} += 7; n++"]
        lines = ["defer func() {", self.say()]
        if self.chance(55):
            lines += self.random.choice(
                [
                    [
                        "if r := recover(); r != nil {",
                        f'show("caught{self.counter}", r)',
                        self.after_recover(),
                        "}",
                    ],
                    [f'show("recovered{self.counter}", recover())'],
                    [
                        "r := recover()",
                        "if e, ok := r.(error); ok {",
                        "fmt.Println(errors.Is(e, errBase))",
                        "}",
                    ],
                    ["recover()"],
                    ["func() { fmt.Println(recover()) }()"],
                ]
            )
        if self.results:
            lines += [self.pick("x += 100", "x *= 2", "", "x = n")]
        if self.results > 1:
            lines += [self.pick("", 'err = fmt.Errorf("deferred: %v", err)', "err = nil", "")]
        if self.chance(18):
            lines += [
                f"if {self.test()} {{",
                self.pick(self.fault(), 'panic("again")', "runtime.Goexit()"),
                "}",
            ]
        return [*lines, "}()"]

    def after_recover(self) -> str:
        options = ["", "", "panic(r)", 'panic(fmt.Sprint("more ", r))', "fmt.Println(recover())"]
        if self.results:
            options += ["x = -1", "x--"]
        if self.results > 1:
            options += ['err = fmt.Errorf("recovered: %v", r)', "err = errBase"]
        return self.pick(*options)

    def test(self) -> str:
        return self.pick("n > 0", "n == 0", "n < 2", "n%2 == 1", "n >= 0", "true", "n != 1")

    def loop(self) -> list[str]:
        """Return a loop of up to three iterations."""
        if self.loops >= 2:
            return self.plain()
        label = self.fresh("loop") if self.chance(60) else ""
        name = self.fresh("i")
        channel = self.fresh("c")
        before: list[str] = []
        head = self.pick(
            f"for {name} := range 3 {{",
            f"for {name} := 0; {name} < 3; {name}++ {{",
            f'for {name} := range count("{name}", 3) {{',
            f'for {name} := range count("{name}", 3) {{',
            f"for {name}, text := range pairs(3) {{",
            f"for _, {name} := range []int{{0, 1, 2}} {{",
            f"for {name} := range [3]int{{}} {{",
            f"for {name} := range {channel} {{",
            f'for {name} := range "abc" {{',
            f"for {name} := range map[int]int{{0: 1}} {{",
        )
        if channel in head:
            before = [f"{channel} := make(chan int, 3)", f"{channel} <- 0; {channel} <- 1; {channel} <- 2"]
            before.append(f"close({channel})")
        if label:
            self.labels.append((label, True))
        used, self.loops = self.loops, self.loops + 1
        around, self.breakable = self.breakable, 1
        first = [f"fmt.Println({name}{', text' if 'text' in head else ''})"]
        body = self.statements(self.random.randint(1, 4))
        self.loops, self.breakable = used, around
        if label:
            self.labels.pop()
            if not any(line.endswith((f"break {label}", f"continue {label}")) for line in body):
                body.insert(0, f"if {name} > 5 {{ {self.pick('break', 'continue')} {label} }}")
        # The body may change n, so that it ends whatever its conditions are.
        lines = [head, *first, f"n += {name} & 1", *body, "}"]
        return [*before, *([f"{label}:"] if label else []), *lines]

    def switch(self) -> list[str]:
        label = self.fresh("sw") if self.chance(35) else ""
        if label:
            self.labels.append((label, False))
        around, self.breakable = self.breakable, 1
        head = self.pick("switch n {", "switch {", "switch n % 3 {", "switch v := any(n).(type) {")
        lines = [head]
        kinds = ["int", "string", "error"] if "type" in head else ["0", "1", "2"]
        for number, kind in enumerate(kinds):
            lines.append(f"case {self.test()}:" if head == "switch {" else f"case {kind}:")
            if "type" in head:
                lines.append("fmt.Println(v)")
            body = self.statements(self.random.randint(1, 2))
            lines += body or [self.say()]
            if number < 2 and "type" not in head and self.chance(25):
                lines.append("fallthrough")
        lines += ["default:", *self.statements(1), "}"]
        self.breakable = around
        if label:
            self.labels.pop()
            if not any(line.endswith((f"break {label}", f"continue {label}")) for line in lines):
                lines.insert(len(lines) - 1, f"break {label}")
        return [*([f"{label}:"] if label else []), *lines]

    def select(self) -> list[str]:
        label = self.fresh("sel") if self.chance(35) else ""
        if label:
            self.labels.append((label, False))
        around, self.breakable = self.breakable, 1
        channel = self.fresh("c")
        lines = ["select {", f"case v, ok := <-{channel}:", "fmt.Println(v, ok)", *self.statements(2)]
        if self.chance(50):
            lines += ["case <-(chan int)(nil):", *self.statements(1)]
        if self.chance(50):
            lines += ["default:", *self.statements(2)]
        if label:
            lines += [f"break {label}"]
            self.labels.pop()
        lines.append("}")
        self.breakable = around
        made = [f"{channel} := make(chan int, 1)", self.pick(f"{channel} <- n", f"close({channel})")]
        return [*made, *([f"{label}:"] if label else []), *lines]

    def condition(self) -> list[str]:
        lines = [f"if {self.test()} {{", *self.statements(1), *self.way_out(), "}"]
        if self.chance(30):
            lines[-1:] = ["} else {", *self.statements(1), "}"]
        return lines

    def way_out(self) -> list[str]:
        options = [
            self.fault(),
            self.leave(),
            self.say(),
            "runtime.Goexit()" if self.chance(30) else self.say(),
        ]
        for label, is_loop in self.labels:
            options += [f"break {label}"] * 2 + [f"continue {label}"] * (2 * is_loop)
        if self.loops:
            options.append("continue")
        if self.breakable:
            options += ["break"]
        if self.literal:
            options.append("return")
        return [self.pick(*options)]

    def inner(self) -> list[str]:
        """Return a function literal that is called at once; labels don't reach into it."""
        labels, loops, breakable = self.labels, self.loops, self.breakable
        results = self.results
        self.labels, self.loops, self.breakable = [], 0, 0
        kind = self.random.randrange(3)
        if kind == 0:
            self.results = 0
            body = self.statements(3)
            lines = ["func() {", *body, "}()"]
        elif kind == 1:
            self.results = 1
            name = self.fresh("y")
            body = self.statements(3)
            lines = [
                f"{name} := func(n int) (x int) {{",
                *body,
                self.leave(),
                "}(n + 1)",
                f"fmt.Println({name})",
            ]
        else:
            self.results = 2
            body = self.statements(3)
            lines = ["fmt.Println(func(n int) (x int, err error) {", *body, self.leave(), "}(n))"]
        self.labels, self.loops, self.breakable, self.results = labels, loops, breakable, results
        return lines

    def jump(self) -> list[str]:
        """Return a loop made of a label and a goto."""
        label, name = self.fresh("again"), self.fresh("k")
        labels, loops, breakable = self.labels, self.loops, self.breakable
        self.loops += 1
        body = self.plain()
        self.labels, self.loops, self.breakable = labels, loops, breakable
        return [
            "{",
            f"{name} := 0",
            f"{label}:",
            f"{name}++",
            *body,
            f"if {name} < 3 {{",
            f"goto {label}",
            "}",
            "}",
        ]
