package main

import (
	"cmp"
	"fmt"
	"sort"
)

func Map[T, U any](s []T, f func(T) U) []U {
	out := make([]U, 0, len(s))
	for _, v := range s {
		out = append(out, f(v))
	}
	return out
}

func Filter[T any](s []T, keep func(T) bool) []T {
	var out []T
	for _, v := range s {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func Reduce[T, A any](s []T, init A, f func(A, T) A) A {
	acc := init
	for _, v := range s {
		acc = f(acc, v)
	}
	return acc
}

func Contains[T comparable](s []T, x T) bool {
	for _, v := range s {
		if v == x {
			return true
		}
	}
	return false
}

func Max[T cmp.Ordered](a, b T) T {
	if a > b {
		return a
	}
	return b
}

func Keys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

func Sum[T int | float64 | uint8](s ...T) T {
	var t T
	for _, v := range s {
		t += v
	}
	return t
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }
func (s *Stack[T]) Pop() (T, bool) {
	var zero T
	if len(s.items) == 0 {
		return zero, false
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func MakePair[K comparable, V any](k K, v V) Pair[K, V] { return Pair[K, V]{k, v} }

type point struct{ x, y int }

func Ptr[T any](v T) *T { return &v }

func Show[T any](v T) string { return fmt.Sprintf("%v %T", v, v) }

func First[T any](xs ...T) (T, error) {
	if len(xs) == 0 {
		var zero T
		return zero, fmt.Errorf("empty")
	}
	return xs[0], nil
}

func Apply[T any](n int, v T, f func(T) T) T {
	if n == 0 {
		return v
	}
	return Apply(n-1, f(v), f)
}

func Send[T any](ch chan<- T, vs ...T) {
	for _, v := range vs {
		ch <- v
	}
	close(ch)
}

func Collect[T any](ch <-chan T) []T {
	var out []T
	for v := range ch {
		out = append(out, v)
	}
	return out
}

func main() {
	fmt.Println(Map([]int{1, 2}, func(i int) string { return fmt.Sprint(i, "!") }))
	fmt.Println(Map([]string{"a", "bc"}, func(s string) int { return len(s) }))
	fmt.Println(Map([]string{"a", "bc"}, func(s string) uint8 { return uint8(len(s)) }))
	fmt.Println(Filter([]int{1, 2, 3}, func(i int) bool { return i%2 == 1 }), Filter([]string{"x", "yy"}, func(s string) bool { return len(s) > 1 }))
	fmt.Println(Reduce([]int{1, 2, 3}, "", func(a string, v int) string { return a + fmt.Sprint(v) }), Reduce([]float64{1, 2}, 0.5, func(a, v float64) float64 { return a + v }))
	fmt.Println(Contains([]int{1, 2}, 2), Contains([]string{"a"}, "b"), Contains([]point{{1, 2}}, point{1, 2}))
	fmt.Println(Max(1, 2), Max("a", "b"), Max(1.5, 0.5), Max(uint8(3), 4))
	fmt.Println(Keys(map[string]int{"b": 1, "a": 2}), Keys(map[int]bool{3: true, 1: false}))
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum(uint8(200), 100))
	s := Stack[int]{}
	s.Push(1)
	fmt.Println(s.Pop())
	fmt.Println(s.Pop())
	t := Stack[string]{}
	t.Push("x")
	fmt.Println(t.Pop())
	fmt.Println(MakePair("a", 1), MakePair(1, "b"))
	fmt.Println(*Ptr(3), *Ptr("x"), Ptr(point{1, 2}).x)
	fmt.Println(Show(int8(3)), Show("x"), Show([]int{1}))
	fmt.Println(First(1, 2))
	fmt.Println(First[string]())
	fmt.Println(Apply(3, 1, func(i int) int { return i * 2 }), Apply(2, "x", func(s string) string { return s + s }))
	ci, cs := make(chan int), make(chan string)
	go Send(ci, 1, 2)
	go Send(cs, "a", "b")
	fmt.Println(Collect(ci), Collect(cs))
}
