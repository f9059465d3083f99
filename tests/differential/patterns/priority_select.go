//go:build ignore

// A select takes any case that is ready; one inside the default of another makes the first go first.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

func serve(urgent, normal <-chan int, quit <-chan bool, finished chan<- string) {
	served := map[string]int{}
	handle := func(kind string, n int) {
		served[kind]++
		say(kind, n)
	}
	for {
		select {
		case n := <-urgent:
			handle("urgent", n)
			continue
		default:
		}
		select {
		case n := <-normal:
			handle("normal", n)
			continue
		default:
		}
		// Nothing is there: whatever comes first.
		select {
		case n := <-urgent:
			handle("urgent, waited for", n)
		case n := <-normal:
			handle("normal, waited for", n)
		case <-quit:
			finished <- fmt.Sprint(served["urgent"], " ", served["normal"])
			return
		}
	}
}

func main() {
	defer out.Flush()
	urgent, normal := make(chan int, 10), make(chan int, 10)
	quit, finished := make(chan bool), make(chan string)
	for i := range 4 {
		normal <- i
		urgent <- 100 + i
	}
	go serve(urgent, normal, quit, finished)
	runtime.Gosched()
	say("all were served")
	normal <- 4
	runtime.Gosched()
	urgent <- 104
	normal <- 5
	urgent <- 105
	runtime.Gosched()
	quit <- true
	say(<-finished)

	// A poll that never waits, and gives up after some turns.
	for turn := range 4 {
		select {
		case n := <-normal:
			say("turn", turn, "normal", n)
		case n := <-urgent:
			say("turn", turn, "urgent", n)
		default:
			say("turn", turn, "nothing there")
			if turn == 1 {
				normal <- 6
			}
		}
	}
	// The newest value alone: an old one is thrown away for it.
	latest := make(chan int, 1)
	for i := range 5 {
		select {
		case latest <- i:
			say("put", i)
		default:
			say("drop", <-latest, "for", i)
			latest <- i
		}
		if i == 2 {
			say("read", <-latest)
		}
	}
	say("read", <-latest)
}
