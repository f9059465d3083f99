//go:build ignore

// Workers that are told to quit, clean up, and say so: with what they have left, in the order of their answers.
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

type farewell struct {
	name string
	done int
}

func worker(name string, pause time.Duration, quit chan chan farewell) {
	n := 0
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			n++
		case answer := <-quit:
			// Cleaning up takes as long as a piece of work.
			time.Sleep(pause)
			answer <- farewell{name, n}
			return
		}
	}
}

func bubble(*testing.T) {
	start := time.Now()
	say := func(words ...any) { fmt.Fprintln(out, append([]any{time.Since(start)}, words...)...) }
	quits := map[string]chan chan farewell{}
	names := []string{"slow", "quick", "steady"}
	for i, name := range names {
		quits[name] = make(chan chan farewell)
		go worker(name, time.Duration(70-23*i)*time.Millisecond, quits[name])
	}
	time.Sleep(time.Second)
	// One after the other: each is waited for.
	first := make(chan farewell)
	quits["quick"] <- first
	say("asked the quick one")
	say("it says", <-first)
	// All at once: answers come as they are ready.
	answers := make(chan farewell)
	for _, name := range []string{"slow", "steady"} {
		quits[name] <- answers
		say("asked", name)
	}
	for range 2 {
		say("one says", <-answers)
	}

	// A deadline for the answer.
	stubborn := make(chan chan farewell)
	go func() {
		answer := <-stubborn
		time.Sleep(time.Minute)
		select {
		case answer <- farewell{"stubborn", 1}:
		default:
			say("nobody listens any more")
		}
	}()
	answer := make(chan farewell)
	stubborn <- answer
	select {
	case f := <-answer:
		say("never printed", f)
	case <-time.After(5 * time.Second):
		say("gave up")
	}
	var wg sync.WaitGroup
	wg.Go(func() { time.Sleep(2 * time.Minute) })
	wg.Wait()
	say("the end")
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
