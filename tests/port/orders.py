"""Random Go programs about the order in which a statement is evaluated.

A statement calls functions, receives, reads variables, elements, fields and maps, and assigns; the functions change
what the others read, or wait for a goroutine that does.  Go's specification leaves some of these orders open: the
reference is what Go's compiler does.  Indices are in range, since a port may panic before a call where Go panics
after it (see the page on porting by machine).
"""

from __future__ import annotations

import re

from seeded import Seeded

HEADER = """package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"
)

var _, _ = runtime.Gosched, time.Sleep
var _ sync.Mutex
var _ io.Reader
"""

# Waits until a goroutine has run: what prepares it, what the goroutine ends with, and the wait.
WAITS = (
    ("done := make(chan int)", "close(done)", "<-done"),
    ("done := make(chan int, 1)", "done <- 1", "select {\ncase <-done:\n}"),
    ("var wg sync.WaitGroup\nwg.Add(1)", "wg.Done()", "wg.Wait()"),
    ("var mu sync.Mutex\nmu.Lock()", "mu.Unlock()", "mu.Lock()"),
    ("var mu sync.RWMutex\nmu.Lock()", "mu.Unlock()", "mu.RLock()"),
    ("", "", "runtime.Gosched()"),
    ("", "", "time.Sleep(time.Millisecond)"),
    ("", "", "<-time.After(time.Millisecond)"),
    ("r, w := io.Pipe()", "w.Write([]byte{1})", "r.Read(make([]byte, 1))"),
    (
        "var mu sync.Mutex\ncond := sync.NewCond(&mu)\nready := false",
        "mu.Lock()\nready = true\ncond.Signal()\nmu.Unlock()",
        "mu.Lock()\nfor !ready {\ncond.Wait()\n}\nmu.Unlock()",
    ),
)

# The variables: their type and first value.
VARIABLES = (
    ("i", "int", ("1",)),
    ("j", "int", ("2",)),
    ("a", "[]int", ("[]int{10, 11, 12, 13}", "make([]int, 4, 9)")),
    ("arr", "[4]int", ("[4]int{20, 21, 22, 23}",)),
    ("m", "map[string]int", ('map[string]int{"a": 30, "b": 31}',)),
    ("k", "string", ('"a"',)),
    ("t", "$T", ("$T{x: 40, y: 41, arr: [3]int{42, 43, 44}, s: []int{45, 46, 47}}",)),
    ("p", "*$T", ("&$t", "&$T{x: 50, y: 51, s: []int{55, 56, 57}}")),
    ("q", "*int", ("&$i", "&$a[1]", "&$t.y", "&$arr[2]", "new(int)", "&$j")),
    ("str", "string", ('"go"',)),
    ("box", "any", ("5", "$t", "$arr")),
    ("fn", "func(int) int", ("func(n int) int { return n + 1 }",)),
    ("ts", "[]$T", ("[]$T{{x: 1, s: []int{1, 2, 3}}, {x: 2, s: []int{4, 5, 6}}}",)),
    ("ps", "[]*$T", ("[]*$T{{x: 3, s: []int{1, 2, 3}}, {x: 4, s: []int{4, 5, 6}}}",)),
    ("mt", "map[string]$T", ('map[string]$T{"a": {x: 6}}',)),
    ("ch", "chan int", ("make(chan int, 16)",)),
)

# What functions do to the variables; n is their parameter.
CHANGES = (
    "$i = ($i + n) % 3",
    "$j = ($j + 1) % 3",
    "$a[n%3] += 100",
    "$a = []int{n, n + 1, n + 2, n + 3}",
    "$arr[n%3] -= 7",
    "$arr = [4]int{n}",
    '$m["a"]++',
    '$m = map[string]int{"a": n, "b": 2 * n}',
    '$k = "b"',
    "$t.x += n",
    "$t = $T{x: n, y: 1, s: []int{n, 5, 6}}",
    "$t.arr[1] *= 2",
    "$p.y += n",
    "$p = &$T{x: n, y: 2, s: []int{7, n, 9}}",
    "$p.s[0] = n",
    "$p.arr = [3]int{n, n, n}",
    "*$q = n % 3",
    "$str += string(rune('a' + n))",
    "$box = n",
    "$fn = func(n int) int { return -n }",
    "$ts[n%2].x++",
    "$ts[0] = $T{y: n, s: []int{0, 0, 0}}",
    "$ps[n%2] = &$T{x: 50, s: []int{3, 2, 1}}",
    '$mt["a"] = $T{x: n}',
    "delete($m, $k)",
)

