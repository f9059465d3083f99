//go:build ignore

// recover stops the panic that its deferred call is run by, and no other; a second panic takes over.
package main

import (
	"errors"
	"fmt"
)

func try(name string, f func()) {
	defer func() {
		fmt.Println(name, "ends with", recover())
	}()
	f()
	fmt.Println(name, "returns")
}

func helper() any { return recover() }

func main() {
	fmt.Println("without a panic:", recover())

	try("nothing", func() {})
	try("a number", func() { panic(42) })
	try("an error", func() { panic(errors.New("no such file")) })

	try("replaced", func() {
		defer func() { panic("second") }()
		panic("first")
	})

	try("recovered before", func() {
		defer func() { fmt.Println("this one gets", recover()) }()
		defer func() { fmt.Println("and this one", recover()) }()
		panic("once")
	})

	try("recovered, then a new one", func() {
		defer func() {
			fmt.Println("saw", recover())
			panic("new")
		}()
		panic("old")
	})

	try("recovered in a helper", func() {
		defer func() { fmt.Println("the helper gets", helper()) }()
		panic("too deep")
	})

	try("helper deferred itself", func() {
		defer helper()
		panic("just right")
	})

	try("through three functions", func() {
		func() {
			defer fmt.Println("unwinding the inner")
			func() {
				defer fmt.Println("unwinding the innermost")
				panic("deep")
			}()
		}()
	})

	try("a panic inside, recovered there", func() {
		defer func() {
			try("inside", func() { panic("while panicking") })
			fmt.Println("the first is still there:", recover())
		}()
		panic("first")
	})

	try("closed channel", func() {
		c := make(chan int)
		close(c)
		c <- 1
	})
	try("closed twice", func() {
		c := make(chan int)
		close(c)
		close(c)
	})
	try("closed nil", func() {
		var c chan int
		close(c)
	})
}
