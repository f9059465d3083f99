package main

import "fmt"

// >
func work() {
	defer fmt.Println("cleaned up")
	fmt.Println("working")
}

// <

// Call at the end: a function that `go` or `run` starts may defer as it is, any other under `@defers`.
func end() {
	// >
	work()
	// <
}

// Defer a literal, and several calls: the last one first.
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

// Arguments are evaluated when it is deferred
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

// Close what was opened: a with statement says the same, for one block.
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

// Turn a panic into an error: a try statement does what the deferred call did.
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

// A fault of the runtime: a Panic with Go's words; Python's own faults keep their names.
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
