package main

import (
	"fmt"
	"sync"
	"time"
)

func mustPositive(n int) int {
	if n < 0 {
		panic(fmt.Sprintf("negative number: %d", n))
	}
	return n
}

func main() {
	defer fmt.Println("main's defer does not run when another goroutine panics")
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		fmt.Println("got", mustPositive(3))
	}()
	wg.Wait()
	go func() {
		defer fmt.Println("the goroutine's own defer does run")
		mustPositive(-5)
	}()
	time.Sleep(100 * time.Millisecond)
	fmt.Println("unreachable")
}
