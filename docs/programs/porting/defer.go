package main

import "fmt"

// >
func work() {
	defer fmt.Println("cleaned up")
	fmt.Println("working")
}

// <

// Defer a call: a function that `go` or `run` starts can use `defer`; any other needs `@defers`.
func end() {
	// >
	work()
	// <
}

// Defer a function literal, and several calls: the last deferred call runs first.
func order() {
	// >
	defer func() {
		fmt.Println("last")
	}()
	for i := range 3 {
		defer fmt.Println(i)
	}
	// <
}

// Arguments are evaluated when the call is deferred
func evaluated() {
	// >
	n := 1
	defer fmt.Println("deferred", n)
	n = 2
	fmt.Println("now", n)
	// <
}

type file struct{}

func open() file { fmt.Println("opened"); return file{} }

func (file) close() { fmt.Println("closed") }

// Close a resource: in Python, a with statement does it at the end of the block.
func closing() {
	// >
	f := open()
	defer f.close()
	fmt.Println("reading")
	// <
}

// Panic and recover
func recovering() {
	// >
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered:", r)
		}
	}()
	panic("no such job")
	// <
}

// >
func divide(x, y int) (q int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("caught: %v", r)
		}
	}()
	return x / y, nil
}

// <

// Turn a panic into an error: in Python, a try statement does it.
func panicToError() {
	// >
	_, err := divide(1, 0)
	fmt.Println(err != nil)
	// <
}

// Panic with a value
func value() {
	defer func() {
		// >
		code, ok := recover().(int)
		// <
		fmt.Println(code, ok)
	}()
	// >
	panic(42)
	// <
}

// Panic again
func again() {
	defer func() { fmt.Println("outer:", recover()) }()
	func() {
		// >
		defer func() {
			r := recover()
			panic(fmt.Sprint("again: ", r))
		}()
		panic("first")
		// <
	}()
}

// A runtime error: gochan raises a Panic with Go's message; Python's own exceptions keep their
// types.
func fault() {
	defer func() { fmt.Println(recover()) }()
	// >
	ch := make(chan int)
	close(ch)
	close(ch)
	// <
}

func main() {
	end()
	order()
	evaluated()
	closing()
	recovering()
	panicToError()
	value()
	again()
	fault()
}
