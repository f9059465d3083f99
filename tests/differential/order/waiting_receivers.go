//go:build ignore

// Receivers that wait are served in the order in which they came; a close wakes those that are left.
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
	for _, capacity := range []int{0, 2} {
		values := make(chan int, capacity)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				v, ok := <-values
				fmt.Fprintln(out, "receiver", i, "got", v, ok)
			}()
		}
		runtime.Gosched()
		for v := range 5 {
			fmt.Fprintln(out, "send", v)
			values <- 10 + v
		}
		fmt.Fprintln(out, "close")
		close(values)
		wg.Wait()
	}
}
