package main

import "fmt"

type In struct{ n int }

func (i In) Val(k int) int { i.n += k; return i.n }
func (i *In) Inc(k int)    { i.n += k }
func (i *In) Late() string { return "late" }

type Out struct {
	In
	s string
}
type PO struct{ *In }
type Valer interface{ Val(int) int }
type Both struct{ Valer }

func main() {
	o := Out{In{1}, "x"}
	f := Out.Val
	fmt.Println(f(o, 2), o)
	g := (*Out).Inc
	g(&o, 5)
	fmt.Println(o)
	h := PO.Inc
	p := PO{&In{3}}
	h(p, 4)
	fmt.Println(p.n)
	b2 := Both{In{7}}
	b := Both.Val
	fmt.Println(b(Both{In{7}}, 1))
	fmt.Println(Out.Val(o, 3), Both.Val(b2, 1), Valer.Val(o, 2))
	l := PO.Late
	fmt.Println(l(PO{}))
}
