//go:build ignore

// A panic that nobody recovers ends the program; main's own deferred calls don't run.
package main

import "fmt"

func main() {
	defer fmt.Println("main's deferred call")
	never := make(chan int)
	go func() {
		defer fmt.Println("the goroutine's deferred call")
		fmt.Println("the goroutine panics")
		panic("nobody catches this")
	}()
	fmt.Println("main waits")
	<-never
}
