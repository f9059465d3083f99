//go:build ignore

// Tokens go round a ring of unbuffered channels; more than one at a time, so that they meet.
package main

import (
	"bufio"
	"fmt"
	"os"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	const n = 12
	var ring [n]chan int
	for i := range ring {
		ring[i] = make(chan int)
	}
	last := make(chan int)
	for i := range ring {
		go func() {
			for hops := range ring[i] {
				fmt.Fprintln(out, "node", i, "hops", hops)
				if hops == 0 {
					last <- i
					continue
				}
				ring[(i+1)%n] <- hops - 1
			}
		}()
	}
	ring[0] <- 40
	ring[4] <- 33
	ring[8] <- 26
	for range 3 {
		fmt.Fprintln(out, "ended at", <-last)
	}
}
