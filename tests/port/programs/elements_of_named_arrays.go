// Elements of slices, arrays, maps and channels that are arrays with methods.
package main

import "fmt"

type Grid [2][2]int

func (g Grid) Sum() (n int) {
	for _, r := range g {
		for _, v := range r {
			n += v
		}
	}
	return
}

func (g *Grid) Set(v int) { g[0][0] = v }

type Plain [2]int
type S struct {
	g Grid
	p Plain
	a [2]Grid
}

func main() {
	n := 3
	gs := make([]Grid, n)
	gs[1].Set(4)
	fmt.Println(gs, gs[1].Sum(), gs[0].Sum())
	ps := make([]Plain, n)
	ps[1][1] = 2
	fmt.Printf("%v %T %T\n", ps, ps[0], gs[0])
	var a [2]Grid
	a[0].Set(3)
	fmt.Println(a, a[0].Sum(), a[1].Sum())
	ss := make([]S, n)
	ss[0].g.Set(1)
	ss[0].a[1].Set(9)
	fmt.Println(ss, ss[0].a[1].Sum())
	fmt.Printf("%T %T\n", ss[0].g, ss[0].a)
	c := make(chan Grid)
	close(c)
	g := <-c
	g.Set(5)
	fmt.Println(g.Sum(), g)
	p := new(Grid)
	p.Set(6)
	fmt.Println(p.Sum(), *p)
	m := map[string]Grid{}
	fmt.Println(m["x"].Sum())
	grown := append(gs, Grid{})
	grown = grown[:cap(grown)]
	x := grown[len(grown)-1]
	fmt.Println(x.Sum())
	var i any = x
	_, ok := i.(Grid)
	_, ok2 := i.([2][2]int)
	fmt.Println(ok, ok2)
	cs := make(chan S, 1)
	close(cs)
	s := <-cs
	s.a[0].Set(1)
	fmt.Println(s, s.a[0].Sum())
	v, ok := i.(Plain)
	v[0] = 1
	fmt.Printf("%v %T %v\n", v, v, ok)
}
