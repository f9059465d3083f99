package main

import "fmt"

func produce(out chan<- int) {
	out <- 1
	out <- 2
	close(out) // by the only sender
}

func main() {
	out := make(chan int)
	go produce(out)
	for n := range out {
		fmt.Println(n)
	}
	fmt.Println("received after the close:", <-out)
	defer func() {
		fmt.Println("panic:", recover())
	}()
	out <- 3
}
