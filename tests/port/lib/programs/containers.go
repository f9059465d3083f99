// heap, list, ring, slices, maps, cmp.
package main

import (
	"cmp"
	"container/heap"
	"container/list"
	"container/ring"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

type person struct {
	Name string
	Age  int
}

func try(f func()) {
	defer func() { fmt.Println("recovered:", recover()) }()
	f()
}

func main() {
	h := &ints{5, 2, 8, 9, 1, 7, 3}
	heap.Init(h)
	fmt.Println(*h)
	heap.Push(h, 0)
	heap.Push(h, 6)
	fmt.Println(*h)
	fmt.Println(heap.Remove(h, 3), *h)
	(*h)[2] = 20
	heap.Fix(h, 2)
	fmt.Println(*h)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println()
	sort.Sort(sort.Reverse(sort.IntSlice([]int{3, 1, 2})))
	s := []int{3, 1, 2}
	sort.Sort(sort.Reverse(sort.IntSlice(s)))
	fmt.Println(s)

	l := list.New()
	e4 := l.PushBack(4)
	e1 := l.PushFront(1)
	l.InsertBefore(3, e4)
	l.InsertAfter(2, e1)
	l.MoveToFront(e4)
	l.MoveAfter(e1, e4)
	l.MoveToBack(l.Front().Next())
	other := list.New()
	other.PushBack("x")
	l.PushBackList(other)
	l.PushFrontList(l)
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println(l.Len(), l.Remove(e4), l.Remove(e4), l.Len(), e4.Next() == nil, l.Back().Value)

	r := ring.New(5)
	for i := 0; i < r.Len(); i++ {
		r.Value = i
		r = r.Next()
	}
	r = r.Move(2)
	removed := r.Unlink(2)
	r.Do(func(x any) { fmt.Print(x, " ") })
	removed.Do(func(x any) { fmt.Print(x, " ") })
	fmt.Println(r.Len(), r.Prev().Value)

	a := []int{1, 2, 3, 4, 5}
	fmt.Println(slices.Insert(slices.Clone(a), 2, 10, 11), slices.Delete(slices.Clone(a), 1, 3), slices.Replace(slices.Clone(a), 1, 3, 7, 8, 9))
	b := slices.Clone(a)
	c := slices.Delete(b, 0, 2)
	fmt.Println(b, c, len(c), cap(c))
	b = slices.Clone(a)
	c = slices.DeleteFunc(b, func(x int) bool { return x%2 == 0 })
	fmt.Println(b, c)
	fmt.Println(slices.Compact([]int{1, 1, 2, 2, 2, 1}), slices.Index(a, 3), slices.Contains(a, 9), slices.Max(a), slices.Min(a))
	i, ok := slices.BinarySearch(a, 4)
	fmt.Println(i, ok, slices.Equal(a, b), slices.Compare(a, []int{1, 2}), slices.Concat(a, a[:1]), slices.Repeat([]string{"a"}, 3))
	slices.Reverse(a)
	fmt.Println(a, slices.IsSorted(a), slices.Sorted(slices.Values(a)), slices.Collect(maps.Keys(map[int]bool{7: true})))
	for ch := range slices.Chunk(a, 2) {
		fmt.Print(ch, len(ch), cap(ch), ";")
	}
	fmt.Println()
	for i, v := range slices.Backward(a) {
		fmt.Print(i, v, " ")
	}
	fmt.Println()
	people := []person{}
	for i := range 40 {
		people = append(people, person{fmt.Sprint("p", i), i * 7 % 5})
	}
	slices.SortFunc(people, func(x, y person) int { return cmp.Compare(x.Age, y.Age) })
	fmt.Println(people)
	slices.SortStableFunc(people, func(x, y person) int { return -cmp.Compare(x.Age, y.Age) })
	fmt.Println(people)
	m := map[string]int{"a": 1, "b": 2}
	n := maps.Clone(m)
	maps.DeleteFunc(n, func(k string, v int) bool { return v == 1 })
	maps.Copy(n, map[string]int{"z": 26})
	fmt.Println(m, n, maps.Equal(m, n), slices.Sorted(maps.Keys(m)), maps.Collect(slices.All([]string{"x", "y"})))
	fmt.Println(cmp.Or("", "x", "y"), cmp.Or(0, 0), cmp.Less(1, 2), cmp.Compare("a", "b"), strings.Compare("b", "a"))
	try(func() { slices.Max([]int{}) })
	try(func() { slices.Delete([]int{1, 2}, 1, 3) })
	try(func() { slices.Insert([]int{1, 2}, 3, 1) })
	try(func() { slices.Chunk([]int{1}, 0) })
	try(func() { strings.Repeat("x", -1) })
	try(func() { slices.Grow([]int{1}, -1) })
}
