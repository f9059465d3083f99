//go:build ignore

// A Cond: who waited longest is signalled first; a broadcast wakes all; each has to get the lock again.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func main() {
	defer out.Flush()
	var mu sync.Mutex
	var wg sync.WaitGroup
	cond := sync.NewCond(&mu)
	cond.Signal()
	cond.Broadcast()
	tokens := 0
	for i := range 8 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for tokens == 0 {
				say(i, "waits")
				cond.Wait()
			}
			tokens--
			say(i, "takes a token and leaves", tokens)
		})
	}
	runtime.Gosched()
	for range 2 {
		mu.Lock()
		tokens++
		mu.Unlock()
		cond.Signal()
		say("one was signalled")
	}
	runtime.Gosched()
	mu.Lock()
	tokens = 2
	cond.Signal()
	cond.Signal()
	say("two were signalled under the lock")
	runtime.Gosched()
	mu.Unlock()
	say("unlocked")
	runtime.Gosched()
	tokens = 1
	cond.Broadcast()
	say("a broadcast for one token")
	runtime.Gosched()
	tokens = 3
	cond.Signal()
	cond.Broadcast()
	say("a broadcast for all")
	wg.Wait()

	turn := 0
	for i := range 3 {
		wg.Go(func() {
			cond.L.Lock()
			for round := range 3 {
				for turn%3 != i {
					cond.Wait()
				}
				say("it is the turn of", i, "in round", round)
				turn++
				cond.Broadcast()
			}
			cond.L.Unlock()
		})
	}
	wg.Wait()
}
