//go:build ignore

// Several goroutines range over one channel, several send into it: who gets what.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func main() {
	defer out.Flush()
	for _, capacity := range []int{0, 1, 4, 50} {
		fmt.Fprintln(out, "capacity", capacity)
		items := make(chan string, capacity)
		var producers, consumers sync.WaitGroup
		for c := range 3 {
			consumers.Add(1)
			go func() {
				defer consumers.Done()
				n := 0
				for item := range items {
					fmt.Fprintln(out, "consumer", c, "takes", item)
					n++
				}
				fmt.Fprintln(out, "consumer", c, "had", n)
			}()
		}
		for p := range 4 {
			producers.Add(1)
			go func() {
				defer producers.Done()
				for i := range 6 {
					items <- fmt.Sprintf("%d.%d", p, i)
					fmt.Fprintln(out, "producer", p, "sent", i)
				}
			}()
		}
		producers.Wait()
		close(items)
		consumers.Wait()
	}
}
