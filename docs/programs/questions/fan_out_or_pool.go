package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

var running atomic.Int64

func work(job int) {
	fmt.Println("job", job, "starts:", running.Add(1), "running")
	runtime.Gosched() // other goroutines run
	running.Add(-1)
}

func worker(jobs <-chan int) {
	for job := range jobs {
		work(job)
	}
}

func main() {
	var wg sync.WaitGroup
	fmt.Println("fan-out")
	for job := range 4 {
		wg.Go(func() { work(job) })
	}
	wg.Wait()

	fmt.Println("worker pool")
	jobs := make(chan int, 4)
	for range 2 {
		wg.Go(func() { worker(jobs) })
	}
	for job := range 4 {
		jobs <- job
	}
	close(jobs)
	wg.Wait()
}
