package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

// Flushed at the end: no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func worker(id int, jobs <-chan int, results chan<- string) {
	for job := range jobs {
		for range job {
			runtime.Gosched() // one step; other goroutines run
		}
		results <- fmt.Sprintf("worker %d did job %d", id, job)
	}
}

func main() {
	defer stdout.Flush()
	jobs, results := make(chan int), make(chan string)
	var wg sync.WaitGroup
	for id := range 3 {
		wg.Go(func() { worker(id, jobs, results) })
	}
	go func() {
		for job := range 7 {
			jobs <- job
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	for result := range results {
		fmt.Fprintln(stdout, result)
	}
}
