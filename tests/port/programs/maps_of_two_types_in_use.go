package main

import (
	"fmt"
	"maps"
	"slices"
)

type Counts map[string]int

func (c Counts) Add(k string, n int) Counts { c[k] += n; return c }
func (c Counts) Total() (t int) {
	for _, v := range c {
		t += v
	}
	return
}
func (c *Counts) Replace(m map[string]int) { *c = m }

type Holder struct {
	Counts
	Name string
}

type Nested map[string]Counts

type Graph[K comparable] map[K][]K

func (g Graph[K]) Link(a, b K) { g[a] = append(g[a], b) }

type Totaler interface{ Total() int }

func sum(ts ...Totaler) (n int) {
	for _, t := range ts {
		n += t.Total()
	}
	return
}

func keys[M ~map[K]V, K comparable, V any](m M) int { return len(m) }

func main() {
	plain := map[string]int{"a": 1}
	c := make(Counts)
	c.Add("b", 2).Add("c", 3)
	d := Counts(plain)
	d.Add("a", 4)
	fmt.Println(plain, c, d.Total(), sum(c, d, Counts(nil)))
	f, g := c.Add, Counts.Total
	f("z", 1)
	fmt.Println(g(c), len(c))
	h := Holder{Counts: plain, Name: "h"}
	h.Add("h", 1)
	fmt.Println(h, h.Total(), plain["h"], h.Counts["h"])
	h.Replace(map[string]int{"new": 1})
	fmt.Println(h.Counts, len(plain))
	p := &d
	p.Replace(plain)
	(*p)["q"] = 1
	fmt.Println(d["q"], plain["q"], *p)
	n := Nested{"x": plain, "y": {"k": 1}}
	n["x"].Add("deep", 1)
	n["w"] = Counts{}
	fmt.Println(plain["deep"], n["y"].Total(), n["none"].Total(), len(n))
	gr := Graph[int](map[int][]int{1: {2}})
	gr.Link(1, 3)
	gr.Link(4, 5)
	fmt.Println(gr, len(map[int][]int(gr)), keys(gr), keys(d), keys(plain))
	delete(d, "q")
	clear(c)
	fmt.Println(len(c), plain["q"], maps.Equal(d, plain), slices.Sorted(maps.Keys(d)))
	var e Counts
	fmt.Println(e == nil, e["x"], len(e))
	defer func() { fmt.Println("recovered", recover()) }()
	ch := make(chan Counts, 1)
	ch <- plain
	fmt.Println((<-ch).Total() > 0)
	clone := maps.Clone(d)
	clone.Add("clone", 1)
	fmt.Println(len(clone)-len(d), fmt.Sprintf("%T %T", clone, d))
	arr := [2]Counts{plain, {"s": 1}}
	for i, x := range arr {
		x["i"] = i
	}
	fmt.Println(plain["i"], arr[1]["i"])
	e["x"] = 1
}
