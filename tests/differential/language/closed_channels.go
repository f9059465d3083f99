//go:build ignore

// What a channel says of itself, open, filled, closed and drained.
package main

import "fmt"

func show[T any](name string, c chan T) {
	v, ok := <-c
	fmt.Printf("%s: %v %v, then %v\n", name, v, ok, <-c)
}

func main() {
	numbers := make(chan int, 3)
	fmt.Println(len(numbers), cap(numbers))
	numbers <- 7
	numbers <- 8
	fmt.Println(len(numbers), cap(numbers))
	close(numbers)
	fmt.Println(len(numbers), cap(numbers))
	show("numbers", numbers)
	show("drained", numbers)
	fmt.Println(len(numbers), cap(numbers))

	empty := make(chan int)
	close(empty)
	show("empty", empty)
	for range empty {
		fmt.Println("never printed")
	}

	floats, flags, words := make(chan float64), make(chan bool), make(chan string)
	close(floats)
	close(flags)
	close(words)
	f, b, w := <-floats, <-flags, <-words
	fmt.Printf("%.1f %v %q\n", f, b, w)

	select {
	case v, ok := <-empty:
		fmt.Println("a closed channel is always ready:", v, ok)
	default:
		fmt.Println("never printed")
	}
	var missing chan int
	fmt.Println(len(missing), cap(missing))
	select {
	case missing <- 1:
		fmt.Println("never printed")
	case <-missing:
		fmt.Println("never printed")
	default:
		fmt.Println("a nil channel is never ready")
	}
}
