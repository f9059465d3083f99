//go:build ignore

// When main returns the others are left where they stand: their deferred calls don't run.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	defer fmt.Fprintln(out, "main's deferred call runs")
	var mu sync.Mutex
	never, unread := make(chan int), make(chan int)
	var missing chan int
	stuck := map[string]func(){
		"receiving":        func() { <-never },
		"sending":          func() { unread <- 1 },
		"in a nil channel": func() { <-missing },
		"selecting": func() {
			select {
			case <-never:
			case missing <- 1:
			}
		},
		"selecting from nothing": func() { select {} },
		"sleeping":               func() { time.Sleep(time.Hour) },
		"locking":                func() { mu.Lock() },
		"yielding": func() {
			for {
				runtime.Gosched()
			}
		},
	}
	mu.Lock()
	started := make(chan string)
	for _, name := range []string{
		"receiving", "sending", "in a nil channel", "selecting", "selecting from nothing", "sleeping", "locking",
		"yielding",
	} {
		go func() {
			defer fmt.Fprintln(out, name, "never ends")
			started <- name
			stuck[name]()
			fmt.Fprintln(out, "never printed")
		}()
		fmt.Fprintln(out, "left", <-started)
	}
	go fmt.Fprintln(out, "has no turn")
	fmt.Fprintln(out, "goroutines:", runtime.NumGoroutine())
}
