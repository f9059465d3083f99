//go:build ignore

// A hundred chains of contexts drawn by chance, on a virtual clock, and goroutines that use them.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<22)

var state = 13

func draw(n int) int {
	state = state * 16807 % 2147483647
	return state / 7 % n
}

type key int

type link struct {
	ctx    context.Context
	cancel func(error)
}

type program struct {
	began time.Time
	chain []link
	stop  func() bool
	drawn int
}

// duration draws one that no other is like: of timers that are due at once, Go takes any first.
func (p *program) duration() time.Duration {
	p.drawn++
	return time.Duration(1+draw(100))*time.Millisecond + time.Duration(p.drawn*p.drawn)*time.Microsecond
}

// extend makes a child of the last: one each, since Go ends the children of a context in any order.
func (p *program) extend() {
	parent := p.chain[len(p.chain)-1].ctx
	i := len(p.chain)
	var l link
	switch kind := draw(7); kind {
	case 0, 1:
		ctx, cancel := context.WithCancel(parent)
		l = link{ctx, func(error) { cancel() }}
	case 2:
		ctx, cancel := context.WithCancelCause(parent)
		l = link{ctx, cancel}
	case 3:
		ctx, cancel := context.WithTimeout(parent, p.duration())
		l = link{ctx, func(error) { cancel() }}
	case 4:
		ctx, cancel := context.WithDeadlineCause(parent, p.began.Add(p.duration()), fmt.Errorf("%d is late", i))
		l = link{ctx, func(error) { cancel() }}
	case 5:
		l = link{context.WithValue(parent, key(draw(3)), i), func(error) {}}
	default:
		if draw(2) == 0 {
			parent = context.WithoutCancel(parent)
		}
		ctx, cancel := context.WithCancelCause(parent)
		l = link{ctx, cancel}
	}
	p.chain = append(p.chain, l)
}

func (p *program) take(say func(...any)) error {
	i := draw(len(p.chain))
	ctx := p.chain[i].ctx
	switch draw(10) {
	case 0, 1, 2:
		select {
		case <-ctx.Done():
			say("context", i, "ended:", ctx.Err(), "/", context.Cause(ctx))
		case <-time.After(p.duration()):
			say("context", i, "goes on")
		}
	case 3:
		say("cancels", i)
		p.chain[i].cancel(fmt.Errorf("%d had enough", i))
		say("has cancelled", i)
	case 4, 5:
		deadline, limited := ctx.Deadline()
		if limited {
			say("context", i, "has until", deadline.Sub(p.began))
		}
		say("context", i, "is", ctx.Err(), "/", context.Cause(ctx), "with", ctx.Value(key(0)), ctx.Value(key(1)))
	case 6, 7:
		time.Sleep(p.duration())
		say("slept")
	case 8:
		if p.stop == nil {
			last := p.chain[len(p.chain)-1].ctx
			p.stop = context.AfterFunc(last, func() { say("is called:", last.Err(), "/", context.Cause(last)) })
			say("waits for the last")
		} else {
			say("waits no more:", p.stop())
			p.stop = nil
		}
	default:
		if draw(4) == 0 {
			return errors.New("a step went wrong")
		}
		say("does nothing")
	}
	return nil
}

func bubble(*testing.T) {
	for n := range 100 {
		fmt.Fprintln(out, "program", n)
		p := &program{began: time.Now(), chain: []link{{context.Background(), func(error) {}}}}
		group, ctx := errgroup.WithContext(context.Background())
		if draw(2) == 0 {
			p.chain[0].ctx = ctx
		}
		for range 2 + draw(5) {
			p.extend()
		}
		for id := range 2 + draw(4) {
			steps := 2 + draw(5)
			group.Go(func() error {
				for i := range steps {
					err := p.take(func(words ...any) {
						fmt.Fprintln(out, append([]any{time.Since(p.began), "goroutine", id, "step", i}, words...)...)
					})
					if err != nil {
						return fmt.Errorf("goroutine %d: %w", id, err)
					}
				}
				return nil
			})
		}
		fmt.Fprintln(out, "wait:", group.Wait(), "/", context.Cause(ctx))
		for _, l := range p.chain {
			l.cancel(nil)
		}
		synctest.Wait()
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
