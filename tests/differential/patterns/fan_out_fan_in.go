//go:build ignore

// The twin of examples/fan_out_fan_in.py: three workers, ten jobs of half a second each, results as they come.
package main

import (
	"fmt"
	"sync"
	"time"
)

const (
	workers = 3
	tasks   = 10
)

func main() {
	in, out := make(chan int, tasks), make(chan int, tasks)
	var busy sync.WaitGroup
	busy.Add(workers)
	for name := 1; name <= workers; name++ {
		go func() {
			for n := range in {
				fmt.Printf("Worker %d processing job %d\n", name, n)
				time.Sleep(time.Second / 2)
				out <- 2 * n
			}
			busy.Done()
		}()
	}
	go feed(in)
	go func() {
		busy.Wait()
		close(out)
	}()
	for n := range out {
		fmt.Println("Result:", n)
	}
}

func feed(in chan<- int) {
	for n := range tasks {
		in <- n + 1
	}
	close(in)
}
