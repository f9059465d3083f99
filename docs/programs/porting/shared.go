package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Lock: a with statement unlocks even if the block raises an exception.
func locking() {
	// >
	var mu sync.Mutex
	n := 0
	add := func() {
		mu.Lock()
		defer mu.Unlock()
		n++
	}
	// <
	add()
	fmt.Println(n)
}

// Lock for reading
func reading() {
	// >
	var mu sync.RWMutex
	mu.RLock()
	fmt.Println("reading")
	mu.RUnlock()
	// <
}

// Run a function once
func once() {
	// >
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("only once") })
	}
	// <
}

// Count atomically
func counting() {
	// >
	var hits atomic.Int64
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { hits.Add(1) })
	}
	wg.Wait()
	fmt.Println(hits.Load())
	// <
}

// Wait for a condition
func condition() {
	// >
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready := false
	go func() {
		mu.Lock()
		ready = true
		mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
	// <
	fmt.Println(ready)
}

// Share a map
func sharedMap() {
	// >
	var m sync.Map
	m.Store("apples", 3)
	n, ok := m.Load("apples")
	fmt.Println(n, ok)
	// <
}

// Reuse objects
func pooled() {
	// >
	pool := sync.Pool{New: func() any { return new([]byte) }}
	buffer := pool.Get().(*[]byte)
	pool.Put(buffer)
	// <
	fmt.Println(len(*buffer))
}

// Sleep, and measure time: durations are seconds, and the constants are floats.
func sleeping() {
	// >
	start := time.Now()
	time.Sleep(5 * time.Millisecond)
	fmt.Println(time.Since(start) >= 5*time.Millisecond)
	// <
}

// Do something at intervals
func ticking() {
	// >
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for range 3 {
		<-ticker.C
		fmt.Println("tick")
	}
	// <
}

// Cancel a goroutine: `ctx.done()` is None if the context never ends; `recv` accepts None.
func canceling() {
	// >
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan bool)
	go func() {
		defer close(done)
		<-ctx.Done()
		fmt.Println(ctx.Err())
	}()
	cancel()
	<-done
	// <
}

type keyType struct{}

var key keyType

// Pass a value in a context
func carrying() {
	// >
	ctx := context.WithValue(context.Background(), key, "r-17")
	fmt.Println(ctx.Value(key))
	// <
}

func main() {
	locking()
	reading()
	once()
	counting()
	condition()
	sharedMap()
	pooled()
	sleeping()
	ticking()
	canceling()
	carrying()
}
