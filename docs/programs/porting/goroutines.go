package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type greeter struct{ name string }

func (g greeter) greet(whom string) { fmt.Println(g.name, "greets", whom) }

func greet(whom string) { fmt.Println("hello,", whom) }

// Start a goroutine: the arguments are evaluated now, the call runs when its turn comes.
func start() {
	// >
	go greet("gopher")
	// <
	time.Sleep(time.Millisecond)
}

// Start a function literal: the decorator calls it; the name is of no use, hence the underscore.
func literal() {
	// >
	go func() {
		fmt.Println("in a goroutine")
	}()
	// <
	time.Sleep(time.Millisecond)
}

// Start a literal with an argument
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

// Get a result: what a goroutine's function returns goes nowhere, in both languages.
func result() {
	// >
	sum := make(chan int, 1)
	go func() { sum <- 1 + 2 }()
	fmt.Println(<-sum)
	// <
}

// Let the others run
func yield() {
	// >
	go fmt.Println("first")
	runtime.Gosched()
	fmt.Println("second")
	// <
}

// End the goroutine: its deferred calls run.
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
