package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"sync/atomic"
)

type A struct {
	N int
	L [2]int
}
type B struct{ N int }
type C struct{ N int32 }
type D struct {
	Verbose bool
	Name    string
}
type E struct {
	In F
	S  []F
}
type F struct{ V int }
type G struct{ X, Y int }
type H struct {
	tags map[string]int
	arr  [2]F
}

func reset(p any) {
	switch v := p.(type) {
	case *G:
		*v = G{}
	case *[2]int:
		v[0] = -1
	case map[string]int:
		clear(v)
	case []int:
		v[0] = 99
	}
}

type byV []F

func (b byV) Len() int           { return len(b) }
func (b byV) Less(i, j int) bool { return b[i].V < b[j].V }
func (b byV) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type mut interface{ bump() }

func (f *F) bump() { f.V++ }

func apply(ms ...mut) {
	for _, m := range ms {
		m.bump()
	}
}

func main() {
	var a A
	a2 := a
	json.Unmarshal([]byte(`{"N":5,"L":[1,2]}`), &a)
	fmt.Println(a, a2)
	as := []A{a, a}
	json.Unmarshal([]byte(`{"N":7}`), &as[0])
	fmt.Println(as, a)
	var b B
	b2 := b
	reflect.ValueOf(&b).Elem().Field(0).SetInt(9)
	fmt.Println(b, b2)
	var c C
	c2 := c
	atomic.AddInt32(&c.N, 3)
	fmt.Println(c, c2)
	var d D
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.BoolVar(&d.Verbose, "v", false, "")
	fs.StringVar(&d.Name, "name", "dflt", "")
	d2 := d
	fs.Parse([]string{"-v", "-name", "q"})
	fmt.Println(d, d2)
	e := E{S: []F{{3}, {1}}}
	e2 := e
	apply(&e.In, &e.S[0])
	fmt.Println(e, e2)
	g := G{1, 2}
	g2 := g
	reset(&g)
	arr := [2]int{1, 2}
	arr2 := arr
	reset(&arr)
	m := map[string]int{"a": 1}
	m2 := m
	reset(m)
	s := []int{1, 2}
	s2 := s[:1]
	reset(s)
	fmt.Println(g, g2, arr, arr2, m2, s2)
	h := H{arr: [2]F{{1}, {2}}}
	h2 := h
	p := &h.arr[1]
	p.bump()
	for i := range h.arr {
		h.arr[i].V *= 10
	}
	fmt.Println(h, h2)
	fsl := []F{{3}, {1}, {2}}
	first := &fsl[0]
	cp := append([]F(nil), fsl...)
	sort.Sort(byV(fsl))
	fmt.Println(fsl, *first, cp)
	ch := make(chan [2]int, 1)
	ch <- arr
	arr[1] = 77
	fmt.Println(<-ch, arr)
	fn := func(x A) A { x.L[0] = 100; return x }
	fmt.Println(fn(a), a)
	type node struct {
		kids [2]*node
		v    F
	}
	n := node{v: F{1}}
	n2 := n
	n.kids[0] = &n2
	n2.v.bump()
	n3 := *n.kids[0]
	n3.v.V = 50
	fmt.Println(n.kids[0].v, n2.v, n3.v, n.v)
	mm := map[string]A{"x": a}
	x := mm["x"]
	x.L[1] = -5
	y, ok := mm["x"]
	y.N++
	fmt.Println(mm, x, y, ok)
	iface := any(a)
	a.L[0] = 1234
	z := iface.(A)
	z.L[1] = 4321
	fmt.Println(iface, a, z)
	sl := []any{a, &a}
	a.N = 0
	fmt.Println(sl[0], sl[1].(*A).N)
	func(arr [2]int) { arr[0] = 0 }(a.L)
	fmt.Println(a.L)
	l := a.L
	lp := &a.L
	lp[0] = 1
	fmt.Println(l, a.L, *lp == a.L)
	var sb strings.Builder
	json.NewEncoder(&sb).Encode(a)
	fmt.Print(sb.String())
	structs := map[string]*A{"p": {N: 1}}
	for _, v := range structs {
		v.N = 10
		w := *v
		w.N = 20
	}
	fmt.Println(*structs["p"])
	gen := func() (G, error) { return g, nil }
	g3, _ := gen()
	g3.X = 5
	fmt.Println(g, g3)
	type pair struct{ a, b G }
	pr := pair{g, g}
	pr.a.X, pr.b = 8, pr.a
	fmt.Println(pr, g)
	pr.a, pr.b = pr.b, pr.a
	pr.a.Y = 3
	fmt.Println(pr)
	gs := [...]G{{1, 1}, {2, 2}}
	gs[0], gs[1] = gs[1], gs[0]
	gs[0].X = 9
	fmt.Println(gs)
	defer func(g G) { fmt.Println("deferred", g) }(g)
	g.X = 1000
}
