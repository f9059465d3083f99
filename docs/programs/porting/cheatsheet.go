package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

func f(n int) { fmt.Println("f", n) }

// Goroutines
func goroutines() {
	// >
	go f(1)
	go func() {
		f(2)
	}()
	var wg sync.WaitGroup
	wg.Go(func() { f(3) })
	wg.Wait()
	runtime.Gosched()
	// <
}

// Channels
func channels() {
	// >
	ch := make(chan int)
	buf := make(chan int, 8)
	buf <- 1
	v := <-buf
	var dst chan<- int = buf
	dst <- 2
	var src <-chan int = buf
	v, ok := <-src
	n, size := len(buf), cap(buf)
	close(buf)
	for v := range buf {
		fmt.Println(v)
	}
	var none chan int
	// <
	fmt.Println(v, ok, n, size, len(ch), none)
}

// Select
func selects() {
	a, b := make(chan int), make(chan int, 1)
	// >
	select {
	case v, ok := <-a:
		fmt.Println("received", v, ok)
	case b <- 1:
		fmt.Println("sent")
	case <-time.After(time.Minute):
		fmt.Println("timeout")
	}
	// <
}

// Don't block
func notBlocking() {
	a := make(chan int)
	// >
	select {
	case v := <-a:
		fmt.Println("received", v)
	default:
		fmt.Println("nothing yet")
	}
	// <
}

// A closed channel in a select
func closed() {
	a := make(chan int)
	close(a)
	// >
	for a != nil {
		select {
		case v, ok := <-a:
			if ok {
				fmt.Println(v)
			} else {
				a = nil // disabled
			}
		}
	}
	// <
}

// >
func deferring() {
	defer fmt.Println("end")
	defer func() {
		r := recover()
		fmt.Println("recovered", r)
	}()
	panic("broken")
}

// <

// Defer, panic, recover
func deferred() {
	// >
	deferring()
	// <
}

// >
func half(n int) (int, error) {
	if n%2 == 1 {
		return 0, errors.New("odd")
	}
	return n / 2, nil
}

// <

// Errors
func failures() {
	// >
	n, err := half(3)
	if err != nil {
		fmt.Println("error:", err)
	}
	// <
	_ = n
}

// Errors of goroutines
func groups() {
	ctx := context.Background()
	f := func() error { return nil }
	// >
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	g.Go(f)
	err := g.Wait()
	// <
	fmt.Println(err, ctx.Err())
}

// Locks
func locks() {
	n := 0
	// >
	var mu sync.Mutex
	mu.Lock()
	n++
	mu.Unlock()
	var rw sync.RWMutex
	rw.RLock()
	fmt.Println(n)
	rw.RUnlock()
	var once sync.Once
	once.Do(func() { f(4) })
	var hits atomic.Int64
	hits.Add(1)
	fmt.Println(hits.Load())
	// <
}

// Time
func times() {
	f := func() {}
	// >
	d := 5 * time.Millisecond
	time.Sleep(d)
	start := time.Now()
	<-time.After(d)
	late := time.Since(start) >= d
	timer := time.AfterFunc(d, f)
	timer.Stop()
	ticker := time.NewTicker(d)
	<-ticker.C
	ticker.Stop()
	// <
	fmt.Println(late)
}

// Context
func contexts() {
	d := time.Minute
	type keyType struct{}
	key := keyType{}
	// >
	p := context.Background()
	c, stop := context.WithTimeout(p, d)
	fmt.Println(c.Err())
	stop()
	c, cancel := context.WithCancel(p)
	cancel()
	<-c.Done()
	fmt.Println(c.Err())
	c = context.WithValue(p, key, 1)
	fmt.Println(c.Value(key))
	// <
}

// Network, signals
func network() {
	addr := "127.0.0.1:0"
	// >
	ln, err := net.Listen("tcp", addr)
	addr = ln.Addr().String()
	conn, err := net.Dial("tcp", addr)
	peer, err := ln.Accept()
	conn.Write([]byte("hello"))
	data := make([]byte, 100)
	n, err := peer.Read(data)
	conn.Close()

	sig := make(chan os.Signal, 1)
	signal.Notify(sig, os.Interrupt)
	// <
	fmt.Println(string(data[:n]), err)
	peer.Close()
	ln.Close()
}

func main() {
	goroutines()
	channels()
	selects()
	notBlocking()
	closed()
	deferred()
	failures()
	groups()
	locks()
	times()
	contexts()
	network()
}
