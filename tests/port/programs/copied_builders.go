package main

import (
	"fmt"
	"strings"
	"sync/atomic"
)

type page struct {
	title string
	body  strings.Builder
}

func (p page) add(s string) string {
	p.body.WriteString(s)
	return p.body.String()
}

func (p *page) append(s string) { p.body.WriteString(s) }

func write(b strings.Builder, s string) string {
	b.WriteString(s)
	return b.String()
}

func try(name string, f func() string) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("%s: %v (%T)\n", name, r, r)
		}
	}()
	fmt.Println(name, f())
}

func main() {
	var b strings.Builder
	try("empty", func() string { return write(b, "x") })
	b.WriteString("hello ")
	c := b
	fmt.Printf("%q %d %q\n", c.String(), c.Len(), fmt.Sprint(c.Len()))
	try("argument", func() string { return write(b, "x") })
	try("variable", func() string { c.WriteByte('x'); return c.String() })
	try("rune", func() string { c.WriteRune('é'); return c.String() })
	try("bytes", func() string { c.Write([]byte("x")); return c.String() })
	try("print", func() string { fmt.Fprintf(&c, "%d", 1); return c.String() })
	try("grow", func() string { c.Grow(10); return c.String() })
	try("reset", func() string { c.Reset(); c.WriteString("again"); return c.String() })
	b.WriteString("world")
	fmt.Println(b.String(), c.String())
	p := page{title: "t"}
	try("empty page", func() string { return p.add("a") })
	p.append("b")
	try("page", func() string { return p.add("c") })
	q := p
	try("copied page", func() string { q.append("d"); return q.body.String() })
	p.append("e")
	fmt.Println(p.body.String(), q.body.String())
	var v atomic.Value
	v.Store("text")
	try("atomic", func() string { v.Store(1); return "" })
	try("swap", func() string { v.CompareAndSwap("text", 2); return "" })
}
