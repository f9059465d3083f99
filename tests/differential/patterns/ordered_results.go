//go:build ignore

// Work that is done out of order, with results that come in order: a channel of channels, and a buffer of those
// that came too early.
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

func work(n int) int {
	for range (7 * n) % 5 {
		runtime.Gosched()
	}
	say("worked on", n)
	return n * n
}

func promised(n, ahead int) <-chan int {
	promises := make(chan chan int, ahead)
	go func() {
		defer close(promises)
		for i := range n {
			promise := make(chan int, 1)
			promises <- promise
			go func() { promise <- work(i) }()
		}
	}()
	results := make(chan int)
	go func() {
		defer close(results)
		for promise := range promises {
			results <- <-promise
		}
	}()
	return results
}

type numbered struct{ place, value int }

func sorted(in <-chan numbered) <-chan int {
	results := make(chan int)
	go func() {
		defer close(results)
		early := map[int]int{}
		next := 0
		for r := range in {
			early[r.place] = r.value
			for {
				value, here := early[next]
				if !here {
					break
				}
				delete(early, next)
				results <- value
				next++
			}
			say("waiting for", next, "with", len(early), "too early")
		}
	}()
	return results
}

func main() {
	defer out.Flush()
	for result := range promised(8, 2) {
		say("result", result)
	}

	todo, done := make(chan int), make(chan numbered)
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			for n := range todo {
				done <- numbered{n, work(n)}
				say("worker", w, "has delivered", n)
			}
		})
	}
	go func() {
		for n := range 8 {
			todo <- n
		}
		close(todo)
		wg.Wait()
		close(done)
	}()
	for result := range sorted(done) {
		say("result", result)
	}
}
