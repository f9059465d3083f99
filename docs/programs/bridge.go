package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

// Written out at the end: a slow write in between would cost a goroutine its turn.
var stdout = bufio.NewWriter(os.Stdout)

func main() {
	defer stdout.Flush()
	bridge := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for lorry := range 5 {
		wg.Go(func() {
			bridge <- struct{}{}
			defer func() { <-bridge }()
			fmt.Fprintln(stdout, "lorry", lorry, "drives on,", len(bridge), "on the bridge")
			runtime.Gosched() // on its way; the others run
			fmt.Fprintln(stdout, "lorry", lorry, "drives off")
		})
	}
	wg.Wait()
}
