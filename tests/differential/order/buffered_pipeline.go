//go:build ignore

// Stages with buffers of different sizes between them: who runs ahead of whom, and by how much.
package main

import (
	"bufio"
	"fmt"
	"os"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func stage(name string, in <-chan int, size int) <-chan int {
	next := make(chan int, size)
	go func() {
		defer close(next)
		for n := range in {
			fmt.Fprintln(out, name, n, "with", len(in), "to come and", len(next), "ahead")
			next <- n + 1
		}
		fmt.Fprintln(out, name, "is done")
	}()
	return next
}

func main() {
	defer out.Flush()
	for _, sizes := range [][]int{{0, 0, 0}, {1, 1, 1}, {3, 0, 2}, {0, 5, 1}} {
		fmt.Fprintln(out, "sizes", sizes)
		source := make(chan int, sizes[0])
		go func() {
			for n := range 15 {
				source <- 100 * n
			}
			close(source)
		}()
		for n := range stage("third", stage("second", stage("first", source, sizes[1]), sizes[2]), 0) {
			fmt.Fprintln(out, "out", n)
		}
	}
}
