package main

import (
	"fmt"
	"strings"
	"time"
)

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
type Whoer interface {
	Who() int32
	Grow(int32) int32
}
type Wide struct{ n int32 }

func (w *Wide) Who() int32         { return w.n * 2 }
func (w *Wide) Grow(k int32) int32 { w.n += k * 1000000; return w.n }

type Tiny int8

func (t Tiny) Who() int32         { return int32(t + t) }
func (t Tiny) Grow(k int32) int32 { return int32(t * Tiny(k)) }

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
	var e Whoer = &Wide{1 << 30}
	fmt.Println(Whoer.Who(Tiny(100)), Whoer.Grow(Tiny(100), 3))
	grow := Whoer.Grow
	fmt.Println(Whoer.Who(e), Whoer.Grow(e, 3000), grow(e, 70000))
	var text strings.Builder
	(*strings.Builder).WriteString(&text, "five!")
	in := map[string]func(time.Duration) float64{"s": time.Duration.Seconds, "m": time.Duration.Minutes}
	fmt.Println((*strings.Builder).Len(&text), time.Duration.Seconds(90*time.Second), in["m"](time.Hour))
	l := PO.Late
	fmt.Println(l(PO{}))
}
