package main

import (
	"fmt"
	"sync"
)

func worker(jobs <-chan int, out chan<- int) {
	for job := range jobs {
		out <- job * job
	}
}

func main() {
	jobs, out := make(chan int), make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { worker(jobs, out) })
	}
	go func() {
		for job := 1; job <= 5; job++ {
			jobs <- job
		}
		close(jobs)
		wg.Wait()
		close(out)
	}()
	for result := range out {
		fmt.Println(result)
	}
}
