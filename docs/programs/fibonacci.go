package main

import "fmt"

func fibonacci(limit int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		a, b := 0, 1
		for a <= limit {
			fmt.Println("  made", a)
			out <- a
			a, b = b, a+b
		}
	}()
	return out
}

func main() {
	for n := range fibonacci(5) {
		fmt.Println("took", n)
	}
}
