package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

// Written out at the end: a slow write in between would cost a goroutine its turn.
var stdout = bufio.NewWriter(os.Stdout)

func worker(id int, jobs <-chan int, results chan<- string) {
	for job := range jobs {
		for range job {
			runtime.Gosched() // a piece of work; the others run
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
