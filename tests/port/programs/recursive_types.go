// Types that have themselves in their elements.
package main

import "fmt"

type Tree map[string]Tree
type Nest []Nest
type PM map[string]*PM
type A []B
type B map[int]A
type Opt func(*Cfg) Opt
type Cfg struct {
	opts []Opt
	next map[string]Cfg
	by   ByName
}
type ByName map[string]*Cfg
type Rows []struct {
	kids Rows
	n    int
}
type Row2 [2]*struct{ r *Row2 }
type Visit func(n int, next Visit) Visit
type Chan chan Chan
type M1 map[string]struct{ m M1 }
type Pair struct {
	l, r *struct{ p *Pair }
}

func (t Tree) add(path ...string) {
	for _, p := range path {
		if t[p] == nil {
			t[p] = Tree{}
		}
		t = t[p]
	}
}
func (n Nest) depth() int {
	d := 0
	for _, k := range n {
		d = max(d, k.depth())
	}
	return d + 1
}
func (c Chan) reply() { c <- make(Chan, 2) }
func (r Rows) sum() (s int) {
	for _, x := range r {
		s += x.n + x.kids.sum()
	}
	return
}

type Graph[K comparable] map[K]Graph[K]
type Slices []*[]int
type Numbered []Numbered
type Arr [2]*Arr

func (a *Arr) set(i int, o *Arr) { a[i] = o }
func (n Numbered) len() int      { return len(n) }

type PN map[string]*PN
type Lex struct{ s string }
type stateFn func(*Lex) stateFn
type PS *PS
type ChanOf chan ChanOf

func startA(l *Lex) stateFn { l.s += "a"; return startB }
func startB(l *Lex) stateFn { l.s += "b"; return nil }

type RuneTrie map[rune]*struct {
	sub  RuneTrie
	word bool
}

func (t RuneTrie) add(s string) {
	for i, r := range s {
		if t[r] == nil {
			t[r] = &struct {
				sub  RuneTrie
				word bool
			}{sub: RuneTrie{}}
		}
		t[r].word = t[r].word || i+len(string(r)) == len(s)
		t = t[r].sub
	}
}

func main() {
	t := Tree{}
	t.add("a", "b")
	t.add("a", "c")
	fmt.Println(len(t["a"]), t)
	n := Nest{{}, {{}, {{}}}}
	fmt.Println(n.depth(), n)
	p := PM{"x": {}}
	(*p["x"])["y"] = &p
	fmt.Println(len(p), len(*(*p["x"])["y"]))
	a := A{{1: A{}}, nil}
	fmt.Println(a, len(a[1]))
	c := Cfg{}
	var o Opt
	o = func(c *Cfg) Opt { c.opts = append(c.opts, o); return nil }
	fmt.Println(o(&c) == nil, len(c.opts), len(c.next), c.by["q"] == nil)
	r := Rows{{n: 1, kids: Rows{{n: 5}}}, {n: 2}}
	fmt.Println(r.sum(), r)
	var r2 Row2
	r2[1] = &struct{ r *Row2 }{&r2}
	fmt.Println(r2[1].r == &r2, r2[0] == nil)
	ch := make(Chan, 1)
	ch.reply()
	fmt.Println(cap(<-ch))
	m := M1{"a": {M1{"b": {}}}}
	fmt.Println(m, len(m["a"].m["b"].m))
	pr := Pair{l: &struct{ p *Pair }{}}
	fmt.Println(pr.l.p == nil, pr.r == nil)
	var v Visit
	v = func(n int, next Visit) Visit {
		if n == 0 {
			return nil
		}
		fmt.Print(n, " ")
		return next
	}
	for i := 3; v != nil; i-- {
		v = v(i, v)
	}
	fmt.Printf("\n%T %T %T\n", t, r, m)
	others()
}

func others() {
	g := Graph[string]{"a": {"b": nil}}
	fmt.Println(g, len(g["a"]), g["a"]["b"] == nil)
	s := Slices{{1, 2}, nil, {}}
	*s[0] = append(*s[0], 3)
	(*s[2]) = append(*s[2], 9)
	fmt.Println(*s[0], s[1] == nil, *s[2], len(s))
	pm := map[string]*map[string]int{"x": {"y": 1}}
	(*pm["x"])["z"] = 2
	fmt.Println(*pm["x"])
	var x, y Arr
	x.set(1, &y)
	x[1].set(0, &x)
	fmt.Println(x[1][0] == &x, y[1] == nil)
	n := make(Numbered, 2, 5)
	n[0] = append(n[0], Numbered{})
	fmt.Println(n, n.len(), n[0][0] == nil, n[1] == nil)
	p := make([]PN, 2)
	p[0] = PN{"q": &p[1]}
	fmt.Println(len(p[0]), *p[0]["q"] == nil)
	l := &Lex{}
	for st := stateFn(startA); st != nil; st = st(l) {
		fmt.Printf("%T ", st)
	}
	fmt.Println(l.s)
	var ps PS
	ps = &ps
	fmt.Println(*ps == ps)
	c := make(ChanOf, 1)
	c <- c
	fmt.Println(<-c == c, fmt.Sprintf("%T", c))
	aa := []*[2]int{{1, 2}, nil}
	aa[0][1] = 7
	fmt.Println(*aa[0], aa[1] == nil)
	rt := RuneTrie{}
	rt.add("日本")
	rt.add("日")
	fmt.Println(len(rt), rt['日'].word, rt['日'].sub['本'].word, rt['x'] == nil)
}
