package main

import (
	"fmt"
	"slices"
	"sort"
)

type T struct{ n int }

func (t *T) add(xs []int, k int) []int {
	var out []int
	for _, x := range xs {
		out = append(out, x+k+t.n)
	}
	return out
}
func id(xs []int) []int { return xs }
func show(xs []string, n int) {
	fmt.Println(len(xs), n)
}
func show2(xs []string) { fmt.Println(len(xs)) }
func main() {
	t := &T{1}
	fmt.Println(t.add(nil, 1), t.add([]int{1}, 2))
	fmt.Println((*T).add(t, nil, 3))
	y := id(nil)
	fmt.Println(y)
	show(nil, 1)
	defer show(nil, 2)
	defer show2([]string{"z"})
	done := make(chan bool)
	go func() { show(nil, 3); done <- true }()
	<-done
	a := []int{1, 3, 5}
	b := []int{1, 3, 5}
	fmt.Println(slices.Equal(a, b), sort.SearchInts(a, 3), slices.IsSorted(a))
	w := []string{"a", "c"}
	fmt.Println(sort.SearchStrings(w, "b"))
	f := func(xs []int) int { return len(xs) }
	fmt.Println(f(nil), f(a))
}
