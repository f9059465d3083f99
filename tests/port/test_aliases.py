"""Which slices may be lists.

In a program, a declaration that ends in `// list` is of slices that may be lists, one that ends in `// slice`
of those that may not.
"""

from pathlib import Path

import pytest

from gochan.port import tree
from gochan.port.aliases import Aliases
from gochan.port.ranges import Ranges

PROGRAMS = {
    "read and written": """
func main() {
	xs := []int{1, 2, 3} // list
	for i, x := range xs {
		xs[i] = x * 2
	}
	ys := make([]int, 3) // list
	for i := 0; i < len(ys); i++ {
		ys[i] = i
	}
	println(len(xs), xs[0], xs[len(xs)-1], ys[0])
}
""",
    "appended to": """
func main() {
	var xs []int // list
	for i := range 3 {
		xs = append(xs, i)
	}
	ys := []int{1} // slice
	zs := append(ys, 2) // slice
	println(len(xs), len(ys), len(zs))
}
""",
    "resliced": """
func main() {
	xs := []int{1, 2, 3} // slice
	xs = xs[1:]
	ys := []int{1} // slice
	zs := ys[:1] // slice
	println(xs[0], zs[0])
}
""",
    "nil, capacity, copy, address": """
func main() {
	var a []int // slice
	println(a == nil)
	b := make([]int, 2) // slice
	println(cap(b))
	c := make([]int, 2) // slice
	copy(c, []int{1})
	d := []int{1} // slice
	p := &d
	println(len(*p))
	e := []int{1} // slice
	q := &e[0]
	println(*q)
}
""",
    "indexes": """
func get(xs []int, i int) int { // slice
	return xs[i]
}
func main() {
	xs := []int{1, 2} // slice
	println(get(xs, -1))
	ys := []int{1, 2} // slice
	println(ys[len(ys)-2])
	zs := []int{1, 2} // list
	for i := range 2 {
		println(zs[i], zs[1])
	}
}
""",
    "one that two variables share": """
func main() {
	a := []int{1} // slice
	b := a // slice
	a = append(a, 2)
	println(len(a), len(b))
	c := []int{1} // list
	d := c // list
	d[0] = 2
	println(c[0])
}
""",
    "parameters and results": """
func build(n int) []string {
	var out []string // list
	for range n {
		out = append(out, "x")
	}
	return out
}
func show(names []string) { // list
	for _, name := range names {
		println(name)
	}
}
func more(names []string) []string { // slice
	return append(names, "y")
}
func same(names []string) []string { // slice
	return names
}
func main() {
	names := build(3) // list
	names = append(names, "z")
	show(names)
	others := []string{"a"} // slice
	others = more(others)
	thirds := []string{"a"} // slice
	thirds = append(thirds, "b")
	println(len(same(thirds)), len(others))
}
""",
    "fields": """
type stack struct {
	items []int // list
}
func (s *stack) push(n int) { s.items = append(s.items, n) }
func (s *stack) size() int { return len(s.items) }
type bag struct {
	items []int // slice
}
func (b *bag) add(n int) { b.items = append(b.items, n) }
func (b *bag) all() []int { return b.items }
type pile struct {
	items []int // slice
}
func (p pile) add(n int) { p.items = append(p.items, n) }
type copied struct {
	items []int // slice
}
func main() {
	s := &stack{}
	s.push(1)
	b := bag{}
	b.add(1)
	p := pile{}
	p.add(1)
	c := copied{}
	c.items = append(c.items, 1)
	d := c
	println(s.size(), len(b.all()), len(d.items))
}
""",
    "in maps and slices": """
func main() {
	groups := map[int][]int{}
	for i := range 9 {
		groups[i%3] = append(groups[i%3], i)
	}
	for _, group := range groups { // list
		println(len(group))
	}
	grid := make([][]int, 3) // list
	for i := range grid {
		grid[i] = make([]int, 3)
		for j := range grid[i] {
			grid[i][j] = i * j
		}
	}
	others := map[int][]int{}
	first := others[1] // slice
	others[1] = append(others[1], 1)
	println(len(first))
}
""",
    "lists that get a new owner": """
type row struct {
	cells []int // list
}
func main() {
	var grid [][]int // list
	var rows []row // list
	for i := range 3 {
		line := []int{} // list
		for j := range i {
			line = append(line, j)
		}
		grid = append(grid, line)
		cells := []int{} // list
		cells = append(cells, i)
		rows = append(rows, row{cells})
	}
	println(len(grid), len(rows))
	var twice [][]int // list
	kept := []int{} // slice
	for range 3 {
		kept = append(kept, 1)
		twice = append(twice, kept)
	}
	println(len(twice))
}
""",
    "closures": """
func later(xs []int) func() { // slice
	return func() { println(len(xs)) }
}
func main() {
	xs := []int{1} // slice
	f := later(xs)
	xs = append(xs, 2)
	f()
	ys := []int{1} // list
	add := func() { ys = append(ys, 1) }
	add()
	println(len(ys))
}
""",
    "loops that append": """
func main() {
	queue := []int{1} // slice
	for _, x := range queue {
		queue = append(queue, x)
	}
	var seen []int // list
	for i := 0; i < len(seen)+1 && i < 3; i++ {
		seen = append(seen, i)
	}
}
""",
    "library functions": """
import (
	"fmt"
	"sort"
	"strings"
)
func main() {
	xs := []int{3, 1} // list
	sort.Ints(xs)
	fmt.Println(xs, len(xs))
	words := strings.Fields("a b") // list
	println(strings.Join(words, ","))
	parts := strings.SplitAfter("a b", " ") // slice
	println(len(parts))
	var x any = []float64{1}
	ys := x.([]float64) // slice
	println(len(ys))
	zs := []string{"a"} // slice
	fmt.Printf("%q\\n", zs)
	bytes := []byte("ab") // slice
	println(len(bytes))
}
""",
    "goroutines": """
import "sync"
func work(ids []int) { // slice
	println(len(ids))
}
func main() {
	var ids []int // slice
	ids = append(ids, 1)
	go work(ids)
	ids = append(ids, 2)
	var mu sync.Mutex
	var results []int // list
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			results = append(results, i)
		})
	}
	wg.Wait()
	println(len(results))
}
""",
    "variadic": """
func sum(xs ...int) (total int) { // list
	for _, x := range xs {
		total += x
	}
	return total
}
func keep(xs ...int) []int { // slice
	return xs
}
func main() {
	ys := []int{1, 2} // list
	println(sum(ys...), sum(1, 2), len(keep(1)))
}
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name: str, tmp_path: Path) -> None:
    path = tmp_path / "main.go"
    text = "package main\n" + PROGRAMS[name]
    path.write_text(text)
    program = tree.load(path)
    aliases = Aliases(program, Ranges(program))
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        code, marked, wanted = line.rpartition(" // ")
        if not marked:
            continue
        found = [
            o
            for o in program.objects
            if o.local
            and o.kind == "var"
            and o.line == number
            and o.name
            and o.type is not None
            and o.type.kind == "slice"
        ]
        assert found, line
        for o in found:
            assert ("list" if aliases.plain_list(o) else "slice") == wanted, f"{code}: {aliases.reason(o)}"


def test_nested_slices_and_results(tmp_path: Path) -> None:
    path = tmp_path / "main.go"
    path.write_text(
        "package main\n"
        "func rows() ([][]int, []int) { return [][]int{{1}}, []int{1}[:0] }\n"
        "func main() { grid, _ := rows(); println(grid[0][0]) }\n"
    )
    program = tree.load(path)
    aliases = Aliases(program, Ranges(program))
    [grid] = [o for o in program.objects if o.name == "grid"]
    assert aliases.plain_list(grid)
    assert aliases.plain_list(grid, "elem")
    function = program.main.files[0].decls[0]
    assert [aliases.plain_result(function, i) for i in range(2)] == [True, False]
