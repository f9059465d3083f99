//go:build ignore

// A chain of filters that grows by one for each prime; every step of every filter is told.
package main

import (
	"bufio"
	"fmt"
	"os"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func count(numbers chan<- int) {
	for n := 2; ; n++ {
		numbers <- n
	}
}

func sift(in <-chan int, passed chan<- int, prime int) {
	for n := range in {
		if n%prime == 0 {
			fmt.Fprintln(out, prime, "stops", n)
			continue
		}
		fmt.Fprintln(out, prime, "passes", n)
		passed <- n
	}
}

func main() {
	defer out.Flush()
	numbers := make(chan int)
	go count(numbers)
	for range 20 {
		prime := <-numbers
		fmt.Fprintln(out, "prime", prime)
		passed := make(chan int)
		go sift(numbers, passed, prime)
		numbers = passed
	}
}
