//go:build ignore

// When nobody can go on, the program ends; deferred calls don't run.
package main

import "fmt"

func main() {
	defer fmt.Println("main's deferred call")
	a, b := make(chan int), make(chan int)
	go func() {
		defer fmt.Println("the goroutine's deferred call")
		fmt.Println("the goroutine waits for a")
		b <- <-a
	}()
	fmt.Println("main waits for b")
	a <- <-b
}
