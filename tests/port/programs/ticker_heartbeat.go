package main

import (
	"fmt"
	"time"
)

func doWork(done <-chan struct{}, pulse time.Duration, nums ...int) (<-chan struct{}, <-chan int) {
	heartbeat := make(chan struct{}, 1)
	results := make(chan int)
	go func() {
		defer close(heartbeat)
		defer close(results)
		beat := time.NewTicker(pulse)
		defer beat.Stop()
	numLoop:
		for _, n := range nums {
			time.Sleep(20 * time.Millisecond)
			for {
				select {
				case <-done:
					return
				case <-beat.C:
					select {
					case heartbeat <- struct{}{}:
					default:
					}
				case results <- n:
					continue numLoop
				}
			}
		}
	}()
	return heartbeat, results
}

func main() {
	done := make(chan struct{})
	defer close(done)
	heartbeat, results := doWork(done, 5*time.Millisecond, 0, 1, 2, 3, 5)
	<-heartbeat
	beats, sum := 1, 0
loop:
	for {
		select {
		case r, ok := <-results:
			if !ok {
				break loop
			}
			fmt.Println("result", r)
			sum += r
		case _, ok := <-heartbeat:
			if ok {
				beats++
			} else {
				heartbeat = nil
			}
		case <-time.After(5 * time.Second):
			fmt.Println("worker is dead")
			return
		}
	}
	fmt.Println("sum", sum, "beats:", beats > 0)
}
