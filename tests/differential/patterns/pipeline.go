//go:build ignore

// The twin of examples/pipeline.py, with numbers that both halves draw from the same generator.
package main

import "fmt"

type stage func(emit func(int))

func start(s stage) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		s(func(n int) { out <- n })
	}()
	return out
}

var state = 42

func draw() int {
	state = state * 16807 % 2147483647
	return state % 100
}

func main() {
	drawn := start(func(emit func(int)) {
		for range 10 {
			emit(draw())
		}
	})
	twice := start(func(emit func(int)) {
		for n := range drawn {
			emit(n + n)
		}
	})
	large := start(func(emit func(int)) {
		for n := range twice {
			if n >= 11 {
				emit(n)
			}
		}
	})
	for n := range large {
		fmt.Println("Value is", n)
	}
}
