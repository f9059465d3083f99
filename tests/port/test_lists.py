"""Which slices are lists in a port.

In a program, a declaration that ends in `// list` is of slices that are lists, one that ends in `// slice` of
those that are not.
"""

from pathlib import Path

import pytest

from gochan.port import tree
from gochan.port.lists import Lists
from gochan.port.ranges import Ranges
from gochan.port.translate import translate

pytestmark = [pytest.mark.timeout(400), pytest.mark.once]

PROGRAM = """package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

type table struct {
	rows []int // slice
}

func (t *table) add(cols []int) int { // list
	return len(cols) + len(t.rows)
}

type lister interface{ list() []string }

type names struct{}

func (names) list() []string {
	var out []string // slice
	return append(out, "a")
}

func squares(n int) (out []int) { // list
	for i := range n {
		out = append(out, i*i)
	}
	return out
}

func evens(n int) []int {
	var found []int // slice
	for i := range n {
		found = append(found, i*2)
	}
	return found
}

func each[T any](xs []T, f func(T)) { // slice
	for _, x := range xs {
		f(x)
	}
}

var kept []int // slice

func size(n int) []int {
	return make([]int, n)
}

func main() {
	xs := squares(4) // list
	sort.Ints(xs)
	fmt.Println(xs, slices.Max(xs), xs[len(xs)-1], new(table).add(xs))
	f := evens
	fmt.Println(f(3))
	var l lister = names{}
	fmt.Println(l.list())
	ys := []string{"a"} // slice
	each(ys, func(s string) { fmt.Println(s) })
	kept = squares2()
	ch := make(chan []int, 1)
	sent := []int{1} // slice
	ch <- sent
	late := []int{1} // slice
	defer fmt.Println(late)
	late = append(late, 2)
	early := []int{1} // list
	defer fmt.Println(early)
	bytes := []byte{65} // slice
	fmt.Println(len(bytes), size(2))
	grid := make([][]int, 2) // list
	row := []int{1} // slice
	grid[0] = row
	keyed := []int{3: 1} // slice
	fmt.Println(len(grid), len(keyed))
	var taken []string // slice
	taken = nil
	fmt.Println(len(taken))
	byLength := []string{"ccc", "b"} // list
	sort.Slice(byLength, func(i, j int) bool { return len(byLength[i]) < len(byLength[j]) })
	byName := []string{"c", "b"} // list
	slices.SortFunc(byName, func(a, b string) int { return strings.Compare(a, b) })
	around := []int{1, 2} // list
	for i := range 5 {
		fmt.Println(around[(i+1)%len(around)], byLength[0], byName[0])
	}
	called := []int{1, 2} // slice
	fmt.Println(called[len(size(1))])
}

func squares2() []int {
	return []int{1, 4}
}
"""


def test_lists(tmp_path: Path) -> None:
    path = tmp_path / "main.go"
    path.write_text(PROGRAM)
    program = tree.load(path)
    lists = Lists(program, Ranges(program))
    wrong = []
    for number, line in enumerate(PROGRAM.splitlines(), 1):
        code, marked, wanted = line.rpartition(" // ")
        found = [
            o
            for o in program.objects
            if o.local and o.kind == "var" and o.line == number and o.name
            if o.type is not None and o.type.kind == "slice"
        ]
        if marked:
            assert found, line
            wrong += [
                (code, lists.reason(o)) for o in found if ("list" if lists.variable(o) else "slice") != wanted
            ]
    assert not wrong


def test_the_python_of_lists(tmp_path: Path) -> None:
    path = tmp_path / "main.go"
    path.write_text(
        "package main\n"
        'import "errors"\n'
        "func build(n int) ([]int, error) {\n"
        '\tif n > 3 {\n\t\treturn nil, errors.New("many")\n\t}\n'
        "\tvar out []int\n\tfor i := range n {\n\t\tprintln(i)\n\t\tout = append(out, i)\n\t}\n"
        "\tout = append(out, 7, 8)\n\treturn out, nil\n}\n"
        "func sum(xs []int) int {\n\tt := xs[len(xs)-1]\n"
        "\tfor _, x := range xs {\n\t\tt += x\n\t}\n\treturn t\n}\n"
        "func main() {\n\txs, _ := build(2)\n\tflags := make([]bool, 3)\n\tprintln(sum(xs), flags[0])\n}\n"
    )
    [text] = translate(tree.load(path)).files.values()
    for line in (
        "def build(n: int) -> tuple[list[int], error]:",
        '        return [], errors.new("many")',
        "    out: list[int] = []",
        "        out.append(i)",
        "    out.extend([7, 8])",
        "def sum_(xs: list[int]) -> int:",
        "    t = xs[-1]",
        "    t += sum(xs)",
        "    flags = [False] * 3",
    ):
        assert line in text.splitlines(), text
