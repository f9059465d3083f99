package main

import (
	"fmt"
	"sync"
)

func add(part []int, sums chan<- int) {
	sum := 0
	for _, n := range part {
		sum += n
	}
	sums <- sum
}

func main() {
	numbers := []int{3, 1, 4, 1, 5, 9}
	sums := make(chan int)
	var wg sync.WaitGroup
	for i := 0; i < len(numbers); i += 2 {
		wg.Go(func() { add(numbers[i:i+2], sums) })
	}
	go func() {
		wg.Wait()
		close(sums)
	}()
	total := 0
	for s := range sums {
		total += s
	}
	fmt.Println("total", total)
}
