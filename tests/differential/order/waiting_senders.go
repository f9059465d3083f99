//go:build ignore

// Senders that wait are served in the order in which they came; a close makes those that are left panic.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	for _, capacity := range []int{0, 3} {
		values := make(chan int, capacity)
		var wg sync.WaitGroup
		send := func(i int) {
			defer wg.Done()
			defer func() {
				if fault := recover(); fault != nil {
					fmt.Fprintln(out, "sender", i, "panics:", fault)
				}
			}()
			values <- i
			fmt.Fprintln(out, "sender", i, "is done")
		}
		for i := range 10 {
			wg.Add(1)
			go send(i)
		}
		runtime.Gosched()
		for range 4 {
			fmt.Fprintln(out, "got", <-values, "of", len(values))
		}
		fmt.Fprintln(out, "close")
		close(values)
		wg.Wait()
		for v := range values {
			fmt.Fprintln(out, "left", v)
		}
	}
}
