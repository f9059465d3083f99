"""Ports programs of several packages, and compares what Go and the port print."""

import subprocess
import sys
from pathlib import Path

import harness
import pytest

from gochan.port import tree
from gochan.port.translate import translate

pytestmark = [pytest.mark.timeout(400), pytest.mark.once]

# The files of a module by their names.
MODULES = {
    "the address of a variable of another package": {
        "main.go": """package main

import (
	"fmt"
	"program/config"
)

func set(p *int, v int) { *p = v }

func main() {
	set(&config.Port, 8080)
	p := &config.Name
	*p += "!"
	config.Port++
	fmt.Println(config.Port, config.Name, config.Show())
	origin, row, x := &config.Origin, config.Row[:], &config.Corner.X
	config.Origin = config.Point{X: 1}
	config.Row = [2]int{2, 3}
	config.Corner = config.Point{X: 4}
	fmt.Println(*origin, row, *x)
	config.Reset()
	fmt.Println(*origin, row, *x)
}
""",
        "config/config.go": """package config

import "fmt"

var (
	Port int
	Name = "x"
)

func Show() string { return fmt.Sprint(Port, " ", Name) }

type Point struct{ X, Y int }

var (
	Origin, Corner Point
	Row            [2]int
)

func Reset() { Origin, Corner, Row = Point{}, Point{}, [2]int{} }
""",
    },
    "instances of generic types in several packages": {
        "main.go": """package main

import (
	"fmt"
	"program/names"
	"program/pair"
)

type point struct{ x int }

func points() any { return pair.Pair[point]{point{1}, point{2}} }

func main() {
	p, q := pair.Make(1, 2), pair.Pair[int]{1, 2}
	fmt.Println(p == q, map[pair.Pair[int]]string{q: "x"}[p])
	_, ok := pair.Any().(pair.Pair[int])
	_, other := pair.Any().(pair.Pair[string])
	fmt.Println(ok, other, pair.Any() == any(q))
	switch v := names.All().(type) {
	case pair.Box[names.Name]:
		fmt.Println(v.Count(), names.All())
	default:
		fmt.Println("another type")
	}
	fmt.Printf("%T %T %v.", p, names.All(), points() == any(pair.Pair[point]{point{1}, point{2}}))
}
""",
        "pair/pair.go": """package pair

type Pair[T comparable] struct{ A, B T }

func Make(a, b int) Pair[int] { return Pair[int]{a, b} }

func Any() any { return Pair[int]{1, 2} }

type Box[T any] []T

func (b Box[T]) Count() int { return len(b) }
""",
        "names/names.go": """package names

import "program/pair"

type Name string

func All() any { return pair.Box[Name]{"a", "b"} }
""",
    },
    "texts of embedded files": {
        "main.go": """package main

import (
	_ "embed"
	"fmt"
	"strings"
)

type text string

// All words.
//
//go:embed data/words.txt
var words string

var empty string

var (
	n = 3
	//go:embed version
	// The version.
	version text
	other   string
)

//go:embed *.md
var readme string

func main() {
	fmt.Printf("%q %q %q %q %q %d\\n", words, empty, version, other, readme, n)
	fmt.Println(len(words), strings.Count(words, "\\n"), []byte(words)[0])
	version += "!"
	fmt.Printf("%T %v\\n", version, version)
}
""",
        "data/words.txt": 'one\n"two" \\ \u4e16 \udcff {three}\n',
        "version": "1.2",
        "README.md": "",
    },
    "packages that are imported for their init": {
        "main.go": """package main

import (
	"fmt"
	_ "program/square"
	"program/shapes"
	_ "program/circle"
)

func main() { fmt.Println(shapes.Names) }
""",
        "shapes/shapes.go": """package shapes

var Names []string

func Register(name string) { Names = append(Names, name) }
""",
        "square/square.go": """package square

import "program/shapes"

func init() { shapes.Register("square") }
""",
        "circle/circle.go": """package circle

import "program/shapes"

func init() { shapes.Register("circle") }
""",
    },
    "packages of one name, and packages with the names of those that they import": {
        "main.go": """package main

import (
	std "container/heap"
	"fmt"
	gostrings "strings"

	"program/cart/names"
	"program/heap"
	"program/strings"
	wares "program/wares/names"
)

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

func main() {
	fmt.Println(names.First(), wares.First(), strings.Loud("x"), gostrings.Repeat("y", len(names.First())))
	fmt.Printf("%T %T\\n", names.Name(""), wares.Name(""))
	h := &ints{3, 1, 2}
	std.Init(h)
	fmt.Println(std.Pop(h), heap.Depth(7))
}
""",
        "cart/names/names.go": 'package names\n\ntype Name string\n\nfunc First() Name { return "cart" }\n',
        "wares/names/names.go": 'package names\n\ntype Name string\n\nfunc First() Name { return "wares" }\n',
        "strings/strings.go": """package strings

import "strings"

func Loud(s string) string { return strings.ToUpper(s) + "!" }
""",
        "heap/heap.go": "package heap\n\nfunc Depth(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n"
        "\treturn 1 + Depth(n/2)\n}\n",
    },
}


@pytest.mark.parametrize("module", [pytest.param(files, id=name) for name, files in MODULES.items()])
def test_the_port_prints_what_go_prints(go: str, tmp_path: Path, module: dict[str, str]) -> None:
    source, port = tmp_path / "source", tmp_path / "port"
    for name, text in {"go.mod": "module program\n\ngo 1.24\n", **module}.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = translate(tree.load(source))
    assert result.refusals == []
    port.mkdir()
    script = harness.write(result.files, port)
    wanted = subprocess.run([go, "run", "."], cwd=source, capture_output=True, text=True, check=True)
    printed = harness.run_port(script, Path("/dev/null"))
    assert printed.printed.decode() == wanted.stdout, printed.errors
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select=F", str(port)]
    assert subprocess.run(ruff, check=False).returncode == 0
