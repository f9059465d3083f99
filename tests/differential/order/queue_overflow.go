//go:build ignore

// A full run queue moves its older half to the global queue, and takes it back when it is empty.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

// align takes turns until as many are behind it as ever: how many the runtime took before main varies, and
// whoever is in the global queue comes out at every 61st.
func align() {
	var wg sync.WaitGroup
	ran := 0
	burn := func(n int) {
		wg.Add(n)
		for range n {
			go func() {
				ran++
				wg.Done()
			}()
		}
	}
	burn(100)
	runtime.Gosched()
	before := ran
	wg.Wait()
	burn(before)
	wg.Wait()
}

func main() {
	defer out.Flush()
	align()
	for _, n := range []int{255, 257, 258, 300, 1000} {
		fmt.Fprintln(out, n, "goroutines")
		var wg sync.WaitGroup
		for i := range n {
			wg.Add(1)
			go func() {
				fmt.Fprintln(out, i)
				wg.Done()
			}()
		}
		wg.Wait()
	}
}
