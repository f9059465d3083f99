// Sleeps and timers whose durations come from everywhere that a program may take one: each is a few
// milliseconds, which would be days if a number of nanoseconds were taken for one of seconds.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

type config struct {
	Pause time.Duration
	Steps []time.Duration
	Named map[string]time.Duration
	Last  [2]time.Duration
	Maybe *time.Duration
}

type pace time.Duration

func (p pace) once() { time.Sleep(time.Duration(p)) }

func total[T ~int64](xs ...T) T {
	var sum T
	for _, x := range xs {
		sum += x
	}
	return sum
}

func largest[T ~int64](x, y T) T { return max(x, y) }

func either(long bool) (d time.Duration) {
	if long {
		d += 2 * time.Millisecond
	}
	return
}

func await(d time.Duration) {
	ended := make(chan bool)
	time.AfterFunc(d, func() { close(ended) })
	<-ended
}

func all() []time.Duration {
	var c config
	text := `{"Pause": 2000000, "Steps": [1000000, 3000000], "Named": {"a": 1000000}, "Last": [5, 6], "Maybe": 7000}`
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		panic(err)
	}
	found := append([]time.Duration{c.Pause, c.Named["a"], c.Named["b"], c.Last[1], *c.Maybe}, c.Steps...)
	parsed, _ := time.ParseDuration("1.5ms")
	ch := make(chan time.Duration, 2)
	ch <- parsed
	close(ch)
	boxed := any(2 * time.Millisecond)
	var count atomic.Int64
	count.Add(900_000)
	found = append(found, <-ch, <-ch, boxed.(time.Duration), time.Duration(count.Load()))
	found = append(found, parsed/2, parsed%1000, parsed&^1, parsed|1, parsed>>1, parsed<<1, -(-parsed), +parsed)
	found = append(found, (-parsed).Abs(), parsed.Round(time.Millisecond), parsed.Truncate(time.Millisecond))
	found = append(found, total(c.Steps...), largest(parsed, c.Pause), min(parsed, c.Pause), either(true), either(false))
	found = append(found, time.Duration(1.5*float64(time.Millisecond)), time.Duration(len(found))*time.Microsecond, 1_000)
	found[0]++
	found[1] *= 2
	found[2] -= time.Millisecond
	return found
}

func main() {
	durations := all()
	fmt.Println(durations)
	start := time.Now()
	for _, d := range durations {
		time.Sleep(d)
	}
	took := time.Since(start)
	fmt.Println(took >= 36*time.Millisecond, took < time.Minute)

	for _, d := range durations {
		<-time.After(d)
		<-time.NewTimer(d).C
		await(d)
	}
	pace(3 * time.Millisecond).once()
	time.Sleep(rand.N(2 * time.Millisecond))
	time.Sleep(time.Duration(rand.IntN(1_000)))

	timer := time.AfterFunc(time.Hour, func() {})
	fmt.Printf("%T %v %v\n", timer, timer.Stop(), timer.Stop())
	fmt.Println(timer.Reset(durations[0]*1e6), timer.Stop(), timer.C == nil)
	timer = time.NewTimer(durations[0])
	fmt.Println(timer.Reset(time.Hour), timer.Reset(durations[1]))
	<-timer.C
	fmt.Println(timer.Stop())

	ticker := time.NewTicker(durations[0])
	<-ticker.C
	ticker.Reset(durations[1])
	<-ticker.C
	ticker.Stop()
	fmt.Printf("%T\n", ticker)

	ctx, cancel := context.WithTimeout(context.Background(), durations[1])
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	case <-time.After(durations[0] * 1e6):
		fmt.Println("late")
	}
	select {
	case <-time.After(durations[1]):
		fmt.Println("in time")
	case <-time.Tick(durations[0] * 1e6):
		fmt.Println("ticked")
	}
}
