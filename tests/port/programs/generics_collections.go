package main

import (
	"cmp"
	"errors"
	"fmt"
	"sort"
	"strings"
)

type Number interface {
	~int | ~int8 | ~int32 | ~int64 | ~uint8 | ~float64
}

func SlicesIndex[S ~[]E, E comparable](s S, v E) int {
	for i := range s {
		if v == s[i] {
			return i
		}
	}
	return -1
}

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func Filter[T any](xs []T, keep func(T) bool) (out []T) {
	for _, x := range xs {
		if keep(x) {
			out = append(out, x)
		}
	}
	return
}

func Reduce[T, A any](xs []T, init A, f func(A, T) A) A {
	for _, x := range xs {
		init = f(init, x)
	}
	return init
}

func Sum[T Number](xs ...T) T {
	var total T
	for _, x := range xs {
		total += x
	}
	return total
}

func Average[T Number](xs []T) T { return Sum(xs...) / T(len(xs)) }

func MaxOf[T cmp.Ordered](first T, rest ...T) T {
	for _, r := range rest {
		if r > first {
			first = r
		}
	}
	return first
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }
func (s *Stack[T]) Pop() (T, error) {
	var zero T
	if len(s.items) == 0 {
		return zero, errors.New("empty stack")
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, nil
}

type List[T any] struct {
	head, tail *element[T]
}

type element[T any] struct {
	next *element[T]
	val  T
}

func (lst *List[T]) Push(v T) {
	if lst.tail == nil {
		lst.head = &element[T]{val: v}
		lst.tail = lst.head
	} else {
		lst.tail.next = &element[T]{val: v}
		lst.tail = lst.tail.next
	}
}

func (lst *List[T]) AllElements() []T {
	var elems []T
	for e := lst.head; e != nil; e = e.next {
		elems = append(elems, e.val)
	}
	return elems
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(vs ...T) Set[T] {
	for _, v := range vs {
		s[v] = struct{}{}
	}
	return s
}
func (s Set[T]) Has(v T) bool { _, ok := s[v]; return ok }

type Pair[K cmp.Ordered, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) String() string { return fmt.Sprintf("<%v:%v>", p.Key, p.Val) }

func SortedPairs[K cmp.Ordered, V any](m map[K]V) []Pair[K, V] {
	ps := make([]Pair[K, V], 0, len(m))
	for k, v := range m {
		ps = append(ps, Pair[K, V]{k, v})
	}
	sort.Slice(ps, func(i, j int) bool { return ps[i].Key < ps[j].Key })
	return ps
}

type MyInt int8

func Ptr[T any](v T) *T { return &v }

func main() {
	fmt.Println(SlicesIndex([]string{"foo", "bar", "zoo"}, "zoo"), SlicesIndex[[]int, int]([]int{1}, 5))
	lst := List[int]{}
	lst.Push(10)
	lst.Push(13)
	fmt.Println("list:", lst.AllElements())
	strs := Map([]int{1, 2, 3}, func(i int) string { return strings.Repeat("x", i) })
	fmt.Println(strs, Filter(strs, func(s string) bool { return len(s) > 1 }), Filter([]int{}, func(int) bool { return true }) == nil)
	fmt.Println(Reduce([]int{1, 2, 3}, "", func(a string, i int) string { return a + fmt.Sprint(i) }))
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[MyInt](100, 27, 1), Sum[uint8](), Sum(MyInt(3)))
	fmt.Println(Average([]int{1, 2, 4}), Average([]float64{1, 2, 4}), Average([]MyInt{-7, 2}))
	fmt.Println(MaxOf(3, 9, 2), MaxOf("b", "a"), MaxOf(2.5))
	var st Stack[string]
	st.Push("a")
	st.Push("b")
	fmt.Println(st.Pop())
	fmt.Println(st.Pop())
	fmt.Println(st.Pop())
	_, err := new(Stack[[2]int]).Pop()
	fmt.Println(err)
	set := make(Set[string]).Add("x", "y", "x")
	fmt.Println(len(set), set.Has("x"), set.Has("z"))
	fmt.Println(SortedPairs(map[string]float64{"pi": 3.14, "e": 2.72}), Pair[int, bool]{1, true})
	fmt.Printf("%T %T %v %+v\n", st, set, *Ptr(7), Pair[string, []int]{"k", []int{1}})
	p, q := Ptr("s"), Ptr("s")
	fmt.Println(p == q, *p == *q)
}
