//go:build ignore

// One goroutine in the global queue gets a turn in 61, however many are in the local one.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	const n = 250
	turns := 0
	done := make(chan bool)
	go func() {
		// The first turn falls where it may: it depends on how many turns the runtime took before main.
		runtime.Gosched()
		for range 3 {
			before := turns
			runtime.Gosched()
			fmt.Fprintln(out, "after", turns-before, "turns")
		}
	}()
	for range n {
		go func() {
			turns++
			if turns == n {
				done <- true
			}
		}()
	}
	<-done
}