TEMPLATE = """type $T struct {
	x, y int
	arr [3]int
	s []int
}

func (r *$T) bump(n int) int {
	fmt.Print("bump", n, " ")
	r.x += n
	r.arr[n%3]++
	return r.x
}

func (r $T) get(n int) int {
	fmt.Print("get", n, " ")
	return r.x + r.arr[1] + n
}
"""


class Program(Seeded):
    """One program."""

    header = HEADER

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(seed, name)
        self.waits = self.chance(40)
        changes = [self.pick(*CHANGES) for _ in range(3)]
        statements = [line for _ in range(self.random.randint(1, 3)) for line in self.statement()]
        shared = self.chance(30)  # the variables are those of the package
        top, lines = [], []
        for variable, kind, values in VARIABLES:
            if shared:
                top.append(f"var ${variable} {kind}")
                lines.append(f"${variable} = {self.pick(*values)}")
            else:
                lines.append(f"var ${variable} {kind} = {self.pick(*values)}")
        lines += ["for n := range 12 {", "$ch <- n", "}"]
        lines += ["f := func(n int) int {", 'fmt.Print("f", n, " ")', changes[0], "return n", "}"]
        lines += ["g := func(n int) int {", 'fmt.Print("g", n, " ")', changes[1], "return n", "}"]
        lines += [
            "h := func(n int) (int, int) {",
            'fmt.Print("h", n, " ")',
            changes[1],
            "return n, n % 3",
            "}",
        ]
        if self.waits:
            begin, end, wait = self.random.choice(WAITS)
            lines += ["w := func(n int) int {", begin, "go func() {", changes[2], end, "}()"]
            lines += [wait, 'fmt.Print("w", n, " ")', "return n", "}", "_ = w"]
        lines += [*statements, "_, _, _ = f, g, h"]
        printed = "$i, $j, $a, $arr, $m, $k, $t, *$p, *$q, $str, $box, $ts, *$ps[0], *$ps[1], $mt, len($ch)"
        lines += [f"fmt.Println({printed})", "fmt.Println($fn(1))"]

        def named(found: re.Match[str]) -> str:
            return f"{name}_{found[1]}" if shared or found[1] == "T" else found[1]

        text = "\n".join([TEMPLATE, *top, f"func {name}() {{", *lines, "}", ""])
        self.text = re.sub(r"\$(\w+)", named, text)

    # --- choices ---

    def number(self) -> int:
        return self.random.randrange(10)

    # --- expressions ---

    def read(self) -> str:
        """Return a variable, or a part of one."""
        return self.pick(
            "$i",
            "$j",
            "$a[$i]",
            "$a[1]",
            "$arr[$j]",
            "$arr[2]",
            "$m[$k]",
            '$m["a"]',
            "$t.x",
            "$t.arr[$i]",
            "$p.x",
            "$p.y",
            "$p.arr[$j]",
            "$p.s[$i]",
            "$t.s[0]",
            "*$q",
            "len($str)",
            "len($a)",
            "len($m)",
            "$ts[0].x",
            "$ts[$i%2].arr[1]",
            "$ps[$j%2].x",
            '$mt["a"].x',
            "$mt[$k].y",
            "(*$p).arr[1]",
        )

    def called(self, depth: int = 0) -> str:
        """Return a call, or something else that takes its time."""
        n = self.expr(depth - 1) if depth > 0 and self.chance(30) else str(self.number())
        n = n if n.isdigit() else f"({n}&7)"
        options = [
            f"f({n})",
            f"g({n})",
            f"f({n})",
            f"g({n})",
            "<-$ch",
            f"$p.bump({n})",
            f"$t.bump({n})",
            f"$t.get({n})",
            f"$p.get({n})",
            f"$ts[$i%2].bump({n})",
            f"$ps[f(1)%2].get({n})",
            f"$fn({n})",
            f"func(n int) int {{ {self.pick(*CHANGES)}; return n + $i }}({n})",
        ]
        if self.waits:
            options += [f"w({n})"] * 5
        return self.pick(*options)

    def index(self) -> str:
        """Return an expression from 0 to 2."""
        return self.pick(
            "$i", "$j", "0", "1", "2", f"f({self.number()})%3", f"g({self.number()})%3", "<-$ch%3", "$i"
        )

    def key(self) -> str:
        return self.pick("$k", '"a"', '"b"', '"c"', "$str[:1]", f"string(rune('a'+f({self.number()})%3))")

    def expr(self, depth: int) -> str:
        roll = self.random.randrange(100)
        if depth <= 0:
            return self.read() if roll < 55 else self.called() if roll < 92 else str(self.number())
        if roll < 18:
            return self.read()
        if roll < 42:
            return self.called(depth)
        left, right = self.expr(depth - 1), self.expr(depth - 1)
        if roll < 66:
            return f"({left} {self.pick('+', '-', '*', '+')} {right})"
        index = self.index()
        return self.pick(
            f"$a[{index}]",
            f"$arr[{index}]",
            f"$m[{self.key()}]",
            f"$p.arr[{index}]",
            f"$t.s[{index}]",
            f"[]int{{{left}, {right}}}[$i%2]",
            f"[2]int{{{left}, {right}}}[{index}%2]",
            f"($T{{x: {left}, y: {right}}}).y",
            f"(&$T{{x: {left}, y: {right}}}).x",
            f"max({left}, {right})",
            f"min({left}, {right}, 5)",
            f"any({left}).(int)",
            f"int(int8({left}))",
            f"len([]int{{{left}, {right}}})",
            f"len(append($a, {left}))",
            f"len($a[:{index}])",
            f"func(x, y int) int {{ return x*3 + y }}({left}, {right})",
            f"func(x $T, y int) int {{ return x.x*3 + y }}({self.pick('$t', '*$p', '$ts[0]', '$mt[$k]')}, {right})",
            f"func(x [4]int, y int) int {{ return x[0]*3 + y }}($arr, {right})",
            f"func(x []int, y int) int {{ return x[0]*3 + y }}($a, {right})",
            f"func(x *$T, y int) int {{ return x.x*3 + y }}($p, {right})",
            f"func(x string, y int) int {{ return len(x)*3 + y }}($str+$k, {right})",
            f"-{left}",
            f'map[string]int{{$k: {left}, "z": {right}}}[{self.key()}]',
            f"len(fmt.Sprint({left}, $a, {right}))",
            f"$t.get({left}&7)",
            f"(*$T).bump($p, {left}&7)",
            f"$T.get($t, {left}&7)",
        )

    def condition(self) -> str:
        one = f"{self.expr(1)} {self.pick('<', '>', '==', '!=', '<=')} {self.expr(1)}"
        other = f"{self.expr(1)} {self.pick('<', '>', '==')} {self.expr(0)}"
        equal = self.pick(
            f"any({self.expr(1)}) == $box",
            f"$arr == [4]int{{{self.expr(1)}}}",
            f"$str+$k == fmt.Sprint({self.called()})",
            "$p == func() *$T { f(1); return $p }()",
        )
        return self.pick(one, one, f"{one} && {other}", f"{one} || {other}", f"!({one} || {equal})", equal)

    def place(self) -> str:
        """Return an int that can be assigned to."""
        index = self.index()
        small = self.pick("0", "1", "$i")
        return self.pick(
            f"$a[{index}]",
            f"$a[{index}]",
            f"$arr[{index}]",
            f"$m[{self.key()}]",
            "$t.x",
            "$p.x",
            "$p.y",
            f"$t.arr[{index}]",
            f"$p.arr[{index}]",
            f"$p.s[{index}]",
            f"$ts[{small}%2].x",
            f"$ps[{small}%2].y",
            f"$ts[0].arr[{index}]",
            "*$q" if self.chance(20) else "$t.y",
            "func() *$T { g(2); return $p }().x",
            f"$a[1:][{small}%2]",
        )

    def printed(self) -> str:
        """Return an argument of Println of any type."""
        return self.pick(
            self.expr(2),
            self.expr(1),
            self.read(),
            self.called(),
            "$t",
            "*$p",
            "$arr",
            "$a",
            "$box",
            "$str",
            "$m",
            "$ts",
            "$k",
            f"$a[{self.index()}:]",
            f"$arr[:{self.index()}]",
            "$t.arr",
            "$p.s",
            f"[]int{{{self.expr(1)}, {self.expr(1)}}}",
            f"$T{{x: {self.expr(1)}, arr: $t.arr, y: {self.expr(1)}}}",
            "$str + $k",
            f"struct{{ a, b int }}{{{self.expr(1)}, {self.expr(1)}}}",
            "$i == 1",
            self.condition(),
        )

    # --- statements ---

    def statement(self) -> list[str]:
        kinds = (
            self.prints,
            self.prints,
            self.assigns,
            self.assigns,
            self.updates,
            self.updates,
            self.pairs,
            self.pairs,
            self.pairs,
            self.results,
            self.appends,
            self.branches,
            self.switches,
            self.sends,
            self.selects,
            self.loops,
            self.returns,
            self.defers,
            self.others,
            self.declares,
            self.structs,
            self.receives,
            self.receives,
            self.methods,
        )
        return [self.random.choice(kinds)()]

    def prints(self) -> str:
        some = ", ".join(self.printed() for _ in range(self.random.randint(2, 4)))
        return self.pick(f"fmt.Println({some})", f"fmt.Println(fmt.Sprint({some}))")

    def assigns(self) -> str:
        value = self.expr(2)
        return self.pick(
            f"{self.place()} = {value}",
            f"{self.place()} = {value}",
            f"$i = ({value}) & 1",
            f"$box = {self.printed()}",
            f"$str = $str + fmt.Sprint({value}) + $k",
            f"$a = []int{{{value}, {self.expr(1)}, 1, $i}}",
            f"$arr = [4]int{{{value}, {self.expr(1)}, 1, $i}}",
        )

    def updates(self) -> str:
        return self.pick(
            f"{self.place()} {self.pick('+=', '-=', '*=', '^=', '|=')} {self.expr(2)}",
            f"{self.place()} += {self.called(1)}",
            f"{self.place()}{self.pick('++', '--')}",
            f"$str += fmt.Sprint({self.expr(1)})",
        )

    def pairs(self) -> str:
        x, y = self.place(), self.place()
        return self.pick(
            f"{x}, {y} = {self.expr(1)}, {self.expr(1)}",
            f"{x}, {y} = {y}, {x}",
            f"$i, {x} = {self.expr(1)}&1, {self.expr(1)}",
            f"{x}, $i = {self.expr(1)}, {self.expr(1)}&1",
            f"$a[$i], $i = {self.called()}, {self.called()}&1",
            f"$p, $p.x = &$T{{x: {self.expr(1)}, s: []int{{1, 2, 3}}}}, {self.expr(1)}",
            f"$t, {x} = $T{{x: {self.expr(1)}, s: []int{{1, 2, 3}}}}, {self.expr(1)}",
            f"$a, {x} = []int{{1, 2, 3, {self.expr(1)}}}, {self.expr(1)}",
            f"$k, $m[$k] = {self.key()}, {self.expr(1)}",
            f"$i, $j = $j, {self.called()}&1",
            f"$i, $j = {self.called()}&1, $i",
            "$ts[0], $ts[1] = $ts[1], $ts[0]",
            "$ps[0], $ps[1], $ps[0].x = $ps[1], $ps[0], $i",
            f"$ts[$i%2], $i = $T{{x: {self.called()}, s: []int{{1, 2, 3}}}}, {self.called()}&1",
            "$t, *$p = *$p, $t",
            f"$arr, $arr[1] = [4]int{{1, {self.expr(1)}}}, {self.expr(1)}",
            f"$t.arr, {x} = [3]int{{1, {self.expr(1)}}}, {self.expr(1)}",
        )

    def results(self) -> str:
        n = self.number()
        return self.pick(
            f"{self.place()}, {self.place()} = h({n})",
            f"{self.place()}, $i = h({n})",
            f"$i, {self.place()} = h({n}); $i &= 1",
            f"fmt.Println(h({self.expr(1)}&7))",
            "{\nvar ok bool\n" + f"{self.place()}, ok = $m[{self.key()}]\nfmt.Println(ok)\n}}",
            "{\nvar ok bool\n" + f"{self.place()}, ok = <-$ch\nfmt.Println(ok)\n}}",
            "{\nvar ok bool\n" + f"{self.place()}, ok = $box.(int)\nfmt.Println(ok)\n}}",
        )

    def appends(self) -> str:
        return self.pick(
            f"$a = append($a, {self.expr(1)}, {self.expr(1)})",
            f"$a = append($a[:{self.index()}+1], $a...)",
            f"$a = append($a[:{self.index()}], {self.called()}, 5, 6, 7)",
            f"$p.s = append($p.s, {self.expr(1)})",
            f"$t.s = append($t.s[:1], {self.expr(1)}, {self.expr(1)}, 8)",
            f"$ts = append($ts, $T{{x: {self.expr(1)}}}, $t)",
            f"$ts = append($ts, $ts[{self.index()}%2])",
            f"$ps = append($ps, $p, &$T{{x: {self.expr(1)}}})",
            f"$a = append([]int{{{self.expr(1)}}}, append($a, {self.called()})...)",
            f"fmt.Println(copy($a[{self.index()}:], []int{{{self.expr(1)}, {self.expr(1)}}}))",
            f"fmt.Println(copy($a, $p.s[{self.index()}:]))",
        )

    def branches(self) -> str:
        return self.pick(
            f'if {self.condition()} {{\nfmt.Println("yes", {self.read()})\n}} else if {self.condition()} '
            f'{{\nfmt.Println("or")\n}}',
            f"if v := {self.expr(1)}; v > {self.expr(1)} {{\nfmt.Println(v, {self.read()})\n}}",
            f"fmt.Println({self.condition()}, {self.expr(1)}, {self.condition()})",
        )

    def switches(self) -> str:
        return self.pick(
            f"switch {self.expr(1)} {{\ncase {self.expr(1)}, {self.expr(0)}:\nfmt.Println(1)\n"
            f"case {self.expr(1)}:\nfmt.Println(2)\n}}",
            f"switch {{\ncase {self.condition()}:\nfmt.Println(1)\ncase {self.condition()}:\nfmt.Println(2)\n"
            f"default:\nfmt.Println(3, $i)\n}}",
            f"switch v := $box.(type) {{\ncase int:\nfmt.Println(v + {self.expr(1)}, v)\ndefault:\n"
            f"fmt.Println({self.called()}, v)\n}}",
        )

    def sends(self) -> str:
        return self.pick(
            f"$ch <- {self.expr(2)}",
            f"func() chan int {{ f(3); return $ch }}() <- {self.expr(1)}",
            f"fmt.Println(<-$ch, {self.expr(1)}, <-$ch)",
        )

    def selects(self) -> str:
        """One case is ready, but the operands of all are evaluated."""
        full = self.fresh("full")
        target = self.place()
        return self.pick(
            f"{full} := make(chan int)\nselect {{\ncase {full} <- {self.expr(1)}:\ncase {target} = <-$ch:\n"
            f"fmt.Println({self.read()})\n}}",
            f"{full} := make(chan int, 1)\nselect {{\ncase {full} <- {self.expr(1)}:\nfmt.Println(<-{full})\n"
            f"case <-func() chan int {{ g(4); return nil }}():\n}}",
            f"{full} := []chan int{{make(chan int), nil, make(chan int)}}\nselect {{\n"
            f"case {full}[{self.index()}] <- {self.expr(1)}:\ncase v := <-{full}[{self.index()}]:\nfmt.Println(v)\n"
            f"default:\nfmt.Println({self.expr(1)})\n}}",
        )

    def receives(self) -> str:
        """Return a statement that waits for a goroutine, which changes what the statement reads."""
        ch = self.fresh("un")
        start = f"{ch} := make(chan int)\ngo func(n int) {{\n{self.pick(*CHANGES)}\n{ch} <- n\n}}({self.number()})\n"
        got = self.pick(f"<-{ch}", f"(<-{ch} + {self.read()})", f"({self.read()} + <-{ch})", f"$a[<-{ch}%3]")
        return start + self.pick(
            f"{self.place()} {self.pick('=', '+=', '-=')} {self.read()} + {got}",
            f"{self.place()} += {got}",
            f"{self.place()}, {self.place()} = {self.read()}, {got}",
            f"{self.place()}, $i = {got}, $j",
            f"fmt.Println({self.read()}, {self.printed()}, {got}, {self.read()})",
            f"$a = append($a, {self.read()}, {got}, {self.read()})",
            f"$str += fmt.Sprint($str, {got}, $k)",
            f"if {self.read()} < {got} || {self.condition()} {{\nfmt.Println({self.read()})\n}}",
            f"select {{\ncase {self.place()} = <-{ch}:\nfmt.Println({self.read()})\n}}",
            f"for range 1 {{\n{self.place()} *= {got} + {self.read()}\n}}",
            f"switch {self.read()} {{\ncase {got}, {self.read()}:\nfmt.Println(1)\ndefault:\nfmt.Println(2)\n}}",
            f"fmt.Println(func() (int, int) {{ return {self.read()}, {got} }}())",
            f"fmt.Println($T{{x: {self.read()}, y: {got}, arr: $t.arr, s: $a}})",
            f"$ch <- {self.read()} + {got}",
        )

    def methods(self) -> str:
        """Return calls of methods by interfaces and by values of functions."""
        v = self.fresh("v")
        asked = self.pick("$t", "$p", "$ps[0]", "*$p", "$mt[$k]")
        return self.pick(
            f"var {v} interface{{ get(int) int }} = {asked}\n{self.assigns()}\nfmt.Println({self.read()}, {v}.get({self.expr(1)}&7))",
            f"var {v} interface{{ bump(int) int }} = $p\n{self.place()} += {v}.bump({self.expr(1)}&7) + {self.read()}",
            f"{v} := []func(int) int{{f, g, $p.bump, $t.get, $fn}}\nfmt.Println({v}[{self.index()}]({self.expr(1)}&7), {self.read()})",
            f'{v} := map[string]func(int) int{{$k: f, "z": $p.get}}\nfmt.Println({v}[$k]({self.expr(1)}&7) + {self.read()})',
        )

    def loops(self) -> str:
        body = f'fmt.Print(v, {self.called()}, {self.read()}, " ")'
        return self.pick(
            f"for _, v := range []int{{{self.expr(1)}, {self.expr(1)}}} {{\n{body}\n}}",
            f"for _, v := range $arr {{\n{body}\n}}",
            f"for _, v := range &$arr {{\n{body}\n}}",
            f"for _, v := range $a {{\n{body}\n}}",
            f"for _, v := range $t.arr {{\n{body}\n}}",
            f"for _, v := range $p.arr {{\n{body}\n}}",
            f"for v := range {self.expr(1)} & 3 {{\n{body}\n}}",
            f"for _, v := range $ts {{\n{body}\n}}",
            "for $i = range $arr {\nf(1)\n}\n$i %= 3",
            f'for $i, $a[0] = range $p.s {{\nfmt.Print({self.called()}, " ")\n}}\n$i %= 3',
            f"for v := 0; v < {self.expr(0)}&3; v++ {{\n{body}\n}}",
            f"for _, v := range $str {{\n{body}\n}}",
        )

    def returns(self) -> str:
        return self.pick(
            f"fmt.Println(func() (int, int) {{ return {self.expr(1)}, {self.expr(1)} }}())",
            f"fmt.Println(func() (x int, t $T) {{ return {self.expr(1)}, $t }}())",
            f"fmt.Println(func() ($T, int) {{ return $t, {self.expr(1)} }}())",
            f"fmt.Println(func() (any, int) {{ return {self.printed()}, {self.expr(1)} }}())",
            f"fmt.Println(func() (x, y int) {{\ndefer func() {{ x += $i; y *= 2 }}()\nx = {self.expr(1)}\n"
            f"return {self.expr(1)}, x + {self.expr(1)}\n}}())",
            f"fmt.Println(func() (x, y int) {{\nx, y = 3, 4\nreturn y, x + {self.called()}\n}}())",
        )

    def defers(self) -> str:
        deferred = self.pick(
            f"fmt.Println({self.printed()}, {self.printed()})",
            f"$t.bump({self.expr(1)}&7)",
            f"$p.get({self.expr(1)}&7)",
            f"func(x $T, y int) {{ fmt.Println(x, y) }}($t, {self.expr(1)})",
            f"$fn({self.expr(1)})",
        )
        return f"func() {{\ndefer {deferred}\n{self.assigns()}\n}}()"

    def others(self) -> str:
        return self.pick(
            f"delete($m, {self.key()})",
            f"{(v := self.fresh('v'))} := $t.get\n$t.x = {self.expr(1)}\nfmt.Println({v}(1))",
            f"{(v := self.fresh('v'))} := $p.bump\n{self.assigns()}\nfmt.Println({v}(1))",
            f"{(v := self.fresh('v'))} := &$a[{self.index()}]\n{self.updates()}\n*{v} += {self.expr(1)}\nfmt.Println(*{v})",
            f"{(v := self.fresh('v'))} := &$t.arr[{self.index()}]\n{self.assigns()}\n*{v} += {self.expr(1)}",
            f"{(v := self.fresh('v'))} := $arr[{self.index()}:]\n{self.assigns()}\nfmt.Println({v})",
            f"{(v := self.fresh('v'))} := $a[:{self.index()}:3]\n{v} = append({v}, {self.expr(1)})\nfmt.Println({v}, $a)",
        )

    def declares(self) -> str:
        x, y = self.fresh("x"), self.fresh("y")
        one, other = self.printed(), self.printed()
        return self.pick(
            f"{x}, {y} := {one}, {other}\nfmt.Println({x}, {y})",
            f"var {x}, {y} any = {one}, {other}\nfmt.Println({x}, {y})",
            f"{x}, {y} := $t, {self.called()}\nfmt.Println({x}, {y})",
            f"{x}, {y} := $arr, {self.called()}\nfmt.Println({x}, {y})",
            f"{x}, {y} := $i, {self.called()}\nfmt.Println({x}, {y})",
        )

    def structs(self) -> str:
        source = self.pick("$t", "*$p", "$ts[0]", "*$ps[1]", '$mt["a"]', "$ts[$i%2]", "$mt[$k]")
        target = self.pick("$t", "*$p", "$ts[1]", "*$ps[0]", '$mt["b"]', "$ts[$j%2]", "$mt[$k]")
        return self.pick(
            f"{target} = {source}\n$p.arr[0]++\n$t.y--",
            f"{target} = func(x $T) $T {{ x.x = {self.expr(1)}; return x }}({source})",
            f"{target} = $T{{{self.expr(1)}, {self.expr(1)}, $t.arr, $p.s}}",
            f"{target}, $i = {source}, {self.called()}&1",
        )
