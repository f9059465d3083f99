package main

import "fmt"

func produce(out chan<- int) {
	for n := 1; n <= 5; n++ {
		out <- n
		fmt.Println("made", n)
	}
	close(out)
}

func main() {
	out := make(chan int, 2)
	go produce(out)
	for n := range out {
		fmt.Println("    used", n)
	}
}
