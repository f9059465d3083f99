package main

import (
	"bufio"
	"fmt"
	"hash/crc32"
	"os"
	"sync"
)

// Flushed at the end: no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func walk(quit <-chan struct{}, names ...string) <-chan string {
	paths := make(chan string)
	go func() {
		defer close(paths)
		for _, name := range names {
			select {
			case paths <- name:
			case <-quit:
				return
			}
		}
	}()
	return paths
}

func digest(quit <-chan struct{},
	paths <-chan string, sums chan<- string) {
	for path := range paths {
		sum := crc32.ChecksumIEEE([]byte(path))
		line := fmt.Sprintf("%08x  %s", sum, path)
		select {
		case sums <- line:
		case <-quit:
			return
		}
	}
}

func main() {
	defer stdout.Flush()
	quit, sums := make(chan struct{}), make(chan string)
	defer close(quit)
	paths := walk(quit, "a.txt", "b.txt", "c.txt", "d.txt")
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { digest(quit, paths, sums) })
	}
	go func() {
		wg.Wait()
		close(sums)
	}()
	for line := range sums {
		fmt.Fprintln(stdout, line)
	}
}
