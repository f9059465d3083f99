package main

import "fmt"

func countdown(start int) <-chan int {
	out := make(chan int)
	go func() {
		for n := start; n > 0; n-- {
			out <- n
		}
		close(out)
	}()
	return out
}

func main() {
	for n := range countdown(3) {
		fmt.Println(n)
	}
}
