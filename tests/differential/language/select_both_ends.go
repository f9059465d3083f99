//go:build ignore

// Selects on both ends of a channel, one with a done channel beside, as a lazy generator has it.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func squares(done <-chan struct{}) <-chan int {
	values := make(chan int)
	go func() {
		defer fmt.Fprintln(out, "generator is done")
		defer close(values)
		for n := 0; ; n++ {
			select {
			case values <- n * n:
				fmt.Fprintln(out, "sent", n*n)
			case <-done:
				fmt.Fprintln(out, "told to stop at", n)
				return
			}
		}
	}()
	return values
}

func main() {
	defer out.Flush()
	done := make(chan struct{})
	never := make(chan string)
	values := squares(done)
	for range 6 {
		select {
		case v := <-values:
			fmt.Fprintln(out, "got", v)
		case s := <-never:
			fmt.Fprintln(out, "never printed", s)
		}
	}
	// The generator waits in its select again: with both cases ready, chance would choose.
	runtime.Gosched()
	close(done)
	for v := range values {
		fmt.Fprintln(out, "one more", v)
	}
	done = make(chan struct{})
	gates := [3]chan int{make(chan int), make(chan int), make(chan int)}
	go func() {
		for i := range 9 {
			select {
			case gates[i%3] <- i:
				fmt.Fprintln(out, "through gate", i%3)
			}
		}
		close(done)
	}()
	for open := true; open; {
		select {
		case v := <-gates[0]:
			fmt.Fprintln(out, "gate 0:", v)
		case v := <-gates[1]:
			fmt.Fprintln(out, "gate 1:", v)
		case v := <-gates[2]:
			fmt.Fprintln(out, "gate 2:", v)
		case _, open = <-done:
		}
	}
}
