package main

import (
	"fmt"
	"time"
)

type RateLimiter struct {
	tokens chan struct{}
	stop   chan struct{}
}

func NewRateLimiter(burst int, every time.Duration) *RateLimiter {
	rl := &RateLimiter{tokens: make(chan struct{}, burst), stop: make(chan struct{})}
	for i := 0; i < burst; i++ {
		rl.tokens <- struct{}{}
	}
	go func() {
		t := time.NewTicker(every)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				select {
				case rl.tokens <- struct{}{}:
				default:
				}
			case <-rl.stop:
				return
			}
		}
	}()
	return rl
}

func (rl *RateLimiter) Allow() bool {
	select {
	case <-rl.tokens:
		return true
	default:
		return false
	}
}

func (rl *RateLimiter) Wait() { <-rl.tokens }

func main() {
	rl := NewRateLimiter(3, 20*time.Millisecond)
	allowed := 0
	for i := 0; i < 5; i++ {
		if ok := rl.Allow(); ok {
			allowed++
		} else {
			fmt.Println("request", i, "denied")
		}
	}
	fmt.Println("allowed at once:", allowed)
	start := time.Now()
	rl.Wait()
	rl.Wait()
	took := time.Since(start)
	fmt.Println("waited long enough:", took > 25*time.Millisecond, "and not too long:", took < 2*time.Second)
	close(rl.stop)
}
