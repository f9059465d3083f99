//go:build ignore

// The twin of examples/generator.py: odd numbers, made on demand.
package main

import "fmt"

func odds(limit int) <-chan int {
	numbers := make(chan int)
	produce := func() {
		n := 1
		for n <= limit {
			numbers <- n
			n += 2
		}
		close(numbers)
	}
	go produce()
	return numbers
}

func main() {
	numbers := odds(10)
	for {
		n, more := <-numbers
		if !more {
			return
		}
		fmt.Println(n)
	}
}
