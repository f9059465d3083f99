package main

import (
	"context"
	"runtime"
	"sync"
	"time"
)

func mutexFree(n int) {
	var mu sync.Mutex
	for i := 0; i < n; i++ {
		mu.Lock()
		mu.Unlock()
	}
}

func mutexContended(n int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	want := func() {
		for i := 0; i < n/4; i++ {
			mu.Lock()
			runtime.Gosched()
			mu.Unlock()
		}
		wg.Done()
	}
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go want()
	}
	wg.Wait()
}

func waitGroup(n int) {
	for i := 0; i < n; i++ {
		var wg sync.WaitGroup
		for j := 0; j < 100; j++ {
			wg.Add(1)
			go wg.Done()
		}
		wg.Wait()
	}
}

func contextCancel(n int) time.Duration {
	ctx, cancel := context.WithCancel(context.Background())
	var begun, ended sync.WaitGroup
	child := func() {
		own, stop := context.WithCancel(ctx)
		done := own.Done()
		begun.Done()
		<-done
		stop()
		ended.Done()
	}
	begun.Add(n)
	ended.Add(n)
	for i := 0; i < n; i++ {
		go child()
	}
	begun.Wait()
	start := time.Now()
	cancel()
	ended.Wait()
	return time.Since(start)
}

func timers(n int) {
	pending := make([]*time.Timer, n)
	for i := range pending {
		pending[i] = time.AfterFunc(time.Hour, func() {})
	}
	for _, timer := range pending {
		timer.Stop()
	}
}

func sleep(n int) {
	for i := 0; i < n; i++ {
		time.Sleep(time.Millisecond)
	}
}
