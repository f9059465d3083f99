//go:build ignore

// Selects that wait stand in the queues of all their channels, among the plain receivers and senders.
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
	a, b, c := make(chan int), make(chan string), make(chan int)
	var wg sync.WaitGroup
	for i := range 9 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i%3 == 0 {
				v, ok := <-a
				fmt.Fprintln(out, i, "receives from a", v, ok)
				return
			}
			select {
			case v, ok := <-a:
				fmt.Fprintln(out, i, "selects a", v, ok)
			case v, ok := <-b:
				fmt.Fprintln(out, i, "selects b", v, ok)
			case c <- i:
				fmt.Fprintln(out, i, "selects the send")
			}
		}()
	}
	runtime.Gosched()
	b <- "one"
	fmt.Fprintln(out, "sent into b")
	a <- 2
	fmt.Fprintln(out, "sent into a")
	fmt.Fprintln(out, "received from c", <-c)
	a <- 3
	fmt.Fprintln(out, "sent into a")
	fmt.Fprintln(out, "received from c", <-c)
	close(b)
	fmt.Fprintln(out, "closed b")
	close(a)
	fmt.Fprintln(out, "closed a")
	wg.Wait()
}
