"""Translates small pieces of Go, and compares the lines of Python: the idioms of the porting guide."""

import subprocess
import sys
from pathlib import Path

import pytest

from gochan.port import formatter, tree
from gochan.port.translate import translate

pytestmark = [pytest.mark.timeout(400), pytest.mark.once]

HEAD = {
    "fmt.": "fmt",
    "sync.": "sync",
    "time.": "time",
    "errors.": "errors",
    "strings.": "strings",
    "context.": "context",
    "sort.": "sort",
}

# Calls f with a number that the translator cannot know.
MAIN = """
func main() {
	f(read())
}

var in = 4

func read() int {
	for range 100 {
		in *= in
	}
	return in
}
"""

# The body of a function f with parameters, and the lines of its port.
BODIES = {
    "a goroutine": (
        "ch := make(chan int)\ngo func() {\n\tdefer close(ch)\n\tch <- 1\n}()\n"
        "for v := range ch {\n\tfmt.Println(v)\n}",
        "ch = Chan[int]()\n\n@go\ndef _() -> None:\n    defer(close, ch)\n    ch << 1\n\n"
        "for v in ch:\n    print(v)",
    ),
    "a range of numbers": (
        "for i := 1; i <= n; i += 2 {\n\tfmt.Println(i)\n}",
        "for i in range(1, n + 1, 2):\n    print(i)",
    ),
    "a range downwards": (
        "for i := n; i > 0; i-- {\n\tfmt.Println(i)\n}",
        "for i in range(n, 0, -1):\n    print(i)",
    ),
    "a loop that is no range": (
        "for i := 1; i < n; i *= 2 {\n\tif i == 4 {\n\t\tcontinue\n\t}\n\tfmt.Println(i)\n}",
        "i = 1\nwhile i < n:\n    if i == 4:\n        i = to_int(i * 2)\n        continue\n"
        "    print(i)\n    i = to_int(i * 2)",
    ),
    "a select": (
        "a, b := make(chan int), make(chan string)\nselect {\n"
        'case v, ok := <-a:\n\tfmt.Println(v, n)\n\t_ = ok\ncase b <- "x":\n\tfmt.Println("sent")\n'
        'default:\n\tfmt.Println("none")\n}',
        'a, b = Chan[int](), Chan[str]()\nmatch select(recv(a), send(b, "x"), default):\n'
        "    case 0, v, ok:\n        print(v, n)\n"
        '    case 1, _, _:\n        print("sent")\n    case _:\n        print("none")',
    ),
    "formats": (
        'fmt.Printf("%d of %5d: %s, %-8s|%v%%\\n", n, n, "a", "b", n)',
        "print(f\"{n} of {n:5}: a, {'b':<8}|{n}%\")",
    ),
    "a lookup": (
        'm := map[string]int{"a": 1}\nif _, ok := m["a"]; ok {\n\tm["b"] += n\n}\ndelete(m, "a")',
        'm = {"a": 1}\nif "a" in m:\n    m["b"] = to_int(m.get("b", 0) + n)\nm.pop("a", None)',
    ),
    "a break out of two loops": (
        "loop:\n\tfor {\n\t\tfor i := range n {\n\t\t\tif i == 3 {\n\t\t\t\tbreak loop\n\t\t\t}\n\t\t}\n\t}",
        "while True:\n    done = False\n    for i in range(n):\n        if i == 3:\n            done = True\n"
        "            break\n    if done:\n        break",
    ),
    "a captured variable of an iteration": (
        "var wg sync.WaitGroup\nfor i := range n {\n\twg.Go(func() {\n\t\tfmt.Println(i)\n\t})\n}\nwg.Wait()",
        "wg = sync.WaitGroup()\nfor i in range(n):\n\n    @wg.go\n    def _(i: int = i) -> None:\n"
        "        print(i)\n\nwg.wait()",
    ),
    "a sum that receives": (
        "ch := make(chan int, 1)\nch <- 1\ntotal := 0\nadd := func() {\n\ttotal += <-ch\n}\nadd()\n"
        "fmt.Println(total)",
        "ch = Chan[int](1)\nch << 1\ntotal = 0\n\ndef add() -> None:\n    nonlocal total\n"
        "    value = ch.recv()\n    total += value\n\nadd()\nprint(total)",
    ),
    "durations": (
        "time.Sleep(time.Duration(n)*time.Millisecond + 2*time.Second)",
        "time.sleep(n * time.MILLISECOND + 2 * time.SECOND)",
    ),
    "a switch": (
        'switch n {\ncase 1, 2:\n\tfmt.Println("few")\ndefault:\n\tfmt.Println("many")\n}',
        'match n:\n    case 1 | 2:\n        print("few")\n    case _:\n        print("many")',
    ),
    "a switch that a break leaves": (
        'switch {\ncase n > 1:\n\tif n == 3 {\n\t\tbreak\n\t}\n\tfmt.Println("more")\n}',
        'while True:\n    if n > 1:\n        if n == 3:\n            break\n        print("more")\n    break',
    ),
    "a slice that is filled": (
        "chans := make([]chan int, 3)\nfor i := range chans {\n\tchans[i] = make(chan int, i)\n}\n"
        "for i, ch := range chans {\n\tch <- i + n\n}",
        "chans = [Chan[int](i) for i in range(3)]\nfor i, ch in enumerate(chans):\n    ch << to_int(i + n)",
    ),
    "a slice that is filled, of a length that may be negative": (
        "xs := make([]int, n)\nfor i := range n {\n\txs[i] = i * i\n}\nfmt.Println(len(xs))",
        "xs = Slice[int]([to_int(i * i) for i in make_range(n)])\nprint(len(xs))",
    ),
    "an array that is filled by what reads it": (
        "var xs [5]int\nfor i := range xs {\n\txs[i] = xs[(i+1)%5] + 1\n}\nfmt.Println(xs[0])",
        "xs = [0] * 5\nfor i in range(5):\n    xs[i] = xs[(i + 1) % 5] + 1\nprint(xs[0])",
    ),
    "elements that are collected": (
        "var xs []int\nfor i := 0; i < n; i++ {\n\tif i%3 == 0 {\n\t\txs = append(xs, i/2) // half\n\t}\n}\n"
        "for _, x := range xs {\n\tfmt.Println(x)\n}",
        "# half\nxs = [i // 2 for i in range(n) if i % 3 == 0]\nfor x in xs:\n    print(x)",
    ),
    "all that is received": (
        "ch := make(chan string)\nclose(ch)\nxs := []string{}\nfor s := range ch {\n\txs = append(xs, s)\n}\n"
        "fmt.Println(len(xs))",
        "ch = Chan[str]()\nclose(ch)\nxs = list(ch)\nprint(len(xs))",
    ),
    "a sum": (
        "sum := 0\nfor i := range 10 {\n\tsum += i * 2\n}\nfor i := 0; i < n; i++ {\n\tsum += n\n}\n"
        "fmt.Println(sum)",
        "sum_ = to_int(sum(i * 2 for i in range(10)))\nsum_ = to_int(sum_ + sum(n for _ in range(n)))\n"
        "print(sum_)",
    ),
    "a sum that others see": (
        "ch := make(chan int)\ntotal := 0\ngo func() { fmt.Println(total) }()\n"
        "for v := range ch {\n\ttotal += v\n}",
        "ch = Chan[int]()\ntotal = 0\n\n@go\ndef _() -> None:\n    print(total)\n\nfor v in ch:\n"
        "    total += v",
    ),
    "a function that does nothing": (
        "for range n {\n\ttime.AfterFunc(time.Second, func() {}).Stop()\n}",
        "for _ in range(n):\n    time.after_func(time.SECOND, noop).stop()",
    ),
    "durations with numbers that count": (
        "d := time.Millisecond\ntime.Sleep(time.Duration(n) * 5 * d)\ntime.Sleep(2 * (d + time.Second))\n"
        "time.Sleep((time.Duration(n) + 1) * time.Second * 3)",
        "d = time.MILLISECOND\ntime.sleep(n * 5 * d)\ntime.sleep(2 * (d + time.SECOND))\n"
        "time.sleep((n + 1) * time.SECOND * 3)",
    ),
    "comments around a loop that is not a sum": (
        "for i := range n {\n\tfmt.Println(i)\n} // shown\ntotal := 0 // of all\n"
        "for i := range n {\n\ttotal += i\n\tfmt.Println(i)\n}\nfmt.Println(total)",
        "for i in range(n):\n    print(i)  # shown\ntotal = 0  # of all\nfor i in range(n):\n"
        "    total = to_int(total + i)\n    print(i)\nprint(total)",
    ),
    "a sum of floats": (
        "total := 0.5\nfor i := range n {\n\ttotal += float64(i)\n}\nfmt.Println(total > 1)",
        "total = 0.5\nfor i in range(n):\n    total += float(i)\nfmt.println(total > 1.0)",
    ),
    "a select of many cases": (
        "var c [6]chan int\nfor i := range c {\n\tc[i] = make(chan int, n)\n}\nd := c[0]\n"
        "for range n {\n\tselect {\n\tcase v := <-c[0]:\n\t\tfmt.Println(v)\n"
        + "".join(f"\tcase <-c[{i}]:\n" for i in range(1, 6))
        + "\tcase <-d:\n\t}\n}",
        "c = [Chan[int](n) for _ in range(6)]\nd = c[0]\n"
        "cases = [recv(c[0]), recv(c[1]), recv(c[2]), recv(c[3]), recv(c[4]), recv(c[5]), recv(d)]\n"
        "for _ in range(n):\n    match select(*cases):\n        case 0, v, _:\n            print(v)\n"
        + "".join(f"        case {i}, _, _:\n            pass\n" for i in range(1, 6))
        + "        case _:\n            pass",
    ),
    "a select of many cases that change": (
        "var c [6]chan int\nfor range n {\n\tc[0] = nil\n\tselect {\n"
        + "".join(f"\tcase <-c[{i}]:\n" for i in range(6))
        + "\t}\n}",
        "c: list[Chan[int]] = [nil] * 6\nfor _ in range(n):\n    c[0] = nil\n"
        "    select(recv(c[0]), recv(c[1]), recv(c[2]), recv(c[3]), recv(c[4]), recv(c[5]))",
    ),
    "small integers": (
        "b := uint8(n)\nb += 200\nfmt.Println(b, -7/n, n%3)",
        "b = n & 0xFF\nb = b + 200 & 0xFF\nprint(b, quo(-7, n), rem(n, 3))",
    ),
}


