// Assignments that take an element and the rest of a slice: which of both panics, and targets that depend on each other.
package main

import "fmt"

type S struct {
	items []int
	next  *S
	n     int
}

func (s *S) pop() (x int) {
	n := len(s.items) - 1
	x, s.items = s.items[n], s.items[:n]
	return
}

func (s *S) shift() (x int) {
	x, s.items = s.items[0], s.items[1:]
	return
}

func last(s []int) (int, int) {
	n := len(s) - 1
	x, s := s[n], s[:n]
	return x, len(s)
}

func named(s []int) (x int, rest []int) {
	x, rest = s[len(s)-1], s[:len(s)-1]
	return
}

func bytes(s string) (byte, string) {
	c, rest := s[0], s[1:]
	return c, rest
}

func drain(q []int) (n int) {
	for {
		var c int
		c, q = q[0], q[1:]
		n += c
	}
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	try("pop", func() { (&S{}).pop() })
	try("shift", func() { (&S{}).shift() })
	try("last", func() { last(nil) })
	try("named", func() { named(nil) })
	try("bytes", func() { bytes("") })
	try("drain", func() { drain([]int{1}) })
	try("one", func() {
		s := []int{1}
		i := 1
		s[0], s[i] = s[i], s[0]
	})

	s := &S{items: []int{1, 2, 3}}
	fmt.Println(s.pop(), s.shift(), s.items)
	fmt.Println(last([]int{4, 5}))
	fmt.Println(named([]int{6, 7}))
	fmt.Println(bytes("xyz"))

	rows := [][]int{nil, {1, 2, 3}, nil}
	i := 0
	i, rows[i] = rows[1][0], rows[1][1:]
	fmt.Println(i, rows)
	rows[i], i = rows[0][:1], rows[0][1]
	fmt.Println(i, rows)
	a := &S{items: []int{1, 2}, next: &S{items: []int{3, 4}}}
	b := a
	b, a.items = b.next, b.items[1:]
	fmt.Println(a.items, b.items)
	b = a
	a, a.next.n = a.next, a.items[0]
	fmt.Println(a.n, b.next.n)
	a, b = b, a
	a.n, a.items = a.items[0], a.items[:0]
	fmt.Println(a.n, a.items)
	var p *S
	p, a.next, a.items = a.next, nil, a.next.items[1:]
	fmt.Println(p.items, a.next == nil, a.items)
}
