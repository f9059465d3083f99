// Slices of named types whose elements are structs and arrays: what the library copies, it copies whole.
package main

import (
	"fmt"
	"slices"
)

var none Items
var early = Items{{name: "early"}}
var groups = Groups{{"a": {1}}}

type Items []Box
type Groups []map[string]Unit
type Arrays [][2]int
type Pointers []*Point
type Points []Point
type Bytes []int8

type Box struct {
	name string
	kids Items
	gs   Groups
}

type Unit struct{ n int }
type Point struct{ x int }

type crew struct{ Points }

func (c *crew) swap(i, j int) { c.Points[i], c.Points[j] = c.Points[j], c.Points[i] }

func (c *crew) less(i, j int) bool {
	p, q := &c.Points[i], &c.Points[j]
	return p.x < q.x
}

func main() {
	a := Points{{1}, {2}}
	b := slices.Clone(a)
	p := &b[0]
	p.x = 5
	c := slices.Concat(a, a)
	c[0].x = 9
	q := &c[1]
	q.x = 4
	fmt.Println(a, b, c, slices.Repeat(a, 2))
	most := slices.MaxFunc(a, func(x, y Point) int { return x.x - y.x })
	most.x = 77
	f := append(Points(nil), a...)
	g := append(Points{}, a...)
	f[0].x, g[1].x = -1, -2
	h := make(Points, 2)
	copy(h, a)
	h[0].x = 100
	fmt.Println(a, most, f, g, h)
	for _, v := range slices.All(a) {
		v.x = 1000
	}
	k := slices.Collect(slices.Values(a))
	k[0].x = 31
	l := slices.Insert(a, 0, a[1])
	l[0].x = 44
	full := a[:2:2]
	grown := append(full, Point{3})
	r := &grown[0]
	r.x = 500
	fmt.Println(a, k, l, full, grown)
	team := &crew{slices.Clone(a)}
	if team.less(0, 1) {
		team.swap(0, 1)
	}
	fmt.Println(a, team.Points)
	arrays := Arrays{{1, 2}}
	others := slices.Clone(arrays)
	others[0][1] = 8
	ps := Pointers{{1}}
	qs := append(slices.Clone(ps), ps...)
	qs[0].x = 3
	fmt.Println(arrays, others, ps[0].x, *qs[1], fmt.Sprintf("%T %T", b, qs))
	box := Box{}
	box.kids = append(box.kids, Box{name: "x"})
	more := append(box.kids, Box{name: "y"})
	more[0].name = "z"
	fromNone := append(none, early...)
	fromNone[0].name = "changed"
	fmt.Println(box, more, early, fromNone, groups)
	small := Bytes{1}
	small = append(small, 2)
	fmt.Println(small, cap(append(small, 3, 4, 5, 6, 7, 8, 9)))
}
