// Heaps and sorted slices that are in variables of interfaces.
package main

import (
	"container/heap"
	"fmt"
	"sort"
)

type ints []int

func (x ints) Len() int           { return len(x) }
func (x ints) Less(i, j int) bool { return x[i] < x[j] }
func (x ints) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }
func (x *ints) Push(v any)        { *x = append(*x, v.(int)) }
func (x *ints) Pop() any          { o := *x; v := o[len(o)-1]; *x = o[:len(o)-1]; return v }

func drain(h heap.Interface) (n int) {
	for h.Len() > 0 {
		n = n*10 + heap.Pop(h).(int)
	}
	return
}

func show(s sort.Interface) int { sort.Sort(s); return s.Len() }

func main() {
	c := make(chan heap.Interface, 5)
	c <- &ints{2, 1}
	x := <-c
	heap.Init(x)
	heap.Push(x, 0)
	fmt.Println(x, x.Len(), drain(x))
	y := &ints{3, 1, 2}
	heap.Init(y)
	fmt.Println(show(y), drain(y))
	var z heap.Interface = &ints{5, 4}
	heap.Init(z)
	heap.Push(z, 1)
	heap.Fix(z, 0)
	fmt.Println(heap.Remove(z, 0), drain(z))
	hs := []heap.Interface{&ints{7}, y}
	for _, h := range hs {
		heap.Push(h, 9)
		fmt.Println(h.Len(), drain(h))
	}
	m := map[string]sort.Interface{"a": ints{2, 1}}
	fmt.Println(show(m["a"]), m["a"])
}
