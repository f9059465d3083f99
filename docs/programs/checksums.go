package main

import (
	"bufio"
	"fmt"
	"hash/crc32"
	"os"
	"sync"
)

// Written out at the end: a slow write in between would cost a goroutine its turn.
var stdout = bufio.NewWriter(os.Stdout)

func walk(done <-chan struct{}, names ...string) <-chan string {
	paths := make(chan string)
	go func() {
		defer close(paths)
		for _, name := range names {
			select {
			case paths <- name:
			case <-done:
				return
			}
		}
	}()
	return paths
}

func digest(done <-chan struct{}, paths <-chan string, sums chan<- string) {
	for path := range paths {
		sum := crc32.ChecksumIEEE([]byte(path))
		select {
		case sums <- fmt.Sprintf("%08x  %s", sum, path):
		case <-done:
			return
		}
	}
}

func main() {
	defer stdout.Flush()
	done, sums := make(chan struct{}), make(chan string)
	defer close(done)
	paths := walk(done, "a.txt", "b.txt", "c.txt", "d.txt", "e.txt")
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { digest(done, paths, sums) })
	}
	go func() {
		wg.Wait()
		close(sums)
	}()
	for sum := range sums {
		fmt.Fprintln(stdout, sum)
	}
}
