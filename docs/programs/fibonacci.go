package main

import (
	"bufio"
	"fmt"
	"os"
)

// Flushed at the end: no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func fibonacci(limit int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		a, b := 0, 1
		for a <= limit {
			fmt.Fprintln(stdout, "  made", a)
			out <- a
			a, b = b, a+b
		}
	}()
	return out
}

func main() {
	defer stdout.Flush()
	for n := range fibonacci(5) {
		fmt.Fprintln(stdout, "took", n)
	}
}
