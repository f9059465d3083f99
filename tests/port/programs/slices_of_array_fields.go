// Slices of arrays that are fields and elements: an assignment to the array changes what the slices show.
package main

import "fmt"

type B struct {
	h    [4]byte
	prev []byte
	in   inner
}
type inner struct{ a [2]int }

func sum(n byte) [4]byte { return [4]byte{n, n, n, n} }

var g [3]int

func main() {
	b := &B{h: sum(1)}
	s := b.h[:]
	b.h = sum(2)
	fmt.Println(s, b.h)
	s[0] = 9
	fmt.Println(s, b.h)
	c := B{prev: b.h[:]}
	fmt.Println(c.prev)
	var x [2]int
	y := x[:]
	x = [2]int{1, 2}
	fmt.Println(y)
	z := g[1:]
	g = [3]int{1, 2, 3}
	fmt.Println(z)
	arrs := [][2]int{{1, 2}, {3, 4}}
	w := arrs[0][:]
	arrs[0] = arrs[1]
	fmt.Println(w)
	var in inner
	v := in.a[:]
	in.a, b.h = [2]int{5, 6}, sum(8)
	fmt.Println(v, s)
	p := &in.a
	u := p[:]
	*p = [2]int{3, 3}
	fmt.Println(u, v)
	c.in = in
	t := c.in.a[:]
	c.in.a = [2]int{}
	fmt.Println(t)
	for i, k := range [][2]int{{1, 1}, {2, 2}} {
		in.a = k
		fmt.Println(i, v)
	}
	m := map[string]*B{"q": {}}
	q := m["q"].h[1:3]
	m["q"].h = sum(4)
	fmt.Println(q)
	copy(m["q"].h[:], "ab")
	fmt.Println(q)
	arrs[0], arrs[1] = arrs[1], arrs[0]
	fmt.Println(w, arrs)
	other := [2]int{10, 20}
	o := other[:]
	x, other = other, x
	fmt.Println(x, y, other, o)
	in.a, c.in.a = c.in.a, in.a
	fmt.Println(in, c.in, v, t)
	grid := [2][2]int{{1, 2}, {3, 4}}
	row := grid[1][:]
	grid[1] = grid[0]
	grid[0][0] = 50
	fmt.Println(grid, row)
	grid = [2][2]int{}
	fmt.Println(grid)
	kept := arrs[1]
	arrs[1] = [2]int{-1, -1}
	fmt.Println(kept, arrs)
	hs := []B{{h: sum(5)}, {h: sum(6)}}
	r := hs[0].h[:2]
	old := hs[0].h
	hs[0].h = hs[1].h
	hs[1].h[0] = 66
	fmt.Println(r, old, hs[0].h, hs[1].h)
}
