package main

import (
	"fmt"
	"sync"
)

// Interview question: two goroutines print 1..20, one the odd numbers and the other the even ones, in order.

func main() {
	const n = 20
	odd, even := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Add(2)

	go func() {
		defer wg.Done()
		for i := 1; i <= n; i += 2 {
			<-odd
			fmt.Printf("odd:  %2d\n", i)
			even <- struct{}{}
		}
	}()

	go func() {
		defer wg.Done()
		for i := 2; i <= n; i += 2 {
			<-even
			fmt.Printf("even: %2d\n", i)
			if i < n {
				odd <- struct{}{}
			}
		}
	}()

	odd <- struct{}{}
	wg.Wait()
	fmt.Println("done")
}
