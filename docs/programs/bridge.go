package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

// Flushed at the end: no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func main() {
	defer stdout.Flush()
	bridge := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for truck := range 5 {
		wg.Go(func() {
			bridge <- struct{}{}
			defer func() { <-bridge }()
			fmt.Fprintln(stdout, "truck", truck,
				"enters,", len(bridge), "on the bridge")
			runtime.Gosched() // other goroutines run
			fmt.Fprintln(stdout, "truck", truck, "leaves")
		})
	}
	wg.Wait()
}
