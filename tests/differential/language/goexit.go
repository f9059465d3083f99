//go:build ignore

// Goexit ends one goroutine: its deferred calls run, the code behind doesn't, and recover sees nothing.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	done := make(chan string)
	go func() {
		defer func() { done <- "one" }()
		defer func() { fmt.Println("recover gives", recover()) }()
		func() {
			defer fmt.Println("the inner function's deferred call")
			runtime.Goexit()
		}()
		fmt.Println("never printed")
	}()
	fmt.Println("ended:", <-done)
	go func() {
		defer func() { done <- "two" }()
		defer func() { fmt.Println("recovered", recover()) }()
		defer panic("on top of Goexit")
		runtime.Goexit()
	}()
	fmt.Println("ended:", <-done)
	go func() {
		defer func() { done <- "three" }()
		defer runtime.Goexit()
		panic("below Goexit")
	}()
	fmt.Println("ended:", <-done)
	go func() {
		defer func() { done <- "four" }()
		func() {
			defer func() { fmt.Println("recovered further out", recover()) }()
			func() {
				func() {
					defer panic("on top of Goexit, further in")
					runtime.Goexit()
				}()
				fmt.Println("never printed")
			}()
			fmt.Println("never printed")
		}()
		fmt.Println("never printed")
	}()
	fmt.Println("ended:", <-done)
	go func() {
		fmt.Println("the last goroutine")
	}()
	defer fmt.Println("main's deferred call")
	runtime.Goexit()
}
