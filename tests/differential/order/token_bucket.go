//go:build ignore

// A buffered channel as a semaphore: in what order its holders get in and out.
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
	for _, permits := range []int{1, 3} {
		fmt.Fprintln(out, "permits", permits)
		tokens := make(chan struct{}, permits)
		var wg sync.WaitGroup
		for i := range 7 {
			wg.Go(func() {
				for visit := range 3 {
					tokens <- struct{}{}
					fmt.Fprintln(out, i, "enters for visit", visit, "beside", len(tokens)-1)
					if (i+visit)%2 == 0 {
						runtime.Gosched()
					}
					<-tokens
					fmt.Fprintln(out, i, "has left")
				}
			})
		}
		wg.Wait()
	}
}
