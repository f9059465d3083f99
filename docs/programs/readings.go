package main

import "fmt"

func source(readings ...int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for _, celsius := range readings {
			out <- celsius
		}
	}()
	return out
}

func fahrenheit(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for celsius := range in {
			out <- celsius*9/5 + 32
		}
	}()
	return out
}

func above(limit int, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for degrees := range in {
			if degrees > limit {
				out <- degrees
			}
		}
	}()
	return out
}

func main() {
	readings := source(15, 30, 20, 35, 40)
	for degrees := range above(80, fahrenheit(readings)) {
		fmt.Println(degrees, "is too hot")
	}
}
