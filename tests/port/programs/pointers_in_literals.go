// Loops over literals of pointers to variables, fields and elements.
package main

import "fmt"

type R struct{ k, v string }

func main() {
	var r R
	q := struct{ n int }{3}
	for i, p := range []*string{&r.k, &r.v} {
		*p = fmt.Sprint("x", i)
	}
	a, b := 1, 2
	for _, p := range []*int{&a, &b} {
		*p *= 10
	}
	for _, p := range [...]*int{&a, &b} {
		*p++
	}
	xs := []int{1, 2}
	for _, p := range [2]*string{&r.k, &r.v} {
		fmt.Print(len(*p))
	}
	for _, p := range []*int{&a, &xs[1], &q.n} {
		*p = 7
	}
	ps := []*string{&r.k, &r.v}
	fmt.Println(r, a, b, xs, *ps[1])
	m := map[string]*int{"a": &a, "x": &xs[0]}
	*m["x"] = 5
	fmt.Println(xs, len(m), q)
}
