//go:build ignore

// A close tells everybody at once, and stays told: a starting gun, a latch, an event that repeats.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func say(words ...any) { fmt.Fprintln(out, words...) }

// A latch opens after n calls of down.
type latch struct {
	mu   sync.Mutex
	n    int
	open chan struct{}
}

func (l *latch) down() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n--; l.n == 0 {
		close(l.open)
	}
}

// An event wakes all who wait for it, again and again: each time with a new channel.
type event struct {
	mu sync.Mutex
	c  chan struct{}
}

func (e *event) next() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.c
}

func (e *event) fire() {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.c)
	e.c = make(chan struct{})
}

// A promise is kept once, for whoever asks, before and after.
type promise struct {
	done  chan struct{}
	value string
}

func (p *promise) keep(value string) {
	p.value = value
	close(p.done)
}

func (p *promise) get() string {
	<-p.done
	return p.value
}

func main() {
	defer out.Flush()
	var wg sync.WaitGroup
	gun := make(chan struct{})
	finish := make(chan int, 6)
	for i := range 6 {
		wg.Go(func() {
			say("runner", i, "is ready")
			_, open := <-gun
			say("runner", i, "starts", open)
			finish <- i
		})
	}
	runtime.Gosched()
	close(gun)
	say("bang")
	wg.Wait()
	close(finish)
	for i := range finish {
		say("arrived:", i)
	}

	l := &latch{n: 3, open: make(chan struct{})}
	for i := range 5 {
		wg.Go(func() {
			if i%2 == 0 {
				say(i, "counts down")
				l.down()
			}
			<-l.open
			say(i, "is through")
		})
	}
	wg.Wait()

	e := &event{c: make(chan struct{})}
	for i := range 3 {
		wg.Go(func() {
			for round := range 3 {
				<-e.next()
				say(i, "was told for the time", round)
			}
		})
	}
	for range 3 {
		runtime.Gosched()
		e.fire()
		say("fired")
	}
	wg.Wait()

	p := &promise{done: make(chan struct{})}
	for i := range 3 {
		wg.Go(func() { say(i, "gets", p.get()) })
	}
	runtime.Gosched()
	p.keep("the answer")
	say("kept; main gets", p.get())
	wg.Wait()
	defer func() { say("kept twice:", recover()) }()
	p.keep("another")
}
