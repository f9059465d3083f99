//go:build ignore

// A hundred programs drawn by chance, on a virtual clock: sleepers, timers, tickers and deadlines.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<22)

var state = 10

func draw(n int) int {
	state = state * 16807 % 2147483647
	return state / 7 % n
}

type program struct {
	began   time.Time
	words   chan string
	numbers chan int
	shared  *time.Timer
	wg      sync.WaitGroup
	spawned int
	drawn   int
}

// duration draws one that no other is like: of timers that are due at once, Go takes any first.
func (p *program) duration() time.Duration {
	p.drawn++
	return time.Duration(1+draw(200))*time.Millisecond + time.Duration(p.drawn*p.drawn)*time.Microsecond
}

func (p *program) start(steps int) {
	id := p.spawned
	p.spawned++
	p.wg.Go(func() {
		for i := range steps {
			p.take(func(words ...any) {
				fmt.Fprintln(out, append([]any{time.Since(p.began), "goroutine", id, "step", i}, words...)...)
			}, draw(12))
		}
	})
}

func (p *program) take(say func(...any), what int) {
	d := p.duration()
	switch what {
	case 0, 1:
		time.Sleep(d)
		say("slept", d)
	case 2, 3:
		select {
		case word := <-p.words:
			say("received", word)
		case <-time.After(d):
			say("received nothing in", d)
		}
	case 4, 5:
		timer := time.NewTimer(d)
		select {
		case p.words <- fmt.Sprint("word ", d):
			say("sent", timer.Stop())
		case t := <-timer.C:
			say("sent nothing", t.Sub(p.began), timer.Stop(), timer.Reset(d), timer.Stop())
		}
	case 6:
		other := p.duration()
		timer := time.AfterFunc(d, func() { say("calls after", d) })
		time.Sleep(other)
		say("stops it after", other, timer.Stop())
	case 7:
		ticker := time.NewTicker(d)
		other := p.duration()
		for range 2 {
			say("ticks", (<-ticker.C).Sub(p.began))
		}
		time.Sleep(other)
		say("ticks after", other, (<-ticker.C).Sub(p.began))
		ticker.Reset(other)
		say("ticks at last", (<-ticker.C).Sub(p.began))
		ticker.Stop()
	case 8:
		ctx, cancel := context.WithTimeout(context.Background(), d)
		inner, cancelInner := context.WithTimeout(ctx, p.duration())
		stop := context.AfterFunc(inner, func() { say("is told:", inner.Err()) })
		select {
		case n := <-p.numbers:
			say("number", n, stop())
		case <-inner.Done():
			say("no number:", inner.Err(), ctx.Err())
		}
		cancelInner()
		cancel()
		say("then:", inner.Err(), ctx.Err(), stop())
	case 9:
		select {
		case p.numbers <- p.spawned:
			say("number sent")
		case <-time.After(d):
			say("number dropped")
		}
	case 10:
		say("resets the shared one to", d, p.shared.Reset(d))
		if draw(2) == 0 {
			select {
			case t := <-p.shared.C:
				say("had it", t.Sub(p.began))
			case <-time.After(p.duration()):
				say("had it not", p.shared.Stop())
			}
		}
	default:
		say("starts another")
		p.start(draw(4))
	}
}

func bubble(*testing.T) {
	for n := range 100 {
		fmt.Fprintln(out, "program", n)
		p := &program{began: time.Now(), words: make(chan string), numbers: make(chan int, 1)}
		p.shared = time.NewTimer(p.duration())
		for range 2 + draw(5) {
			p.start(2 + draw(5))
		}
		p.wg.Wait()
		synctest.Wait()
		fmt.Fprintln(out, "ended after", time.Since(p.began))
	}
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
