//go:build ignore

// A limiter of events: what is granted and when, to the nanosecond; then those who wait, on a virtual clock.
//
// Go's own sources have no golang.org/x/time/rate, so a bucket after its rules is written out here.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

var state = 11

func draw(n int) int {
	state = state * 16807 % 2147483647
	return state / 7 % n
}

// A bucket's tokens are those of the moment `last`; moments are times since a start.
type bucket struct {
	limit  float64
	burst  int
	tokens float64
	last   time.Duration
	newest time.Duration
}

type grant struct {
	of    *bucket
	n     int
	at    time.Duration
	limit float64
}

const (
	longest = time.Duration(math.MaxInt64)
	inf     = math.MaxFloat64
)

func newBucket(limit float64, burst int) *bucket {
	return &bucket{limit: limit, burst: burst, tokens: float64(burst)}
}

func tokensIn(limit float64, d time.Duration) float64 {
	if limit <= 0 {
		return 0
	}
	return d.Seconds() * limit
}

func timeFor(limit, tokens float64) time.Duration {
	if limit <= 0 {
		return longest
	}
	return time.Duration(tokens / limit * float64(time.Second))
}

func (b *bucket) at(t time.Duration) float64 {
	return min(b.tokens+tokensIn(b.limit, max(0, t-b.last)), float64(b.burst))
}

func (b *bucket) reserve(t time.Duration, n int, patience time.Duration) *grant {
	if b.limit == inf {
		return &grant{b, n, t, b.limit}
	}
	tokens := b.at(t) - float64(n)
	wait := time.Duration(0)
	if tokens < 0 {
		wait = timeFor(b.limit, -tokens)
	}
	if n > b.burst || wait > patience {
		return nil
	}
	b.tokens, b.last, b.newest = tokens, t, t+wait
	return &grant{b, n, t + wait, b.limit}
}

func (b *bucket) allow(t time.Duration, n int) bool { return b.reserve(t, n, 0) != nil }

func (b *bucket) setLimit(t time.Duration, limit float64) {
	b.tokens, b.last, b.limit = b.at(t), t, limit
}

func (b *bucket) setBurst(t time.Duration, burst int) {
	b.tokens, b.last, b.burst = b.at(t), t, burst
}

func (g *grant) cancel(t time.Duration) {
	b := g.of
	if b.limit == inf || g.n == 0 || g.at < t {
		return
	}
	// What was granted after it stays granted.
	back := float64(g.n) - tokensIn(g.limit, b.newest-g.at)
	if back <= 0 {
		return
	}
	b.tokens, b.last = min(b.at(t)+back, float64(b.burst)), t
	if g.at == b.newest {
		if before := g.at + timeFor(g.limit, float64(-g.n)); before >= t {
			b.newest = before
		}
	}
}

func (b *bucket) wait(ctx context.Context, start time.Time, n int) error {
	if n > b.burst && b.limit != inf {
		return fmt.Errorf("rate: Wait(n=%d) exceeds limiter's burst %d", n, b.burst)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	patience := longest
	if deadline, limited := ctx.Deadline(); limited {
		patience = time.Until(deadline)
	}
	now := time.Since(start)
	g := b.reserve(now, n, patience)
	if g == nil {
		return fmt.Errorf("rate: Wait(n=%d) would exceed context deadline", n)
	}
	if g.at <= now {
		return nil
	}
	timer := time.NewTimer(g.at - now)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		g.cancel(time.Since(start))
		return ctx.Err()
	}
}

func arithmetic(limit float64, burst int) {
	if limit == inf {
		fmt.Fprintln(out, "no limit, burst", burst)
	} else {
		fmt.Fprintf(out, "limit %.2f, burst %d\n", limit, burst)
	}
	b := newBucket(limit, burst)
	now := time.Duration(0)
	var grants []*grant
	for range 60 {
		now += time.Duration(draw(400)) * time.Millisecond / time.Duration(1+draw(4)*9)
		now -= now % time.Microsecond
		n := draw(burst + 2)
		switch what := draw(10); {
		case what < 3:
			fmt.Fprintln(out, now, "allow", n, b.allow(now, n))
		case what < 7:
			g := b.reserve(now, n, longest)
			if g == nil {
				fmt.Fprintln(out, now, "reserve", n, "refused")
				break
			}
			fmt.Fprintln(out, now, "reserve", n, "in", max(0, g.at-now))
			grants = append(grants, g)
		case what < 9 && len(grants) > 0:
			i := draw(len(grants))
			grants[i].cancel(now)
			fmt.Fprintf(out, "%v cancel grant %d %.6f\n", now, i, b.at(now))
		case draw(2) == 0:
			b.setLimit(now, float64(1+draw(40))/4)
			fmt.Fprintf(out, "%v limit %.2f\n", now, b.limit)
		default:
			b.setBurst(now, 1+draw(6))
			fmt.Fprintln(out, now, "burst", b.burst)
		}
		fmt.Fprintf(out, "tokens %.6f\n", b.at(now))
	}
}

func bubble(*testing.T) {
	start := time.Now()
	say := func(words ...any) { fmt.Fprintln(out, append([]any{time.Since(start)}, words...)...) }
	b := newBucket(4, 2)
	bg := context.Background()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			err := b.wait(bg, start, 1+i%2)
			say("request", i, "for", 1+i%2, "ends with", err)
		})
	}
	wg.Wait()
	say("too much:", b.wait(bg, start, 3))
	hasty, cancelHasty := context.WithTimeout(bg, 100*time.Millisecond)
	defer cancelHasty()
	say("too soon:", b.wait(hasty, start, 1))
	left, leave := context.WithCancelCause(bg)
	wg.Go(func() { say("left:", b.wait(left, start, 2)) })
	time.Sleep(300 * time.Millisecond)
	leave(errors.New("no time"))
	wg.Wait()
	say("at once:", b.wait(bg, start, 1))
	say("ended before:", b.wait(left, start, 1))
	for i := range 3 {
		say("event", i, b.wait(bg, start, 1))
	}
	b.setLimit(time.Since(start), inf)
	say("no limit:", b.wait(bg, start, 100), b.allow(time.Since(start), 100))
}

func main() {
	for _, of := range []struct {
		limit float64
		burst int
	}{{10, 1}, {2.5, 4}, {0.75, 3}, {0.01, 2}, {100, 5}, {inf, 1}, {3, 0}} {
		arithmetic(of.limit, of.burst)
	}
	testing.Main(
		func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "bubble", F: func(t *testing.T) {
			synctest.Test(t, bubble)
			out.Flush()
			os.Exit(0)
		}}}, nil, nil)
}
