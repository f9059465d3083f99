//go:build ignore

// Readers and writers: a writer that waits keeps later readers out, and lets all of them in when it leaves.
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

var (
	rw sync.RWMutex
	wg sync.WaitGroup
)

func read(i int) {
	wg.Go(func() {
		say("reader", i, "asks")
		rw.RLock()
		say("reader", i, "is in")
		runtime.Gosched()
		say("reader", i, "leaves")
		rw.RUnlock()
		say("reader", i, "has left")
	})
}

func write(i int) {
	wg.Go(func() {
		say("writer", i, "asks")
		rw.Lock()
		say("writer", i, "is in")
		runtime.Gosched()
		say("writer", i, "leaves")
		rw.Unlock()
		say("writer", i, "has left")
	})
}

func try(when string) {
	r := rw.TryRLock()
	if r {
		rw.RUnlock()
	}
	w := rw.TryLock()
	if w {
		rw.Unlock()
	}
	say(when, "a reader may come in:", r, "a writer:", w)
}

func main() {
	defer out.Flush()
	try("at first")
	rw.RLock()
	try("beside a reader")
	rw.RLock()
	for i := range 3 {
		write(i)
		runtime.Gosched()
		read(2 * i)
		read(2*i + 1)
		runtime.Gosched()
	}
	try("while a writer waits")
	rw.RUnlock()
	say("one of two readers has left")
	runtime.Gosched()
	rw.RUnlock()
	say("both have left")
	wg.Wait()
	rw.Lock()
	try("beside a writer")
	for i := range 4 {
		read(10 + i)
	}
	write(10)
	runtime.Gosched()
	rw.Unlock()
	say("main has unlocked it")
	try("after that")
	wg.Wait()

	reading := rw.RLocker()
	cond := sync.NewCond(reading)
	told := false
	for i := range 3 {
		wg.Go(func() {
			reading.Lock()
			for !told {
				cond.Wait()
			}
			say("reader", i, "was told")
			reading.Unlock()
		})
	}
	runtime.Gosched()
	rw.Lock()
	told = true
	cond.Broadcast()
	say("the writer tells")
	rw.Unlock()
	wg.Wait()
}
