//go:build ignore

// Requests served at the beats of a ticker, then in bursts from a bucket of tokens; on a virtual clock.
package main

import (
	"bufio"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func bubble(*testing.T) {
	start := time.Now()
	say := func(words ...any) { fmt.Fprintln(out, append([]any{time.Since(start)}, words...)...) }
	requests := make(chan int, 5)
	for i := range 5 {
		requests <- i
	}
	close(requests)
	beat := time.NewTicker(200 * time.Millisecond)
	for r := range requests {
		<-beat.C
		say("request", r)
	}
	beat.Stop()

	tokens := make(chan time.Time, 3)
	for range 3 {
		tokens <- time.Now()
	}
	stop := make(chan bool)
	refilled := make(chan int)
	go func() {
		added, dropped := 0, 0
		refill := time.NewTicker(150 * time.Millisecond)
		defer refill.Stop()
		for {
			select {
			case t := <-refill.C:
				select {
				case tokens <- t:
					added++
				default:
					dropped++
				}
			case <-stop:
				refilled <- added
				refilled <- dropped
				return
			}
		}
	}()
	for burst := range 3 {
		time.Sleep(310 * time.Millisecond)
		say("burst", burst)
		for r := range 4 {
			t := <-tokens
			say("request", r, "with the token of", t.Sub(start))
		}
	}
	time.Sleep(2 * time.Second)
	stop <- true
	say("added", <-refilled, "dropped", <-refilled)
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
