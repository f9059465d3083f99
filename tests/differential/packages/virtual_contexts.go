//go:build ignore

// Deadlines of contexts on a virtual clock: who ends when, for which reason, and what AfterFunc starts.
package main

import (
	"bufio"
	"context"
	"errors"
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
	var wg sync.WaitGroup
	watch := func(name string, ctx context.Context) {
		for i := range 2 {
			wg.Go(func() {
				<-ctx.Done()
				say(name, i, "ends:", ctx.Err(), "/", context.Cause(ctx))
			})
		}
	}
	left := func(ctx context.Context) any {
		deadline, ok := ctx.Deadline()
		if !ok {
			return "no deadline"
		}
		return deadline.Sub(start)
	}

	root, cancelRoot := context.WithCancelCause(context.Background())
	minute, cancelMinute := context.WithTimeout(root, time.Minute)
	longer, cancelLonger := context.WithTimeout(minute, time.Hour)
	second, cancelSecond := context.WithTimeoutCause(longer, time.Second, errors.New("a second is over"))
	never := context.WithoutCancel(second)
	say(left(root), left(minute), left(longer), left(second), left(never))
	watch("second", second)
	time.Sleep(500 * time.Millisecond)
	watch("minute", minute)
	time.Sleep(time.Second)
	say("then", minute.Err(), second.Err(), never.Err())
	context.AfterFunc(longer, func() { say("after the minute:", longer.Err()) })
	stop := context.AfterFunc(second, func() { say("at once, for it has ended") })
	synctest.Wait()
	say("stop:", stop())
	wg.Wait()
	synctest.Wait()
	cancelSecond()
	cancelLonger()
	cancelMinute()
	say("root:", root.Err())

	at, cancelAt := context.WithDeadlineCause(root, start.Add(2*time.Minute), errors.New("it is two past"))
	watch("two past", at)
	wg.Wait()
	cancelAt()
	at, cancelAt = context.WithDeadline(root, start.Add(2*time.Minute))
	say("too late:", at.Err(), left(at))
	cancelAt()

	sooner, cancelSooner := context.WithTimeout(root, time.Minute)
	defer cancelSooner()
	stop = context.AfterFunc(sooner, func() { say("never printed") })
	time.AfterFunc(10*time.Second, func() {
		say("the root is cancelled")
		cancelRoot(errors.New("no more"))
	})
	watch("sooner", sooner)
	time.Sleep(9 * time.Second)
	say("stop:", stop(), stop())
	wg.Wait()

	// A wait on a Cond that ends with a context.
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	for i, patience := range []time.Duration{3 * time.Second, time.Second, 2 * time.Second} {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			defer context.AfterFunc(ctx, func() {
				mu.Lock()
				defer mu.Unlock()
				cond.Broadcast()
			})()
			mu.Lock()
			defer mu.Unlock()
			for ctx.Err() == nil {
				cond.Wait()
				say(i, "is woken:", ctx.Err())
			}
		})
	}
	wg.Wait()
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
