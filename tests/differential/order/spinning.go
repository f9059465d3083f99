//go:build ignore

// Loops that only look, each until another goroutine has changed what they look at.
package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	var flag atomic.Bool
	go flag.Store(true)
	for !flag.Load() {
	}
	fmt.Println("the flag is set")

	var mu sync.Mutex
	done := false
	go func() {
		mu.Lock()
		defer mu.Unlock()
		done = true
	}()
	for {
		mu.Lock()
		seen := done
		mu.Unlock()
		if seen {
			break
		}
	}
	fmt.Println("the variable under the lock is set")

	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	for ctx.Err() == nil {
	}
	fmt.Println(ctx.Err())

	ch := make(chan int, 1)
	go func() { ch <- 7 }()
	for len(ch) == 0 {
	}
	fmt.Println("received", <-ch)

	var m sync.Map
	go m.Store("key", "value")
	for {
		if v, ok := m.Load("key"); ok {
			fmt.Println("found", v)
			break
		}
	}

	go func() {}()
	for runtime.NumGoroutine() > 1 {
	}
	fmt.Println("main is alone")
}