def port(tmp_path: Path, source: str) -> tuple[str, list[tree.Place]]:
    """Return the port of a program, formatted, and what has no translation."""
    path = tmp_path / "main.go"
    path.write_text(source)
    result = translate(tree.load(path))
    ((name, text),) = result.files.items()
    return formatter.format_python(text, name), result.refusals


def program(body: str) -> str:
    used = "\n".join(f'import "{path}"' for word, path in HEAD.items() if word in body)
    return f"package main\n\n{used}\n\nfunc f(n int) {{\n{body}\n}}\n{MAIN}"


def dedent(text: str) -> list[str]:
    return [line for line in (line.removeprefix("    ").rstrip() for line in text.splitlines()) if line]


@pytest.mark.parametrize("name", BODIES)
def test_body(tmp_path: Path, name: str) -> None:
    go, python = BODIES[name]
    text, refusals = port(tmp_path, program(go))
    assert not refusals
    body = text.partition("def f(n: int) -> None:\n")[2].partition("\n\n\n")[0]
    assert dedent(body) == [line for line in python.splitlines() if line]


def test_types_and_errors(tmp_path: Path) -> None:
    text, refusals = port(
        tmp_path,
        """package main

import (
	"errors"
	"fmt"
)

// Shape has an area.
type Shape interface{ Area() int }

type square struct{ side int }

// Area returns it.
func (s square) Area() int { return s.side * s.side }

func halve(n int) (half int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("no half")
		}
	}()
	return n / (n % 2), nil
}

func main() {
	var s Shape = square{2}
	_, err := halve(2)
	fmt.Println(s.Area(), err) // the end
}
""",
    )
    assert not refusals
    assert "# Shape has an area.\nclass Shape(Protocol):\n    def area(self) -> int: ...\n" in text
    assert (
        "@struct\nclass Square:\n    side: int = 0\n\n    # Area returns it.\n    def area(self) -> int:\n"
        in text
    )
    assert "    @defers\n    def body() -> None:\n        nonlocal half, err\n" in text
    assert "    body()\n    return half, err\n" in text
    assert "    fmt.println(s.area(), err)  # the end\n" in text


