// What reflect.Value.Pointer tells apart: slices of one array, copies, maps, pointers and nil.
package main

import (
	"fmt"
	"reflect"
)

type node struct{ next *node }

func at(x any) uintptr { return reflect.ValueOf(x).Pointer() }

func doubled(xs []int) []int {
	for i := range xs {
		xs[i] *= 2
	}
	return xs
}

func tail(xs []int) []int { return xs[1:] }

func main() {
	xs := []int{1, 2, 3}
	same := doubled(xs)
	fmt.Println(at(xs) == at(same), at(xs) == at(xs[:1]), at(tail(xs)) == at(xs))
	fmt.Println(at(tail(xs))-at(xs), at(append([]int(nil), xs...)) == at(xs))
	words := []string{"a", "b", "c"}
	fmt.Println(at(words[2:]) - at(words))
	m := map[string]int{"a": 1}
	other := m
	fmt.Println(at(m) == at(other), at(m) == at(map[string]int{"a": 1}))
	a, b := &node{}, &node{}
	a.next = b
	fmt.Println(at(a.next) == at(b), at(a) == at(b), at(b.next))
	n := 1
	p, q := &n, &n
	fmt.Println(at(p) == at(q), at((*int)(nil)), at([]int(nil)), at(map[int]int(nil)))
	defer func() { fmt.Println(recover()) }()
	at(1)
}
