//go:build ignore

// Timers and tickers, stopped and reset: what the calls return, and that nothing stale comes out.
package main

import (
	"fmt"
	"time"
)

func empty(c <-chan time.Time) bool {
	select {
	case <-c:
		return false
	default:
		return true
	}
}

func main() {
	timer := time.NewTimer(time.Hour)
	fmt.Println("stop:", timer.Stop(), timer.Stop())
	fmt.Println("reset:", timer.Reset(time.Millisecond))
	time.Sleep(20 * time.Millisecond)
	fmt.Println("length of a fired timer's channel:", len(timer.C), cap(timer.C))
	fmt.Println("stop before it was received:", timer.Stop(), empty(timer.C))
	fmt.Println("reset:", timer.Reset(time.Millisecond), timer.Reset(time.Millisecond))
	<-timer.C
	fmt.Println("received; stop:", timer.Stop(), "reset:", timer.Reset(0))
	<-timer.C
	fmt.Println("received again:", empty(timer.C))

	calls := make(chan bool, 3)
	call := time.AfterFunc(time.Hour, func() { calls <- true })
	fmt.Println("stop:", call.Stop(), call.Stop(), call.C == nil)
	fmt.Println("reset:", call.Reset(time.Millisecond), <-calls)
	fmt.Println("reset:", call.Reset(time.Millisecond), <-calls, len(calls))

	start := time.Now()
	ticker := time.NewTicker(10 * time.Millisecond)
	for range 3 {
		<-ticker.C
	}
	passed := time.Since(start)
	fmt.Println("three ticks in time:", passed >= 30*time.Millisecond && passed < 80*time.Millisecond)
	time.Sleep(35 * time.Millisecond)
	<-ticker.C
	fmt.Println("missed ticks are dropped:", empty(ticker.C))
	ticker.Reset(time.Hour)
	fmt.Println("after a reset:", empty(ticker.C))
	ticker.Reset(5 * time.Millisecond)
	time.Sleep(15 * time.Millisecond)
	ticker.Stop()
	fmt.Println("after a stop:", empty(ticker.C))

	select {
	case <-time.After(5 * time.Millisecond):
		fmt.Println("the shorter one comes first")
	case <-time.After(50 * time.Millisecond):
		fmt.Println("never printed")
	}
	defer func() { fmt.Println("panics:", recover()) }()
	time.NewTicker(0)
}
