//go:build ignore

// A Map: what each of its methods returns, and what a change while it is ranged over makes of that.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	var m sync.Map
	show := func(what string) {
		var entries []string
		m.Range(func(k, v any) bool {
			entries = append(entries, fmt.Sprint(k, "=", v))
			return true
		})
		sort.Strings(entries)
		fmt.Fprintln(out, what, entries)
	}
	pair := func(v any, ok bool) { fmt.Fprintln(out, "  ", v, ok) }
	pair(m.Load("a"))
	m.Store("a", 1)
	pair(m.Load("a"))
	pair(m.LoadOrStore("a", 2))
	pair(m.LoadOrStore("b", 3))
	show("stored")
	pair(m.Swap("a", 4))
	pair(m.Swap("c", 5))
	show("swapped")
	fmt.Fprintln(out, m.CompareAndSwap("a", 1, 6), m.CompareAndSwap("a", 4, 6), m.CompareAndSwap("x", nil, 6))
	fmt.Fprintln(out, m.CompareAndDelete("b", 4), m.CompareAndDelete("b", 3), m.CompareAndDelete("b", 3))
	show("compared")
	pair(m.LoadAndDelete("c"))
	pair(m.LoadAndDelete("c"))
	m.Delete("c")
	show("deleted")
	m.Clear()
	m.Clear()
	show("cleared")
	for i := range 10 {
		m.Store(i, i*i)
	}
	n, sum := 0, 0
	m.Range(func(k, v any) bool {
		n++
		return n < 4
	})
	fmt.Fprintln(out, "stopped after", n)
	m.Range(func(k, v any) bool {
		m.Delete(k)
		sum += v.(int)
		return true
	})
	show("all visited, all gone:")
	fmt.Fprintln(out, "sum", sum)
	var wg sync.WaitGroup
	winners := 0
	for i := range 6 {
		wg.Go(func() {
			if v, loaded := m.LoadOrStore("leader", i); !loaded {
				winners++
				fmt.Fprintln(out, i, "is the first, with", v)
			} else {
				fmt.Fprintln(out, i, "finds", v)
			}
		})
	}
	wg.Wait()
	fmt.Fprintln(out, "winners:", winners)
}
