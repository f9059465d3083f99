//go:build ignore

// Tickers, timers and sleepers on the virtual clock of a bubble: all tell the very moment.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func bubble(*testing.T) {
	start := time.Now()
	say := func(words ...any) { fmt.Fprintln(out, append([]any{time.Since(start)}, words...)...) }
	fmt.Fprintln(out, start.UTC().Format("2006-01-02 15:04:05"))
	var wg sync.WaitGroup

	quick, slow := time.NewTicker(300*time.Millisecond), time.NewTicker(710*time.Millisecond)
	stop := time.After(3250 * time.Millisecond)
	wg.Go(func() {
		for {
			select {
			case t := <-quick.C:
				say("quick", t.Sub(start))
			case t := <-slow.C:
				say("slow", t.Sub(start))
				if t.Sub(start) > 2*time.Second {
					quick.Reset(110 * time.Millisecond)
					slow.Stop()
				}
			case <-stop:
				say("stopped")
				quick.Stop()
				return
			}
		}
	})
	wg.Wait()

	ticker := time.NewTicker(time.Second)
	for range 3 {
		time.Sleep(2600 * time.Millisecond)
		say("a tick from", (<-ticker.C).Sub(start))
	}
	ticker.Reset(10 * time.Second)
	say("the next from", (<-ticker.C).Sub(start))
	ticker.Stop()
	n := 0
	for t := range time.Tick(time.Hour) {
		say("an hour:", t.Sub(start))
		if n++; n == 3 {
			break
		}
	}

	for i := range 4 {
		wg.Go(func() {
			for round := range 3 {
				time.Sleep(time.Duration(5010*i+3010) * time.Millisecond)
				say("sleeper", i, "round", round)
			}
		})
	}
	timer := time.AfterFunc(7*time.Second, func() { say("called") })
	late := time.NewTimer(20 * time.Second)
	time.Sleep(6 * time.Second)
	say("reset:", timer.Reset(1500*time.Millisecond), late.Reset(time.Second))
	say("the timer fires", (<-late.C).Sub(start))
	time.Sleep(time.Second)
	say("stop:", timer.Stop(), late.Stop(), late.Reset(time.Minute), late.Stop())
	wg.Wait()
	say("slept enough")
	done := make(chan bool)
	wg.Go(func() {
		time.Sleep(24 * time.Hour)
		close(done)
	})
	for waited := false; !waited; {
		select {
		case <-done:
			waited = true
		case <-time.After(7 * time.Hour):
			say("still waiting")
		}
	}
	synctest.Wait()
	say("a day has passed")
}

func main() {
	testing.Main(
		func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "bubble", F: func(t *testing.T) {
			synctest.Test(t, bubble)
			out.Flush()
			os.Exit(0)
		}}}, nil, nil)
}
