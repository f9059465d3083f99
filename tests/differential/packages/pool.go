//go:build ignore

// A Pool gives out first what was put in first, and then what was put in last.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

type buffer struct {
	name string
	uses int
}

func main() {
	defer out.Flush()
	made := 0
	pool := sync.Pool{New: func() any {
		made++
		return &buffer{name: fmt.Sprint("made ", made)}
	}}
	var empty sync.Pool
	fmt.Fprintln(out, "without New:", empty.Get())
	empty.Put(nil)
	fmt.Fprintln(out, "nil is not kept:", empty.Get())
	for _, n := range []int{1, 2, 5, 9} {
		var taken []*buffer
		for range n {
			b := pool.Get().(*buffer)
			b.uses++
			fmt.Fprintln(out, "got", b.name, "for use", b.uses)
			taken = append(taken, b)
		}
		for _, b := range taken {
			pool.Put(b)
		}
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 3 {
				b := pool.Get().(*buffer)
				fmt.Fprintln(out, "goroutine", i, "has", b.name)
				runtime.Gosched()
				pool.Put(b)
			}
		})
	}
	wg.Wait()
	for made < 12 {
		fmt.Fprintln(out, "left:", pool.Get().(*buffer).name)
	}
}
