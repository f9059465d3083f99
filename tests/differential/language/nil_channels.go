//go:build ignore

// Two sorted streams are merged: a stream that has ended is set to nil, and its case is never ready again.
package main

import (
	"bufio"
	"fmt"
	"os"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func numbers(first, step, n int) chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- first + i*step
		}
	}()
	return c
}

func main() {
	defer out.Flush()
	evens, odds := numbers(0, 2, 10), numbers(1, 2, 4)
	merged := make(chan int, 3)
	finished := make(chan bool)
	go func() {
		for n := range merged {
			fmt.Fprintln(out, "merged", n)
		}
		finished <- true
	}()
	// One case at a time can be ready: the one whose turn it is.
	turn := evens
	other := odds
	var pending *int
	var target chan int
	for turn != nil || other != nil || pending != nil {
		value := 0
		if pending != nil {
			value, target = *pending, merged
		} else {
			target = nil
			if turn == nil {
				turn, other = other, nil
			}
		}
		source := turn
		if pending != nil {
			source = nil
		}
		select {
		case target <- value:
			fmt.Fprintln(out, "handed on", value)
			pending = nil
			turn, other = other, turn
		case v, ok := <-source:
			if !ok {
				fmt.Fprintln(out, "one has ended")
				turn = nil
				continue
			}
			fmt.Fprintln(out, "got", v)
			pending = &v
		}
	}
	close(merged)
	<-finished
}