# How main calls a method that has a deferred call, and whether the method needs the decorator then.
CALLED = {
    "only by go": ("work", "go t.work()", False),
    "also as a call": ("work", "go t.work()\n\tt.work()", True),
    "also as a value": ("work", "go t.work()\n\tf := t.work\n\tf()", True),
    "also by an interface": ("work", "go t.work()\n\tvar w interface{ work() string } = t\n\tw.work()", True),
    "by a library, maybe": ("String", "go t.String()", True),
}


@pytest.mark.parametrize("name", CALLED)
def test_defers_of_methods(tmp_path: Path, name: str) -> None:
    method, calls, decorated = CALLED[name]
    text, refusals = port(
        tmp_path,
        "package main\n\ntype T struct{ n int }\n\n"
        f'func (t *T) {method}() string {{\n\tdefer println("done")\n\tprintln(t.n)\n\treturn "s"\n}}\n\n'
        f"func main() {{\n\tt := &T{{1}}\n\t{calls}\n}}\n",
    )
    assert not refusals
    assert ("@defers\n" in text) == decorated


def test_refusals_have_places(tmp_path: Path) -> None:
    text, refusals = port(
        tmp_path,
        'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("x")\n\tprintln(1)\n}\n',
    )
    (refusal,) = refusals
    assert (refusal.line, refusal.col) == (6, 2)
    assert "net/http.Get has no counterpart" in refusal.message
    assert "raise NotImplementedError(" in text


