package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

type List[T any] struct {
	head, tail *element[T]
}

type element[T any] struct {
	next *element[T]
	val  T
}

func (lst *List[T]) Push(v T) {
	e := &element[T]{val: v}
	if lst.tail == nil {
		lst.head, lst.tail = e, e
	} else {
		lst.tail.next = e
		lst.tail = e
	}
}

func (lst *List[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for e := lst.head; e != nil; e = e.next {
			if !yield(e.val) {
				return
			}
		}
	}
}

func genFib() iter.Seq[int] {
	return func(yield func(int) bool) {
		a, b := 1, 1
		defer fmt.Println("cleanup")
		for {
			if !yield(a) {
				return
			}
			a, b = b, a+b
		}
	}
}

func enumerate[T any](seq iter.Seq[T], start int) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		i := start
		for v := range seq {
			if !yield(i, v) {
				return
			}
			i++
		}
	}
}

func firstOver(limit int) (index, value int) {
	for i, v := range enumerate(genFib(), 1) {
		if v > limit {
			return i, v
		}
	}
	return
}

func countdown(n int) func(func() bool) {
	return func(yield func() bool) {
		for ; n > 0; n-- {
			if !yield() {
				return
			}
		}
	}
}

func main() {
	lst := List[int]{}
	lst.Push(10)
	lst.Push(13)
	lst.Push(23)
	for e := range lst.All() {
		fmt.Println(e)
	}
	all := slices.Collect(lst.All())
	fmt.Println("all:", all)
	for n := range genFib() {
		if n >= 10 {
			break
		}
		if n == 2 {
			continue
		}
		fmt.Print(n, " ")
	}
	fmt.Println(firstOver(100))
	ticks := 0
	for range countdown(3) {
		ticks++
	}
	fmt.Println("ticks", ticks)
outer:
	for i := range lst.All() {
		for j := range lst.All() {
			if j == 13 {
				continue outer
			}
			if i == 23 {
				break outer
			}
			fmt.Println(i, j)
		}
	}
	m := map[string]int{"b": 2, "a": 1, "c": 3}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Print(k, m[k], " ")
	}
	fmt.Println(slices.Sorted(maps.Values(m)))
	for i, v := range slices.Backward(all) {
		fmt.Print(i, "=", v, " ")
	}
	fmt.Println()
	next, stop := iter.Pull(lst.All())
	v1, ok1 := next()
	v2, ok2 := next()
	stop()
	v3, ok3 := next()
	fmt.Println(v1, ok1, v2, ok2, v3, ok3)
	var fs []func() int
	for v := range lst.All() {
		fs = append(fs, func() int { v++; return v })
	}
	fmt.Println(fs[0](), fs[0](), fs[1](), fs[2]())
	for chunk := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(chunk)
	}
	fmt.Println()
}
