package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type Stats struct {
	requests atomic.Int64
	bytes    atomic.Uint32
	failed   atomic.Bool
	last     atomic.Value
	config   atomic.Pointer[Config]
}

type Config struct{ Level int }

func main() {
	var s Stats
	var wg sync.WaitGroup
	for i := 1; i <= 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.requests.Add(2)
			s.bytes.Add(100_000_000)
			if i == 50 {
				s.failed.Store(true)
				s.last.Store("request 50")
			}
		}()
	}
	wg.Wait()
	fmt.Println(s.requests.Load(), s.bytes.Load(), s.failed.Load(), s.last.Load())
	fmt.Println(s.config.Load() == nil)
	s.config.Store(&Config{3})
	old := s.config.Swap(&Config{4})
	fmt.Println(old.Level, s.config.Load().Level)
	fmt.Println(s.requests.CompareAndSwap(100, 7), s.requests.CompareAndSwap(100, 8), s.requests.Load())

	var counter int64
	var small uint32 = 5
	atomic.AddInt64(&counter, 41)
	atomic.AddInt64(&counter, 1)
	atomic.AddUint32(&small, ^uint32(0)) // subtracts one
	fmt.Println(atomic.LoadInt64(&counter), atomic.LoadUint32(&small), atomic.SwapInt64(&counter, -1), counter)
	s.bytes.Add(^uint32(0))
	fmt.Println(s.bytes.Load())
}
