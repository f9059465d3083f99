package main

import "fmt"

type point struct{ x int }
type grid [2][2]point
type shape struct {
	corners [2]point
	refs    [2]*point
	nested  [2][2]int
	any     [2]any
}

func reset(s *shape) {
	s.corners = [2]point{{10}, {20}}
	s.refs = [2]*point{{7}, {8}}
	s.nested = [2][2]int{{5, 6}, {7, 8}}
	s.any = [2]any{&point{1}, point{2}}
}

func swap(a, b *[2]point) { *a, *b = *b, *a }

var global [2]point

func main() {
	a := [3]point{{1}, {2}, {3}}
	q := &a[1]
	a = [3]point{{4}, {5}, {6}}
	q.x++
	fmt.Println(q.x, a)
	var s shape
	c, r, n, row := &s.corners[1], &s.refs[0], &s.nested[1][0], &s.nested[0]
	reset(&s)
	fmt.Println(c.x, (*r).x, *n, *row)
	p := s.refs[1]
	t := s
	s.refs = t.refs
	s.refs[1].x = 99
	fmt.Println(p.x, p == s.refs[1], t.refs[1].x, s.any[0] == t.any[0])
	c.x = 11
	fmt.Println(s.corners, t.corners)
	var g grid
	cell := &g[1][1]
	line := g[0][:]
	g = grid{{{1}, {2}}, {{3}, {4}}}
	fmt.Println(cell.x, line)
	x, y := [2]point{{1}, {2}}, [2]point{{3}, {4}}
	px, py := &x[0], &y[0]
	swap(&x, &y)
	fmt.Println(x, y, px.x, py.x)
	x, y = y, x
	fmt.Println(x, y, px.x, py.x)
	gp := &global[0]
	global = [2]point{{8}, {9}}
	fmt.Println(gp.x)
	ptrs := [2]*point{{1}, {2}}
	pp := &ptrs[0]
	old := ptrs[0]
	ptrs = [2]*point{old, {5}}
	fmt.Println(*pp == old, (*pp).x)
	list := [][2]point{{{1}, {2}}}
	e := &list[0][1]
	list[0] = [2]point{{3}, {4}}
	fmt.Println(e.x, list)
	whole := s
	w := &whole.corners[0]
	whole = shape{corners: [2]point{{70}, {80}}}
	fmt.Println(w.x, whole.corners)
}
