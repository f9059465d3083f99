package main

import (
	"bytes"
	"container/list"
	"fmt"
	"strings"
)

type doc struct {
	buf   bytes.Buffer
	sb    strings.Builder
	l     list.List
	p     *bytes.Buffer
	two   [2]bytes.Buffer
	inner struct{ b bytes.Buffer }
	name  string
}

func (d doc) with(s string) doc {
	d.buf.WriteString(s)
	d.inner.b.WriteString(s)
	d.two[0].Len()
	d.p.WriteString(s)
	return d
}

func main() {
	d := doc{p: new(bytes.Buffer)}
	e := d.with("x")
	f := e.with("y")
	e.sb.WriteString("z")
	fmt.Println(d.buf.String(), e.buf.String(), f.buf.String(), f.inner.b.String(), e.inner.b.Len(), d.p, e.p == f.p)
	m := map[string]doc{}
	for _, k := range []string{"a", "b"} {
		x := m["none"]
		x.p = d.p
		x.buf.WriteString(k)
		m[k] = x
	}
	a, b := m["a"], m["b"]
	fmt.Println(a.buf.String(), b.buf.String(), e.sb.String(), d.sb.Len())
	arrays()
}

type table struct {
	bufs [2]bytes.Buffer
	grid [2][2]strings.Builder
	ps   [2]*bytes.Buffer
}

type pair [2]bytes.Buffer

func lengths(bufs [2]bytes.Buffer) (int, int) {
	bufs[0].WriteString("lengths")
	return bufs[0].Len(), bufs[1].Len()
}

func arrays() {
	t := table{ps: [2]*bytes.Buffer{{}}}
	t.bufs[0].WriteString("a")
	u := t
	u.bufs[1].WriteString("b")
	u.grid[1][0].WriteString("c")
	u.ps[0].WriteString("shared")
	t.bufs[1].WriteString("ddd")
	fmt.Println(t.bufs[1].Len(), u.bufs[1].Len(), u.bufs[0].Len(), t.grid[1][0].Len(), t.ps[0].Len())
	bufs := u.bufs
	bufs[0].WriteString("eee")
	fmt.Println(lengths(bufs))
	fmt.Println(bufs[0].Len(), u.bufs[0].Len())
	var box any = bufs
	bufs[0].Reset()
	kept := box.([2]bytes.Buffer)
	for _, b := range kept {
		b.WriteString("loop")
	}
	fmt.Println(kept[0].Len(), kept[1].Len())
	var p pair
	q := p
	q[1].WriteString("f")
	fmt.Println(p[1].Len(), q[1].Len())
}
