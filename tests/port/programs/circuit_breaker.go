package main

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

type State int

const (
	Closed State = iota
	Open
	HalfOpen
)

func (s State) String() string {
	return [...]string{"closed", "open", "half-open"}[s]
}

var ErrOpen = errors.New("circuit breaker is open")

type Breaker struct {
	mu        sync.Mutex
	state     State
	failures  int
	threshold int
	cooldown  time.Duration
	openedAt  time.Time
	onChange  func(from, to State)
}

func (b *Breaker) set(s State) {
	if b.state == s {
		return
	}
	if b.onChange != nil {
		b.onChange(b.state, s)
	}
	b.state = s
}

func (b *Breaker) Call(f func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == Open {
		if time.Since(b.openedAt) < b.cooldown {
			return ErrOpen
		}
		b.set(HalfOpen)
	}
	if err := f(); err != nil {
		b.failures++
		if b.state == HalfOpen || b.failures >= b.threshold {
			b.set(Open)
			b.openedAt = time.Now()
		}
		return err
	}
	b.failures = 0
	b.set(Closed)
	return nil
}

func main() {
	b := &Breaker{threshold: 2, cooldown: 15 * time.Millisecond}
	b.onChange = func(from, to State) { fmt.Printf("%v -> %v\n", from, to) }
	boom := errors.New("boom")
	bad := func() error { return boom }
	good := func() error { return nil }

	for i, f := range []func() error{good, bad, bad, good} {
		fmt.Println(i, b.Call(f), b.state)
	}
	time.Sleep(30 * time.Millisecond)
	fmt.Println("after cooldown:", b.Call(bad))
	fmt.Println("at once:", b.Call(good))
	time.Sleep(30 * time.Millisecond)
	fmt.Println("later:", b.Call(good), b.state)
	fmt.Printf("%d %v %s %q\n", b.state, b.state, b.state, b.state)
}
