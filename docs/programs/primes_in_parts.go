package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

// Flushed at the end: no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func countPrimes(start, end int) int {
	count := 0
	for n := max(start, 2); n < end; n++ {
		d := 2
		for d*d <= n && n%d != 0 {
			d++
		}
		if d*d > n {
			count++
		}
	}
	return count
}

func main() {
	defer stdout.Flush()
	counts := make(chan int)
	var wg sync.WaitGroup

	part := func(start int) {
		counts <- countPrimes(start, start+100)
	}

	for start := 0; start < 400; start += 100 {
		wg.Go(func() { part(start) })
	}

	go func() {
		wg.Wait()
		close(counts)
	}()

	total := 0
	for count := range counts {
		total += count
		fmt.Fprintln(stdout, count, "primes,", total, "in all")
	}
}