# A function f without a translation, and what the message has.
REFUSED = {
    "a pointer to a slice's array": (
        "func f(s []int) *[2]int { return (*[2]int)(s) }",
        "a pointer to the array of a slice has no translation",
    ),
    "maps of structs and of pointers to them": (
        "type P struct{ x int }\n\nfunc f(p P) (map[P]int, map[*P]int) "
        "{ return map[P]int{p: 1}, map[*P]int{&p: 1} }",
        "maps with keys main.P and *main.P have no translation",
    ),
    "a slice for a variadic method that changes it": (
        "type T struct{}\n\nfunc (T) set(xs ...int) { xs[0] = 1 }\n\nfunc f(s []int) { T{}.set(s...) }",
        "f(s...) of a method or function literal that may change s has no translation",
    ),
    "a range into an element that the index selects": (
        "func f(s []int) {\n\ti := 0\n\tfor i, s[i] = range s {\n\t}\n}",
        "a range into these variables has no translation",
    ),
    "a comparison of arrays of pointers": (
        "func f(a, b [2]*int) bool { return a == b }",
        "comparing arrays of pointers has no translation",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(tmp_path: Path, name: str) -> None:
    body, message = REFUSED[name]
    _, refusals = port(tmp_path, f"package main\n\n{body}\n\nfunc main() {{}}\n")
    assert refusals
    assert all(message in refusal.message for refusal in refusals)


OLD_LOOPS = """package main

import "fmt"

func main() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { return i })
	}
	for _, v := range []int{10, 20} {
		fs = append(fs, func() int { return v })
	}
	for _, f := range fs {
		fmt.Println(f())
	}
}
"""


def _old_program(folder: Path, text: str) -> str:
    """Port a program of before Go 1.22, and return what the port prints."""
    (folder / "go.mod").write_text("module old\n\ngo 1.21\n")
    (folder / "main.go").write_text(text)
    (script,) = translate(tree.load(folder)).files.values()
    (folder / "port.py").write_text(script)
    done = subprocess.run([sys.executable, folder / "port.py"], capture_output=True, text=True, check=True)
    return done.stdout


def test_all_iterations_share_a_variable_before_go_1_22(go: str, tmp_path: Path) -> None:
    assert _old_program(tmp_path, OLD_LOOPS).split() == ["3", "3", "3", "20", "20"]


OLD_ADDRESSES = """package main

import "fmt"

func main() {
	var ps []*int
	for n := 0; n < 2; n++ {
		for i, v := range []int{10, 20} {
			ps = append(ps, &v, &i)
			v++
		}
	}
	for _, p := range ps {
		fmt.Println(*p, p == ps[0], p == ps[2])
	}
	for k := range map[string]int{"a": 1} {
		p := &k
		*p = "b"
		fmt.Println(k)
	}
}
"""


OLD_STRUCTS = """package main

import "fmt"

type item struct {
	n    int
	tags [2]string
}

func main() {
	items := []item{{n: 1}, {n: 2}, {n: 3}}
	var ps []*item
	for _, it := range items {
		it.tags[0] = "seen"
		ps = append(ps, &it)
	}
	fmt.Println(*ps[0], ps[0] == ps[2], items)
	var rows []*[2]int
	for i, row := range [][2]int{{1, 2}, {3, 4}} {
		row[0] += i
		rows = append(rows, &row)
	}
	fmt.Println(*rows[0], rows[0] == rows[1])
	c := make(chan item, 2)
	c <- item{n: 7}
	c <- item{n: 8}
	close(c)
	for it := range c {
		ps = append(ps, &it)
	}
	fmt.Println(ps[3].n, ps[3] == ps[4])
	for k, v := range map[item]item{{n: 5}: {n: 6}} {
		p, q := &k, &v
		p.n, q.n = 50, 60
		fmt.Println(k.n, v.n)
	}
}
"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param(OLD_ADDRESSES, "21 true true", id="integers"),
        pytest.param(OLD_STRUCTS, "{3 [seen ]} true [{1 [ ]} {2 [ ]} {3 [ ]}]", id="structs"),
    ],
)
def test_the_address_of_a_variable_that_all_iterations_share(
    go: str, tmp_path: Path, text: str, first: str
) -> None:
    printed = _old_program(tmp_path, text)
    wanted = subprocess.run([go, "run", "."], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert printed == wanted.stdout
    assert printed.splitlines()[0] == first
