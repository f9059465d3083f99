// Pointer methods of named ints, strings, maps and slices: of variables, fields, elements and embedded fields.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type Counter int

func (c *Counter) Inc()     { *c++ }
func (c *Counter) Add(n int) *Counter { *c += Counter(n); return c }
func (c Counter) Get() int  { return int(c) }

type Tags map[string]bool

func (t *Tags) Put(s string) {
	if *t == nil {
		*t = Tags{}
	}
	(*t)[s] = true
}
func (t Tags) List() []string {
	var out []string
	for k := range t {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

type Path []string

func (p *Path) Push(s ...string) { *p = append(*p, s...) }
func (p *Path) Pop() (s string) {
	s = (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return
}
func (p Path) String() string { return "/" + strings.Join(p, "/") }

type Name string

func (n *Name) Set(s string) error { *n = Name(s); return nil }
func (n *Name) Append(s string)    { *n += Name(s) }
func (n Name) Len() int            { return len(n) }

type Flag bool

func (f *Flag) Toggle() { *f = !*f }

type Temp float64

func (t *Temp) Heat(d float64) { *t += Temp(d) }

type Vec [3]int

func (v *Vec) Set(i, x int) { v[i] = x }
func (v Vec) Sum() (s int) {
	for _, x := range v {
		s += x
	}
	return
}

type Server struct {
	Counter
	Tags
	Path
	hits Counter
	name Name
	on   Flag
	t    Temp
	v    Vec
	arr  [2]Counter
	ptr  *Counter
}
type Setter interface{ Set(string) error }
type Incer interface{ Inc() }

func inc(i Incer)  { i.Inc() }
func set(s Setter) { s.Set("via iface") }

func main() {
	var c Counter
	c.Inc()
	c.Add(5).Add(6).Inc()
	p := &c
	p.Inc()
	inc(&c)
	inc(p)
	fmt.Println(c, c.Get(), *p, p.Get())
	s := Server{ptr: &c}
	s.Inc()
	s.Counter.Inc()
	s.hits.Inc()
	s.hits.Add(10)
	s.Put("x")
	s.Tags.Put("y")
	s.Push("a", "b")
	s.Path.Push("c")
	fmt.Println(s.Pop(), s.Path, s.List(), s.Counter, s.hits, s.Get())
	s.name.Set("srv")
	s.name.Append("!")
	s.on.Toggle()
	s.t.Heat(1.5)
	s.v.Set(1, 7)
	s.arr[1].Inc()
	s.ptr.Inc()
	fmt.Println(s.name, s.name.Len(), s.on, s.t, s.v, s.v.Sum(), s.arr, *s.ptr, c)
	sp := &s
	sp.Inc()
	sp.hits.Inc()
	sp.v.Set(0, 1)
	t := s
	t.Inc()
	t.v.Set(2, 100)
	t.Path.Push("zzz")
	fmt.Println(s.Counter, t.Counter, s.v, t.v, s.Path, t.Path)
	set(&s.name)
	fmt.Println(s.name)
	cs := []Counter{1, 2, 3}
	for i := range cs {
		cs[i].Inc()
	}
	for _, x := range cs {
		x.Inc()
	}
	cs[0].Add(100)
	fmt.Println(cs)
	m := map[string]*Counter{"a": new(Counter)}
	m["a"].Inc()
	m["b"] = &cs[1]
	m["b"].Inc()
	fmt.Println(*m["a"], *m["b"], cs)
	f := c.Inc
	g := s.hits.Add
	f()
	g(1000)
	fmt.Println(c, s.hits)
	h := (*Counter).Add
	h(&c, 1)
	fmt.Println(c, Counter.Get(c))
	n := new(Name)
	n.Set("q")
	fmt.Println(*n, n.Len())
	var v Vec
	pv := &v
	pv.Set(0, 3)
	w := *pv
	w.Set(0, 4)
	fmt.Println(v, w, pv.Sum(), v == Vec{3}, *pv == w)
	var tags Tags
	tags.Put("z")
	u := tags
	u.Put("w")
	fmt.Println(tags.List(), len(u))
	path := Path{"r"}
	q := path
	q.Push("s")
	q[0] = "changed"
	fmt.Println(path, q, len(path))
	func(c Counter) { c.Inc(); fmt.Println(c) }(c)
	func(c *Counter) { c.Inc() }(&c)
	fmt.Println(c)
	defer fmt.Println("end", c)
	var i Incer = &s
	i.Inc()
	fmt.Println(s.Counter)
	x := struct{ Counter }{5}
	x.Inc()
	fmt.Println(x, x.Get())
}
