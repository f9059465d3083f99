package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

// Flushed at the end, so that no write changes the order.
var stdout = bufio.NewWriter(os.Stdout)

func main() {
	defer stdout.Flush()
	bridge := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for truck := range 5 {
		wg.Go(func() {
			bridge <- struct{}{}
			defer func() { <-bridge }()
			fmt.Fprintln(stdout, "truck", truck, "drives on,", len(bridge), "on the bridge")
			runtime.Gosched() // crossing; other goroutines run
			fmt.Fprintln(stdout, "truck", truck, "drives off")
		})
	}
	wg.Wait()
}
