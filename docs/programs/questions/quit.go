package main

import (
	"fmt"
	"sync"
)

func count(out chan<- int, quit <-chan struct{}) {
	for n := 1; ; n++ {
		select {
		case out <- n:
		case <-quit:
			fmt.Println("cleaning up")
			return
		}
	}
}

func main() {
	out, quit := make(chan int), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { count(out, quit) })
	fmt.Println(<-out)
	fmt.Println(<-out)
	close(quit)
	wg.Wait()
}
