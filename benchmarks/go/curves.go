package main

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"runtime"
	"time"
)

// resident returns the bytes of memory that the process holds, as Linux counts them.
func resident() int {
	file, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var all, held int
	fmt.Sscan(string(file), &all, &held)
	return held * os.Getpagesize()
}

func each(took time.Duration, n int) float64 { return float64(took.Nanoseconds()) / float64(n) }

const parts = 20

// best returns the time of the best of several runs of the part, each short enough to be left in peace.
func best(part func()) time.Duration {
	least := time.Duration(math.MaxInt64)
	for i := 0; i < parts; i++ {
		start := time.Now()
		part()
		least = min(least, time.Since(start))
	}
	return least
}

func parked(n int) map[string]float64 {
	stop := make(chan bool)
	waiting := 0
	wait := func() {
		waiting++
		<-stop
	}
	before := resident()
	start := time.Now()
	for i := 0; i < n; i++ {
		go wait()
	}
	for waiting < n {
		runtime.Gosched()
	}
	took := time.Since(start)
	held := resident() - before
	close(stop)
	return map[string]float64{"ns": each(took, n), "bytes": float64(held) / float64(n)}
}

// selectWidth selects over n channels, of which the middle one has a sender.
func selectWidth(n int) map[string]float64 {
	cases := make([]reflect.SelectCase, n)
	chans := make([]chan int, n)
	for i := range chans {
		chans[i] = make(chan int)
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(chans[i])}
	}
	// An even number: the sender is waiting for every other select, which then has little to do.
	turns := max(10, 1_000/n)
	go feed(chans[n/2], parts*turns)
	took := best(func() {
		for i := 0; i < turns; i++ {
			reflect.Select(cases)
		}
	})
	return map[string]float64{"ns": each(took, turns)}
}

// spread gives the i-th of many times within the hour after the next, in no order.
func spread(i int) time.Duration {
	return time.Hour + time.Duration(i*7_919%100_003)*36*time.Millisecond
}

// timersPending sets and stops timers while n others wait.
func timersPending(n int) map[string]float64 {
	const turns = 500
	nothing := func() {}
	pending := make([]*time.Timer, n)
	for i := range pending {
		pending[i] = time.AfterFunc(spread(i), nothing)
	}
	took := best(func() {
		for i := 0; i < turns; i++ {
			time.AfterFunc(spread(i), nothing).Stop()
		}
	})
	for _, timer := range pending {
		timer.Stop()
	}
	return map[string]float64{"ns": each(took, turns)}
}

// daisyChain passes one value down a line of n goroutines, each adding one.
func daisyChain(n int) map[string]float64 {
	link := func(left chan<- int, right <-chan int) { left <- 1 + <-right }
	start := time.Now()
	leftmost := make(chan int)
	left := leftmost
	for i := 0; i < n; i++ {
		right := make(chan int)
		go link(left, right)
		left = right
	}
	go func() { left <- 0 }()
	came := <-leftmost
	took := time.Since(start)
	check("the chain's end", came, n)
	return map[string]float64{"ns": each(took, n)}
}
