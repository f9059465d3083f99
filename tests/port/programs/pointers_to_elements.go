// Elements that are overwritten or moved: pointers to them stay, and what was read of them before stays what it was.
package main

import (
	"fmt"
	"slices"
	"sort"
)

type P struct{ n, m int }

func moved() {
	s := []P{{1, 1}, {2, 2}, {3, 3}, {4, 4}}
	p := &s[1]
	s = append(s[:1], s[2:]...)
	fmt.Println(*p, s, s[:4])
	p.n = 50
	fmt.Println(*p, s, s[:4])
	q := &s[0]
	copy(s, s[1:])
	fmt.Println(*q, s, s[:4])
	q.m = 70
	s = slices.Delete(s, 0, 1)
	fmt.Println(*q, *p, s, s[:4])
	s = slices.Insert(s, 0, P{8, 8})
	fmt.Println(*q, *p, s, s[:4])
	sort.Slice(s, func(i, j int) bool { return s[i].n < s[j].n })
	fmt.Println(*q, *p, s)
	slices.Reverse(s)
	fmt.Println(*q, *p, s)
	s[0], s[1] = s[1], s[0]
	fmt.Println(*q, *p, s)
	for i, v := range s {
		v.n++
		s[i] = v
	}
	fmt.Println(*q, *p, s)
	clear(s)
	fmt.Println(*q, *p, s)
}

type Q struct {
	name string
	n    int
}

func ofFields() {
	qs := []Q{{"a", 1}, {"b", 2}, {"c", 3}}
	n := &qs[1].n
	qs = append(qs[:0], qs[1:]...)
	*n = 50
	fmt.Println(qs, *n)
	kept := qs[:0]
	for i := range qs {
		q := &qs[i]
		if q.n > 10 {
			kept = append(kept, *q)
		}
		q.name += "!"
	}
	fmt.Println(kept, qs, slices.IndexFunc(qs, func(q Q) bool { return q.n == 50 }))
	qs = append(qs, Q{"z", 9}, Q{"y", 8})
	f := &qs[0]
	qs = append(qs, Q{})
	f.n = 1000
	fmt.Println(qs, *f)
}

type U struct{ n, m int }

func pop(s []U) (U, []U) {
	x := s[0]
	copy(s, s[1:])
	return x, s[:len(s)-1]
}

func kept() {
	s := []U{{1, 1}, {2, 2}, {3, 3}, {4, 4}}
	x := s[0]
	all := map[string]U{"x": s[1]}
	copy(s, s[1:])
	fmt.Println(x, all, s)
	y, s := pop(s)
	fmt.Println(y, s)
	last := s[len(s)-1]
	s = s[:len(s)-1]
	s = append(s, U{9, 9})
	fmt.Println(last, s)
	first := s[0]
	slices.Reverse(s)
	sort.Slice(s, func(i, j int) bool { return s[i].n < s[j].n })
	fmt.Println(first, s)
	z := s[0]
	s = slices.Insert(s, 0, U{0, 0})
	fmt.Println(z, s)
	w := s[0]
	s = slices.Delete(s, 0, 1)
	clear(s[:1])
	fmt.Println(w, s, z)
}

type V struct{ n, m int }

func first(s []V) V { return s[0] }

func stored() {
	s := []V{{1, 1}, {2, 2}}
	p := &s[0]
	x := s[0]
	y := first(s)
	m := map[int]V{0: s[0]}
	s[0] = V{9, 9}
	fmt.Println(x, y, m, *p, s)
	s[0], s[1] = s[1], s[0]
	fmt.Println(x, y, m, *p, s)
}

type In struct{ a, b int }
type Out struct {
	in In
	n  int
}

func (p *In) Sum() int { return p.a + p.b }

func fields() {
	o := Out{In{1, 2}, 3}
	p := &o.in
	x := o.in
	o.in = In{7, 8}
	fmt.Println(x, *p, o)
	s := []In{{1, 2}, {3, 4}}
	fmt.Println(s[0].Sum())
	y := s[0]
	s[0] = In{9, 9}
	fmt.Println(y, s)
	t := [2]In{{1, 1}, {2, 2}}
	q := &t[1]
	z := t[1]
	t[1] = In{5, 5}
	fmt.Println(z, *q, t)
}

func grown() {
	s := make([]Q, 2, 6)
	q := &s[1]
	s = slices.Insert(s, 1, Q{"new", 1})
	q.n = 5
	fmt.Println(s, *q)
	s = append(s[:1], s...)
	fmt.Println(s, *q)

	// There is no room: the old array keeps its elements, and the pointers into it.
	t := []Q{{"a", 1}, {"b", 2}, {"c", 3}}
	u := []Q{{"a", 1}, {"b", 2}, {"c", 3}}
	r, p := &t[2], &u[2]
	t = slices.Insert(t, 1, Q{"new", 1})
	u = slices.Replace(u, 0, 1, Q{"new", 1}, Q{"newer", 2})
	r.n, p.n = 5, 6
	slices.Reverse(t)
	slices.Reverse(u)
	fmt.Println(t, *r, u, *p)
}

type W struct{ n int }

func put[T any](s []T, i int, x T) T {
	old := s[i]
	s[i] = x
	return old
}

func exchanged() {
	s := []W{{1}, {2}}
	p := &s[0]
	fmt.Println(put(s, 0, W{3}), s, *p)
}

func main() {
	exchanged()
	grown()
	moved()
	ofFields()
	kept()
	stored()
	fields()
}
