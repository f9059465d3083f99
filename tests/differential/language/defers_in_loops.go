//go:build ignore

// Deferred calls in loops: all of them wait for the function's end, unless each turn is a function.
package main

import "fmt"

type resource struct {
	name string
	open bool
}

var held int

func open(name string) *resource {
	held++
	fmt.Println("open", name, "held", held)
	return &resource{name, true}
}

func (r *resource) close() {
	held--
	r.open = false
	fmt.Println("close", r.name, "held", held)
}

func all(names []string) {
	for i, name := range names {
		r := open(name)
		defer r.close()
		if i%2 == 0 {
			defer func() { fmt.Println("turn", i, "of", name, "held", held) }()
		}
	}
	fmt.Println("all are open")
}

func each(names []string) {
	for _, name := range names {
		func() {
			r := open(name)
			defer r.close()
			fmt.Println("use", r.name, r.open)
		}()
	}
	fmt.Println("all have been used")
}

func failing(names []string) (done int) {
	defer func() { fmt.Println("recovered", recover(), "after", done) }()
	for _, name := range names {
		func() {
			defer func() { done++ }()
			r := open(name)
			defer r.close()
			if name == "c" {
				panic("c is broken")
			}
		}()
	}
	return
}

func countdown(n int) {
	if n == 0 {
		fmt.Println("zero")
		return
	}
	defer countdown(n - 1)
	fmt.Println("counting", n)
}

func main() {
	names := []string{"a", "b", "c", "d"}
	all(names)
	each(names)
	failing(names)
	countdown(4)
	total := 0
	func() {
		for i := range 5 {
			defer func(n int) {
				total = 10*total + n
			}(i)
		}
	}()
	fmt.Println("total", total)
}
