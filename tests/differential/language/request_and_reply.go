//go:build ignore

// A goroutine that owns a map: each request carries the channel for its reply.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

type request struct {
	key   string
	add   int
	reply chan int
}

func owner(requests <-chan request) {
	counts := map[string]int{}
	for r := range requests {
		counts[r.key] += r.add
		fmt.Fprintln(out, "owner:", r.key, "is", counts[r.key])
		if r.reply != nil {
			r.reply <- counts[r.key]
		}
	}
	fmt.Fprintln(out, "owner: closed")
}

func main() {
	defer out.Flush()
	requests := make(chan request, 2)
	go owner(requests)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			reply := make(chan int)
			key := string(rune('a' + i%2))
			for n := range 3 {
				requests <- request{key, n, nil}
				requests <- request{key, 10 * i, reply}
				fmt.Fprintln(out, "client", i, "is told", <-reply)
			}
		})
	}
	fmt.Fprintln(out, "goroutines:", runtime.NumGoroutine())
	wg.Wait()
	fmt.Fprintln(out, "goroutines:", runtime.NumGoroutine())
	close(requests)
	runtime.Gosched()
	fmt.Fprintln(out, "goroutines:", runtime.NumGoroutine())

	channels := make(chan chan string, 1)
	go func() {
		for c := range channels {
			c <- fmt.Sprint("capacity ", cap(c))
			close(c)
		}
	}()
	for capacity := range 3 {
		c := make(chan string, capacity)
		channels <- c
		for s := range c {
			fmt.Fprintln(out, s)
		}
	}
}
