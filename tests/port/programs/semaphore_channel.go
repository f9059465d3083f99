package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

type Semaphore chan struct{}

func (s Semaphore) Acquire() { s <- struct{}{} }
func (s Semaphore) Release() { <-s }
func (s Semaphore) TryAcquire() bool {
	select {
	case s <- struct{}{}:
		return true
	default:
		return false
	}
}

func main() {
	sem := make(Semaphore, 3)
	var (
		wg      sync.WaitGroup
		running int32
		most    int32
	)
	for i := 0; i < 10; i++ {
		wg.Add(1)
		go func(id int) {
			defer wg.Done()
			sem.Acquire()
			defer sem.Release()
			now := atomic.AddInt32(&running, 1)
			for {
				old := atomic.LoadInt32(&most)
				if now <= old || atomic.CompareAndSwapInt32(&most, old, now) {
					break
				}
			}
			time.Sleep(5 * time.Millisecond)
			atomic.AddInt32(&running, -1)
		}(i)
	}
	wg.Wait()
	fmt.Println("most at once:", most, "left running:", running)
	fmt.Println(sem.TryAcquire(), sem.TryAcquire(), sem.TryAcquire(), sem.TryAcquire())
	fmt.Println("in use:", len(sem), "of", cap(sem))
}
