// Calls that come before reads, in conditions, cases, literals and functions of one expression.
package main

import (
	"fmt"
	"sort"
)

type T struct{ n int }

func (t *T) get() int       { return t.n }
func (t *T) inc() int       { t.n++; return t.n }
func (t *T) less(k int) bool { return t.n < k }

var g = &T{1}

func next() int { g.n++; return g.n }

func filter(ts []*T, f func(*T) bool) (out []*T) {
	for _, t := range ts {
		if f(t) {
			out = append(out, t)
		}
	}
	return
}

func main() {
	base := &T{5}
	ts := []*T{{1}, {7}, {3}}
	for _, t := range filter(ts, func(t *T) bool { return t.less(base.inc()) }) {
		fmt.Print(t.n, " ")
	}
	fmt.Println(base.n)
	sort.Slice(ts, func(i, j int) bool { return ts[i].n*next() < ts[j].n*next() })
	fmt.Println(g.n > 1)
	x := 0
	h := func() int { x++; return x }
	if x > 10 {
		fmt.Println("a")
	} else if x == h() {
		fmt.Println("equal")
	} else if x+h() == 3 {
		fmt.Println("sum", x)
	} else {
		fmt.Println("else", x)
	}
	if x == 100 {
	} else if y := x + h(); x == y-h() || x < h() {
		fmt.Println("or", x, y)
	}
	f := func(k int) int { return x*100 + h()*10 + x + k }
	fmt.Println(f(h()), f(x))
	m := map[string]func() int{"a": func() int { return x + h() }}
	fmt.Println(m["a"](), m["a"]())
	s := []int{1, 2, 3}
	at := func(i int) int { return s[i] + func() int { s[i] = 50; return 1 }() }
	fmt.Println(at(0), s)
	switch {
	case x == h():
		fmt.Println("never")
	case x+h() > 0:
		fmt.Println("sw", x)
	}
	for i := x; i < x+h(); i += h() {
		fmt.Print(i, " ")
		if i > 60 {
			break
		}
	}
	fmt.Println(x)
	defer func(v int) { fmt.Println("deferred", v, x) }(x + h())
	var p *T
	ok := p != nil && p.n == h() || x == h()-1
	fmt.Println(ok, x)
	a := []int{x, h(), x}
	fmt.Println(a)
	r := struct{ a, b int }{x, h()}
	fmt.Println(r)
	ch := make(chan int, 2)
	ch <- x + h()
	select {
	case v := <-ch:
		fmt.Println(v == x+h()-1, v)
	}
	ret := func() (int, int) { return x, h() }
	fmt.Println(ret())
	g1 := func() int { return g.n + next() + g.n }
	fmt.Println(g1() == 3*g.n-1 || true, g1() > 0)
}
