//go:build ignore

// A chain of two hundred goroutines, each adding one; and the order in which they came to wait.
package main

import (
	"bufio"
	"fmt"
	"os"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	first := make(chan int)
	left := first
	for i := range 200 {
		right := make(chan int)
		go func(left chan<- int, right <-chan int) {
			fmt.Fprintln(out, "link", i)
			left <- 1 + <-right
		}(left, right)
		left = right
	}
	go func() { left <- 0 }()
	fmt.Fprintln(out, "all started")
	fmt.Fprintln(out, "whispered:", <-first)
}
