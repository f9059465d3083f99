//go:build ignore

// More goroutines yield than the local run queue holds: they come back from the global one in batches.
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
	const n = 700
	var wg sync.WaitGroup
	ready := 0
	start := make(chan bool)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ready++
			if ready == n {
				close(start)
			}
			<-start
			for round := range 3 {
				fmt.Fprintln(out, i, round)
				runtime.Gosched()
			}
		}()
	}
	wg.Wait()
}
