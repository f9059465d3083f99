package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	bridge := make(chan struct{}, 2)
	var wg sync.WaitGroup
	for lorry := range 5 {
		wg.Go(func() {
			bridge <- struct{}{}
			defer func() { <-bridge }()
			fmt.Println("lorry", lorry, "drives on,", len(bridge), "on the bridge")
			runtime.Gosched() // on its way; the others have a turn
			fmt.Println("lorry", lorry, "drives off")
		})
	}
	wg.Wait()
}
