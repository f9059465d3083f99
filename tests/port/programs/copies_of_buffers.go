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
}
