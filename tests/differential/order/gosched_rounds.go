//go:build ignore

// Goroutines that yield go to the end of the global queue, behind whoever is runnable.
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
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for round := range 4 {
				fmt.Fprintln(out, "goroutine", i, "round", round)
				if round == 1 {
					wg.Add(1)
					go func() {
						defer wg.Done()
						fmt.Fprintln(out, "child of", i)
						runtime.Gosched()
						fmt.Fprintln(out, "child of", i, "again")
					}()
				}
				runtime.Gosched()
			}
		}()
	}
	fmt.Fprintln(out, "main yields")
	runtime.Gosched()
	fmt.Fprintln(out, "main waits")
	wg.Wait()
}
