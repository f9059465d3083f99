//go:build ignore

// Pipelines whose end has enough: a done channel tells all stages, and each is seen to leave.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

var wg sync.WaitGroup

func repeat(done <-chan bool, values ...int) <-chan int {
	stream := make(chan int)
	wg.Go(func() {
		defer say("repeat leaves")
		defer close(stream)
		for {
			for _, v := range values {
				select {
				case <-done:
					return
				case stream <- v:
				}
			}
		}
	})
	return stream
}

func apply(done <-chan bool, name string, in <-chan int, f func(int) int) <-chan int {
	stream := make(chan int)
	wg.Go(func() {
		defer say(name, "leaves")
		defer close(stream)
		for v := range in {
			select {
			case <-done:
				return
			case stream <- f(v):
			}
		}
	})
	return stream
}

func take(done <-chan bool, in <-chan int, n int) <-chan int {
	stream := make(chan int)
	wg.Go(func() {
		defer say("take leaves")
		defer close(stream)
		for range n {
			select {
			case <-done:
				return
			case v := <-in:
				stream <- v
			}
		}
	})
	return stream
}

// split copies each value to both of its results, in either order.
func split(done <-chan bool, in <-chan int) (<-chan int, <-chan int) {
	a, b := make(chan int), make(chan int)
	wg.Go(func() {
		defer say("split leaves")
		defer close(a)
		defer close(b)
		for v := range in {
			left, right := a, b
			for range 2 {
				select {
				case <-done:
					return
				case left <- v:
					left = nil
				case right <- v:
					right = nil
				}
			}
		}
	})
	return a, b
}

// flatten puts the streams that come in one after another into one.
func flatten(streams <-chan (<-chan int)) <-chan int {
	flat := make(chan int)
	wg.Go(func() {
		defer say("flatten leaves")
		defer close(flat)
		for stream := range streams {
			for v := range stream {
				flat <- v
			}
		}
	})
	return flat
}

func main() {
	defer out.Flush()
	done := make(chan bool)
	squares := apply(done, "square", repeat(done, 1, 2, 3), func(n int) int { return n * n })
	for v := range take(done, squares, 7) {
		say("took", v)
	}
	close(done)
	wg.Wait()

	done = make(chan bool)
	a, b := split(done, take(done, apply(done, "negate", repeat(done, 4, 5), func(n int) int { return -n }), 5))
	for v := range a {
		say("left", v, "right", <-b)
	}
	close(done)
	wg.Wait()

	streams := make(chan (<-chan int))
	done = make(chan bool)
	wg.Go(func() {
		defer close(streams)
		for i := range 3 {
			streams <- take(done, repeat(done, 10*i, 10*i+1), i+1)
		}
	})
	for v := range flatten(streams) {
		say("flat", v)
	}
	close(done)
	wg.Wait()
}
