package main

import (
	"fmt"
	"sync"
)

func main() {
	jobs, out := make(chan int), make(chan int)
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for job := 0; ; job++ {
			select {
			case jobs <- job:
			case <-quit:
				close(jobs)
				return
			}
		}
	})
	worker := func() {
		for job := range jobs {
			select {
			case out <- job * job:
			case <-quit:
			}
		}
	}
	for range 2 {
		wg.Go(worker)
	}
	for range 3 {
		<-out
	}
	fmt.Println("three results are enough")
	close(quit)
	wg.Wait()
	fmt.Println("all goroutines have ended")
}
