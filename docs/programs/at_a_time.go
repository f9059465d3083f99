package main

import (
	"fmt"
	"runtime"
	"sync"
)

var (
	mu        sync.Mutex
	now, most int
)

func work(job int) {
	mu.Lock()
	now++
	most = max(most, now)
	mu.Unlock()
	runtime.Gosched() // other goroutines run
	mu.Lock()
	now--
	mu.Unlock()
}

func main() {
	var wg sync.WaitGroup
	for job := range 20 {
		wg.Go(func() { work(job) })
	}
	wg.Wait()
	fmt.Println("a goroutine for each job:", most, "at a time")

	now, most = 0, 0
	jobs := make(chan int)
	for range 3 {
		wg.Go(func() {
			for job := range jobs {
				work(job)
			}
		})
	}
	for job := range 20 {
		jobs <- job
	}
	close(jobs)
	wg.Wait()
	fmt.Println("a pool of three workers:", most, "at a time")
}
