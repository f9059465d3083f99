// The Go side of operations.py: the same loops, in the same order, under the same names.
package main

import (
	"encoding/json"
	"math"
	"os"
	"runtime"
	"time"
)

const (
	n      = 200_000
	rounds = 3
	parked = 100_000
)

func pingPong() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
	}()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
	close(ping)
}

func stream(size int) {
	ch := make(chan int, size)
	go func() {
		for i := 0; i < n; i++ {
			ch <- i
		}
		close(ch)
	}()
	for range ch {
	}
}

func unbufferedStream() { stream(0) }

func bufferedStream() { stream(100) }

func uncontended() {
	ch := make(chan int, 1)
	for i := 0; i < n; i++ {
		ch <- i
		<-ch
	}
}

// spawn starts one goroutine after the other, each when the last one has said that it is done.
func spawn() {
	done := make(chan bool)
	finish := func() { done <- true }
	for i := 0; i < n; i++ {
		go finish()
		<-done
	}
}

func selectBothEnds() {
	a, b := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			select {
			case a <- i:
			case b <- i:
			}
		}
	}()
	for i := 0; i < n; i++ {
		select {
		case <-a:
		case <-b:
		}
	}
}

// bytesParked tells how much the process grows by a goroutine that waits.
func bytesParked() float64 {
	var before, after runtime.MemStats
	stop := make(chan bool)
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := 0; i < parked; i++ {
		go func() { <-stop }()
	}
	runtime.Gosched()
	runtime.ReadMemStats(&after)
	close(stop)
	return float64(after.Sys-before.Sys) / parked
}

func main() {
	// First, while no memory that others gave back can serve it.
	results := map[string]float64{"bytes a parked goroutine": bytesParked()}
	loops := map[string]func(){
		"ping-pong (2 switches, 4 channel ops)": pingPong,
		"unbuffered stream":                     unbufferedStream,
		"buffered stream (100)":                 bufferedStream,
		"uncontended send + recv":               uncontended,
		"spawn, run, finish":                    spawn,
		"select, two cases, both ends":          selectBothEnds,
	}
	for name, loop := range loops {
		best := math.Inf(1)
		for round := 0; round < rounds; round++ {
			start := time.Now()
			loop()
			best = min(best, float64(time.Since(start).Nanoseconds())/n)
		}
		results[name] = best
	}
	json.NewEncoder(os.Stdout).Encode(results)
}
