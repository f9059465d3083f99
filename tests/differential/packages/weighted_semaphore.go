//go:build ignore

// A weighted semaphore: first come, first served, even where a small request behind a large one would fit.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func main() {
	defer out.Flush()
	bg := context.Background()
	sem := semaphore.NewWeighted(5)
	var wg sync.WaitGroup
	for i, weight := range []int64{2, 1, 5, 1, 3, 1, 4} {
		wg.Go(func() {
			for round := range 2 {
				sem.Acquire(bg, weight)
				say(i, "holds", weight, "in round", round)
				runtime.Gosched()
				sem.Release(weight)
				say(i, "has released", weight)
			}
		})
	}
	wg.Wait()

	say("try:", sem.TryAcquire(6), sem.TryAcquire(3), sem.TryAcquire(3), sem.TryAcquire(2), sem.TryAcquire(1))
	sem.Release(1)
	first, cancelFirst := context.WithCancel(bg)
	ctxs := []context.Context{first, bg, bg, bg}
	for i, weight := range []int64{4, 1, 3, 9} {
		if weight == 9 {
			ctxs[i] = first
		}
		wg.Go(func() {
			err := sem.Acquire(ctxs[i], weight)
			say(i, "wanted", weight, "and got", err)
			if err == nil {
				runtime.Gosched()
				sem.Release(weight)
			}
		})
		runtime.Gosched()
	}
	say("try behind those who wait:", sem.TryAcquire(1))
	cancelFirst()
	say("the first was cancelled")
	runtime.Gosched()
	sem.Release(4)
	say("all is given back")
	wg.Wait()
	say("ended before:", sem.Acquire(first, 1), sem.Acquire(first, 9))
	say("nothing is held:", sem.TryAcquire(5), sem.TryAcquire(0), sem.TryAcquire(1))
	defer func() { say("panics:", recover()) }()
	sem.Release(6)
}
