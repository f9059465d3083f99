//go:build ignore

// When the counter is zero all who wait are woken: in what order they run, and beside whom.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	var work, waiters sync.WaitGroup
	work.Add(3)
	for i := range 5 {
		waiters.Go(func() {
			fmt.Fprintln(out, "waiter", i, "waits")
			work.Wait()
			fmt.Fprintln(out, "waiter", i, "goes on")
		})
	}
	runtime.Gosched()
	for i := range 3 {
		waiters.Go(func() {
			fmt.Fprintln(out, "worker", i, "works")
			runtime.Gosched()
			work.Done()
			fmt.Fprintln(out, "worker", i, "is done")
		})
	}
	waiters.Wait()
	fmt.Fprintln(out, "all are done")

	work.Add(2)
	work.Add(-1)
	go func() {
		fmt.Fprintln(out, "used again")
		work.Done()
	}()
	work.Wait()
	work.Wait()
	defer func() { fmt.Fprintln(out, "panics:", recover()) }()
	work.Done()
}
