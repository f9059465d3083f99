//go:build ignore

// A deadlock that comes late: a WaitGroup that is added to once too often, and an empty select.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(3)
	for i := range 2 {
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(i+1) * 5 * time.Millisecond)
			fmt.Println("done", i)
		}()
	}
	go func() {
		select {}
	}()
	wg.Wait()
}
