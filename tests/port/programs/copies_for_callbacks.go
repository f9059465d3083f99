package main

import (
	"fmt"
	"maps"
	"slices"
)

type P struct{ X int }

func (p *P) inc() { p.X++ }

func main() {
	m := map[string]P{"a": {1}}
	for v := range maps.Values(m) {
		v.inc()
	}
	for _, v := range maps.All(m) {
		v.inc()
	}
	for k, v := range m {
		v.inc()
		fmt.Println(k, v)
	}
	vs := slices.Collect(maps.Values(m))
	vs[0].inc()
	fmt.Println(m, vs)
	m2 := maps.Collect(maps.All(m))
	x := m2["a"]
	x.inc()
	fmt.Println(m2, m, x)
	ps := []P{{1}, {2}}
	for v := range slices.Values(ps) {
		v.inc()
	}
	for _, v := range slices.Backward(ps) {
		v.inc()
	}
	for _, v := range slices.All(ps) {
		v.inc()
	}
	fmt.Println(ps)
	i := slices.IndexFunc(ps, func(p P) bool { p.X *= 2; return p.X == 4 })
	slices.SortFunc(ps, func(a, b P) int { a.X = -a.X; b.X = -b.X; return a.X - b.X })
	fmt.Println(i, ps)
}
