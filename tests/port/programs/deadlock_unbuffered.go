package main

import "fmt"

func sum(nums []int, out chan int) {
	total := 0
	for _, n := range nums {
		total += n
	}
	out <- total
}

func main() {
	ch := make(chan int)
	go sum([]int{1, 2, 3}, ch)
	fmt.Println(<-ch)
	defer fmt.Println("deferred calls don't run on a deadlock")
	ch <- 1 // nobody receives
	fmt.Println(<-ch)
}
