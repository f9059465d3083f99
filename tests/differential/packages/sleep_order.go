//go:build ignore

// Sleepers wake in the order of their times, not of their starts.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	var wg sync.WaitGroup
	for i, ms := range []int{90, 30, 60, 120, 0, 150} {
		wg.Go(func() {
			time.Sleep(time.Duration(ms) * time.Millisecond)
			fmt.Fprintln(out, "sleeper", i, "wakes after", ms)
		})
	}
	time.Sleep(-time.Second)
	fmt.Fprintln(out, "a negative sleep is none")
	wg.Wait()
	results := make(chan int)
	for i := range 3 {
		time.AfterFunc(time.Duration(60-20*i)*time.Millisecond, func() { results <- i })
	}
	for range 3 {
		fmt.Fprintln(out, "called", <-results)
	}
}
