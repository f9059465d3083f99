package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type greeter struct{ name string }

func (g greeter) greet(whom string) {
	fmt.Println(g.name, "greets", whom)
}

func greet(whom string) { fmt.Println("hello,", whom) }

// Start a goroutine: the arguments are evaluated at once; the call runs later.
func start() {
	// >
	go greet("gopher")
	// <
	time.Sleep(time.Millisecond)
}

// Start a function literal: the decorator starts the function and binds the name to None, hence
// the underscore.
func literal() {
	// >
	go func() {
		fmt.Println("in a goroutine")
	}()
	// <
	time.Sleep(time.Millisecond)
}

// Start a function literal with an argument
func literalWithArgument() {
	// >
	for i := range 3 {
		go func(n int) {
			fmt.Println("worker", n)
		}(i)
	}
	// <
	time.Sleep(time.Millisecond)
}

// Start a method
func method() {
	// >
	g := greeter{"Ann"}
	go g.greet("Bob")
	// <
	time.Sleep(time.Millisecond)
}

// Wait for goroutines
func wait() {
	// >
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { fmt.Println("done", i) })
	}
	wg.Wait()
	// <
}

// Wait for goroutines, before Go 1.25
func addAndDone() {
	// >
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			fmt.Println("done", i)
		}()
	}
	wg.Wait()
	// <
}

// Get a result: a goroutine's return value is dropped, in both languages.
func result() {
	// >
	sum := make(chan int, 1)
	go func() { sum <- 1 + 2 }()
	fmt.Println(<-sum)
	// <
}

// Let other goroutines run
func yield() {
	// >
	go fmt.Println("first")
	runtime.Gosched()
	fmt.Println("second")
	// <
}

// End the current goroutine: its deferred calls run.
func goexit() {
	// >
	done := make(chan bool)
	go func() {
		defer close(done)
		runtime.Goexit()
		fmt.Println("never printed")
	}()
	<-done
	// <
	fmt.Println("it has ended")
}

func main() {
	start()
	literal()
	literalWithArgument()
	method()
	wait()
	addAndDone()
	result()
	yield()
	goexit()
}
