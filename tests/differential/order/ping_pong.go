//go:build ignore

// Pairs that hand a ball to and fro: a pair in run-next goes on until it is done, one after the other.
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
	var wg sync.WaitGroup
	for pair := range 3 {
		there, back := make(chan int), make(chan int)
		wg.Add(2)
		go func() {
			defer wg.Done()
			for ball := range there {
				fmt.Fprintln(out, "pair", pair, "pong", ball)
				back <- ball + 1
			}
			close(back)
		}()
		go func() {
			defer wg.Done()
			there <- 0
			for ball := range back {
				fmt.Fprintln(out, "pair", pair, "ping", ball)
				if ball == 8 {
					close(there)
					continue
				}
				there <- ball
			}
		}()
	}
	wg.Wait()
}
